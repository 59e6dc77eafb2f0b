//! Figures of training: persons and participations are two counts, and every total keeps a place for what was not
//! stated. A person stands in one bucket of each cut, where she stood last, so that totals agree.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::kinds::{Choice, Multi};
use kernel::value::Row;
use kernel::{Db, Fields, Id, Result, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::participant::Part;

/// Whose figures.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// The programme.
    pub(crate) programme: Id,
    /// One session of it.
    pub(crate) session: Option<Id>,
    /// Half-days from this day on.
    pub(crate) from: Option<Date>,
    /// Half-days up to this day.
    pub(crate) to: Option<Date>,
}

/// Somebody who was there at least once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Trained {
    pub(crate) person: Id,
    pub(crate) name: Multi,
    pub(crate) organisation: Option<Id>,
    pub(crate) organisation_name: Option<Multi>,
    pub(crate) role: Option<Part>,
    pub(crate) sex: Option<String>,
    pub(crate) birth_year: Option<i64>,
    /// Code of her age band on the day she was last there.
    pub(crate) age: &'static str,
    /// True if she had never been in a session before these.
    pub(crate) first: bool,
    pub(crate) participations: i64,
    pub(crate) minutes: i64,
    #[serde(skip)]
    #[schemars(skip)]
    since: Date,
}

/// Where nothing was stated.
pub(crate) const NOT_STATED: &str = "none";

/// The age band of somebody born in this year, on this day.
pub(crate) fn age_band(birth_year: Option<i64>, on: Date) -> &'static str {
    match birth_year.map(|year| i64::from(on.year()) - year) {
        None => NOT_STATED,
        Some(..15) => "0-14",
        Some(15..=24) => "15-24",
        Some(25..=35) => "25-35",
        Some(36..=59) => "36-59",
        Some(60..) => "60",
    }
}

const AGES: [&str; 6] = ["0-14", "15-24", "25-35", "36-59", "60", NOT_STATED];

/// Everybody who was there, in the order of names. The caller has checked the hand on the programme.
pub(crate) fn trained(db: &mut Db, scope: &Scope) -> Result<Vec<Trained>> {
    let query = sql("select p.id, p.name, o.id, o.name, t.role, p.sex, p.birth_year, h.day, h.minutes
                     from participant t join attendance a on a.participant = t.id join half_day h on h.id = a.half_day
                     join person p on p.id = t.person left join organisation o on o.id = t.organisation
                     where a.present = 1 and t.programme = ?")
        .bind(scope.programme)
        .and_if(" and t.session = ?", scope.session)
        .and_if(" and h.day >= ?", scope.from)
        .and_if(" and h.day <= ?", scope.to)
        .and(" order by h.day, h.part desc, t.id")
        .open("the hand on the programme was checked");
    let mut found: BTreeMap<Id, Trained> = BTreeMap::new();
    db.each(&query, |row| {
        let (line, day) = from_row(row)?;
        let since = found.get(&line.person).map_or(day, |before| before.since);
        let before = found.get(&line.person).map_or((0, 0), |b| (b.participations, b.minutes));
        let (participations, minutes) = (before.0 + 1, before.1 + line.minutes);
        found.insert(line.person, Trained { since, participations, minutes, ..line });
        Ok(())
    })?;
    let firsts = firsts(db, scope.programme)?;
    let mut all: Vec<Trained> = found.into_values().collect();
    for line in &mut all {
        line.first = firsts.get(&line.person) == Some(&line.since);
    }
    all.sort_by_cached_key(|line| line.name.best(kernel::Lang::Fr).to_lowercase());
    Ok(all)
}

fn from_row(row: &mut Row) -> Result<(Trained, Date)> {
    let (person, name, organisation, organisation_name) =
        (row.take()?, row.take()?, row.take()?, row.take()?);
    let (role, sex, birth_year): (Option<Part>, Option<String>, Option<i64>) =
        (row.take()?, row.take()?, row.take()?);
    let (day, minutes): (Date, i64) = (row.take()?, row.take()?);
    let age = age_band(birth_year, day);
    let line = Trained {
        person,
        name,
        organisation,
        organisation_name,
        role,
        sex,
        birth_year,
        age,
        first: false,
        participations: 1,
        minutes,
        since: day,
    };
    Ok((line, day))
}

/// The first day on which each person of a programme was in any session of the house.
fn firsts(db: &mut Db, programme: Id) -> Result<BTreeMap<Id, Date>> {
    let query =
        sql("select t.person, min(h.day) from participant t join attendance a on a.participant = t.id
                     join half_day h on h.id = a.half_day where a.present = 1
                     and t.person in (select person from participant where programme = ?) group by t.person");
    let query = query.bind(programme).open("a day per person of a programme that the caller may count");
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}

/// One line of a cut.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Bucket {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) persons: i64,
    pub(crate) participations: i64,
    pub(crate) minutes: i64,
}

/// The same persons, cut by one thing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Cut {
    /// `sex`, `age`, `organisation`, `role` or `first`.
    pub(crate) by: &'static str,
    pub(crate) buckets: Vec<Bucket>,
}

