//! The people behind a figure of training.

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::programme::scope;
use crate::figures::{self, CUTS, Trained, hours};
use crate::hand::{self, Hand};

/// The people behind a figure.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_people.html")]
pub(crate) struct PeoplePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    people: Vec<Trained>,
    participations: i64,
    minutes: i64,
    /// What the list is narrowed by, in words.
    #[serde(skip)]
    #[schemars(skip)]
    narrowed: Vec<String>,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    #[schemars(skip)]
    session: Option<Id>,
}

impl PeoplePage {
    fn hours(&self, minutes: &i64) -> String {
        hours(self.w, *minutes)
    }
    fn sex(&self, line: &&Trained) -> String {
        match &line.sex {
            Some(sex) => self.w.t2("person.sex", sex),
            None => self.w.t("not_stated").into_owned(),
        }
    }
    fn age(&self, line: &&Trained) -> String {
        if line.age == figures::NOT_STATED {
            self.w.t("not_stated").into_owned()
        } else {
            self.w.t2("age", line.age)
        }
    }
}

pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        hand::on(ctx, db, id, Hand::Takes)?;
        let programme = kernel::record::get::<programmes::Programme>(db, id)?;
        let scope = scope(ctx, id);
        let mut people = figures::trained(db, &scope)?;
        let cuts = figures::count(w, &people).cuts;
        let narrowed = CUTS.iter().filter_map(|by| {
            let wanted = ctx.query.text(by)?;
            let cut = cuts.iter().find(|cut| cut.by == *by)?;
            let label = cut.buckets.iter().find(|bucket| bucket.code == wanted)?.label.clone();
            Some(format!("{} : {label}", w.t2("cut", by)))
        });
        let narrowed = narrowed.collect();
        figures::narrow(&mut people, &ctx.query);
        Ok(PeoplePage {
            w,
            id,
            name: programme.name,
            participations: people.iter().map(|line| line.participations).sum(),
            minutes: people.iter().map(|line| line.minutes).sum(),
            people,
            narrowed,
            query: ctx.query.query_with(&[("lang", ""), ("done", "")]),
            session: scope.session,
        })
    })?;
    ctx.page(&w.t("trained.title"), &page)
}
