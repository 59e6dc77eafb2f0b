//! The plain form of a text: case, accents, punctuation and optional Arabic signs removed.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The plain form of a text, also used as its sort key.
///
/// Lower case, no accents, ASCII digits, one space for any run of punctuation or space. Arabic loses its vowel
/// signs and tatweel, and letters that people use for one another become one: `أإآٱ`→`ا`, `ى`→`ي`, `ة`→`ه`,
/// `ؤ`→`و`, `ئ`→`ي`. Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|c| push(&mut out, c.to_ascii_lowercase()));
    } else {
        text.nfkd().flat_map(char::to_lowercase).for_each(|c| push(&mut out, c));
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// The words of the plain form of a text.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}

/// Adds one lower-case, decomposed character in its plain form.
fn push(out: &mut String, c: char) {
    match c {
        'a'..='z' | '0'..='9' => out.push(c),
        'œ' => out.push_str("oe"),
        'æ' => out.push_str("ae"),
        'ß' => out.push_str("ss"),
        'þ' => out.push_str("th"),
        'ø' => out.push('o'),
        'ð' | 'đ' => out.push('d'),
        'ł' => out.push('l'),
        'ħ' => out.push('h'),
        'ı' => out.push('i'),
        'ɣ' => out.push_str("gh"),
        'ɛ' => out.push('a'),
        'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ة' => out.push('ه'),
        'ک' => out.push('ك'),
        '٠'..='٩' => push_digit(out, c, '٠'),
        '۰'..='۹' => push_digit(out, c, '۰'),
        _ if is_silent(c) => {}
        _ if c.is_alphanumeric() => out.push(c),
        _ if out.is_empty() || out.ends_with(' ') => {}
        _ => out.push(' '),
    }
}

fn push_digit(out: &mut String, digit: char, zero: char) {
    out.extend(char::from_digit(digit as u32 - zero as u32, 10));
}

/// Characters that leave no trace, not even a space: marks, tatweel, ayn and hamza of learned transliteration,
/// and what only steers layout.
fn is_silent(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, 'ـ' | 'ʿ' | 'ʾ' | '\u{ad}' | '\u{61c}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}
