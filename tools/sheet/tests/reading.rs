//! Tables as people send them.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use encoding_rs::{WINDOWS_1252, WINDOWS_1256};
use rust_xlsxwriter::{Format, Formula, Workbook};
use sheet::{Limits, ReadError, Sheet, Value, read, read_named};

fn csv(text: &str) -> Sheet {
    read("t.csv", text.as_bytes(), Limits::default()).unwrap()
}

fn texts(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
    sheet.rows.iter().map(|row| (row.number, row.cells.iter().map(|c| c.text.as_str()).collect())).collect()
}

fn error(name: &str, bytes: &[u8], limits: Limits) -> ReadError {
    read(name, bytes, limits).unwrap_err()
}

#[test]
fn a_table_with_titles_empty_rows_and_columns() {
    let sheet = csv(
        "Liste des coopératives;;;\r\n\r\nNom;;Téléphone;\r\nTifaouine;;0612345678;\r\n;;;\r\nAl Amal;;\"a\nb\";x\r\nFin;;;",
    );
    assert_eq!(sheet.titles, ["Liste des coopératives"]);
    assert_eq!((sheet.header_row, sheet.separator), (3, Some(';')));
    assert_eq!(sheet.header, ["Nom", "Téléphone", "D"]);
    assert_eq!(sheet.columns, [1, 3, 4]);
    assert_eq!(
        texts(&sheet),
        [
            (4, vec!["Tifaouine", "0612345678", ""]),
            (6, vec!["Al Amal", "a\nb", "x"]),
            (7, vec!["Fin", "", ""])
        ]
    );
}

#[test]
fn separators_and_quotes() {
    for (text, separator) in [
        ("a,b\n1,2\n", Some(',')),
        ("a;b\n1,5;2,5\n\"x;y\";3,0\n", Some(';')),
        ("a\tb\n1, 2\t3\n", Some('\t')),
        ("a|b\n1|2\n", Some('|')),
        ("sep=|\na,b|c\n1,2|3\n", Some('|')),
        ("nom\nx\n", None),
    ] {
        let sheet = csv(text);
        assert_eq!(sheet.separator, separator, "{text}");
        assert_eq!(sheet.header.len(), 1 + usize::from(separator.is_some()), "{text}");
    }
    assert_eq!(csv("sep=;\na;b\n1;2").rows[0].number, 3);
    assert_eq!(csv("\n\n\na;b\n\n1;2").rows[0].number, 6);
}

