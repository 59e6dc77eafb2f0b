//! An invoice or a credit note: numbered without a gap, frozen, read by its seller and by whoever holds the link of its order.

use jiff::civil::Date;
use kernel::kinds::{Money, Multi, Ref};
use kernel::value::Row;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, Viewer, choice, record, sql};
use pooled::Order as PooledOrder;
use registry::Organisation;
use sales::SaleOrder;

use crate::content::Content;

choice! {
    /// What it is.
    pub InvoiceKind in "invoice.kind" { Invoice = "invoice", CreditNote = "credit_note" }
}

record! {
    /// An invoice or a credit note of an organisation. After its issue nothing of it changes; what the tax authority says
    /// of it is written beside it once, when clearance is asked for one day (CGI, art. 145-IX: its decree is awaited).
    pub Invoice in "invoice" as "invoicing.invoice", about organisation {
        number(File, Steward) {
            organisation: Ref<Organisation>, number: String, year: i64, serial: i64, kind: InvoiceKind, issued: Date,
        }
        origin(File, Steward) {
            sale_order: Option<Ref<SaleOrder>>, pooled_order: Option<Ref<PooledOrder>>, round: i64,
            credits: Option<Ref<Invoice>>,
        }
        content(File, Steward) { buyer: String, net: i64, total: Money, content: Content }
        clearance(File, File) {
            clearance_number: Option<String>, clearance_state: Option<String>, clearance_code: Option<String>,
        }
    }
}

/// What an invoice is made of: orders are asked for it by the pages of their rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An order of a buyer to one cooperative.
    Sale(Id),
    /// A pooled order.
    Pooled(Id),
}

impl Origin {
    fn column(self) -> (&'static str, Id) {
        match self {
            Origin::Sale(id) => ("sale_order", id),
            Origin::Pooled(id) => ("pooled_order", id),
        }
    }
}

impl Invoice {
    /// True for a credit note.
    pub fn is_credit(&self) -> bool {
        self.kind == InvoiceKind::CreditNote
    }

    /// What it was made of.
    pub fn origin(&self) -> Option<Origin> {
        let sale = self.sale_order.map(|order| Origin::Sale(order.id));
        sale.or(self.pooled_order.map(|order| Origin::Pooled(order.id)))
    }

    /// Its number, which reads from left to right in every language.
    pub fn isolated(&self) -> String {
        format!("\u{2066}{}\u{2069}", self.number)
    }
}

/// Makes whoever issues something of the same seller wait until this transaction is over: what is looked at from here on
/// holds, and no number is given twice.
pub(crate) fn hold_series(tx: &mut Tx<'_>, organisation: Id) -> Result<()> {
    let hold = sql("update organisation set version = version where id = ?").bind(organisation);
    tx.run(&hold.open("waits, changes nothing")).map(|_| ())
}

/// Gives the content the next number of its seller and year, and freezes it. The caller holds the series: none is left out,
/// for what fails takes its number back with it.
pub(crate) fn freeze(
    tx: &mut Tx<'_>,
    organisation: Id,
    id: Id,
    origin: Option<Origin>,
    content: Content,
) -> Result<Invoice> {
    let issued = kernel::today();
    let year = i64::from(issued.year());
    let last = sql(
        "select cast(coalesce(max(serial), 0) as bigint) from invoice where organisation = ? and year = ?",
    );
    let serial = tx.one::<i64>(&last.bind(organisation).bind(year).open("numbers of one seller"))? + 1;
    let credits = content.credits.as_ref().map(|credited| credited.invoice);
    let round = match (credits, origin) {
        (None, Some(origin)) => of(tx, organisation, origin)?.iter().filter(|one| !one.is_credit()).count(),
        _ => 0,
    };
    let (sale, pooled) = match origin {
        Some(Origin::Sale(id)) => (Some(id), None),
        Some(Origin::Pooled(id)) => (None, Some(id)),
        None => (None, None),
    };
    let invoice = Invoice {
        id,
        version: 1,
        organisation: organisation.into(),
        number: format!("{year}-{serial:04}"),
        year,
        serial,
        kind: if credits.is_some() { InvoiceKind::CreditNote } else { InvoiceKind::Invoice },
        issued,
        sale_order: sale.map(Ref::from),
        pooled_order: pooled.map(Ref::from),
        round: i64::try_from(round).unwrap_or(i64::MAX),
        credits: credits.map(Ref::from),
        buyer: content.buyer.name.clone(),
        net: content.net,
        total: content.money(content.total),
        content,
        clearance_number: None,
        clearance_state: None,
        clearance_code: None,
    };
    kernel::record::insert(tx, &invoice)?;
    Ok(invoice)
}

