//! The tables of the house, as the files of the schema make them.

use kernel::Room;
use kernel::migrate::KERNEL;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// The columns that tell one row from every other.
    pub key: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// `TEXT`, `BIGINT`, `DOUBLE` or `BYTEA`.
    pub kind: String,
    /// The table and the column that it refers to.
    pub refers: Option<(String, String)>,
}

/// Every table, each after those it refers to: the order in which the schema makes them.
pub fn of(rooms: &[Room]) -> Vec<Table> {
    let mut found: Vec<Table> = Vec::new();
    for (_, text) in KERNEL.iter().chain(rooms.iter().flat_map(|room| room.schema)) {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        for statement in lines.join(" ").split(';') {
            follow(&mut found, statement.trim());
        }
    }
    found
}

/// What a statement changes.
fn follow(found: &mut Vec<Table>, statement: &str) {
    if let Some(gone) = statement.strip_prefix("drop table ") {
        found.retain(|table| table.name != gone);
        return;
    }
    if let Some((name, body)) = statement.strip_prefix("create table ").and_then(|rest| rest.split_once('('))
    {
        let mut table = Table { name: name.trim().to_owned(), columns: Vec::new(), key: Vec::new() };
        for part in parts(body) {
            if let Some(rest) = part.strip_prefix("primary key ") {
                table.key = names(rest);
            } else if let Some(column) = column(part) {
                if part.contains(" primary key") {
                    table.key.push(column.name.clone());
                }
                table.columns.push(column);
            }
        }
        found.push(table);
        return;
    }
    let Some((name, change)) = statement.strip_prefix("alter table ").and_then(|rest| rest.split_once(' '))
    else {
        return;
    };
    let Some(table) = found.iter_mut().find(|table| table.name == name) else { return };
    if let Some(rest) = change.strip_prefix("add column ") {
        table.columns.extend(column(rest));
    } else if let Some(gone) = change.strip_prefix("drop column ") {
        table.columns.retain(|column| column.name != gone);
    }
}

/// What stands between the commas of a table's parentheses, up to the one that closes them.
fn parts(body: &str) -> Vec<&str> {
    let (mut all, mut depth, mut from) = (Vec::new(), 0_i32, 0);
    for (at, c) in body.char_indices() {
        match c {
            '(' => depth += 1,
            ',' | ')' if depth == 0 => {
                all.push(body[from..at].trim());
                from = at + 1;
                if c == ')' {
                    break;
                }
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    all
}

/// The declaration of a column; nothing for a constraint of the table.
fn column(part: &str) -> Option<Column> {
    let mut words = part.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let refers = part.split_once(" references ").and_then(|(_, rest)| {
        let (table, columns) = rest.split_once('(')?;
        Some((table.trim().to_owned(), names(columns).into_iter().next()?))
    });
    (name != "constraint").then(|| Column { name: name.to_owned(), kind: kind.to_owned(), refers })
}

/// Names between parentheses.
fn names(text: &str) -> Vec<String> {
    let inside = text.trim_start_matches('(').split(')').next().unwrap_or_default();
    inside.split(',').map(|name| name.trim().to_owned()).collect()
}
