//! Numbers and amounts, with the separators of French, Arabic and English.
//!
//! `1 234,56`, `1.234,56` and `1,234.56` are certain. A lone separator before exactly three digits is not: it
//! groups thousands where a fraction is impossible ([`number`], [`money_minor`] of a currency with fewer than
//! three decimals) and is a decimal sign elsewhere ([`decimal`]).

/// A whole number.
pub fn number(text: &str) -> Option<i64> {
    let (mantissa, scale) = read(text, true)?;
    rescale(mantissa, scale, 0)
}

/// A decimal number, as a mantissa and the count of its decimals: `12,50` is `(1250, 2)`.
pub fn decimal(text: &str) -> Option<(i64, u32)> {
    read(text, false)
}

/// An amount in minor units of a currency that has `exponent` decimals. The currency's name may stand before or
/// after. More decimals than the currency has are refused, not rounded.
pub fn money_minor(text: &str, exponent: u32) -> Option<i64> {
    let lower = text.to_lowercase();
    let (mantissa, scale) = read(without_currency(&lower), exponent < 3)?;
    rescale(mantissa, scale, exponent)
}

/// A number of a spreadsheet in minor units. What its arithmetic left behind the last decimal is rounded away.
pub(crate) fn minor_of(amount: f64, exponent: u32) -> Option<i64> {
    let text = format!("{amount:.*}", exponent as usize);
    let rounded: f64 = text.parse().ok()?;
    if (rounded - amount).abs() > 1e-6 {
        return None;
    }
    let (mantissa, scale) = read(&text, false)?;
    rescale(mantissa, scale, exponent)
}

const CURRENCIES: [&str; 12] =
    ["dirhams", "dirham", "dhs.", "dhs", "dh.", "dh", "mad", "د.م.", "درهما", "دراهم", "درهم", "eur"];

fn without_currency(text: &str) -> &str {
    let text = text.trim().trim_matches(['€', '$', '£']).trim();
    let cut = CURRENCIES.iter().find_map(|name| text.strip_suffix(name).or_else(|| text.strip_prefix(name)));
    cut.unwrap_or(text).trim()
}

fn rescale(mantissa: i64, scale: u32, wanted: u32) -> Option<i64> {
    if scale <= wanted {
        return mantissa.checked_mul(10_i64.checked_pow(wanted - scale)?);
    }
    let unit = 10_i64.checked_pow(scale - wanted)?;
    (mantissa % unit == 0).then_some(mantissa / unit)
}

/// A sign of writing in a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Digit(u8),
    Dot,
    Comma,
    /// Only ever groups: a space, an apostrophe, the Arabic thousands sign.
    Group,
    /// Only ever decimal: the Arabic decimal sign.
    Point,
}

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '0'..='9' => Sign::Digit(c as u8 - b'0'),
        '٠'..='٩' => Sign::Digit((c as u32 - '٠' as u32) as u8),
        '۰'..='۹' => Sign::Digit((c as u32 - '۰' as u32) as u8),
        '.' => Sign::Dot,
        ',' | '،' => Sign::Comma,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '٬' => Sign::Group,
        '٫' => Sign::Point,
        _ => return None,
    })
}

fn read(text: &str, three_are_thousands: bool) -> Option<(i64, u32)> {
    let steers_layout = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}');
    let text: String = text.chars().filter(|c| !steers_layout(c)).collect();
    let text = text.trim();
    let unsigned = text.trim_start_matches(['-', '\u{2212}', '+']);
    let negative = match text.chars().count() - unsigned.chars().count() {
        0 => false,
        1 => !text.starts_with('+'),
        _ => return None,
    };
    let signs: Vec<Sign> = unsigned.trim_start().chars().map(sign).collect::<Option<_>>()?;
    let point = decimal_point(&signs, three_are_thousands)?;
    let (whole, fraction) = signs.split_at(point);
    let mut mantissa = grouped(whole)?;
    let fraction = fraction.get(1..).unwrap_or_default();
    if point < signs.len() && fraction.is_empty() {
        return None;
    }
    for s in fraction {
        mantissa = push(mantissa, *s)?;
    }
    Some((if negative { -mantissa } else { mantissa }, u32::try_from(fraction.len()).ok()?))
}

/// Where the decimal sign stands; the end if there is none.
fn decimal_point(signs: &[Sign], three_are_thousands: bool) -> Option<usize> {
    let count = |kind: Sign| signs.iter().filter(|s| **s == kind).count();
    let last = |kind: Sign| signs.iter().rposition(|s| *s == kind).unwrap_or(signs.len());
    let (dots, commas) = (count(Sign::Dot), count(Sign::Comma));
    match (count(Sign::Point), dots, commas) {
        (1, _, _) => Some(last(Sign::Point)),
        (0, 0, 0) => Some(signs.len()),
        (0, 1, 0) | (0, 0, 1) => {
            let at = last(if dots == 1 { Sign::Dot } else { Sign::Comma });
            let thousands = signs.len() - at == 4 && at > 0 && signs.first() != Some(&Sign::Digit(0));
            let groups = three_are_thousands && thousands && count(Sign::Group) == 0;
            Some(if groups { signs.len() } else { at })
        }
        (0, _, 0) | (0, 0, _) => Some(signs.len()),
        (0, 1, _) if last(Sign::Dot) > last(Sign::Comma) => Some(last(Sign::Dot)),
        (0, _, 1) if last(Sign::Comma) > last(Sign::Dot) => Some(last(Sign::Comma)),
        _ => None,
    }
}

/// The value of digits that may stand in groups of three, all apart by the same sign.
fn grouped(signs: &[Sign]) -> Option<i64> {
    let mut separators = signs.iter().filter(|s| !matches!(s, Sign::Digit(_)));
    let first = separators.next();
    if separators.any(|s| Some(s) != first) {
        return None;
    }
    let groups: Vec<&[Sign]> = signs.split(|s| !matches!(s, Sign::Digit(_))).collect();
    let sound = match groups.as_slice() {
        [only] => !only.is_empty(),
        [head, tail @ ..] => (1..=3).contains(&head.len()) && tail.iter().all(|group| group.len() == 3),
        [] => false,
    };
    if !sound {
        return None;
    }
    groups.concat().into_iter().try_fold(0, push)
}

fn push(mantissa: i64, sign: Sign) -> Option<i64> {
    let Sign::Digit(digit) = sign else { return None };
    mantissa.checked_mul(10)?.checked_add(i64::from(digit))
}
