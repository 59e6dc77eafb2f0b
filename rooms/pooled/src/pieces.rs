//! What is typed: an order, invitations, pledges, receptions, money. Forms, checks and rights.

use kernel::form::Options;
use kernel::kinds::{Choice as _, Money};
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Tx};

use crate::collection::Reception;
use crate::order::{self, Order, Stage};
use crate::part::{self, How, Member, Pledge};
use crate::settlement::{self, Advance, Charge, Receipt};

pub(crate) fn routes() -> Vec<Route> {
    const ORDER: &str = "/pooled-orders/{pooled_order}";
    let mut routes = piece::routes::<Order>("/organisations/{organisation}");
    routes.extend(piece::routes::<Member>(ORDER));
    routes.extend(piece::routes::<Pledge>("/pooled-parts/{pooled_part}"));
    routes.extend(piece::routes::<Reception>(ORDER));
    routes.extend(piece::routes::<Charge>(ORDER));
    routes.extend(piece::routes::<Receipt>(ORDER));
    routes.extend(piece::routes::<Advance>(ORDER));
    routes
}

impl Piece for Order {
    const PLURAL: &'static str = "pooled-orders";
    const OWNER: &'static str = "lead";
    const GIVEN: &'static [&'static str] = &["stage", "agreed", "cancelled_reason"];
    const GROUPS: &'static [&'static str] = &["buyer", "wanted", "sale", "deal"];
    fn owner(&self) -> Id {
        self.lead.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        registry::organisation::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/organisations/{owner}#pooled")
    }
    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        part::hand(ctx, tx, rights);
        Ok(())
    }
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        form.set("stage", Stage::Draft.code());
        form.set("agreed", "");
        form.set("cancelled_reason", "");
        let country = form.text("country").map(str::to_uppercase).unwrap_or_default();
        form.set("country", country);
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
    fn removable(&self) -> Result<()> {
        if self.stage == Stage::Draft { Ok(()) } else { Err(Error::refused("pooled_order.fixed")) }
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        order::at(&order::hold(tx, self.id)?, &[Stage::Draft])?;
        for place in part::places(tx, self.id)? {
            kernel::record::remove(tx, &place.part)?;
        }
        Ok(())
    }
}

/// What is the same for whatever its lead writes on an order.
macro_rules! hangs_on_order {
    ($plural:literal, $anchor:literal) => {
        const PLURAL: &'static str = $plural;
        const OWNER: &'static str = "pooled_order";
        fn owner(&self) -> Id {
            self.pooled_order.id
        }
        fn rights(db: &mut Db, owner: Id) -> Result<Id> {
            Ok(kernel::record::get::<Order>(db, owner)?.lead.id)
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            Ok(kernel::record::get::<Order>(db, owner)?.product.best(ctx.w.lang).to_owned())
        }
        fn home(owner: Id) -> String {
            format!(concat!("/pooled-orders/{}#", $anchor), owner)
        }
        fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
            part::hand(ctx, tx, rights);
            Ok(())
        }
    };
}

fn lead_of(tx: &mut Tx<'_>, order: Id, form: &mut Fields) -> Result<Order> {
    let order = kernel::record::get::<Order>(tx, order)?;
    form.set("lead", order.lead.id.to_string());
    Ok(order)
}

/// The cooperatives of an order that were given something, for a form.
fn parts(ctx: &Ctx, db: &mut Db, order: Id) -> Result<Options> {
    let places = part::places(db, order)?.into_iter().filter(|place| place.agreed() > 0);
    Ok(places.map(|place| (place.part.id.to_string(), place.name.best(ctx.w.lang).to_owned())).collect())
}

impl Piece for Member {
    hangs_on_order!("pooled-parts", "call");
    const GIVEN: &'static [&'static str] = &["lead", "closed"];
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let there: Vec<Id> =
            part::places(db, owner)?.iter().map(|place| place.part.organisation.id).collect();
        let mut known =
            registry::choices(ctx, db, &["cooperative", "social_enterprise", "association"], None)?;
        known.retain(|(id, _)| id.parse::<Id>().is_ok_and(|id| !there.contains(&id)));
        Ok(vec![("organisation", known)])
    }
    fn prepare(ctx: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        lead_of(tx, owner, form)?;
        form.set("closed", "");
        // Nobody invites whom they may not know of.
        let organisation: Id =
            form.parse("organisation").ok_or_else(|| Error::field("organisation", "error.needed"))?;
        match ctx.viewer.standing(tx, organisation)? {
            Some(_) => Ok(()),
            None => Err(Error::field("organisation", "error.reference")),
        }
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let order = order::hold(tx, self.pooled_order.id)?;
        order::at(&order, &[Stage::Draft, Stage::Open])?;
        if self.version > 1 || self.organisation.id == order.lead.id {
            return Err(Error::field("organisation", "pooled_part.fixed"));
        }
        Ok(())
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let order = order::hold(tx, self.pooled_order.id)?;
        let pledged = part::places(tx, order.id)?;
        let pledged = pledged.iter().any(|place| place.part.id == self.id && place.pledge.is_some());
        if pledged {
            Err(Error::refused("pooled_part.pledged_already"))
        } else {
            order::at(&order, &[Stage::Draft, Stage::Open])
        }
    }
}

