//! Writes the sheet that judges from outside look at: French, Arabic and Tifinagh, a table, a picture.
//!
//! `cargo run -p press --example sample_sheet -- FILE`

use std::io::{Error, ErrorKind};

use press::{Sheet, pdf};
use serde_json::json;

const MARK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M2 2h16v16H2z" fill="#a4452c"/></svg>"##;

fn main() -> Result<(), Error> {
    let file = std::env::args().nth(1).ok_or_else(|| Error::new(ErrorKind::InvalidInput, "which file?"))?;
    let sheet = Sheet {
        template: include_str!("sample_sheet.typ"),
        library: &[],
        data: &json!({
            "title": "Attestation de formation",
            "mark": "Carré d’argile",
            "french": "La coopérative « Tifaouine » a suivi douze heures de formation à Tazenakht.",
            "arabic-title": "شهادة تكوين",
            "arabic": "تشهد تعاونية تيفاوين أن السيدة فاطمة تابعت التكوين كاملا.",
            "head": ["العضوة", "الحصة", "الساعات"],
            "rows": [["فاطمة", "المحاسبة", "4"], ["خديجة", "التسويق", "8"]],
            "tifinagh-title": "ⵜⵉⵡⵉⵣⵉ",
            "tifinagh": "ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ",
            "hostile": "#panic() *étoile* $x$ \u{202e}envers\u{202c} 👩\u{200d}🌾",
        }),
        pictures: &[("mark.svg", MARK.as_bytes())],
        date: (2026, 3, 8),
    };
    std::fs::write(file, pdf(&sheet).map_err(Error::other)?)
}
