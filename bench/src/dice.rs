//! Chance that falls the same way each time, and identifiers in order.

use kernel::Id;

use crate::Result;

/// A generator of numbers that is the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that start here.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next number.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The first instant of the invented country: the first of June 2024.
const FIRST: u64 = 1_717_200_000_000;

/// Identifiers as they would have been made over two years, each later than the one before.
#[derive(Default)]
pub(crate) struct Ids(u64);

impl Ids {
    /// Identifiers that come after so many others.
    pub(crate) fn after(others: u64) -> Ids {
        Ids(others)
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> Result<Id> {
        self.0 += 1;
        let (at, tail) = (self.at(), self.0);
        let text = format!(
            "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
            at >> 16,
            at & 0xffff,
            tail & 0xfff,
            (tail >> 12) & 0xfff,
            Dice::new(tail).roll() & 0xffff_ffff_ffff
        );
        Ok(text.parse()?)
    }

    /// The instant of the last one, in milliseconds.
    pub(crate) fn at(&self) -> i64 {
        (FIRST + self.0 * 10) as i64
    }
}
