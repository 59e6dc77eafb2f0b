//! The consonant skeleton of a word, the same for the Latin, Arabic and Tifinagh spellings of a Maghrebi name.
//!
//! Vowels are written or left out freely, so they go; `w` and `y` go with them, since `و` and `ي` are both.
//! Consonants that one script or one habit confuses share a class: `b p`, `t ط ث th`, `d ذ ض dh`,
//! `k q c g gh rh ك ق غ`, `s ص`, `z ظ`, `h ح ه`. Two digraphs need a letter of their own: `x` stands for
//! `kh خ` and `c` for `ch sh ش`.

use crate::text::fold;

/// The skeleton of each word of a text, without articles and particles.
pub fn keys(text: &str) -> Vec<String> {
    keys_of(&fold(text))
}

/// The skeletons of a text joined, to compare across missing or added spaces.
pub fn compact(text: &str) -> String {
    keys(text).concat()
}

/// The keys of an already folded text. When every word is a particle, the particles are kept.
pub(crate) fn keys_of(folded: &str) -> Vec<String> {
    let found: Vec<String> =
        joined(folded).iter().map(|word| skeleton(word)).filter(|k| k != VOWEL).collect();
    if found.is_empty() { folded.split_whitespace().map(skeleton).collect() } else { found }
}

/// What a skeleton that would be too short to mean anything starts with: `ait` is `at`, not `t`.
const VOWEL: &str = "a";

const PARTICLES: [&str; 18] = [
    "al", "el", "er", "es", "ed", "ech", "ez", "en", "et", "le", "la", "les", "l", "de", "des", "du", "d",
    "ال",
];

/// The words that carry sound: particles dropped, `m'hamid` and `عبد الله` made one word, `my` spelled out.
pub(crate) fn joined(folded: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = String::new();
    for word in folded.split_whitespace() {
        if matches!(open.as_str(), "abd" | "عبد") {
            open.push_str(servant_of(word));
            if PARTICLES.contains(&word) {
                continue;
            }
            out.push(std::mem::take(&mut open));
        } else if open.is_empty() && PARTICLES.contains(&word) {
            continue;
        } else if matches!(word, "m" | "n" | "h" | "abd" | "عبد") {
            open.push_str(word);
        } else {
            open.push_str(if word == "my" { "moulay" } else { article_off(word) });
            out.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        out.push(open);
    }
    out
}

/// What `عبد` glues to itself: the article is heard as `l` before a moon letter and not before a sun letter.
fn servant_of(word: &str) -> &str {
    match word.strip_prefix("ال") {
        Some(rest)
            if rest.starts_with(['ت', 'ث', 'د', 'ذ', 'ر', 'ز', 'س', 'ش', 'ص', 'ض', 'ط', 'ظ', 'ل', 'ن']) =>
        {
            rest
        }
        Some(_) => word,
        None if matches!(word, "er" | "es" | "ed" | "ech" | "ez" | "en" | "et") => "",
        None => word,
    }
}

/// The word without its Arabic article, if two letters or more remain.
pub(crate) fn article_off(word: &str) -> &str {
    word.strip_prefix("ال").filter(|rest| rest.chars().nth(1).is_some()).unwrap_or(word)
}

/// The consonants of one folded word, repeated ones once. A leading `l` may be an article, a last `h` is hardly
/// ever heard: both go. What is left of a word without consonants is a vowel mark.
fn skeleton(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut rest = word.chars();
    while let Some(c) = rest.next() {
        let next = rest.as_str().chars().next();
        let (sound, used_two) = latin(c, next).unwrap_or_else(|| (other(c), false));
        if used_two {
            rest.next();
        }
        out.extend(sound.filter(|s| !out.ends_with(*s)));
    }
    if out.len() > 1 && out.ends_with('h') {
        out.pop();
    }
    let mut spoken = word;
    if out.len() > 1 && out.starts_with('l') {
        out.remove(0);
        spoken = word.strip_prefix(['l', 'ل', 'ⵍ']).unwrap_or(word);
    }
    let starts_with_vowel =
        spoken.chars().next().is_some_and(|c| latin(c, None).map_or(other(c), |l| l.0).is_none());
    if out.is_empty() || (out.chars().count() == 1 && starts_with_vowel) {
        out.insert_str(0, VOWEL);
    }
    out
}

/// The class of a Latin letter, or of two that make one sound; `None` inside for a vowel. Digits are letters of
/// chat spelling: 3 ع, 5 خ, 7 ح, 9 ق.
fn latin(c: char, next: Option<char>) -> Option<(Option<char>, bool)> {
    let followed_by_h = next == Some('h');
    let one = |sound| Some((Some(sound), false));
    match c {
        'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y' | '3' => Some((None, false)),
        'c' | 's' if followed_by_h => Some((Some('c'), true)),
        'k' if followed_by_h => Some((Some('x'), true)),
        'r' | 'g' if followed_by_h => Some((Some('k'), true)),
        't' | 'd' if followed_by_h => Some((Some(c), true)),
        'p' if followed_by_h => Some((Some('f'), true)),
        'd' if next == Some('j') => Some((Some('j'), true)),
        'c' if matches!(next, Some('e' | 'i' | 'y')) => one('s'),
        'c' | 'g' | 'k' | 'q' | '9' => one('k'),
        'p' => one('b'),
        'v' => one('f'),
        'x' | '5' => one('x'),
        '7' => one('h'),
        'b' | 'd' | 'f' | 'h' | 'j' | 'l' | 'm' | 'n' | 'r' | 's' | 't' | 'z' => one(c),
        _ => None,
    }
}

/// The class of an Arabic or Tifinagh letter; `None` for a vowel. Any other script stands for itself.
fn other(c: char) -> Option<char> {
    match c {
        'ا' | 'و' | 'ي' | 'ع' | 'ء' | 'ⴰ' | 'ⵉ' | 'ⵓ' | 'ⵢ' | 'ⵡ' | 'ⴻ' | 'ⵄ' | 'ⵯ' => {
            None
        }
        'ب' | 'پ' | 'ⴱ' | 'ⵒ' => Some('b'),
        'ت' | 'ط' | 'ث' | 'ⵜ' | 'ⵟ' => Some('t'),
        'ج' | 'ⵊ' => Some('j'),
        'ح' | 'ه' | 'ⵃ' | 'ⵀ' => Some('h'),
        'خ' | 'ⵅ' => Some('x'),
        'د' | 'ذ' | 'ض' | 'ⴷ' | 'ⴹ' => Some('d'),
        'ر' | 'ⵔ' | 'ⵕ' => Some('r'),
        'ز' | 'ظ' | 'ⵣ' | 'ⵥ' => Some('z'),
        'س' | 'ص' | 'ⵙ' | 'ⵚ' => Some('s'),
        'ش' | 'چ' | 'ⵛ' => Some('c'),
        'غ' | 'ق' | 'ك' | 'گ' | 'ڭ' | 'ݣ' | 'ⴳ' | 'ⴽ' | 'ⵇ' | 'ⵖ' => Some('k'),
        'ف' | 'ڤ' | 'ⴼ' => Some('f'),
        'ل' | 'ⵍ' => Some('l'),
        'م' | 'ⵎ' => Some('m'),
        'ن' | 'ⵏ' => Some('n'),
        _ => Some(c),
    }
}
