//! Forms made from declarations. A page places groups; each field brings its label, input, help and refusal.

use std::collections::HashMap;
use std::fmt::Write;

use crate::access::Standing;
use crate::html::{Html, escape};
use crate::kinds::{CURRENCIES, Input};
use crate::record::{Field, Record};
use crate::{FieldError, Fields, Lang, Words};

/// What a form can offer for a reference: id and label.
pub type Options = Vec<(String, String)>;

/// A form of one record.
pub struct Form {
    w: Words,
    noun: &'static str,
    fields: &'static [Field],
    typed: Fields,
    errors: Vec<FieldError>,
    standing: Standing,
    options: HashMap<&'static str, Options>,
    without: Vec<&'static str>,
    optional: Vec<&'static str>,
    long: &'static [&'static str],
}

impl Form {
    /// A form of `R` filled with `typed`, for a writer at this standing.
    pub fn of<R: Record>(w: Words, typed: Fields, standing: Standing) -> Form {
        Form {
            w,
            noun: R::TABLE,
            fields: R::fields(),
            typed,
            errors: Vec::new(),
            standing,
            options: HashMap::new(),
            without: Vec::new(),
            optional: Vec::new(),
            long: &[],
        }
    }

    /// The same form with refusals at their fields.
    pub fn refused(mut self, errors: Vec<FieldError>) -> Form {
        self.errors = errors;
        self
    }

    /// Offers these records for a reference field.
    pub fn offer(mut self, field: &'static str, options: Options) -> Form {
        self.options.insert(field, options);
        self
    }

    /// Leaves out a field that the address of the form already says.
    pub fn without(mut self, field: &'static str) -> Form {
        self.without.push(field);
        self
    }

    /// Lets a needed field stay empty in the browser: the form has another way to say it.
    pub fn optional(mut self, field: &'static str) -> Form {
        self.optional.push(field);
        self
    }

