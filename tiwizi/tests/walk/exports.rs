//! What is planted in export: a number that the planted cooperative stated, a package of an order that was prepared and one
//! of a pooled order, and a paper of each.

use ::export::{Content, Package, Paper, Statement};
use kernel::{Fields, Id, Result, Standing, Tx};
use sales::{Line, LinePrice, Quotation, SaleOrder};

pub(crate) fn plant(tx: &mut Tx<'_>, organisation: &str) -> Result<()> {
    let form = Fields::of([
        ("organisation", organisation),
        ("kind", "exporter_register"),
        ("number", "SECRETSTATEMENT"),
        ("since", "2026-02-01"),
    ]);
    kernel::record::create::<Statement>(tx, Id::named("walked export_statement"), &form, Standing::Steward)?;
    let [order, line, package] =
        ["shipped sale_order", "shipped sale_line", "walked shipment_package"].map(Id::named);
    ship(tx, organisation, order, line)?;
    let (s, l, p) = (order.to_string(), line.to_string(), package.to_string());
    let form = Fields::of([
        ("organisation", organisation),
        ("sale_order", &s),
        ("number", "1"),
        ("count", "2"),
        ("marks", "SECRETMARKS"),
        ("net", "500"),
        ("gross", "600"),
    ]);
    kernel::record::create::<Package>(tx, package, &form, Standing::Steward)?;
    let form =
        Fields::of([("organisation", organisation), ("package", &p), ("sale_line", &l), ("count", "1")]);
    kernel::record::create::<Content>(tx, Id::named("walked shipment_content"), &form, Standing::Steward)?;
    let form = Fields::of([
        ("organisation", organisation),
        ("sale_order", &s),
        ("kind", "dum"),
        ("number", "SECRETDUM"),
        ("dated", "2026-03-09"),
    ]);
    kernel::record::create::<Paper>(tx, Id::named("walked shipment_paper"), &form, Standing::Steward)?;
    together(tx, organisation)
}

/// A package and a paper of the planted pooled order.
fn together(tx: &mut Tx<'_>, organisation: &str) -> Result<()> {
    let order = Id::named("walked pooled_order").to_string();
    let (package, lot) = (Id::named("pooled shipment_package"), Id::named("walked lot").to_string());
    let form = Fields::of([
        ("organisation", organisation),
        ("pooled_order", &order),
        ("number", "1"),
        ("count", "1"),
        ("marks", "SECRETPALLET"),
        ("net", "500"),
        ("gross", "600"),
    ]);
    kernel::record::create::<Package>(tx, package, &form, Standing::Steward)?;
    let p = package.to_string();
    let form = Fields::of([("organisation", organisation), ("package", &p), ("lot", &lot), ("count", "3")]);
    kernel::record::create::<Content>(tx, Id::named("pooled shipment_content"), &form, Standing::Steward)?;
    let form = Fields::of([
        ("organisation", organisation),
        ("pooled_order", &order),
        ("kind", "transport"),
        ("number", "SECRETWAYBILL"),
        ("dated", "2026-03-09"),
    ]);
    kernel::record::create::<Paper>(tx, Id::named("pooled shipment_paper"), &form, Standing::Steward)
        .map(|_| ())
}

/// An order that was prepared: that of the walk still waits.
fn ship(tx: &mut Tx<'_>, organisation: &str, order: Id, line: Id) -> Result<()> {
    let quotation = Id::named("shipped sale_quotation");
    let (s, l, q) = (order.to_string(), line.to_string(), quotation.to_string());
    let product = Id::named("walked product").to_string();
    let form = Fields::of([
        ("organisation", organisation),
        ("number", "2"),
        ("asked", "2026-03-01"),
        ("name", "SECRETBUYER"),
        ("buyer", "hotel"),
        ("phone", "0661000000"),
        ("country", "FR"),
        ("status", "prepared"),
        ("ordered", "2026-03-03"),
    ]);
    kernel::record::create::<SaleOrder>(tx, order, &form, Standing::Steward)?;
    let form = Fields::of([
        ("organisation", organisation),
        ("sale_order", &s),
        ("product", &product),
        ("name.fr", "SECRETLINE"),
        ("content", "500"),
        ("unit", "g"),
        ("count", "2"),
    ]);
    kernel::record::create::<Line>(tx, line, &form, Standing::Steward)?;
    let form = Fields::of([
        ("organisation", organisation),
        ("sale_order", &s),
        ("number", "1"),
        ("dated", "2026-03-02"),
        ("valid_until", "2026-04-02"),
        ("terms", "before"),
        ("total", "90"),
        ("accepted", "2026-03-03"),
    ]);
    kernel::record::create::<Quotation>(tx, quotation, &form, Standing::Steward)?;
    let form = Fields::of([
        ("organisation", organisation),
        ("sale_quotation", &q),
        ("sale_line", &l),
        ("price", "45"),
    ]);
    kernel::record::create::<LinePrice>(tx, Id::named("shipped sale_price"), &form, Standing::Steward)
        .map(|_| ())
}
