//! An order: what one buyer asks of one cooperative, from the first question to the delivery.

use jiff::civil::Date;
use kernel::kinds::{Email, Long, Phone, Ref};
use kernel::value::Row;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, Viewer, choice, record, sql};
use market::Buyer;
use people::Language;
use registry::Organisation;

choice! {
    /// How an order stands.
    pub SaleStatus in "sale_order.status" {
        Asked = "asked", Quoted = "quoted", Ordered = "ordered", Prepared = "prepared", Delivered = "delivered",
        Declined = "declined", Cancelled = "cancelled",
    }
}

choice! {
    /// Countries that cooperatives sell to; the code is that of ISO 3166-1.
    pub Country in "country" {
        Morocco = "MA", Algeria = "DZ", Austria = "AT", Belgium = "BE", Canada = "CA", China = "CN", CoteIvoire = "CI",
        Denmark = "DK", Egypt = "EG", France = "FR", Germany = "DE", Italy = "IT", Japan = "JP", Kuwait = "KW",
        Luxembourg = "LU", Mali = "ML", Mauritania = "MR", Netherlands = "NL", Norway = "NO", Portugal = "PT",
        Qatar = "QA", SaudiArabia = "SA", Senegal = "SN", Spain = "ES", Sweden = "SE", Switzerland = "CH",
        Tunisia = "TN", Emirates = "AE", Kingdom = "GB", States = "US", Elsewhere = "ZZ",
    }
}

record! {
    /// An order of a buyer to a cooperative. Nobody but the buyer and who works on the file of the cooperative reads it. One
    /// that was sold on the spot is delivered as it is written down, and is named after the place.
    pub SaleOrder in "sale_order" as "sales.sale_order", about organisation {
        origin(File, Steward) {
            organisation: Ref<Organisation>, number: i64, asked: Date, language: Option<Language>, spot: bool,
        }
        buyer(File, Steward) {
            name: String, buyer: Buyer, phone: Option<Phone>, email: Option<Email>, country: Country, town: Option<String>,
        }
        wish(File, Steward) { wanted: Option<Date>, note: Option<Long> }
        state(File, Steward) {
            status: SaleStatus, ordered: Option<Date>, delivered: Option<Date>, reason: Option<String>,
        }
    }
}

impl SaleOrder {
    /// What stands on papers and bank transfers, such as `0007-3FA2`: the number, and a part of the cooperative's id.
    pub fn reference(&self) -> String {
        let holder = self.organisation.id.to_string().to_uppercase();
        format!("{:04}-{}", self.number, &holder[holder.len() - 4..])
    }

    /// True as long as neither side can step back by a word: before something was prepared.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.status, SaleStatus::Asked | SaleStatus::Quoted | SaleStatus::Ordered)
    }

    /// True once the buyer and the cooperative agreed.
    pub fn is_agreed(&self) -> bool {
        matches!(self.status, SaleStatus::Ordered | SaleStatus::Prepared | SaleStatus::Delivered)
    }

    /// The order moves on, and what it was promised with it; what others wrote meanwhile is looked at by the caller, who holds
    /// the order.
    pub(crate) fn moves(self, tx: &mut Tx<'_>, status: SaleStatus) -> Result<SaleOrder> {
        let after = SaleOrder { status, ..self };
        kernel::record::update(tx, &after)?;
        crate::reserve::follow(tx, &after)?;
        kernel::record::get::<SaleOrder>(tx, after.id)
    }
}

/// The colour that goes with the word of a status.
pub(crate) fn tone(status: SaleStatus) -> &'static str {
    match status {
        SaleStatus::Asked | SaleStatus::Ordered => "wait",
        SaleStatus::Quoted | SaleStatus::Prepared => "info",
        SaleStatus::Delivered => "good",
        SaleStatus::Declined | SaleStatus::Cancelled => "plain",
    }
}

/// The order, held: whoever changes it at the same time waits. The caller checked the right to it.
pub(crate) fn hold(tx: &mut Tx<'_>, id: Id) -> Result<SaleOrder> {
    let hold = sql("update sale_order set version = version where id = ?").bind(id);
    tx.run(&hold.open("waits, changes nothing"))?;
    kernel::record::get::<SaleOrder>(tx, id)
}

