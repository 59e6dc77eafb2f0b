//! The files that everybody can fetch once a programme publishes them.

use kernel::room::{Route, get};
use kernel::{Ctx, Reply, Result};
use sheet::Out;

use crate::record::{OpenData, told};
use crate::{activity, catalogue, figures, organisation, who};

/// Media types.
pub(crate) const CSV: &str = "text/csv; charset=utf-8";
pub(crate) const XML: &str = "application/xml; charset=utf-8";

/// A dataset: its code, which is the key of its words under `open.dataset`; its file; the media type in the registry of
/// IANA; and whether a programme publishes it.
pub(crate) struct Dataset {
    pub(crate) code: &'static str,
    pub(crate) file: &'static str,
    pub(crate) media: &'static str,
    pub(crate) part: fn(&OpenData) -> bool,
}

/// Every dataset that a programme can publish.
pub(crate) const DATASETS: &[Dataset] = &[
    Dataset { code: "who_where", file: "3w.csv", media: "text/csv", part: |data| data.who_where },
    Dataset { code: "figures", file: "figures.csv", media: "text/csv", part: |data| data.figures },
    Dataset {
        code: "activity",
        file: "iati-activity.xml",
        media: "application/xml",
        part: |data| data.activity,
    },
    Dataset {
        code: "organisation",
        file: "iati-organisation.xml",
        media: "application/xml",
        part: |data| data.activity,
    },
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/open-data/3w.csv", who_where).open(),
        get("/programmes/{programme}/open-data/figures.csv", numbers).open(),
        get("/programmes/{programme}/open-data/iati-activity.xml", iati_activity).open(),
        get("/programmes/{programme}/open-data/iati-organisation.xml", iati_organisation).open(),
        get("/programmes/{programme}/open-data/datapackage.json", package).open(),
    ]
}

fn who_where(ctx: &Ctx) -> Result<Reply> {
    ctx.read(|db| {
        let told = told(ctx, db, |data| data.who_where)?;
        who::file(ctx, db, &told)
    })
}

fn numbers(ctx: &Ctx) -> Result<Reply> {
    ctx.read(|db| {
        let told = told(ctx, db, |data| data.figures)?;
        figures::file(ctx, db, &told)
    })
}

fn iati_activity(ctx: &Ctx) -> Result<Reply> {
    ctx.read(|db| {
        let told = told(ctx, db, |data| data.activity)?;
        activity::file(ctx, db, &told)
    })
}

fn iati_organisation(ctx: &Ctx) -> Result<Reply> {
    ctx.read(|db| {
        let told = told(ctx, db, |data| data.activity)?;
        organisation::file(db, &told)
    })
}

fn package(ctx: &Ctx) -> Result<Reply> {
    let told = ctx.read(|db| told(ctx, db, |_| true))?;
    ctx.data(&catalogue::package(ctx, &told))
}

/// A day in a table.
pub(crate) fn day(day: jiff::civil::Date) -> Out<'static> {
    Out::Date(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
}

/// A number with a decimal point, whatever the language.
pub(crate) fn decimal(minor: i64, decimals: u8) -> String {
    if decimals == 0 {
        return minor.to_string();
    }
    let unit = 10_u64.pow(decimals.into());
    let (sign, minor) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = decimals.into())
}

/// An instant as XML writes it.
pub(crate) fn instant(millis: i64) -> String {
    jiff::Timestamp::from_second(millis.div_euclid(1000))
        .map(|instant| instant.to_string())
        .unwrap_or_default()
}

/// The path of a file of a programme.
pub(crate) fn path(programme: kernel::Id, file: &str) -> String {
    format!("/programmes/{programme}/open-data/{file}")
}

#[cfg(test)]
mod tests {
    use super::{decimal, instant};

    #[test]
    fn numbers_and_instants_are_written_as_machines_read_them() {
        assert_eq!(
            (decimal(1250, 2), decimal(-5, 1), decimal(7, 0)),
            ("12.50".into(), "-0.5".into(), "7".into())
        );
        assert_eq!(instant(0), "1970-01-01T00:00:00Z");
    }
}
