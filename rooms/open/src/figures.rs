//! Figures as a plain table: what, over which days, by what, how much, in what, of how many.

use impact::outside::{self, Bucket, Outside};
use impact::{Cut, Indicator};
use kernel::{Ctx, Db, Reply, Result, Words};
use sheet::{CsvStyle, CsvWriter, Out};

use crate::files;
use crate::record::Told;
use crate::results::{CUTS, indicators};

/// Keys of the columns' words under `open.column`.
pub(crate) const COLUMNS: &[&str] = &[
    "programme",
    "indicator",
    "code",
    "since",
    "until",
    "cut",
    "bucket",
    "bucket_code",
    "value",
    "unit",
    "currency",
    "n",
    "hidden",
];

/// The figures of an indicator: the whole, then by each cut.
pub(crate) fn of(
    ctx: &Ctx,
    db: &mut Db,
    outside: &Outside,
    indicator: &Indicator,
    cuts: &[Cut],
) -> Result<Vec<(Option<Cut>, Bucket)>> {
    let figure = outside.total(ctx, db, indicator)?;
    let mut all = vec![(None, Bucket { labels: Vec::new(), figure })];
    for cut in cuts {
        let buckets = outside.table(ctx, db, indicator, std::slice::from_ref(cut))?;
        all.extend(buckets.into_iter().map(|bucket| (Some(*cut), bucket)));
    }
    Ok(all)
}

/// Names of the columns.
pub(crate) fn header(w: Words) -> Vec<String> {
    COLUMNS.iter().map(|column| w.t2("open.column", column)).collect()
}

/// One figure as a row, passed to whoever writes it.
pub(crate) fn row<T>(
    w: Words,
    programme: &str,
    outside: &Outside,
    indicator: &Indicator,
    (cut, bucket): &(Option<Cut>, Bucket),
    write: impl FnOnce(&[Out<'_>]) -> T,
) -> T {
    let figure = &bucket.figure;
    let period = outside.period();
    let cut_name = cut.map(|cut| w.t2("impact.cut", cut.code())).unwrap_or_default();
    let unit = w.t2("open.unit", &unit(indicator));
    let number = outside::number(indicator, figure);
    let label = bucket.labels.last().cloned().unwrap_or_else(|| w.t("impact.total").into_owned());
    write(&[
        Out::Text(programme),
        Out::Text(indicator.name.best(w.lang)),
        Out::Text(&indicator.code),
        files::day(period.since),
        files::day(period.until),
        Out::Text(&cut_name),
        Out::Text(&label),
        Out::Text(figure.row.as_deref().unwrap_or_default()),
        number.map_or(Out::Empty, |(minor, decimals)| Out::Decimal(minor, decimals)),
        Out::Text(&unit),
        Out::Text(figure.currency.as_deref().unwrap_or_default()),
        if figure.hidden { Out::Empty } else { Out::Int(figure.n) },
        Out::Bool(figure.hidden),
    ])
}

/// Code of the unit.
fn unit(indicator: &Indicator) -> String {
    serde_json::to_value(indicator.unit)
        .ok()
        .and_then(|unit| unit.as_str().map(str::to_owned))
        .unwrap_or_default()
}

pub(crate) fn file(ctx: &Ctx, db: &mut Db, told: &Told) -> Result<Reply> {
    let outside = Outside::of(ctx.w, &told.programme);
    let programme = told.programme.name.best(ctx.w.lang);
    let header = header(ctx.w);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let wrong = |error: sheet::WriteError| kernel::Error::internal(error);
    let mut out = CsvWriter::new(Vec::new(), CsvStyle::PROGRAM, &header).map_err(wrong)?;
    for (indicator, _) in indicators(db, told.programme.id)? {
        for figure in of(ctx, db, &outside, indicator, CUTS)? {
            row(ctx.w, programme, &outside, indicator, &figure, |cells| out.row(cells)).map_err(wrong)?;
        }
    }
    let (bytes, _) = out.finish().map_err(wrong)?;
    Ok(Reply::Body { status: 200, media: files::CSV, body: bytes })
}
