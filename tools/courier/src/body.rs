//! The body of a request, from a template.

use serde_json::Value;

use crate::Message;

/// The body where nobody wrote another.
pub(crate) const PLAIN: &str = r#"{"id":"{id}","to":"{phone}","message":"{text}"}"#;

/// A template, read once.
pub(crate) enum Template {
    Json(Value),
    Form(Vec<(String, String)>),
}

impl Template {
    /// Reads a template; nothing if it is broken or lacks the number or the text.
    pub(crate) fn read(text: &str) -> Option<Template> {
        let text = text.trim();
        let whole = (text.contains("{phone}") || text.contains("{digits}")) && text.contains("{text}");
        if !whole {
            return None;
        }
        if text.starts_with('[') || (text.starts_with('{') && !text.starts_with("{phone}")) {
            return serde_json::from_str(text).ok().map(Template::Json);
        }
        let pairs = text.split('&').map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        pairs.collect::<Option<Vec<_>>>().map(Template::Form)
    }

    /// The media type of what is made.
    pub(crate) fn media(&self) -> &'static str {
        match self {
            Template::Json(_) => "application/json",
            Template::Form(_) => "application/x-www-form-urlencoded",
        }
    }

    /// True if the gateway is told the message's id.
    pub(crate) fn names(&self) -> bool {
        match self {
            Template::Json(value) => value.to_string().contains("{id}"),
            Template::Form(pairs) => pairs.iter().any(|(_, value)| value.contains("{id}")),
        }
    }

    /// The body of this message.
    pub(crate) fn fill(&self, message: Message<'_>) -> String {
        match self {
            Template::Json(value) => filled(value, message).to_string(),
            Template::Form(pairs) => pairs
                .iter()
                .map(|(name, value)| format!("{}={}", encode(name), encode(&put(value, message))))
                .collect::<Vec<_>>()
                .join("&"),
        }
    }
}

fn filled(value: &Value, message: Message<'_>) -> Value {
    match value {
        Value::String(text) => Value::String(put(text, message)),
        Value::Array(items) => Value::Array(items.iter().map(|item| filled(item, message)).collect()),
        Value::Object(parts) => {
            Value::Object(parts.iter().map(|(name, part)| (name.clone(), filled(part, message))).collect())
        }
        other => other.clone(),
    }
}

/// Puts the message into a text of the template. The text comes last: what it holds is never a place again.
fn put(template: &str, message: Message<'_>) -> String {
    let around = |part: &str| {
        part.replace("{phone}", message.phone)
            .replace("{digits}", message.phone.trim_start_matches('+'))
            .replace("{id}", message.id)
    };
    template.split("{text}").map(around).collect::<Vec<_>>().join(message.text)
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
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

    const MESSAGE: Message<'_> =
        Message { id: "7", phone: "+212661000001", text: "Bonjour \"Fatima\" & {id}" };

    #[test]
    fn json_stays_json_whatever_is_said() {
        let template = r#"{"textMessage":{"text":"{text}"},"phoneNumbers":["{phone}"],"simNumber":1}"#;
        let body = Template::read(template).map(|t| t.fill(MESSAGE)).unwrap_or_default();
        let json: Value = serde_json::from_str(&body).unwrap_or_default();
        assert_eq!(json["textMessage"]["text"], "Bonjour \"Fatima\" & {id}");
        assert_eq!(json["phoneNumbers"][0], "+212661000001");
        assert_eq!(json["simNumber"], 1);
    }

    #[test]
    fn a_form_is_encoded() {
        let body =
            Template::read("To={digits}&Body={text}&Ref={id}").map(|t| t.fill(MESSAGE)).unwrap_or_default();
        assert_eq!(body, "To=212661000001&Body=Bonjour%20%22Fatima%22%20%26%20%7Bid%7D&Ref=7");
    }

    #[test]
    fn a_template_without_a_place_is_refused() {
        for bad in [
            "",
            "To={phone}",
            "{\"text\":\"{text}\"}",
            "{\"to\":\"{phone}\",\"text\":\"{text}\"",
            "{text}{phone}",
        ] {
            assert!(Template::read(bad).is_none(), "{bad}");
        }
    }
}
