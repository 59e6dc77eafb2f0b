//! What happened, told in the reader's language.

use askama::Template;
use kernel::facts::{self, Fact};
use kernel::{Ctx, Db, Id, Json, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::organisation;

/// Facts on one page.
const PAGE: i64 = 50;

/// A fact as a sentence: when, who, what, and what changed.
#[derive(Serialize, JsonSchema)]
pub struct FactLine {
    /// Id of the fact.
    pub id: Id,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// When, in words.
    pub when: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// Page and name of the organisation it is about, if the reader may know of it.
    pub about: Option<(String, String)>,
    /// What changed.
    pub changes: Vec<ChangeLine>,
}

/// One changed field.
#[derive(Serialize, JsonSchema)]
pub struct ChangeLine {
    /// Field.
    pub field: String,
    /// What stood before.
    pub before: String,
    /// What stands now.
    pub after: String,
}

/// Facts told in the reader's language.
pub fn told(ctx: &Ctx, db: &mut Db, facts: Vec<Fact>) -> Result<Vec<FactLine>> {
    let actors: Vec<Id> = facts.iter().filter_map(|fact| fact.actor).collect();
    let names: std::collections::HashMap<Id, String> = db
        .rows(&sql("select id, name from account where id").within(&actors), |row| {
            Ok((row.take()?, row.take()?))
        })?
        .into_iter()
        .collect();
    let w = ctx.w;
    let about: Vec<Id> = facts.iter().map(|fact| fact.about).collect();
    let organisations = organisation::names(db, &ctx.viewer, &about, w.lang)?;
    Ok(facts
        .into_iter()
        .map(|fact| {
            let table = fact.kind.split('.').nth(1).unwrap_or_default().to_owned();
            FactLine {
                id: fact.id,
                at: fact.at,
                about: organisations
                    .get(&fact.about.to_string())
                    .map(|name| (format!("/organisations/{}", fact.about), name.clone())),
                when: w.instant(fact.at),
                who: fact
                    .actor
                    .and_then(|id| names.get(&id).cloned())
                    .unwrap_or_else(|| w.t2("fact.origin", &fact.origin)),
                what: w.t(&format!("fact.{}", fact.kind)).into_owned(),
                changes: fact
                    .changes
                    .iter()
                    .map(|(field, change)| told_change(w, &table, field, change))
                    .collect(),
            }
        })
        .collect())
}

fn told_change(w: Words, table: &str, field: &str, change: &Json) -> ChangeLine {
    let side = |i: usize| told_value(w, table, field, change.get(i).unwrap_or(&Json::Null));
    ChangeLine { field: w.t(&format!("{table}.{field}")).into_owned(), before: side(0), after: side(1) }
}

fn told_value(w: Words, table: &str, field: &str, value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(yes) => w.t(if *yes { "yes" } else { "no" }).into_owned(),
        Json::Number(n) => n
            .as_i64()
            .map_or_else(|| n.to_string(), |n| if field.contains("year") { n.to_string() } else { w.num(n) }),
        Json::String(text) => {
            let candidates =
                [format!("{table}.{field}.{text}"), format!("{field}.{text}"), format!("role.role.{text}")];
            candidates
                .iter()
                .find(|key| w.knows(key))
                .map_or_else(|| text.clone(), |key| w.t(key).into_owned())
        }
        Json::Array(items) => items
            .iter()
            .map(|item| told_value(w, "", if field == "activities" { "activity" } else { field }, item))
            .collect::<Vec<_>>()
            .join(", "),
        Json::Object(parts) if parts.contains_key("erased") => w.t("fact.erased").into_owned(),
        Json::Object(parts) => {
            match (parts.get("minor").and_then(Json::as_i64), parts.get("division").and_then(Json::as_str)) {
                (Some(minor), _) => {
                    let currency =
                        parts.get("currency").and_then(Json::as_str).unwrap_or_default().to_owned();
                    w.money(&kernel::kinds::Money { minor, currency })
                }
                (_, Some(code)) => kernel::territory::path(code, w.lang),
                _ => parts.values().filter_map(Json::as_str).collect::<Vec<_>>().join(" / "),
            }
        }
    }
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
    facts: Vec<FactLine>,
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