/// The invoices and credit notes of an origin by one seller, in their order. The caller checked the right to it.
pub(crate) fn of(db: &mut Db, organisation: Id, origin: Origin) -> Result<Vec<Invoice>> {
    let (column, id) = origin.column();
    let columns = Invoice::columns("");
    let query = sql(&format!(
        "select {columns} from invoice where organisation = ? and {column} = ? order by year, serial"
    ));
    db.rows(
        &query.bind(organisation).bind(id).open("the caller checked the right to the order"),
        Invoice::from_row,
    )
}

/// All of an origin, whoever sold.
pub(crate) fn of_all(db: &mut Db, origin: Origin) -> Result<Vec<Invoice>> {
    let (column, id) = origin.column();
    let query = sql(&format!(
        "select {} from invoice where {column} = ? order by organisation, year, serial",
        Invoice::columns("")
    ));
    db.rows(&query.bind(id).open("the caller checked the right to the order"), Invoice::from_row)
}

/// The credit notes of an invoice, in their order. The caller checked the right to it.
pub(crate) fn credits(db: &mut Db, invoice: Id) -> Result<Vec<Invoice>> {
    let query =
        sql(&format!("select {} from invoice where credits = ? order by year, serial", Invoice::columns("")));
    db.rows(&query.bind(invoice).open("the caller checked the right to the invoice"), Invoice::from_row)
}

/// What credit notes took back of an invoice so far, in minor units.
pub(crate) fn credited(notes: &[Invoice]) -> i64 {
    notes.iter().map(|note| note.total.minor).sum()
}

/// The invoice of an origin that was not taken back as a whole: there is one at most.
pub(crate) fn standing(db: &mut Db, organisation: Id, origin: Origin) -> Result<Option<Invoice>> {
    for invoice in of(db, organisation, origin)?.into_iter().rev().filter(|one| !one.is_credit()) {
        if credited(&credits(db, invoice.id)?) < invoice.total.minor {
            return Ok(Some(invoice));
        }
    }
    Ok(None)
}

/// The invoice of the address, for whoever works on the file of its seller.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<Invoice> {
    let invoice = kernel::record::get::<Invoice>(db, ctx.id("invoice")?)?;
    ctx.standing(db, invoice.organisation.id, Standing::File)?;
    Ok(invoice)
}

/// What the tax authority answered is written beside an invoice, once.
pub(crate) fn clear(
    tx: &mut Tx<'_>,
    invoice: Invoice,
    number: String,
    state: String,
    code: Option<String>,
) -> Result<()> {
    let hold = sql("update invoice set version = version where id = ?").bind(invoice.id);
    tx.run(&hold.open("waits, changes nothing"))?;
    let invoice = kernel::record::get::<Invoice>(tx, invoice.id)?;
    match &invoice.clearance_number {
        Some(there) if *there == number => Ok(()),
        Some(_) => Err(Error::refused("invoice.cleared_already")),
        None => {
            let cleared = Invoice {
                clearance_number: Some(number),
                clearance_state: Some(state),
                clearance_code: code,
                ..invoice
            };
            kernel::record::update(tx, &cleared)
        }
    }
}

