//! The sheet `entities`: which entry of a list beside the form is changed by what is filled in.

use crate::form::Updates;
use crate::problem::Problem;
use crate::read::Beside;
use crate::table::Table;

pub(crate) fn read(table: &Table, beside: &[Beside<'_>], problems: &mut Vec<Problem>) -> Option<Updates> {
    let mut lines = table.lines();
    let line = lines.next()?;
    if let Some(second) = lines.next() {
        problems.push(second.problem("entity_many", "list_name"));
    }
    let list = line.get("list_name");
    let known = beside.iter().any(|known| known.list == list && !known.properties.is_empty());
    if !known {
        problems.push(line.problem("entity_list", "list_name").with("list", list));
    }
    for (kind, code) in [("create_if", "entity_create"), ("label", "entity_label")] {
        if !line.get(kind).is_empty() {
            problems.push(line.problem(code, kind));
        }
    }
    let entity = line.get("entity_id");
    if entity.is_empty() {
        problems.push(line.problem("entity_create", "entity_id"));
        return None;
    }
    known.then(|| Updates {
        list: list.to_owned(),
        entity: entity.to_owned(),
        when: line.get("update_if").to_owned(),
    })
}
