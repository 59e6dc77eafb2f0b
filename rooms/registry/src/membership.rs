//! Membership of persons in an organisation. Members, active members and paid jobs are three different counts.

use jiff::civil::Date;
use kernel::access::{self, Standing};
use kernel::kinds::{Multi, Ref};
use kernel::{Db, Id, Result, Tx, record, sql};
use people::Person;

use crate::Organisation;

record! {
    /// A person's membership in an organisation.
    pub Membership in "membership" as "registry.membership", about organisation, then saved {
        main(File, File) { organisation: Ref<Organisation>, person: Ref<Person>, since: Option<Date>, until: Option<Date>, active: bool }
    }
}

fn saved(membership: &Membership, tx: &mut Tx<'_>) -> Result<()> {
    reach(tx, membership.person.id, membership.organisation.id)
}

/// Whoever works on the organisation's file reaches the person through it.
pub(crate) fn reach(tx: &mut Tx<'_>, person: Id, organisation: Id) -> Result<()> {
    access::grant(tx, person, &format!("via:{organisation}"), Standing::File, None)
}

/// A member as a list shows her.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Member {
    /// Id of the membership.
    pub id: Id,
    /// Who.
    pub person: Id,
    /// Name.
    pub name: Multi,
    /// Sex, if stated.
    pub sex: Option<String>,
    /// Year of birth, if stated.
    pub birth_year: Option<i64>,
    /// True if she takes part in the work.
    pub active: bool,
    /// Since when.
    #[schemars(with = "Option<String>")]
    pub since: Option<Date>,
}

/// How many persons are registered as members, by sex; who did not state it is counted apart.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// All of them.
    pub all: i64,
    /// Women.
    pub women: i64,
    /// Men.
    pub men: i64,
    /// Sex not stated.
    pub not_stated: i64,
    /// Active ones, of any sex.
    pub active: i64,
}

/// Counts the members of an organisation on a day.
pub fn counts(db: &mut Db, organisation: Id, today: Date) -> Result<Counts> {
    let query = sql(
        "select coalesce(p.sex, ''), m.active, count(*) from membership m join person p on p.id = m.person
                     where m.organisation = ? and (m.until is null or m.until >= ?) group by 1, 2",
    )
    .bind(organisation)
    .bind(today)
    .open("the caller checked the standing at the organisation");
    let mut counts = Counts::default();
    db.each(&query, |row| {
        let (sex, active, n): (String, i64, i64) = (row.take()?, row.take()?, row.take()?);
        counts.all += n;
        counts.active += active * n;
        *match sex.as_str() {
            "woman" => &mut counts.women,
            "man" => &mut counts.men,
            _ => &mut counts.not_stated,
        } += n;
        Ok(())
    })?;
    Ok(counts)
}

/// The members of an organisation in the order they were registered, a page at a time.
pub(crate) fn of(db: &mut Db, organisation: Id, after: &str, most: i64) -> Result<Vec<Member>> {
    let query = sql("select m.id, m.person, p.name, p.sex, p.birth_year, m.active, m.since
                     from membership m join person p on p.id = m.person
                     where m.organisation = ? and m.id > ? order by m.id limit ?")
    .bind(organisation)
    .bind(after)
    .bind(most)
    .open("the caller checked the standing at the organisation");
    db.rows(&query, |row| {
        Ok(Member {
            id: row.take()?,
            person: row.take()?,
            name: row.take()?,
            sex: row.take()?,
            birth_year: row.take()?,
            active: row.take()?,
            since: row.take()?,
        })
    })
}

/// A member by name, with the office she holds.
#[derive(Clone, Debug)]
pub struct Named {
    /// The organisation.
    pub organisation: Id,
    /// Who.
    pub person: Id,
    /// Her name.
    pub name: Multi,
    /// Code of her office, if she holds one.
    pub office: Option<String>,
    /// Her telephone.
    pub phone: Option<String>,
}

/// The members of these organisations on a day, for whoever works on their files, offices first.
pub fn named(db: &mut Db, viewer: &kernel::Viewer, organisations: &[Id], today: Date) -> Result<Vec<Named>> {
    let mut found = Vec::new();
    for some in organisations.chunks(200) {
        let query = sql("select m.organisation, p.id, p.name, min(g.role), p.phone from membership m
                         join person p on p.id = m.person
                         left join mandate g on g.person = p.id and g.organisation = m.organisation
                             and g.since <= ? and (g.until is null or g.until >= ?)
                         where p.erased = 0 and (m.until is null or m.until >= ?) and m.organisation")
        .bind(today)
        .bind(today)
        .bind(today)
        .within(some)
        .and(" and")
        .seen_near(viewer, "m.organisation", Standing::File)
        .and(
            " group by m.organisation, p.id, p.name, p.phone, p.sort
               order by m.organisation, case when min(g.role) is null then 1 else 0 end, p.sort, p.id",
        );
        found.extend(db.rows(&query, |row| {
            Ok(Named {
                organisation: row.take()?,
                person: row.take()?,
                name: row.take()?,
                office: row.take()?,
                phone: row.take()?,
            })
        })?);
    }
    Ok(found)
}
