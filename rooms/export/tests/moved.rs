//! A house of an earlier version opens with its packages and papers in it.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crate::house::{given, rooms, team};
use kernel::testing::on_both;
use kernel::{Fields, Id, Room, Standing, migrate, sql};
use sales::{Line, SaleOrder};

/// The house as it was before pooled orders were packed.
fn before() -> Vec<Room> {
    let mut rooms = rooms();
    for room in rooms.iter_mut().filter(|room| room.name == "export") {
        room.schema = &room.schema[..2];
    }
    rooms
}

#[test]
fn what_was_packed_before_pooled_orders_is_still_packed() {
    on_both(before, |house| {
        let given = given(house);
        let coach = team(house, &given, "coach");
        let product = crate::house::product(&coach, given.organisation, &[]);
        let [order, line, package, content, paper] =
            ["order", "line", "package", "content", "paper"].map(Id::named);
        let (o, s) = (given.organisation.to_string(), order.to_string());
        house.given(|tx| {
            let form = Fields::of([
                ("organisation", &*o),
                ("number", "7"),
                ("asked", "2026-03-01"),
                ("name", "Épicerie de Lyon"),
                ("buyer", "shop"),
                ("phone", "0661000000"),
                ("country", "FR"),
                ("status", "prepared"),
            ]);
            kernel::record::create::<SaleOrder>(tx, order, &form, Standing::Steward)?;
            let form = Fields::of([
                ("organisation", &*o),
                ("sale_order", &*s),
                ("product", &*product),
                ("name.fr", "Eau de rose"),
                ("content", "250"),
                ("unit", "ml"),
                ("count", "48"),
            ]);
            kernel::record::create::<Line>(tx, line, &form, Standing::Steward)?;
            let query = sql("insert into shipment_package (id, version, organisation, sale_order, number, count, marks, net, gross, sscc)
                             values (?, 3, ?, ?, 1, 1, 'LYON', 3000, 5400, '376104250021234569')");
            tx.run(&query.bind(package).bind(given.organisation).bind(order).open("test"))?;
            let query = sql("insert into shipment_content (id, version, organisation, package, sale_line, count)
                             values (?, 1, ?, ?, ?, 12)");
            tx.run(&query.bind(content).bind(given.organisation).bind(package).bind(line).open("test"))?;
            let query = sql("insert into shipment_paper (id, version, organisation, sale_order, kind, number, dated)
                             values (?, 1, ?, ?, 'dum', 'DUM-41', '2026-03-09')");
            tx.run(&query.bind(paper).bind(given.organisation).bind(order).open("test"))
        });
        let applied = migrate::migrate(&house.app.store, &rooms()).unwrap();
        assert_eq!(applied, ["export/0003_pooled_shipments"]);
        let (package, content, paper) = house.look(|db| {
            let package = kernel::record::get::<export::Package>(db, package)?;
            let content = kernel::record::get::<export::Content>(db, content)?;
            Ok((package, content, kernel::record::get::<export::Paper>(db, paper)?))
        });
        assert_eq!((package.version, package.sale_order.unwrap().id), (3, order));
        assert_eq!((package.count, package.net, package.gross), (1, 3_000, 5_400));
        assert_eq!(package.sscc.unwrap().0, "376104250021234569");
        assert_eq!((content.sale_line.unwrap().id, content.count), (line, 12));
        assert_eq!((paper.sale_order.unwrap().id, paper.number.0.as_str()), (order, "DUM-41"));
        assert!(package.pooled_order.is_none() && paper.pooled_order.is_none() && content.lot.is_none());
    });
}
