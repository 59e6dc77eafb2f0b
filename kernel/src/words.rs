//! The words of the interface: each key once, its languages side by side in the room's `words.toml`.
//!
//! Values are Fluent patterns: plural forms and arguments follow the language. Numbers and dates follow CLDR.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

use crate::locale::Whole;
use crate::{Error, Result, Wrong};

/// A language of the interface.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French, the first language of the interface.
    #[default]
    Fr,
    /// Arabic.
    Ar,
    /// English.
    En,
    /// Standard Amazigh in Tifinagh; shown as far as it is written, French otherwise.
    Zgh,
}

impl Lang {
    /// All of them, in the order of the switch.
    pub const ALL: [Lang; 4] = [Lang::Fr, Lang::Ar, Lang::En, Lang::Zgh];

    /// Code for the `lang` attribute.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::Ar => "ar",
            Lang::En => "en",
            Lang::Zgh => "zgh",
        }
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::Fr => "Français",
            Lang::Ar => "العربية",
            Lang::En => "English",
            Lang::Zgh => "ⵜⴰⵎⴰⵣⵉⵖⵜ",
        }
    }

    /// Direction of its script.
    pub fn dir(self) -> &'static str {
        if self == Lang::Ar { "rtl" } else { "ltr" }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The first known language of an `Accept-Language` header.
    pub fn accepted(header: &str) -> Option<Lang> {
        header.split(',').find_map(|part| {
            let tag = part.split(';').next().unwrap_or(part).trim();
            Lang::from_code(tag.split('-').next().unwrap_or(tag))
        })
    }
}

/// One text in one language.
enum Entry {
    /// No argument: answered as it stands.
    Plain(String),
    /// Fluent works it out; the source is kept for translators.
    Pattern(String),
}

/// Every word of every room.
pub struct Catalogue {
    entries: HashMap<&'static str, [Option<Entry>; 4]>,
    bundles: [FluentBundle<FluentResource>; 4],
}

impl Catalogue {
    /// Reads the `words.toml` of every room. Says which key is wrong and why.
    pub fn read(sources: &[&str]) -> Result<Catalogue> {
        let mut entries: HashMap<&'static str, [Option<Entry>; 4]> = HashMap::new();
        let mut bundles = Lang::ALL.map(|lang| {
            // Plural rules of Amazigh are not in the library; those of French stand in.
            let tag = if lang == Lang::Zgh { "fr" } else { lang.code() };
            let tag = tag.parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // The page marks foreign runs itself; invisible marks would travel into copies and searches.
            bundle.set_use_isolating(false);
            bundle
        });
        for source in sources {
            let table: toml::Table =
                source.parse().map_err(|e| Error::internal(format!("words.toml: {e}")))?;
            let mut found = Vec::new();
            flatten("", &table, &mut found)?;
            for (key, code, text) in found {
                let lang = Lang::from_code(&code)
                    .ok_or_else(|| Error::internal(format!("words: {key} has the language {code}")))?;
                let key: &'static str = entries
                    .get_key_value(key.as_str())
                    .map_or_else(|| &*String::leak(key.clone()), |(k, _)| *k);
                let entry = if text.contains('{') {
                    add_pattern(&mut bundles[lang as usize], key, &text)?;
                    Entry::Pattern(text)
                } else {
                    Entry::Plain(text)
                };
                let slot = &mut entries.entry(key).or_default()[lang as usize];
                if slot.is_some() {
                    return Err(Error::internal(format!("words: {key} stands twice in {code}")));
                }
                *slot = Some(entry);
            }
        }
        Ok(Catalogue { entries, bundles })
    }

    /// Every key, with the languages it stands in.
    pub fn keys(&self) -> Vec<(&'static str, Vec<Lang>)> {
        let mut keys: Vec<_> = self
            .entries
            .iter()
            .map(|(key, slots)| {
                (*key, Lang::ALL.into_iter().filter(|l| slots[*l as usize].is_some()).collect())
            })
            .collect();
        keys.sort();
        keys
    }

    /// One language as a Fluent file, for translators' tools.
    pub fn to_fluent(&self, lang: Lang) -> String {
        let mut out = String::new();
        for (key, _) in self.keys() {
            if let Some(text) = self.source(key, lang) {
                out.push_str(&format!("{} = {}\n", fluent_name(key), text.trim().replace('\n', "\n    ")));
            }
        }
        out
    }

