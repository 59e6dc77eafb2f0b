//! A pooled order: one large order of a buyer that several cooperatives fill together, led by one organisation.

use jiff::civil::Date;
use kernel::kinds::{Money, Multi, Ref};
use kernel::{Ctx, Db, Error, Id, Lang, Result, Standing, Tx, Words, choice, record, sql};
use market::{Incoterm, Scheme, Unit};
use registry::Organisation;

use crate::allocation::Rule;

choice! {
    /// Who sells, and so who answers to the buyer (Morocco: law 13-97 on economic interest groupings, law 112-12 on
    /// cooperatives and their unions).
    pub Mode in "pooled_order.mode" { Lead = "lead", Mandate = "mandate", Several = "several" }
}

choice! {
    /// How far an order is.
    pub Stage in "pooled_order.stage" {
        Draft = "draft", Open = "open", Shared = "shared", Confirmed = "confirmed", Settled = "settled",
        Cancelled = "cancelled",
    }
}

impl Stage {
    /// The colour that goes with its word.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Stage::Draft => "plain",
            Stage::Open | Stage::Shared => "wait",
            Stage::Confirmed => "info",
            Stage::Settled => "good",
            Stage::Cancelled => "late",
        }
    }
}

record! {
    /// One order of a buyer, shared among cooperatives. Its quantity is counted in packs of so many units.
    pub Order in "pooled_order" as "pooled.order", about lead {
        buyer(File, File) { lead: Ref<Organisation>, buyer: String, country: String, contact: Option<String> }
        wanted(File, File) {
            product: Multi, grade: Option<String>, label: Option<Scheme>, unit: Unit, pack: i64, packs: i64,
            tolerance: i64, second_grade: i64,
        }
        sale(File, File) { price: Money, incoterm: Incoterm, place: String, deliver: Date }
        deal(File, File) {
            mode: Mode, mandate: Option<String>, rule: Rule, guarantee: Option<i64>, closes: Date,
        }
        state(File, File) { stage: Stage, agreed: Option<i64>, cancelled_reason: Option<String> }
    }
}

/// The largest sum in minor units and the largest quantity in units that are worked with.
const MOST: i128 = 1_000_000_000_000;

impl Order {
    /// Packs that are to be delivered: what the buyer agreed to take in the end, or what was ordered.
    pub fn wanted(&self) -> i64 {
        self.agreed.unwrap_or(self.packs)
    }

    /// The fewest packs with which the order holds: the buyer's tolerance, rounded in the buyer's favour.
    pub fn least(&self) -> i64 {
        match self.agreed {
            Some(agreed) => agreed,
            None => {
                let least = i128::from(self.packs) * i128::from(100 - self.tolerance.clamp(0, 100));
                i64::try_from((least + 99) / 100).unwrap_or(i64::MAX)
            }
        }
    }

    /// What stands on papers and bank transfers, such as `G-3FA2B1C0`: a part of its id.
    pub fn reference(&self) -> String {
        let id = self.id.to_string().to_uppercase();
        format!("G-{}", &id[id.len() - 8..])
    }

    /// One of its packs in every language: the product, what a pack holds, and the grade, if its word is given.
    pub fn pack_named(&self, w: Words, grade: Option<&str>) -> Multi {
        let of = |lang: Lang| {
            let w = w.speak(lang);
            let pack = market::sale::quantity(w, self.unit, self.pack);
            let grade = grade.map(|key| format!(" · {}", w.t(key))).unwrap_or_default();
            (lang.code().to_owned(), format!("{} · {pack}{grade}", self.product.best(lang)))
        };
        Multi([Lang::Fr, Lang::Ar, Lang::En].map(of).into())
    }

    /// What so many packs of the first and of the second grade count in a settlement, in hundredths of a pack.
    pub(crate) fn hundredths(&self, [first, second]: [i64; 2]) -> i128 {
        i128::from(first) * 100 + i128::from(second) * i128::from(self.second_grade)
    }

