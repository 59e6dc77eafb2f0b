//! The Centre monétique interbancaire of Morocco: its hosted page (`3D_PAY_HOSTING`) with hash version 3.
//!
//! Source: the merchants' integration guide of CMI as public clients of it carry it out. The hash is SHA-512 in base64 over
//! the values of all fields but `HASH` and `encoding`, in the natural order of their names whatever their case, each
//! followed by `|`, and the store key at the end; `\` and `|` in a value are written `\\` and `\|`. The message to the
//! house has `ProcReturnCode` `00` for what was accepted, and waits for `ACTION=POSTAUTH` before the card is charged.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Fields, Id};
use sha2::{Digest, Sha512};

use super::{Asked, Gate, Provider, Told, Verdict};

/// The dirham in ISO 4217 numbers.
const DIRHAM: &str = "504";

pub(crate) struct Cmi;

impl Provider for Cmi {
    fn takes(&self, currency: &str) -> bool {
        currency == "MAD"
    }

    fn gate(&self, asked: &Asked<'_>, key: &str) -> Gate {
        let origin =
            if asked.testing { "https://testpayment.cmi.co.ma" } else { "https://payment.cmi.co.ma" };
        let attempt = asked.attempt.to_string();
        let mut fields = vec![
            ("clientid", asked.client.to_owned()),
            ("storetype", "3D_PAY_HOSTING".to_owned()),
            ("TranType", "PreAuth".to_owned()),
            ("amount", amount(asked.amount.minor)),
            ("currency", DIRHAM.to_owned()),
            ("oid", attempt.clone()),
            ("okUrl", asked.back.to_owned()),
            ("failUrl", asked.back.to_owned()),
            ("callbackURL", asked.told.to_owned()),
            ("shopurl", asked.back.to_owned()),
            ("BillToName", asked.name.to_owned()),
            ("email", asked.email.to_owned()),
            ("lang", if asked.lang == "ar" || asked.lang == "en" { asked.lang } else { "fr" }.to_owned()),
            ("rnd", attempt),
            ("hashAlgorithm", "ver3".to_owned()),
            ("encoding", "UTF-8".to_owned()),
        ];
        let told: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let hash = hash(&told, key);
        fields.push(("HASH", hash));
        Gate { origin, url: format!("{origin}/fim/est3Dgate"), fields }
    }

    fn attempt(&self, message: &Fields) -> Option<Id> {
        message.parse("oid")
    }

    fn told(&self, message: &Fields, key: &str) -> Option<Told> {
        let fields: Vec<(&str, &str)> = message.0.iter().map(|(name, value)| (&**name, &**value)).collect();
        let value = |name: &str| fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        if !same(&hash(&fields, key), value("HASH")?) || value("currency").is_some_and(|code| code != DIRHAM)
        {
            return None;
        }
        Some(Told {
            amount: minor(value("amount")?)?,
            accepted: value("ProcReturnCode") == Some("00"),
            reference: value("TransId").unwrap_or_default().chars().take(80).collect(),
        })
    }

    fn answer(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Kept => "ACTION=POSTAUTH",
            Verdict::Heard => "APPROVED",
            Verdict::Refused => "FAILURE",
        }
    }
}

/// Minor units as CMI writes them: `1250` is `12.50`.
fn amount(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// Reads an amount: `12.5`, `12.50` and `12` are meant.
fn minor(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    if whole.is_empty()
        || part.is_empty()
        || part.len() > 2
        || !(whole.to_owned() + part).bytes().all(|c| c.is_ascii_digit())
    {
        return None;
    }
    let part = part.parse::<i64>().ok()? * if part.len() == 1 { 10 } else { 1 };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

fn hash(fields: &[(&str, &str)], key: &str) -> String {
    let mut fields: Vec<_> = fields
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("hash") && !name.eq_ignore_ascii_case("encoding"))
        .collect();
    fields.sort_by(|(one, _), (other, _)| natural(one, other));
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
    let mut text = String::new();
    for (_, value) in fields {
        text.push_str(&escaped(value.strip_suffix('\n').unwrap_or(value)));
        text.push('|');
    }
    text.push_str(&escaped(key));
    STANDARD.encode(Sha512::digest(text))
}

/// The natural order of names whatever their case: `card2` before `card10`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut a, mut b) = (one.as_bytes(), other.as_bytes());
    let digits = |text: &[u8]| text.iter().take_while(|c| c.is_ascii_digit()).count();
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        let (n, m) = (digits(a), digits(b));
        let order = if n > 0 && m > 0 {
            let number = |text: &[u8]| {
                text.iter().fold(0_u128, |sum, c| sum.saturating_mul(10).saturating_add(u128::from(c - b'0')))
            };
            let order = number(&a[..n]).cmp(&number(&b[..m]));
            (a, b) = (&a[n..], &b[m..]);
            order
        } else {
            let order = x.to_ascii_uppercase().cmp(&y.to_ascii_uppercase());
            (a, b) = (&a[1..], &b[1..]);
            order
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// Compares without telling by its time where two texts differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use kernel::kinds::Money;

    use super::*;

    fn asked<'a>(money: &'a Money, name: &'a str) -> Asked<'a> {
        Asked {
            client: "600002599",
            testing: true,
            attempt: Id::named("attempt"),
            amount: money,
            name,
            email: "acheteur@tiwizi.example",
            lang: "zgh",
            back: "https://tiwizi.example/back",
            told: "https://tiwizi.example/told",
        }
    }

    #[test]
    fn a_message_is_believed_with_the_right_key_alone_and_as_it_was_sent() {
        let money = Money { minor: 18_005, currency: "MAD".into() };
        let gate = Cmi.gate(&asked(&money, "Épicerie | du \\ Levant"), "TEST1234");
        assert_eq!(gate.url, "https://testpayment.cmi.co.ma/fim/est3Dgate");
        let field = |name: &str| gate.fields.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        assert_eq!((field("amount"), field("lang")), ("180.05".to_owned(), "fr".to_owned()));
        // What comes back is sealed in the same way.
        let mut message = Fields::default();
        for (name, value) in &gate.fields {
            message.push((*name).to_owned(), value.clone());
        }
        assert_eq!(Cmi.attempt(&message), Some(Id::named("attempt")));
        let told = Cmi.told(&message, "TEST1234").unwrap();
        assert_eq!((told.amount, told.accepted), (18_005, false), "nobody said that it was accepted");
        assert_eq!(Cmi.told(&message, "TEST1235"), None);
        message.set("amount", "1.00");
        assert_eq!(Cmi.told(&message, "TEST1234"), None);
    }

    #[test]
    fn names_stand_in_their_natural_order() {
        let mut names = [
            "oid",
            "HASHx",
            "card10",
            "card2",
            "okUrl",
            "TranType",
            "amount",
            "BillToName",
            "EXTRA.TRXDATE",
            "card02x",
        ];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            [
                "amount",
                "BillToName",
                "card2",
                "card02x",
                "card10",
                "EXTRA.TRXDATE",
                "HASHx",
                "oid",
                "okUrl",
                "TranType"
            ]
        );
    }

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for minor_units in [0, 5, 50, 100, 12_345] {
            assert_eq!(minor(&amount(minor_units)), Some(minor_units));
        }
        assert_eq!((minor("12.5"), minor("12")), (Some(1_250), Some(1_200)));
        for wrong in ["", ".5", "1.", "1,50", "-1", "1.234", "1e5", "９"] {
            assert_eq!(minor(wrong), None, "{wrong}");
        }
    }
}
