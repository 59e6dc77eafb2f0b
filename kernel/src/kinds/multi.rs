//! Text in several languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Input, Kind, Names, Raw, bounded, one_text};
use crate::html::{self, Html};
use crate::value::{FromValue, Row, ToValue, Value};
use crate::{Lang, Result, Words, Wrong};

/// A text that people read in several languages, by language code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Multi(pub BTreeMap<String, String>);

impl Multi {
    /// A text in French and Arabic.
    pub fn fr_ar(fr: &str, ar: &str) -> Multi {
        Multi(
            [("fr", fr), ("ar", ar)]
                .into_iter()
                .filter(|(_, t)| !t.is_empty())
                .map(|(l, t)| (l.into(), t.into()))
                .collect(),
        )
    }

    /// The text in this language, or in the nearest one that has it.
    pub fn best(&self, lang: Lang) -> &str {
        self.best_with_lang(lang).1
    }

    /// The text in this language or the nearest one, with its language code.
    pub fn best_with_lang(&self, lang: Lang) -> (&str, &str) {
        [lang.code(), "fr", "en", "ar"]
            .into_iter()
            .find_map(|code| self.0.get_key_value(code))
            .or_else(|| self.0.iter().next())
            .map_or(("", ""), |(code, text)| (code.as_str(), text.as_str()))
    }

    /// The name in the other script, if it has one: Arabic for readers of Latin letters, and the reverse.
    pub fn other(&self, lang: Lang) -> Option<(&str, &str)> {
        let wanted: &[&str] = if lang == Lang::Ar { &["fr", "en"] } else { &["ar", "zgh"] };
        let (used, _) = self.best_with_lang(lang);
        wanted
            .iter()
            .find_map(|code| self.0.get_key_value(*code))
            .map(|(c, t)| (c.as_str(), t.as_str()))
            .filter(|(c, _)| *c != used)
    }

    /// Every language's text, for search.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl FromValue for Multi {
    fn from_value(value: Value) -> Result<Multi> {
        Ok(serde_json::from_str(&String::from_value(value)?)?)
    }
}

impl ToValue for Multi {
    fn to_value(&self) -> Value {
        Value::Text(self.json().to_string())
    }
}

impl Kind for Multi {
    const INPUT: Input = Input::Multi;
    fn put(&self) -> Vec<Value> {
        vec![self.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Multi>> {
        one_text(row, |text| serde_json::from_str(text).ok())
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Multi>, Wrong> {
        let mut texts = BTreeMap::new();
        for lang in Lang::ALL {
            if let Some(text) = raw.part(lang.code()) {
                texts.insert(lang.code().to_owned(), bounded(text, 2_000)?);
            }
        }
        // A spreadsheet or a short form gives one text: its script tells the language.
        if let Some(text) = raw.text() {
            let arabic = text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
            texts.entry(if arabic { "ar" } else { "fr" }.to_owned()).or_insert(bounded(text, 2_000)?);
        }
        Ok((!texts.is_empty()).then_some(Multi(texts)))
    }
    fn json(&self) -> Json {
        self.0
            .iter()
            .map(|(lang, text)| (lang.clone(), Json::from(text.as_str())))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(lang, text)| (lang.clone(), text.clone())).collect()
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::multi(self, w.lang)
    }
}
