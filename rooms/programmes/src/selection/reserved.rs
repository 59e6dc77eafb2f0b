//! Numbers that a telephone holds ahead of time: a cooperative that applies where there is no network leaves with the number
//! of its application on a receipt, and nobody else is given it.

use kernel::value::Row;
use kernel::{Db, Error, Id, Result, Tx, now, sql};

use super::call::{self, Call};

/// Numbers of a block.
const BLOCK: i64 = 20;
/// Blocks of one telephone in one call.
const MOST: i64 = 20;
/// Blocks of one account in one call, however many telephones it has.
const MOST_OF_ACCOUNT: i64 = 5 * MOST;
/// How far ahead a number may be of which this house knows no block: it went on from an older backup since.
const AHEAD: i64 = BLOCK * MOST;

/// Numbers from the first to the last.
pub type Block = (i64, i64);

/// Reserves numbers of a call for somebody's telephone, which knows of those up to `known`. Asked again because the answer
/// was lost, it answers the same. The caller checked the standing at the call.
pub fn reserve(tx: &mut Tx<'_>, call: Id, account: Id, device: Id, known: i64) -> Result<Block> {
    call::hold(tx, call)?;
    if !kernel::record::get::<Call>(tx, call)?.takes(kernel::today()) {
        return Err(Error::refused("call.not_open"));
    }
    let own = sql(
        "select first, last from application_block where call = ? and device = ? and account = ? order by first",
    );
    let own = own.bind(call).bind(device).bind(account);
    let blocks: Vec<Block> =
        tx.rows(&own.open("numbers of one telephone"), |row| Ok((row.take()?, row.take()?)))?;
    if let Some(told) = blocks.iter().find(|(first, _)| *first > known) {
        return Ok(*told);
    }
    let all =
        sql("select count(*) from application_block where call = ? and account = ?").bind(call).bind(account);
    let all: i64 = tx.one(&all.open("numbers of one account"))?;
    if blocks.len() as i64 >= MOST || all >= MOST_OF_ACCOUNT {
        return Err(Error::refused("application.no_numbers"));
    }
    let first = next(tx, call)?;
    let last = first + BLOCK - 1;
    let made = sql(
        "insert into application_block (id, call, device, account, first, last, at) values (?, ?, ?, ?, ?, ?, ?)",
    );
    let made = made.bind(Id::new()).bind(call).bind(device).bind(account).bind(first).bind(last).bind(now());
    tx.run(&made.open("numbers of one telephone"))?;
    Ok((first, last))
}

/// The first number of a call that was neither given nor reserved.
pub(crate) fn next(db: &mut Db, call: Id) -> Result<i64> {
    let given = sql("select cast(coalesce(max(number), 0) as bigint) from application where call = ?");
    let given: i64 = db.one(&given.bind(call).open("numbers of one call"))?;
    let reserved = sql("select cast(coalesce(max(last), 0) as bigint) from application_block where call = ?");
    Ok(given.max(db.one(&reserved.bind(call).open("numbers of one call"))?) + 1)
}

/// True if an application of this account may bear the number that stands on its receipt: nobody else has it.
pub(crate) fn is_free(tx: &mut Tx<'_>, call: Id, account: Id, number: i64) -> Result<bool> {
    call::hold(tx, call)?;
    let given = sql("select count(*) from application where call = ? and number = ?").bind(call).bind(number);
    if number < 1 || tx.one::<i64>(&given.open("numbers of one call"))? > 0 {
        return Ok(false);
    }
    let holder = sql("select account from application_block where call = ? and first <= ? and last >= ?");
    let holder = holder.bind(call).bind(number).bind(number).open("whose number it is");
    let holder: Option<Id> = tx.row(&holder, Row::take)?;
    Ok(match holder {
        Some(holder) => holder == account,
        None => number < next(tx, call)? + AHEAD,
    })
}
