//! Names of organisations: their legal form, their distinctive part, and how alike two of them are.

use crate::sound::{article_off, joined, keys_of};
use crate::text::fold;

/// The legal form that a word announces: `cooperative`, `union`, `gie`, `association` or `company`.
pub fn legal_form(word: &str) -> Option<&'static str> {
    form_of(&fold(word))
}

fn form_of(folded: &str) -> Option<&'static str> {
    match article_off(folded) {
        "cooperative" | "cooperatives" | "coop" | "coops" | "تعاونيه" | "تعاونيات" => {
            Some("cooperative")
        }
        "union" | "unions" | "اتحاد" => Some("union"),
        "gie" | "groupement" | "مجموعه" => Some("gie"),
        "association" | "associations" | "assoc" | "جمعيه" => Some("association"),
        "societe" | "ste" | "sarl" | "company" | "شركه" => Some("company"),
        _ => None,
    }
}

/// Words that many names share, so that they distinguish none. Articles and particles are not keys anyway.
fn is_generic(folded: &str) -> bool {
    let word = article_off(folded);
    let french = [
        "agricole",
        "agricoles",
        "feminine",
        "feminines",
        "artisanale",
        "artisanales",
        "interet",
        "economique",
    ];
    let arabic = ["فلاحيه", "نسويه", "نساييه", "حرفيه", "ذات", "نفع", "اقتصادي"];
    french.contains(&word) || arabic.contains(&word)
}

/// The keys of the distinctive part of a name: legal forms and generic words dropped, unless nothing remains.
pub fn name_keys(text: &str) -> Vec<String> {
    name_keys_of(&fold(text))
}

fn name_keys_of(folded: &str) -> Vec<String> {
    keys_of(&distinctive(folded))
}

/// A folded name without its legal form and generic words, unless nothing remains.
fn distinctive(folded: &str) -> String {
    let kept: Vec<&str> =
        folded.split_whitespace().filter(|w| form_of(w).is_none() && !is_generic(w)).collect();
    if kept.is_empty() { folded.to_owned() } else { kept.join(" ") }
}

/// How alike two names are, 0 to 100, whichever comes first. 100 means that their plain forms are equal.
///
/// Names that sound the same score 82 and more if the sound is long enough to mean something; others are scored
/// by their letters if they share a script, by their consonants if not.
pub fn similarity(a: &str, b: &str) -> u8 {
    let (a, b) = (fold(a), fold(b));
    if a == b {
        return 100;
    }
    let (a, b) = (distinctive(&a), distinctive(&b));
    let (mut a_keys, mut b_keys) = (keys_of(&a), keys_of(&b));
    let (a_sound, b_sound) = (a_keys.concat(), b_keys.concat());
    a_keys.sort_unstable();
    b_keys.sort_unstable();
    let letters = likeness(&spelled(&a), &spelled(&b));
    let sound = likeness(&a_sound, &b_sound).max(likeness(&a_keys.concat(), &b_keys.concat()));
    let same_script = a.contains(is_arabic) == b.contains(is_arabic);
    let score = match (sound == 100, same_script) {
        (true, _) if a_sound.len() > 2 => 82 + letters * 17 / 100,
        (true, _) => 60 + letters * 39 / 100,
        (false, true) => letters.max((letters + sound) / 2),
        (false, false) => sound * 9 / 10,
    };
    u8::try_from(score.min(99)).unwrap_or(0)
}

/// The letters of a folded name that writers agree on: they add an `e` or double a letter at will.
fn spelled(folded: &str) -> String {
    let mut letters: Vec<char> = joined(folded).concat().chars().filter(|c| *c != 'e').collect();
    letters.dedup();
    letters.into_iter().collect()
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{77f}')
}

/// The share of letters that need no edit, 0 to 100. Only the first 96 letters count, which bounds the cost.
fn likeness(a: &str, b: &str) -> usize {
    if a == b {
        return 100;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(96).collect(), b.chars().take(96).collect());
    let edits = distance(&a, &b) * 100;
    edits.checked_div(a.len().max(b.len())).map_or(0, |share| (100 - share).min(99))
}

/// The number of letters to insert, drop, change or swap with their neighbour to make one word the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
