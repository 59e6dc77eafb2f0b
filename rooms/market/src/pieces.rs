//! What hangs on a cooperative, a product and a lot: forms, checks and rights.

use kernel::form::Options;
use kernel::kinds::Choice as _;
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Tx};

use crate::cost::CostLine;
use crate::label::{self, Cover, Label};
use crate::lot::{self, Lot};
use crate::movement::{self, Movement, Reason};
use crate::price::{self, Pack, Price};
use crate::product::{Product, ProductStatus};

pub(crate) fn routes() -> Vec<Route> {
    const PRODUCT: &str = "/products/{product}";
    let mut routes = piece::routes::<Product>("/organisations/{organisation}");
    routes.extend(piece::routes::<Pack>(PRODUCT));
    routes.extend(piece::routes::<Price>(PRODUCT));
    routes.extend(piece::routes::<CostLine>(PRODUCT));
    routes.extend(piece::routes::<Lot>(PRODUCT));
    routes.extend(piece::routes::<Movement>("/lots/{lot}"));
    routes.extend(piece::routes::<Label>("/organisations/{organisation}"));
    routes.extend(piece::routes::<Cover>("/labels/{quality_label}"));
    routes
}

/// Says that the writer acts for a cooperative that is not theirs: a coach on its behalf. What was done without a network
/// says already by whom it was carried.
pub fn hand(ctx: &Ctx, tx: &mut Tx<'_>, organisation: Id) {
    if !label::is_holder(&ctx.viewer, organisation) && ctx.command.is_none() {
        tx.actor.behalf = Some(organisation);
    }
}

/// What is the same for whatever hangs on a product.
macro_rules! hangs_on_product {
    ($plural:literal, $part:literal) => {
        const PLURAL: &'static str = $plural;
        const OWNER: &'static str = "product";
        fn owner(&self) -> Id {
            self.product.id
        }
        fn rights(db: &mut Db, owner: Id) -> Result<Id> {
            Ok(kernel::record::get::<Product>(db, owner)?.organisation.id)
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            Ok(kernel::record::get::<Product>(db, owner)?.name.best(ctx.w.lang).to_owned())
        }
        fn home(owner: Id) -> String {
            format!(concat!("/products/{}", $part), owner)
        }
        fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
            hand(ctx, tx, rights);
            Ok(())
        }
    };
}

/// What is the same for whatever hangs on a cooperative.
macro_rules! hangs_on_organisation {
    ($plural:literal, $part:literal) => {
        const PLURAL: &'static str = $plural;
        const OWNER: &'static str = "organisation";
        fn owner(&self) -> Id {
            self.organisation.id
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            registry::organisation::name_of(ctx, db, owner)
        }
        fn home(owner: Id) -> String {
            format!(concat!("/organisations/{}#", $part), owner)
        }
        fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
            hand(ctx, tx, rights);
            Ok(())
        }
    };
}

/// Writes the cooperative of a product into what was typed for a piece of it.
fn given(tx: &mut Tx<'_>, product: Id, form: &mut Fields) -> Result<Product> {
    let product = kernel::record::get::<Product>(tx, product)?;
    form.set("organisation", product.organisation.id.to_string());
    Ok(product)
}

impl Piece for Product {
    hangs_on_organisation!("products", "products");
    const GIVEN: &'static [&'static str] = &["status"];
    const LONG: &'static [&'static str] = &["story", "ingredients"];
    const GROUPS: &'static [&'static str] = &["main", "supply", "size", "food", "trade", "share"];
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        form.set("status", ProductStatus::Draft.code());
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
    /// What was once published is withdrawn: lots and orders go on referring to it.
    fn removable(&self) -> Result<()> {
        Err(Error::refused("product.not_removed"))
    }
}

impl Piece for Pack {
    hangs_on_product!("packs", "#prices");
    const GIVEN: &'static [&'static str] = &["organisation"];
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, product: Id, form: &mut Fields) -> Result<()> {
        given(tx, product, form).map(|_| ())
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        if price::is_priced(tx, self.id)? { Err(Error::refused("product_pack.priced")) } else { Ok(()) }
    }
}

impl Piece for Price {
    hangs_on_product!("prices", "#prices");
    const GIVEN: &'static [&'static str] = &["organisation"];
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, product: Id, form: &mut Fields) -> Result<()> {
        given(tx, product, form).map(|_| ())
    }
    fn offers(ctx: &Ctx, db: &mut Db, product: Id) -> Result<Vec<(&'static str, Options)>> {
        let packs = price::packs(db, product)?;
        let named = packs.iter().map(|pack| (pack.id.to_string(), pack.name.best(ctx.w.lang).to_owned()));
        Ok(vec![("pack", named.collect())])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
}

