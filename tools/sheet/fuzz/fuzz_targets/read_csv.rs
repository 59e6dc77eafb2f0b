//! Any bytes as a CSV file: a table whose rows are all as wide as its header, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sheet::{Limits, read};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = read("t.csv", bytes, Limits::default()) {
        assert!(table.rows.iter().all(|row| row.cells.len() == table.header.len()));
        assert!(table.rows.is_sorted_by(|a, b| a.number < b.number));
    }
});
