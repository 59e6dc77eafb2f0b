//! `/lots/{lot}/epcis`: what happened to a lot, and to the lots it was made of, as events of EPCIS 2.0 in the words of the
//! Core Business Vocabulary. For whoever works on the file: events tell quantities.
//!
//! Only the day of an event is known: its time is noon of that day, UTC. A blend is a *TransformationEvent*: the way back
//! from a jar to each field it came from, in a form that programs of other firms read.

use jiff::civil::Date;
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Id, Json, Reply, Result, Standing};
use serde_json::json;

use crate::lot::{self, Lot};
use crate::movement::{self, Movement, Reason};
use crate::product::{Product, Unit};

const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// A quantity of a class came into being, without numbers for single items.
const MADE: &str = "creating_class_instance";

pub(super) fn routes() -> Vec<Route> {
    vec![get("/lots/{lot}/epcis", events)]
}

/// The code of a unit in UN/ECE Recommendation 20.
pub(crate) fn unit_code(unit: Unit) -> &'static str {
    match unit {
        Unit::Gram => "GRM",
        Unit::Millilitre => "MLT",
        Unit::Piece => "H87",
    }
}

/// A lot with what names it to others.
struct Named {
    lot: Lot,
    /// Its address, which stands for the class of its items.
    class: String,
}

fn named(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Named> {
    let lot = kernel::record::get::<Lot>(db, id)?;
    let product = kernel::record::get::<Product>(db, lot.product.id)?;
    Ok(Named { class: ctx.link(&lot::address(&product, &lot)), lot })
}

impl Named {
    fn of(&self, quantity: i64) -> Json {
        let mut told = json!({ "epcClass": self.class, "quantity": quantity });
        // Pieces are counted without a unit.
        if self.lot.unit != Unit::Piece {
            told["uom"] = unit_code(self.lot.unit).into();
        }
        told
    }
}

/// What every event says: its id, when, where.
fn event(ctx: &Ctx, kind: &str, id: Id, day: Date, at: Id, step: &str) -> Json {
    json!({
        "type": kind,
        "eventID": format!("urn:uuid:{id}"),
        "eventTime": format!("{day}T12:00:00Z"),
        "eventTimeZoneOffset": "+00:00",
        "bizStep": step,
        "readPoint": { "id": ctx.link(&format!("/organisations/{at}")) },
    })
}

/// How a lot began: made, or blended from others.
fn beginning(ctx: &Ctx, db: &mut Db, one: &Named) -> Result<Json> {
    let (lot, parts) = (&one.lot, movement::into(db, one.lot.id)?);
    let at = lot.organisation.id;
    if parts.is_empty() {
        let mut told = event(ctx, "ObjectEvent", lot.id, lot.produced, at, MADE);
        told["action"] = "ADD".into();
        told["disposition"] = "active".into();
        told["quantityList"] = json!([one.of(lot.quantity)]);
        return Ok(told);
    }
    let mut inputs = Vec::new();
    for part in &parts {
        inputs.push(named(ctx, db, part.lot.id)?.of(part.quantity));
    }
    let mut told = event(ctx, "TransformationEvent", lot.id, lot.produced, at, MADE);
    told["disposition"] = "active".into();
    told["inputQuantityList"] = inputs.into();
    told["outputQuantityList"] = json!([one.of(lot.quantity)]);
    Ok(told)
}

/// What came to a lot or left it. What went into a blend is told by the blend.
fn change(ctx: &Ctx, one: &Named, movement: &Movement) -> Option<Json> {
    let (step, action, disposition) = match movement.reason {
        Reason::Sold => ("shipping", "OBSERVE", "in_transit"),
        Reason::Given => ("dispensing", "OBSERVE", "dispensed"),
        Reason::Lost => ("destroying", "DELETE", "destroyed"),
        Reason::Used => ("decommissioning", "DELETE", "inactive"),
        Reason::Found => ("stock_taking", "OBSERVE", "active"),
        Reason::Returned => ("receiving", "OBSERVE", "returned"),
        Reason::Blended => return None,
    };
    let at = one.lot.organisation.id;
    let mut told = event(ctx, "ObjectEvent", movement.id, movement.day, at, step);
    told["action"] = action.into();
    told["disposition"] = disposition.into();
    told["quantityList"] = json!([one.of(movement.quantity)]);
    Some(told)
}

fn events(ctx: &Ctx) -> Result<Reply> {
    let document = ctx.read(|db| {
        let id = ctx.id("lot")?;
        let (lot, ..) = lot::open(ctx, db, id)?;
        ctx.standing(db, lot.organisation.id, Standing::File)?;
        let mut list = Vec::new();
        let lots = crate::made_of(db, &[id])?;
        for id in lots.into_iter().chain([id]) {
            let one = named(ctx, db, id)?;
            list.push((one.lot.produced, 0, beginning(ctx, db, &one)?));
            for movement in movement::of(db, id)? {
                list.extend(change(ctx, &one, &movement).map(|told| (movement.day, 1, told)));
            }
        }
        list.sort_by_key(|(day, after, _)| (*day, *after));
        let list: Vec<Json> = list.into_iter().map(|(.., told)| told).collect();
        Ok(json!({
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": jiff::Timestamp::now().to_string(),
            "epcisBody": { "eventList": list },
        }))
    })?;
    let body = serde_json::to_vec(&document)?;
    Ok(Reply::Body { status: 200, media: "application/ld+json", body })
}