    /// What a Fluent file says for known keys, as lines of `words.toml`. Refuses a file that cannot be read.
    pub fn from_fluent(&self, lang: Lang, text: &str) -> Result<Vec<String>> {
        FluentResource::try_new(text.to_owned())
            .map_err(|(_, errors)| Error::internal(format!("not a Fluent file: {errors:?}")))?;
        let mut found: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match line.split_once(" = ").or_else(|| line.split_once(" =")) {
                Some((name, value)) if !line.starts_with(char::is_whitespace) => {
                    found.push((name.replace("--", "."), value.to_owned()));
                }
                _ => {
                    if let Some((_, value)) = found.last_mut() {
                        value.push('\n');
                        value.push_str(line.trim_start());
                    }
                }
            }
        }
        if let Some((unknown, _)) = found.iter().find(|(key, _)| !self.entries.contains_key(key.as_str())) {
            return Err(Error::internal(format!("no word is called {unknown}")));
        }
        Ok(found
            .into_iter()
            .map(|(key, value)| {
                format!("{key}.{} = {}", lang.code(), serde_json::Value::String(value.trim_end().to_owned()))
            })
            .collect())
    }

    /// The text of a key as it was written, with its plural forms, for programs that work them out themselves. French
    /// where this language lacks it.
    pub fn pattern(&self, key: &str, lang: Lang) -> Option<&str> {
        self.source(key, lang).or_else(|| self.source(key, Lang::Fr))
    }

    fn source(&self, key: &str, lang: Lang) -> Option<&str> {
        match self.entries.get(key)?[lang as usize].as_ref()? {
            Entry::Plain(text) | Entry::Pattern(text) => Some(text),
        }
    }

    /// The words of one language.
    pub fn speak(&'static self, lang: Lang) -> Words {
        Words { lang, all: self }
    }
}

/// A Fluent name has no dots.
fn fluent_name(key: &str) -> String {
    key.replace('.', "--")
}

fn add_pattern(bundle: &mut FluentBundle<FluentResource>, key: &str, text: &str) -> Result<()> {
    let indented = text.trim().replace('\n', "\n    ");
    let resource = FluentResource::try_new(format!("{} =\n    {indented}\n", fluent_name(key)))
        .map_err(|(_, errors)| Error::internal(format!("words: {key} is no pattern: {errors:?}")))?;
    bundle.add_resource(resource).map_err(|e| Error::internal(format!("words: {key}: {e:?}")))
}

/// `[a.b] fr = …` and `a.b = { fr = … }` both become `a.b`, `fr`, text.
fn flatten(prefix: &str, table: &toml::Table, out: &mut Vec<(String, String, String)>) -> Result<()> {
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) => {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, inner, out)?;
            }
            toml::Value::String(text) => out.push((prefix.to_owned(), name.clone(), text.clone())),
            other => return Err(Error::internal(format!("words: {prefix}.{name} is {}", other.type_str()))),
        }
    }
    Ok(())
}

/// The words of one language. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Words {
    /// The language.
    pub lang: Lang,
    all: &'static Catalogue,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang.code())
    }
}

impl Words {
    /// The same words in another language.
    pub fn speak(self, lang: Lang) -> Words {
        Words { lang, all: self.all }
    }

    /// The text of a key. French where this language lacks it; the key itself if nobody wrote it.
    pub fn t<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.say(key, None)
    }

    /// The text of a key built from parts: `t2("organisation.kind", "gie")`.
    pub fn t2(&self, prefix: &str, last: &str) -> String {
        self.t(&format!("{prefix}.{last}")).into_owned()
    }

    /// Every key that is written in some language.
    pub fn keys(&self) -> Vec<&'static str> {
        self.all.keys().into_iter().map(|(key, _)| key).collect()
    }

    /// The text of a key as it was written: see [`Catalogue::pattern`].
    pub fn pattern(&self, key: &str) -> Option<&'static str> {
        self.all.pattern(key, self.lang)
    }

    /// True if the key is written in any language.
    pub fn knows(&self, key: &str) -> bool {
        self.all.entries.contains_key(key)
    }

    /// The text of a key for a count `n`, in the right plural form.
    pub fn n(&self, key: &str, n: impl Whole) -> String {
        let n = n.whole();
        let mut args = FluentArgs::new();
        args.set("n", FluentValue::from(n));
        args.set("shown", self.num(n));
        self.say(key, Some(&args)).into_owned()
    }

    /// The text of a key with one argument.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.args(key, &[(name, value.to_owned())])
    }

    /// The text of a key with arguments. Whole numbers choose plural forms.
    pub fn args<const N: usize>(&self, key: &str, args: &[(&str, String); N]) -> String {
        self.arguments(key, args)
    }

    fn arguments(&self, key: &str, args: &[(&str, String)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            match value.parse::<i64>().ok().filter(|n| n.to_string() == *value) {
                Some(n) => fluent.set((*name).to_owned(), FluentValue::from(n)),
                None => fluent.set((*name).to_owned(), value.clone()),
            }
        }
        self.say(key, Some(&fluent)).into_owned()
    }

    /// The sentence of a refusal.
    pub fn wrong(&self, wrong: &Wrong) -> String {
        let args: Vec<_> = wrong.args.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.arguments(&wrong.key, &args)
    }

    fn say<'a>(&self, key: &'a str, args: Option<&FluentArgs<'_>>) -> Cow<'a, str> {
        let Some(slots) = self.all.entries.get(key) else { return Cow::Borrowed(key) };
        // French is complete; it stands in where a language has no word yet.
        for lang in [self.lang, Lang::Fr, Lang::En] {
            match &slots[lang as usize] {
                Some(Entry::Plain(text)) => return Cow::Borrowed(text.as_str()),
                Some(Entry::Pattern(_)) => return Cow::Owned(self.work_out(lang, key, args)),
                None => {}
            }
        }
        Cow::Borrowed(key)
    }

    fn work_out(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = &self.all.bundles[lang as usize];
        let Some(pattern) = bundle.get_message(&fluent_name(key)).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "a word lacks its arguments");
        }
        text
    }
}
