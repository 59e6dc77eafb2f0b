//! The market of the invented country: product pages and the catalogue as anybody reads them, and orders of many buyers.

use std::sync::atomic::{AtomicU64, Ordering};

use kernel::{Db, Id, sql};

use crate::dice::Dice;
use crate::engine::{Engine, Run};
use crate::floor::Floor;
use crate::http::{Browser, encode};
use crate::server::Server;
use crate::{Result, goods, load};

/// Packs that measures ask for.
const ASKED: i64 = 20_000;

/// A pack that is sold: of what, by whom, for how much.
struct Offer {
    product: Id,
    pack: Id,
    organisation: Id,
    price: i64,
}

/// Offers from all over the country, in the order of chance.
fn offers(engine: &Engine) -> Result<Vec<Offer>> {
    let query = sql("select k.product, k.id, k.organisation, r.price from product_pack k
                     join product_price r on r.pack = k.id and r.buyer = 'individual'
                     join product p on p.id = k.product and p.status = 'published' order by k.id limit 1000000");
    let read = |db: &mut Db| {
        db.rows(&query.open("a measure"), |row| {
            Ok(Offer {
                product: row.take()?,
                pack: row.take()?,
                organisation: row.take()?,
                price: row.take()?,
            })
        })
    };
    let mut all = kernel::store::Store::open(&engine.place(), 1)?.read(read)?;
    let mut dice = Dice::new(200_000);
    for at in 0..all.len() {
        let other = at + dice.below(all.len() - at);
        all.swap(at, other);
    }
    all.truncate(ASKED as usize);
    Ok(all)
}

/// The public page of a product, to somebody who never signed in.
pub(crate) fn product(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let paths: Vec<String> =
        offers(engine)?.iter().map(|offer| format!("/products/{}", offer.product)).collect();
    let least = floor.read(run.asked.time / 5, None, &paths)?;
    let load = load::read(server, run.asked.time, None, &paths)?;
    let (name, report) = ("a product's page, anybody", &mut run.report);
    report.add(engine.name, name, load.rate, "requests/s", Some(1500.0), Some(1000.0 / least.mean));
    report.add(engine.name, &format!("{name}: p99"), load.within(0.99), "ms", Some(30.0), Some(least.p99));
    report.add(engine.name, &format!("{name}: processor"), load.cpu, "ms/request", None, Some(least.mean));
    Ok(())
}

/// The catalogue: words as people type them, and what narrows it.
pub(crate) fn catalogue(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let mut dice = Dice::new(11);
    let typed: Vec<String> =
        (0..200).map(|_| format!("/catalogue?q={}", encode(&goods::typed(&mut dice)))).collect();
    let narrowed: Vec<String> =
        ["kind=food", "kind=craft&order=cheap", "territory=06&kind=cosmetic", "month=09", "q=miel&price=150"]
            .map(|query| format!("/catalogue?{query}"))
            .into();
    for (name, paths) in [("catalogue, typed words", typed), ("catalogue, narrowed and counted", narrowed)] {
        let least = floor.read(run.asked.time / 5, None, &paths)?;
        let load = load::read(server, run.asked.time, None, &paths)?;
        let report = &mut run.report;
        report.add(engine.name, name, load.rate, "requests/s", None, Some(1000.0 / least.mean));
        report.add(
            engine.name,
            &format!("{name}: p95"),
            load.within(0.95),
            "ms",
            Some(30.0),
            Some(least.p95),
        );
        report.add(
            engine.name,
            &format!("{name}: processor"),
            load.cpu,
            "ms/request",
            None,
            Some(least.mean),
        );
    }
    Ok(())
}

/// What a buyer sends: a secret of their own and the price that they saw.
fn form(n: u64, offer: &Offer) -> String {
    let secret = kernel::migrate::digest(&format!("{} {n}", std::process::id()));
    format!(
        "secret={secret}&act=order&name=Client&buyer=individual&phone=0522000000&country=MA&town=Casablanca&seen.{}={}+MAD",
        offer.organisation, offer.price
    )
}

/// Orders of as many buyers as there are, each from another place, durable before they are confirmed; afterwards they are
/// counted.
pub(crate) fn orders(run: &mut Run<'_>, engine: &Engine, server: &Server, floor: &mut Floor) -> Result {
    let offers = offers(engine)?;
    let next = AtomicU64::new(0);
    let before = counted(engine)?;
    let ask = |(): &mut ()| {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let offer = &offers[n as usize % offers.len()];
        // Each buyer comes from an address of their own: the house limits what one sender may write.
        let [_, a, b, c] = (n as u32).to_be_bytes();
        let headers = format!(
            "Accept: application/json\r\nCookie: tiwizi_basket={}.1\r\nX-Forwarded-For: 10.{a}.{b}.{c}\r\n",
            offer.pack
        );
        let mut browser = Browser::open(&server.address, None, &headers)?;
        let answer = browser.post("/basket/orders", &form(n, offer))?;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into())
        }
    };
    let (load, _) = load::run(server, run.asked.time, |_| Ok(()), ask)?;
    let lost = next.load(Ordering::Relaxed) as i64 - (counted(engine)? - before);
    let forms: Vec<(String, String)> = (0..20)
        .map(|_| {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let offer = &offers[n as usize % offers.len()];
            (format!("{}.1", offer.pack), form(n, offer))
        })
        .collect();
    let least = floor.order(run.asked.time / 5, &forms)?;
    let (name, report) = ("an order of one buyer, durable", &mut run.report);
    report.add(engine.name, name, load.rate, "requests/s", Some(300.0), Some(1000.0 / least.mean));
    report.add(engine.name, &format!("{name}: p95"), load.within(0.95), "ms", None, Some(least.p95));
    report.add(engine.name, &format!("{name}: processor"), load.cpu, "ms/request", None, Some(least.mean));
    report.add(engine.name, &format!("{name}: lost"), lost as f64, "orders", Some(0.0), None);
    Ok(())
}

fn counted(engine: &Engine) -> Result<i64> {
    let query = sql("select count(*) from sale_order where status = 'ordered'").open("a measure");
    Ok(kernel::store::Store::open(&engine.place(), 1)?.read(|db| db.one(&query))?)
}