#[test]
fn encodings_are_guessed() {
    let french = "Nom;Siège\nCoopérative féminine;Kelâat M'Gouna\nAït Été;Drâa\n";
    let arabic = "الاسم;المقر\nتعاونية تيفاوين;تازناخت\nالأمل;ورزازات\n";
    let (latin, _, _) = WINDOWS_1252.encode(french);
    let (maghreb, _, _) = WINDOWS_1256.encode(arabic);
    let utf16 = |text: &str, bom: &str| {
        format!("{bom}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()
    };
    let big = format!("\u{feff}{arabic}").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    for (bytes, encoding, text) in [
        (latin.to_vec(), "windows-1252", french),
        (maghreb.to_vec(), "windows-1256", arabic),
        (format!("\u{feff}{arabic}").into_bytes(), "UTF-8", arabic),
        (arabic.as_bytes().to_vec(), "UTF-8", arabic),
        (utf16(arabic, "\u{feff}"), "UTF-16LE", arabic),
        (utf16(french, ""), "UTF-16LE", french),
        (big, "UTF-16BE", arabic),
    ] {
        let sheet = read("t.csv", &bytes, Limits::default()).unwrap();
        assert_eq!(sheet.encoding, Some(encoding));
        assert_eq!(sheet.rows, csv(text).rows, "{encoding}");
    }
}

#[test]
fn a_workbook_with_values_of_each_kind() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("vide").unwrap();
    let page = book.add_worksheet().set_name("الأعضاء").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    page.merge_range(0, 0, 0, 6, "عنوان", &Format::new()).unwrap();
    for (column, name) in (0..).zip(["code", "n", "x", "date", "oui", "=1+1", "sum"]) {
        page.write_string(2, column, name).unwrap();
    }
    page.write_string(3, 0, "00123").unwrap();
    page.write_number(3, 1, 45).unwrap();
    page.write_number(3, 2, 0.1 + 0.2).unwrap();
    page.write_number_with_format(3, 3, 45_363, &date).unwrap();
    page.write_boolean(3, 4, true).unwrap();
    page.write_formula(3, 6, Formula::new("=B4*2").set_result("90")).unwrap();
    page.write_number_with_format(9, 3, 45_363.5, &date).unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let sheet = read("x", &bytes, Limits::default()).unwrap();
    assert_eq!(sheet.sheets, ["الأعضاء"]);
    assert_eq!(sheet.sheet.as_deref(), Some("الأعضاء"));
    assert_eq!((sheet.header_row, sheet.titles.as_slice()), (3, &["عنوان".to_owned()][..]));
    assert_eq!(texts(&sheet)[0], (4, vec!["00123", "45", "0.3", "2024-03-12", "true", "", "90"]));
    assert_eq!((sheet.rows[1].number, sheet.rows[1].cells[3].text.as_str()), (10, "2024-03-12T12:00:00"));
    let cells = &sheet.rows[0].cells;
    assert_eq!((cells[0].value, cells[3].value), (Value::Text, Value::Date(2024, 3, 12)));
    assert_eq!(
        (cells[1].number(), cells[2].decimal(), cells[2].money_minor(2)),
        (Some(45), Some((3, 1)), Some(30))
    );
    assert_eq!((cells[3].date(), cells[4].yes_no()), (Some((2024, 3, 12)), Some(true)));
    assert_eq!(read_named("x", &bytes, "vide", Limits::default()), Err(ReadError::Empty));
    assert_eq!(read_named("x", &bytes, "z", Limits::default()).unwrap_err().code(), "sheet.no_such_sheet");
}

#[test]
fn what_is_no_table_is_named() {
    for (bytes, format) in [
        (&b"%PDF-1.7 ..."[..], "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"\x89PNG\r\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\r\n<HTML><table>", "html"),
        (b"<?xml version='1.0'?>", "xml"),
        (b"a;b\n1;\0\x01\x02", "binary"),
    ] {
        assert_eq!(error("t.xlsx", bytes, Limits::default()), ReadError::Foreign { format });
    }
    assert_eq!(error("t.json", b"[1]", Limits::default()), ReadError::Foreign { format: "json" });
    assert_eq!(error("t.csv", b"", Limits::default()), ReadError::Empty);
    assert_eq!(error("t.csv", b"\n ; \n", Limits::default()), ReadError::Empty);
    assert_eq!(error("t.xlsx", b"PK\x03\x04 no", Limits::default()), ReadError::Damaged);
}

#[test]
fn limits_hold() {
    let limits = Limits {
        max_bytes: 400,
        max_rows: 3,
        max_columns: 3,
        max_cells: 6,
        max_cell: 5,
        ..Limits::default()
    };
    let code = |text: &str| error("t.csv", text.as_bytes(), limits).code();
    assert_eq!(code(&"a".repeat(401)), "sheet.too_large");
    assert_eq!(code("a\nb\nc\nd\n"), "sheet.too_many_rows");
    assert_eq!(code("a;b;c;d\n"), "sheet.too_many_columns");
    assert_eq!(code("a;b;c\n1;2;3\n4;5;6\n"), "sheet.too_many_cells");
    assert_eq!(code("a;b;c\n1\n2\n"), "sheet.too_many_cells");
    assert_eq!(code("a;b\n1;123456\n"), "sheet.cell_too_long");
    assert!(read("t.csv", "a;b;;;;;\nسسسسس;1;;;;".as_bytes(), limits).is_ok());
}
