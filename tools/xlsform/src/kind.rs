//! The column `type`.

use crate::form::Kind;

/// What a row of the sheet `survey` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    Question(Kind),
    BeginGroup,
    EndGroup,
    BeginRepeat,
    EndRepeat,
    /// A question of a type that is known and not supported.
    Unsupported,
    Unknown,
    /// A choice with a free answer beside it.
    OrOther,
    /// A choice from a file that does not come beside the form.
    FromFile(String),
}

const UNSUPPORTED: &[&str] = &[
    "audit",
    "background-audio",
    "geoshape",
    "geotrace",
    "osm",
    "rank",
    "select_multiple_from_file",
    "start-geopoint",
    "video",
    "xml-external",
    "csv-external",
    "background-geopoint",
];

const KNOWN: &[&str] = &["start", "end", "today", "deviceid", "username", "phonenumber", "email"];

/// Reads a type; `lists` come beside the form.
pub(crate) fn read(text: &str, lists: &[&str]) -> Typed {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = text.to_lowercase();
    for (start, typed) in
        [("begin", [Typed::BeginGroup, Typed::BeginRepeat]), ("end", [Typed::EndGroup, Typed::EndRepeat])]
    {
        let [group, repeat] = typed;
        match lower.strip_prefix(start).map(|rest| rest.trim_start_matches([' ', '_'])) {
            Some("group") => return group,
            Some("repeat") => return repeat,
            _ => {}
        }
    }
    let normal = ["select one", "select multiple"]
        .iter()
        .find_map(|start| lower.strip_prefix(start).map(|_| start.len()));
    let text = match normal {
        Some(long) => format!("{}{}", text[..long].to_lowercase().replace(' ', "_"), &text[long..]),
        None => text,
    };
    let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let first = first.to_lowercase();
    match first.as_str() {
        "select_one" | "select_multiple" => select(first == "select_one", rest),
        "select_one_from_file" => match rest.strip_suffix(".csv").filter(|list| lists.contains(list)) {
            Some(list) => Typed::Question(Kind::OneOf(list.to_owned())),
            None => Typed::FromFile(rest.to_owned()),
        },
        word if UNSUPPORTED.contains(&word) => Typed::Unsupported,
        word if KNOWN.contains(&word) && rest.is_empty() => Typed::Question(Kind::Known(word.to_owned())),
        _ if !rest.is_empty() => Typed::Unknown,
        word => plain(word),
    }
}

fn select(one: bool, rest: &str) -> Typed {
    match rest.split_once(' ') {
        Some((_, "or_other" | "or other")) => Typed::OrOther,
        None if !rest.is_empty() && one => Typed::Question(Kind::One(rest.to_owned())),
        None if !rest.is_empty() => Typed::Question(Kind::Several(rest.to_owned())),
        _ => Typed::Unknown,
    }
}

fn plain(word: &str) -> Typed {
    Typed::Question(match word {
        "text" | "string" => Kind::Text,
        "integer" | "int" => Kind::Integer,
        "decimal" => Kind::Decimal,
        "date" => Kind::Date,
        "time" => Kind::Time,
        "datetime" => Kind::DateTime,
        "note" => Kind::Note,
        "range" => Kind::Range(String::new(), String::new(), String::new()),
        "geopoint" | "gps" | "location" => Kind::Geopoint,
        "image" | "photo" => Kind::Image,
        "audio" => Kind::Audio,
        "file" => Kind::File,
        "barcode" => Kind::Barcode,
        "acknowledge" | "trigger" => Kind::Acknowledge,
        "calculate" => Kind::Calculate,
        "hidden" => Kind::Hidden,
        _ => return Typed::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn types_are_read_as_people_write_them() {
        let read = |text| read(text, &["cooperatives"]);
        assert_eq!(read("Select one  oui_non"), Typed::Question(Kind::One("oui_non".into())));
        assert_eq!(read("select_multiple Produits"), Typed::Question(Kind::Several("Produits".into())));
        assert_eq!(read("select_one x or_other"), Typed::OrOther);
        assert_eq!(read("begin group"), Typed::BeginGroup);
        assert_eq!(read("end_repeat"), Typed::EndRepeat);
        assert_eq!(read("end"), Typed::Question(Kind::Known("end".into())));
        assert_eq!(read("dateTime"), Typed::Question(Kind::DateTime));
        let beside = Typed::Question(Kind::OneOf("cooperatives".into()));
        assert_eq!(read("select_one_from_file cooperatives.csv"), beside);
        assert_eq!(read("select_one_from_file others.csv"), Typed::FromFile("others.csv".into()));
        assert_eq!(
            (read("video"), read("magic"), read("select_one")),
            (Typed::Unsupported, Typed::Unknown, Typed::Unknown)
        );
    }

    proptest! {
        #[test]
        fn any_text_is_some_type(text in "\\PC{0,40}") {
            let _ = read(&text, &[]);
        }
    }
}