impl Piece for CostLine {
    hangs_on_product!("cost-lines", "/cost");
    const GIVEN: &'static [&'static str] = &["organisation"];
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, product: Id, form: &mut Fields) -> Result<()> {
        given(tx, product, form).map(|_| ())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
}

impl Piece for Lot {
    hangs_on_product!("lots", "#lots");
    const GIVEN: &'static [&'static str] = &["organisation", "unit"];
    const GROUPS: &'static [&'static str] = &["main", "stock"];
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, product: Id, form: &mut Fields) -> Result<()> {
        let product = given(tx, product, form)?;
        form.set("unit", product.unit.code());
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let covered = label::covers_lot(tx, self.id)?;
        if covered || lot::is_moved(tx, self.id)? { Err(Error::refused("lot.moved")) } else { Ok(()) }
    }
}

impl Piece for Movement {
    const PLURAL: &'static str = "movements";
    const OWNER: &'static str = "lot";
    const GIVEN: &'static [&'static str] = &["organisation", "blend"];
    fn owner(&self) -> Id {
        self.lot.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(kernel::record::get::<Lot>(db, owner)?.organisation.id)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        Ok(ctx.w.with("lot.named", "number", &kernel::record::get::<Lot>(db, owner)?.number.0))
    }
    fn home(owner: Id) -> String {
        format!("/lots/{owner}#movements")
    }
    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        hand(ctx, tx, rights);
        Ok(())
    }
    fn offers(ctx: &Ctx, _: &mut Db, _: Id) -> Result<Vec<(&'static str, Options)>> {
        // A blend is made on its own page, all of its parts at once.
        let reasons = Reason::CODES.iter().filter(|code| **code != Reason::Blended.code());
        let reasons = reasons.map(|code| ((*code).to_owned(), ctx.w.t2(Reason::WORDS, code)));
        Ok(vec![("reason", reasons.collect())])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("organisation", kernel::record::get::<Lot>(tx, owner)?.organisation.id.to_string());
        form.set("blend", "");
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        if self.reason == Reason::Blended || self.blend.is_some() {
            return Err(Error::refused("lot_movement.blended"));
        }
        self.check_sound(tx)
    }
    fn removable(&self) -> Result<()> {
        if self.blend.is_some() { Err(Error::refused("lot_movement.blended")) } else { Ok(()) }
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        movement::check_without(tx, self)
    }
}

impl Piece for Label {
    hangs_on_organisation!("labels", "labels");
    const GIVEN: &'static [&'static str] = &["verified", "verifier", "withdrawn", "withdrawn_reason"];
    const GROUPS: &'static [&'static str] = &["main", "paper"];
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        // Nobody states that their own paper was verified.
        for field in Self::GIVEN {
            form.set(field, "");
        }
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
    /// A label that others may have read of ends by its dates or is withdrawn.
    fn removable(&self) -> Result<()> {
        if self.verified.is_some() { Err(Error::refused("quality_label.not_removed")) } else { Ok(()) }
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        if label::covers(tx, self.id)?.is_empty() {
            Ok(())
        } else {
            Err(Error::refused("quality_label.covering"))
        }
    }
}

impl Piece for Cover {
    const PLURAL: &'static str = "covers";
    const OWNER: &'static str = "label";
    const GIVEN: &'static [&'static str] = &["organisation"];
    fn owner(&self) -> Id {
        self.label.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(kernel::record::get::<Label>(db, owner)?.organisation.id)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        Ok(ctx.w.choice(&kernel::record::get::<Label>(db, owner)?.scheme))
    }
    fn home(owner: Id) -> String {
        format!("/labels/{owner}")
    }
    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        hand(ctx, tx, rights);
        Ok(())
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let organisation = Self::rights(db, owner)?;
        let products = crate::product::of(db, organisation, true)?;
        let products =
            products.iter().map(|line| (line.id.to_string(), line.name.best(ctx.w.lang).to_owned()));
        let lots = lot::of_holder(db, organisation)?;
        let named = |line: &lot::Line| format!("{} · {}", line.number, line.name.best(ctx.w.lang));
        let lots = lots.iter().map(|line| (line.id.to_string(), named(line)));
        Ok(vec![("product", products.collect()), ("lot", lots.collect())])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("organisation", Self::rights(tx, owner)?.to_string());
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        label::check_cover(tx, self)
    }
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        label::again(tx, self.label.id)
    }
}
