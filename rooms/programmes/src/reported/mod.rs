//! What other actors publish of their own work, read from their IATI and 3W files. Such a file names places and hardly ever
//! a cooperative, so it stands beside the interventions that are known cooperative by cooperative, and is never counted
//! with them.

mod hxl;
mod iati;
mod pages;
mod sector;

use jiff::civil::Date;
use kernel::kinds::{Long, Multi, Ref};
use kernel::{Db, Id, Result, Sql, Tx, choice, record, sql};
use people::Account;
use schemars::JsonSchema;
use serde::Serialize;

use crate::intervention::{Filter, InterventionStatus};
use crate::programme::Theme;

pub(crate) use pages::routes;

choice! {
    /// What a file is written in.
    pub Standard in "others_file.standard" { Iati = "iati", Hxl = "hxl" }
}

record! {
    /// A file in which an actor tells of its own work.
    pub OthersFile in "others_file" as "programmes.others_file" {
        main(File, File) {
            name: String, standard: Standard, publisher: Option<String>, account: Ref<Account>,
            /// How many interventions were read from it.
            told: i64,
            /// What could not be read, a line each: the key of why, a tab, and which.
            refused: Option<Long>,
        }
    }
}

/// An intervention as a file tells it, of one or several places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reported {
    /// What the publisher calls it: the same in the next edition of its file.
    reference: String,
    actor: String,
    title: Multi,
    theme: Option<Theme>,
    /// The sector in the publisher's words or codes.
    sector: Option<String>,
    /// Codes of divisions; none where it is of the whole country, or does not say.
    places: Vec<String>,
    since: Option<Date>,
    until: Option<Date>,
    status: InterventionStatus,
}

/// What a file holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    publisher: Option<String>,
    told: Vec<Reported>,
    /// Why something was left out (last part of a key `others.why.…`), and what.
    refused: Vec<(&'static str, String)>,
}

/// Refusals that are kept: who sent ten thousand wrong lines needs to see the first.
const REFUSED: usize = 200;

/// Keeps what a file tells. What an earlier edition of it told is replaced; what it no longer names stays with that edition.
fn keep(tx: &mut Tx<'_>, file: &OthersFile, contents: &Contents) -> Result<()> {
    kernel::record::insert(tx, file)?;
    for one in &contents.told {
        let nowhere = [String::new()];
        let places: &[String] = if one.places.is_empty() { &nowhere } else { &one.places };
        for place in places {
            let insert = sql(
                "insert into reported_intervention (reference, place, file, actor, title, theme, sector, since, until, status)
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (reference, place) do update set file = excluded.file,
                 actor = excluded.actor, title = excluded.title, theme = excluded.theme, sector = excluded.sector,
                 since = excluded.since, until = excluded.until, status = excluded.status",
            );
            let insert = insert
                .bind(one.reference.clone())
                .bind(place.clone())
                .bind(file.id)
                .bind(one.actor.clone())
                .bind(one.title.clone())
                .bind(one.theme)
                .bind(one.sector.clone())
                .bind(one.since)
                .bind(one.until)
                .bind(one.status);
            tx.run(&insert)?;
        }
    }
    Ok(())
}

/// Takes back everything that still stands from a file.
fn take_back(tx: &mut Tx<'_>, file: &OthersFile) -> Result<()> {
    tx.run(&sql("delete from reported_intervention where file = ?").bind(file.id))?;
    kernel::record::remove(tx, file)
}

/// A reported intervention in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) actor: String,
    pub(crate) title: Multi,
    pub(crate) theme: Option<Theme>,
    pub(crate) sector: Option<String>,
    /// Code of a division; empty for the whole country.
    pub(crate) place: String,
    #[schemars(with = "Option<String>")]
    pub(crate) since: Option<Date>,
    #[schemars(with = "Option<String>")]
    pub(crate) until: Option<Date>,
    pub(crate) status: InterventionStatus,
}

/// Narrows to what a page asks for. A programme, an organisation or an actor of the registry is in no file of others.
fn condition(filter: &Filter) -> Sql {
    let mut query = sql(" from reported_intervention r where 1 = 1")
        .and_if(" and r.theme = ?", filter.theme.as_deref())
        .and_if(" and (r.until is null or r.until >= ?)", filter.from)
        .and_if(" and (r.since is null or r.since <= ?)", filter.to);
    if filter.programme.is_some() || filter.organisation.is_some() || filter.actor.is_some() {
        query = query.and(" and 1 = 0");
    }
    if let Some(territory) = &filter.territory {
        let (from, to) = kernel::territory::range(territory);
        query = query.and(" and r.place >= ? and r.place < ?").bind(from).bind(to);
    }
    query
}

/// How many there are, and the latest of them.
pub(crate) fn list(db: &mut Db, filter: &Filter, most: i64) -> Result<(i64, Vec<Line>)> {
    let count = db.one(&sql("select count(*)").join(condition(filter)))?;
    let query = sql("select r.actor, r.title, r.theme, r.sector, r.place, r.since, r.until, r.status")
        .join(condition(filter))
        .and(" order by coalesce(r.since, '') desc, r.reference, r.place limit ?")
        .bind(most);
    let lines = db.rows(&query, |row| {
        Ok(Line {
            actor: row.take()?,
            title: row.take()?,
            theme: row.take()?,
            sector: row.take()?,
            place: row.take()?,
            since: row.take()?,
            until: row.take()?,
            status: row.take()?,
        })
    })?;
    Ok((count, lines))
}

/// Which of these communes others say that they work in: by the commune, or by its cercle, province or région.
pub(crate) fn work_in(db: &mut Db, filter: &Filter, communes: &[&String]) -> Result<Vec<i64>> {
    let query =
        sql("select r.place, count(*)").join(condition(&Filter { territory: None, ..filter.clone() }));
    let places: Vec<(String, i64)> =
        db.rows(&query.and(" and r.place <> '' group by r.place"), |row| Ok((row.take()?, row.take()?)))?;
    let inside = |commune: &str, place: &str| {
        commune == place || kernel::territory::ancestors(commune).iter().any(|around| around == place)
    };
    Ok(communes
        .iter()
        .map(|commune| places.iter().filter(|(place, _)| inside(commune, place)).map(|(_, n)| n).sum())
        .collect())
}

/// The files that were read, the latest first.
fn files(db: &mut Db) -> Result<Vec<OthersFile>> {
    use kernel::Record;
    let query =
        sql(&format!("select {} from others_file order by id desc limit 100", OthersFile::columns("")));
    db.rows(&query.open("files that their publishers made public"), OthersFile::from_row)
}

/// The file with this id.
fn file(db: &mut Db, id: Id) -> Result<OthersFile> {
    kernel::record::get::<OthersFile>(db, id)
}
