//! What can only be said of a form as a whole: whether expressions are some, names are there, lists exist.

use std::collections::{HashMap, HashSet};

use crate::expression::{references, straight};
use crate::form::{Form, Group, Item, Kind, Question, walk};
use crate::names::Names;
use crate::problem::Problem;
use crate::read::Beside;
use crate::syntax::{self, Fault};
use crate::write::counter;

/// Most choices that the questions of a form offer together: each is kept for each question.
const CHOICES: usize = 50_000;

/// What is known while a form is looked through.
struct Look<'a> {
    names: &'a Names,
    lists: HashSet<&'a str>,
    beside: &'a [Beside<'a>],
    asked: HashSet<String>,
    tied: HashSet<String>,
    problems: &'a mut Vec<Problem>,
}

/// Looks through a form; writes down which lists it needs beside it.
pub(crate) fn check(form: &mut Form, beside: &[Beside<'_>], entities: bool, problems: &mut Vec<Problem>) {
    let names = Names::of(&form.items);
    let lists = form.lists.iter().map(|list| list.name.as_str()).collect();
    let mut look =
        Look { names: &names, lists, beside, asked: HashSet::new(), tied: HashSet::new(), problems };
    siblings(&form.items, look.problems);
    walk(&form.items, &mut Vec::new(), &mut |path, item| match item {
        Item::Question(question) => look.question(path, question),
        Item::Group(group) => look.group(group),
    });
    saved(form, &mut look, entities);
    offered(form, look.problems);
    look.expression("settings", 2, "instance_name", &form.instance_name);
    if let Some(updates) = &form.updates {
        look.expression("entities", 2, "entity_id", &updates.entity);
        look.expression("entities", 2, "update_if", &updates.when);
        look.asked.insert(updates.list.clone());
    }
    let asked = look.asked;
    circles(form, problems);
    let wanted = beside.iter().map(|beside| beside.list).filter(|list| asked.contains(*list));
    form.beside = wanted.map(str::to_owned).collect();
}

/// Two of one name cannot stand beside each other.
fn siblings(items: &[Item], problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for item in items {
        let (name, row, counter) = match item {
            Item::Question(question) => (&question.name, question.row, None),
            Item::Group(group) => (&group.name, group.row, counter(group)),
        };
        for name in [Some(name.clone()), counter].into_iter().flatten() {
            if !name.is_empty() && !seen.insert(name.to_lowercase()) {
                problems.push(Problem::new("name_twice", "survey", row, "name").with("name", name));
            }
        }
        if let Item::Group(group) = item {
            siblings(&group.items, problems);
        }
    }
}

impl Look<'_> {
    fn group(&mut self, group: &Group) {
        self.expression("survey", group.row, "relevant", &group.relevant);
        self.texts(group.row, "label", &group.label.0);
        if let Some(repeat) = &group.repeat {
            self.expression("survey", group.row, "repeat_count", &repeat.count);
        }
    }

    fn question(&mut self, path: &[String], question: &Question) {
        let row = question.row;
        for (column, text) in [
            ("required", &question.required),
            ("relevant", &question.relevant),
            ("constraint", &question.constraint),
            ("calculation", &question.calculation),
            ("read_only", &question.read_only),
            ("choice_filter", &question.choice_filter),
        ] {
            self.expression("survey", row, column, text);
        }
        if is_worked_out(&question.default) {
            self.expression("survey", row, "default", &question.default);
        }
        for (column, text) in [
            ("label", &question.label),
            ("hint", &question.hint),
            ("required_message", &question.required_message),
            ("constraint_message", &question.constraint_message),
        ] {
            self.texts(row, column, &text.0);
        }
        match &question.kind {
            Kind::One(list) | Kind::Several(list) if !self.lists.contains(list.as_str()) => {
                self.problems.push(Problem::new("list_unknown", "survey", row, "type").with("list", list));
            }
            Kind::OneOf(list) => {
                self.asked.insert(list.clone());
                if !self.tied.insert(list.clone()) {
                    self.problems.push(Problem::new("file_twice", "survey", row, "type").with("list", list));
                }
                let repeats =
                    |long: usize| self.names.place(&path[..long]).is_some_and(|place| place.repeat > 0);
                if (1..=path.len()).any(repeats) {
                    self.problems.push(Problem::new("file_repeat", "survey", row, "type").with("list", list));
                }
            }
            Kind::Calculate if question.calculation.is_empty() && question.default.is_empty() => {
                self.problems.push(Problem::new("calculation_missing", "survey", row, "calculation"));
            }
            kind if kind.asks() && question.label.is_empty() && question.hint.is_empty() => {
                let bare =
                    question.appearance.contains("label") || question.appearance.contains("list-nolabel");
                if !bare && question.calculation.is_empty() {
                    self.problems.push(Problem::new("label_missing", "survey", row, "label"));
                }
            }
            _ => {}
        }
    }

    fn names_in(&mut self, sheet: &'static str, row: u32, column: &str, text: &str) {
        for name in references(text) {
            let code = match self.names.places(name).len() {
                0 => "reference_unknown",
                1 => continue,
                _ => "reference_unclear",
            };
            self.problems.push(Problem::new(code, sheet, row, column).with("name", name));
        }
    }

    fn texts(&mut self, row: u32, column: &str, texts: &[String]) {
        texts.iter().for_each(|text| self.names_in("survey", row, column, text));
    }

    fn expression(&mut self, sheet: &'static str, row: u32, column: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut instances = Vec::new();
        let looked = syntax::check(&straight(text), &mut |name| instances.push(name.to_owned()));
        if let Err(fault) = looked {
            let (code, what) = match fault {
                Fault::Open => ("expression_open", String::new()),
                Fault::At(what) if what.is_empty() => ("expression_end", what),
                Fault::At(what) => ("expression_bad", what),
                Fault::Function(name) => ("function_unknown", name),
            };
            self.problems.push(Problem::new(code, sheet, row, column).with("name", what));
        }
        self.names_in(sheet, row, column, text);
        for name in instances {
            if self.beside.iter().any(|beside| beside.list == name) {
                // A filter may look into the list; only a question ties the form to it.
                self.asked.insert(name);
            } else if !self.lists.contains(name.as_str()) {
                self.problems.push(Problem::new("instance_unknown", sheet, row, column).with("name", name));
            }
        }
    }
}

