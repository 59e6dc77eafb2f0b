//! A person without account: a member, a president, someone trained.

use kernel::kinds::{Many, Multi, Phone};
use kernel::value::Row;
use kernel::{Db, Id, Lang, Result, Sql, Tx, Viewer, choice, record, sql};

use crate::Year;

choice! {
    /// The sex of a person, as the person or the register states it.
    pub Sex in "person.sex" { Woman = "woman", Man = "man" }
}

choice! {
    /// Languages spoken and read where Tiwizi started; other countries add theirs.
    pub Tongue in "tongue" {
        Darija = "ary", Tachelhit = "shi", Tamazight = "tzm", Tarifit = "rif", Hassaniya = "mey",
        Arabic = "ar", French = "fr", English = "en", Amazigh = "zgh",
    }
}

record! {
    /// A person known to a programme through an organisation.
    pub Person in "person" as "people.person", then saved {
        identity(File, File) { name: Multi, sex: Option<Sex>, birth_year: Option<Year>, position: Option<String> }
        contact(File, File) { phone: Option<Phone> }
        languages(File, File) { speaks: Option<Many<Tongue>>, reads: Option<Many<Tongue>> }
        state(Steward, Steward) { erased: bool }
    }
}

/// After each save: the order of lists and the words that find the person. Who was erased is not found.
fn saved(person: &Person, tx: &mut Tx<'_>) -> Result<()> {
    let sort = if person.erased { None } else { Some(fold::fold(person.name.best(Lang::Fr))) };
    tx.run(&sql("update person set sort = ? where id = ?").bind(sort).bind(person.id))?;
    let names: Vec<&str> = if person.erased { Vec::new() } else { person.name.all().collect() };
    kernel::search::index(tx, "person", person.id, names.into_iter())
}

/// True if the data of one of these persons was erased: whoever hears of her later keeps nothing of it.
pub fn erased(db: &mut Db, ids: &[Id]) -> Result<bool> {
    let query = sql("select count(*) from person where erased = 1 and id").within(ids);
    Ok(db.one::<i64>(&query.open("only whether it was erased"))? > 0)
}

/// The name of somebody whose data was erased.
fn nobody() -> Multi {
    Multi(Lang::ALL.into_iter().map(|lang| (lang.code().to_owned(), "—".to_owned())).collect())
}

/// Erases what identifies a person, here and in every fact; sex and birth year stay, so that counts stay true.
/// The rooms above hear `people.person.erased` and erase what they keep.
pub(crate) fn erase(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let person = kernel::record::get::<Person>(tx, id)?;
    if person.erased {
        return Ok(());
    }
    if let Some(phone) = &person.phone {
        crate::message::erase(tx, phone)?;
    }
    let (version, sex, birth_year) = (person.version, person.sex, person.birth_year);
    let left = Person {
        id,
        version,
        name: nobody(),
        sex,
        birth_year,
        position: None,
        phone: None,
        speaks: None,
        reads: None,
        erased: true,
    };
    kernel::record::update(tx, &left)?;
    kernel::facts::erase_values(tx, id, &["name", "position", "phone", "speaks", "reads"])?;
    crate::consent::erase_witnesses(tx, id)?;
    tx.fact("people.person.erased", id, id, serde_json::Map::new())?;
    Ok(())
}

/// One line of a list of persons.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    /// Id.
    pub(crate) id: Id,
    /// Name.
    pub(crate) name: Multi,
    /// Sex, if stated.
    pub(crate) sex: Option<Sex>,
    /// Birth year, if stated.
    pub(crate) birth_year: Option<i64>,
    /// What the person does.
    pub(crate) position: Option<String>,
    /// Where a list goes on after this line.
    #[serde(skip)]
    pub(crate) sort: String,
}

/// The part of a statement from `from person p` on: persons this viewer may know of, found by what was typed.
pub(crate) fn condition(viewer: &Viewer, typed: Option<&str>) -> Sql {
    let query = sql(" from person p where p.erased = 0 and").seen_via(viewer, "p.id");
    match typed {
        Some(typed) => kernel::search::matching(query, "person", "p.id", typed),
        None => query,
    }
}

/// How many there are.
pub(crate) fn count(db: &mut Db, viewer: &Viewer, typed: Option<&str>) -> Result<i64> {
    db.one(&sql("select count(*)").join(condition(viewer, typed)))
}

/// A page of them in the order of names, after a cursor made of sort key and id.
pub(crate) fn list(
    db: &mut Db,
    viewer: &Viewer,
    typed: Option<&str>,
    after: Option<(&str, &str)>,
    most: i64,
) -> Result<Vec<Line>> {
    let mut query = sql("select p.id, p.name, p.sex, p.birth_year, p.position, coalesce(p.sort, '')")
        .join(condition(viewer, typed));
    if let Some((sort, id)) = after {
        query = query.and(" and (p.sort > ? or (p.sort = ? and p.id > ?))").bind(sort).bind(sort).bind(id);
    }
    db.rows(&query.and(" order by p.sort, p.id limit ?").bind(most), line)
}

fn line(row: &mut Row) -> Result<Line> {
    Ok(Line {
        id: row.take()?,
        name: row.take()?,
        sex: row.take()?,
        birth_year: row.take()?,
        position: row.take()?,
        sort: row.take()?,
    })
}
