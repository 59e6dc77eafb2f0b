//! Telephone numbers, addresses, official numbers, documents.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Input, Kind, Names, Raw, ascii_digits, bounded, itself};
use crate::html::{self, Html};
use crate::value::{Row, ToValue, Value};
use crate::{Id, Result, Words, Wrong};

macro_rules! text_kind {
    ($(#[$doc:meta])* $name:ident, $input:expr, $show:path, $read:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// Reads what a person typed.
            pub fn read(text: &str) -> Result<$name, Wrong> {
                let read: fn(&str) -> Result<String, Wrong> = $read;
                read(text).map($name)
            }
        }

        impl Kind for $name {
            const INPUT: Input = $input;
            fn put(&self) -> Vec<Value> { vec![self.0.to_value()] }
            fn take(row: &mut Row) -> Result<Option<$name>> { Ok(row.take::<Option<String>>()?.map($name)) }
            fn parse(raw: &Raw<'_>) -> Result<Option<$name>, Wrong> {
                raw.text().map($name::read).transpose()
            }
            fn json(&self) -> Json { self.0.as_str().into() }
            fn typed(&self) -> Vec<(String, String)> { itself(&self.0) }
            fn show(&self, _: &Words, _: &Names) -> Html { $show(&self.0) }
        }
    };
}

text_kind!(
    /// A telephone number in international form, such as `+212661000000` (E.164).
    Phone, Input::Phone, html::isolate, |text| {
        let folded = fold::fold(text);
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        let plus = text.trim_start().starts_with('+') || digits.starts_with("00");
        let digits = if plus { digits.trim_start_matches("00").to_owned() }
            else if digits.len() == 10 && digits.starts_with('0') { format!("212{}", &digits[1..]) }
            else if digits.len() == 9 && digits.starts_with(['5', '6', '7']) { format!("212{digits}") }
            else { digits };
        let only_digits = folded.chars().all(|c| c.is_ascii_digit() || c == ' ');
        if only_digits && (8..=15).contains(&digits.len()) { Ok(format!("+{digits}")) } else { Err(Wrong::new("error.phone")) }
    }
);
text_kind!(
    /// An e-mail address, in lower case.
    Email, Input::Email, html::isolate, |text| {
        let text = bounded(text, 254)?.to_lowercase();
        let good = text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
        });
        if good && !text.contains(char::is_whitespace) { Ok(text) } else { Err(Wrong::new("error.email")) }
    }
);
text_kind!(
    /// An official number as it stands on the paper: letters, digits, dots, strokes. Spaces are dropped.
    Code, Input::Line, html::isolate, |text| {
        let text: String = ascii_digits(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let good = text.len() <= 40 && text.chars().all(|c| c.is_alphanumeric() || "-./".contains(c));
        if good { Ok(text) } else { Err(Wrong::new("error.code")) }
    }
);
text_kind!(
    /// The Moroccan *identifiant commun de l'entreprise*: 15 digits. The control digits are not published,
    /// so they are not checked.
    Ice, Input::Line, html::isolate, |text| {
        let text: String = ascii_digits(text).chars().filter(|c| !c.is_whitespace()).collect();
        if text.len() == 15 && text.bytes().all(|b| b.is_ascii_digit()) { Ok(text) } else { Err(Wrong::new("error.ice")) }
    }
);
text_kind!(
    /// A stored document: the id of its file.
    File, Input::File, html::file, |text| {
        text.parse::<Id>().map(|id| id.to_string()).map_err(|_| Wrong::new("error.file"))
    }
);
