//! Writes a questionnaire with all that is supported, as a workbook and as an XForm, for judges: `sample_survey FOLDER`.
#![allow(clippy::unwrap_used, reason = "an example stops where it fails")]

#[path = "../tests/book.rs"]
mod book;

use xlsform::Beside;

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let text = include_str!("../tests/good.txt");
    let sheets: Vec<(&str, &str)> = text.split("# ").filter_map(|part| part.split_once('\n')).collect();
    let bytes = book::book(&sheets);
    let beside = [Beside { list: "cooperatives", properties: &["members"] }];
    let form = xlsform::read("survey.xlsx", &bytes, &beside).unwrap();
    std::fs::write(folder.join("survey.xlsx"), bytes).unwrap();
    std::fs::write(folder.join("survey.xml"), xlsform::write(&form, "1")).unwrap();
}
