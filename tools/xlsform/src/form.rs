//! A questionnaire, as it was read.

use serde::{Deserialize, Serialize};

/// A text in the languages of its form, in their order; empty where it was not translated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub Vec<String>);

impl Text {
    /// True if nothing is said in any language.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// The text in a language, or in the nearest one that has it.
    pub fn best(&self, language: usize) -> &str {
        let own = self.0.get(language).filter(|text| !text.is_empty());
        own.or_else(|| self.0.iter().find(|text| !text.is_empty())).map_or("", String::as_str)
    }
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A day.
    Date,
    /// An hour of a day.
    Time,
    /// An instant.
    DateTime,
    /// Nothing is asked: a text to read.
    Note,
    /// One of a list of choices.
    One(String),
    /// Several of a list of choices.
    Several(String),
    /// One of a list that comes beside the form.
    OneOf(String),
    /// A number on a scale: first, last, step.
    Range(String, String, String),
    /// A place.
    Geopoint,
    /// A photo.
    Image,
    /// A sound.
    Audio,
    /// Another document.
    File,
    /// A barcode.
    Barcode,
    /// A tick.
    Acknowledge,
    /// Worked out, not asked.
    Calculate,
    /// Not shown.
    Hidden,
    /// What the telephone knows: `start`, `end`, `today`, `deviceid`, …
    Known(String),
}

impl Kind {
    /// True for what is shown and takes an answer.
    pub fn asks(&self) -> bool {
        !matches!(self, Kind::Note | Kind::Calculate | Kind::Hidden | Kind::Known(_))
    }

    /// True for documents that come with the answers.
    pub fn is_media(&self) -> bool {
        matches!(self, Kind::Image | Kind::Audio | Kind::File)
    }
}

/// A question. Expressions are as they were written, with `${name}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its name.
    pub name: String,
    /// How it is answered.
    pub kind: Kind,
    /// What is asked.
    pub label: Text,
    /// What helps to answer.
    #[serde(default)]
    pub hint: Text,
    /// When an answer is needed.
    #[serde(default)]
    pub required: String,
    /// What is said where it is missing.
    #[serde(default)]
    pub required_message: Text,
    /// When it is asked.
    #[serde(default)]
    pub relevant: String,
    /// What an answer must meet.
    #[serde(default)]
    pub constraint: String,
    /// What is said of one that does not.
    #[serde(default)]
    pub constraint_message: Text,
    /// What it is worked out from.
    #[serde(default)]
    pub calculation: String,
    /// What it is filled with at first.
    #[serde(default)]
    pub default: String,
    /// When it cannot be changed.
    #[serde(default)]
    pub read_only: String,
    /// Which choices are offered.
    #[serde(default)]
    pub choice_filter: String,
    /// How it looks.
    #[serde(default)]
    pub appearance: String,
    /// Longest side of a photo, in pixels.
    #[serde(default)]
    pub max_pixels: Option<u32>,
    /// The property of the entity that it changes.
    #[serde(default)]
    pub save_to: String,
    /// Its row in the sheet `survey`.
    #[serde(default)]
    pub row: u32,
}

/// That a group is asked several times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// How often; empty for as often as wanted.
    pub count: String,
}

/// Questions that stand together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// When it is asked.
    #[serde(default)]
    pub relevant: String,
    /// How it looks.
    #[serde(default)]
    pub appearance: String,
    /// That it is asked several times.
    #[serde(default)]
    pub repeat: Option<Repeat>,
    /// What stands in it.
    pub items: Vec<Item>,
    /// Its row in the sheet `survey`.
    #[serde(default)]
    pub row: u32,
}

/// A question or a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// A question.
    Question(Box<Question>),
    /// A group.
    Group(Group),
}

/// One of a list of choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is kept when it is chosen.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// Further columns, for filters.
    #[serde(default)]
    pub more: Vec<(String, String)>,
}

/// A list of choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its name.
    pub name: String,
    /// Its choices.
    pub choices: Vec<Choice>,
}

/// The entity that a form changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Updates {
    /// The list it is of.
    pub list: String,
    /// Which one, as an expression.
    pub entity: String,
    /// When; empty for always.
    #[serde(default)]
    pub when: String,
}

/// A questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its languages, as they were written: `Français (fr)`. An empty one is not said.
    pub languages: Vec<String>,
    /// Which of them is shown first.
    pub first: usize,
    /// What is asked.
    pub items: Vec<Item>,
    /// The lists of choices.
    pub lists: Vec<List>,
    /// The lists that come beside it.
    pub beside: Vec<String>,
    /// The entity that it changes.
    #[serde(default)]
    pub updates: Option<Updates>,
    /// What one that was filled in is called, as an expression.
    #[serde(default)]
    pub instance_name: String,
    /// Columns of the sheet `survey` that nobody here knows, such as remarks: they were not read.
    #[serde(default)]
    pub unread: Vec<String>,
}

/// Where something of a form stands.
pub(crate) type Path = Vec<String>;

impl Form {
    /// Every question in order, each with the names of the groups around it.
    pub fn questions(&self) -> Vec<(Vec<String>, &Question)> {
        let mut found = Vec::new();
        walk(&self.items, &mut Vec::new(), &mut |path, item| {
            if let Item::Question(question) = item {
                found.push((path.to_vec(), &**question));
            }
        });
        found
    }

    /// The list of choices of this name.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.name == name)
    }
}

/// Shows every item with the names of the groups around it.
pub(crate) fn walk<'a>(items: &'a [Item], path: &mut Path, show: &mut dyn FnMut(&[String], &'a Item)) {
    for item in items {
        show(path, item);
        if let Item::Group(group) = item {
            path.push(group.name.clone());
            walk(&group.items, path, show);
            path.pop();
        }
    }
}
