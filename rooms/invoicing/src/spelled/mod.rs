//! Amounts in words, as invoices close with them: in French, Arabic and English.

mod ar;
mod en;
mod fr;

use kernel::Lang;
use kernel::kinds::Money;
use kernel::locale::exponent;

/// An amount in words; Amazigh has no words for it here and takes French ones.
///
/// Dirhams, euros and dollars are named; any other currency stands with its code, and its parts as a fraction.
pub fn amount(money: &Money, lang: Lang) -> String {
    let parts = 10_u64.pow(exponent(&money.currency).into());
    let minor = money.minor.unsigned_abs();
    let (whole, rest) = (minor / parts, minor % parts);
    let said = match lang {
        Lang::Fr | Lang::Zgh => fr::amount(whole, &money.currency),
        Lang::Ar => ar::amount(whole, &money.currency),
        Lang::En => en::amount(whole, &money.currency),
    };
    if rest == 0 {
        return said;
    }
    let part = match lang {
        Lang::Fr | Lang::Zgh => fr::part(rest, &money.currency),
        Lang::Ar => ar::part(rest, &money.currency),
        Lang::En => en::part(rest, &money.currency),
    };
    let part = part.unwrap_or_else(|| format!("{rest}/{parts}"));
    match lang {
        Lang::Fr | Lang::Zgh => format!("{said} et {part}"),
        Lang::Ar => format!("{said} و{part}"),
        Lang::En => format!("{said} and {part}"),
    }
}

/// A whole number in French words, by the spelling of before 1990.
pub fn french(n: u64) -> String {
    fr::number(n)
}

/// A whole number in British English words.
pub fn english(n: u64) -> String {
    en::number(n)
}

#[cfg(test)]
mod tests;
