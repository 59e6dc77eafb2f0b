//! Any text as the content of a cell.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sheet::parse::{date, decimal, money_minor, number, sex, yes_no};

fuzz_target!(|text: &str| {
    if let Some((year, month, day)) = date(text) {
        assert_eq!(date(&format!("{year:04}-{month:02}-{day:02}")), Some((year, month, day)));
    }
    if let Some(n) = number(text) {
        assert_eq!(number(&n.to_string()), Some(n));
    }
    let _ = (decimal(text), money_minor(text, 2), yes_no(text), sex(text));
});
