//! The settlement in figures: what was received, less what was agreed, shared by what was accepted and its grade.

use crate::division::proportional;

/// What a cooperative delivered and was paid ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Packs accepted times the worth of their grade, in thousandths of the first grade.
    pub worth: i128,
    /// Paid ahead, in centimes.
    pub advance: i64,
    /// Decides who gets the last centime among equals: the smaller first.
    pub draw: u128,
}

/// What a cooperative is paid, in centimes. `net` is below zero when it got more ahead than its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Its part of what was received.
    pub gross: i64,
    /// Its part of the charges.
    pub charges: i64,
    /// What it got ahead.
    pub advance: i64,
    /// What is still to be paid.
    pub net: i64,
}

/// Shares what was received and the charges, both in centimes and each exactly: all `net`, all `advance` and the charges
/// add up to what was received. `None` when the charges exceed it or nothing was accepted.
pub fn settle(received: i64, charges: i64, delivered: &[Delivered]) -> Option<Vec<Paid>> {
    let worths: Vec<i128> = delivered.iter().map(|line| line.worth).collect();
    if received <= 0 || !(0..=received).contains(&charges) || worths.iter().sum::<i128>() <= 0 {
        return None;
    }
    let draws: Vec<u128> = delivered.iter().map(|line| line.draw).collect();
    // What remains is shared, and the charges; a gross part is their sum, so that no charge exceeds it.
    let rests = proportional(received - charges, &worths, &draws);
    let parts = proportional(charges, &worths, &draws);
    let paid = |((rest, charges), line): ((i64, i64), &Delivered)| Paid {
        gross: rest + charges,
        charges,
        advance: line.advance,
        net: rest - line.advance,
    };
    Some(rests.into_iter().zip(parts).zip(delivered).map(paid).collect())
}
