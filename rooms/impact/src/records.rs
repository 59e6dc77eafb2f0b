//! `/indicators/{code}/records`: the records behind a figure, as far as the viewer may read them.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::{self, QUERY};
use crate::cut::{self, Cut};
use crate::figure;
use crate::indicator::{Measure, Unit};
use crate::kept;
use crate::listed::{self, Bucket, Item};
use crate::scope::Eyes;
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/indicators/{indicator}/records", show).query(QUERY).answers::<RecordsPage>()]
}

/// Records on a page.
const PAGE: i64 = 50;

/// The records behind a figure.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "impact_records.html")]
struct RecordsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    code: String,
    name: Multi,
    #[serde(skip)]
    unit: Unit,
    #[serde(skip)]
    share: bool,
    whose: String,
    dates: String,
    /// What the figure was cut by.
    buckets: Vec<String>,
    /// How many records the figure counts.
    count: i64,
    /// How many of them the viewer may read.
    read: i64,
    items: Vec<Item>,
    #[serde(skip)]
    back: String,
    #[serde(skip)]
    next: Option<String>,
}

impl RecordsPage {
    fn adds(&self, item: &Item) -> Option<String> {
        if self.share {
            return item.value.filter(|value| *value > 0).map(|_| self.w.t("impact.met").into_owned());
        }
        item.value.map(|value| unit::value(self.w, self.unit, value, item.currency.as_deref()))
    }
    fn day(&self, item: &Item) -> String {
        let day = item.day.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
        day.map(|day| self.w.date(&day)).unwrap_or_default()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (indicator, asked) = ask::open(ctx, db)?;
        let indicator = &*indicator;
        let buckets: Vec<Bucket> = ctx
            .query
            .0
            .iter()
            .filter_map(|(name, code)| {
                let cut = Cut::from_code(name.strip_prefix("cut.")?)
                    .filter(|cut| figure::allows(indicator, *cut))?;
                Some((cut, Some(code.clone()).filter(|code| !code.is_empty())))
            })
            .collect();
        let skip = ctx.query.parse::<i64>("page").unwrap_or(0).clamp(0, 1_000_000) * PAGE;
        let records = |db: &mut Db, eyes: Eyes<'_>, page: (i64, i64)| {
            let (scope, period) = (&asked.scope, asked.period);
            let held = kept::page(ctx, db, indicator, scope, period, &buckets, eyes, page)?;
            listed::records(db, w, indicator, scope, period, &buckets, eyes, page, held)
        };
        let whole = records(db, asked.eyes(ctx), (0, 0))?.0;
        // Whoever may not read every record reads those of the files that are open to them.
        let eyes = if asked.reads { asked.eyes(ctx) } else { Eyes::Viewer(&ctx.viewer, Standing::File) };
        let (read, items) = records(db, eyes, (skip, PAGE))?;
        // A bucket may be hidden in its table: its count is not told beside it either.
        let hidden = !asked.reads
            && indicator.people
            && (!buckets.is_empty() || asked.total(ctx, db, indicator)?.hidden);
        let mut named = Vec::new();
        for (cut, code) in &buckets {
            let codes: Vec<String> = code.iter().cloned().collect();
            let names = cut::labels(db, w, *cut, indicator.items.as_ref(), &codes)?;
            let label = code.as_ref().map_or_else(
                || w.t("not_stated").into_owned(),
                |code| names.get(code).unwrap_or(code).clone(),
            );
            named.push(format!("{} : {label}", w.t2("impact.cut", cut.code())));
        }
        let at = skip / PAGE;
        let next = (read > skip + PAGE).then(|| {
            let mut query = ctx.query.clone();
            query.set("page", (at + 1).to_string());
            format!("?{}", query.to_query())
        });
        Ok(RecordsPage {
            w,
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            unit: indicator.unit,
            share: indicator.measure == Measure::Share,
            whose: asked.whose(indicator),
            dates: format!("{} – {}", w.date(&asked.period.since), w.date(&asked.period.until)),
            buckets: named,
            count: if hidden { read } else { whole },
            read,
            items,
            back: format!("/indicators/{}?{}", indicator.code, asked.query()),
            next,
        })
    })?;
    ctx.page(&w.t("impact.records"), &page)
}
