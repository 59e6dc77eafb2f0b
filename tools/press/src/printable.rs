//! Text that people wrote, made fit for paper: what no font has is shown as `�`, nothing turns its neighbours around.
//!
//! An archive (PDF/A) holds no glyph that is missing and no character without meaning, so one emoji in a name would
//! otherwise refuse the whole sheet.

use std::borrow::Cow;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::fonts::FONTS;

/// The same data with printable strings.
pub(crate) fn json(data: &Value) -> Value {
    match data {
        Value::String(text) => Value::String(printable(text).into_owned()),
        Value::Array(items) => Value::Array(items.iter().map(json).collect()),
        Value::Object(members) => Value::Object(
            members.iter().map(|(name, value)| (printable(name).into_owned(), json(value))).collect(),
        ),
        other => other.clone(),
    }
}

/// A word may be so long; a longer one can be broken anywhere, or its line would leave the sheet.
const WORD: usize = 80;

fn printable(text: &str) -> Cow<'_, str> {
    let known = |c: char| matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{17f}' | '\n');
    if text.len() <= WORD && text.chars().all(known) {
        return Cow::Borrowed(text);
    }
    let mut fit = String::with_capacity(text.len());
    let (mut open, mut word) = (0_usize, 0_usize);
    for cluster in text.graphemes(true) {
        word = if cluster.chars().any(char::is_whitespace) { 0 } else { word + 1 };
        if word > WORD {
            fit.push('\u{200b}');
            word = 0;
        }
        match cluster {
            "\n" | "\r\n" | "\r" | "\u{2028}" | "\u{2029}" | "\u{85}" => {
                // A paragraph ends what was open.
                close(&mut fit, &mut open);
                fit.push('\n');
            }
            "\t" => fit.push(' '),
            _ => push(&mut fit, cluster, &mut open),
        }
    }
    close(&mut fit, &mut open);
    Cow::Owned(fit)
}

fn close(fit: &mut String, open: &mut usize) {
    fit.extend(std::iter::repeat_n('\u{2069}', std::mem::take(open)));
}

/// Adds what people see as one character.
fn push(fit: &mut String, cluster: &str, open: &mut usize) {
    let mut chars = cluster.chars();
    match chars.next() {
        Some(isolate @ '\u{2066}'..='\u{2068}') => {
            *open += 1;
            fit.push(isolate);
        }
        Some('\u{2069}') if *open == 0 => {}
        Some('\u{2069}') => {
            *open -= 1;
            fit.push('\u{2069}');
        }
        // Embeddings and overrides reach beyond their text; other controls have no shape.
        Some('\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{ad}') => {}
        Some(c) if c.is_control() => {}
        // A mark without its letter stands on a dotted circle; invisible ones need none.
        Some('\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}') => {}
        Some(mark) if extends(mark) && FONTS.have(cluster.chars().chain(['\u{25cc}'])) => {
            fit.push('\u{25cc}');
            fit.push_str(cluster);
        }
        Some(mark) if extends(mark) => {}
        Some(_) if FONTS.have(cluster.chars()) => fit.push_str(cluster),
        Some(first) if FONTS.have(std::iter::once(first)) => {
            // A mark that stands in no font together with its letter is left out.
            let mut kept = String::from(first);
            for mark in chars {
                kept.push(mark);
                if !FONTS.have(kept.chars()) {
                    kept.pop();
                }
            }
            fit.push_str(&kept);
        }
        Some(_) => fit.push('\u{fffd}'),
        None => {}
    }
}

/// Whether this belongs to the letter before it.
fn extends(c: char) -> bool {
    !c.is_ascii() && format!("a{c}").graphemes(true).count() == 1
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn names_stay_as_they_are() {
        for name in [
            "Fatima El Idrissi",
            "تعاونية تيفاوين",
            "ⵜⵉⵡⵉⵣⵉ",
            "l’œuvre — 12 % → −3 ✓",
            "مُحَمَّد",
            "Ḥafid \u{2068}x\u{2069}",
        ] {
            assert_eq!(printable(name), name);
        }
    }

    #[test]
    fn what_no_font_has_is_shown_as_such_once() {
        assert_eq!(printable("a👩\u{200d}👩\u{200d}👧b"), "a�b");
        assert_eq!(printable("a\u{e000}\u{0}\u{7}\u{feff}漢"), "a��");
        assert_eq!(printable("é\u{20dd}"), "é");
        assert_eq!(printable("a\n\u{64e}b \u{64e}"), "a\n\u{25cc}\u{64e}b \u{64e}");
        assert_eq!(printable("\u{200d}\u{20dd}a"), "a");
    }

    #[test]
    fn a_long_word_can_be_broken() {
        assert_eq!(printable(&"word ".repeat(50)), "word ".repeat(50));
        assert_eq!(printable(&"a".repeat(81)), "a".repeat(80) + "\u{200b}a");
        assert_eq!(printable("soft\u{ad}hyphen"), "softhyphen");
    }

    #[test]
    fn nothing_turns_its_neighbours() {
        assert_eq!(printable("\u{202e}abc\u{202c}"), "abc");
        assert_eq!(printable("\u{2067}abc"), "\u{2067}abc\u{2069}");
        assert_eq!(printable("\u{2069}\u{2069}abc\u{2066}x\ny"), "abc\u{2066}x\u{2069}\ny");
    }
}
