//! What invoicing tells on other pages: on an order for its seller and for its buyer, on a pooled order, on an organisation.

use askama::Template;
use kernel::kinds::{Choice as _, Money};
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words};
use pooled::{Mode, Order as PooledOrder, Stage};
use sales::SaleStatus;
use serde::Serialize;

use crate::invoice::{self, Filter, Invoice, Origin};
use crate::{told, watch};

pub(crate) fn panels() -> Vec<Panel> {
    let panel = |place, order, side, read, show| Panel { name: "invoices", place, order, side, read, show };
    vec![
        panel("sales.order", 20, false, Standing::File, of_sale),
        panel("sales.bought", 20, false, Standing::Public, of_bought),
        panel("pooled.order", 20, false, Standing::File, of_pooled),
        panel("pooled.part", 20, false, Standing::File, of_part),
        panel("registry.organisation", 17, true, Standing::File, of_organisation),
    ]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    let html = Html(panel.render().map_err(Error::internal)?);
    Ok(Some(Shown { html, data: serde_json::to_value(panel)? }))
}

/// An invoice or a credit note in a list.
#[derive(Serialize)]
struct Line {
    id: Id,
    path: String,
    name: String,
    day: String,
    total: Money,
}

/// The invoices of an order, and the way to a new one.
#[derive(Template, Serialize)]
#[template(path = "invoicing_panel.html")]
struct OfOrder {
    #[serde(skip)]
    w: Words,
    lines: Vec<Line>,
    /// Where an invoice is issued, while none stands.
    issue: Option<String>,
    /// Why none can be issued yet: the key of a sentence.
    waits: Option<&'static str>,
    proforma: Option<String>,
    /// True for the buyer's page.
    bought: bool,
}

fn lines(w: Words, invoices: Vec<Invoice>, base: &str) -> Vec<Line> {
    let line = |invoice: Invoice| Line {
        id: invoice.id,
        path: format!("{base}/invoices/{}", invoice.id),
        name: told::named(w, &invoice),
        day: w.date(&invoice.issued),
        total: invoice.total,
    };
    invoices.into_iter().map(line).collect()
}

fn of_sale(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let Some(agreed) = sales::agreed(db, id)? else { return Ok(None) };
    let (order, origin) = (agreed.order, Origin::Sale(id));
    let stands = invoice::standing(db, order.organisation.id, origin)?.is_some();
    let invoices = invoice::of(db, order.organisation.id, origin)?;
    shown(&OfOrder {
        w: ctx.w,
        lines: lines(ctx.w, invoices, ""),
        issue: (order.is_agreed() && !stands).then(|| format!("/sales/{id}/invoice")),
        waits: (!order.is_agreed()).then_some("invoice.after_order"),
        proforma: Some(format!("/sales/{id}/proforma")),
        bought: false,
    })
}

fn of_bought(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let invoices = invoice::of_all(db, Origin::Sale(id))?;
    let base = format!("/bought/{}", ctx.param("secret")?);
    let lines = lines(ctx.w, invoices, &base);
    // Customs and banks ask for it before anything is delivered; afterwards the invoice says it.
    let asked = |status| matches!(status, SaleStatus::Quoted | SaleStatus::Ordered | SaleStatus::Prepared);
    let agreed = sales::agreed(db, id)?.filter(|agreed| lines.is_empty() && asked(agreed.order.status));
    let proforma = agreed.map(|_| format!("{base}/orders/{id}/proforma"));
    if lines.is_empty() && proforma.is_none() {
        return Ok(None);
    }
    shown(&OfOrder { w: ctx.w, lines, issue: None, waits: None, proforma, bought: true })
}

/// The panel of one seller of a pooled order.
fn of_seller(ctx: &Ctx, db: &mut Db, order: &PooledOrder, seller: Id, path: String) -> Result<Option<Shown>> {
    let origin = Origin::Pooled(order.id);
    let accepted = pooled::places(db, order.id)?
        .iter()
        .filter(|place| seller == order.lead.id || place.part.organisation.id == seller)
        .any(|place| place.accepted() > 0);
    let ready = accepted && matches!(order.stage, Stage::Confirmed | Stage::Settled);
    let stands = invoice::standing(db, seller, origin)?.is_some();
    let invoices = invoice::of(db, seller, origin)?;
    shown(&OfOrder {
        w: ctx.w,
        lines: lines(ctx.w, invoices, ""),
        issue: (ready && !stands).then_some(path),
        waits: (!ready).then_some("invoice.after_acceptance"),
        proforma: None,
        bought: false,
    })
}

fn of_pooled(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let order = kernel::record::get::<PooledOrder>(db, id)?;
    if order.mode == Mode::Several {
        // Each cooperative sells its part: the lead reads that, and no other's invoice.
        return shown(&OfOrder {
            w: ctx.w,
            lines: Vec::new(),
            issue: None,
            waits: Some("invoice.each_for_itself"),
            proforma: None,
            bought: false,
        });
    }
    of_seller(ctx, db, &order, order.lead.id, format!("/pooled-orders/{id}/invoice"))
}

fn of_part(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let part = kernel::record::get::<pooled::Member>(db, id)?;
    let order = kernel::record::get::<PooledOrder>(db, part.pooled_order.id)?;
    if order.mode != Mode::Several {
        return Ok(None);
    }
    of_seller(ctx, db, &order, part.organisation.id, format!("/pooled-parts/{id}/invoice"))
}

/// What an organisation issued in this year.
#[derive(Template, Serialize)]
#[template(path = "invoicing_organisation.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    sums: Vec<(invoice::InvoiceKind, Money)>,
    near: Vec<watch::Near>,
}

fn of_organisation(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Option<Shown>> {
    let sells = kernel::record::get::<registry::Organisation>(db, id)?.kind;
    use registry::OrganisationKind::{Association, Cooperative, Gie, SocialEnterprise, Union};
    if !matches!(sells, Cooperative | Union | Gie | Association | SocialEnterprise) {
        return Ok(None);
    }
    let year = kernel::today().year().into();
    let filter = Filter { organisation: Some(id), year, ..Filter::default() };
    shown(&OfOrganisation {
        w: ctx.w,
        organisation: id,
        sums: invoice::sums(db, &ctx.viewer, &filter)?,
        near: watch::near(db, &ctx.viewer, Some(id), year)?,
    })
}
