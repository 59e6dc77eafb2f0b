//! What tests and samples of this room begin with.

use kernel::kinds::Multi;

use crate::content::{Buyer, Content, Line, Seller};
use crate::rules;

/// An invoice of an invented cooperative: 24 bottles and their delivery.
#[allow(clippy::unwrap_used, reason = "a test stops where it fails")]
pub(crate) fn sample(treatment: &str) -> Content {
    rules::open_rules(include_str!("../../../packs/ma/invoicing.toml"));
    let day = jiff::civil::date(2026, 3, 4);
    let line =
        |name: &str, ar: &str, count, price| Line::plain(Multi::fr_ar(name, ar), count, price).unwrap();
    let bottles = Line {
        hs: Some("330190".into()),
        origin: Some("MA".into()),
        lots: vec!["R-1".into()],
        ..line("Eau de rose · Flacon de 250 ml", "ماء الورد", 24, 3_200)
    };
    Content {
        seller: Seller {
            name: Multi::fr_ar("Coopérative Tiniri", "تعاونية تينيري"),
            form: "cooperative".into(),
            address: Some("Centre".into()),
            place: Multi::fr_ar("Tinghir", "تنغير"),
            ice: Some("001512572000078".into()),
            tax_number: Some("14456789".into()),
            professional_tax: Some("47120001".into()),
            register: Some("7/12 (Tinghir)".into()),
            social_number: None,
            phone: None,
            email: None,
            account: Some("RIB 0".into()),
        },
        buyer: Buyer { name: "Épicerie <&>".into(), address: None, country: "MA".into(), ice: None },
        reference: "0001-3FA2".into(),
        operation: day,
        due: day,
        currency: "MAD".into(),
        lines: vec![bottles, line("Livraison", "التسليم", 1, 6_000)],
        net: 0,
        tax: 0,
        rounding: 0,
        total: 0,
        treatment: rules::treatment(treatment).unwrap().unwrap().clone(),
        incoterm: None,
        place: None,
        terms: Some("on_delivery".into()),
        mandate: None,
        note: None,
        credits: None,
    }
    .summed()
    .unwrap()
}

/// Words of the rooms that an invoice speaks with.
#[allow(clippy::unwrap_used, reason = "a test stops where it fails")]
pub(crate) fn words() -> kernel::Words {
    let sources = [
        include_str!("../words.toml"),
        include_str!("../../sales/words.toml"),
        include_str!("../../registry/words.toml"),
    ];
    let all: &'static kernel::words::Catalogue =
        Box::leak(Box::new(kernel::words::Catalogue::read(&sources).unwrap()));
    all.speak(kernel::Lang::Fr)
}

/// Holds what was written against a file of the judges, who judge the file: so what they judge is what is written. With
/// `TIWIZI_SAMPLES` set the file is written anew.
#[allow(clippy::unwrap_used, reason = "a test stops where it fails")]
pub(crate) fn is_judged(file: &str, written: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/judges").join(file);
    if std::env::var_os("TIWIZI_SAMPLES").is_some() {
        std::fs::write(&path, written).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == written, "{file} is not what is written now");
}
