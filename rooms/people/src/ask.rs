//! Inputs of forms that carry no record: passwords, codes, searches.

use std::fmt::Write;

use kernel::html::escape;
use kernel::{FieldError, Fields, Html, Words};

/// A form whose words stand under `noun`; input `name` is labelled by `noun.name`.
pub(crate) struct Ask {
    w: Words,
    noun: &'static str,
    typed: Fields,
    errors: Vec<FieldError>,
}

impl Ask {
    /// An empty form.
    pub(crate) fn new(w: Words, noun: &'static str) -> Ask {
        Ask { w, noun, typed: Fields::default(), errors: Vec::new() }
    }

    /// The same form with something typed already.
    pub(crate) fn typed(self, typed: Fields) -> Ask {
        Ask { typed, ..self }
    }

    /// The same form with refusals at their inputs.
    pub(crate) fn refused(self, errors: &[FieldError]) -> Ask {
        Ask { errors: errors.to_vec(), ..self }
    }

    /// The refusals, each leading to its input.
    pub(crate) fn summary(&self) -> Html {
        if self.errors.is_empty() {
            return Html::default();
        }
        let title = escape(&self.w.n("form.errors", self.errors.len() as i64));
        let mut out = format!("<div class=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>{title}</h2><ul>");
        for error in &self.errors {
            let sentence = escape(&self.w.wrong(&error.wrong));
            let _ =
                write!(out, "<li><a href=\"#{}-{}\">{sentence}</a></li>", self.noun, escape(&error.field));
        }
        out.push_str("</ul></div>");
        Html(out)
    }

    /// A line to type in, of this HTML type, with more attributes. What is secret is never filled in again.
    pub(crate) fn input(&self, name: &str, kind: &str, more: &str) -> Html {
        let typed = if kind == "password" { "" } else { self.typed.get(name).unwrap_or_default() };
        let value = escape(typed);
        self.field(
            name,
            &format!(
                "<input id=\"{}-{name}\" name=\"{name}\" type=\"{kind}\" value=\"{value}\" {more}",
                self.noun
            ),
        )
    }

    /// A list to choose from; the first choice is none if `none` is the key of its word.
    pub(crate) fn select(&self, name: &str, options: &[(String, String)], none: &str) -> Html {
        let chosen = self.typed.get(name).unwrap_or_default();
        let mut body = String::from(">");
        if !none.is_empty() {
            let _ = write!(body, "<option value=\"\">{}</option>", escape(&self.w.t(none)));
        }
        for (code, label) in options {
            let selected = if code == chosen { " selected" } else { "" };
            let _ = write!(body, "<option value=\"{}\"{selected}>{}</option>", escape(code), escape(label));
        }
        self.field(name, &format!("<select id=\"{}-{name}\" name=\"{name}\"\u{0}{body}</select>", self.noun))
    }

    /// A box to tick.
    pub(crate) fn tick(&self, name: &str) -> Html {
        let checked = if self.typed.get(name) == Some("yes") { " checked" } else { "" };
        let label = escape(&self.w.t2(self.noun, name));
        Html(format!(
            "<div class=\"field\"><label class=\"check\"><input type=\"checkbox\" name=\"{name}\" value=\"yes\"{checked}> {label}</label></div>"
        ))
    }

    fn field(&self, name: &str, control: &str) -> Html {
        let id = format!("{}-{name}", self.noun);
        let label = escape(&self.w.t2(self.noun, name));
        let help_key = format!("{}.{name}.help", self.noun);
        let help = self.w.knows(&help_key).then(|| escape(&self.w.t(&help_key)));
        let error = self.errors.iter().find(|e| e.field == name).map(|e| escape(&self.w.wrong(&e.wrong)));
        let told: Vec<_> =
            [help.as_ref().map(|_| format!("{id}-h")), error.as_ref().map(|_| format!("{id}-e"))]
                .into_iter()
                .flatten()
                .collect();
        let mut about =
            if told.is_empty() { String::new() } else { format!(" aria-describedby=\"{}\"", told.join(" ")) };
        if error.is_some() {
            about.push_str(" aria-invalid=\"true\"");
        }
        let mut out = format!(
            "<div class=\"field{}\"><label for=\"{id}\">{label}</label>",
            if error.is_some() { " bad" } else { "" }
        );
        if let Some(help) = help {
            let _ = write!(out, "<p class=\"help\" id=\"{id}-h\">{help}</p>");
        }
        match control.split_once('\u{0}') {
            Some((open, rest)) => out.push_str(&format!("{open}{about}{rest}")),
            None => out.push_str(&format!("{control}{about}>")),
        }
        if let Some(error) = error {
            let _ = write!(out, "<p class=\"error\" id=\"{id}-e\">{error}</p>");
        }
        out.push_str("</div>");
        Html(out)
    }
}
