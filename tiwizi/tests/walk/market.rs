//! What is planted in the market: a draft with a lot, a price for exporters and a label that nobody verified.

use kernel::{Fields, Id, Result, Standing, Tx};
use market::{CostLine, CostSheet, Cover, Label, Lot, Movement, Pack, Price, Product};

pub(crate) fn plant(tx: &mut Tx<'_>, organisation: &str) -> Result<()> {
    let [product, pack, price, lot, movement, label, cover] =
        ["product", "product_pack", "product_price", "lot", "lot_movement", "quality_label", "label_cover"]
            .map(|table| Id::named(&format!("walked {table}")));
    let (p, l, q) = (product.to_string(), lot.to_string(), label.to_string());
    let fields = |more: &[(&str, &str)]| {
        let own = [
            ("organisation", organisation),
            ("product", p.as_str()),
            ("lot", l.as_str()),
            ("label", q.as_str()),
        ];
        Fields(own.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    };
    let form = fields(&[
        ("kind", "food"),
        ("making", "repeated"),
        ("name.fr", "SECRETPRODUCT"),
        ("unit", "g"),
        ("status", "draft"),
    ]);
    kernel::record::create::<Product>(tx, product, &form, Standing::Steward)?;
    let form = fields(&[("name.fr", "SECRETPACK"), ("quantity", "500")]);
    kernel::record::create::<Pack>(tx, pack, &form, Standing::Steward)?;
    let form = fields(&[("buyer", "exporter"), ("price", "45")]);
    kernel::record::create::<Price>(tx, price, &form, Standing::Steward)?;
    let sheet = Id::named("walked cost_sheet");
    kernel::record::create::<CostSheet>(
        tx,
        sheet,
        &fields(&[("made", "77712"), ("margin", "20")]),
        Standing::Steward,
    )?;
    let form = fields(&[("kind", "material"), ("name", "SECRETCOST"), ("count", "3"), ("price", "12")]);
    kernel::record::create::<CostLine>(tx, Id::named("walked cost_line"), &form, Standing::Steward)?;
    let form =
        fields(&[("number", "SECRETLOT"), ("produced", "2026-03-01"), ("quantity", "100"), ("unit", "g")]);
    kernel::record::create::<Lot>(tx, lot, &form, Standing::Steward)?;
    let form =
        fields(&[("day", "2026-03-02"), ("reason", "sold"), ("quantity", "5"), ("note", "SECRETMOVEMENT")]);
    kernel::record::create::<Movement>(tx, movement, &form, Standing::Steward)?;
    let form = fields(&[
        ("scheme", "igp"),
        ("body", "Organisme"),
        ("number", "SECRETLABEL"),
        ("since", "2026-01-01"),
    ]);
    kernel::record::create::<Label>(tx, label, &form, Standing::Steward)?;
    let mut form = fields(&[]);
    form.set("lot", "");
    kernel::record::create::<Cover>(tx, cover, &form, Standing::Steward)?;
    Ok(())
}
