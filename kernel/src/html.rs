//! Pieces of HTML that are already safe: text is escaped when it enters, foreign runs carry their language.

use std::fmt;

use crate::Lang;
use crate::kinds::Multi;

/// HTML that needs no further escaping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Html(pub String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Html {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        dest.write_str(&self.0)?;
        Ok(())
    }
}

impl askama::filters::HtmlSafe for Html {}

impl Html {
    /// True if there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Escapes text for elements and attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text of the interface's own language.
pub fn text(text: &str) -> Html {
    Html(escape(text))
}

/// Text whose language is not known: its direction is isolated from the text around it.
pub fn run(text: &str) -> Html {
    Html(format!("<bdi>{}</bdi>", escape(text)))
}

/// A number, a phone or a code: read from left to right in every language.
pub fn isolate(text: &str) -> Html {
    Html(format!("<bdi dir=\"ltr\">{}</bdi>", escape(text)))
}

/// Text of several lines.
pub fn lines(text: &str) -> Html {
    Html(format!("<bdi>{}</bdi>", escape(text.trim()).replace('\n', "<br>")))
}

/// A link to a stored document.
pub fn file(id: &str) -> Html {
    Html(format!("<a href=\"/files/{0}\" class=\"code\">{0}</a>", escape(id)))
}

/// A text in a language, marked when that is not the language of the page.
pub fn in_lang(code: &str, words: &str, page: Lang) -> Html {
    if code == page.code() {
        return text(words);
    }
    let dir = if code == "ar" { "rtl" } else { "ltr" };
    Html(format!("<bdi lang=\"{}\" dir=\"{dir}\">{}</bdi>", escape(code), escape(words)))
}

/// A multilingual text in the reader's language or the nearest one, marked as what it is.
pub fn multi(words: &Multi, page: Lang) -> Html {
    let (code, found) = words.best_with_lang(page);
    in_lang(code, found, page)
}

/// The same text in the other script, if it has one.
pub fn other(words: &Multi, page: Lang) -> Html {
    words.other(page).map(|(code, found)| in_lang(code, found, page)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_runs_carry_language_and_direction() {
        let name = Multi::fr_ar("Tiniri <n'Dadès>", "تينيري");
        assert_eq!(multi(&name, Lang::Fr).0, "Tiniri &lt;n&#39;Dadès&gt;");
        assert_eq!(other(&name, Lang::Fr).0, "<bdi lang=\"ar\" dir=\"rtl\">تينيري</bdi>");
        assert_eq!(
            multi(&Multi::fr_ar("Tiniri", ""), Lang::Ar).0,
            "<bdi lang=\"fr\" dir=\"ltr\">Tiniri</bdi>"
        );
    }
}
