//! What people type in cells.

use proptest::prelude::*;
use sheet::parse::{date, decimal, money_minor, number, sex, yes_no};

#[test]
fn numbers() {
    for (text, value) in [
        ("12", 12),
        ("-7", -7),
        ("+7", 7),
        ("\u{2212}7", -7),
        ("1 234", 1234),
        ("1\u{202f}234\u{a0}567", 1_234_567),
        ("١٢٣", 123),
        ("۱۲۳", 123),
        ("1.234", 1234),
        ("1,234", 1234),
        ("12,0", 12),
        ("١٬٢٣٤", 1234),
        (" 0 ", 0),
    ] {
        assert_eq!(number(text), Some(value), "{text}");
    }
    for text in [
        "",
        "-",
        "--1",
        "1-",
        "1,5",
        "06 12 34 56 78",
        "12a",
        "1 23",
        "1.23.4",
        "1,",
        ".",
        "1e3",
        "99999999999999999999",
    ] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn decimals_and_money() {
    for (text, value) in [
        ("1234,56", (123_456, 2)),
        ("1 234,56", (123_456, 2)),
        ("1.234,56", (123_456, 2)),
        ("1,234.56", (123_456, 2)),
        ("1,234,567.8", (12_345_678, 1)),
        ("31.505", (31_505, 3)),
        ("12,500", (12_500, 3)),
        ("١٢٫٥", (125, 1)),
        ("-0,5", (-5, 1)),
    ] {
        assert_eq!(decimal(text), Some(value), "{text}");
    }
    for text in ["1,2,3", "1.2,3.4", "12 34,5", "1.234.56", "1,23.4,5"] {
        assert_eq!(decimal(text), None, "{text}");
    }
    for (text, minor) in [
        ("1 500 DH", 150_000),
        ("1.500 DH", 150_000),
        ("1,500.00 MAD", 150_000),
        ("12,5dhs", 1250),
        ("€ 3", 300),
        ("١٥٠٠ درهم", 150_000),
        ("MAD 10.00", 1000),
        ("-2,50", -250),
        ("12,500", 1_250_000),
        ("3,10 €", 310),
    ] {
        assert_eq!(money_minor(text, 2), Some(minor), "{text}");
    }
    assert_eq!(money_minor("1,234", 3), Some(1234));
    assert_eq!(money_minor("1,2345", 2), None);
    assert_eq!(money_minor("DH", 2), None);
}

#[test]
fn dates() {
    for text in [
        "2024-03-12",
        "2024-03-12T10:20:00Z",
        "2024-03-12 10:20",
        "2024/3/12",
        "12/03/2024",
        "12-3-2024",
        "12.03.24",
        "12 03 2024",
        "12/03/2024 00:00:00",
        "03/12/2024".replace("03/12", "12/03").as_str(),
        "١٢/٠٣/٢٠٢٤",
        "12 mars 2024",
        "Mardi 12 MARS 2024",
        "March 12, 2024",
        "12th of March 2024",
        "١٢ مارس ٢٠٢٤",
        "12 آذار 2024",
        "يوم الثلاثاء 12 مارس 2024",
        "45363",
        "45363.5",
        "12-mars-24",
    ] {
        assert_eq!(date(text), Some((2024, 3, 12)), "{text}");
    }
    assert_eq!(date("1er août 1998"), Some((1998, 8, 1)));
    assert_eq!(date("03/25/2024"), Some((2024, 3, 25)));
    assert_eq!(date("2 غشت 61"), Some((1961, 8, 2)));
    assert_eq!(date("5 كانون الثاني 2020"), Some((2020, 1, 5)));
    assert_eq!(date("29/02/2024"), Some((2024, 2, 29)));
    assert_eq!(date("36526"), Some((2000, 1, 1)));
    assert_eq!(date("10000"), Some((1927, 5, 18)));
    for text in [
        "",
        "2024",
        "mars 2024",
        "29/02/2023",
        "31/04/2024",
        "13/13/2024",
        "0612345678",
        "12",
        "1/2",
        "a/b/c",
        "12 mars avril 2024",
        "9999",
        "12:30",
    ] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn yes_no_and_sex() {
    for (text, value) in [("Oui", true), ("نعم", true), ("1", true), ("NON", false), ("لا", false)] {
        assert_eq!(yes_no(text), Some(value));
    }
    for (text, value) in
        [("f", 'F'), ("Féminin", 'F'), ("أنثى", 'F'), ("امرأة", 'F'), ("H", 'M'), ("ذكر", 'M'), ("رجل", 'M')]
    {
        assert_eq!(sex(text), Some(value));
    }
    assert_eq!((yes_no("peut-être"), sex("?")), (None, None));
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[0-9٠-٩ .,'/:T-]{0,20}", "[0-9]{1,5}[ /.-][a-zé0-9]{1,9}[ /.-][0-9]{1,5}"]
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in typed()) {
        let _ = (number(&text), decimal(&text), money_minor(&text, 2), date(&text), yes_no(&text), sex(&text));
    }

    #[test]
    fn amounts_survive_every_way_to_write_them(minor in -99_999_999_999_i64..99_999_999_999) {
        let (sign, whole, cents) = (if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
        let digits = whole.to_string();
        for (group, point) in [("", ","), ("", "."), (" ", ","), (".", ","), (",", "."), ("\u{202f}", ",")] {
            let head = digits.len() % 3;
            let mut groups: Vec<&str> = Vec::new();
            if head > 0 { groups.push(&digits[..head]); }
            groups.extend((head..digits.len()).step_by(3).map(|i| &digits[i..i + 3]));
            let text = format!("{sign}{}{point}{cents:02} DH", groups.join(group));
            prop_assert_eq!(money_minor(&text, 2), Some(minor), "{}", text);
        }
    }

    #[test]
    fn dates_survive_every_way_to_write_them(y in 1941_i32..=2040, m in 1_u8..=12, d in 1_u8..=28) {
        let two = y % 100;
        for text in [format!("{y}-{m:02}-{d:02}"), format!("{d}/{m}/{y}"), format!("{d:02}.{m:02}.{two:02}"), format!("{y}/{m}/{d} 08:00")] {
            prop_assert_eq!(date(&text), Some((y, m, d)), "{}", text);
        }
    }

    #[test]
    fn day_counts_follow_one_another(count in 10_000_i32..73_050) {
        let (y, m, d) = date(&count.to_string()).unwrap();
        let next = date(&(count + 1).to_string()).unwrap();
        prop_assert!(next == (y, m, d + 1) || (next.2 == 1 && (next == (y, m + 1, 1) || next == (y + 1, 1, 1))));
    }
}
