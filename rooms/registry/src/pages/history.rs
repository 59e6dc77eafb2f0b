//! What happened, told in the reader's language.

use askama::Template;
use kernel::facts::{self, Fact};
use kernel::telling::Told;
use kernel::{Ctx, Db, Id, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::organisation;

/// Facts on one page.
const PAGE: i64 = 50;

/// Facts told in the reader's language, each with the organisation it is about.
pub fn told(ctx: &Ctx, db: &mut Db, facts: Vec<Fact>) -> Result<Vec<Told>> {
    let actors: Vec<Id> = facts.iter().filter_map(|fact| fact.actor).collect();
    let about: Vec<Id> = facts.iter().map(|fact| fact.about).collect();
    let accounts = people::account_names(db, &actors)?;
    let organisations = organisation::names(db, &ctx.viewer, &about, ctx.w.lang)?;
    let mut told = kernel::telling::tell(&ctx.app, ctx.w, facts, &accounts);
    for (line, about) in told.iter_mut().zip(about) {
        let name = organisations.get(&about.to_string());
        line.about = name.map(|name| (format!("/organisations/{about}"), name.clone()));
    }
    Ok(told)
}

/// Everything that happened to an organisation.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_history.html")]
pub(crate) struct HistoryPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    facts: Vec<Told>,
    next: Option<String>,
}

pub(super) fn history(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (organisation, _) = organisation::open(db, ctx, ctx.id("organisation")?, Standing::File)?;
        let mut tail = sql(" f.about = ?").bind(organisation.id).open("standing checked");
        tail = tail.and_if(" and f.id < ?", ctx.query.parse::<Id>("before"));
        let found = facts::read(db, tail.and(" order by f.id desc limit ?").bind(PAGE + 1))?;
        let next = found
            .get(PAGE as usize - 1)
            .filter(|_| found.len() > PAGE as usize)
            .map(|fact| format!("?before={}", fact.id));
        let facts = told(ctx, db, found.into_iter().take(PAGE as usize).collect())?;
        Ok(HistoryPage {
            w: ctx.w,
            id: organisation.id,
            name: organisation.name.best(ctx.w.lang).to_owned(),
            facts,
            next,
        })
    })?;
    ctx.page(&ctx.w.with("registry.history.title", "name", &page.name), &page)
}
