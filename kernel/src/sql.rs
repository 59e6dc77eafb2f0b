//! A statement: text with `?` placeholders, its arguments, and whose rights it was written for.

use crate::access::{Standing, Viewer};
use crate::value::{ToValue, Value};

/// How the rights of the reader stand in a statement.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rights {
    /// Nobody said yet. Refused when the statement touches a protected table.
    Unsaid,
    /// The viewer's condition is part of the text.
    Seen,
    /// Somebody wrote down why no condition is needed.
    Open,
}

/// A statement under construction. Pieces and arguments are added in reading order.
#[derive(Clone, Debug)]
pub struct Sql {
    pub(crate) text: String,
    pub(crate) args: Vec<Value>,
    rights: Rights,
}

/// Starts a statement.
pub fn sql(text: &str) -> Sql {
    Sql { text: text.to_owned(), args: Vec::new(), rights: Rights::Unsaid }
}

impl Sql {
    /// Adds text.
    pub fn and(mut self, text: &str) -> Sql {
        self.text.push_str(text);
        self
    }

    /// Binds the next `?`.
    pub fn bind(mut self, value: impl ToValue) -> Sql {
        self.args.push(value.to_value());
        self
    }

    /// Adds ` in (?, ?, …)` for these values, or a condition that is never true when there are none.
    pub fn within<V: ToValue>(mut self, values: &[V]) -> Sql {
        if values.is_empty() {
            self.text.push_str(" in (null)");
            return self;
        }
        self.text.push_str(" in (");
        self.text.push_str(&vec!["?"; values.len()].join(", "));
        self.text.push(')');
        self.args.extend(values.iter().map(ToValue::to_value));
        self
    }

    /// The same for a few numbers, the last one repeated, so that statements for fewer or more have the same text.
    pub(crate) fn within_few(self, numbers: &[i64]) -> Sql {
        let mut numbers = numbers.to_vec();
        if let Some(last) = numbers.last().copied() {
            numbers.resize(numbers.len().next_multiple_of(10), last);
        }
        self.within(&numbers)
    }

    /// Adds text only if there is a value for its one `?`.
    pub fn and_if<V: ToValue>(self, text: &str, value: Option<V>) -> Sql {
        match value {
            Some(value) => self.and(text).bind(value),
            None => self,
        }
    }

    /// Adds another statement's text and arguments, and the rights it carries.
    pub fn join(mut self, other: Sql) -> Sql {
        self.text.push_str(&other.text);
        self.args.extend(other.args);
        if self.rights == Rights::Unsaid {
            self.rights = other.rights;
        }
        self
    }

    /// Adds the condition under which this viewer may know of the record whose id stands in `column`.
    pub fn seen(mut self, viewer: &Viewer, column: &str) -> Sql {
        viewer.condition(column, &mut self.text, &mut self.args);
        self.rights = Rights::Seen;
        self
    }

    /// The same, following a reach [`via`](crate::access::via) another record one step.
    pub fn seen_via(mut self, viewer: &Viewer, column: &str) -> Sql {
        viewer.condition_via(column, &mut self.text, &mut self.args);
        self.rights = Rights::Seen;
        self
    }

    /// Adds the condition under which this viewer stands at least so near to the record whose id is in `column`.
    pub fn seen_near(mut self, viewer: &Viewer, column: &str, least: Standing) -> Sql {
        viewer.near_condition(column, least, &mut self.text, &mut self.args);
        self.rights = Rights::Seen;
        self
    }

    /// Declares that this statement needs no condition, and why. The reason is for whoever reads the code.
    pub fn open(mut self, reason: &str) -> Sql {
        debug_assert!(!reason.is_empty(), "say why rights do not matter here");
        self.rights = Rights::Open;
        self
    }

    /// Its text and arguments, for measures that ask the same of another engine.
    pub fn told(&self) -> (&str, &[Value]) {
        (&self.text, &self.args)
    }

    /// True if the statement may run: no protected table in it, or rights were spoken of.
    pub(crate) fn spoke_of_rights(&self, protected: &[&str]) -> bool {
        self.rights != Rights::Unsaid
            || !self
                .text
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .any(|word| protected.contains(&word))
    }
}
