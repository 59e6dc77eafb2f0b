//! An edition of an instrument as an XLSForm, so that teams on KoboToolbox or ODK can fill it (xlsform.org; the contract
//! is judged by pyxform in the tests).

use std::io::Write;

use kernel::kinds::{Choice, Multi};
use kernel::{Error, Lang, Result, Words};
use sheet::{Out, WriteError, XlsxStyle, XlsxWriter};

use crate::assessment::Evidence;
use crate::instrument::Edition;

/// Languages of the form, as XLSForm names its columns.
const LANGUAGES: [(Lang, &str); 3] =
    [(Lang::Fr, "Français (fr)"), (Lang::Ar, "العربية (ar)"), (Lang::En, "English (en)")];

fn columns(before: &[&str], translated: &[&str], after: &[&str]) -> Vec<String> {
    let translated =
        translated.iter().flat_map(|name| LANGUAGES.iter().map(move |(_, lang)| format!("{name}::{lang}")));
    before
        .iter()
        .map(|name| (*name).to_owned())
        .chain(translated)
        .chain(after.iter().map(|name| (*name).to_owned()))
        .collect()
}

/// A text in each language of the form.
fn texts(text: &Multi) -> [String; 3] {
    LANGUAGES.map(|(lang, _)| text.best(lang).to_owned())
}

/// A word of the interface in each language of the form.
fn words(w: Words, key: &str) -> [String; 3] {
    LANGUAGES.map(|(lang, _)| w.speak(lang).t(key).into_owned())
}

struct Form<W: Write + Send> {
    out: XlsxWriter<W>,
}

impl<W: Write + Send> Form<W> {
    fn row(&mut self, cells: &[&str]) -> Result<()> {
        let cells: Vec<Out<'_>> =
            cells.iter().map(|text| if text.is_empty() { Out::Empty } else { Out::Text(text) }).collect();
        self.out.row(&cells).map_err(wrong)
    }

    /// A line of the sheet `survey`.
    fn ask(
        &mut self,
        kind: &str,
        name: &str,
        label: &[String; 3],
        hint: &[String; 3],
        rules: [&str; 3],
    ) -> Result<()> {
        let [a, b, c] = label;
        let [d, e, f] = hint;
        let [required, relevant, appearance] = rules;
        // A photograph leaves the telephone of a village in a size that its network carries.
        let parameters = if kind == "image" { "max-pixels=1600" } else { "" };
        self.row(&[kind, name, a, b, c, d, e, f, required, relevant, appearance, parameters])
    }

    /// A line of the sheet `choices`.
    fn offer(&mut self, list: &str, name: &str, label: &[String; 3]) -> Result<()> {
        let [a, b, c] = label;
        self.row(&[list, name, a, b, c])
    }
}

fn wrong(error: WriteError) -> Error {
    Error::internal(format!("XLSForm: {error}"))
}

/// A name that XML allows.
fn name(code: &str) -> String {
    let plain: String = code.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("i_{plain}") }
}

/// Writes the form. `w` may speak any language: the form carries all three.
pub(crate) fn write<W: Write + Send>(out: W, w: Words, edition: &Edition) -> Result<()> {
    let header =
        columns(&["type", "name"], &["label", "hint"], &["required", "relevant", "appearance", "parameters"]);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let style = XlsxStyle { sheet: "survey", right_to_left: false, sheet_rows: None };
    let mut form = Form { out: XlsxWriter::new(out, style, &header).map_err(wrong)? };
    let none = || [const { String::new() }; 3];
    form.ask("today", "held", &none(), &none(), ["", "", ""])?;
    form.ask("text", "cooperative", &words(w, "xlsform.cooperative"), &none(), ["yes", "", ""])?;
    form.ask("text", "register_number", &words(w, "xlsform.register_number"), &none(), ["", "", ""])?;
    for dimension in &edition.dimensions {
        let group = format!("dimension_{}", name(&dimension.code));
        form.ask("begin_group", &group, &texts(&dimension.name), &none(), ["", "", "field-list"])?;
        for item in edition.items.iter().filter(|item| item.dimension.id == dimension.id) {
            let code = name(&item.code);
            let hint = item.ask.as_ref().map_or_else(none, texts);
            let label = texts(&item.topic).map(|topic| format!("{} · {topic}", item.code));
            form.ask(&format!("select_one {code}_levels"), &code, &label, &hint, ["yes", "", ""])?;
            let (evidence, file) = (format!("{code}_evidence"), format!("{code}_file"));
            form.ask(
                "select_one evidence",
                &evidence,
                &words(w, "answer.evidence"),
                &none(),
                ["yes", "", "minimal"],
            )?;
            let attached = format!("${{{evidence}}} = 'attached'");
            form.ask("image", &file, &words(w, "answer.file"), &none(), ["", &attached, ""])?;
            form.ask("text", &format!("{code}_note"), &words(w, "answer.note"), &none(), ["", "", ""])?;
        }
        form.ask("end_group", "", &none(), &none(), ["", "", ""])?;
    }
    let header = columns(&["list_name", "name"], &["label"], &[]);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    form.out.sheet("choices", &header).map_err(wrong)?;
    for code in Evidence::CODES {
        form.offer("evidence", code, &words(w, &format!("{}.{code}", Evidence::WORDS)))?;
    }
    for item in &edition.items {
        let list = format!("{}_levels", name(&item.code));
        for (level, sentence) in item.levels().into_iter().enumerate() {
            form.offer(&list, &level.to_string(), &texts(sentence))?;
        }
        if item.optional {
            form.offer(&list, "na", &words(w, "answer.na"))?;
        }
    }
    form.out.sheet("settings", &["form_title", "form_id", "version", "default_language"]).map_err(wrong)?;
    let (title, id) = (edition.instrument.name.best(Lang::Fr), name(&edition.instrument.code));
    form.row(&[title, &id, &edition.instrument.edition.to_string(), LANGUAGES[0].1])?;
    form.out.finish().map_err(wrong)?;
    Ok(())
}
