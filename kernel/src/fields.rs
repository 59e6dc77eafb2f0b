//! What came with a request: names and texts, from a form, a query string or JSON.

use serde_json::Value as Json;

/// A multimap of names and texts, in the order they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads `a=1&b=2`.
    pub fn from_query(text: &str) -> Fields {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Fields(pairs.collect())
    }

    /// Reads a JSON object: `{"name": {"fr": "…"}}` gives `name.fr`, an array repeats its name.
    pub fn from_json(json: &Json) -> Fields {
        let mut fields = Fields::default();
        fields.flatten("", json);
        fields
    }

    fn flatten(&mut self, name: &str, json: &Json) {
        match json {
            Json::Null => self.0.push((name.to_owned(), String::new())),
            Json::Bool(yes) => self.0.push((name.to_owned(), if *yes { "yes" } else { "no" }.to_owned())),
            Json::Number(n) => self.0.push((name.to_owned(), n.to_string())),
            Json::String(text) => self.0.push((name.to_owned(), text.clone())),
            Json::Array(items) => items.iter().for_each(|item| self.flatten(name, item)),
            Json::Object(parts) => {
                for (part, value) in parts {
                    let inner = if name.is_empty() { part.clone() } else { format!("{name}.{part}") };
                    self.flatten(&inner, value);
                }
            }
        }
    }

    /// Fields from pairs.
    pub fn of<const N: usize>(pairs: [(&str, &str); N]) -> Fields {
        Fields(pairs.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
    }

    /// Adds one text.
    pub fn push(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.0.push((name.into(), text.into()));
    }

    /// Replaces whatever stands under this name.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.push(name, text);
    }

    /// The first text under a name, as it came.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    /// The first text under a name, trimmed, if anything was typed.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Every text under a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    /// A parsed text, if it is there and can be read.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    /// True if the form speaks of this field: by listing it in `_fields`, or by carrying it or a part of it.
    pub fn carries(&self, field: &str) -> bool {
        match self.get("_fields") {
            Some(_) => self.all("_fields").flat_map(|listed| listed.split(',')).any(|name| name == field),
            None => self.0.iter().any(|(name, _)| {
                name == field || name.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'))
            }),
        }
    }

    /// The same fields as a query string.
    pub fn to_query(&self) -> String {
        self.0
            .iter()
            .map(|(name, text)| format!("{}={}", encode(name), encode(text)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// A query string with some fields replaced; an empty text removes the field.
    pub fn query_with(&self, changes: &[(&str, &str)]) -> String {
        let mut fields = self.clone();
        for (name, text) in changes {
            fields.0.retain(|(n, _)| n != name);
            if !text.is_empty() {
                fields.push(*name, *text);
            }
        }
        format!("?{}", fields.to_query())
    }
}

/// Undoes percent and plus encoding; broken sequences stay as they are.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |j: usize| bytes.get(j).and_then(|b| (*b as char).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 2;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes everything but letters, digits and `-_.~`.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_named_texts() {
        let fields = Fields::from_json(
            &serde_json::json!({"name": {"fr": "Tiniri"}, "activities": ["dates", "honey"], "size": 34}),
        );
        assert_eq!(fields.get("name.fr"), Some("Tiniri"));
        assert_eq!(fields.all("activities").collect::<Vec<_>>(), ["dates", "honey"]);
        assert!(fields.carries("name") && fields.carries("size") && !fields.carries("nam"));
    }

    #[test]
    fn queries_survive_encoding() {
        let fields = Fields::of([("q", "آيت & co = 100 %")]);
        assert_eq!(Fields::from_query(&fields.to_query()), fields);
        assert_eq!(decode("%zz%4"), "%zz%4");
    }
}
