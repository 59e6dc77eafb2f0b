//! Workbooks for tests: sheets as rows of texts.

use rust_xlsxwriter::Workbook;

/// A workbook of these sheets; cells stand between `|`, a first row names the columns.
pub(crate) fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, line) in (0..).zip(rows.trim().lines()) {
            for (column, cell) in (0..).zip(line.split('|').map(str::trim)) {
                if !cell.is_empty() {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}
