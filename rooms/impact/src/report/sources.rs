//! What a figure stands on, as digests: the items it counted, and the definition by which they were found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{Db, Result};
use sha2::{Digest, Sha256};

use crate::cut::Cut;
use crate::indicator::{self, Indicator, Items, Measure};
use crate::own::Built;
use crate::scope::{self, Eyes, Period, Scope};
use crate::shipped;

/// Codes of the two buckets of a figure.
pub(crate) type Key = (Option<String>, Option<String>);

/// SHA-256 of lines, each ended by a line break, as hexadecimal digits.
fn digest<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line);
        hash.update("\n");
    }
    kernel::secret::hex(&hash.finalize())
}

/// For each bucket, the SHA-256 over the sorted ids of the items it counted; for a ratio and for a change, over the
/// digests of the two figures that it compares.
pub(crate) fn items(
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
) -> Result<HashMap<Key, String>> {
    let Some(parts) = &indicator.items else {
        let mut parts = Vec::new();
        for code in indicator.over.iter().flatten() {
            let part = indicator::find(db, code)?;
            parts.push(items(db, &part, scope, period, cuts)?);
        }
        return Ok(together(parts));
    };
    let now = counted(db, indicator, parts, scope, period, cuts)?;
    if indicator.measure != Measure::Change {
        return Ok(now);
    }
    let before = counted(db, indicator, parts, scope, period.before(), cuts)?;
    Ok(together(vec![now, before]))
}

/// One digest a bucket over those of several figures.
fn together(parts: Vec<HashMap<Key, String>>) -> HashMap<Key, String> {
    let mut all: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    for (key, one) in parts.into_iter().flatten() {
        all.entry(key).or_default().push(one);
    }
    all.into_iter().map(|(key, all)| (key, digest(all.iter().map(String::as_str)))).collect()
}

fn counted(
    db: &mut Db,
    indicator: &Indicator,
    parts: &Items,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
) -> Result<HashMap<Key, String>> {
    let year = period.until.year();
    let bucket = |at: usize| cuts.get(at).map_or("cast(null as text)".into(), |cut| cut.expression(year));
    let query = scope::items(indicator, parts, scope, period).and(&format!(
        " select distinct {}, {}, x.item from x where",
        bucket(0),
        bucket(1)
    ));
    let mut found: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
    if cuts.is_empty() {
        found.insert((None, None), BTreeSet::new());
    }
    db.each(&scope::seen(query, parts, Eyes::Checked), |row| {
        let key = (row.take()?, row.take()?);
        found.entry(key).or_default().extend(row.take::<Option<String>>()?);
        Ok(())
    })?;
    Ok(found.into_iter().map(|(key, ids)| (key, digest(ids.iter().map(String::as_str)))).collect())
}

/// SHA-256 of the file that defines an indicator, and of those of its parts; for a programme's own, of the file of its
/// base and of what the programme made of it.
pub(crate) fn statement(indicator: &Indicator) -> String {
    let built = indicator.built.as_ref();
    let code = built.map_or(&indicator.code, |built| &built.base.code);
    let codes = std::iter::once(code).chain(indicator.over.iter().flatten());
    let text = |code: &String| shipped::FILES.iter().find(|(name, _)| name == code).map(|(_, text)| *text);
    let made: Vec<String> = built.into_iter().flat_map(Built::lines).collect();
    digest(codes.filter_map(text).chain(made.iter().map(String::as_str)))
}