/// Persons, participations, person-minutes, and their cuts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Figures {
    pub(crate) persons: i64,
    pub(crate) participations: i64,
    pub(crate) minutes: i64,
    pub(crate) cuts: Vec<Cut>,
}

/// The code of somebody in a cut.
fn code(line: &Trained, by: &str) -> String {
    match by {
        "sex" => line.sex.clone().unwrap_or_else(|| NOT_STATED.into()),
        "age" => line.age.into(),
        "organisation" => line.organisation.map_or_else(|| NOT_STATED.into(), |id| id.to_string()),
        "role" => line.role.map_or(NOT_STATED, |role| role.code()).into(),
        _ => if line.first { "yes" } else { "no" }.into(),
    }
}

/// What people are counted by.
pub(crate) const CUTS: [&str; 5] = ["sex", "age", "organisation", "role", "first"];

/// Counts.
pub(crate) fn count(w: Words, all: &[Trained]) -> Figures {
    Figures {
        persons: all.len() as i64,
        participations: all.iter().map(|line| line.participations).sum(),
        minutes: all.iter().map(|line| line.minutes).sum(),
        cuts: CUTS.map(|by| cut(w, all, by)).into(),
    }
}

fn cut(w: Words, all: &[Trained], by: &'static str) -> Cut {
    let mut buckets: Vec<Bucket> = Vec::new();
    for line in all {
        let code = code(line, by);
        let at = buckets.iter().position(|bucket| bucket.code == code).unwrap_or_else(|| {
            let label = label(w, line, by, &code);
            buckets.push(Bucket { code, label, persons: 0, participations: 0, minutes: 0 });
            buckets.len() - 1
        });
        buckets[at].persons += 1;
        buckets[at].participations += line.participations;
        buckets[at].minutes += line.minutes;
    }
    let order = |bucket: &Bucket| match by {
        "age" => AGES.iter().position(|age| *age == bucket.code).unwrap_or_default() as i64,
        _ => -bucket.persons,
    };
    buckets.sort_by_key(|bucket| (bucket.code == NOT_STATED, order(bucket)));
    Cut { by, buckets }
}

fn label(w: Words, line: &Trained, by: &str, code: &str) -> String {
    match (by, &line.organisation_name) {
        _ if code == NOT_STATED => w.t("not_stated").into_owned(),
        ("organisation", Some(name)) => name.best(w.lang).to_owned(),
        ("sex", _) => w.t2("person.sex", code),
        ("age", _) => w.t2("age", code),
        ("role", _) => w.t2("participant.role", code),
        _ => w.t2("first_time", code),
    }
}

/// Keeps whoever stands in the buckets that the query names.
pub(crate) fn narrow(all: &mut Vec<Trained>, query: &Fields) {
    for by in CUTS {
        if let Some(wanted) = query.text(by) {
            all.retain(|line| code(line, by) == wanted);
        }
    }
}

/// Minutes as hours, with a decimal where there is a part of an hour.
pub(crate) fn hours(w: Words, minutes: i64) -> String {
    if minutes % 60 == 0 { w.num(minutes / 60) } else { w.decimal((minutes * 10 + 30) / 60, 1) }
}

#[cfg(test)]
mod tests {
    use super::age_band;

    #[test]
    fn age_bands_meet_without_a_hole() {
        let day = jiff::civil::date(2026, 6, 1);
        let bands = [(2012, "0-14"), (2011, "15-24"), (2002, "15-24"), (2001, "25-35"), (1991, "25-35")];
        for (year, band) in bands.into_iter().chain([(1990, "36-59"), (1967, "36-59"), (1966, "60")]) {
            assert_eq!(age_band(Some(year), day), band, "born in {year}");
        }
        assert_eq!(age_band(None, day), "none");
    }
}
