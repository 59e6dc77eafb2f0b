//! Prints certificates of one page, each with other names, and says how long it took.
//!
//! `cargo run --release -p press --example certificates -- 1000`

use std::io::{Error, Write};
use std::time::Instant;

use press::{Sheet, pdf};
use serde_json::json;

const TEMPLATE: &str = include_str!("sample_sheet.typ");
const MARK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M2 2h16v16H2z" fill="#a4452c"/></svg>"##;

fn main() -> Result<(), Error> {
    let count: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1000);
    let start = Instant::now();
    let (mut bytes, mut first, mut resident) = (0, None, 0);
    for n in 0..count {
        let data = json!({
            "title": format!("Attestation de formation no {n}"),
            "mark": "Carré d’argile",
            "french": format!("Madame Fatima El Idrissi, {n} rue de l’Atlas, a suivi {} heures de formation.", n % 30),
            "arabic-title": "شهادة تكوين",
            "arabic": format!("تشهد تعاونية تيفاوين أن السيدة فاطمة تابعت {n} ساعة من التكوين كاملا."),
            "head": ["العضوة", "الحصة", "الساعات"],
            "rows": [["فاطمة", "المحاسبة", "4"], ["خديجة", "التسويق", "8"]],
            "tifinagh-title": "ⵜⵉⵡⵉⵣⵉ",
            "tifinagh": "ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ",
            "hostile": format!("TWZ-2026-{n:05}"),
        });
        let pictures = &[("mark.svg", MARK.as_bytes())];
        let sheet = Sheet { template: TEMPLATE, library: &[], data: &data, pictures, date: (2026, 3, 8) };
        bytes += pdf(&sheet).map_err(Error::other)?.len();
        first.get_or_insert_with(|| start.elapsed());
        if n == count / 2 {
            resident = memory();
        }
    }
    writeln!(
        std::io::stdout(),
        "{count} sheets in {:.2?} (the first in {:.2?}), {} KiB each; {resident} KiB in memory half way, {} at the end",
        start.elapsed(),
        first.unwrap_or_default(),
        bytes / count.max(1) / 1024,
        memory()
    )
}

/// Kibibytes that this process keeps in memory, where the system tells.
fn memory() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
