//! The sheet `choices`.

use std::collections::HashSet;

use crate::expression::{is_name, is_name_start};
use crate::form::{Choice, List};
use crate::problem::Problem;
use crate::read::Reading;
use crate::table::{Table, refuse_unsupported};

/// Columns that are no filters.
const OWN: [&str; 3] = ["list_name", "name", "label"];

/// True for a name that an element can have.
pub(crate) fn names_element(name: &str) -> bool {
    name.starts_with(is_name_start) && name.chars().all(is_name) && name.chars().count() <= 64
}

pub(crate) fn read(table: &Table, reading: &mut Reading<'_>, twice: bool) -> Vec<List> {
    for needed in ["list_name", "name"] {
        if !table.has(needed) {
            reading.problems.push(Problem::new("column_missing", table.name, 0, needed));
        }
    }
    refuse_unsupported(table, &OWN, &mut reading.problems);
    let mut lists: Vec<List> = Vec::new();
    let mut seen = HashSet::new();
    for line in table.lines() {
        let (list, name) = (line.get("list_name"), line.get("name"));
        if list.is_empty() && name.is_empty() {
            continue;
        }
        for (kind, text) in [("list_name", list), ("name", name)] {
            if text.is_empty() && table.has(kind) {
                reading.problems.push(line.problem("choice_unnamed", kind));
            }
        }
        if name.contains(char::is_whitespace) {
            reading.problems.push(line.problem("choice_spaces", "name").with("name", name));
        }
        if !name.is_empty() && !seen.insert((list, name)) && !twice {
            reading.problems.push(line.problem("choice_twice", "name").with("name", name).with("list", list));
        }
        // A list is asked for by its name in quotes, among those that come beside the form.
        let beside = reading.beside.iter().any(|beside| beside.list == list);
        if (beside || list.contains(['\'', '"'])) && lists.iter().all(|there| there.name != list) {
            reading.problems.push(line.problem("list_bad", "list_name").with("name", list));
        }
        let label = reading.text(line, "label");
        let more = line.cells_with().filter(|(column, _)| {
            !OWN.contains(&column.kind.as_str()) && column.language.is_empty() && names_element(&column.title)
        });
        let more = more.map(|(column, text)| (column.title.clone(), text.to_owned())).collect();
        let choice = Choice { name: name.to_owned(), label, more };
        match lists.iter_mut().find(|there| there.name == list) {
            Some(there) => there.choices.push(choice),
            None => lists.push(List { name: list.to_owned(), choices: vec![choice] }),
        }
    }
    lists
}
