//! Numbers of trade: the GTIN on a pack, whose check digit is worked out, and the code of the Harmonised System, whose
//! shape alone can be checked. Neither is ever made up: a product without one has none.

use kernel::html::{self, Html};
use kernel::kinds::{Input, Kind, Names, Raw};
use kernel::value::{Row, ToValue, Value};
use kernel::{Json, Result, Words, Wrong};

/// A GTIN in fourteen digits (GS1 General Specifications, section 7.9: check digit by weights 3 and 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gtin(pub String);

impl Gtin {
    /// Reads a GTIN-8, -12, -13 or -14.
    ///
    /// # Errors
    /// When it has another length, its check digit is wrong, or its prefix is one that shops give out within their walls.
    pub fn read(text: &str) -> Result<Gtin, Wrong> {
        let digits = digits(text).ok_or_else(|| Wrong::new("product.gtin_shape"))?;
        if ![8, 12, 13, 14].contains(&digits.len()) || digits.bytes().all(|digit| digit == b'0') {
            return Err(Wrong::new("product.gtin_shape"));
        }
        let padded = format!("{digits:0>14}");
        if padded.ends_with(|last: char| last.to_digit(10) != Some(check_digit(&padded[..13]))) {
            return Err(Wrong::new("product.gtin_check"));
        }
        if ["002", "004", "02"].iter().any(|prefix| padded.starts_with(prefix)) {
            return Err(Wrong::new("product.gtin_inside"));
        }
        Ok(Gtin(padded))
    }
}

/// The last digit that belongs to these, from the right with weights 3, 1, 3, …
pub fn check_digit(body: &str) -> u32 {
    let digits = body.chars().rev().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits.enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 3 } else { 1 }).sum();
    (10 - sum % 10) % 10
}

/// A code of the Harmonised System: six digits, or more where a country divides further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hs(pub String);

impl Hs {
    /// Reads a code with or without dots.
    ///
    /// # Errors
    /// When it has not 6, 8 or 10 digits, or its chapter does not exist (01 to 97, where 77 is kept free).
    pub fn read(text: &str) -> Result<Hs, Wrong> {
        let wrong = || Wrong::new("product.hs_shape");
        let digits = digits(&text.replace('.', "")).ok_or_else(wrong)?;
        let chapter: u32 = digits.get(..2).and_then(|chapter| chapter.parse().ok()).ok_or_else(wrong)?;
        let there = (1..=97).contains(&chapter) && chapter != 77;
        if there && [6, 8, 10].contains(&digits.len()) { Ok(Hs(digits)) } else { Err(wrong()) }
    }
}

/// The digits of a number in which nothing stands but digits of any script and space.
fn digits(text: &str) -> Option<String> {
    let folded = fold(text);
    folded.bytes().all(|byte| byte.is_ascii_digit()).then_some(folded)
}

fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c {
            '\u{660}'..='\u{669}' => char::from_digit(c as u32 - 0x660, 10).unwrap_or(c),
            '\u{6f0}'..='\u{6f9}' => char::from_digit(c as u32 - 0x6f0, 10).unwrap_or(c),
            other => other,
        })
        .collect()
}

macro_rules! number_kind {
    ($name:ident) => {
        impl Kind for $name {
            const INPUT: Input = Input::Line;
            fn put(&self) -> Vec<Value> {
                vec![self.0.to_value()]
            }
            fn take(row: &mut Row) -> Result<Option<$name>> {
                Ok(row.take::<Option<String>>()?.map($name))
            }
            fn parse(raw: &Raw<'_>) -> Result<Option<$name>, Wrong> {
                raw.text().map($name::read).transpose()
            }
            fn json(&self) -> Json {
                self.0.as_str().into()
            }
            fn typed(&self) -> Vec<(String, String)> {
                vec![(String::new(), self.0.clone())]
            }
            fn show(&self, _: &Words, _: &Names) -> Html {
                html::isolate(&self.0)
            }
        }
    };
}
number_kind!(Gtin);
number_kind!(Hs);

#[cfg(test)]
mod tests {
    use super::*;

    fn gtin(text: &str) -> Result<String, String> {
        Gtin::read(text).map(|gtin| gtin.0).map_err(|wrong| wrong.key)
    }

    #[test]
    fn every_length_becomes_fourteen_digits() {
        assert_eq!(gtin("9506000134352"), Ok("09506000134352".into()));
        assert_eq!(gtin("0 950600 0134352".replace(' ', "").as_str()), Ok("09506000134352".into()));
        assert_eq!(gtin("614141999996"), Ok("00614141999996".into()));
        assert_eq!(gtin("96385074"), Ok("00000096385074".into()));
        assert_eq!(gtin("٩٥٠٦٠٠٠١٣٤٣٥٢"), Ok("09506000134352".into()));
    }

    #[test]
    fn a_wrong_digit_length_or_prefix_is_refused() {
        assert_eq!(gtin("9506000134353"), Err("product.gtin_check".into()));
        assert_eq!(gtin("950600013435"), Err("product.gtin_check".into()));
        for text in ["", "123", "95060001343A2", "00000000", "950600013435299"] {
            assert_eq!(gtin(text), Err("product.gtin_shape".into()), "{text}");
        }
        assert_eq!(
            gtin(&format!("200000000001{}", check_digit("0200000000001"))),
            Err("product.gtin_inside".into())
        );
    }

    #[test]
    fn any_single_wrong_digit_is_noticed() {
        let good = "09506000134352";
        for at in 0..14 {
            for digit in b'0'..=b'9' {
                let mut other = good.as_bytes().to_vec();
                other[at] = digit;
                let other = String::from_utf8_lossy(&other).into_owned();
                assert_eq!(gtin(&other).is_ok(), other == good, "{other}");
            }
        }
    }

    #[test]
    fn a_code_of_customs_has_a_shape() {
        assert_eq!(Hs::read("0804.10").map(|hs| hs.0).ok(), Some("080410".into()));
        assert_eq!(Hs::read("1515 90 99 00").map(|hs| hs.0).ok(), Some("1515909900".into()));
        for text in ["0804", "770000", "000000", "980000", "08041", "dattes"] {
            assert!(Hs::read(text).is_err(), "{text}");
        }
    }
}