/// True for a first value that is worked out when the form is opened: it names another question, or calls a function. A
/// word with its plural, such as `autre(s)`, does neither.
pub(crate) fn is_worked_out(default: &str) -> bool {
    let called = default.strip_suffix(')').and_then(|text| text.split_once('('));
    let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-:".contains(c);
    let plural = |given: &str| !given.is_empty() && given.chars().all(char::is_alphabetic);
    default.contains("${")
        || called
            .is_some_and(|(called, given)| called.chars().all(name) && !called.is_empty() && !plural(given))
}

/// What is saved to an entity.
fn saved(form: &Form, look: &mut Look<'_>, entities: bool) {
    let list = form.updates.as_ref().map(|updates| updates.list.as_str());
    let known = look
        .beside
        .iter()
        .find(|beside| Some(beside.list) == list)
        .map_or(&[][..], |beside| beside.properties);
    let mut seen = HashSet::new();
    for (path, question) in form.questions() {
        let name = question.save_to.as_str();
        if name.is_empty() {
            continue;
        }
        let in_repeat =
            (1..=path.len()).any(|long| look.names.place(&path[..long]).is_some_and(|p| p.repeat > 0));
        let code = match () {
            () if !entities => "save_alone",
            () if in_repeat => "save_repeat",
            () if list.is_some() && !known.contains(&name) => "save_unknown",
            () if !seen.insert(name) => "save_twice",
            () => continue,
        };
        let problem = Problem::new(code, "survey", question.row, "save_to").with("name", name);
        look.problems.push(problem.with("known", known.join(", ")));
    }
}

/// A long list that many questions offer.
fn offered(form: &Form, problems: &mut Vec<Problem>) {
    let mut all = 0;
    for (_, question) in form.questions() {
        let (Kind::One(list) | Kind::Several(list)) = &question.kind else { continue };
        all += form.list(list).map_or(0, |list| list.choices.len());
        if all > CHOICES {
            let problem = Problem::new("too_many_choices", "survey", question.row, "type");
            return problems.push(problem.with("max", CHOICES));
        }
    }
}

/// What is worked out from itself has no end; programs refuse to open such a form.
fn circles(form: &Form, problems: &mut Vec<Problem>) {
    // What must be known before a question is, by its name: what its calculation and its conditions refer to.
    let mut needs: HashMap<&str, (u32, Vec<&str>)> = HashMap::new();
    fn gather<'a>(items: &'a [Item], outer: &[&'a str], needs: &mut HashMap<&'a str, (u32, Vec<&'a str>)>) {
        for item in items {
            let mut found = outer.to_vec();
            match item {
                Item::Question(question) => {
                    found.extend(
                        references(&question.relevant).into_iter().chain(references(&question.calculation)),
                    );
                    needs.insert(&question.name, (question.row, found));
                }
                Item::Group(group) => {
                    found.extend(references(&group.relevant));
                    gather(&group.items, &found, needs);
                }
            }
        }
    }
    gather(&form.items, &[], &mut needs);
    let mut done: HashSet<&str> = HashSet::new();
    let mut starts: Vec<(&str, u32)> = needs.iter().map(|(name, (row, _))| (*name, *row)).collect();
    starts.sort_by_key(|(_, row)| *row);
    for (start, row) in starts {
        // Each name on the way, with how many of its needs were followed.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, at)) = way.last().copied() {
            let next = needs.get(name).and_then(|(_, found)| found.get(at)).copied();
            match next {
                None => {
                    done.insert(name);
                    way.pop();
                }
                Some(next) => {
                    if let Some(last) = way.last_mut() {
                        last.1 += 1;
                    }
                    if way.iter().any(|(on, _)| *on == next) {
                        problems
                            .push(Problem::new("circle", "survey", row, "calculation").with("name", next));
                        done.extend(way.drain(..).map(|(name, _)| name));
                    } else if !done.contains(next) {
                        way.push((next, 0));
                    }
                }
            }
        }
    }
}
