//! Where each name of a form stands, and the path from one question to another.

use std::collections::HashMap;

use crate::expression::Around;
use crate::form::{Item, Path, walk};

/// Something that has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The groups around it and its own name.
    pub(crate) path: Path,
    /// How many of these names lead to the innermost repeat that it stands in, or is; 0 for none.
    pub(crate) repeat: usize,
}

impl Place {
    /// Its path in the form.
    pub(crate) fn absolute(&self) -> String {
        format!("/data/{}", self.path.join("/"))
    }
}

/// Every name, with where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    all: HashMap<String, Vec<Place>>,
}

impl Names {
    pub(crate) fn of(items: &[Item]) -> Names {
        let mut names = Names::default();
        let mut repeats: Vec<Path> = Vec::new();
        walk(items, &mut Vec::new(), &mut |around, item| {
            let name = match item {
                Item::Question(question) => &question.name,
                Item::Group(group) => &group.name,
            };
            let path: Path = around.iter().cloned().chain([name.clone()]).collect();
            if matches!(item, Item::Group(group) if group.repeat.is_some()) {
                repeats.push(path.clone());
            }
            let inside = repeats.iter().filter(|repeat| path.starts_with(repeat)).map(Vec::len);
            let place = Place { repeat: inside.max().unwrap_or(0), path: path.clone() };
            names.all.entry(name.clone()).or_default().push(place);
        });
        names
    }

    /// Where a name stands: once, never, or more than once.
    pub(crate) fn places(&self, name: &str) -> &[Place] {
        self.all.get(name).map_or(&[], Vec::as_slice)
    }

    /// The place of this path.
    pub(crate) fn place(&self, path: &[String]) -> Option<&Place> {
        self.places(path.last()?).iter().find(|place| place.path == path)
    }

    /// The path of `name` for an expression at `from`. Inside of a repeat that both stand in, it stays with the same entry.
    pub(crate) fn path(&self, from: &Place, name: &str, around: Around) -> String {
        let Some(to) = self.places(name).first() else { return "''".to_owned() };
        // The innermost repeat around both.
        let shared = from.path.iter().zip(&to.path).take_while(|(a, b)| a == b).count();
        let common = self.repeats_of(from).into_iter().filter(|long| *long <= shared).max().unwrap_or(0);
        if common == 0 || around.whole {
            return to.absolute();
        }
        let up = vec![".."; from.path.len() - common].join("/");
        let down = to.path[common..].join("/");
        let relative = match (up.is_empty(), down.is_empty()) {
            (true, true) => ".".to_owned(),
            (true, false) => format!("./{down}"),
            (false, true) => up,
            (false, false) => format!("{up}/{down}"),
        };
        if around.filtered { format!("current()/{relative}") } else { relative }
    }

    /// How many names lead to each repeat around a place.
    fn repeats_of(&self, from: &Place) -> Vec<usize> {
        (1..=from.repeat)
            .filter(|long| self.place(&from.path[..*long]).is_some_and(|place| place.repeat == *long))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Group, Kind, Question, Repeat, Text};

    fn question(name: &str) -> Item {
        let text = String::new;
        Item::Question(Box::new(Question {
            name: name.into(),
            kind: Kind::Text,
            label: Text::default(),
            hint: Text::default(),
            required: text(),
            required_message: Text::default(),
            relevant: text(),
            constraint: text(),
            constraint_message: Text::default(),
            calculation: text(),
            default: text(),
            read_only: text(),
            choice_filter: text(),
            appearance: text(),
            max_pixels: None,
            save_to: text(),
            row: 0,
        }))
    }

    fn group(name: &str, repeats: bool, items: Vec<Item>) -> Item {
        let repeat = repeats.then(|| Repeat { count: String::new() });
        let (label, relevant, appearance) = (Text::default(), String::new(), String::new());
        Item::Group(Group { name: name.into(), label, relevant, appearance, repeat, items, row: 0 })
    }

    #[test]
    fn the_same_entry_of_a_repeat_is_meant() {
        let inner = group("g", false, vec![question("c")]);
        let items = [
            question("a"),
            group("r", true, vec![question("b"), inner]),
            group("s", true, vec![question("d")]),
        ];
        let names = Names::of(&items);
        let path = |from: &str, to: &str, filtered: bool, whole: bool| {
            names.places(from).first().map(|from| names.path(from, to, Around { filtered, whole }))
        };
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(path("a", "b", false, false), is("/data/r/b"));
        assert_eq!(path("b", "a", false, false), is("/data/a"));
        assert_eq!(path("c", "b", false, false), is("../../b"));
        assert_eq!(path("b", "c", false, false), is("../g/c"));
        assert_eq!(path("b", "c", true, false), is("current()/../g/c"));
        assert_eq!(path("b", "c", false, true), is("/data/r/g/c"));
        assert_eq!(path("b", "d", false, false), is("/data/s/d"));
        assert_eq!(path("c", "r", false, false), is("../.."));
        assert_eq!(path("a", "nobody", false, false), is("''"));
    }
}
