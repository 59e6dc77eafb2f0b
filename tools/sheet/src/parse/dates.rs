//! Dates as people write them.

use fold::fold;

/// Year, month and day of a date, if it exists and lies between 1900 and 2199.
///
/// `2024-03-12`, `12/03/2024`, `12.3.24`, `12 mars 2024`, `١٢ مارس ٢٠٢٤`, `March 12, 2024`, or the day count of a
/// spreadsheet from 10000 (1927) to 73050 (2099). The day comes first when both orders are possible. Two digits
/// of a year are 1941 to 2040. A year alone is no date. An hour after the date is left out.
pub fn date(text: &str) -> Option<(i32, u8, u8)> {
    let text = without_hour(text);
    let plain = fold(text);
    let words: Vec<&str> = plain.split(' ').collect();
    let words = words.as_slice();
    if let [count] = words {
        let whole = text.trim().split(['.', ',']).next().is_some_and(|start| fold(start) == *count);
        return count.parse().ok().filter(|_| whole).and_then(from_day_count);
    }
    // An hour of a day count: 45943.5.
    if let ([count, fraction], true) = (words, text.contains(['.', ','])) {
        let all_digits = fraction.bytes().all(|b| b.is_ascii_digit());
        return count.parse().ok().filter(|_| all_digits).and_then(from_day_count);
    }
    if let [a, b, c] = words
        && let (Some(x), Some(y), Some(z)) = (digits(a), digits(b), digits(c))
    {
        return match (a.len(), c.len()) {
            (4, 1..=2) => valid(x, y, z),
            (1..=2, 2 | 4) if y > 12 => valid(year(z, c), x, y),
            (1..=2, 2 | 4) => valid(year(z, c), y, x),
            _ => None,
        };
    }
    in_words(words)
}

/// The text before an hour such as `T10:20` or ` 10:20`.
fn without_hour(text: &str) -> &str {
    let Some((before, _)) = text.split_once(':') else { return text };
    let before = before.trim_end_matches(char::is_numeric).trim_end();
    before.strip_suffix(['T', 'à']).unwrap_or(before)
}

/// A date with the name of its month.
fn in_words(words: &[&str]) -> Option<(i32, u8, u8)> {
    let (mut month, mut numbers) = (None, Vec::new());
    let mut rest = words.iter().copied().peekable();
    while let Some(word) = rest.next() {
        let two = rest.peek().map(|next| format!("{word} {next}")).unwrap_or_default();
        let by_two = month_named(&two);
        if by_two.is_some() {
            rest.next();
        }
        let found = by_two.or_else(|| month_named(word));
        if found.is_some() {
            if month.is_some() {
                return None;
            }
            month = found;
        } else if !is_filler(word) {
            let day = word.strip_suffix("er").or_else(|| word.strip_suffix("th")).unwrap_or(word);
            numbers.push((digits(day)?, day));
        }
    }
    match numbers.as_slice() {
        [(y, four), (d, _)] if four.len() == 4 => valid(*y, month?, *d),
        [(d, _), (y, written)] if matches!(written.len(), 2 | 4) => valid(year(*y, written), month?, *d),
        _ => None,
    }
}

/// Words around a date that say nothing more than the date does.
fn is_filler(word: &str) -> bool {
    let days = "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday \
                sunday الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد";
    matches!(word, "le" | "the" | "of" | "يوم" | "في" | "شهر" | "سنه")
        || days.split(' ').any(|day| day == word)
}

/// The names of each month as `fold` gives them: French, English and its short form, then the Arabic of the
/// Maghreb, of Egypt and of the Levant.
const MONTHS: [&[&str]; 12] = [
    &["janvier", "janv", "january", "jan", "يناير", "جانفي", "كانون الثاني"],
    &["fevrier", "fevr", "fev", "february", "feb", "فبراير", "فيفري", "شباط"],
    &["mars", "march", "mar", "مارس", "اذار"],
    &["avril", "avr", "april", "apr", "ابريل", "افريل", "نيسان"],
    &["mai", "may", "ماي", "مايو", "ايار"],
    &["juin", "june", "jun", "يونيو", "جوان", "حزيران"],
    &["juillet", "juil", "july", "jul", "يوليوز", "يوليو", "جويليه", "تموز"],
    &["aout", "august", "aug", "غشت", "اغسطس", "اوت", "اب"],
    &["septembre", "sept", "september", "sep", "شتنبر", "سبتمبر", "ايلول"],
    &["octobre", "oct", "october", "اكتوبر", "تشرين الاول"],
    &["novembre", "nov", "november", "نونبر", "نوفمبر", "تشرين الثاني"],
    &["decembre", "dec", "december", "دجنبر", "ديسمبر", "كانون الاول"],
];

fn month_named(folded: &str) -> Option<i32> {
    (1..).zip(MONTHS).find(|(_, names)| names.contains(&folded)).map(|(number, _)| number)
}

/// A number of at most four digits.
fn digits(word: &str) -> Option<i32> {
    (word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok()).flatten()
}

fn year(number: i32, written: &str) -> i32 {
    match (written.len(), number) {
        (2, 0..=40) => 2000 + number,
        (2, _) => 1900 + number,
        _ => number,
    }
}

fn valid(year: i32, month: i32, day: i32) -> Option<(i32, u8, u8)> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let real = (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day);
    real.then_some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// The date of a spreadsheet's day count, where 1 January 2000 is 36526.
fn from_day_count(count: i32) -> Option<(i32, u8, u8)> {
    if !(10_000..=73_050).contains(&count) {
        return None;
    }
    let (mut left, mut year) = (count - 9_863, 1927);
    loop {
        for (month, length) in (1..).zip([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            let length = length + i32::from(month == 2 && year % 4 == 0);
            if left < length {
                return valid(year, month, left + 1);
            }
            left -= length;
        }
        year += 1;
    }
}
