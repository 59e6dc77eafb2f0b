//! The buckets of a cut by number, as they come up while rows are counted.

use std::collections::HashMap;

use kernel::Id;

use super::column::{NONE, day_of};
use super::hold::Frame;
use crate::cut::{AGES, Cut, PROVINCE, REGION};
use crate::scope::Period;

/// Codes of a cut by number.
pub(super) struct Codes {
    pub(super) cut: Cut,
    pub(super) all: Vec<String>,
    numbers: HashMap<String, u32>,
    /// By the number of a day, of an age, or of a programme.
    known: Vec<u32>,
    year: i64,
}

impl Codes {
    pub(super) fn new(cut: Cut, period: Period) -> Codes {
        let year = i64::from(period.until.year());
        Codes { cut, all: Vec::new(), numbers: HashMap::new(), known: Vec::new(), year }
    }

    pub(super) fn number(&mut self, code: String) -> u32 {
        if let Some(number) = self.numbers.get(&code) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(code.clone());
        self.numbers.insert(code, number);
        number
    }

    /// The number of a code that is worked out once for each `at`.
    pub(super) fn known(&mut self, at: usize, code: impl FnOnce(&Codes) -> Option<String>) -> u32 {
        const UNKNOWN: u32 = NONE - 1;
        if at >= self.known.len() {
            self.known.resize(at + 1, UNKNOWN);
        }
        if self.known[at] == UNKNOWN {
            self.known[at] = code(self).map_or(NONE, |code| self.number(code));
        }
        self.known[at]
    }

    pub(super) fn of_owner(&mut self, owner: u128, frame: &Frame) -> u32 {
        let long = match self.cut {
            Cut::Cooperative | Cut::Programme => return self.number(Id::from_number(owner).to_string()),
            Cut::Region => REGION,
            Cut::Province => PROVINCE,
            _ => usize::MAX,
        };
        match frame.place(owner) {
            Some(place) => self.number(place.get(..long).unwrap_or(place).to_owned()),
            None => NONE,
        }
    }

    pub(super) fn of_age(&mut self, birth_year: Option<i64>) -> u32 {
        let Some(age) = birth_year.map(|born| self.year - born) else { return NONE };
        let band = match age {
            ..15 => 0,
            15..25 => 1,
            25..36 => 2,
            36..60 => 3,
            60.. => 4,
        };
        self.known(band, |_| Some(AGES[band].to_owned()))
    }

    pub(super) fn of_day(&mut self, day: u16) -> u32 {
        self.known(usize::from(day), |codes| {
            let day = day_of(day)?;
            let (year, month) = (day.year(), day.month());
            Some(match codes.cut {
                Cut::Month => format!("{year:04}-{month:02}"),
                Cut::Quarter => format!("{year:04}-{}", (month - 1) / 3 + 1),
                _ => format!("{year:04}"),
            })
        })
    }

    pub(super) fn of_text(&mut self, at: Option<i64>, texts: &[String]) -> u32 {
        let Some(at) = at.and_then(|at| usize::try_from(at).ok()) else { return NONE };
        self.known(at, |_| texts.get(at).cloned())
    }

    pub(super) fn code(&self, number: u32) -> Option<String> {
        self.all.get(number as usize).cloned()
    }
}
