//! What was learnt, measured on people who did the test both before and after.
//!
//! The normalised gain is Hake's: g = (after − before) / (max − before), the part of what could still be learnt that
//! was learnt (R. R. Hake, *Interactive-engagement versus traditional methods*, American Journal of Physics 66, 1998).
//! It has no value for whoever had everything right before: those are counted apart. Everything is exact; a number is
//! rounded only when it is shown.

use std::cmp::Ordering;

/// An exact fraction, its denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    num: i128,
    den: i128,
}

fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs().max(1) } else { divisor(b, a % b) }
}

impl Ratio {
    /// `num` / `den`, reduced; nothing for a denominator of zero.
    pub fn new(num: i128, den: i128) -> Option<Ratio> {
        if den == 0 {
            return None;
        }
        let by = divisor(num, den) * den.signum();
        Some(Ratio { num: num / by, den: den / by })
    }

    fn plus(self, other: Ratio) -> Ratio {
        let (num, den) = (self.num * other.den + other.num * self.den, self.den * other.den);
        Ratio::new(num, den).unwrap_or(self)
    }

    fn over(self, n: usize) -> Option<Ratio> {
        Ratio::new(self.num, self.den * n as i128)
    }

    /// This many times 10^`places`, rounded to the nearest whole number, halves away from zero.
    pub fn rounded(self, places: u8) -> i64 {
        let scaled = self.num * 10_i128.pow(places.into());
        let half = if scaled < 0 { -self.den } else { self.den };
        i64::try_from((2 * scaled + half) / (2 * self.den)).unwrap_or(i64::MAX)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        (self.num * other.den).cmp(&(other.num * self.den))
    }
}

/// The mean of these, if there are any.
pub fn mean(of: &[Ratio]) -> Option<Ratio> {
    let sum = of.iter().copied().reduce(Ratio::plus)?;
    sum.over(of.len())
}

/// The median of these, if there are any: of an even number, the mean of the two in the middle.
pub fn median(of: &[Ratio]) -> Option<Ratio> {
    let mut sorted = of.to_vec();
    sorted.sort();
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    mean(&[*low, *high])
}

/// Somebody's right answers before and after, out of the same number of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Right before.
    pub before: i64,
    /// Right after.
    pub after: i64,
    /// Questions.
    pub max: i64,
}

impl Pair {
    /// What she gained, as a part of all questions.
    pub fn gain(&self) -> Option<Ratio> {
        Ratio::new((self.after - self.before).into(), self.max.into())
    }

    /// What she gained of what she could still gain; nothing if she had everything right before.
    pub fn normalised(&self) -> Option<Ratio> {
        Ratio::new((self.after - self.before).into(), (self.max - self.before).into())
    }
}

/// What a session taught, on paired persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gains {
    /// Persons with both tests.
    pub pairs: usize,
    /// Mean gain, as a part of all questions.
    pub mean: Option<Ratio>,
    /// Median gain.
    pub median: Option<Ratio>,
    /// Mean normalised gain of those who have one.
    pub normalised: Option<Ratio>,
    /// Its median.
    pub normalised_median: Option<Ratio>,
    /// How many have a normalised gain.
    pub measured: usize,
    /// How many had everything right before, for whom it has no value.
    pub full_before: usize,
}

/// Measures pairs.
pub fn gains(pairs: &[Pair]) -> Gains {
    let all: Vec<Ratio> = pairs.iter().filter_map(Pair::gain).collect();
    let normalised: Vec<Ratio> = pairs.iter().filter_map(Pair::normalised).collect();
    Gains {
        pairs: pairs.len(),
        mean: mean(&all),
        median: median(&all),
        normalised: mean(&normalised),
        normalised_median: median(&normalised),
        measured: normalised.len(),
        full_before: pairs.len() - normalised.len(),
    }
}