/// A line of a list of invoices.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Listed {
    pub(crate) id: Id,
    pub(crate) number: String,
    pub(crate) kind: InvoiceKind,
    #[schemars(with = "String")]
    pub(crate) issued: Date,
    pub(crate) buyer: String,
    pub(crate) total: Money,
    /// What credit notes took back, in minor units.
    pub(crate) credited: i64,
    pub(crate) organisation: Id,
    pub(crate) holder: Multi,
    #[serde(skip)]
    pub(crate) sale_order: Option<Id>,
}

/// Most lines of a page of the list.
pub(crate) const PAGE: i64 = 100;

/// What a list is narrowed by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) organisation: Option<Id>,
    pub(crate) year: i64,
    pub(crate) kind: Option<InvoiceKind>,
    pub(crate) before: Option<Id>,
}

/// Invoices of the sellers on whose files the viewer works, the latest first; one more than a page if there are more.
pub(crate) fn list(db: &mut Db, viewer: &Viewer, filter: &Filter) -> Result<Vec<Listed>> {
    let query = sql("select i.id, i.number, i.kind, i.issued, i.buyer, i.total, i.total_currency, cast(coalesce((select
         sum(n.total) from invoice n where n.credits = i.id), 0) as bigint), i.organisation, o.name, i.sale_order
         from invoice i join organisation o on o.id = i.organisation where i.year = ? and")
        .bind(filter.year)
        .seen_near(viewer, "i.organisation", Standing::File)
        .and_if(" and i.organisation = ?", filter.organisation)
        .and_if(" and i.kind = ?", filter.kind)
        .and_if(" and i.id < ?", filter.before)
        .and(" order by i.id desc limit ?")
        .bind(PAGE + 1);
    db.rows(&query, |row: &mut Row| {
        Ok(Listed {
            id: row.take()?,
            number: row.take()?,
            kind: row.take()?,
            issued: row.take()?,
            buyer: row.take()?,
            total: Money { minor: row.take()?, currency: row.take()? },
            credited: row.take()?,
            organisation: row.take()?,
            holder: row.take()?,
            sale_order: row.take()?,
        })
    })
}

/// The years in which the viewer's sellers issued something, the latest first.
pub(crate) fn years(db: &mut Db, viewer: &Viewer) -> Result<Vec<i64>> {
    let query = sql("select distinct i.year from invoice i where").seen_near(
        viewer,
        "i.organisation",
        Standing::File,
    );
    db.rows(&query.and(" order by i.year desc"), Row::take)
}

/// What was issued and what was taken back in a year, by currency.
pub(crate) fn sums(db: &mut Db, viewer: &Viewer, filter: &Filter) -> Result<Vec<(InvoiceKind, Money)>> {
    let query = sql(
        "select i.kind, cast(sum(i.total) as bigint), i.total_currency from invoice i where i.year = ? and",
    )
    .bind(filter.year)
    .seen_near(viewer, "i.organisation", Standing::File)
    .and_if(" and i.organisation = ?", filter.organisation)
    .and(" group by i.kind, i.total_currency order by i.total_currency, i.kind");
    db.rows(&query, |row| Ok((row.take()?, Money { minor: row.take()?, currency: row.take()? })))
}

/// The register of a year of those sellers, by seller and number.
pub(crate) fn register(db: &mut Db, viewer: &Viewer, filter: &Filter) -> Result<Vec<Invoice>> {
    let query = sql(&format!("select {} from invoice i where i.year = ? and", Invoice::columns("i.")))
        .bind(filter.year)
        .seen_near(viewer, "i.organisation", Standing::File)
        .and_if(" and i.organisation = ?", filter.organisation)
        .and_if(" and i.kind = ?", filter.kind)
        .and(" order by i.organisation, i.serial");
    db.rows(&query, Invoice::from_row)
}
