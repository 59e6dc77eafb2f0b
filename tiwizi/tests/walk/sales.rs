//! What is planted in selling: an order of a buyer, with what was quoted and what was paid.

use kernel::{Fields, Id, Result, Standing, Tx};
use sales::{Line, LinePrice, Payment, Quotation, SaleOrder};

pub(crate) fn plant(tx: &mut Tx<'_>, organisation: &str) -> Result<()> {
    let named = |table: &str| Id::named(&format!("walked {table}"));
    let [order, line, quotation] = ["sale_order", "sale_line", "sale_quotation"].map(named);
    let (o, l, q, p) =
        (order.to_string(), line.to_string(), quotation.to_string(), named("product").to_string());
    let fields = |more: &[(&str, &str)]| {
        let own = [
            ("organisation", organisation),
            ("sale_order", o.as_str()),
            ("sale_line", l.as_str()),
            ("sale_quotation", q.as_str()),
            ("product", p.as_str()),
        ];
        Fields(own.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    };
    let form = fields(&[
        ("number", "1"),
        ("asked", "2026-03-01"),
        ("name", "SECRETBUYER"),
        ("buyer", "hotel"),
        ("phone", "0661000000"),
        ("country", "MA"),
        ("status", "ordered"),
        ("ordered", "2026-03-03"),
    ]);
    kernel::record::create::<SaleOrder>(tx, order, &form, Standing::Steward)?;
    let form = fields(&[("name.fr", "SECRETLINE"), ("content", "500"), ("unit", "g"), ("count", "2")]);
    kernel::record::create::<Line>(tx, line, &form, Standing::Steward)?;
    let form = fields(&[
        ("number", "1"),
        ("dated", "2026-03-02"),
        ("valid_until", "2026-04-02"),
        ("terms", "before"),
        ("total", "90"),
        ("note", "SECRETQUOTE"),
        ("accepted", "2026-03-03"),
    ]);
    kernel::record::create::<Quotation>(tx, quotation, &form, Standing::Steward)?;
    let form = fields(&[("price", "45")]);
    kernel::record::create::<LinePrice>(tx, named("sale_price"), &form, Standing::Steward)?;
    let form = fields(&[
        ("day", "2026-03-04"),
        ("amount", "40"),
        ("means", "transfer"),
        ("reference", "SECRETPAYMENT"),
        ("status", "announced"),
    ]);
    kernel::record::create::<Payment>(tx, named("sale_payment"), &form, Standing::Steward).map(|_| ())
}
