//! Pages of the registry, a file each.

mod edit;
mod export;
mod filters;
mod history;
mod list;
mod map;
mod show;

use kernel::form::Options;
use kernel::kinds::Multi;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Id, Result, sql};

use crate::TEAM;
use crate::organisation::{self, Organisation};

pub(crate) use filters::{Pick, filter_of, filters};
pub use history::told;
pub(crate) use list::some;
pub use map::DivisionCount;

pub(crate) fn routes() -> Vec<Route> {
    const FILTERS: &[&str] = &["q", "kind", "activity", "territory", "programme", "women_led", "after"];
    vec![
        get("/organisations", list::list).query(FILTERS).answers::<list::ListPage>(),
        get("/organisations/map", map::map).query(FILTERS).answers::<map::MapPage>(),
        get("/organisations/export/{format}", export::export).query(FILTERS),
        get("/organisations/suggest", list::suggest).query(&["q"]),
        get("/organisations/new", edit::new).role(TEAM),
        post("/organisations", edit::create).role(TEAM).takes::<Organisation>(),
        get("/organisations/{organisation}", show::show).open().answers::<show::FilePage>(),
        get("/organisations/{organisation}/edit", edit::edit),
        post("/organisations/{organisation}", edit::change).takes::<Organisation>(),
        get("/organisations/{organisation}/history", history::history)
            .query(&["before"])
            .answers::<history::HistoryPage>(),
    ]
}

/// Organisations a form can refer to: those of these kinds the viewer knows of, in the order of names, up to 300.
pub fn choices(ctx: &Ctx, db: &mut Db, kinds: &[&str], keep: Option<Id>) -> Result<Options> {
    let page = organisation::of_kinds(db, &ctx.viewer, kinds)?.page(db, None, 300)?;
    let query = sql("select o.id, o.name").join(page.rows("organisation o"));
    let mut found: Options =
        db.rows(&query, |row| Ok((row.take::<String>()?, row.take::<Multi>()?.best(ctx.w.lang).to_owned())))?;
    if let Some(keep) = keep.map(|id| id.to_string()).filter(|id| !found.iter().any(|(there, _)| there == id))
    {
        found.push((keep.clone(), keep));
    }
    Ok(found)
}
