//! A house that goes on from a backup: what happened after that backup is forgotten here, and remembered elsewhere.
//!
//! Somebody may still hold a version of a record that this house never had. Were its versions counted on from the backup, the
//! same number would soon name other content, and that person would seem to have seen what they never saw. So whatever
//! changes from now on has a version above every one that was ever given.

use crate::{Db, Result, sql};

/// The instant from which floors are counted: 2026-01-01, in milliseconds.
const EPOCH: i64 = 1_767_225_600_000;
/// Changes of one record that a minute has room for. Versions stay below 2³¹, beyond which ODK Collect does not count, for
/// more than sixty years.
const A_MINUTE: i64 = 64;

/// Notes that everything was restored at this instant, at least a minute after the last time.
pub fn begin(db: &mut Db, at: i64) -> Result<()> {
    let floor = (at - EPOCH) / 60_000 * A_MINUTE;
    let noted = sql("insert into restoration (at, floor) values (?, ?) on conflict (at) do nothing");
    db.run(&noted.bind(at).bind(floor)).map(|_| ())
}

/// The version that follows on this one.
pub(crate) fn version_after(db: &mut Db, version: i64) -> Result<i64> {
    let floor: i64 = db.one(&sql("select coalesce(max(floor), 0) from restoration"))?;
    Ok((version + 1).max(floor))
}
