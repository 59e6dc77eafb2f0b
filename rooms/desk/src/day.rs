//! My day: what needs the person who signed in.

use askama::Template;
use kernel::room::Task;
use kernel::{Ctx, Reply, Result, Words};
use registry::{Filter, organisation};
use schemars::JsonSchema;
use serde::Serialize;

/// What needs the person who signed in.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "desk_day.html")]
pub(crate) struct DayPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    name: String,
    today: String,
    tasks: Vec<Task>,
    programmes: Vec<programmes::programme::Line>,
    organisations: i64,
    #[serde(skip)]
    registers: bool,
}

pub(crate) fn page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let mut tasks = Vec::new();
        for find in ctx.app.rooms.iter().flat_map(|room| &room.tasks) {
            tasks.extend(find(ctx, db)?);
        }
        // What is late first; the rest in the order of the rooms.
        tasks.sort_by_key(|task| task.tone != "late");
        Ok(DayPage {
            w: ctx.w,
            name: ctx.viewer.name.clone(),
            today: ctx.w.long_date(&kernel::today()),
            tasks,
            programmes: programmes::programme::list(db, &ctx.viewer)?
                .into_iter()
                .filter(|p| p.status != programmes::ProgrammeStatus::Closed)
                .take(6)
                .collect(),
            organisations: organisation::count(db, &ctx.viewer, &Filter::default())?,
            registers: ctx.viewer.has_role(registry::TEAM),
        })
    })?;
    ctx.page(&ctx.w.t("nav.day"), &page)
}
