//! The sheet `survey`: questions, and groups of them.

use crate::choices::names_element;
use crate::form::{Group, Item, Kind, Question, Repeat};
use crate::kind::{self, Typed};
use crate::problem::Problem;
use crate::read::Reading;
use crate::table::{Line, Table, refuse_unsupported};

/// Most questions of a form.
const QUESTIONS: usize = 2_000;
/// How deep groups may stand in groups.
const DEPTH: usize = 5;

/// The columns that are read.
const COLUMNS: [&str; 17] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default",
    "appearance",
    "parameters",
    "save_to",
    "read_only",
];

/// Columns that hold something and are not read.
pub(crate) fn unread(table: &Table) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in table.lines() {
        for (column, _) in line.cells_with() {
            if !COLUMNS.contains(&column.kind.as_str()) && !found.contains(&column.title) {
                found.push(column.title.clone());
            }
        }
    }
    found
}

/// A group whose end was not met yet.
struct Begun<'a> {
    line: Line<'a>,
    group: Group,
}

pub(crate) fn read(table: &Table, reading: &mut Reading<'_>) -> Vec<Item> {
    for needed in ["type", "name"] {
        if !table.has(needed) {
            reading.problems.push(Problem::new("column_missing", table.name, 0, needed));
        }
    }
    if !table.has("type") || !table.has("name") {
        return Vec::new();
    }
    refuse_unsupported(table, &[], &mut reading.problems);
    let lists: Vec<&str> = reading.beside.iter().map(|beside| beside.list).collect();
    let (mut top, mut open, mut count) = (Vec::new(), Vec::<Begun<'_>>::new(), 0);
    for line in table.lines() {
        let typed = line.get("type");
        if typed.is_empty() {
            if !line.get("name").is_empty() || line.cells_with().any(|(column, _)| column.kind == "label") {
                reading.problems.push(line.problem("type_missing", "type"));
            }
            continue;
        }
        match kind::read(typed, &lists) {
            Typed::BeginGroup => open.push(begin(line, reading, false, open.len())),
            Typed::BeginRepeat => open.push(begin(line, reading, true, open.len())),
            end @ (Typed::EndGroup | Typed::EndRepeat) => match open.pop() {
                Some(begun) if begun.group.repeat.is_some() == (end == Typed::EndRepeat) => {
                    if begun.group.items.is_empty() {
                        reading.problems.push(begun.line.problem("group_empty", "type"));
                    }
                    let item = Item::Group(begun.group);
                    open.last_mut().map_or(&mut top, |begun| &mut begun.group.items).push(item);
                }
                begun => {
                    reading.problems.push(line.problem("end_alone", "type"));
                    open.extend(begun);
                }
            },
            Typed::Question(kind) => {
                count += 1;
                let question = question(line, reading, kind, open.len());
                let item = Item::Question(Box::new(question));
                open.last_mut().map_or(&mut top, |begun| &mut begun.group.items).push(item);
            }
            refused => {
                count += 1;
                let (code, with) = match &refused {
                    Typed::OrOther => ("or_other", ""),
                    Typed::FromFile(file) => ("file_unknown", file.as_str()),
                    Typed::Unsupported => ("type_unsupported", typed),
                    _ => ("type_unknown", typed),
                };
                reading.problems.push(line.problem(code, "type").with("name", with));
                // Its name is known all the same, so that nothing is said of what refers to it.
                let item = Item::Question(Box::new(question(line, reading, Kind::Text, open.len())));
                open.last_mut().map_or(&mut top, |begun| &mut begun.group.items).push(item);
            }
        }
    }
    while let Some(begun) = open.pop() {
        reading.problems.push(begun.line.problem("begin_alone", "type").with("name", &begun.group.name));
        open.last_mut().map_or(&mut top, |outer| &mut outer.group.items).push(Item::Group(begun.group));
    }
    if count == 0 {
        reading.problems.push(table.problem("nothing"));
    }
    if count > QUESTIONS {
        reading.problems.push(table.problem("too_many").with("max", QUESTIONS));
    }
    top
}

fn name(line: Line<'_>, reading: &mut Reading<'_>, depth: usize) -> String {
    let name = line.get("name");
    if name.is_empty() {
        reading.problems.push(line.problem("name_missing", "name"));
    } else if !names_element(name) || (depth == 0 && name == "meta") {
        reading.problems.push(line.problem("name_bad", "name").with("name", name));
    }
    name.to_owned()
}

fn begin<'a>(line: Line<'a>, reading: &mut Reading<'_>, repeats: bool, depth: usize) -> Begun<'a> {
    if depth >= DEPTH {
        reading.problems.push(line.problem("too_deep", "type").with("max", DEPTH));
    }
    let group = Group {
        name: name(line, reading, depth),
        label: reading.text(line, "label"),
        relevant: line.get("relevant").to_owned(),
        appearance: line.get("appearance").to_owned(),
        repeat: repeats.then(|| Repeat { count: line.get("repeat_count").to_owned() }),
        items: Vec::new(),
        row: line.number,
    };
    Begun { line, group }
}

fn question(line: Line<'_>, reading: &mut Reading<'_>, kind: Kind, depth: usize) -> Question {
    let (kind, max_pixels) = parameters(line, reading, kind);
    let get = |column: &str| line.get(column).to_owned();
    let appearance = get("appearance");
    if appearance.contains("search(") {
        reading.problems.push(line.problem("search", "appearance"));
    }
    Question {
        name: name(line, reading, depth),
        kind,
        label: reading.text(line, "label"),
        hint: reading.text(line, "hint"),
        required: yes(&get("required")),
        required_message: reading.text(line, "required_message"),
        relevant: get("relevant"),
        constraint: get("constraint"),
        constraint_message: reading.text(line, "constraint_message"),
        calculation: get("calculation"),
        default: get("default"),
        read_only: yes(&get("read_only")),
        choice_filter: get("choice_filter"),
        appearance,
        max_pixels,
        save_to: get("save_to"),
        row: line.number,
    }
}

/// Yes and no as expressions; anything else is one.
fn yes(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "true()" => "true()".to_owned(),
        "" | "no" | "false" | "false()" => String::new(),
        _ => text.to_owned(),
    }
}

/// What the column `parameters` says: the scale of a range, the size of a photo.
fn parameters(line: Line<'_>, reading: &mut Reading<'_>, kind: Kind) -> (Kind, Option<u32>) {
    let (mut start, mut end, mut step) = ("1".to_owned(), "10".to_owned(), "1".to_owned());
    let mut pixels = None;
    let ranges = matches!(kind, Kind::Range(..));
    for pair in line.get("parameters").split([' ', ',', ';']).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let number = value.parse::<f64>().is_ok_and(f64::is_finite);
        match name {
            "start" if ranges && number => start = value.to_owned(),
            "end" if ranges && number => end = value.to_owned(),
            "step" if ranges && number && value.parse::<f64>().is_ok_and(|step| step > 0.0) => {
                step = value.to_owned();
            }
            "max-pixels" if kind == Kind::Image && value.parse::<u32>().is_ok_and(|pixels| pixels > 0) => {
                pixels = value.parse().ok();
            }
            _ => reading.problems.push(line.problem("parameter", "parameters").with("name", pair)),
        }
    }
    (if ranges { Kind::Range(start, end, step) } else { kind }, pixels)
}
