//! Three years of work in the invented country, straight into the tables: sessions and roll-calls, rounds of the
//! diagnosis, visits, work, money and equipment. Rows only: what they would have left in the history is not written.

mod coached;
mod paid;
mod taught;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::Id;
use kernel::store::{Place, Store};
use kernel::value::{ToValue, Value};
use kernel::{Db, sql};

use crate::dice::{Dice, Ids};
use crate::sink::{Postgres, Sink, Sqlite};
use crate::{Result, say};

/// Over how many days the work is spread, up to the day on which the country is made: a third lies in the last year.
const DAYS: usize = 1_095;

/// The tables that are written.
const TABLES: &[&str] = &[
    "training_session",
    "half_day",
    "participant",
    "attendance",
    "test_score",
    "training_reaction",
    "assessment",
    "answer",
    "plan_action",
    "visit",
    "work_record",
    "receipt",
    "agreement",
    "funding",
    "hand_over",
    "equipment",
    "inspection",
    "tranche",
    "grant_payment",
    "own_part",
];

/// A programme and whom it helps.
struct Helped {
    programme: Id,
    promotion: Id,
    coach: Id,
    /// Its cooperatives, each with its members.
    cooperatives: Vec<(Id, Vec<Id>)>,
}

/// What is there already.
struct Known {
    helped: Vec<Helped>,
    items: coached::Items,
    /// Contributions and their programmes.
    promised: Vec<(Id, Id)>,
}

/// Writes rows with identifiers, days and chance.
struct Hand<S> {
    sink: S,
    ids: Ids,
    dice: Dice,
    last: Date,
}

impl<S: Sink> Hand<S> {
    /// A row of a record: its id and version, then these columns.
    fn record(&mut self, table: &str, columns: &str, values: &[Value]) -> Result<Id> {
        let id = self.ids.next()?;
        let mut all = vec![id.to_value(), 1_i64.to_value()];
        all.extend_from_slice(values);
        self.sink.row(table, &format!("id, version, {columns}"), &all)?;
        Ok(id)
    }

    /// A day of the three years.
    fn day(&mut self) -> Date {
        let back = self.dice.below(DAYS) as i64;
        self.back(back)
    }

    /// So many days before the last.
    fn back(&self, days: i64) -> Date {
        self.last.saturating_sub(days.days())
    }
}

/// Writes it all beside a country that has its field work.
pub(crate) fn write(place: &Place) -> Result {
    let began = std::time::Instant::now();
    let known = Store::open(place, 1)?.read(|db| {
        Ok(Known { helped: helped(db)?, items: coached::items(db)?, promised: paid::promised(db)? })
    })?;
    match place {
        Place::Sqlite(path) => all(Sqlite::open_for(path, TABLES)?, &known)?,
        Place::Postgres(address) => all(Postgres::open_for(address, TABLES)?, &known)?,
    }
    say(&format!("three years of work written in {:.0} s", began.elapsed().as_secs_f64()));
    Ok(())
}

fn all<S: Sink>(sink: S, known: &Known) -> Result {
    let last = kernel::today();
    let mut hand = Hand { sink, ids: Ids::after(1 << 30), dice: Dice::new(2026), last };
    taught::write(&mut hand, &known.helped)?;
    coached::write(&mut hand, &known.helped, &known.items)?;
    paid::write(&mut hand, &known.helped, &known.promised)?;
    hand.sink.finish()
}

fn helped(db: &mut Db) -> kernel::Result<Vec<Helped>> {
    let query = sql("select e.programme, e.promotion, min(a.account), e.organisation from enrolment e
         join assignment a on a.organisation = e.organisation and a.programme = e.programme
         group by e.programme, e.promotion, e.organisation order by e.programme, e.organisation");
    let mut all: Vec<Helped> = Vec::new();
    db.each(&query.open("a measure"), |row| {
        let (programme, promotion, coach, organisation) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        if all.last().is_none_or(|last| last.programme != programme) {
            all.push(Helped { programme, promotion, coach, cooperatives: Vec::new() });
        }
        if let Some(last) = all.last_mut() {
            last.cooperatives.push((organisation, Vec::new()));
        }
        Ok(())
    })?;
    let places: std::collections::HashMap<Id, (usize, usize)> = all
        .iter()
        .enumerate()
        .flat_map(|(at, one)| one.cooperatives.iter().enumerate().map(move |(n, (id, _))| (*id, (at, n))))
        .collect();
    let members = sql("select organisation, person from membership order by organisation, id");
    db.each(&members.open("a measure"), |row| {
        if let Some((at, n)) = places.get(&row.take::<Id>()?) {
            all[*at].cooperatives[*n].1.push(row.take()?);
        }
        Ok(())
    })?;
    Ok(all)
}
