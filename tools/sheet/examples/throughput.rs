//! Writes and reads 60,000 rows of eight cells in both formats, and says how long each took.
//!
//! `cargo run --release -p sheet --example throughput`

use sheet::{CsvStyle, CsvWriter, Limits, Out, TableWriter, XlsxStyle, XlsxWriter, read};
use std::io::{Error, Write};
use std::time::Instant;

const HEADER: [&str; 8] = ["Nom", "الاسم", "Commune", "Code", "Membres", "Capital", "Créée le", "Active"];

fn main() -> Result<(), Error> {
    let style = XlsxStyle { sheet: "Coopératives", right_to_left: false, sheet_rows: None };
    let csv = CsvWriter::new(Vec::new(), CsvStyle::SPREADSHEET, &HEADER).map_err(Error::other)?;
    let xlsx = XlsxWriter::new(Vec::new(), style, &HEADER).map_err(Error::other)?;
    for (name, mut writer) in [("csv", TableWriter::Csv(csv)), ("xlsx", TableWriter::Xlsx(xlsx))] {
        let start = Instant::now();
        for n in 0..60_000_i64 {
            let (label, code) = (format!("Coopérative Tifaouine {n}"), format!("{n:07}"));
            let about =
                [Out::Text(&label), Out::Text("تعاونية تيفاوين"), Out::Text("Taznakht"), Out::Text(&code)];
            let counted =
                [Out::Int(n % 90), Out::Decimal(n * 137, 2), Out::Date(2024, 3, 12), Out::Bool(n % 2 == 0)];
            writer.row(&[about, counted].concat()).map_err(Error::other)?;
        }
        let (bytes, _) = writer.finish().map_err(Error::other)?;
        let written = start.elapsed();
        let start = Instant::now();
        let table = read(name, &bytes, Limits::default()).map_err(Error::other)?;
        let (rows, size) = (table.rows.len(), bytes.len() / 1024);
        writeln!(
            std::io::stdout(),
            "{name}: {size} KiB, written in {written:.2?}, {rows} rows read in {:.2?}",
            start.elapsed()
        )?;
    }
    Ok(())
}
