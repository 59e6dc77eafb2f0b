#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::HashSet;

use kernel::Lang;
use kernel::kinds::Money;
use proptest::prelude::*;

use super::{amount, english, french};

fn said(minor: i64, currency: &str, lang: Lang) -> String {
    amount(&Money { minor, currency: currency.into() }, lang)
}

#[test]
fn french_follows_vingt_cent_mille_and_seventy() {
    for (n, words) in [
        (0, "zéro"),
        (21, "vingt et un"),
        (61, "soixante et un"),
        (70, "soixante-dix"),
        (71, "soixante et onze"),
        (77, "soixante-dix-sept"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (91, "quatre-vingt-onze"),
        (99, "quatre-vingt-dix-neuf"),
        (100, "cent"),
        (200, "deux cents"),
        (280, "deux cent quatre-vingts"),
        (201, "deux cent un"),
        (1_000, "mille"),
        (1_001, "mille un"),
        (80_000, "quatre-vingt mille"),
        (200_000, "deux cent mille"),
        (300_200, "trois cent mille deux cents"),
        (1_000_000, "un million"),
        (80_000_000, "quatre-vingts millions"),
        (200_000_080, "deux cents millions quatre-vingts"),
        (2_000_000_000, "deux milliards"),
    ] {
        assert_eq!(french(n), words, "{n}");
    }
    assert_eq!(said(100, "MAD", Lang::Fr), "un dirham");
    assert_eq!(said(50, "MAD", Lang::Fr), "zéro dirham et cinquante centimes");
    assert_eq!(said(123_401, "MAD", Lang::Fr), "mille deux cent trente-quatre dirhams et un centime");
    assert_eq!(said(100_000_000, "MAD", Lang::Fr), "un million de dirhams");
    assert_eq!(said(200_000_000, "EUR", Lang::Fr), "deux millions d’euros");
    assert_eq!(said(100_000_100, "EUR", Lang::Fr), "un million un euros");
    assert_eq!(said(12_345, "XOF", Lang::Fr), "douze mille trois cent quarante-cinq XOF");
    assert_eq!(said(12_345, "TND", Lang::Fr), "douze TND et 345/1000");
}

#[test]
fn english_says_and_before_the_last_two_digits() {
    assert_eq!(english(1_001), "one thousand and one");
    assert_eq!(english(2_345), "two thousand three hundred and forty-five");
    assert_eq!(english(1_000_100), "one million one hundred");
    assert_eq!(english(80), "eighty");
    assert_eq!(
        said(123_450, "EUR", Lang::En),
        "one thousand two hundred and thirty-four euros and fifty cents"
    );
    assert_eq!(said(101, "MAD", Lang::En), "one dirham and one centime");
}

#[test]
fn arabic_counts_in_one_two_few_many_and_hundreds() {
    for (dirhams, words) in [
        (0, "صفر درهم"),
        (1, "درهم واحد"),
        (2, "درهمان"),
        (3, "ثلاثة دراهم"),
        (10, "عشرة دراهم"),
        (11, "أحد عشر درهما"),
        (12, "اثنا عشر درهما"),
        (19, "تسعة عشر درهما"),
        (20, "عشرون درهما"),
        (21, "واحد وعشرون درهما"),
        (99, "تسعة وتسعون درهما"),
        (100, "مائة درهم"),
        (101, "مائة درهم ودرهم واحد"),
        (102, "مائة درهم ودرهمان"),
        (103, "مائة وثلاثة دراهم"),
        (111, "مائة وأحد عشر درهما"),
        (200, "مائتا درهم"),
        (225, "مائتان وخمسة وعشرون درهما"),
        (300, "ثلاثمائة درهم"),
        (1_000, "ألف درهم"),
        (1_001, "ألف درهم ودرهم واحد"),
        (2_000, "ألفا درهم"),
        (2_500, "ألفان وخمسمائة درهم"),
        (3_000, "ثلاثة آلاف درهم"),
        (11_000, "أحد عشر ألف درهم"),
        (11_100, "أحد عشر ألفا ومائة درهم"),
        (100_000, "مائة ألف درهم"),
        (200_000, "مائتا ألف درهم"),
        (1_000_000, "مليون درهم"),
        (2_000_000, "مليونا درهم"),
        (5_000_000, "خمسة ملايين درهم"),
    ] {
        assert_eq!(said(dirhams * 100, "MAD", Lang::Ar), words, "{dirhams}");
    }
    assert_eq!(said(123_450, "MAD", Lang::Ar), "ألف ومائتان وأربعة وثلاثون درهما وخمسون سنتيما");
    assert_eq!(said(302, "MAD", Lang::Ar), "ثلاثة دراهم وسنتيمان");
    assert_eq!(said(1_005, "USD", Lang::Ar), "عشرة دولارات وخمسة سنتات");
}

#[test]
fn no_two_of_the_first_hundred_thousand_are_said_alike() {
    for lang in [Lang::Fr, Lang::Ar, Lang::En] {
        for currency in ["MAD", "EUR", "USD"] {
            let all: HashSet<String> = (0..100_000).map(|n| said(n * 100, currency, lang)).collect();
            assert_eq!(all.len(), 100_000, "{currency}");
        }
    }
}

proptest! {
    // That words tell apart every two numbers up to a milliard follows from it: groups of three digits are told apart
    // above, and here numbers that differ in any group.
    #[test]
    fn amounts_that_differ_are_said_differently(a in 0_i64..=1_000_000_000, b in 0_i64..=1_000_000_000, group in 0_u32..3) {
        let near = a - (a / 1_000_i64.pow(group) % 1_000) * 1_000_i64.pow(group) + (b % 1_000) * 1_000_i64.pow(group);
        for lang in [Lang::Fr, Lang::Ar, Lang::En] {
            for other in [b, near] {
                prop_assert_eq!(a == other, said(a * 100, "MAD", lang) == said(other * 100, "MAD", lang));
            }
        }
    }
}

#[test]
fn what_the_judges_judge_is_what_is_said() {
    let spread = (0..2_200_u64).map(|n| n.wrapping_mul(2_654_435_761) % 1_000_000_000);
    let near = [1_000, 100_000, 1_000_000, 80_000_000, 200_000_000, 1_000_000_000];
    let near = near.into_iter().flat_map(|n| n - 3..n + 4);
    let lines = (0..1_200).chain(near).chain(spread).map(|n| format!("{n};{};{}\n", french(n), english(n)));
    crate::testing::is_judged("amounts.csv", &lines.collect::<String>());
}
