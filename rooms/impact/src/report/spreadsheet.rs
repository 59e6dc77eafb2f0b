//! `/reports/{report}/xlsx`: every figure of a report with where it comes from.

use kernel::room::{Route, get};
use kernel::table::{self, Format};
use kernel::{Ctx, Reply, Result, Standing};
use sheet::Out;

use super::{keep, pages, record};
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/reports/{report}/xlsx", download)]
}

const HEAD: [&str; 17] = [
    "report_section.heading",
    "impact.indicator",
    "report.code",
    "impact.definition",
    "impact.whose",
    "impact.since",
    "impact.until",
    "report.cut",
    "impact.row",
    "impact.column",
    "impact.value",
    "report.unit",
    "impact.n",
    "report.hidden",
    "report.items",
    "report.statement",
    "report.counted",
];

fn download(ctx: &Ctx) -> Result<Reply> {
    let (w, report, programme, contents) = ctx.read(|db| {
        let (report, _) = record::open(ctx, db, Standing::Shared)?;
        let w = ctx.w.speak(report.lang());
        let programme = pages::programme_name(db, w, report.programme.id)?;
        let contents = keep::contents(db, w, &report)?;
        Ok((w, report, programme, contents))
    })?;
    let header = HEAD.iter().map(|key| w.t(key).into_owned()).collect();
    let name = format!("{}-{}", w.t("report.file"), report.until);
    let yes = w.t("impact.hidden_cell").into_owned();
    Ok(table::export(Format::Xlsx, &name, w.lang, header, move |_, rows| {
        for content in &contents {
            let section = &content.section;
            let heading = section.heading.clone().unwrap_or_else(|| w.choice(&section.kind));
            let cuts: Vec<String> = section.cuts().iter().map(|cut| w.t2("impact.cut", cut.code())).collect();
            for kept in &content.figures {
                let unit = serde_json::to_value(kept.unit)?;
                let unit = match (&kept.currency, unit.as_str()) {
                    (Some(currency), _) => currency.clone(),
                    (None, code) => w.t2("impact.unit", code.unwrap_or_default()),
                };
                let place = kept.place.as_deref().map(|code| format!(" · {}", w.division(code)));
                let scope = format!("{programme}{}", place.unwrap_or_default());
                let cut = cuts.iter().take(kept.cuts as usize).cloned().collect::<Vec<_>>().join(" × ");
                let day = |day: jiff::civil::Date| {
                    Out::Date(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
                };
                rows(&[
                    Out::Text(&heading),
                    Out::Text(&kept.name),
                    Out::Text(&kept.indicator),
                    Out::Text(&kept.definition),
                    Out::Text(&scope),
                    day(kept.period.since),
                    day(kept.period.until),
                    Out::Text(&cut),
                    Out::Text(&kept.row.label),
                    Out::Text(&kept.column.label),
                    unit::sheet(kept.unit, kept.value.filter(|_| !kept.hidden), kept.currency.as_deref()),
                    Out::Text(&unit),
                    if kept.hidden { Out::Empty } else { Out::Int(kept.n) },
                    if kept.hidden { Out::Text(&yes) } else { Out::Empty },
                    Out::Text(&kept.items),
                    Out::Text(&kept.statement),
                    Out::Text(&w.instant(kept.at)),
                ])?;
            }
        }
        Ok(())
    }))
}
