//! The rows of an import as its page lists them.

use std::collections::HashMap;

use kernel::kinds::Multi;
use kernel::{Db, Id, Result, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::rows::{self, Kept, Likeness};
use super::subject::names;
use super::{Import, Mapping, Subject, wrong};
use crate::OrganisationKind;

/// A row of the file.
#[derive(Serialize, JsonSchema)]
pub(super) struct RowLine {
    pub(super) number: i64,
    pub(super) title: String,
    pub(super) reasons: Vec<wrong::Reason>,
    pub(super) candidates: Vec<CandidateLine>,
    pub(super) decision: Option<String>,
    /// What the row became or met.
    pub(super) record: Option<Id>,
    /// Where that is shown.
    pub(super) path: Option<String>,
    /// The organisation that the row is about, where its title does not say it.
    pub(super) about: String,
    /// What tells it from other rows of the same title, as it stands in the file.
    pub(super) told: Vec<String>,
    /// True if the row only met a registered organisation.
    pub(super) met: bool,
    pub(super) filled: bool,
}

/// What a row looks like.
#[derive(Serialize, JsonSchema)]
pub(super) struct CandidateLine {
    pub(super) organisation: Option<Id>,
    pub(super) row: Option<i64>,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) kind: String,
    pub(super) why: String,
    pub(super) alike: u8,
    /// How a decision names it.
    pub(super) target: String,
    pub(super) chosen: bool,
}

/// Rows with all that is to be said of them.
pub(super) fn lines<S: Subject>(
    db: &mut Db,
    import: &Import,
    kept: &[Kept],
    w: Words,
) -> Result<Vec<RowLine>> {
    let shown = Candidates::read::<S>(db, import, kept)?;
    Ok(kept.iter().map(|row| line::<S>(row, import, &shown, w)).collect())
}

fn line<S: Subject>(row: &Kept, import: &Import, shown: &Candidates, w: Words) -> RowLine {
    let chosen = |like: &Likeness| row.target.as_deref() == Some(like.target().as_str());
    let target = row.target.as_deref().and_then(|target| target.parse().ok());
    let about = target.and_then(|id: Id| shown.organisations.get(&id));
    let about = about.map(|(name, ..)| name.best(w.lang).to_owned()).unwrap_or_default();
    let named = called::<S>(row, &import.mapping);
    let title = match named {
        None if !about.is_empty() => about.clone(),
        _ => title::<S>(row, &import.mapping),
    };
    RowLine {
        number: row.number,
        about: if about == title { String::new() } else { about },
        title,
        told: told::<S>(row, &import.mapping),
        reasons: wrong::reasons::<S>(row, &import.header, &import.mapping, w),
        candidates: row.candidates.iter().map(|like| shown.line(like, chosen(like), w)).collect(),
        decision: row.decision.clone(),
        record: row.record,
        path: row.record.map(S::path),
        met: row.decision.as_deref() == Some("same") && is_candidate::<S>(),
        filled: row.filled.is_some(),
    }
}

/// True if a row may be what it looks like, not only hang on it.
fn is_candidate<S: Subject>() -> bool {
    S::DECISIONS.iter().any(|(_, allowed)| allowed.contains(&"new"))
}

/// The cells that hold something, each with its target.
fn texts<'a>(row: &'a Kept, mapping: &'a Mapping) -> impl Iterator<Item = (String, &'a String)> {
    let cells = row.cells.iter().zip(&mapping.columns);
    let short = cells.map(|(cell, target)| (cell.text().chars().take(120).collect::<String>(), target));
    short.filter(|(text, _)| !text.is_empty())
}

/// The name in a row.
fn called<S: Subject>(row: &Kept, mapping: &Mapping) -> Option<String> {
    texts(row, mapping).find(|(_, target)| names::<S>(target)).map(|(text, _)| text)
}

/// The name in a row, or whatever stands first in it.
pub(super) fn title<S: Subject>(row: &Kept, mapping: &Mapping) -> String {
    let first = || texts(row, mapping).next().map(|(text, _)| text);
    called::<S>(row, mapping).or_else(first).unwrap_or_default()
}

/// The cells that tell rows of one name apart.
fn told<S: Subject>(row: &Kept, mapping: &Mapping) -> Vec<String> {
    let told = texts(row, mapping).filter(|(_, target)| S::TELLS.contains(&target.as_str()));
    told.map(|(text, _)| text).collect()
}

/// Names of the candidates of some rows.
struct Candidates {
    organisations: HashMap<Id, (Multi, String, OrganisationKind)>,
    rows: HashMap<i64, String>,
}

impl Candidates {
    fn read<S: Subject>(db: &mut Db, import: &Import, kept: &[Kept]) -> Result<Candidates> {
        let all = || kept.iter().flat_map(|row| &row.candidates);
        let targets = kept.iter().filter_map(|row| row.target.as_deref()?.parse().ok());
        let ids: Vec<Id> = all().filter_map(|like| like.organisation).chain(targets).collect();
        let numbers: Vec<i64> = all().filter_map(|like| like.row).collect();
        let query = sql("select id, name, place, kind from organisation where id")
            .within(&ids)
            .open("whoever registers learns that it is known");
        let found =
            db.rows(&query, |row| Ok((row.take::<Id>()?, (row.take()?, row.take()?, row.take()?))))?;
        let earlier = if numbers.is_empty() {
            Vec::new()
        } else {
            rows::read(db, import.id, sql(" and number").within(&numbers))?
        };
        Ok(Candidates {
            organisations: found.into_iter().collect(),
            rows: earlier.iter().map(|row| (row.number, title::<S>(row, &import.mapping))).collect(),
        })
    }

    fn line(&self, like: &Likeness, chosen: bool, w: Words) -> CandidateLine {
        let known = like.organisation.and_then(|id| self.organisations.get(&id));
        let (name, place, kind) = match (known, like.row) {
            (Some((name, place, kind)), _) => {
                let code = kernel::kinds::Choice::code(kind);
                (
                    name.best(w.lang).to_owned(),
                    kernel::territory::path(place, w.lang),
                    w.t2("organisation.kind", code),
                )
            }
            (None, Some(number)) => {
                (self.rows.get(&number).cloned().unwrap_or_default(), String::new(), String::new())
            }
            (None, None) => Default::default(),
        };
        CandidateLine {
            organisation: like.organisation,
            row: like.row,
            name,
            place,
            kind,
            why: w.t2("duplicates.why", &like.why),
            alike: like.alike,
            target: like.target(),
            chosen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Organisations, rows::Cell};

    #[test]
    fn a_row_is_called_by_its_name() {
        let mapping =
            Mapping { columns: vec!["place".into(), "name.fr".into(), "name.ar".into()], rest: "gie".into() };
        let row = |cells: [&str; 3]| Kept {
            number: 2,
            cells: cells.map(|text| Cell::Text(text.into())).to_vec(),
            problems: vec![],
            candidates: vec![],
            decision: None,
            target: None,
            record: None,
            filled: None,
        };
        assert_eq!(title::<Organisations>(&row(["Tinghir", "", "تينيري"]), &mapping), "تينيري");
        assert_eq!(title::<Organisations>(&row(["Tinghir", "", ""]), &mapping), "Tinghir");
    }
}
