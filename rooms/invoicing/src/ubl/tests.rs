#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::Id;

use super::document;
use crate::content::{Content, Credited};
use crate::invoice::{Invoice, InvoiceKind};
use crate::testing::{is_judged, sample, words};

fn invoice(content: Content) -> Invoice {
    let credit = content.credits.is_some();
    Invoice {
        id: Id::named("sample invoice"),
        version: 1,
        organisation: Id::named("sample seller").into(),
        number: "2026-0007".into(),
        year: 2026,
        serial: 7,
        kind: if credit { InvoiceKind::CreditNote } else { InvoiceKind::Invoice },
        issued: jiff::civil::date(2026, 3, 4),
        sale_order: None,
        pooled_order: None,
        round: 0,
        credits: None,
        buyer: content.buyer.name.clone(),
        net: content.net,
        total: content.money(content.total),
        content,
        clearance_number: None,
        clearance_state: None,
        clearance_code: None,
    }
}

fn written(content: Content) -> String {
    String::from_utf8(document(words(), &invoice(content)).unwrap()).unwrap()
}

#[test]
fn what_the_judges_judge_is_what_is_written() {
    for code in ["cooperative", "standard", "outside"] {
        is_judged(&format!("invoices/{code}.xml"), &written(sample(code)));
    }
    for code in ["export", "export_vat"] {
        let mut content = sample(code);
        content.currency = "EUR".into();
        content.buyer.country = "FR".into();
        content.incoterm = Some("FCA".into());
        content.place = Some("Ouarzazate".into());
        is_judged(&format!("invoices/{code}.xml"), &written(content));
    }
    // Odd amounts, so that rounding is said.
    let mut odd = sample("standard");
    for (line, price) in odd.lines.iter_mut().zip([333, 1_001]) {
        (line.price, line.gross) = (price, price * line.count);
    }
    let odd = odd.summed().unwrap();
    is_judged("invoices/odd.xml", &written(odd.clone()));
    let credits = Credited {
        invoice: Id::named("sample"),
        number: "2026-0006".into(),
        issued: jiff::civil::date(2026, 3, 1),
        reason: "Deux flacons cassés".into(),
    };
    is_judged("invoices/credit.xml", &written(Content { credits: Some(credits), ..odd }));
}

#[test]
fn what_buyers_typed_stays_text() {
    let text = written(sample("cooperative"));
    assert!(text.contains("Épicerie &lt;&amp;&gt;") && !text.contains("DeliveryTerms"));
}

#[test]
fn what_no_rule_allows_is_refused() {
    let dinars = Content { currency: "TND".into(), ..sample("cooperative") };
    let mut elsewhere = sample("cooperative");
    elsewhere.buyer.country = "ZZ".into();
    for content in [dinars, elsewhere] {
        assert!(document(words(), &invoice(content)).is_err());
    }
}
