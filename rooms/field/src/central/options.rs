//! What OData asks of a table, as far as it is understood.

use kernel::{Ctx, Error, Id, Result, Wrong};

use super::submissions::Place;

/// The parameters that are understood.
pub(super) const NAMES: &[&str] =
    &["$top", "$skip", "$count", "$filter", "$expand", "$skiptoken", "$format", "$wkt"];

/// How much of a table is asked, and how.
#[derive(Clone, Copy, Default)]
pub(super) struct Options {
    /// At most so many rows.
    pub(super) top: Option<i64>,
    /// Past so many.
    pub(super) skip: i64,
    /// True if they are counted.
    pub(super) count: bool,
    /// True if what is repeated stands in the rows.
    pub(super) whole: bool,
    /// After this place.
    pub(super) after: Option<Place>,
}

impl Options {
    /// Reads the question; refuses what would be answered wrongly if it were passed over.
    pub(super) fn read(ctx: &Ctx) -> Result<Options> {
        for (name, text) in ctx.query.0.iter().filter(|(name, _)| name.starts_with('$')) {
            let known = match name.as_str() {
                "$expand" => text == "*",
                "$wkt" => truth(text) == Some(false),
                "$format" => ["json", "application/json"].contains(&text.as_str()),
                name => NAMES.contains(&name),
            };
            if !known {
                let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
                return Err(Error::Refused(Wrong::new("field.central.option").with("name", name)));
            }
        }
        let after =
            ctx.query.text("$skiptoken").map(|token| place(token).ok_or_else(|| unread("$skiptoken")));
        let count = ctx.query.text("$count").map(|text| truth(text).ok_or_else(|| unread("$count")));
        Ok(Options {
            top: number(ctx, "$top")?,
            skip: number(ctx, "$skip")?.unwrap_or(0),
            count: count.transpose()?.unwrap_or(false),
            whole: ctx.query.get("$expand").is_some(),
            after: after.transpose()?,
        })
    }
}

/// Refuses a filter where none is understood.
pub(super) fn unfiltered(ctx: &Ctx) -> Result<()> {
    match ctx.query.text("$filter") {
        Some(_) => Err(Error::Refused(Wrong::new("field.central.option").with("name", "$filter"))),
        None => Ok(()),
    }
}

fn unread(name: &str) -> Error {
    Error::Refused(Wrong::new("field.central.number").with("name", name))
}

fn number(ctx: &Ctx, name: &str) -> Result<Option<i64>> {
    let number = |text: &str| text.parse().ok().filter(|number| *number >= 0).ok_or_else(|| unread(name));
    ctx.query.text(name).map(number).transpose()
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The token of a place, and the place of a token.
pub(super) fn token((at, id): Place) -> String {
    format!("{at}.{id}")
}

fn place(token: &str) -> Option<Place> {
    let (at, id) = token.split_once('.')?;
    Some((at.parse().ok()?, id.parse::<Id>().ok()?))
}
