//! The public home: what Tiwizi is, and what stands in this one today.

use askama::Template;
use kernel::{Ctx, Reply, Result, Viewer, Words, sql};
use registry::{Filter, organisation};
use schemars::JsonSchema;
use serde::Serialize;

/// Figures that anybody may see: they count what was published.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Figures {
    organisations: i64,
    members: i64,
    women: i64,
    programmes: i64,
    communes: i64,
}

/// The public home.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "desk_home.html")]
pub(crate) struct HomePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    figures: Figures,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Option<registry::Picture>,
    divisions: Vec<registry::DivisionCount>,
    #[serde(skip)]
    signed_in: bool,
}

pub(crate) fn page(ctx: &Ctx) -> Result<Reply> {
    let public = Viewer::default();
    let filter = Filter { published: true, ..Filter::default() };
    let (figures, communes) = ctx.read(|db| {
        let found = filter.found(db, &public)?;
        let communes = organisation::count_by_commune(db, &found)?;
        let sums =
            sql("select cast(coalesce(sum(members), 0) as bigint), cast(coalesce(sum(women), 0) as bigint)
             from organisation where published = 1 and merged_into is null")
            .open("what was published is counted");
        let (members, women) = db.row(&sums, |row| Ok((row.take()?, row.take()?)))?.unwrap_or_default();
        let programmes = db.one(&sql("select count(*) from programme p where").seen(&public, "p.id"))?;
        let organisations = found.count();
        Ok((Figures { organisations, members, women, programmes, communes: communes.len() as i64 }, communes))
    })?;
    let (divisions, picture) = registry::value_map(ctx, &communes, "/directory")?;
    let page = HomePage { w: ctx.w, figures, picture, divisions, signed_in: ctx.viewer.signed_in() };
    ctx.page(&ctx.w.t("home.title"), &page)
}
