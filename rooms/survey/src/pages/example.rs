//! `/surveys/example`: a questionnaire to begin with, as a spreadsheet in three languages.

use kernel::{Ctx, Error, Lang, Reply, Result, Words};
use sheet::{Out, WriteError, XlsxStyle, XlsxWriter};

/// Languages of the example, as XLSForm names its columns.
const LANGUAGES: [(Lang, &str); 3] =
    [(Lang::Fr, "Français (fr)"), (Lang::Ar, "العربية (ar)"), (Lang::En, "English (en)")];

/// Columns of the sheet `survey` after the texts.
const RULES: [&str; 9] = [
    "required",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default",
    "appearance",
    "parameters",
];

/// A row: type, name, word of its label, rules by their column.
type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const SURVEY: &[Row] = &[
    ("start", "start", "", &[]),
    ("end", "end", "", &[]),
    ("today", "today", "", &[]),
    ("deviceid", "deviceid", "", &[]),
    (
        "select_one_from_file cooperatives.csv",
        "cooperative",
        "cooperative",
        &[("required", "yes"), ("appearance", "autocomplete")],
    ),
    ("geopoint", "place", "place", &[]),
    ("begin_group", "sales", "sales", &[("appearance", "field-list")]),
    ("select_multiple products", "products", "products", &[("required", "yes")]),
    ("select_one family", "family", "family", &[]),
    (
        "select_one channel",
        "channel",
        "channel",
        &[("relevant", "${family} != ''"), ("choice_filter", "family = ${family}")],
    ),
    ("decimal", "amount", "amount", &[("required", "yes"), ("constraint", ". >= 0")]),
    ("end_group", "", "", &[]),
    ("integer", "buyers", "buyers", &[("required", "yes"), ("constraint", ". >= 0 and . <= 10")]),
    ("begin_repeat", "buyer", "buyer", &[("repeat_count", "${buyers}")]),
    ("text", "name", "name", &[]),
    ("integer", "orders", "orders", &[("constraint", ". >= 0"), ("default", "1")]),
    ("end_repeat", "", "", &[]),
    ("calculate", "orders_total", "", &[("calculation", "sum(${orders})")]),
    ("select_one hard", "hard", "hard", &[]),
    ("image", "photo", "photo", &[("parameters", "max-pixels=1600")]),
    ("text", "remarks", "remarks", &[("appearance", "multiline")]),
];

/// A choice: list, name, what it is filtered by.
const CHOICES: &[(&str, &str, &str)] = &[
    ("products", "carpets", ""),
    ("products", "saffron", ""),
    ("products", "dates", ""),
    ("products", "cosmetics", ""),
    ("family", "direct", ""),
    ("family", "shops", ""),
    ("channel", "souk", "direct"),
    ("channel", "fair", "direct"),
    ("channel", "grocer", "shops"),
    ("channel", "hotel", "shops"),
    ("hard", "packing", ""),
    ("hard", "transport", ""),
    ("hard", "price", ""),
    ("hard", "nothing", ""),
];

fn wrong(error: WriteError) -> Error {
    Error::internal(format!("XLSForm: {error}"))
}

fn labels() -> Vec<String> {
    LANGUAGES.iter().map(|(_, name)| format!("label::{name}")).collect()
}

fn said(w: Words, key: &str) -> Vec<String> {
    LANGUAGES
        .iter()
        .map(
            |(lang, _)| if key.is_empty() { String::new() } else { w.speak(*lang).t2("survey.example", key) },
        )
        .collect()
}

/// The example as the bytes of a workbook.
pub(crate) fn bytes(w: Words) -> Result<Vec<u8>> {
    let (labels, mut out) = (labels(), Vec::new());
    let head: Vec<&str> =
        ["type", "name"].into_iter().chain(labels.iter().map(String::as_str)).chain(RULES).collect();
    let style = XlsxStyle { sheet: "survey", right_to_left: false, sheet_rows: None };
    let mut book = XlsxWriter::new(&mut out, style, &head).map_err(wrong)?;
    let put = |book: &mut XlsxWriter<&mut Vec<u8>>, cells: &[String]| {
        let cells: Vec<Out<'_>> =
            cells.iter().map(|text| if text.is_empty() { Out::Empty } else { Out::Text(text) }).collect();
        book.row(&cells).map_err(wrong)
    };
    for (kind, name, word, rules) in SURVEY {
        let mut cells = vec![(*kind).to_owned(), (*name).to_owned()];
        cells.extend(said(w, word));
        cells.extend(RULES.map(|rule| {
            rules
                .iter()
                .find(|(column, _)| *column == rule)
                .map_or_else(String::new, |(_, text)| (*text).to_owned())
        }));
        put(&mut book, &cells)?;
    }
    let head: Vec<&str> = ["list_name", "name"]
        .into_iter()
        .chain(labels.iter().map(String::as_str))
        .chain(["family"])
        .collect();
    book.sheet("choices", &head).map_err(wrong)?;
    for (list, name, family) in CHOICES {
        let mut cells = vec![(*list).to_owned(), (*name).to_owned()];
        cells.extend(said(w, &format!("choice_{name}")));
        cells.push((*family).to_owned());
        put(&mut book, &cells)?;
    }
    book.sheet("settings", &["form_title", "form_id", "default_language"]).map_err(wrong)?;
    let title = w.speak(Lang::Fr).t2("survey.example", "title");
    put(&mut book, &[title, "suivi_ventes".to_owned(), LANGUAGES[0].1.to_owned()])?;
    book.finish().map_err(wrong)?;
    Ok(out)
}

pub(super) fn download(ctx: &Ctx) -> Result<Reply> {
    let bytes = bytes(ctx.w)?;
    let produce =
        Box::new(move |_: &kernel::App, out: &mut (dyn std::io::Write + Send)| Ok(out.write_all(&bytes)?));
    Ok(Reply::Download {
        media: crate::edition::XLSX.into(),
        name: "suivi_ventes.xlsx".into(),
        inline: false,
        produce,
    })
}
