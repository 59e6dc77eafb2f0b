//! `/pooled-orders`: the orders that the viewer leads or takes part in, and those that a lot went into.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Id, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::order::{self, LINES, Line, Stage};

pub(super) fn routes() -> Vec<Route> {
    let roles = &["manager", "coach", "representative"];
    vec![get("/pooled-orders", show).role(roles).query(&["lot"]).answers::<ListPage>()]
}

/// A part of a cooperative in an order.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PartLine {
    pub(crate) id: Id,
    pub(crate) product: Multi,
    pub(crate) organisation: Multi,
    pub(crate) lead: Multi,
    pub(crate) stage: Stage,
    pub(crate) pledged: Option<i64>,
}

impl PartLine {
    /// The colour that goes with its stage.
    pub(crate) fn tone(&self) -> &'static str {
        self.stage.tone()
    }
}

/// Where a lot went.
#[derive(Serialize, JsonSchema)]
struct Recalled {
    order: Id,
    product: Multi,
    buyer: String,
    organisation: Multi,
    number: String,
    accepted: i64,
}

/// Orders of the viewer.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "pooled_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    led: Vec<Line>,
    parts: Vec<PartLine>,
    /// The number of a lot that was asked for.
    lot: Option<String>,
    recalled: Vec<Recalled>,
}

const PARTS: &str = "select m.id, g.product, o.name, l.name, g.stage, p.most from pooled_part m
     join pooled_order g on g.id = m.pooled_order join organisation o on o.id = m.organisation
     join organisation l on l.id = g.lead left join pooled_pledge p on p.part = m.id where g.stage <> 'draft' and";

fn part_line(row: &mut kernel::value::Row) -> Result<PartLine> {
    Ok(PartLine {
        id: row.take()?,
        product: row.take()?,
        organisation: row.take()?,
        lead: row.take()?,
        stage: row.take()?,
        pledged: row.take()?,
    })
}

/// Orders that a cooperative may take part in, the latest first. The caller checked the standing.
pub(crate) fn parts_of(db: &mut Db, organisation: Id) -> Result<Vec<PartLine>> {
    let query = sql(PARTS).and(" m.organisation = ? order by m.id desc limit 100").bind(organisation);
    db.rows(&query.open("the caller checked the standing at the organisation"), part_line)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let lot = ctx.query.text("lot").map(|lot| lot.trim().chars().take(40).collect::<String>().to_uppercase());
    let page = ctx.read(|db| {
        let query = sql(LINES).seen_near(&ctx.viewer, "g.lead", Standing::File);
        let led = db.rows(&query.and(" order by g.id desc limit 100"), order::line)?;
        let query = sql(PARTS).seen_near(&ctx.viewer, "m.organisation", Standing::File);
        let parts = db.rows(&query.and(" order by m.id desc limit 100"), part_line)?;
        let recalled = match &lot {
            Some(number) => recalled(ctx, db, number)?,
            None => Vec::new(),
        };
        Ok(ListPage { w: ctx.w, led, parts, lot: lot.clone(), recalled })
    })?;
    ctx.page(&ctx.w.t("nav.pooled"), &page)
}

/// The orders that lots of this number went into, by themselves or in blends, as far as the viewer works on the file of
/// the lead or of the cooperative.
fn recalled(ctx: &Ctx, db: &mut Db, number: &str) -> Result<Vec<Recalled>> {
    let query = sql("select id from lot where number = ? order by id limit 100").bind(number);
    let query = query.open("what is shown of it follows from the rights below");
    let mut lots: Vec<Id> = db.rows(&query, kernel::value::Row::take)?;
    lots.extend(market::gone_into(db, &lots)?);
    let query = sql("select g.id, g.product, g.buyer, o.name, t.number, r.accepted from pooled_reception r
                     join pooled_order g on g.id = r.pooled_order join pooled_part m on m.id = r.part
                     join organisation o on o.id = m.organisation join lot t on t.id = r.lot
                     where r.accepted > 0 and r.lot")
    .within(&lots)
    .and(" and (")
    .seen_near(&ctx.viewer, "g.lead", Standing::File)
    .and(" or")
    .seen_near(&ctx.viewer, "m.organisation", Standing::File)
    .and(") order by r.day desc, r.id limit 200");
    db.rows(&query, |row| {
        Ok(Recalled {
            order: row.take()?,
            product: row.take()?,
            buyer: row.take()?,
            organisation: row.take()?,
            number: row.take()?,
            accepted: row.take()?,
        })
    })
}