    /// Gives these texts of several languages room for more than a line.
    pub fn long(mut self, fields: &'static [&'static str]) -> Form {
        self.long = fields;
        self
    }

    fn needs(&self, field: &Field) -> bool {
        field.ops.needed && !self.optional.contains(&field.name)
    }

    /// True if something was refused.
    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The box at the top that names every refusal and leads to its field.
    pub fn summary(&self) -> Html {
        if self.errors.is_empty() {
            return Html::default();
        }
        let mut out = format!(
            "<div class=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>{}</h2><ul>",
            escape(&self.w.n("form.errors", self.errors.len() as i64))
        );
        for error in &self.errors {
            let sentence = escape(&self.w.wrong(&error.wrong));
            let _ = write!(
                out,
                "<li><a href=\"#f-{0}\">{1}</a> {2} {sentence}</li>",
                escape(&error.field),
                escape(&self.label(&error.field)),
                if self.w.lang == Lang::Fr { ":" } else { "–" }
            );
        }
        out.push_str("</ul></div>");
        Html(out)
    }

    fn label(&self, field: &str) -> String {
        self.w.t(&format!("{}.{field}", self.noun)).into_owned()
    }

    /// Every field of a group, with the group's name as legend if it has one.
    pub fn group(&self, group: &str) -> Html {
        let legend = format!("{}.group.{group}", self.noun);
        let mut out = String::from("<fieldset>");
        if self.w.knows(&legend) {
            let _ = write!(out, "<legend>{}</legend>", escape(&self.w.t(&legend)));
        }
        out.push_str("<div class=\"fields\">");
        let fields: Vec<_> = self
            .fields
            .iter()
            .filter(|f| f.group == group && f.write <= self.standing && !self.without.contains(&f.name))
            .collect();
        for field in &fields {
            self.write_field(&mut out, field);
        }
        let names: Vec<_> = fields.iter().map(|f| f.name).collect();
        let _ = write!(
            out,
            "</div><input type=\"hidden\" name=\"_fields\" value=\"{}\"></fieldset>",
            names.join(",")
        );
        if fields.is_empty() { Html::default() } else { Html(out) }
    }

    /// One field by hand.
    pub fn field(&self, name: &str) -> Html {
        let mut out = String::new();
        if let Some(field) = self.fields.iter().find(|f| f.name == name) {
            self.write_field(&mut out, field);
            let _ = write!(out, "<input type=\"hidden\" name=\"_fields\" value=\"{name}\">");
        }
        Html(out)
    }

    fn write_field(&self, out: &mut String, field: &Field) {
        let name = field.name;
        let error = self.errors.iter().find(|e| e.field == name).map(|e| escape(&self.w.wrong(&e.wrong)));
        let help_key = format!("{}.{name}.help", self.noun);
        let help = self.w.knows(&help_key).then(|| escape(&self.w.t(&help_key)));
        let mut about = String::new();
        if help.is_some() || error.is_some() {
            let ids =
                [help.as_ref().map(|_| format!("h-{name}")), error.as_ref().map(|_| format!("e-{name}"))];
            about =
                format!(" aria-describedby=\"{}\"", ids.into_iter().flatten().collect::<Vec<_>>().join(" "));
        }
        if error.is_some() {
            about.push_str(" aria-invalid=\"true\"");
        }
        let several = matches!(field.ops.input, Input::Multi | Input::Choices { .. } | Input::Yes)
            || matches!(field.ops.input, Input::Place | Input::Money);
        let label = escape(&self.label(name));
        let mark = if self.needs(field) && !matches!(field.ops.input, Input::Yes) {
            format!(" <span class=\"needed\">{}</span>", escape(&self.w.t("form.needed")))
        } else {
            String::new()
        };
        let wide =
            matches!(field.ops.input, Input::Lines | Input::Choices { .. } | Input::Multi | Input::Place);
        let _ = write!(
            out,
            "<div class=\"field{}{}\" id=\"f-{name}\">",
            if error.is_some() { " bad" } else { "" },
            if wide { " wide" } else { "" }
        );
        match field.ops.input {
            Input::Yes => {}
            _ if several => {
                let _ = write!(out, "<span class=\"label\" id=\"l-{name}\">{label}{mark}</span>");
            }
            _ => {
                let _ = write!(out, "<label for=\"i-{name}\">{label}{mark}</label>");
            }
        }
        if let Some(help) = help {
            let _ = write!(out, "<p class=\"help\" id=\"h-{name}\">{help}</p>");
        }
        self.write_input(out, field, &about, &label);
        if let Some(error) = error {
            let _ = write!(out, "<p class=\"error\" id=\"e-{name}\">{error}</p>");
        }
        out.push_str("</div>");
    }

    fn typed(&self, name: &str) -> String {
        escape(self.typed.get(name).unwrap_or_default())
    }

    fn write_input(&self, out: &mut String, field: &Field, about: &str, label: &str) {
        let (name, w) = (field.name, &self.w);
        let value = self.typed(name);
        let needed = if self.needs(field) { " required" } else { "" };
        let line = |kind: &str, more: &str| {
            format!(
                "<input id=\"i-{name}\" name=\"{name}\" type=\"{kind}\" value=\"{value}\"{more}{about}{needed}>"
            )
        };
        let _ = match field.ops.input {
            // A page may offer the texts to choose from, and fewer than all of the choices.
            Input::Line | Input::Choice { .. } if self.options.contains_key(name) => {
                self.write_select(out, field, &self.options[name], about)
            }
            Input::Line => write!(out, "{}", line("text", " dir=\"auto\"")),
            Input::Lines => write!(
                out,
                "<textarea id=\"i-{name}\" name=\"{name}\" rows=\"4\" dir=\"auto\"{about}{needed}>{value}</textarea>"
            ),
            Input::Date => write!(out, "{}", line("date", "")),
            Input::Phone => write!(out, "{}", line("tel", " dir=\"ltr\" autocomplete=\"tel\"")),
            Input::Email => write!(out, "{}", line("email", " dir=\"ltr\" autocomplete=\"email\"")),
            Input::Number => write!(out, "{}", line("text", " inputmode=\"numeric\" dir=\"ltr\"")),
            Input::File => write!(out, "<input id=\"i-{name}\" name=\"{name}\" type=\"file\"{about}>"),
            Input::Yes => write!(
                out,
                "<label class=\"check\"><input type=\"checkbox\" name=\"{name}\" value=\"yes\"{}{about}> {label}</label>",
                if value == "yes" { " checked" } else { "" }
            ),
            Input::Multi => self.write_languages(out, name, about),
            Input::Choice { codes, words } => {
                let options: Options =
                    codes.iter().map(|code| ((*code).to_owned(), w.t2(words, code))).collect();
                self.write_select(out, field, &options, about)
            }
            Input::Reference { .. } => {
                self.write_select(out, field, self.options.get(name).map_or(&[][..], Vec::as_slice), about)
            }
            Input::Choices { codes, words } => {
                let chosen: Vec<_> =
                    self.typed.all(name).flat_map(|text| text.split(',')).map(str::trim).collect();
                let _ =
                    write!(out, "<div class=\"checks\" role=\"group\" aria-labelledby=\"l-{name}\"{about}>");
                for code in codes {
                    let checked = if chosen.contains(code) { " checked" } else { "" };
                    let _ = write!(
                        out,
                        "<label><input type=\"checkbox\" name=\"{name}\" value=\"{code}\"{checked}> {}</label>",
                        escape(&w.t2(words, code))
                    );
                }
                write!(out, "</div>")
            }
            Input::Money => {
                let chosen = self.typed.get(&format!("{name}.currency")).unwrap_or(CURRENCIES[0]);
                let _ = write!(
                    out,
                    "<div class=\"money\" role=\"group\" aria-labelledby=\"l-{name}\"><input id=\"i-{name}\" name=\"{name}\" inputmode=\"decimal\" dir=\"ltr\" value=\"{value}\" aria-labelledby=\"l-{name}\"{about}{needed}><select name=\"{name}.currency\" aria-label=\"{}\">",
                    escape(&w.t("form.currency"))
                );
                let mut codes: Vec<&str> = CURRENCIES.to_vec();
                if !codes.contains(&chosen) {
                    codes.push(chosen);
                }
                for code in codes {
                    let _ = write!(
                        out,
                        "<option{}>{}</option>",
                        if code == chosen { " selected" } else { "" },
                        escape(code)
                    );
                }
                write!(out, "</select></div>")
            }
            Input::Place => {
                let part = |part: &str| self.typed(&format!("{name}.{part}"));
                write!(
                    out,
                    "<div class=\"place\" role=\"group\" aria-labelledby=\"l-{name}\"><input id=\"i-{name}\" name=\"{name}\" value=\"{value}\" data-suggest=\"/territory\" autocomplete=\"off\" dir=\"auto\" aria-labelledby=\"l-{name}\"{about}{needed}><input name=\"{name}.lat\" value=\"{}\" inputmode=\"decimal\" dir=\"ltr\" placeholder=\"{1}\" aria-label=\"{1}\"><input name=\"{name}.lon\" value=\"{2}\" inputmode=\"decimal\" dir=\"ltr\" placeholder=\"{3}\" aria-label=\"{3}\"></div>",
                    part("lat"),
                    escape(&w.t("form.lat")),
                    part("lon"),
                    escape(&w.t("form.lon"))
                )
            }
        };
    }

    fn write_languages(&self, out: &mut String, name: &str, about: &str) -> std::fmt::Result {
        let _ = write!(out, "<div class=\"langs-field\" role=\"group\" aria-labelledby=\"l-{name}\">");
        for lang in Lang::ALL {
            let code = lang.code();
            // A text typed without language (an import, a short form) is shown under French.
            let mut value = self.typed(&format!("{name}.{code}"));
            if value.is_empty() && lang == Lang::Fr {
                value = self.typed(name);
            }
            // Four inputs tire; Amazigh and English open when they hold something or when the page is in them.
            let shown = matches!(lang, Lang::Fr | Lang::Ar) || !value.is_empty() || self.w.lang == lang;
            if shown && self.long.contains(&name) {
                let _ = write!(
                    out,
                    "<label><span>{0}</span><textarea name=\"{name}.{code}\" rows=\"4\" lang=\"{code}\" dir=\"{1}\"{about}>{value}</textarea></label>",
                    escape(lang.own_name()),
                    lang.dir()
                );
            } else if shown {
                let _ = write!(
                    out,
                    "<label><span>{0}</span><input name=\"{name}.{code}\" value=\"{value}\" lang=\"{code}\" dir=\"{1}\"{about}></label>",
                    escape(lang.own_name()),
                    lang.dir()
                );
            } else {
                let _ = write!(
                    out,
                    "<details class=\"more\"><summary>{0}</summary><label><span>{0}</span><input name=\"{name}.{code}\" lang=\"{code}\" dir=\"{1}\"></label></details>",
                    escape(lang.own_name()),
                    lang.dir()
                );
            }
        }
        write!(out, "</div>")
    }

    fn write_select(
        &self,
        out: &mut String,
        field: &Field,
        options: &[(String, String)],
        about: &str,
    ) -> std::fmt::Result {
        let (name, chosen) = (field.name, self.typed.get(field.name).unwrap_or_default());
        let needed = if self.needs(field) { " required" } else { "" };
        let _ = write!(out, "<select id=\"i-{name}\" name=\"{name}\"{about}{needed}>");
        let _ = write!(out, "<option value=\"\">{}</option>", escape(&self.w.t("form.choose")));
        for (code, label) in options {
            let selected = if code == chosen { " selected" } else { "" };
            let _ = write!(out, "<option value=\"{}\"{selected}>{}</option>", escape(code), escape(label));
        }
        write!(out, "</select>")
    }
}

/// The fields of a group as label and value, for a reader at this standing; nothing that is not stated.
pub fn show_group<R: Record>(
    record: &R,
    group: &str,
    standing: Standing,
    w: &Words,
    names: &crate::kinds::Names,
) -> Html {
    let mut out = String::new();
    for (field, cell) in R::fields().iter().zip(record.cells()) {
        if field.group != group || field.read > standing {
            continue;
        }
        let shown = (field.ops.show)(&cell, w, names);
        if !shown.is_empty() {
            let label = w.t(&format!("{}.{}", R::TABLE, field.name)).into_owned();
            let _ = write!(out, "<div><dt>{}</dt><dd>{shown}</dd></div>", escape(&label));
        }
    }
    if out.is_empty() { Html::default() } else { Html(format!("<dl class=\"facts\">{out}</dl>")) }
}
