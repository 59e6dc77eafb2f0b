//! `/people/{person}/dossier`: everything that is kept of a person, to be printed or taken away.

use askama::Template;
use kernel::form::show_group;
use kernel::room::{Route, get};
use kernel::{
    Ctx, Db, Html, Id, Json, Record, Reply, Result, Standing, Words, facts, html, record, sql, today,
};

use super::person::Given;
use crate::{Person, consent};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/people/{person}/dossier", show).answers::<Dossier>()]
}

#[derive(Template, serde::Serialize, schemars::JsonSchema)]
#[template(path = "people_dossier.html")]
struct Dossier {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    record: Person,
    #[serde(skip)]
    #[schemars(skip)]
    panels: Vec<Html>,
    /// Id of the person.
    id: Id,
    /// The day it was made.
    #[schemars(with = "String")]
    made_on: jiff::civil::Date,
    /// The person.
    person: Json,
    /// What the person agreed to, newest first.
    consents: Vec<Given>,
    /// What the other rooms know of the person.
    more: Json,
    /// What happened, oldest first.
    facts: Vec<kernel::telling::Told>,
}

impl Dossier {
    fn name(&self) -> Html {
        html::multi(&self.record.name, self.w.lang)
    }

    fn may_withdraw(&self, _: &Given) -> bool {
        false
    }

    fn groups(&self) -> Vec<Html> {
        let shown = |group| show_group(&self.record, group, Standing::File, &self.w, &Default::default());
        ["identity", "contact", "languages"].map(shown).into_iter().filter(|html| !html.is_empty()).collect()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("person")?;
    let data = ctx.read(|db| {
        let standing = ctx.standing(db, id, Standing::File)?;
        let record = record::get::<Person>(db, id)?;
        let kernel::room::Panels { wide, side, data: more } =
            ctx.panels(db, "people.person", id, standing)?;
        let tail = sql("(f.record = ? or f.about = ?) order by f.id")
            .bind(id)
            .bind(id)
            .open("the standing at the person was checked");
        Ok(Dossier {
            w: ctx.w,
            person: record.json(standing),
            record,
            panels: wide.into_iter().chain(side).collect(),
            id,
            made_on: today(),
            consents: consent::of(db, id)?.into_iter().map(Given::from).collect(),
            more: Json::Object(more),
            facts: told(ctx, db, tail)?,
        })
    })?;
    let title = ctx.w.with("dossier.title", "name", ctx.w.name(&data.record.name));
    ctx.page(&title, &data)
}

/// The facts of the statement, told in the reader's language.
fn told(ctx: &Ctx, db: &mut Db, tail: kernel::Sql) -> Result<Vec<kernel::telling::Told>> {
    let facts = facts::read(db, tail)?;
    let actors: Vec<Id> = facts.iter().filter_map(|fact| fact.actor).collect();
    let accounts = crate::account_names(db, &actors)?;
    Ok(kernel::telling::tell(&ctx.app, ctx.w, facts, &accounts))
}
