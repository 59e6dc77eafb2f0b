//! The index: which records of a kind a reader may know of and a question finds, as sets of numbers.
//!
//! A list with an exact count over a whole country cannot look at every record. Each record of an indexed kind
//! has a number, a place in the order of names, and *terms*: its kind, its places, the words of its name, the scopes
//! that reach it. For each term the set of its numbers is kept as a compressed bitmap beside the records, written
//! in the transaction that changes them. A [`Question`] unites and intersects such sets; the rights of the reader are
//! one of them, so that nothing is counted or listed outside of them.

mod ask;
mod family;
mod keep;
mod lately;
mod order;

pub use ask::{Found, Page, Question};
pub use keep::{Entry, Indexed, faults, rebuild};
pub(crate) use keep::{settle, take_up};

use roaring::RoaringBitmap;

use crate::{Error, Result};

/// Every indexed record has this term.
const ANY: &str = "any";

/// A set is kept in pieces of so many numbers, so that a change rewrites at most 8 KB.
const PIECE: u32 = 1 << 16;

/// The term of a scope that reaches a record.
fn reach(scope: &str) -> String {
    format!("reach:{scope}")
}

/// The term of a word under which a record is found.
pub fn word(word: &str) -> String {
    format!("word:{word}")
}

fn unpack(bytes: &[u8]) -> Result<RoaringBitmap> {
    RoaringBitmap::deserialize_from(bytes).map_err(Error::internal)
}

fn pack(numbers: &RoaringBitmap) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(numbers.serialized_size());
    numbers.serialize_into(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}
