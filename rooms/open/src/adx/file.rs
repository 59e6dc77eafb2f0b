//! The ADX file of a programme and a period. Where provinces have codes, what is known by province goes to the provinces
//! and never to the whole as well, which the receiver would add up twice. A figure of few people is left out.

use std::collections::{BTreeMap, HashMap};

use impact::outside::{self, Outside};
use impact::{Cut, Figure, Indicator, Period};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Ctx, Db, Error, Result};
use programmes::Programme;

use super::code::{self, bucket, key, ways};
use crate::files;
use crate::xml::Xml;

/// A period as ADX writes it: first day and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    since: Date,
    months: i32,
}

impl Span {
    /// Reads `2026-10-01/P1M`, `/P3M`, `/P6M` or `/P1Y`; it begins where such a period begins in the year.
    pub(crate) fn read(text: &str) -> Option<Span> {
        let (since, length) = text.split_once('/')?;
        let months = match length {
            "P1M" => 1,
            "P3M" => 3,
            "P6M" => 6,
            "P1Y" => 12,
            _ => return None,
        };
        let since: Date = since.parse().ok()?;
        (since.day() == 1 && (i32::from(since.month()) - 1) % months == 0).then_some(Span { since, months })
    }

    /// The period of so many months in which a day lies.
    pub(crate) fn around(day: Date, months: i32) -> Span {
        let first = (i32::from(day.month()) - 1) / months * months;
        let back = (i32::from(day.month()) - 1 - first).months();
        Span { since: day.first_of_month().saturating_sub(back), months }
    }

    /// The one before.
    pub(crate) fn before(self) -> Span {
        Span { since: self.since.saturating_sub(self.months.months()), ..self }
    }

    /// Its days.
    pub(crate) fn days(self) -> Period {
        let end = self.since.saturating_add(self.months.months()).saturating_sub(1.day());
        Period { since: self.since, until: end }
    }

    pub(crate) fn text(self) -> String {
        let length = if self.months == 12 { "P1Y".to_owned() } else { format!("P{}M", self.months) };
        format!("{}/{length}", self.since)
    }
}

/// What was made.
pub(crate) struct Made {
    pub(crate) document: String,
    /// Names what it says, whenever it was made.
    pub(crate) digest: String,
    /// How many values it holds.
    pub(crate) values: usize,
    /// Keys of what is mapped in part: without these codes something stays out.
    pub(crate) missing: Vec<String>,
}

/// A value: data element, category options by category, number.
type Value = (String, BTreeMap<String, String>, String);

struct Making<'a> {
    ctx: &'a Ctx,
    outside: Outside,
    codes: HashMap<String, String>,
    groups: BTreeMap<String, Vec<Value>>,
    missing: Vec<String>,
}

