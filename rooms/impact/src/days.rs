//! Days that whoever may not read the records can ask about: months, quarters and years, and a programme from its first
//! day on. Each lies within the next, so that one decision covers them all; over other days two figures could be taken from
//! each other until a single person is left.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::cut::Cut;
use crate::scope::Period;

/// Units of time, the longest first.
pub(crate) const UNITS: [Cut; 3] = [Cut::Year, Cut::Quarter, Cut::Month];

/// The unit in which a day lies, and the code of its bucket.
fn unit(cut: Cut, day: Date) -> (Period, String) {
    let months: i8 = match cut {
        Cut::Year => 12,
        Cut::Quarter => 3,
        _ => 1,
    };
    let first = (day.month() - 1) / months;
    let since = day.first_of_month().saturating_sub(i64::from(day.month() - 1 - first * months).months());
    let until = since.saturating_add(i64::from(months).months()).saturating_sub(1.day());
    let code = match cut {
        Cut::Year => format!("{:04}", day.year()),
        Cut::Quarter => format!("{:04}-{}", day.year(), first + 1),
        _ => format!("{:04}-{:02}", day.year(), day.month()),
    };
    (Period { since, until }, code)
}

fn within(period: Period, whole: Period) -> Period {
    Period { since: period.since.max(whole.since), until: period.until.min(whole.until) }
}

/// The calendar year in which a day lies, to today at most.
pub(crate) fn year(day: Date, today: Date) -> Period {
    let (year, _) = unit(Cut::Year, day);
    Period { until: year.until.min(today).max(year.since), ..year }
}

/// The smallest unit of a whole that contains these days, as far as they lie in it; else the whole.
pub(crate) fn brought(asked: Period, whole: Period) -> Period {
    let inner = within(asked, whole);
    if inner.until < inner.since {
        return whole;
    }
    let around = UNITS.iter().rev().map(|cut| unit(*cut, inner.since).0);
    let found = around.into_iter().find(|unit| unit.until >= inner.until);
    found.map_or(whole, |unit| within(unit, whole))
}

/// Which unit of a whole these days are, and the code of its bucket; nothing if they are the whole, or none.
pub(crate) fn bucket(period: Period, whole: Period) -> Option<(Cut, String)> {
    if period == whole {
        return None;
    }
    UNITS.iter().find_map(|cut| {
        let (days, code) = unit(*cut, period.since);
        (within(days, whole) == period).then_some((*cut, code))
    })
}

/// The bucket of the next longer unit in which a bucket lies.
pub(crate) fn around(cut: Cut, code: &str) -> Option<String> {
    let (year, rest) = code.split_once('-')?;
    match cut {
        Cut::Month => Some(format!("{year}-{}", (rest.parse::<i8>().ok()? - 1) / 3 + 1)),
        Cut::Quarter => Some(year.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const WHOLE: Period = Period { since: date(2024, 3, 15), until: date(2026, 11, 26) };

    fn days(since: (i16, i8, i8), until: (i16, i8, i8)) -> Period {
        Period { since: date(since.0, since.1, since.2), until: date(until.0, until.1, until.2) }
    }

    #[test]
    fn days_are_brought_to_the_smallest_unit_around_them() {
        let brought = |since, until| brought(days(since, until), WHOLE);
        assert_eq!(brought((2026, 2, 3), (2026, 2, 9)), days((2026, 2, 1), (2026, 2, 28)));
        assert_eq!(brought((2026, 2, 3), (2026, 3, 1)), days((2026, 1, 1), (2026, 3, 31)));
        assert_eq!(brought((2025, 3, 31), (2025, 4, 1)), days((2025, 1, 1), (2025, 12, 31)));
        assert_eq!(brought((2025, 3, 31), (2026, 4, 1)), WHOLE);
        // What lies outside of the whole is left out.
        assert_eq!(brought((2020, 1, 1), (2024, 4, 1)), days((2024, 3, 15), (2024, 12, 31)));
        assert_eq!(brought((2026, 11, 1), (2031, 1, 1)), days((2026, 11, 1), (2026, 11, 26)));
        assert_eq!(brought((2031, 1, 1), (2031, 2, 1)), WHOLE);
    }

    #[test]
    fn a_unit_has_the_code_of_its_bucket_and_lies_in_the_next() {
        assert_eq!(bucket(WHOLE, WHOLE), None);
        assert_eq!(bucket(days((2024, 3, 15), (2024, 12, 31)), WHOLE), Some((Cut::Year, "2024".into())));
        assert_eq!(bucket(days((2025, 4, 1), (2025, 6, 30)), WHOLE), Some((Cut::Quarter, "2025-2".into())));
        assert_eq!(bucket(days((2026, 11, 1), (2026, 11, 26)), WHOLE), Some((Cut::Month, "2026-11".into())));
        assert_eq!(bucket(days((2025, 4, 2), (2025, 6, 30)), WHOLE), None);
        assert_eq!(around(Cut::Month, "2026-03").unwrap(), "2026-1");
        assert_eq!(around(Cut::Month, "2026-04").unwrap(), "2026-2");
        assert_eq!(around(Cut::Quarter, "2026-4").unwrap(), "2026");
    }

    proptest! {
        #[test]
        fn what_was_brought_once_stays(start in 0_i64..1200, length in 0_i64..1200) {
            let since = date(2023, 6, 1).saturating_add(start.days());
            let one = brought(Period { since, until: since.saturating_add(length.days()) }, WHOLE);
            prop_assert_eq!(brought(one, WHOLE), one);
            prop_assert!(one == WHOLE || bucket(one, WHOLE).is_some());
        }
    }
}
