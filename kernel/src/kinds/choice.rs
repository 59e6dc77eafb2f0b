//! Closed lists of codes: one of them, or several.

use serde_json::Value as Json;

use super::{Column, Input, Kind, Names, Raw, one_text};
use crate::html::{self, Html};
use crate::value::{FromValue, Row, ToValue, Value};
use crate::{Lang, Result, Words, Wrong};

/// Several codes of one choice, kept in a table of links named `table_field`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T: Choice> Kind for Many<T> {
    const INPUT: Input = Input::Choices { codes: T::CODES, words: T::WORDS };
    const COLUMNS: &'static [(&'static str, Column)] = &[];
    fn put(&self) -> Vec<Value> {
        self.0.iter().map(|choice| choice.code().to_value()).collect()
    }
    fn take(row: &mut Row) -> Result<Option<Many<T>>> {
        let mut found = Vec::new();
        while let Some(value) = row.0.pop_front() {
            found.extend(T::from_code(&String::from_value(value)?));
        }
        Ok((!found.is_empty()).then_some(Many(found)))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Many<T>>, Wrong> {
        let mut found: Vec<T> = Vec::new();
        for text in raw.fields.all(raw.name).flat_map(|text| text.split([',', ';'])).map(str::trim) {
            if text.is_empty() {
                continue;
            }
            let choice = T::from_code(text).ok_or_else(|| Wrong::new("error.choice").with("typed", text))?;
            if !found.iter().any(|c| c.code() == choice.code()) {
                found.push(choice);
            }
        }
        found.sort_by_key(|choice| T::CODES.iter().position(|code| *code == choice.code()));
        Ok((!found.is_empty()).then_some(Many(found)))
    }
    fn json(&self) -> Json {
        self.0.iter().map(|choice| Json::from(choice.code())).collect::<Vec<_>>().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        self.0.iter().map(|choice| (String::new(), choice.code().to_owned())).collect()
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        let separator = if w.lang == Lang::Ar { "، " } else { ", " };
        html::text(
            &self.0.iter().map(|choice| w.t2(T::WORDS, choice.code())).collect::<Vec<_>>().join(separator),
        )
    }
}

/// One of a closed list of codes, made by [`choice!`](macro@crate::choice).
pub trait Choice: Sized {
    /// The codes, in the order they are offered.
    const CODES: &'static [&'static str];
    /// Where their words stand.
    const WORDS: &'static str;
    /// The code of this choice.
    fn code(&self) -> &'static str;
    /// The choice with this code.
    fn from_code(code: &str) -> Option<Self>;
}

/// Declares a closed list of codes as an enum that is a [`Kind`].
///
/// `choice! { /// Doc. pub Sex in "person.sex" { Woman = "woman", Man = "man" } }`
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* pub $name:ident in $words:literal { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $(#[doc = concat!("`", $code, "`")] $variant),+ }

        impl $crate::kinds::Choice for $name {
            const CODES: &'static [&'static str] = &[$($code),+];
            const WORDS: &'static str = $words;
            fn code(&self) -> &'static str { match self { $($name::$variant => $code),+ } }
            fn from_code(code: &str) -> Option<$name> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }

        impl $crate::kinds::Kind for $name {
            const INPUT: $crate::kinds::Input = $crate::kinds::Input::Choice {
                codes: <$name as $crate::kinds::Choice>::CODES, words: $words,
            };
            fn put(&self) -> Vec<$crate::value::Value> { $crate::kinds::choice_put(self) }
            fn take(row: &mut $crate::value::Row) -> $crate::Result<Option<$name>> { $crate::kinds::choice_take(row) }
            fn parse(raw: &$crate::kinds::Raw<'_>) -> $crate::Result<Option<$name>, $crate::Wrong> { $crate::kinds::choice_parse(raw) }
            fn json(&self) -> $crate::Json { $crate::kinds::Choice::code(self).into() }
            fn typed(&self) -> Vec<(String, String)> { vec![(String::new(), $crate::kinds::Choice::code(self).to_owned())] }
            fn show(&self, w: &$crate::Words, _: &$crate::kinds::Names) -> $crate::Html {
                $crate::html::text(&w.t2($words, $crate::kinds::Choice::code(self)))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::kinds::Choice::code(self))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": <$name as $crate::kinds::Choice>::CODES })
            }
        }

        impl $crate::value::FromValue for $name {
            fn from_value(value: $crate::value::Value) -> $crate::Result<$name> {
                $crate::kinds::choice_take(&mut $crate::value::Row::of([value]))?
                    .ok_or_else(|| $crate::Error::internal("no code where one is needed"))
            }
        }

        impl $crate::value::ToValue for $name {
            fn to_value(&self) -> $crate::value::Value {
                $crate::value::Value::Text($crate::kinds::Choice::code(self).to_owned())
            }
        }
    };
}

/// The column of a choice.
pub fn choice_put<T: Choice>(choice: &T) -> Vec<Value> {
    vec![choice.code().to_value()]
}

/// Reads a choice from its column.
pub fn choice_take<T: Choice>(row: &mut Row) -> Result<Option<T>> {
    one_text(row, T::from_code)
}

/// Reads a choice from a form.
pub fn choice_parse<T: Choice>(raw: &Raw<'_>) -> Result<Option<T>, Wrong> {
    raw.text()
        .map(|text| {
            T::from_code(text).ok_or_else(|| {
                Wrong::new("error.choice").with("typed", text.chars().take(40).collect::<String>())
            })
        })
        .transpose()
}
