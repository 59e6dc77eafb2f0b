//! Files that are damaged, or made to hurt.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use proptest::prelude::*;
use sheet::{CsvStyle, CsvWriter, Limits, Out, ReadError, XlsxStyle, XlsxWriter, parse, read};
use std::io::{Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

const LIMITS: Limits = Limits {
    max_bytes: 1 << 20,
    max_unpacked: 4 << 20,
    max_rows: 500,
    max_columns: 40,
    max_cells: 5_000,
    max_cell: 1_000,
};
const HEADER: [&str; 3] = ["Nom", "الاسم", "Date"];

fn good_xlsx() -> Vec<u8> {
    let style = XlsxStyle { sheet: "t", right_to_left: true, sheet_rows: None };
    let mut writer = XlsxWriter::new(Vec::new(), style, &HEADER).unwrap();
    for n in 0..20 {
        writer.row(&[Out::Text("Tifaouine"), Out::Decimal(n, 2), Out::Date(2024, 3, 12)]).unwrap();
    }
    writer.finish().unwrap().0
}

fn good_csv() -> Vec<u8> {
    let mut writer = CsvWriter::new(Vec::new(), CsvStyle::SPREADSHEET, &HEADER).unwrap();
    for n in 0..20 {
        writer.row(&[Out::Text("تيفاوين \";\" x"), Out::Int(n), Out::Date(2024, 3, 12)]).unwrap();
    }
    writer.finish().unwrap().0
}

/// The same workbook with one part replaced.
fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let book = good_xlsx();
    let mut from = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let path = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        to.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
        to.write_all(if path == name { content } else { &bytes }).unwrap();
    }
    to.finish().unwrap().into_inner()
}

const PAGE: &str = "xl/worksheets/sheet1.xml";

fn page(rows: &str) -> Vec<u8> {
    with_part(PAGE, format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes())
}

fn code(bytes: &[u8]) -> &'static str {
    read("t.xlsx", bytes, LIMITS).unwrap_err().code()
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let start = std::time::Instant::now();
    let bomb = with_part(PAGE, &vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(code(&bomb), "sheet.unpacks_too_large");
    let other_part = with_part("xl/styles.xml", &vec![b' '; 2 << 20]);
    assert_eq!(code(&other_part), "sheet.unpacks_too_large");
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn sizes_that_an_archive_declares_are_not_believed() {
    let mut bomb = with_part(PAGE, &vec![b' '; 8 << 20]);
    let declared = (8_u32 << 20).to_le_bytes();
    while let Some(at) = bomb.windows(4).position(|w| w == declared) {
        bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(code(&bomb), "sheet.unpacks_too_large" | "sheet.damaged"));
}

#[test]
fn hostile_pages() {
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    assert_eq!(code(&page(&format!("<row r=\"1\">{}</row>", cell("XFD1", "x")))), "sheet.too_many_columns");
    assert_eq!(
        code(&page(&format!("<row r=\"1\">{}</row>", cell("A1", &"x".repeat(1_001))))),
        "sheet.cell_too_long"
    );
    let far = page(&format!("<row>{}</row><row>{}</row>", cell("A1", "n"), cell("A1048576", "x")));
    assert_eq!(read("t", &far, LIMITS).unwrap().rows[0].number, 1_048_576);
    let rows: String = (1..=600).map(|n| format!("<row>{}</row>", cell(&format!("A{n}"), "x"))).collect();
    assert_eq!(code(&page(&rows)), "sheet.too_many_rows");
    for broken in [
        "<row><c r=\"A1\" t=\"s\"><v>999999</v></c></row>",
        "<row><c r=\"A99999999999\"><v>1</v></c></row>",
        "<row><c",
    ] {
        assert!(read("t", &page(broken), LIMITS).is_err(), "{broken}");
    }
    assert_eq!(code(&with_part("xl/workbook.xml", b"<")), "sheet.damaged");
}

#[test]
fn truncated_files() {
    for end in (0..good_xlsx().len()).step_by(61) {
        assert!(read("t", &good_xlsx()[..end], LIMITS).is_err());
    }
    for end in 0..good_csv().len() {
        let _ = read("t", &good_csv()[..end], LIMITS);
    }
}

#[test]
fn hostile_text() {
    let wide = vec![b';'; 1 << 20];
    assert_eq!(read("t", &wide, LIMITS), Err(ReadError::Empty));
    assert_eq!(code("\"".repeat(100_000).as_bytes()), "sheet.cell_too_long");
    assert_eq!(code(&b"a\n".repeat(501)), "sheet.too_many_rows");
    assert!(read("t", &b"\r".repeat(1 << 20), LIMITS).is_err());
}

/// A small generator of repeatable accidents.
struct Accidents(u64);

impl Accidents {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// Changes, repeats or drops a few bytes.
    fn happen_to(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(6) {
            let (at, length) = (self.below(bytes.len()), self.below(40));
            let end = (at + length).min(bytes.len());
            match self.below(4) {
                0 => drop(bytes.drain(at..end)),
                1 => {
                    let again = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, again);
                }
                2 if at < bytes.len() => bytes[at] = self.below(256) as u8,
                _ => {
                    let tokens = [
                        &b"\""[..],
                        b";",
                        b"\n",
                        b"\0",
                        b"<row>",
                        b"</c>",
                        b"r=\"ZZZ9\"",
                        b"&#0;",
                        b"\xff\xfe",
                        b"999999999999",
                    ];
                    let token = tokens[self.below(tokens.len())];
                    bytes.splice(at..at, token.iter().copied());
                }
            }
        }
    }
}

#[test]
fn accidents_never_panic() {
    let mut accidents = Accidents(0x9e37_79b9_7f4a_7c15);
    let (book, text) = (good_xlsx(), good_csv());
    let page_bytes = {
        let mut archive = ZipArchive::new(Cursor::new(&book)).unwrap();
        let mut bytes = Vec::new();
        archive.by_name(PAGE).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    for round in 0..3_000 {
        let mut bytes = if round % 3 == 0 { book.clone() } else { text.clone() };
        accidents.happen_to(&mut bytes);
        if let Ok(sheet) = read("t", &bytes, LIMITS) {
            assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.header.len()));
        }
        if round % 6 == 0 {
            let mut inside = page_bytes.clone();
            accidents.happen_to(&mut inside);
            let _ = read("t", &with_part(PAGE, &inside), LIMITS);
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), zipped in any::<bool>()) {
        let start: &[u8] = if zipped { b"PK\x03\x04" } else { b"" };
        let _ = read("t", &[start, &bytes].concat(), LIMITS);
    }

    #[test]
    fn text_comes_back(rows in prop::collection::vec(("[a-zé=+'\"; \n@-]{1,9}", "\\PC{0,12}", -999..999_i64), 1..20)) {
        let mut writer = CsvWriter::new(Vec::new(), CsvStyle::SPREADSHEET, &["premier", "second", "n"]).unwrap();
        for (a, b, n) in &rows {
            writer.row(&[Out::Text(a), Out::Text(b), Out::Int(*n)]).unwrap();
        }
        let sheet = read("t.csv", &writer.finish().unwrap().0, Limits::default()).unwrap();
        prop_assert_eq!(sheet.rows.len(), rows.len());
        for (row, (a, b, n)) in sheet.rows.iter().zip(&rows) {
            prop_assert_eq!((row.cells[0].text.as_str(), row.cells[1].text.as_str()), (a.trim(), b.trim()));
            prop_assert_eq!(parse::number(&row.cells[2].text), Some(*n));
        }
    }
}
