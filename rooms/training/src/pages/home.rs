//! `/training`: sessions to come, sessions that were, and what can be taught.

use askama::Template;
use kernel::{Ctx, Reply, Result, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::MANAGERS;
use crate::half_day::dates;
use crate::module;
use crate::session::{self, Line};

/// Sessions and modules that a viewer knows of.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_home.html")]
pub(crate) struct HomePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    coming: Vec<Line>,
    past: Vec<Line>,
    modules: Vec<module::Line>,
    #[serde(skip)]
    writes: bool,
}

impl HomePage {
    fn dates(&self, line: &&Line) -> String {
        dates(self.w, line.since, line.until)
    }
}

/// Past sessions shown here; the page of a programme shows all of its own.
const PAST: usize = 30;

pub(super) fn home(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let today = kernel::today();
        let lines = session::list(db, &ctx.viewer, sql(""))?;
        let (mut past, coming): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.is_past(today));
        past.reverse();
        past.truncate(PAST);
        let modules = module::list(db, &ctx.viewer)?;
        Ok(HomePage { w: ctx.w, coming, past, modules, writes: ctx.viewer.has_role(MANAGERS) })
    })?;
    ctx.page(&ctx.w.t("nav.training"), &page)
}
