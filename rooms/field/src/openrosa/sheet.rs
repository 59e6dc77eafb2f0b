//! What a form asks, before it is written in the language of any program.

use kernel::kinds::Multi;
use kernel::{Lang, Words};

/// A text in the two languages of a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub(super) fr: String,
    pub(super) ar: String,
}

impl Said {
    /// A word of the house.
    pub(super) fn word(w: Words, key: &str) -> Said {
        let said = |lang| w.speak(lang).t(key).into_owned();
        Said { fr: said(Lang::Fr), ar: said(Lang::Ar) }
    }

    /// A text that somebody wrote.
    pub(super) fn of(text: &Multi) -> Said {
        Said { fr: text.best(Lang::Fr).to_owned(), ar: text.best(Lang::Ar).to_owned() }
    }

    /// Both, for a place that knows one language.
    pub(crate) fn both(&self) -> String {
        if self.fr == self.ar { self.fr.clone() } else { format!("{} · {}", self.fr, self.ar) }
    }
}

/// How a question is answered.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    /// One of these: code and text.
    One(Vec<(String, Said)>),
    /// One of a list that comes beside the form.
    OneOf(&'static str),
    /// Several of such a list, those of which this is true.
    Some(&'static str, String),
    Text,
    Long,
    Whole,
    Day,
    Photo,
    /// Nothing is asked: worked out from this, or given by the telephone.
    Worked(String),
    /// What the telephone knows: kind and parameter.
    Known(&'static str, &'static str),
    /// What stood there when the form was opened.
    Seen,
}

/// What a question is filled with at first.
#[derive(Clone, Debug)]
pub(super) enum First {
    Nothing,
    /// This very text.
    Text(&'static str),
    /// What this gives when the form is opened.
    Opened(&'static str),
    /// What this gives whenever the answer at this path changes.
    After(&'static str, String),
}

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) name: String,
    pub(super) label: Option<Said>,
    pub(super) hint: Option<Said>,
    pub(super) ask: Ask,
    /// When an answer is needed.
    pub(super) required: Option<String>,
    /// When it is asked.
    pub(super) relevant: Option<String>,
    /// What an answer must meet, and what is said of one that does not.
    pub(super) constraint: Option<(String, Said)>,
    /// The property of the entity that it changes.
    pub(super) saves: Option<&'static str>,
    pub(super) first: First,
}

impl Question {
    /// A question that people are asked.
    pub(super) fn new(name: &str, label: Said, ask: Ask) -> Question {
        Question { label: Some(label), ..Question::hidden(name, ask) }
    }

    /// One that nobody sees.
    pub(super) fn hidden(name: &str, ask: Ask) -> Question {
        Question {
            name: name.to_owned(),
            label: None,
            hint: None,
            ask,
            required: None,
            relevant: None,
            constraint: None,
            saves: None,
            first: First::Nothing,
        }
    }

    pub(super) fn required(self) -> Question {
        Question { required: Some("true()".into()), ..self }
    }

    pub(super) fn first(self, first: First) -> Question {
        Question { first, ..self }
    }

    pub(super) fn hint(self, hint: Said) -> Question {
        Question { hint: Some(hint), ..self }
    }

    pub(super) fn must(self, expression: &str, or: Said) -> Question {
        Question { constraint: Some((expression.to_owned(), or)), ..self }
    }
}

/// Questions that stand together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Its name; empty for questions at the top.
    pub(super) name: String,
    pub(super) label: Option<Said>,
    pub(super) relevant: Option<String>,
    pub(super) questions: Vec<Question>,
}

impl Group {
    /// Questions at the top.
    pub(super) fn top(questions: Vec<Question>) -> Group {
        Group { name: String::new(), label: None, relevant: None, questions }
    }

    /// Where one of its answers stands.
    pub(super) fn path(&self, question: &Question) -> String {
        if self.name.is_empty() {
            format!("/data/{}", question.name)
        } else {
            format!("/data/{}/{}", self.name, question.name)
        }
    }
}

/// A form.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// Its id.
    pub(crate) id: String,
    pub(crate) title: Said,
    /// The lists that come beside it.
    pub(crate) lists: &'static [&'static str],
    pub(super) groups: Vec<Group>,
    /// The list whose entry it changes; the question `organisation` says which.
    pub(super) updates: Option<&'static str>,
}
