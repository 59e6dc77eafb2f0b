//! What was answered, typed by its question.

use std::collections::HashSet;

use kernel::Wrong;

use crate::question::Sort;

/// Most characters of an answer.
const LONGEST: usize = 20_000;
/// Decimals that are kept of a number.
const PLACES: usize = 4;
/// Digits before them: many such numbers still add up.
const DIGITS: usize = 10;

/// A value as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) text: String,
    /// In ten-thousandths.
    pub(crate) number: Option<i64>,
}

/// A decimal number in ten-thousandths, rounded.
pub(crate) fn number(text: &str) -> Option<i64> {
    let (sign, rest) =
        text.strip_prefix('-').map_or((1, text.strip_prefix('+').unwrap_or(text)), |rest| (-1, rest));
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || whole.len() > DIGITS || !digits(whole) || !digits(part) {
        return small(text);
    }
    let kept: String = part.chars().chain(std::iter::repeat('0')).take(PLACES).collect();
    let up = part.as_bytes().get(PLACES).is_some_and(|digit| *digit >= b'5');
    let all: i64 = format!("{whole}{kept}").parse().ok()?;
    Some(sign * (all + i64::from(up)))
}

/// Programs write very small and very large numbers as `1.2E-5`.
fn small(text: &str) -> Option<i64> {
    if !text.contains(['e', 'E']) || text.len() > 40 {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number.abs() < 1e10).then_some((number * 10_000.0).round() as i64)
}

/// True for a number of any length, such as a telephone that was typed as one.
fn is_number(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    number(text).is_some()
        || (digits > 0 && rest.matches('.').count() <= 1 && digits + rest.matches('.').count() == rest.len())
}

/// A place as millionths of a degree.
pub(crate) fn point(text: &str) -> Option<(i64, i64)> {
    let mut parts = text.split_whitespace().map(str::parse::<f64>);
    let (lat, lon) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let known = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat, lon) != (0.0, 0.0);
    known.then_some(((lat * 1e6).round() as i64, (lon * 1e6).round() as i64))
}

/// A day, of what begins with one.
pub(crate) fn day(text: &str) -> Option<jiff::civil::Date> {
    let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    (1900..=2200).contains(&day.year()).then_some(day)
}

/// The values of an answer: several of a question with several choices. `name` is what the question is called.
pub(crate) fn read(sort: Sort, quiet: bool, text: &str, name: &str) -> Result<Vec<Typed>, Wrong> {
    let text = text.trim();
    let wrong = |key: &str| {
        let text: String = text.chars().take(60).collect();
        Err(Wrong::new(key).with("name", name).with("text", text))
    };
    if text.chars().nth(LONGEST).is_some() {
        return wrong("survey_answer.too_long");
    }
    let plain = |number| Ok(vec![Typed { text: text.to_owned(), number }]);
    match sort {
        Sort::Number if !quiet && !is_number(text) => wrong("survey_answer.no_number"),
        Sort::Number => plain(number(text)),
        // What the telephone notes by itself, nobody can mend: a clock may be wrong.
        Sort::Date | Sort::Instant if !quiet && day(text).is_none() => wrong("survey_answer.no_date"),
        Sort::Cooperative if text.parse::<kernel::Id>().is_err() => wrong("survey_answer.no_cooperative"),
        Sort::Point if point(text).is_none() => wrong("survey_answer.no_point"),
        Sort::Several => {
            let mut seen = HashSet::new();
            let codes = text.split_whitespace().filter(|code| seen.insert(*code));
            Ok(codes.map(|code| Typed { text: code.to_owned(), number: None }).collect())
        }
        // What the form works out may be a number.
        Sort::Text if quiet => plain(number(text)),
        _ => plain(None),
    }
}

/// Where an answer of a form stands: its question, and which entry of which repeat. `clients[2]/nom` is the question
/// `clients/nom` in the entry `clients/2`; the first entry carries no number.
pub(crate) fn place(path: &str, repeats: &dyn Fn(&str) -> bool) -> Option<(String, String)> {
    let (mut question, mut entry, mut after): (Vec<&str>, Vec<String>, usize) = (Vec::new(), Vec::new(), 0);
    for part in path.split('/') {
        let (name, number) = match part.split_once('[') {
            Some((name, rest)) => {
                (name, rest.strip_suffix(']')?.parse::<u32>().ok().filter(|number| *number > 0)?)
            }
            None => (part, 1),
        };
        question.push(name);
        if repeats(&question.join("/")) {
            entry.extend(question[after..].iter().map(|name| (*name).to_owned()));
            entry.push(number.to_string());
            after = question.len();
        } else if number > 1 {
            return None;
        }
    }
    Some((question.join("/"), entry.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_decimals() {
        assert_eq!(number("12"), Some(120_000));
        assert_eq!(number("-0.00005"), Some(-1));
        assert_eq!(number("+1.5"), Some(15_000));
        assert_eq!(number("1.2E2"), Some(1_200_000));
        for bad in ["", "-", ".", "1,5", "1e400", "12a", "99999999999"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn entries_of_repeats_are_told_apart() {
        let repeats = |path: &str| ["clients", "g/r", "g/r/s"].contains(&path);
        let is = |question: &str, entry: &str| Some((question.to_owned(), entry.to_owned()));
        assert_eq!(place("nom", &repeats), is("nom", ""));
        assert_eq!(place("clients/nom", &repeats), is("clients/nom", "clients/1"));
        assert_eq!(place("clients[12]/nom", &repeats), is("clients/nom", "clients/12"));
        assert_eq!(place("g/r[2]/s[3]/x", &repeats), is("g/r/s/x", "g/r/2/s/3"));
        for bad in ["nom[2]", "clients[0]/nom", "clients[x]/nom", "clients[2/nom"] {
            assert_eq!(place(bad, &repeats), None, "{bad}");
        }
    }

    #[test]
    fn answers_are_what_their_question_asks() {
        let read = |sort, text: &str| read(sort, false, text, "q").ok().map(|found| found.len());
        assert_eq!(read(Sort::Number, "3.5"), Some(1));
        assert_eq!(read(Sort::Number, "212661000001"), Some(1));
        for bad in ["trois", "1.2.3", ".", "-"] {
            assert_eq!(read(Sort::Number, bad), None, "{bad}");
        }
        assert_eq!(read(Sort::Several, "a b  c"), Some(3));
        assert_eq!(read(Sort::Date, "2026-02-30"), None);
        assert_eq!(read(Sort::Instant, "2026-11-26T10:00:00.000+01:00"), Some(1));
        assert_eq!(read(Sort::Point, "30.92 -6.91 1100 5"), Some(1));
        assert_eq!(read(Sort::Point, "0 0 0 0"), None);
        assert_eq!(read(Sort::Text, &"x".repeat(20_001)), None);
    }
}
