//! Everything registered, and the rows of the file so far, held so that a row finds what looks like it at once.
//! The rule is that of [`crate::candidates`]: an official number, a telephone, or a like name in the same commune.

use std::collections::{HashMap, HashSet};

use kernel::kinds::Multi;
use kernel::{Db, Id, Result, sql};

use super::rows::Likeness;
use crate::duplicate::{ALIKE, Description};

/// Most entries compared for one key, as for one organisation.
const MOST: usize = 200;
/// Most candidates shown for a row.
const SHOWN: usize = 5;

struct Entry {
    organisation: Option<Id>,
    row: Option<i64>,
    names: Vec<String>,
}

/// What is known.
#[derive(Default)]
pub(crate) struct Known {
    entries: Vec<Entry>,
    identifiers: HashMap<String, Vec<u32>>,
    phones: HashMap<String, Vec<u32>>,
    names: HashMap<(String, String), Vec<u32>>,
    ids: HashSet<Id>,
}

impl Known {
    /// Every registered organisation.
    pub(crate) fn read(db: &mut Db) -> Result<Known> {
        let mut known = Known::default();
        let query = sql("select id, name, place, phone, ice, register_number, national_number, merged_into from organisation")
            .open("whoever registers learns that it is known");
        db.each(&query, |row| {
            let id: Id = row.take()?;
            let (name, place): (Multi, String) = (row.take()?, row.take()?);
            let phone: Option<String> = row.take()?;
            let identifiers: [Option<String>; 3] = [row.take()?, row.take()?, row.take()?];
            let merged: Option<Id> = row.take()?;
            known.ids.insert(id);
            if merged.is_none() {
                let described = Description {
                    id: None,
                    names: name.0.into_values().collect(),
                    place: Some(place),
                    phones: phone.into_iter().collect(),
                    identifiers: identifiers.into_iter().flatten().collect(),
                };
                known.add(Some(id), None, described);
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// True if an organisation has this id, merged ones included.
    pub(crate) fn has(&self, id: Id) -> bool {
        self.ids.contains(&id)
    }

    /// Adds a row of the file, for the rows below it.
    pub(crate) fn add_row(&mut self, number: i64, described: Description) {
        self.add(None, Some(number), described);
    }

    fn add(&mut self, organisation: Option<Id>, row: Option<i64>, described: Description) {
        let at = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        for key in name_keys(&described) {
            self.names.entry(key).or_default().push(at);
        }
        for identifier in described.identifiers {
            self.identifiers.entry(identifier).or_default().push(at);
        }
        for phone in described.phones {
            self.phones.entry(phone).or_default().push(at);
        }
        self.entries.push(Entry { organisation, row, names: described.names });
    }

    /// What may be the one described, the likeliest first.
    pub(crate) fn like(&self, described: &Description) -> Vec<Likeness> {
        let mut found: Vec<(u32, &str, u8)> = Vec::new();
        let mut look = |places: Option<&Vec<u32>>, why: &'static str| {
            for at in places.into_iter().flatten().take(MOST) {
                if found.iter().any(|(there, ..)| there == at) {
                    continue;
                }
                let names = &self.entries[*at as usize].names;
                let pairs =
                    names.iter().flat_map(|a| described.names.iter().map(move |b| fold::similarity(a, b)));
                let alike = pairs.max().unwrap_or(0);
                if why != "name" || alike >= ALIKE {
                    found.push((*at, why, alike));
                }
            }
        };
        for identifier in &described.identifiers {
            look(self.identifiers.get(identifier), "identifier");
        }
        for phone in &described.phones {
            look(self.phones.get(phone), "phone");
        }
        for key in name_keys(described) {
            look(self.names.get(&key), "name");
        }
        found.sort_by_key(|(_, why, alike)| (*why == "name", 100 - alike));
        found.truncate(SHOWN);
        let likeness = |(at, why, alike): (u32, &str, u8)| {
            let entry = &self.entries[at as usize];
            Likeness { organisation: entry.organisation, row: entry.row, why: why.to_owned(), alike }
        };
        found.into_iter().map(likeness).collect()
    }
}

/// The commune and each sound of the names that says something.
fn name_keys(described: &Description) -> Vec<(String, String)> {
    let Some(place) = &described.place else { return Vec::new() };
    let keys = described.names.iter().flat_map(|name| fold::name_keys(name));
    let mut keys: Vec<_> =
        keys.filter(|key| key.chars().count() >= 3).map(|key| (place.clone(), key)).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(name: &str, place: &str, phone: &str, number: &str) -> Description {
        let list = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        Description {
            id: None,
            names: list(name),
            place: Some(place.into()),
            phones: list(phone),
            identifiers: list(number),
        }
    }

    #[test]
    fn rows_find_what_looks_like_them() {
        let mut known = Known::default();
        let id = Id::new();
        known.add(Some(id), None, described("Coopérative Taghbalout", "05.1", "+212661", "12/3"));
        known.add_row(7, described("Tiniri", "05.1", "", ""));
        let why = |name, place, phone, number| {
            known
                .like(&described(name, place, phone, number))
                .first()
                .map(|l| (l.organisation, l.row, l.why.clone()))
        };
        assert_eq!(why("تعاونية تاغبالوت", "05.1", "", ""), Some((Some(id), None, "name".into())));
        assert_eq!(why("Taghbalout", "05.2", "", ""), None);
        assert_eq!(why("Autre", "05.2", "+212661", ""), Some((Some(id), None, "phone".into())));
        assert_eq!(why("Autre", "05.2", "", "12/3"), Some((Some(id), None, "identifier".into())));
        assert_eq!(why("Coopérative Tiniri", "05.1", "", ""), Some((None, Some(7), "name".into())));
    }
}
