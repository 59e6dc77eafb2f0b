//! The words that stand for the codes of a choice in people's lists, in any language of the interface.

use std::collections::HashMap;

use kernel::Lang;
use kernel::kinds::Input;
use kernel::record::Field;
use kernel::words::Catalogue;

use super::subject::{Meanings, Subject};

/// Words for the codes of one field.
pub(crate) struct Vocabulary {
    whole: HashMap<String, &'static str>,
    /// Longer words that stand for one code only; `None` for those that several share.
    single: HashMap<String, Option<&'static str>>,
    kinds: bool,
}

impl Vocabulary {
    /// The words of a field that is a choice; nothing of another.
    pub(crate) fn of_field<S: Subject>(words: &'static Catalogue, field: &Field) -> Option<Vocabulary> {
        let (Input::Choice { codes, words: prefix } | Input::Choices { codes, words: prefix }) =
            field.ops.input
        else {
            return None;
        };
        let also = S::ALSO.iter().find(|(name, _)| *name == field.name).map_or(&[][..], |(_, also)| also);
        Some(Vocabulary::of(words, codes, prefix, also))
    }

    /// The words of these codes, which stand under `prefix` in the catalogue, and what lists say beside them.
    fn of(
        words: &'static Catalogue,
        codes: &'static [&'static str],
        prefix: &str,
        also: Meanings,
    ) -> Vocabulary {
        let mut made = Vocabulary {
            whole: HashMap::new(),
            single: HashMap::new(),
            kinds: prefix == "organisation.kind",
        };
        for code in codes {
            made.whole.insert(fold::fold(code), code);
            for label in [Lang::Fr, Lang::Ar, Lang::En].map(|lang| words.speak(lang).t2(prefix, code)) {
                made.whole.insert(fold::fold(&label), code);
                fold::words(&label).iter().for_each(|word| made.learn(word, code));
            }
            if let Some((_, also)) = also.iter().find(|(of, _)| of == code) {
                also.iter().for_each(|word| made.learn(&fold::fold(word), code));
            }
        }
        made
    }

    fn learn(&mut self, word: &str, code: &'static str) {
        if word.chars().count() >= 3 {
            let slot = self.single.entry(stem(word).to_owned()).or_insert(Some(code));
            *slot = slot.filter(|there| *there == code);
        }
    }

    /// The code that a text stands for.
    pub(crate) fn code(&self, text: &str) -> Option<&'static str> {
        let folded = fold::fold(text);
        if let Some(code) = self.whole.get(&folded) {
            return Some(code);
        }
        if self.kinds {
            let forms: Vec<_> = folded.split(' ').filter_map(fold::legal_form).collect();
            let first = ["union", "gie", "cooperative"].into_iter().find(|form| forms.contains(form));
            let form = first.or(forms.first().copied())?;
            return self.whole.get(&fold::fold(form)).copied();
        }
        let mut found: Vec<_> = folded.split(' ').filter_map(|word| *self.single.get(stem(word))?).collect();
        found.dedup();
        if let [only] = found[..] { Some(only) } else { None }
    }

    /// The codes in a list such as « miel; dattes » ; what stands for none is given back as it is.
    pub(crate) fn codes(&self, text: &str) -> Vec<String> {
        if let Some(code) = self.whole.get(&fold::fold(text)) {
            return vec![(*code).to_owned()];
        }
        let parts = text.split([';', ',', '؛', '،', '/', '+', '|', '\n']);
        let parts = parts.flat_map(|part| if self.code(part).is_some() { vec![part] } else { and(part) });
        let parts = parts.map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| self.code(part).map_or_else(|| part.to_owned(), str::to_owned)).collect()
    }
}

/// The parts of « miel et dattes ».
fn and(text: &str) -> Vec<&str> {
    text.split(" et ").flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" و")).collect()
}

/// A folded word without article and plural.
fn stem(word: &str) -> &str {
    let word = word.strip_prefix("ال").filter(|rest| rest.chars().count() >= 2).unwrap_or(word);
    word.strip_suffix('s').filter(|rest| rest.len() >= 3).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Organisation;
    use crate::import::organisations::Organisations;
    use kernel::Record;

    fn of(field: &str) -> Vocabulary {
        let words = crate::import::reader::tests::words();
        Vocabulary::of_field::<Organisations>(words, Organisation::field(field).unwrap()).unwrap()
    }

    #[test]
    fn kinds_are_known_in_every_language_and_habit() {
        let kinds = of("kind");
        for (text, code) in [
            ("Coopérative", "cooperative"),
            ("تعاونية", "cooperative"),
            ("COOP. agricole", "cooperative"),
            ("gie", "gie"),
            ("Union de coopératives", "union"),
            ("اتحاد التعاونيات", "union"),
            ("Société coopérative", "cooperative"),
            ("Association", "association"),
            ("social_enterprise", "social_enterprise"),
        ] {
            assert_eq!(kinds.code(text), Some(code), "{text}");
        }
        assert_eq!(kinds.code("club"), None);
    }

    #[test]
    fn activities_come_as_lists() {
        let activities = of("activities");
        assert_eq!(activities.codes("miel; dattes"), ["honey", "dates"]);
        assert_eq!(activities.codes("Production de miel / Tapis"), ["honey", "carpets"]);
        assert_eq!(activities.codes("العسل، التمور"), ["honey", "dates"]);
        assert_eq!(activities.codes("Olives et huile"), ["olives"]);
        assert_eq!(activities.codes("safran et miel"), ["saffron", "honey"]);
        assert_eq!(activities.codes("honey, fusées"), ["honey", "fusées"]);
    }
}
