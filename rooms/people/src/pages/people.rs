//! `/people`: the persons that a viewer works with.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get};
use kernel::{Ctx, Reply, Result, Words};

use crate::person::{self, Line};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/people", list).query(&["q", "after"]).answers::<People>()]
}

/// How many persons a page lists.
const MOST: usize = 50;

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_list.html")]
struct People {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// What was searched.
    q: String,
    /// How many there are.
    count: i64,
    /// Some of them, in the order of names.
    people: Vec<Line>,
    /// The query string of the following ones.
    next: Option<String>,
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let typed = ctx.query.text("q");
    let after = ctx.query.text("after").and_then(|after| after.rsplit_once('~'));
    let (count, mut people) = ctx.read(|db| {
        let count = person::count(db, &ctx.viewer, typed)?;
        Ok((count, person::list(db, &ctx.viewer, typed, after, MOST as i64 + 1)?))
    })?;
    let more = people.len() > MOST;
    people.truncate(MOST);
    let last = people.last().filter(|_| more).map(|line| format!("{}~{}", line.sort, line.id));
    let next = last.map(|last| ctx.query.query_with(&[("after", &last), ("done", ""), ("lang", "")]));
    let data = People { w: ctx.w, q: typed.unwrap_or_default().to_owned(), count, people, next };
    ctx.page(&ctx.w.t("people.title"), &data)
}