/// The order of the address, for whoever works on the file of its cooperative.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<SaleOrder> {
    let order = kernel::record::get::<SaleOrder>(db, ctx.id("sale_order")?)?;
    ctx.standing(db, order.organisation.id, Standing::File)?;
    Ok(order)
}

/// The same, held, to be changed; the page says so if somebody from the team does it for the cooperative.
pub(crate) fn open_held(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<SaleOrder> {
    let order = open(ctx, tx)?;
    market::hand(ctx, tx, order.organisation.id);
    hold(tx, order.id)
}

/// The next number of a cooperative. Two orders at the same moment wait for each other here: no number is given twice, and
/// none is left out.
pub(crate) fn next_number(tx: &mut Tx<'_>, organisation: Id) -> Result<i64> {
    let hold = sql("update organisation set version = version where id = ?").bind(organisation);
    tx.run(&hold.open("waits, changes nothing"))?;
    let last = sql("select cast(coalesce(max(number), 0) as bigint) from sale_order where organisation = ?");
    Ok(tx.one::<i64>(&last.bind(organisation).open("numbers of one cooperative"))? + 1)
}

/// A line of a list of orders.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Listed {
    pub(crate) id: Id,
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) status: SaleStatus,
    #[schemars(with = "String")]
    pub(crate) asked: Date,
    pub(crate) organisation: Id,
    pub(crate) holder: kernel::kinds::Multi,
    /// What the latest quotation comes to.
    pub(crate) total: Option<kernel::kinds::Money>,
}

/// Most lines on a page of the list.
pub(crate) const PAGE: i64 = 50;

/// How many orders there are in each state that has any, of the cooperatives whose file the viewer works on.
pub(crate) fn counts(db: &mut Db, viewer: &Viewer) -> Result<Vec<(SaleStatus, i64)>> {
    let query = sql("select s.status, count(*) from sale_order s where")
        .seen_near(viewer, "s.organisation", Standing::File)
        .and(" group by s.status");
    db.rows(&query, |row: &mut Row| Ok((row.take()?, row.take()?)))
}

/// Those orders, in one state if it is named, the latest first.
pub(crate) fn list(
    db: &mut Db,
    viewer: &Viewer,
    status: Option<SaleStatus>,
    before: Option<Id>,
) -> Result<Vec<Listed>> {
    let query = sql("select s.id, s.number, s.name, s.status, s.asked, s.organisation, o.name, q.total, q.total_currency")
        .and(" from sale_order s join organisation o on o.id = s.organisation left join sale_quotation q
             on q.sale_order = s.id and q.number = (select max(n.number) from sale_quotation n where n.sale_order = s.id) where")
        .seen_near(viewer, "s.organisation", Standing::File)
        .and_if(" and s.status = ?", status)
        .and_if(" and s.id < ?", before)
        .and(" order by s.id desc limit ?")
        .bind(PAGE + 1);
    db.rows(&query, |row: &mut Row| {
        Ok(Listed {
            id: row.take()?,
            number: row.take()?,
            name: row.take()?,
            status: row.take()?,
            asked: row.take()?,
            organisation: row.take()?,
            holder: row.take()?,
            total: {
                let (minor, currency): (Option<i64>, Option<String>) = (row.take()?, row.take()?);
                minor.zip(currency).map(|(minor, currency)| kernel::kinds::Money { minor, currency })
            },
        })
    })
}

/// The answer to a step that the state of the order does not allow.
pub(crate) fn not_now() -> Error {
    Error::refused("sale_order.not_now")
}

/// Orders in this status of one cooperative. The caller checked the standing.
pub(crate) fn waiting(db: &mut Db, organisation: Id, status: SaleStatus) -> Result<i64> {
    let query = sql("select count(*) from sale_order where organisation = ? and status = ?");
    db.one(&query.bind(organisation).bind(status).open("the page checked the standing"))
}

/// All orders that a link opens, in the order of their cooperatives.
pub(crate) fn select(db: &mut Db, ids: &[Id]) -> Result<Vec<SaleOrder>> {
    let query = format!("select {} from sale_order where id", SaleOrder::columns(""));
    let query = sql(&query).within(ids).and(" order by organisation, id");
    db.rows(&query.open("whoever holds the link holds the right"), SaleOrder::from_row)
}
