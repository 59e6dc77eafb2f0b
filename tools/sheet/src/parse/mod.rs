//! What people type in cells, read as values. Text that cannot be read with certainty is `None`.

mod dates;
mod numbers;

pub use dates::date;
pub(crate) use numbers::minor_of;
pub use numbers::{decimal, money_minor, number};

use fold::fold;

/// Yes or no, in French, Arabic or English, or as 1 and 0.
pub fn yes_no(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "oui" | "o" | "yes" | "y" | "true" | "vrai" | "x" | "1" | "نعم" | "اجل" | "صحيح" => {
            Some(true)
        }
        "non" | "n" | "no" | "false" | "faux" | "0" | "لا" | "كلا" | "خطا" => Some(false),
        _ => None,
    }
}

/// `F` or `M`. `H` is *homme*, `M` is *masculin* or *male*, `F` is the same everywhere.
pub fn sex(text: &str) -> Option<char> {
    match fold(text).as_str() {
        "f" | "femme" | "feminin" | "feminine" | "fille" | "female" | "woman" | "mme" | "انثي" | "امراه"
        | "مونث" => Some('F'),
        "h" | "m" | "homme" | "masculin" | "garcon" | "male" | "man" | "ذكر" | "رجل" | "مذكر" | "ذ" => {
            Some('M')
        }
        _ => None,
    }
}
