//! A data-sharing agreement: what an organisation lets a partner know of its file, why, until when. It owns its file
//! and can end the agreement on any day.

use jiff::civil::Date;
use kernel::access::{self, Standing};
use kernel::kinds::{Long, Multi, Ref};
use kernel::{Db, Id, Result, Tx, choice, record, sql};

use crate::{Organisation, organisation};

choice! {
    /// How much of the file an agreement opens.
    pub Extent in "agreement.extent" { Profile = "profile", File = "file" }
}

record! {
    /// What an organisation lets a partner know of its file.
    pub Agreement in "agreement" as "registry.agreement", about organisation, then saved {
        main(Shared, File) {
            organisation: Ref<Organisation>, partner: Ref<Organisation>, purpose: Long, extent: Extent,
            since: Date, until: Date,
        }
        end(Shared, File) { ended: Option<Date> }
    }
}

/// An agreement reaches from its first day to its last; ending it closes the file to the partner at once.
fn saved(agreement: &Agreement, tx: &mut Tx<'_>) -> Result<()> {
    let scope = organisation::scope(agreement.partner.id);
    let today = kernel::today();
    if agreement.ended.is_some() || agreement.until < today || agreement.since > today {
        return access::revoke(tx, agreement.organisation.id, &scope);
    }
    let standing = match agreement.extent {
        Extent::Profile => Standing::Shared,
        Extent::File => Standing::File,
    };
    let last = kernel::locale::end_of_day(agreement.until);
    access::grant(tx, agreement.organisation.id, &scope, standing, Some(last))
}

/// Once a day: agreements whose first day has come open the file to their partner.
pub(crate) fn begin(tx: &mut Tx<'_>) -> Result<()> {
    let query = sql("select id from agreement where ended is null and since <= ? and until >= ?")
        .bind(kernel::today())
        .bind(kernel::today())
        .open("daily work of the machine");
    for id in tx.rows(&query, |row| row.take::<Id>())? {
        saved(&kernel::record::get::<Agreement>(tx, id)?, tx)?;
    }
    Ok(())
}

/// An agreement as a list shows it, seen from one of its parties.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    /// Id.
    pub id: Id,
    /// The other party.
    pub other: Id,
    /// Its name.
    pub name: Multi,
    /// True if the organisation of the page gives, false if it receives.
    pub gives: bool,
    /// Why.
    pub purpose: String,
    /// How much.
    pub extent: Extent,
    /// From.
    #[schemars(with = "String")]
    pub since: Date,
    /// To.
    #[schemars(with = "String")]
    pub until: Date,
    /// When it was ended before its time.
    #[schemars(with = "Option<String>")]
    pub ended: Option<Date>,
}

/// The agreements of an organisation. A party knows the other's name: it signed with it.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Vec<Line>> {
    let query = sql("select a.id, o.id, o.name, case when a.organisation = ? then 1 else 0 end, a.purpose, a.extent, a.since, a.until, a.ended
                     from agreement a join organisation o on o.id in (a.organisation, a.partner) and o.id <> ?
                     where a.organisation = ? or a.partner = ? order by coalesce(a.ended, a.until) desc, a.id")
        .bind(organisation).bind(organisation).bind(organisation).bind(organisation)
        .open("the caller checked the standing at the organisation");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            other: row.take()?,
            name: row.take()?,
            gives: row.take()?,
            purpose: row.take()?,
            extent: row.take()?,
            since: row.take()?,
            until: row.take()?,
            ended: row.take()?,
        })
    })
}
