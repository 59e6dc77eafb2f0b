//! What was found when somebody looked at a cooperative: how far it is on each subject, from 0 to 4, and when.
//!
//! Rooms above look in their own ways (a diagnosis, an audit) and state what they found here, so that others act on
//! it without knowing how it was found: training invites whoever lacks a subject, and sees later whether it moved.
//! Findings are worked out from the records of whoever states them; they have no history of their own.

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::value::Row;
use kernel::{Db, Id, Result, Tx, Viewer, sql};

/// The highest level of a subject.
pub const HIGHEST: i64 = 4;

/// A level up to this one is a gap: the subject is absent, occasional, partial or late.
pub const GAP: i64 = 2;

/// Something that a cooperative can be good at, such as keeping a cash book.
#[derive(Clone, Debug, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Subject {
    /// Its code, unique in the house, such as `boussole-1/E1`.
    pub code: String,
    /// What it is.
    pub name: Multi,
    /// What it belongs to, such as *Finance and accounts*.
    pub group: Multi,
}

/// How far a cooperative was on a subject on a day.
#[derive(Clone, Debug, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// The cooperative.
    pub organisation: Id,
    /// Code of the subject.
    pub subject: String,
    /// From 0 (absent) to [`HIGHEST`].
    pub level: i64,
    /// The day it was found.
    #[schemars(with = "String")]
    pub found: Date,
}

/// Makes the subjects of a list (an edition of an instrument) known, in their order; a known one takes the new name.
pub fn describe(tx: &mut Tx<'_>, list: &str, subjects: &[Subject]) -> Result<()> {
    for (position, subject) in subjects.iter().enumerate() {
        let statement = sql("insert into subject (code, list, name, belongs, position) values (?, ?, ?, ?, ?)
             on conflict (code) do update set name = excluded.name, belongs = excluded.belongs, position = excluded.position");
        tx.run(
            &statement
                .bind(&subject.code)
                .bind(list)
                .bind(subject.name.clone())
                .bind(subject.group.clone())
                .bind(position as i64),
        )?;
    }
    Ok(())
}

/// Every known subject, in order.
pub fn subjects(db: &mut Db) -> Result<Vec<Subject>> {
    db.rows(&sql("select code, name, belongs from subject order by list, position"), |row| {
        Ok(Subject { code: row.take()?, name: row.take()?, group: row.take()? })
    })
}

/// States what `source` (a diagnosis) found on a day; what it stated before is forgotten.
pub fn state(
    tx: &mut Tx<'_>,
    source: Id,
    organisation: Id,
    found: Date,
    levels: &[(String, i64)],
) -> Result<()> {
    withdraw(tx, source)?;
    for (subject, level) in levels {
        let insert = sql(
            "insert into finding (id, source, organisation, subject, level, found) values (?, ?, ?, ?, ?, ?)",
        );
        tx.run(
            &insert.bind(Id::new()).bind(source).bind(organisation).bind(subject).bind(*level).bind(found),
        )?;
    }
    Ok(())
}

/// Forgets what `source` stated.
pub fn withdraw(tx: &mut Tx<'_>, source: Id) -> Result<()> {
    tx.run(&sql("delete from finding where source = ?").bind(source).open("findings of one source"))?;
    Ok(())
}

fn from_row(row: &mut Row) -> Result<Finding> {
    Ok(Finding { organisation: row.take()?, subject: row.take()?, level: row.take()?, found: row.take()? })
}

/// What was found of these subjects wherever the viewer may read a file, the earliest first.
pub fn of_subjects(db: &mut Db, viewer: &Viewer, subjects: &[String]) -> Result<Vec<Finding>> {
    let query = sql("select organisation, subject, level, found from finding where subject").within(subjects);
    let query = query.and(" and").seen_near(viewer, "organisation", kernel::Standing::File);
    db.rows(&query.and(" order by found, id"), from_row)
}

/// The latest finding of each subject of an organisation, in the order of the subjects.
pub fn latest(db: &mut Db, organisation: Id) -> Result<Vec<Finding>> {
    let query = sql("select f.organisation, f.subject, f.level, f.found from finding f join subject s on s.code = f.subject
                     where f.organisation = ? order by s.list, s.position, f.found desc, f.id desc")
        .bind(organisation)
        .open("the caller checked the standing at the organisation");
    let mut found: Vec<Finding> = Vec::new();
    db.each(&query, |row| {
        let finding = from_row(row)?;
        if found.last().is_none_or(|last| last.subject != finding.subject) {
            found.push(finding);
        }
        Ok(())
    })?;
    Ok(found)
}
