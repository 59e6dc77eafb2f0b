//! The legal calendar: what is asked, what is met, and what nobody verified.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house;

use coaching::legal::{Origin, State, deadline, last_close};
use coaching::{LegalRule, legal};
use house::{coach, given, rooms};
use jiff::civil::{Date, date};
use kernel::kinds::Multi;
use kernel::testing::on_both;
use kernel::{Id, sql};
use people::testing::sign_in;
use registry::{Document, DocumentKind, Month};

fn rule(counts_from: Origin, months: i64, document: DocumentKind) -> LegalRule {
    LegalRule {
        id: Id::named("rule"),
        version: 1,
        code: "rule".into(),
        name: Multi::fr_ar("Règle", ""),
        text: None,
        article: None,
        source: None,
        counts_from,
        months: Some(months),
        days: None,
        document,
        once: false,
        active: true,
        verified_by: None,
        verified_on: None,
    }
}

fn document(kind: DocumentKind, issued: Date) -> Document {
    Document {
        id: Id::new(),
        version: 1,
        organisation: Id::named("tiniri").into(),
        kind,
        title: None,
        file: None,
        issued: Some(issued),
        expires: None,
    }
}

#[test]
fn an_assembly_is_due_six_months_after_the_close() {
    let assembly = rule(Origin::Close, 6, DocumentKind::Minutes);
    let state = |documents: &[Document], today| {
        deadline(&assembly, documents, Month::December, today).map(|d| (d.state, d.due))
    };
    let due = Some(date(2026, 6, 30));
    assert_eq!(state(&[], date(2026, 2, 1)), Some((State::Ahead, due)));
    assert_eq!(state(&[], date(2026, 5, 15)), Some((State::Soon, due)));
    assert_eq!(state(&[], date(2026, 6, 30)), Some((State::Soon, due)));
    assert_eq!(state(&[], date(2026, 7, 1)), Some((State::Late, due)));
    let held = [document(DocumentKind::Minutes, date(2026, 4, 2))];
    assert_eq!(state(&held, date(2026, 7, 1)), Some((State::Met, due)));
    // Last year's minutes prove nothing for this year, nor do papers of another kind, nor minutes of tomorrow.
    let others = [
        document(DocumentKind::Minutes, date(2025, 12, 1)),
        document(DocumentKind::Accounts, date(2026, 4, 2)),
        document(DocumentKind::Minutes, date(2026, 8, 1)),
    ];
    assert_eq!(state(&others, date(2026, 7, 1)), Some((State::Late, due)));
}

#[test]
fn a_financial_year_may_end_with_the_harvest() {
    let close = |today| last_close(Month::September, today);
    assert_eq!(close(date(2026, 9, 30)), date(2025, 9, 30));
    assert_eq!(close(date(2026, 10, 1)), date(2026, 9, 30));
    assert_eq!(last_close(Month::February, date(2028, 3, 1)), date(2028, 2, 29));
    let assembly = rule(Origin::Close, 6, DocumentKind::Minutes);
    let due = |today| deadline(&assembly, &[], Month::September, today).map(|d| (d.state, d.due));
    assert_eq!(due(date(2026, 3, 1)), Some((State::Soon, Some(date(2026, 3, 31)))));
    assert_eq!(due(date(2026, 4, 1)), Some((State::Late, Some(date(2026, 3, 31)))));
}

#[test]
fn a_certificate_holds_for_a_year() {
    let certificate = rule(Origin::Document, 12, DocumentKind::TaxCertificate);
    let state = |documents: &[Document]| {
        deadline(&certificate, documents, Month::December, date(2026, 11, 25)).map(|d| d.state)
    };
    assert_eq!(state(&[]), Some(State::Unknown));
    assert_eq!(state(&[document(DocumentKind::TaxCertificate, date(2025, 11, 24))]), Some(State::Late));
    assert_eq!(state(&[document(DocumentKind::TaxCertificate, date(2026, 1, 10))]), Some(State::Soon));
    assert_eq!(state(&[document(DocumentKind::TaxCertificate, date(2026, 10, 1))]), Some(State::Ahead));
    let once = LegalRule { once: true, ..certificate.clone() };
    assert!(
        deadline(&once, &[], Month::December, date(2026, 11, 25)).is_none(),
        "what is asked once asks nothing when it is over"
    );
}

#[test]
fn only_what_was_seen_in_a_source_is_in_force() {
    on_both(rooms, |house| {
        let given = given(house);
        let rules = house.look(legal::rules);
        assert!(rules.iter().filter(|rule| rule.active).all(LegalRule::is_verified));
        assert_eq!(rules.iter().filter(|rule| rule.active).count(), 4);
        assert!(rules.iter().any(|rule| !rule.active && !rule.is_verified()), "leads come switched off");
        house.visitor().get("/legal").is(200).says("non vérifié").says("éteint");
        let amina = coach(house, &given, "amina");
        amina.get(&format!("/organisations/{}", given.organisation)).is(200).says("Que demande la loi");
        amina.get("/legal/new").is(403);
        let lead = rules.iter().find(|rule| rule.code == "papers-to-odco").unwrap();
        amina.post(&format!("/legal/{}", lead.id), &[("active", "yes")]).is(403);
        // An administrator who read the text says so, and the calendar follows.
        let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
        let path = format!("/legal/{}", lead.id);
        nadia
            .post(&path, &[("verified_by", ""), ("verified_on", "2026-01-01"), ("version", "1")])
            .is(422)
            .says("un nom et une date");
        nadia
            .post(
                &path,
                &[
                    ("verified_by", "Nadia"),
                    ("verified_on", "2026-01-01"),
                    ("active", "yes"),
                    ("version", "1"),
                ],
            )
            .is(303);
        nadia.get(&format!("{}/edit", path)).is(200).says("Nadia");
        nadia
            .post(
                "/legal",
                &[("code", "vide"), ("name.fr", "Vide"), ("counts_from", "close"), ("document", "minutes")],
            )
            .is(422)
            .says("mois ou de jours");
        // A second day brings nothing twice and changes nothing back.
        kernel::work::begin_day(&house.app).unwrap();
        let active = sql("select count(*) from legal_rule where active = 1").open("test");
        assert_eq!(house.look(|db| db.one::<i64>(&active)), 5);
    });
}
