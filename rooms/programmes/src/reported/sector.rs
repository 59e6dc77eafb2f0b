//! What a sector of a file means here: by its code, or by its words.

use kernel::Words;
use kernel::kinds::Choice;

use crate::import::THEMES;
use crate::programme::Theme;

/// Sectors of the OECD's Development Assistance Committee (purpose codes, edition of 2023) by how they begin. Only what a
/// cooperative's work can be is told apart; the longest beginning counts.
const PURPOSES: &[(&str, Theme)] = &[
    ("112", Theme::Literacy),
    ("11330", Theme::Management),
    ("14", Theme::Environment),
    ("15170", Theme::Governance),
    ("220", Theme::Digital),
    ("240", Theme::Finance),
    ("250", Theme::Management),
    ("311", Theme::Production),
    ("31194", Theme::Governance),
    ("313", Theme::Production),
    ("321", Theme::Production),
    ("32130", Theme::Management),
    ("331", Theme::Marketing),
    ("33210", Theme::Marketing),
    ("410", Theme::Environment),
];

/// The theme of a purpose code.
pub(super) fn of_code(code: &str) -> Option<Theme> {
    let fits = PURPOSES.iter().filter(|(start, _)| code.starts_with(start));
    fits.max_by_key(|(start, _)| start.len()).map(|(_, theme)| *theme)
}

/// The theme that words speak of: its name in a language of the house, or what lists call it.
pub(super) fn of_words(w: Words, text: &str) -> Option<Theme> {
    let text = fold::fold(text);
    if let Some(theme) =
        of_code(&text).filter(|_| text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()))
    {
        return Some(theme);
    }
    let named = |code: &&&str| {
        kernel::Lang::ALL
            .iter()
            .any(|lang| text.contains(&fold::fold(&w.speak(*lang).t2(Theme::WORDS, code))))
    };
    let code = Theme::CODES.iter().filter(|code| **code != "other").find(named).copied().or_else(|| {
        let said = |words: &&[&str]| words.iter().any(|word| text.split(' ').any(|part| part == *word));
        THEMES.iter().find(|(_, words)| said(words)).map(|(code, _)| *code)
    });
    code.and_then(Theme::from_code)
}

#[cfg(test)]
mod tests {
    use super::{Theme, of_code};

    #[test]
    fn the_longest_beginning_counts() {
        assert_eq!(of_code("31194"), Some(Theme::Governance));
        assert_eq!(of_code("31120"), Some(Theme::Production));
        assert_eq!(of_code("72010"), None);
    }
}