pub(crate) fn make(ctx: &Ctx, db: &mut Db, programme: &Programme, span: Span) -> Result<Made> {
    let codes: HashMap<String, String> =
        code::of(db, programme.id)?.into_iter().map(|code| (code.ours, code.code)).collect();
    let mut days = span.days();
    days.until = days.until.min(kernel::today()).max(days.since);
    let mut making = Making {
        ctx,
        outside: Outside::during(ctx.w, programme, days),
        codes,
        groups: BTreeMap::new(),
        missing: Vec::new(),
    };
    for indicator in impact::all()? {
        for cuts in ways(indicator) {
            if let Some(element) = making.codes.get(&key(indicator, &cuts)).cloned() {
                making.tell(db, indicator, &element, &cuts)?;
            }
        }
    }
    let Making { groups, codes, mut missing, .. } = making;
    let data_set = codes.get("dataset").cloned().unwrap_or_else(|| {
        missing.push("dataset".into());
        String::new()
    });
    missing.sort();
    missing.dedup();
    let write = |exported: &str| -> Result<String> {
        let mut xml = Xml::new()?;
        xml.element("adx", &[("xmlns", "urn:ihe:qrph:adx:2015"), ("exported", exported)], |xml| {
            for (place, values) in &groups {
                let attributes =
                    [("orgUnit", place.as_str()), ("period", &span.text()), ("dataSet", &data_set)];
                xml.element("group", &attributes, |xml| {
                    for (element, categories, value) in values {
                        let mut attributes = vec![("dataElement", element.as_str())];
                        attributes
                            .extend(categories.iter().map(|(name, code)| (name.as_str(), code.as_str())));
                        attributes.push(("value", value));
                        xml.leaf("dataValue", &attributes)?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        String::from_utf8(xml.finish()).map_err(Error::internal)
    };
    Ok(Made {
        digest: people::secret_digest(&write("")?),
        document: write(&files::instant(kernel::now()))?,
        values: groups.values().map(Vec::len).sum(),
        missing,
    })
}

impl Making<'_> {
    /// The code of something of ours; what has none is remembered.
    fn code(&mut self, ours: &str) -> Option<String> {
        let code = self.codes.get(ours).cloned();
        if code.is_none() {
            self.missing.push(ours.to_owned());
        }
        code
    }

    fn tell(&mut self, db: &mut Db, indicator: &Indicator, element: &str, cuts: &[Cut]) -> Result<()> {
        let has_places = self.codes.keys().any(|key| key.starts_with("place:"));
        // Two cuts are as many as a table has: by sex and age there is no third by province.
        let by_place = has_places && cuts.len() < 2 && outside::tells(indicator, Cut::Province);
        let (ctx, all): (&Ctx, Vec<Cut>) =
            (self.ctx, by_place.then_some(Cut::Province).into_iter().chain(cuts.iter().copied()).collect());
        if all.is_empty() {
            let total = self.outside.total(ctx, db, indicator)?;
            let whole = self.code("org");
            self.value(indicator, element, whole, BTreeMap::new(), &total);
            return Ok(());
        }
        for found in self.outside.table(ctx, db, indicator, &all)? {
            if found.labels.len() < all.len() {
                continue;
            }
            let figure = found.figure;
            let buckets = [figure.row.clone(), figure.column.clone()];
            let mut categories = BTreeMap::new();
            let mut place = None;
            let mut whole = true;
            for (cut, code) in all.iter().zip(&buckets) {
                if *cut == Cut::Province {
                    place = code.as_ref().and_then(|code| self.code(&format!("place:{code}")));
                    whole &= place.is_some();
                    continue;
                }
                let category = self.code(&format!("cut:{}", cut.code()));
                let option = self.code(&bucket(*cut, code.as_deref()));
                whole &= category.is_some() && option.is_some();
                categories.extend(category.zip(option));
            }
            if !by_place {
                place = self.code("org");
            }
            if whole {
                self.value(indicator, element, place, categories, &figure);
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        indicator: &Indicator,
        element: &str,
        place: Option<String>,
        categories: BTreeMap<String, String>,
        figure: &Figure,
    ) {
        if let (Some(place), Some((minor, decimals))) = (place, outside::number(indicator, figure)) {
            let value = files::decimal(minor, decimals);
            self.groups.entry(place).or_default().push((element.to_owned(), categories, value));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use jiff::civil::date;

    use super::Span;

    #[test]
    fn a_period_begins_where_it_begins_in_the_year() {
        for good in ["2026-10-01/P3M", "2026-07-01/P6M", "2026-01-01/P1Y", "2026-11-01/P1M"] {
            assert_eq!(Span::read(good).unwrap().text(), good);
        }
        for bad in ["2026-11-01/P3M", "2026-10-02/P1M", "2026-10-01/P2M", "2026-10-01", "x/P1M"] {
            assert_eq!(Span::read(bad), None, "{bad}");
        }
        let quarter = Span::around(date(2026, 11, 26), 3);
        assert_eq!(
            (quarter.text(), quarter.before().text()),
            ("2026-10-01/P3M".into(), "2026-07-01/P3M".into())
        );
        assert_eq!(quarter.days().until, date(2026, 12, 31));
    }
}
