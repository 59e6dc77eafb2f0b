//! `/programmes/{programme}/training`: the sessions of a programme and their figures over a period.

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Id, Reply, Result, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::figures::{self, Figures, Scope, hours};
use crate::half_day::dates;
use crate::hand::{self, Hand};
use crate::session::{self, Line};

/// The sessions of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_programme.html")]
pub(crate) struct ProgrammePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    hand: Hand,
    figures: Figures,
    coming: Vec<Line>,
    past: Vec<Line>,
    #[serde(skip)]
    from: String,
    #[serde(skip)]
    to: String,
    #[serde(skip)]
    #[schemars(skip)]
    lists: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    exports: Option<(String, String)>,
}

impl ProgrammePage {
    fn dates(&self, line: &&Line) -> String {
        dates(self.w, line.since, line.until)
    }
    fn hours(&self, minutes: &i64) -> String {
        hours(self.w, *minutes)
    }
    fn plans(&self) -> bool {
        self.hand >= Hand::Plans
    }
}

/// The scope that an address and its query name; a session must be of the programme.
pub(super) fn scope(ctx: &Ctx, programme: Id) -> Scope {
    Scope {
        programme,
        session: ctx.query.parse("session"),
        from: ctx.query.parse("from"),
        to: ctx.query.parse("to"),
    }
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        let hand = hand::on(ctx, db, id, Hand::Reads)?;
        let programme = kernel::record::get::<programmes::Programme>(db, id)?;
        let scope = Scope { session: None, ..scope(ctx, id) };
        let figures = figures::count(w, &figures::trained(db, &scope)?);
        let (today, takes) = (kernel::today(), hand >= Hand::Takes);
        let lines = session::list(db, &ctx.viewer, sql(" and s.programme = ?").bind(id))?;
        let (mut past, coming): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.is_past(today));
        past.retain(|line| {
            scope.from.is_none_or(|from| line.until >= Some(from))
                && scope.to.is_none_or(|to| line.since.is_none_or(|since| since <= to))
        });
        past.reverse();
        let base = format!("/programmes/{id}/training");
        let period = ctx.query.query_with(&[("lang", ""), ("done", "")]);
        Ok(ProgrammePage {
            w,
            id,
            name: programme.name,
            hand,
            figures,
            coming,
            past,
            from: ctx.query.text("from").unwrap_or_default().to_owned(),
            to: ctx.query.text("to").unwrap_or_default().to_owned(),
            lists: takes.then(|| format!("{base}/people{period}")),
            exports: takes.then(|| (format!("{base}/export"), period)),
        })
    })?;
    ctx.page(&w.t("training.title"), &page)
}
