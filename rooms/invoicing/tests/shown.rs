//! What these tests begin with: a cooperative whose file has what invoices need, its orders, and how an invoice is issued.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::{Answer, House, Visitor};
use kernel::{Fields, Id, Json, Room, Standing};
use sales::{Line, LinePrice, Quotation, SaleOrder};

use crate::house::day;

pub(crate) fn rooms() -> Vec<Room> {
    invoicing::open_rules(include_str!("../../../packs/ma/invoicing.toml"));
    let mut rooms = crate::shop::rooms();
    rooms.extend([pooled::room(), invoicing::room()]);
    rooms
}

/// Fills in what the law asks for on invoices of an organisation.
pub(crate) fn fill(who: &Visitor<'_>, organisation: Id) {
    let page = format!("/organisations/{organisation}");
    let version = who.get_json(&page).is(200).json()["organisation"]["version"].to_string();
    let form = [
        ("version", version.as_str()),
        ("_fields", "ice,tax_number,address"),
        ("ice", "001512572000078"),
        ("tax_number", "14456789"),
        ("address", "Centre, près du souk"),
    ];
    who.post(&page, &form).is(303);
    let form = [("treatment", "cooperative"), ("professional_tax", "47120001"), ("account", "RIB 007 0001")];
    who.post(&format!("{page}/invoicing"), &form).is(303);
}

/// An agreed order of so many at a price in minor units, as the sales room keeps it.
pub(crate) fn order(
    house: &House,
    organisation: Id,
    product: &str,
    number: i64,
    count: i64,
    price: i64,
) -> Id {
    let [order, line, quotation] =
        ["order", "line", "quotation"].map(|what| Id::named(&format!("{organisation} {what} {number}")));
    let dirhams = |minor: i64| format!("{},{:02}", minor / 100, minor % 100);
    house.given(|tx| {
        let (o, l, q) = (order.to_string(), line.to_string(), quotation.to_string());
        let own = |more: &[(&str, &str)]| {
            let organisation = organisation.to_string();
            let base = [
                ("organisation", organisation.as_str()),
                ("sale_order", &o),
                ("sale_line", &l),
                ("sale_quotation", &q),
                ("product", product),
            ];
            Fields(
                base.iter()
                    .chain(more)
                    .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                    .collect(),
            )
        };
        let today = day(0);
        let form = own(&[
            ("number", &number.to_string()),
            ("asked", &day(-9)),
            ("name", "Maison Levant"),
            ("buyer", "shop"),
            ("phone", "0522000000"),
            ("country", "MA"),
            ("town", "Casablanca"),
            ("status", "delivered"),
            ("ordered", &day(-8)),
            ("delivered", &day(-2)),
        ]);
        kernel::record::create::<SaleOrder>(tx, order, &form, Standing::Steward)?;
        let count_text = count.to_string();
        let form = own(&[
            ("name.fr", "Flacon de 250 ml"),
            ("content", "250"),
            ("unit", "ml"),
            ("count", &count_text),
        ]);
        kernel::record::create::<Line>(tx, line, &form, Standing::Steward)?;
        let total = dirhams(price * count);
        let form = own(&[
            ("number", "1"),
            ("dated", &day(-8)),
            ("valid_until", &today),
            ("terms", "within_30"),
            ("total", &total),
            ("accepted", &day(-8)),
        ]);
        kernel::record::create::<Quotation>(tx, quotation, &form, Standing::Steward)?;
        let price = dirhams(price);
        let form = own(&[("price", &price)]);
        kernel::record::create::<LinePrice>(tx, Id::named(&format!("{line} price")), &form, Standing::Steward)
    });
    order
}

/// What is typed where an invoice is issued, with more.
pub(crate) fn typed(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = [("operation".to_owned(), day(-2)), ("due".to_owned(), day(28))];
    let more = more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    base.into_iter().chain(more).collect()
}

/// What would be issued from an order or a part of one, as the form shows it.
pub(crate) fn preview(who: &Visitor<'_>, from: &str, form: &[(String, String)]) -> Json {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    who.post_json(&format!("{from}/invoice"), &form).is(200).json()
}

/// Issues an invoice as it is read first; answers what the house answered.
pub(crate) fn issue<'a>(who: &'a Visitor<'a>, from: &str, more: &[(&str, &str)]) -> Answer<'a> {
    let form = typed(more);
    let seen = preview(who, from, &form)["seen"].as_str().unwrap().to_owned();
    let mut form: Vec<(&str, &str)> =
        form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    form.extend([("act", "issue"), ("seen", seen.as_str())]);
    who.post(&format!("{from}/invoice"), &form)
}

/// The address of the invoice that was issued.
pub(crate) fn issued(who: &Visitor<'_>, from: &str, more: &[(&str, &str)]) -> String {
    let answer = issue(who, from, more).is(303);
    answer.location.as_deref().unwrap().split('?').next().unwrap().to_owned()
}