impl Piece for Pledge {
    const PLURAL: &'static str = "pooled-pledges";
    const OWNER: &'static str = "part";
    const GIVEN: &'static [&'static str] = &["organisation", "members", "writer"];
    fn owner(&self) -> Id {
        self.part.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(kernel::record::get::<Member>(db, owner)?.organisation.id)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        let part = kernel::record::get::<Member>(db, owner)?;
        Ok(kernel::record::get::<Order>(db, part.pooled_order.id)?.product.best(ctx.w.lang).to_owned())
    }
    fn home(owner: Id) -> String {
        format!("/pooled-parts/{owner}")
    }
    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        part::hand(ctx, tx, rights);
        Ok(())
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let part = kernel::record::get::<Member>(db, owner)?;
        let order = kernel::record::get::<Order>(db, part.pooled_order.id)?;
        let lots = market::stock_of(db, part.organisation.id, order.unit)?;
        let lots = lots.into_iter().map(|stock| {
            let left = ctx.w.num(stock.left / order.pack);
            (stock.id.to_string(), format!("{} ({left})", stock.number))
        });
        let lots = lots.collect();
        // The cooperative speaks for itself; somebody else says how its word came.
        let own = part::is_own(ctx, part.organisation.id);
        let hows = How::CODES.iter().filter(|code| (**code == How::Own.code()) == own);
        let hows = hows.map(|code| ((*code).to_owned(), ctx.w.t2(How::WORDS, code))).collect();
        Ok(vec![("lot", lots), ("how", hows)])
    }
    fn prepare(ctx: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        let part = kernel::record::get::<Member>(tx, owner)?;
        let organisation = part.organisation.id;
        form.set("organisation", organisation.to_string());
        let told = kernel::record::get::<registry::Organisation>(tx, organisation)?.members;
        let counted = registry::member_counts(tx, organisation, kernel::today())?.all;
        form.set("members", counted.max(told.unwrap_or(0)).to_string());
        form.set("writer", ctx.viewer.account.map(|id| id.to_string()).unwrap_or_default());
        Ok(())
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        if (self.how == How::Own) != part::is_own(ctx, self.organisation.id) {
            return Err(Error::field("how", "pooled_pledge.how_other"));
        }
        self.check_sound(tx)?;
        // Who changed it stands on it.
        let account = ctx.viewer.account;
        let writer = account.map(Into::into);
        if self.writer.map(|by| by.id) == account {
            Ok(())
        } else {
            kernel::record::update(tx, &Pledge { writer, ..self.clone() })
        }
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let part = kernel::record::get::<Member>(tx, self.part.id)?;
        order::at(&order::hold(tx, part.pooled_order.id)?, &[Stage::Open])
    }
}

impl Piece for Reception {
    hangs_on_order!("pooled-receptions", "collection");
    const GIVEN: &'static [&'static str] = &["lead"];
    const PHOTOS: &'static [&'static str] = &["photo"];
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let order = kernel::record::get::<Order>(db, owner)?;
        let mut lots = Options::new();
        for place in part::places(db, owner)?.into_iter().filter(|place| place.agreed() > 0) {
            let name = place.name.best(ctx.w.lang);
            for stock in market::stock_of(db, place.part.organisation.id, order.unit)? {
                let left = ctx.w.num(stock.left / order.pack);
                lots.push((stock.id.to_string(), format!("{name} · {} ({left})", stock.number)));
            }
        }
        Ok(vec![("part", parts(ctx, db, owner)?), ("lot", lots)])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        lead_of(tx, owner, form).map(|_| ())
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let order = kernel::record::get::<Order>(tx, self.pooled_order.id)?;
        self.check_sound(tx, ctx.w.with("pooled_reception.movement", "buyer", &order.buyer))
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reception::before_removal(self, tx)
    }
    fn after_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        crate::reserve::follow(tx, self.pooled_order.id)
    }
}

/// Refuses to take money back that a settlement counted.
fn uncounted(tx: &mut Tx<'_>, order: Id) -> Result<()> {
    let order = order::hold(tx, order)?;
    order::at(&order, &[Stage::Confirmed])?;
    settlement::check_open(tx, order.id)
}

impl Piece for Charge {
    hangs_on_order!("pooled-charges", "money");
    const GIVEN: &'static [&'static str] = &["lead"];
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        lead_of(tx, owner, form).map(|_| ())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        settlement::check_piece(tx, self.pooled_order.id, self.day, "amount", &self.amount)
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        uncounted(tx, self.pooled_order.id)
    }
}

impl Piece for Receipt {
    hangs_on_order!("pooled-receipts", "money");
    const GIVEN: &'static [&'static str] = &["lead"];
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        lead_of(tx, owner, form).map(|_| ())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let Money { minor, currency } = &self.amount;
        if *minor == 0 {
            return Err(Error::field("amount", "pooled_order.nothing"));
        }
        if currency == settlement::CURRENCY && self.amount != self.credited {
            return Err(Error::field("credited", "pooled_receipt.same"));
        }
        settlement::check_piece(tx, self.pooled_order.id, self.day, "credited", &self.credited)
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        uncounted(tx, self.pooled_order.id)
    }
}

impl Piece for Advance {
    hangs_on_order!("pooled-advances", "money");
    const GIVEN: &'static [&'static str] = &["lead"];
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("part", parts(ctx, db, owner)?)])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        lead_of(tx, owner, form).map(|_| ())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let places = part::places(tx, self.pooled_order.id)?;
        if !places.iter().any(|place| place.part.id == self.part.id && place.agreed() > 0) {
            return Err(Error::field("part", "error.reference"));
        }
        settlement::check_piece(tx, self.pooled_order.id, self.day, "amount", &self.amount)
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        uncounted(tx, self.pooled_order.id)
    }
}
