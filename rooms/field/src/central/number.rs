//! Numbers for what is an id here: programs that know ODK Central want them.

use kernel::value::Row;
use kernel::{Actor, App, Error, Id, Result, sql};

/// The number of a programme: small, and the same for good.
pub(crate) fn of(app: &App, programme: Id) -> Result<i64> {
    let there = sql("select number from central_project where programme = ?");
    let there = there.bind(programme).open("a number tells nothing");
    if let Some(number) = app.read(|db| db.row(&there, Row::take))? {
        return Ok(number);
    }
    // Two at once may want the same number: whoever comes second takes the next.
    for _ in 0..10 {
        let give = sql("insert into central_project (programme, number)
             select cast(? as text), coalesce(max(number), 0) + 1 from central_project where 1 = 1
             on conflict do nothing")
        .bind(programme)
        .open("a number tells nothing");
        let number = app.write(Actor::machine("device"), |tx| {
            tx.run(&give)?;
            tx.row(&there, Row::take)
        })?;
        if let Some(number) = number {
            return Ok(number);
        }
    }
    Err(Error::internal(format!("programme {programme} has no number")))
}

/// A number for an account: the same for good, and no other account's as far as chance goes (one in 2^53 for two of them).
pub(super) fn of_account(account: Id) -> i64 {
    let number = account.number();
    let folded = (number >> 64) as u64 ^ number as u64;
    (folded & ((1 << 53) - 1)) as i64
}
