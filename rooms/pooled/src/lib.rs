//! Pooled orders: one large order of a buyer, shared fairly among several cooperatives.

pub mod allocation;
mod collection;
mod division;
pub mod ledger;
mod order;
mod pages;
mod panel;
mod part;
mod pieces;
mod reserve;
mod settlement;
mod sharing;
mod steps;
mod tasks;

use kernel::room::{Need, Pointer, Room, declared, pointer};
use kernel::{Db, Id, Nav, Result, Standing, Viewer, sql};

pub use allocation::{Rule, Why};
pub use collection::{Accepted, Grade, Reception, accepted};
pub use order::{Mode, Order, Stage, hold};
pub use part::{Answer, How, Member, Place, Pledge, Share, places};
pub use reserve::follow;
pub use settlement::{Advance, Charge, ChargeKind, Payment, Receipt, Settlement, prepare, sign};
pub use sharing::share;

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "pooled_order", "lead", None),
    pointer("organisation", "pooled_part", "lead", None),
    pointer("organisation", "pooled_part", "organisation", Some("pooled_order")),
    pointer("organisation", "pooled_pledge", "organisation", None),
    pointer("organisation", "pooled_share", "organisation", None),
    pointer("organisation", "pooled_reception", "lead", None),
    pointer("organisation", "pooled_charge", "lead", None),
    pointer("organisation", "pooled_receipt", "lead", None),
    pointer("organisation", "pooled_advance", "lead", None),
    pointer("organisation", "pooled_settlement", "lead", None),
    pointer("organisation", "pooled_payment", "organisation", None),
];

/// The room of pooled orders as the house sees it.
pub fn room() -> Room {
    Room {
        name: "pooled",
        words: include_str!("../words.toml"),
        schema: &[("0001_pooled", include_str!("../schema/0001_pooled.sql"))],
        routes: pages::routes(),
        panels: panel::panels(),
        nav: vec![Nav {
            order: 39,
            path: "/pooled-orders",
            word: "nav.pooled",
            need: Need::Held(&["coach", "representative"]),
        }],
        protected: &[
            "pooled_order",
            "pooled_part",
            "pooled_pledge",
            "pooled_share",
            "pooled_reception",
            "pooled_charge",
            "pooled_receipt",
            "pooled_advance",
            "pooled_settlement",
            "pooled_payment",
        ],
        records: vec![
            declared::<Order>(),
            declared::<Member>(),
            declared::<Pledge>(),
            declared::<Share>(),
            declared::<Reception>(),
            declared::<Charge>(),
            declared::<Receipt>(),
            declared::<Advance>(),
            declared::<Settlement>(),
            declared::<Payment>(),
        ],
        pointers: POINTERS,
        tasks: vec![tasks::find],
        mend: Some(reserve::mend),
        opens_file: Some(opens),
        spoken: &[("space", &["pooled_tile.orders"])],
        ..Room::default()
    }
}

/// The lead opens the papers on which pledges were written, and a cooperative the photos of what it brought.
fn opens(viewer: &Viewer, db: &mut Db, file: Id) -> Result<bool> {
    let query =
        sql("select m.lead from pooled_pledge p join pooled_part m on m.id = p.part where p.paper = ?
                     union select m.organisation from pooled_reception r join pooled_part m on m.id = r.part
                     where r.photo = ?")
        .bind(file)
        .bind(file)
        .open("the standing follows");
    for organisation in db.rows(&query, kernel::value::Row::take::<Id>)? {
        if viewer.standing(db, organisation)? >= Some(Standing::File) {
            return Ok(true);
        }
    }
    Ok(false)
}
