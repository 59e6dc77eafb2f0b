//! Tables written, read again, and looked at from inside.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use sheet::{
    CsvStyle, CsvWriter, Limits, Out, Sheet, TableWriter, Value, XlsxStyle, XlsxWriter, read, read_named,
};
use std::io::{Cursor, Read};

const STYLE: XlsxStyle<'static> =
    XlsxStyle { sheet: "التعاونيات", right_to_left: true, sheet_rows: None };

fn csv(style: CsvStyle, header: &[&str], rows: &[&[Out<'_>]]) -> String {
    let mut writer = TableWriter::Csv(CsvWriter::new(Vec::new(), style, header).unwrap());
    rows.iter().for_each(|row| writer.row(row).unwrap());
    String::from_utf8(writer.finish().unwrap().0).unwrap()
}

fn xlsx(style: XlsxStyle<'_>, header: &[&str], rows: &[&[Out<'_>]]) -> Vec<u8> {
    let mut writer = TableWriter::Xlsx(XlsxWriter::new(Vec::new(), style, header).unwrap());
    rows.iter().for_each(|row| writer.row(row).unwrap());
    writer.finish().unwrap().0
}

fn again(bytes: &[u8]) -> Sheet {
    read("t", bytes, Limits::default()).unwrap()
}

fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_kind_of_cell_comes_back() {
    let header = ["الاسم", "code", "parts", "total", "date", "oui"];
    let row = [
        Out::Text("تعاونية تيفاوين; \"أ\"\nسطر"),
        Out::Text("00123"),
        Out::Int(-45),
        Out::Decimal(-1205, 2),
        Out::Date(2024, 3, 12),
        Out::Bool(true),
    ];
    let empty = [Out::Text("x"), Out::Empty, Out::Empty, Out::Empty, Out::Empty, Out::Empty];
    let text = csv(CsvStyle::SPREADSHEET, &header, &[&row, &empty]);
    assert!(text.starts_with("\u{feff}الاسم;code;"), "{text}");
    assert!(csv(CsvStyle::PROGRAM, &header, &[&row]).ends_with(",00123,-45,-12.05,2024-03-12,true\n"));
    for sheet in [again(text.as_bytes()), again(&xlsx(STYLE, &header, &[&row, &empty]))] {
        assert_eq!(sheet.header, header);
        let cells = &sheet.rows[0].cells;
        assert_eq!(
            (cells[0].text.as_str(), cells[1].text.as_str()),
            ("تعاونية تيفاوين; \"أ\"\nسطر", "00123")
        );
        assert_eq!((cells[2].number(), cells[3].money_minor(2)), (Some(-45), Some(-1205)));
        assert_eq!((cells[4].date(), cells[5].yes_no()), (Some((2024, 3, 12)), Some(true)));
        assert!(sheet.rows[1].cells[1..].iter().all(sheet::Cell::is_empty));
    }
}

#[test]
fn no_cell_is_a_formula() {
    let risky = [
        "=1+1", "@SUM(A1)", "+A1", "-2+3", "＝1", "－x", "\t=1", " =1", "+212-612", "-1e5", "'=1", "\r=1",
        "\u{a0}=1",
    ];
    for text in risky {
        let written = csv(CsvStyle::SPREADSHEET, &["n"], &[&[Out::Text(text)]]);
        let line = written.split_once('\n').unwrap().1.trim_start_matches('"');
        assert!(line.starts_with('\''), "{text:?}: {line:?}");
    }
    for text in ["-12,50", "+212 612 345 678", "+212612345678", "a=b", "'n", "-", "ⵜ"] {
        let written = csv(CsvStyle::SPREADSHEET, &["n"], &[&[Out::Text(text)]]);
        assert_eq!(written.lines().nth(1), Some(if text == "-" { "'-" } else { text }));
    }
    for text in risky.into_iter().chain(["''=1", "it's", "'"]) {
        let written = csv(CsvStyle::SPREADSHEET, &["n", "m"], &[&[Out::Text(text), Out::Int(1)]]);
        assert_eq!(again(written.as_bytes()).rows[0].cells[0].text.trim(), text.trim(), "{text:?}");
    }
    let book = xlsx(STYLE, &["=n"], &[&[Out::Text("=1+1")]]);
    assert!(!part(&book, "xl/worksheets/sheet1.xml").contains("<f>"));
    assert_eq!(again(&book).rows[0].cells[0].text, "=1+1");
}

