//! A list of organisations to take away, under the same rights.

use kernel::kinds::Multi;
use kernel::table::{self, Format};
use kernel::{Ctx, Error, Record, Reply, Result, Standing, Words, sql};
use sheet::Out;

use super::filters::filter_of;
use crate::Organisation;

pub(super) fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let (w, viewer, filter) = (ctx.w, ctx.viewer.clone(), filter_of(&ctx.query));
    // What a partner may read of every line; a file's private part is exported from the file itself.
    let fields: Vec<_> = Organisation::fields()
        .iter()
        .filter(|field| field.read <= Standing::Shared && !field.linked())
        .collect();
    let mut header = vec![w.t("registry.export.id").into_owned()];
    header.extend(fields.iter().map(|field| w.t(&format!("organisation.{}", field.name)).into_owned()));
    header.push(w.t("registry.export.province").into_owned());
    Ok(table::export(format, &w.t("registry.export.name"), w.lang, header, move |db, rows| {
        // Contacts go only to those who stand nearer than the public.
        let near = if viewer.is_administrator() {
            None
        } else {
            Some(viewer.reached_at_least(db, Standing::Shared)?)
        };
        let query = sql(&format!("select {}", Organisation::columns("o.")))
            .join(filter.condition(&viewer))
            .and(" order by o.sort, o.id");
        db.each(&query, |row| {
            let organisation = Organisation::from_row(row)?;
            let standing = if near.as_ref().is_none_or(|near| near.contains(&organisation.id)) {
                Standing::Shared
            } else {
                Standing::Public
            };
            let cells = organisation.cells();
            let texts: Vec<String> = Organisation::fields()
                .iter()
                .zip(&cells)
                .filter(|(field, _)| field.read <= Standing::Shared && !field.linked())
                .map(
                    |(field, cell)| {
                        if field.read <= standing { plain_text(w, field, cell) } else { String::new() }
                    },
                )
                .collect();
            let id = organisation.id.to_string();
            let province = kernel::territory::province(&organisation.place.division)
                .map(|code| kernel::territory::name(&code, w.lang))
                .unwrap_or_default();
            let mut out = vec![Out::Text(&id)];
            out.extend(fields.iter().zip(&texts).map(|(field, text)| cell_out(field, text)));
            out.push(Out::Text(&province));
            rows(&out)
        })
    }))
}

fn cell_out<'a>(field: &kernel::record::Field, text: &'a str) -> Out<'a> {
    use kernel::kinds::Input;
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

/// A cell as a spreadsheet holds it: what a person would type, codes in words, one language of a text.
fn plain_text(w: Words, field: &kernel::record::Field, cell: &[kernel::value::Value]) -> String {
    use kernel::kinds::Input;
    let typed = (field.ops.typed)(cell);
    match field.ops.input {
        Input::Choice { words, .. } => typed.first().map(|(_, code)| w.t2(words, code)).unwrap_or_default(),
        Input::Multi => Multi(typed.into_iter().collect()).best(w.lang).to_owned(),
        Input::Place => typed.first().map(|(_, text)| text.clone()).unwrap_or_default(),
        Input::Yes => w.t(if typed.is_empty() { "no" } else { "yes" }).into_owned(),
        _ => typed.into_iter().map(|(_, text)| text).next().unwrap_or_default(),
    }
}
