//! Files that are none.

use proptest::prelude::*;
use xlsform::{Problems, read};

use crate::book::book;
use crate::{BESIDE, sheets};

#[test]
fn what_is_no_workbook_is_refused_with_a_reason() {
    for (bytes, code) in [
        (Vec::new(), "sheet.empty"),
        (b"%PDF-1.7 form".to_vec(), "sheet.foreign"),
        (b"PK\x03\x04 nothing".to_vec(), "sheet.damaged"),
        (vec![b'a'; (4 << 20) + 1], "sheet.too_large"),
    ] {
        match read("x.xlsx", &bytes, BESIDE) {
            Err(Problems::Unread(error)) => assert_eq!(error.code(), code),
            other => panic!("{code}: {other:?}"),
        }
    }
    // A table of text has no sheets.
    assert!(matches!(read("x.csv", b"type,name\ntext,a\n", BESIDE), Err(Problems::These(_))));
}

#[test]
fn a_form_that_is_too_long_or_too_deep_is_refused() {
    let rows: String = (0..2_001).map(|n| format!("text|q{n}|Q\n")).collect();
    let long = format!("# survey\ntype|name|label\n{rows}");
    let deep: String = (0..30).map(|n| format!("begin group|g{n}|G\n")).collect();
    let deep = format!("# survey\ntype|name|label\n{deep}text|a|A\n{}", "end group\n".repeat(30));
    for (form, code) in [(long, "too_many"), (deep, "too_deep")] {
        match read("x.xlsx", &book(&sheets(&form)), BESIDE) {
            Err(Problems::These(found)) => {
                assert!(found.iter().any(|problem| problem.code == code), "{found:?}");
            }
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[test]
fn a_small_file_does_not_become_a_large_form() {
    let long = "mot ".repeat(2_000);
    let columns: String = (0..190).map(|n| format!("|label::L{n}")).collect();
    let rows: String = (0..100).map(|n| format!("text|q{n}|{long}\n")).collect();
    let tongues = format!("# survey\ntype|name|label{columns}\n{rows}");
    let paths: String = (0..60).map(|n| format!("calculate|c{n}||{}1\n", "${a} + ".repeat(1_200))).collect();
    let paths = format!("# survey\ntype|name|label|calculation\ninteger|a|A\n{paths}");
    let choices: String = (0..6_000).map(|n| format!("l|c{n}|C\n")).collect();
    let asked: String = (0..10).map(|n| format!("select_one l|q{n}|Q\n")).collect();
    let choices = format!("# survey\ntype|name|label\n{asked}# choices\nlist_name|name|label\n{choices}");
    for (form, code) in [(tongues, "too_heavy"), (paths, "too_heavy"), (choices, "too_many_choices")] {
        let bytes = book(&sheets(&form));
        match read("x.xlsx", &bytes, BESIDE) {
            Err(Problems::These(found)) => {
                assert!(found.iter().any(|problem| problem.code == code), "{found:?}");
            }
            Ok(_) => panic!("{code}: {} bytes were taken", bytes.len()),
            Err(other) => panic!("{code}: {other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_cells_are_read_or_refused(rows in prop::collection::vec(("[a-z_ ]{0,20}", "\\PC{0,12}", "\\PC{0,30}", "\\PC{0,30}"), 0..12)) {
        let mut text = String::from("type|name|label|relevant\n");
        for (kind, name, label, relevant) in rows {
            text.push_str(&format!("{kind}|{name}|{label}|{relevant}\n"));
        }
        if let Ok(form) = read("x.xlsx", &book(&[("survey", &text)]), BESIDE) {
            let _ = xlsform::write(&form, "1");
        }
    }

    #[test]
    fn a_damaged_workbook_is_no_panic(at in 0_usize..4_000, byte in any::<u8>()) {
        let mut bytes = book(&[("survey", "type|name|label\ntext|a|A\n")]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read("x.xlsx", &bytes, BESIDE);
    }
}
