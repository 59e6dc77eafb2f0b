//! `/programmes/{programme}/open-data`: what a programme gives to everybody, and what its team can do about it.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::{File, files_of};
use crate::record;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/programmes/{programme}/open-data", show).open().answers::<DataPage>()]
}

/// What a programme publishes.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "open_page.html")]
struct DataPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    invented: bool,
    standing: Standing,
    /// `open` to everybody, `closed` by the team, `programme` while the programme itself is not published, `nothing`
    /// while nobody said what to publish.
    state: &'static str,
    publisher: Option<Multi>,
    identifier: Option<String>,
    sector: Option<String>,
    licence: Option<String>,
    licence_address: Option<&'static str>,
    issued: Option<String>,
    files: Vec<File>,
    package: String,
}

impl DataPage {
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
    fn near(&self) -> bool {
        self.standing >= Standing::Shared
    }
    fn shows_files(&self) -> bool {
        self.state == "open" || self.manages()
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        let standing = ctx.viewer.standing(db, id)?.ok_or(Error::NotFound)?;
        let programme = kernel::record::get::<Programme>(db, id)?;
        let data = record::of(db, id)?;
        let state = match &data {
            None => "nothing",
            Some(data) if !data.published => "closed",
            Some(_) if !programme.published => "programme",
            Some(_) => "open",
        };
        if state != "open" && standing < Standing::Shared {
            return Err(Error::NotFound);
        }
        // Who may not change it learns what is published, not what is meant to be.
        let data = data.filter(|_| state == "open" || standing >= Standing::Steward);
        let publisher = match &data {
            Some(data) => Some(kernel::record::get::<registry::Organisation>(db, data.publisher.id)?.name),
            None => None,
        };
        Ok(DataPage {
            w,
            id,
            name: programme.name,
            invented: programme.invented,
            standing,
            state,
            publisher,
            identifier: data.as_ref().map(|data| data.identifier.clone()),
            sector: data.as_ref().map(|data| w.choice(&data.sector)),
            licence: data.as_ref().map(|data| w.choice(&data.licence)),
            licence_address: data.as_ref().map(|data| data.licence.address()),
            issued: data.as_ref().map(|data| w.date(&data.issued)),
            files: data.as_ref().map(|data| files_of(w, data)).unwrap_or_default(),
            package: crate::files::path(id, "datapackage.json"),
        })
    })?;
    ctx.page(&w.with("open.of", "name", page.name.best(w.lang)), &page)
}
