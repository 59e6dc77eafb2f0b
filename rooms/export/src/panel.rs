//! What export tells on other pages, to whoever works on the file: on a product, on an organisation, on orders.

use askama::Template;
use kernel::kinds::Choice as _;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use market::Product;
use pooled::{Order as PooledOrder, Stage};
use sales::{Country, SaleOrder};
use schemars::JsonSchema;
use serde::Serialize;

use crate::file::{Asked, OnFile};
use crate::ready::{self, State};
use crate::rules::{self, Way};
use crate::shipment::consignment::Origin;
use crate::shipment::prepared::Prepared;
use crate::shipment::told::{self, Totals};
use crate::statement;
use crate::told::Counts;

pub(crate) fn panels() -> Vec<Panel> {
    let panel =
        |place, order, side, show| Panel { name: "export", place, order, side, read: Standing::File, show };
    vec![
        panel("market.product", 40, true, of_product),
        panel("registry.organisation", 18, true, of_organisation),
        panel("sales.order", 30, true, of_sale),
        panel("pooled.order", 30, false, of_pooled),
    ]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(panel)? }))
}

/// How ready a product is for a destination.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) to: String,
    pub(crate) country: String,
    pub(crate) counts: Counts,
}

impl Line {
    /// The colour that goes with its word.
    pub(crate) fn tone(&self) -> &'static str {
        match self.counts {
            Counts { missing: 0, waiting: 0, depends: 0, .. } => "good",
            Counts { missing: 0, .. } => "wait",
            _ => "late",
        }
    }
}

/// A product against the destinations that are shown first, as a consignment.
pub(crate) fn lines(w: Words, on_file: &OnFile) -> Result<Vec<Line>> {
    let (pack, day) = (rules::pack()?, kernel::today());
    let line = |to: &String| {
        let asked = Asked { to: to.clone(), way: Way::Consignment, value: None, pack: None, organic: None };
        let judged = ready::judge(pack, &on_file.journey(&asked, day), &on_file.held);
        Line { to: to.clone(), country: w.t2(Country::WORDS, to), counts: Counts::of(&judged) }
    };
    Ok(pack.first.iter().map(line).collect())
}

#[derive(Template, Serialize)]
#[template(path = "export_panel.html")]
struct OfProduct {
    #[serde(skip)]
    w: Words,
    product: Id,
    lines: Vec<Line>,
}

fn of_product(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let product = kernel::record::get::<Product>(db, id)?;
    let on_file = OnFile::read(ctx.w, db, product, kernel::today())?;
    shown(&OfProduct { w: ctx.w, product: id, lines: lines(ctx.w, &on_file)? })
}

#[derive(Template, Serialize)]
#[template(path = "export_of_organisation.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    statements: usize,
    ended: usize,
}

fn of_organisation(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let statements = statement::of(db, id)?;
    if statements.is_empty() && market::products_of(db, id)?.is_empty() {
        return Ok(None);
    }
    let today = kernel::today();
    let ended = statements.iter().filter(|one| one.state(today) == State::Over).count();
    shown(&OfOrganisation { w: ctx.w, organisation: id, statements: statements.len(), ended })
}

#[derive(Template, Serialize)]
#[template(path = "export_of_order.html")]
struct OfOrder {
    #[serde(skip)]
    w: Words,
    /// The address of the order.
    path: String,
    /// Nothing before something was prepared or accepted.
    totals: Option<Totals>,
    waits: &'static str,
    to_pack: i64,
    /// True if more is packed than was prepared, or accepted and not taken back.
    over: bool,
}

fn of_sale(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    if !kernel::record::get::<SaleOrder>(db, id)?.is_agreed() {
        return Ok(None);
    }
    of_order(ctx, db, Origin::Sale(id))
}

fn of_pooled(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let order = kernel::record::get::<PooledOrder>(db, id)?;
    if !matches!(order.stage, Stage::Confirmed | Stage::Settled) {
        return Ok(None);
    }
    of_order(ctx, db, Origin::Pooled(id))
}

fn of_order(ctx: &Ctx, db: &mut Db, origin: Origin) -> Result<Option<Shown>> {
    let prepared = Prepared::find(ctx.w, db, origin)?;
    let (totals, to_pack, over) = match &prepared {
        Some(prepared) => {
            let over = prepared.places().iter().any(|place| place.left < 0);
            (Some(told::totals(ctx.w, prepared)), prepared.left(), over)
        }
        None => (None, 0, false),
    };
    shown(&OfOrder { w: ctx.w, path: origin.path(), totals, waits: origin.waits(), to_pack, over })
}
