//! What is planted among pooled orders: a confirmed one with a pledge, a share, a reception and money.

use kernel::{Fields, Id, Result, Standing, Tx};
use pooled::{Advance, Charge, Member, Order, Pledge, Receipt, Reception, Share};

pub(crate) fn plant(tx: &mut Tx<'_>, organisation: &str) -> Result<()> {
    let [order, part] = ["pooled_order", "pooled_part"].map(|table| Id::named(&format!("walked {table}")));
    let (g, m) = (order.to_string(), part.to_string());
    let lot = Id::named("walked lot").to_string();
    let fields = |more: &[(&str, &str)]| {
        let own = [
            ("lead", organisation),
            ("organisation", organisation),
            ("pooled_order", g.as_str()),
            ("part", m.as_str()),
            ("lot", lot.as_str()),
            ("day", "2026-03-02"),
        ];
        Fields(own.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    };
    let id = |table: &str| Id::named(&format!("walked {table}"));
    let form = fields(&[
        ("buyer", "SECRETBUYER"),
        ("country", "FR"),
        ("product.fr", "SECRETDEMAND"),
        ("unit", "g"),
        ("pack", "10"),
        ("packs", "10"),
        ("tolerance", "5"),
        ("second_grade", "80"),
        ("price", "12"),
        ("incoterm", "EXW"),
        ("place", "Zagora"),
        ("deliver", "2026-04-01"),
        ("mode", "lead"),
        ("rule", "equal"),
        ("closes", "2026-03-01"),
        ("stage", "confirmed"),
    ]);
    kernel::record::create::<Order>(tx, order, &form, Standing::Steward)?;
    kernel::record::create::<Member>(tx, part, &fields(&[]), Standing::Steward)?;
    let form = fields(&[
        ("most", "9"),
        ("floor", "31415,92"),
        ("ready", "2026-03-20"),
        ("how", "phone"),
        ("members", "3"),
    ]);
    kernel::record::create::<Pledge>(tx, id("pooled_pledge"), &form, Standing::Steward)?;
    let form =
        fields(&[("round", "1"), ("packs", "9"), ("kept", "0"), ("why", "whole"), ("answer", "waiting")]);
    kernel::record::create::<Share>(tx, id("pooled_share"), &form, Standing::Steward)?;
    let form =
        fields(&[("brought", "5"), ("accepted", "4"), ("grade", "first"), ("note", "SECRETRECEPTION")]);
    kernel::record::create::<Reception>(tx, id("pooled_reception"), &form, Standing::Steward)?;
    let form = fields(&[("kind", "other"), ("amount", "5"), ("agreed", "SECRETCHARGE")]);
    kernel::record::create::<Charge>(tx, id("pooled_charge"), &form, Standing::Steward)?;
    let form = fields(&[("amount", "50"), ("credited", "50"), ("note", "SECRETRECEIPT")]);
    kernel::record::create::<Receipt>(tx, id("pooled_receipt"), &form, Standing::Steward)?;
    let form = fields(&[("amount", "5"), ("note", "SECRETADVANCE")]);
    kernel::record::create::<Advance>(tx, id("pooled_advance"), &form, Standing::Steward)?;
    Ok(())
}
