//! To issue an invoice: once for an order, with what the law asks for, and exactly what was read before.

use kernel::{Ctx, Db, Error, Fields, Id, Record as _, Result, Standing, Tx, Words};

use crate::content::Content;
use crate::invoice::{self, Invoice, Origin};
use crate::rules::{self, Treatment};
use crate::setting::{self, Missing, missing};
use crate::source::{self, Source, Typed};

/// What would be frozen, and what it lacks.
pub(crate) struct Draft {
    pub(crate) content: Content,
    pub(crate) missing: Vec<Missing>,
}

/// How the seller is taxed by its own choice; nothing as long as it has not chosen.
pub(crate) fn chosen(db: &mut Db, organisation: Id) -> Result<Option<&'static Treatment>> {
    match setting::of(db, organisation)? {
        Some(there) => rules::treatment(&there.treatment),
        None => Ok(None),
    }
}

/// The invoice as it would be, by what was typed. Without a choice of the seller the first treatment of the pack shows what
/// it would be like, and the choice is missing.
///
/// # Errors
/// Fields that are wrong.
pub(crate) fn draft(w: Words, db: &mut Db, source: &Source, form: &Fields) -> Result<Draft> {
    let typed = kernel::record::parse::<Typed>(form, Standing::File, None)?;
    let typed = Typed::from_cells(Id::default(), 1, typed)?;
    let named = match form.text("treatment") {
        Some(code) => {
            let known = rules::treatment(code)?;
            Some(known.ok_or_else(|| Error::field("treatment", "invoice_setting.treatment_needed"))?)
        }
        None => None,
    };
    let own = chosen(db, source.organisation)?;
    let treatment = named.or(own).or(rules::treatments()?.first());
    let treatment = treatment.ok_or_else(|| Error::internal("no rule of taxes"))?;
    let content = source.content(w, db, &typed, treatment)?;
    let missing = missing(source.organisation, &content.seller, own.is_some());
    Ok(Draft { content, missing })
}

/// What came of asking for an invoice.
pub(crate) enum Issued {
    /// It is issued, now or before.
    There(Box<Invoice>),
    /// It would say something else than what was read: the order, the file of the seller or a rule changed meanwhile.
    Changed,
    /// The law asks for more than is known.
    Lacks,
}

/// Issues what the form showed. A repeat gives the invoice that stands for the order. The caller checked the standing and
/// holds the order.
pub(crate) fn issue(ctx: &Ctx, tx: &mut Tx<'_>, id: Id, source: &Source) -> Result<Issued> {
    market::hand(ctx, tx, source.organisation);
    invoice::hold_series(tx, source.organisation)?;
    if let Some(there) = invoice::standing(tx, source.organisation, source.origin)? {
        return Ok(Issued::There(Box::new(there)));
    }
    let Draft { content, missing } = draft(ctx.w, tx, source, &ctx.form)?;
    if !missing.is_empty() {
        return Ok(Issued::Lacks);
    }
    if ctx.form.text("seen") != Some(&*content.digest()?) {
        return Ok(Issued::Changed);
    }
    let invoice = invoice::freeze(tx, source.organisation, id, Some(source.origin), content)?;
    Ok(Issued::There(Box::new(invoice)))
}

/// Waits for whoever changes the order at the same time.
pub(crate) fn hold(tx: &mut Tx<'_>, origin: Origin) -> Result<()> {
    match origin {
        Origin::Sale(order) => sales::hold(tx, order).map(|_| ()),
        Origin::Pooled(order) => pooled::hold(tx, order).map(|_| ()),
    }
}

/// Issues an invoice as it is proposed, without anybody before a page: for what is told of the demonstration. The id again
/// gives the same.
///
/// # Errors
/// Refused where nothing can be invoiced, or where the seller lacks what the law asks for.
pub fn issue_proposed(tx: &mut Tx<'_>, w: Words, id: Id, origin: Origin, treatment: &str) -> Result<Invoice> {
    hold(tx, origin)?;
    let source = match origin {
        Origin::Sale(order) => source::of_sale(w, tx, order)?.0,
        Origin::Pooled(order) => {
            let order = kernel::record::get::<pooled::Order>(tx, order)?;
            source::of_pooled(w, tx, &order, &source::Whose::Lead)?
        }
    };
    invoice::hold_series(tx, source.organisation)?;
    if let Some(there) = kernel::record::find::<Invoice>(tx, id)? {
        return Ok(there);
    }
    let mut form = source.proposed();
    form.set("treatment", treatment);
    let Draft { content, missing } = draft(w, tx, &source, &form)?;
    if !missing.is_empty() {
        return Err(Error::internal("the seller lacks what invoices need"));
    }
    invoice::freeze(tx, source.organisation, id, Some(origin), content)
}
