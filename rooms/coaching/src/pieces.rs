//! What hangs on an instrument and on a cooperative: dimensions, items, remedies; actions of the plan.

use kernel::form::Options;
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Standing, Tx};

use crate::action::Action;
use crate::instrument::{self, Dimension, Instrument, Item, Remedy};
use crate::pages;
use crate::visit::{Photo, Visit};
use crate::work::Work;

pub(crate) fn routes() -> Vec<Route> {
    const INSTRUMENT: &str = "/instruments/{instrument}";
    let mut routes = piece::routes::<Dimension>(INSTRUMENT);
    routes.extend(piece::routes::<Item>(INSTRUMENT));
    routes.extend(piece::routes::<Remedy>("/items/{item}"));
    routes.extend(piece::routes::<Action>("/organisations/{organisation}"));
    routes.extend(piece::routes::<Visit>("/organisations/{organisation}"));
    routes.extend(piece::routes::<Photo>("/visits/{visit}"));
    routes.extend(piece::routes::<Work>("/organisations/{organisation}"));
    routes
}

/// What is the same for what hangs on an edition: it can be touched while that is a draft.
macro_rules! hangs_on_instrument {
    () => {
        const OWNER: &'static str = "instrument";
        const LEAST: Standing = Standing::Steward;
        fn owner(&self) -> Id {
            self.instrument.id
        }
        fn rights(db: &mut Db, owner: Id) -> Result<Id> {
            Ok(instrument::still_draft(db, owner)?.id)
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            Ok(kernel::record::get::<Instrument>(db, owner)?.name.best(ctx.w.lang).to_owned())
        }
        fn home(owner: Id) -> String {
            format!("/instruments/{owner}")
        }
    };
}

impl Piece for Dimension {
    const PLURAL: &'static str = "dimensions";
    hangs_on_instrument!();
}

impl Piece for Item {
    const PLURAL: &'static str = "items";
    const GROUPS: &'static [&'static str] = &["main", "levels", "rules"];
    hangs_on_instrument!();
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let edition = instrument::edition(db, owner)?;
        let dimensions = edition
            .dimensions
            .iter()
            .map(|d| (d.id.to_string(), format!("{} · {}", d.code, d.name.best(ctx.w.lang))))
            .collect();
        Ok(vec![("dimension", dimensions)])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let dimension = kernel::record::find::<Dimension>(tx, self.dimension.id)?;
        let same = dimension.is_some_and(|dimension| dimension.instrument.id == self.instrument.id);
        if same { Ok(()) } else { Err(Error::field("dimension", "error.reference")) }
    }
}

impl Piece for Remedy {
    const PLURAL: &'static str = "remedies";
    const OWNER: &'static str = "item";
    const GIVEN: &'static [&'static str] = &["instrument"];
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.item.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        let item = kernel::record::get::<Item>(db, owner)?;
        Ok(instrument::still_draft(db, item.instrument.id)?.id)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        Ok(kernel::record::get::<Item>(db, owner)?.topic.best(ctx.w.lang).to_owned())
    }
    fn home(owner: Id) -> String {
        format!("/items/{owner}")
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("instrument", kernel::record::get::<Item>(tx, owner)?.instrument.id.to_string());
        Ok(())
    }
}

impl Piece for Action {
    const PLURAL: &'static str = "actions";
    const OWNER: &'static str = "organisation";
    const GIVEN: &'static [&'static str] = &["assessment", "item"];
    const GROUPS: &'static [&'static str] = &["main", "means", "outcome"];
    fn owner(&self) -> Id {
        self.organisation.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        registry::organisation::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/organisations/{owner}#plan")
    }
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("programme", pages::programmes_of(ctx, db, organisation)?)])
    }
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        // What a diagnosis proposed is put into the plan by its own page.
        form.set("assessment", "");
        form.set("item", "");
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        match self.programme {
            Some(programme) => pages::in_programme(tx, self.organisation.id, programme.id),
            None => Ok(()),
        }
    }
    /// What was agreed is dropped with its history, not forgotten.
    fn removable(&self) -> Result<()> {
        Err(Error::refused("plan_action.not_removed"))
    }
}

impl Piece for Visit {
    const PLURAL: &'static str = "visits";
    const OWNER: &'static str = "organisation";
    const GIVEN: &'static [&'static str] = &["status"];
    fn owner(&self) -> Id {
        self.organisation.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        registry::organisation::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/organisations/{owner}#visits")
    }
    fn offers(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![
            ("programme", pages::programmes_of(ctx, db, organisation)?),
            ("coach", pages::coaches(ctx, db, organisation)?),
        ])
    }
    fn prepare(ctx: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        pages::begin_visit(ctx, form);
        Ok(())
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        pages::is_coach(ctx, tx, self)?;
        match self.programme {
            Some(programme) => pages::in_programme(tx, self.organisation.id, programme.id),
            None => Ok(()),
        }
    }
    /// A visit is cancelled or told, not forgotten.
    fn removable(&self) -> Result<()> {
        Err(Error::refused("visit.not_removed"))
    }
}

impl Piece for Photo {
    const PLURAL: &'static str = "photos";
    const OWNER: &'static str = "visit";
    const GIVEN: &'static [&'static str] = &["organisation"];
    fn owner(&self) -> Id {
        self.visit.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(kernel::record::get::<Visit>(db, owner)?.organisation.id)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        Ok(ctx.w.with("visit.of", "name", &ctx.w.date(&kernel::record::get::<Visit>(db, owner)?.held)))
    }
    fn home(owner: Id) -> String {
        format!("/visits/{owner}")
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("organisation", kernel::record::get::<Visit>(tx, owner)?.organisation.id.to_string());
        Ok(())
    }
}
