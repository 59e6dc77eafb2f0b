//! Organisations as a table: the same columns for the list of a viewer and for the command line. What comes out can
//! be imported again.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use kernel::kinds::{Input, Multi};
use kernel::record::Field;
use kernel::table::{self, Format, Rows};
use kernel::value::Value;
use kernel::{App, Db, Error, Id, Lang, Record, Reply, Result, Standing, Viewer, Words, sql};
use sheet::Out;

use crate::organisation::{Filter, Organisation};

/// Organisations read together.
const BLOCK: usize = 500;

/// What a partner may read of every line; a file's private part is exported from the file itself.
fn fields() -> impl Iterator<Item = &'static Field> {
    Organisation::fields().iter().filter(|field| field.read <= Standing::Shared)
}

/// The columns: the id, each field (a text in two scripts takes two), the province.
fn header(w: Words) -> Vec<String> {
    let mut header = vec![w.t("registry.export.id").into_owned()];
    for field in fields() {
        let label = w.t2("organisation", field.name);
        if matches!(field.ops.input, Input::Multi) {
            let other = other(w.lang).own_name();
            header.extend([label.clone(), format!("{label} — {other}")]);
        } else {
            header.push(label);
        }
    }
    header.push(w.t("registry.export.province").into_owned());
    header
}

/// The language of the second column of a text.
fn other(lang: Lang) -> Lang {
    if lang == Lang::Ar { Lang::Fr } else { Lang::Ar }
}

/// The list of a viewer as a download.
pub(crate) fn download(format: Format, w: Words, viewer: Viewer, filter: Filter) -> Reply {
    table::export(format, &w.t("registry.export.name"), w.lang, header(w), move |db, rows| {
        fill(db, w, &viewer, &filter, rows)
    })
}

/// Writes every organisation to a file; its ending says the format.
pub fn export_file(app: &App, path: &Path) -> Result<()> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let format = Format::from_code(&ending).ok_or_else(|| Error::refused("registry.export.ending"))?;
    let reply = download(format, app.words.speak(Lang::Fr), Viewer::system(), Filter::default());
    let Reply::Download { produce, .. } = reply else {
        return Err(Error::internal("an export is a download"));
    };
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    produce(app, &mut out)?;
    Ok(out.flush()?)
}

/// Passes on a block of rows after the other, from one snapshot.
fn fill(db: &mut Db, w: Words, viewer: &Viewer, filter: &Filter, rows: &mut Rows<'_>) -> Result<()> {
    // Contacts go only to those who stand nearer than the public.
    let near =
        if viewer.is_administrator() { None } else { Some(viewer.reached_at_least(db, Standing::Shared)?) };
    let (found, mut after) = (filter.found(db, viewer)?, None);
    loop {
        let page = found.page(db, after.as_deref(), BLOCK)?;
        let query = sql(&format!("select {}", Organisation::columns("o."))).join(page.rows("organisation o"));
        let block = db.rows(&query, Organisation::from_row)?;
        let mut activities = activities(db, block.iter().map(|organisation| organisation.id).collect())?;
        for organisation in &block {
            let sees = near.as_ref().is_none_or(|near| near.contains(&organisation.id));
            let standing = if sees { Standing::Shared } else { Standing::Public };
            let links = activities.remove(&organisation.id).unwrap_or_default();
            write(w, organisation, &links, standing, rows)?;
        }
        match page.next {
            None => return Ok(()),
            next => after = next,
        }
    }
}

fn activities(db: &mut Db, ids: Vec<Id>) -> Result<HashMap<Id, Vec<Value>>> {
    let query = sql("select owner, value from organisation_activities where owner")
        .within(&ids)
        .and(" order by owner, position");
    let mut found: HashMap<Id, Vec<Value>> = HashMap::new();
    for (owner, value) in db.rows(&query, |row| Ok((row.take::<Id>()?, row.take::<Value>()?)))? {
        found.entry(owner).or_default().push(value);
    }
    Ok(found)
}

fn write(
    w: Words,
    organisation: &Organisation,
    links: &[Value],
    standing: Standing,
    rows: &mut Rows<'_>,
) -> Result<()> {
    let cells = organisation.cells();
    let mut texts: Vec<(&Field, String)> = Vec::new();
    for (field, cell) in
        Organisation::fields().iter().zip(&cells).filter(|(field, _)| field.read <= Standing::Shared)
    {
        let cell = if field.linked() { links } else { cell.as_slice() };
        let typed = if field.read <= standing { (field.ops.typed)(cell) } else { Vec::new() };
        if matches!(field.ops.input, Input::Multi) {
            let text = Multi(typed.into_iter().collect());
            let best = text.best(w.lang).to_owned();
            let second = text.0.get(other(w.lang).code()).filter(|second| **second != best).cloned();
            texts.extend([(field, best), (field, second.unwrap_or_default())]);
        } else {
            texts.push((field, if field.read <= standing { plain(w, field, typed) } else { String::new() }));
        }
    }
    let id = organisation.id.to_string();
    let province = kernel::territory::province(&organisation.place.division);
    let province = province.map(|code| kernel::territory::name(&code, w.lang)).unwrap_or_default();
    let mut out = vec![Out::Text(&id)];
    out.extend(texts.iter().map(|(field, text)| cell(field, text)));
    out.push(Out::Text(&province));
    rows(&out)
}

fn cell<'a>(field: &Field, text: &'a str) -> Out<'a> {
    match field.ops.input {
        _ if text.is_empty() => Out::Empty,
        Input::Number => text.parse().map_or(Out::Text(text), Out::Int),
        Input::Date => match text.split('-').map(str::parse::<i32>).collect::<Result<Vec<_>, _>>().as_deref()
        {
            Ok([year, month, day]) => Out::Date(*year, *month as u8, *day as u8),
            _ => Out::Text(text),
        },
        _ => Out::Text(text),
    }
}

/// A field as a spreadsheet holds it: what a person would type, codes in words.
fn plain(w: Words, field: &Field, typed: Vec<(String, String)>) -> String {
    match field.ops.input {
        Input::Choice { words, .. } => typed.first().map(|(_, code)| w.t2(words, code)).unwrap_or_default(),
        Input::Choices { words, .. } => {
            typed.iter().map(|(_, code)| w.t2(words, code)).collect::<Vec<_>>().join("; ")
        }
        Input::Yes => w.t(if typed.is_empty() { "no" } else { "yes" }).into_owned(),
        _ => typed.into_iter().map(|(_, text)| text).next().unwrap_or_default(),
    }
}
