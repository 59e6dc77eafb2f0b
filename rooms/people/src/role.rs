//! A role: what an account may do, where, from when to when.

use jiff::civil::Date;
use kernel::access::Standing;
use kernel::kinds::{Choice, Ref};
use kernel::{Db, Error, Id, Result, Tx, choice, record, sql, today};

use crate::Account;

choice! {
    /// The roles. Whoever holds one may do what it says, inside its scope.
    pub RoleKind in "role.role" {
        Administrator = "administrator",
        Manager = "manager",
        Coach = "coach",
        Trainer = "trainer",
        Partner = "partner",
        Representative = "representative",
    }
}

record! {
    /// A role of an account in a scope, between two dates.
    pub Role in "role" as "people.role", about account {
        main(Steward, Steward) { account: Ref<Account>, role: RoleKind, scope: String, since: Date, until: Option<Date> }
    }
}

/// The scope of the whole platform: only administrators hold a role in it.
pub const PLATFORM: &str = "platform";

/// How near the holder of a role stands to what its scope reaches.
pub(crate) fn standing_of(role: &str) -> Standing {
    match RoleKind::from_code(role) {
        Some(RoleKind::Administrator | RoleKind::Manager) => Standing::Steward,
        Some(RoleKind::Coach | RoleKind::Representative) => Standing::File,
        Some(RoleKind::Trainer | RoleKind::Partner) => Standing::Shared,
        None => Standing::Public,
    }
}

/// True if a role of this kind has a meaning in this scope.
fn fits(role: RoleKind, scope: &str) -> bool {
    let (kind, of) = scope.split_once(':').unwrap_or((scope, ""));
    match (role, kind) {
        (RoleKind::Administrator, _) => scope == PLATFORM,
        (RoleKind::Representative, _) => kind == "organisation" && of.parse::<Id>().is_ok(),
        (_, "organisation" | "programme") => of.parse::<Id>().is_ok(),
        (_, "territory") => kernel::territory::atlas().is_none_or(|atlas| atlas.get(of).is_some()),
        _ => false,
    }
}

/// Gives an account a role. The caller has checked that the giver may.
pub fn grant(
    tx: &mut Tx<'_>,
    id: Id,
    account: Id,
    role: RoleKind,
    scope: &str,
    since: Date,
    until: Option<Date>,
) -> Result<Role> {
    if !fits(role, scope) {
        return Err(Error::field("scope", "role.scope.fits"));
    }
    if until.is_some_and(|until| until < since) {
        return Err(Error::field("until", "role.until.order"));
    }
    kernel::record::get::<Account>(tx, account)?;
    let role = Role { id, version: 1, account: account.into(), role, scope: scope.to_owned(), since, until };
    kernel::record::insert(tx, &role)?;
    Ok(role)
}

/// Ends a role yesterday, so that it gives nothing from this moment on; one that began today is removed.
pub fn end(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    hold_administrators(tx)?;
    let role = kernel::record::get::<Role>(tx, id)?;
    let yesterday = today().yesterday().map_err(Error::internal)?;
    if role.since > yesterday {
        kernel::record::remove(tx, &role)?;
    } else if role.until.is_none_or(|until| until > yesterday) {
        kernel::record::update(tx, &Role { until: Some(yesterday), ..role })?;
    }
    somebody_administers(tx)
}

/// Makes whoever else changes administrators wait until this write is done.
pub(crate) fn hold_administrators(tx: &mut Tx<'_>) -> Result<()> {
    tx.run(&sql("update account set version = version where id in (select account from role where role = 'administrator')"))?;
    Ok(())
}

/// Refuses a change after which nobody administers the platform for good.
pub(crate) fn somebody_administers(tx: &mut Tx<'_>) -> Result<()> {
    let query = sql("select count(*) from role r join account a on a.id = r.account
                     where r.role = 'administrator' and r.since <= ? and r.until is null and a.disabled = 0");
    if tx.one::<i64>(&query.bind(today()))? == 0 {
        Err(Error::refused("error.last_administrator"))
    } else {
        Ok(())
    }
}

/// The roles of an account, the ones that hold first.
pub(crate) fn of(db: &mut Db, account: Id) -> Result<Vec<Role>> {
    let query = format!(
        "select {} from role where account = ? order by coalesce(until, '9999') desc, since, id",
        <Role as kernel::Record>::columns("")
    );
    db.rows(&sql(&query).bind(account), <Role as kernel::Record>::from_row)
}

/// Somebody who holds a role in a scope.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Holder {
    /// Id of the role.
    pub role: Id,
    /// Which role.
    pub kind: RoleKind,
    /// Id of the account.
    pub account: Id,
    /// Name of its holder.
    pub name: String,
    /// First day.
    #[schemars(with = "String")]
    pub since: Date,
    /// Last day, if one is set.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

/// Who holds a role in exactly this scope today. The caller has checked that the viewer may know.
pub fn holders(db: &mut Db, scope: &str) -> Result<Vec<Holder>> {
    let query = sql("select r.id, r.role, r.account, a.name, r.since, r.until from role r join account a on a.id = r.account
                     where r.scope = ? and r.since <= ? and (r.until is null or r.until >= ?) and a.disabled = 0
                     order by r.role, a.sort, r.id");
    db.rows(&query.bind(scope).bind(today()).bind(today()), |row| {
        Ok(Holder {
            role: row.take()?,
            kind: row.take()?,
            account: row.take()?,
            name: row.take()?,
            since: row.take()?,
            until: row.take()?,
        })
    })
}