    /// What so many packs of the first and of the second grade are worth at the agreed price, in minor units; half of one
    /// is rounded up.
    pub fn worth(&self, packs: [i64; 2]) -> i64 {
        let minor = self.hundredths(packs).saturating_mul(i128::from(self.price.minor));
        i64::try_from((minor + 50) / 100).unwrap_or(i64::MAX)
    }

    /// A last look at what was typed, in the transaction that saves it: after the call opened, nothing changes.
    pub(crate) fn check_sound(&self, _: &mut Tx<'_>) -> Result<()> {
        if self.stage != Stage::Draft {
            return Err(Error::refused("pooled_order.fixed"));
        }
        let plain = self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase());
        if !plain {
            return Err(Error::field("country", "pooled_order.country_shape"));
        }
        for (field, value) in [("pack", self.pack), ("packs", self.packs)] {
            if value == 0 {
                return Err(Error::field(field, "pooled_order.nothing"));
            }
        }
        if self.price.minor == 0 {
            return Err(Error::field("price", "pooled_order.nothing"));
        }
        let sums = [i128::from(self.pack), i128::from(self.price.minor)];
        if sums.iter().any(|each| each * i128::from(self.packs) > MOST) {
            return Err(Error::field("packs", "pooled_order.too_much"));
        }
        for (field, value) in [("tolerance", self.tolerance), ("second_grade", self.second_grade)] {
            if value > 100 {
                return Err(Error::field(field, "pooled_order.percent"));
            }
        }
        if self.mode == Mode::Mandate && self.mandate.is_none() {
            return Err(Error::field("mandate", "pooled_order.mandate_needed"));
        }
        if self.rule == Rule::Guarantee && self.guarantee.unwrap_or(0) == 0 {
            return Err(Error::field("guarantee", "pooled_order.guarantee_needed"));
        }
        if self.deliver < self.closes {
            return Err(Error::field("deliver", "error.dates_order"));
        }
        Ok(())
    }
}

/// The order, if the viewer works on the file of its lead.
pub(crate) fn led(ctx: &Ctx, db: &mut Db) -> Result<Order> {
    let order = kernel::record::get::<Order>(db, ctx.id("pooled_order")?)?;
    ctx.standing(db, order.lead.id, Standing::File)?;
    Ok(order)
}

/// The order as it is now that whoever else is changing it or what hangs on it has finished.
///
/// # Errors
/// When the order is not there or the database fails. The caller checked the right to it.
pub fn hold(tx: &mut Tx<'_>, order: Id) -> Result<Order> {
    tx.run(
        &sql("update pooled_order set version = version where id = ?")
            .bind(order)
            .open("waits, changes nothing"),
    )?;
    kernel::record::get::<Order>(tx, order)
}

/// Refuses what belongs to another stage.
pub(crate) fn at(order: &Order, stages: &[Stage]) -> Result<()> {
    if stages.contains(&order.stage) { Ok(()) } else { Err(Error::refused("pooled_order.not_now")) }
}

/// A line of a list of orders.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) product: Multi,
    pub(crate) buyer: String,
    pub(crate) lead: Multi,
    pub(crate) stage: Stage,
    #[schemars(with = "String")]
    pub(crate) deliver: Date,
}

impl Line {
    /// The colour that goes with its stage.
    pub(crate) fn tone(&self) -> &'static str {
        self.stage.tone()
    }
}

pub(crate) const LINES: &str =
    "select g.id, g.product, g.buyer, o.name, g.stage, g.deliver from pooled_order g
     join organisation o on o.id = g.lead where";

pub(crate) fn line(row: &mut kernel::value::Row) -> Result<Line> {
    Ok(Line {
        id: row.take()?,
        product: row.take()?,
        buyer: row.take()?,
        lead: row.take()?,
        stage: row.take()?,
        deliver: row.take()?,
    })
}

/// Orders that this organisation leads, the latest first. The caller checked the standing.
pub(crate) fn of_lead(db: &mut Db, lead: Id) -> Result<Vec<Line>> {
    let query = sql(LINES).and(" g.lead = ? order by g.id desc limit 100").bind(lead);
    db.rows(&query.open("the caller checked the standing at the organisation"), line)
}
