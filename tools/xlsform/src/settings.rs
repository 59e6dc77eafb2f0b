//! The sheet `settings`, and which languages a form has.

use crate::problem::Problem;
use crate::table::Table;

/// What the sheet `settings` says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) language: String,
    pub(crate) instance_name: String,
    pub(crate) twice: bool,
}

const UNSUPPORTED: [&str; 6] =
    ["public_key", "submission_url", "auto_send", "auto_delete", "namespaces", "omit_instanceid"];

/// Reads the sheet; `fallback` is the id of a form that says none.
pub(crate) fn read(table: Option<&Table>, fallback: &str, problems: &mut Vec<Problem>) -> Settings {
    let line = table.and_then(|table| table.lines().next());
    let get = |kind: &str| line.map_or("", |line| line.get(kind)).to_owned();
    for (column, text) in line.iter().flat_map(|line| line.cells_with()) {
        let plain_name = column.kind == "name" && text != "data";
        if UNSUPPORTED.contains(&column.kind.as_str()) || plain_name {
            let row = line.map_or(0, |line| line.number);
            problems.push(Problem::new("setting_unsupported", "settings", row, &column.title));
        }
    }
    let first = |kinds: [&str; 2]| kinds.into_iter().map(get).find(|text| !text.is_empty());
    let id = first(["form_id", "id_string"]).unwrap_or_else(|| name_of(fallback));
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if id.is_empty() || id.len() > 80 || !id.chars().all(good) {
        let row = line.map_or(0, |line| line.number);
        problems.push(Problem::new("form_id_bad", "settings", row, "form_id").with("name", &id));
    }
    let title = first(["form_title", "title"]).unwrap_or_else(|| id.clone());
    let twice = get("allow_choice_duplicates").eq_ignore_ascii_case("yes");
    Settings { id, title, language: get("default_language"), instance_name: get("instance_name"), twice }
}

/// An id made of the name of a file.
fn name_of(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let good = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' };
    stem.trim().chars().take(60).map(good).collect()
}

/// The languages of these sheets in the order in which they are met, and which is first. Texts of no language are of the
/// one that the settings name, or of one without a name.
pub(crate) fn languages(tables: &[Option<&Table>], settings: &Settings) -> (Vec<String>, usize) {
    const SAID: [&str; 4] = ["label", "hint", "constraint_message", "required_message"];
    let mut found: Vec<String> = Vec::new();
    let columns = tables.iter().flatten().flat_map(|table| &table.columns);
    let mut plain = false;
    for column in columns.filter(|column| SAID.contains(&column.kind.as_str())) {
        if column.language.is_empty() {
            plain = true;
        } else if !found.contains(&column.language) {
            found.push(column.language.clone());
        }
    }
    if found.is_empty() || (plain && !found.contains(&settings.language)) {
        found.insert(0, settings.language.clone());
    }
    let first = found.iter().position(|language| *language == settings.language).unwrap_or(0);
    (found, first)
}
