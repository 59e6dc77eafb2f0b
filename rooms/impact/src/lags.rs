//! Who lags and what is due: what the team of a programme looks at first on its dashboard.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Ctx, Db, Id, Result, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::Asked;
use crate::cut::{self, Cut};
use crate::indicator;
use crate::pivot;

/// What is due within so many days is shown.
const AHEAD: i64 = 30;
/// Lines of a list; the rest is behind its figure.
const LINES: usize = 8;

/// Figures that say, cooperative by cooperative, that something waits; the word that says it stands under `lags`.
const SIGNS: &[(&str, &str)] = &[
    ("left-alone", "lags.left_alone"),
    ("actions-late", "lags.actions"),
    ("never-inspected", "lags.inspections"),
];

/// A cooperative for which something waits.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Lag {
    pub(crate) organisation: String,
    pub(crate) name: String,
    pub(crate) why: Vec<String>,
    #[serde(skip)]
    weight: i64,
}

/// The cooperatives for which most waits, on the last day of the period. The caller checked that the viewer reads the
/// records of the programme.
pub(crate) fn lags(ctx: &Ctx, db: &mut Db, asked: &Asked) -> Result<Vec<Lag>> {
    let mut found: HashMap<String, Lag> = HashMap::new();
    for (code, word) in SIGNS {
        let table = pivot::table(ctx, db, asked, &*indicator::shipped(code)?, Cut::Cooperative, None)?;
        for (organisation, name) in table.rows {
            let figure = table.row_totals.get(&organisation);
            let Some((organisation, figure)) = organisation.zip(figure.filter(|f| f.value.unwrap_or(0) > 0))
            else {
                continue;
            };
            let lag = found.entry(organisation.clone()).or_insert_with(|| Lag {
                organisation,
                name,
                why: Vec::new(),
                weight: 0,
            });
            lag.why.push(ctx.w.n(word, figure.n));
            lag.weight += figure.n;
        }
    }
    let mut all: Vec<Lag> = found.into_values().collect();
    all.sort_by(|a, b| (b.why.len(), b.weight, &a.name).cmp(&(a.why.len(), a.weight, &b.name)));
    all.truncate(LINES);
    Ok(all)
}

/// Something that is due soon.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Due {
    #[schemars(with = "String")]
    pub(crate) day: Date,
    /// What kind of thing, in a word.
    pub(crate) what: String,
    pub(crate) title: String,
    /// The cooperative, where the title does not name it.
    pub(crate) whose: String,
    pub(crate) path: String,
}

/// What is due in a programme within [`AHEAD`] days of a day, the nearest first. The caller checked that the viewer reads
/// the records of the programme.
pub(crate) fn due(ctx: &Ctx, db: &mut Db, programme: Id, from: Date) -> Result<Vec<Due>> {
    let until = from.saturating_add(AHEAD.days());
    let query = sql(
        "select c.due, 'action', c.title, o.name, '/actions/' || c.id || '/edit' from plan_action c
           join organisation o on o.id = c.organisation where c.programme = ?
           and c.status in ('agreed', 'doing') and c.due >= ? and c.due <= ?
         union all select v.held, 'visit', o.name, '', '/visits/' || v.id from visit v join organisation o on o.id = v.organisation
           where v.programme = ? and v.status = 'planned' and v.held >= ? and v.held <= ?
         union all select min(h.day), 'session', coalesce(max(s.title), max(m.title)), '', '/sessions/' || s.id from training_session s
           join module m on m.id = s.module join half_day h on h.session = s.id where s.programme = ? and s.status = 'planned'
           group by s.id having min(h.day) >= ? and min(h.day) <= ?
         union all select b.due, 'promise', o.name, '', '/programmes/' || b.programme || '/money' from contribution b
           join organisation o on o.id = b.organisation where b.programme = ? and b.due >= ? and b.due <= ?
           and b.promised > coalesce((select sum(r.amount) from receipt r where r.contribution = b.id), 0)
         union all select g.due, 'target', g.indicator, '', '/indicators/' || g.indicator || '?programme=' || g.programme
           from impact_target g where g.programme = ? and g.due >= ? and g.due <= ?
         order by 1, 5 limit ?",
    );
    let kinds = 5;
    let query =
        (0..kinds).fold(query, |query, _| query.bind(programme).bind(from).bind(until)).bind(LINES as i64);
    let rows = db.rows(&query.open("the caller checked the standing at the programme"), |row| {
        let (day, kind): (Date, String) = (row.take()?, row.take()?);
        Ok((day, kind, cut::label(row, ctx.w)?, cut::label(row, ctx.w)?, row.take::<String>()?))
    })?;
    let mut all = Vec::new();
    for (day, kind, title, whose, path) in rows {
        let title = match kind.as_str() {
            "target" => indicator::find(db, &title)?.name.best(ctx.w.lang).to_owned(),
            _ => title,
        };
        all.push(Due { day, what: ctx.w.t2("lags.due", &kind), title, whose, path });
    }
    Ok(all)
}