#[test]
fn a_workbook_is_comfortable() {
    let book = xlsx(STYLE, &["a", "b"], &[&[Out::Text("x\u{0}\u{b}y\r\nz\u{ffff}"), Out::Int(i64::MAX)]]);
    let page = part(&book, "xl/worksheets/sheet1.xml");
    for wanted in ["rightToLeft=\"1\"", "state=\"frozen\"", "<autoFilter ref=\"A1:B2\"/>"] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    let sheet = again(&book);
    assert_eq!((sheet.rows[0].cells[0].text.as_str(), sheet.rows[0].cells[1].value), ("xy\nz", Value::Text));
    assert_eq!(sheet.rows[0].cells[1].number(), Some(i64::MAX));
}

#[test]
fn what_does_not_fit_goes_on_or_is_counted() {
    let long = "😀".repeat(20_000);
    let style =
        XlsxStyle { sheet: "a/b: 'très long nom de feuille'", right_to_left: false, sheet_rows: Some(3) };
    let mut writer = XlsxWriter::new(Vec::new(), style, &["n"]).unwrap();
    for n in 0..5 {
        writer.row(&[Out::Int(n)]).unwrap();
    }
    writer.row(&[Out::Text(&long)]).unwrap();
    let (book, written) = writer.finish().unwrap();
    assert_eq!((written.rows, written.sheets, written.cut), (6, 3, 1));
    let sheets = again(&book).sheets;
    assert_eq!(
        sheets,
        ["ab 'très long nom de feu", "ab 'très long nom de feu (2)", "ab 'très long nom de feu (3)"]
    );
    let last = read_named("t", &book, &sheets[2], Limits::default()).unwrap();
    assert_eq!((last.header[0].as_str(), last.rows[0].cells[0].text.as_str()), ("n", "4"));
    assert_eq!(last.rows[1].cells[0].text.chars().count(), 16_383);
}

#[test]
fn a_workbook_holds_several_tables_on_sheets_of_their_own() {
    let style = XlsxStyle { sheet: "survey", right_to_left: false, sheet_rows: Some(2) };
    let mut writer = XlsxWriter::new(Vec::new(), style, &["type", "name"]).unwrap();
    writer.row(&[Out::Text("text"), Out::Text("a")]).unwrap();
    writer.row(&[Out::Text("text"), Out::Text("b")]).unwrap();
    writer.sheet("choices", &["list_name"]).unwrap();
    writer.row(&[Out::Text("yes_no")]).unwrap();
    let (bytes, written) = writer.finish().unwrap();
    assert_eq!((written.sheets, written.rows), (3, 3));
    assert!(bytes.starts_with(b"PK"));
}

#[test]
fn two_sheets_of_one_name_are_told_apart() {
    let style = XlsxStyle { sheet: "Réponses", right_to_left: false, sheet_rows: None };
    let mut writer = XlsxWriter::new(Vec::new(), style, &["a"]).unwrap();
    writer.row(&[Out::Text("x")]).unwrap();
    writer.sheet("RÉPONSES", &["b"]).unwrap();
    writer.row(&[Out::Text("x")]).unwrap();
    let (bytes, _) = writer.finish().unwrap();
    let names = sheet::read("a.xlsx", &bytes, sheet::Limits::default()).unwrap().sheets;
    assert_eq!(names, ["Réponses", "RÉPONSES (2)"]);
}
