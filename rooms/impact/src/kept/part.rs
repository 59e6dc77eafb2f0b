//! Rows of a shape in memory, owner by owner, each owner's in the order of days.

use std::collections::HashMap;

use kernel::value::Row;
use kernel::{Db, Error, Result};
use rustc_hash::FxHashSet;

use super::column::{Ids, NONE, Numbers, Texts, day_in, is_digest, nobody_in, number_of, picked};
use super::shape::Shape;

/// So many rows of records that no two rows share keep their ids, to be listed from.
const LISTED: usize = 4_000_000;

/// What numbers in columns stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) programmes: Ids,
    pub(super) currency: Texts,
    pub(super) sex: Texts,
    pub(super) kind: Texts,
    /// For each thing that is counted.
    pub(super) items: Vec<Ids>,
}

/// What is counted.
#[derive(Debug)]
pub(super) enum Item {
    /// The owner of the row.
    Owner,
    /// The row itself, by its id unless there are too many.
    Row(Option<Vec<u128>>),
    /// Something that several rows may share.
    Shared(Vec<u32>),
}

/// Rows.
#[derive(Debug)]
pub(super) struct Part {
    /// Whose rows, in order.
    pub(super) owners: Vec<u128>,
    /// Where the rows of each owner begin, and after the last where all end.
    pub(super) starts: Vec<u32>,
    pub(super) programmes: Option<Vec<u32>>,
    /// Owners with rows of a programme, by its number.
    pub(super) holders: HashMap<u32, Vec<u32>>,
    pub(super) day: Option<Vec<u16>>,
    pub(super) since: Option<Vec<u16>>,
    pub(super) until: Option<Vec<u16>>,
    pub(super) currency: Numbers,
    pub(super) sex: Numbers,
    pub(super) kind: Numbers,
    pub(super) birth_year: Numbers,
    pub(super) items: Vec<Item>,
    pub(super) values: Vec<Numbers>,
    pub(super) bases: Vec<Numbers>,
}

/// Columns that fill as rows are read.
struct Filling {
    names: Names,
    days: HashMap<String, u16>,
    numbers: HashMap<u128, u32>,
    owners: Vec<u128>,
    owner: Vec<u32>,
    part: Part,
}

/// Reads the rows of a shape, of all owners or of these, with names that go on from those known.
pub(super) fn read(
    db: &mut Db,
    shape: &Shape,
    owners: Option<&[String]>,
    mut names: Names,
) -> Result<(Part, Names)> {
    names.items.resize_with(shape.items.len(), Ids::default);
    let dates = |part: &Option<String>| part.as_ref().map(|_| Vec::new());
    let numbers = |there: bool| if there { Numbers::new() } else { Numbers::Same(None) };
    let item = |at: usize| match &shape.items[at] {
        _ if shape.is_owner(at) => Item::Owner,
        (_, true) => Item::Row(Some(Vec::new())),
        _ => Item::Shared(Vec::new()),
    };
    let part = Part {
        owners: Vec::new(),
        starts: Vec::new(),
        programmes: shape.programme.as_ref().map(|_| Vec::new()),
        holders: HashMap::new(),
        day: dates(&shape.day),
        since: dates(&shape.since),
        until: dates(&shape.until),
        currency: numbers(shape.currency.is_some()),
        sex: numbers(shape.sex.is_some()),
        kind: numbers(shape.kind.is_some()),
        birth_year: numbers(shape.birth_year.is_some()),
        items: (0..shape.items.len()).map(item).collect(),
        values: shape.values.iter().map(|_| Numbers::new()).collect(),
        bases: shape.bases.iter().map(|_| Numbers::new()).collect(),
    };
    let mut filling = Filling {
        names,
        days: HashMap::new(),
        numbers: HashMap::new(),
        owners: Vec::new(),
        owner: Vec::new(),
        part,
    };
    db.each(&shape.read(owners), |row| filling.take(row))?;
    Ok(filling.settled(owners.is_none()))
}

impl Filling {
    fn take(&mut self, row: &mut Row) -> Result<()> {
        let (owner, programme): (Option<String>, Option<String>) = (row.take()?, row.take()?);
        let owner = match &owner {
            Some(owner) => number_of(owner),
            None => nobody_in(programme.as_deref().map(number_of)),
        };
        let next = self.owners.len() as u32;
        let number = *self.numbers.entry(owner).or_insert(next);
        if number == next {
            self.owners.push(owner);
        }
        self.owner.push(number);
        if let Some(all) = &mut self.part.programmes {
            all.push(programme.map_or(NONE, |id| self.names.programmes.number(number_of(&id))));
        }
        for all in [&mut self.part.day, &mut self.part.since, &mut self.part.until] {
            let text: Option<String> = row.take()?;
            if let Some(all) = all {
                all.push(day_in(text.as_deref(), &mut self.days)?);
            }
        }
        let Names { currency, sex, kind, .. } = &mut self.names;
        let texts =
            [(&mut self.part.currency, currency), (&mut self.part.sex, sex), (&mut self.part.kind, kind)];
        for (all, known) in texts {
            let text: Option<String> = row.take()?;
            all.push(text.map(|text| known.number(&text)));
        }
        self.part.birth_year.push(row.take()?);
        for (at, item) in self.part.items.iter_mut().enumerate() {
            let text: Option<String> = row.take()?;
            match item {
                Item::Owner => {}
                Item::Row(ids) if ids.as_ref().is_some_and(|ids| ids.len() >= LISTED) => *ids = None,
                Item::Row(None) => {}
                Item::Row(Some(ids)) => {
                    let text = text.ok_or_else(|| Error::internal("a record without an id"))?;
                    let known = &mut self.names.items[at];
                    known.digests = known.digests || is_digest(&text);
                    ids.push(number_of(&text));
                }
                Item::Shared(all) => {
                    let known = &mut self.names.items[at];
                    known.digests = known.digests || text.as_deref().is_some_and(is_digest);
                    all.push(text.map_or(NONE, |text| known.number(number_of(&text))));
                }
            }
        }
        for all in self.part.values.iter_mut().chain(&mut self.part.bases) {
            all.push(row.take()?);
        }
        Ok(())
    }

    /// Rows in order, and names in order too where everything was read.
    fn settled(self, whole: bool) -> (Part, Names) {
        let (mut names, part) = (self.names, self.part);
        let day = |at: u32| part.day.as_ref().map_or(0, |days| days[at as usize]);
        let mut order: Vec<u32> = (0..self.owner.len() as u32).collect();
        order.sort_unstable_by_key(|at| (self.owners[self.owner[*at as usize] as usize], day(*at), *at));
        let (mut owners, mut starts) = (Vec::with_capacity(self.owners.len()), Vec::new());
        for (place, at) in order.iter().enumerate() {
            let owner = self.owners[self.owner[*at as usize] as usize];
            if owners.last() != Some(&owner) {
                owners.push(owner);
                starts.push(place as u32);
            }
        }
        starts.push(order.len() as u32);
        let mut became = Vec::new();
        if whole {
            for known in &mut names.items {
                let (settled, numbers) = std::mem::take(known).settled();
                *known = settled;
                became.push(numbers);
            }
        }
        let item = |(at, item): (usize, Item)| match item {
            Item::Owner => Item::Owner,
            Item::Row(ids) => Item::Row(ids.map(|ids| picked(&ids, &order))),
            Item::Shared(all) => {
                let number = |place: &u32| match (became.get(at), all[*place as usize]) {
                    (Some(became), number) if number != NONE => became[number as usize],
                    (_, number) => number,
                };
                Item::Shared(order.iter().map(number).collect())
            }
        };
        let days = |all: Option<Vec<u16>>| all.map(|all| picked(&all, &order));
        let numbers = |all: Vec<Numbers>| all.iter().map(|all| all.picked(&order)).collect();
        let part = Part {
            owners,
            starts,
            programmes: part.programmes.map(|all| picked(&all, &order)),
            holders: HashMap::new(),
            day: days(part.day),
            since: days(part.since),
            until: days(part.until),
            currency: part.currency.picked(&order),
            sex: part.sex.picked(&order),
            kind: part.kind.picked(&order),
            birth_year: part.birth_year.picked(&order),
            items: part.items.into_iter().enumerate().map(item).collect(),
            values: numbers(part.values),
            bases: numbers(part.bases),
        };
        (part.with_holders(), names)
    }
}

impl Part {
    /// Notes who has rows of which programme.
    fn with_holders(mut self) -> Part {
        let mut holders: HashMap<u32, Vec<u32>> = HashMap::new();
        if let Some(programmes) = &self.programmes {
            for owner in 0..self.owners.len() {
                for programme in &programmes[self.rows(owner)] {
                    let of_it = holders.entry(*programme).or_default();
                    if of_it.last() != Some(&(owner as u32)) {
                        of_it.push(owner as u32);
                    }
                }
            }
        }
        self.holders = holders;
        self
    }

    /// The rows of both; of the first without those of these owners. The names of the second speak for both.
    pub(super) fn joined(&self, without: &FxHashSet<u128>, other: &Part) -> Part {
        let mut order: Vec<(u128, bool, usize)> = Vec::with_capacity(self.owners.len() + other.owners.len());
        let mine = self.owners.iter().enumerate().filter(|(_, owner)| !without.contains(owner));
        order.extend(mine.map(|(at, owner)| (*owner, false, at)));
        order.extend(other.owners.iter().enumerate().map(|(at, owner)| (*owner, true, at)));
        order.sort_unstable();
        let ranges: Vec<(&Part, std::ops::Range<usize>)> = order
            .iter()
            .map(|(_, second, at)| if *second { (other, other.rows(*at)) } else { (self, self.rows(*at)) })
            .collect();
        let mut starts = vec![0];
        for (_, range) in &ranges {
            starts.push(starts.last().copied().unwrap_or(0) + range.len() as u32);
        }
        let days = |of: fn(&Part) -> &Option<Vec<u16>>| spliced(&ranges, |part| of(part).as_deref());
        let numbers = |of: &dyn Fn(&Part) -> &Numbers| {
            let mut all = of(self).emptied();
            for (part, range) in &ranges {
                range.clone().for_each(|at| all.push(of(part).get(at)));
            }
            all
        };
        let item = |n: usize| match (&self.items[n], &other.items[n]) {
            (Item::Owner, _) => Item::Owner,
            (Item::Shared(_), _) => Item::Shared(
                spliced(&ranges, |part| match &part.items[n] {
                    Item::Shared(all) => Some(all.as_slice()),
                    _ => None,
                })
                .unwrap_or_default(),
            ),
            (Item::Row(_), _) => Item::Row(spliced(&ranges, |part| match &part.items[n] {
                Item::Row(Some(ids)) => Some(ids.as_slice()),
                _ => None,
            })),
        };
        let part = Part {
            owners: order.iter().map(|(owner, ..)| *owner).collect(),
            programmes: spliced(&ranges, |part| part.programmes.as_deref()),
            holders: HashMap::new(),
            day: days(|part| &part.day),
            since: days(|part| &part.since),
            until: days(|part| &part.until),
            currency: numbers(&|part| &part.currency),
            sex: numbers(&|part| &part.sex),
            kind: numbers(&|part| &part.kind),
            birth_year: numbers(&|part| &part.birth_year),
            items: (0..self.items.len()).map(item).collect(),
            values: (0..self.values.len()).map(|n| numbers(&|part| &part.values[n])).collect(),
            bases: (0..self.bases.len()).map(|n| numbers(&|part| &part.bases[n])).collect(),
            starts,
        };
        part.with_holders()
    }

    /// True if an owner has the same rows here as there.
    pub(super) fn agrees(&self, other: &Part, owner: u128) -> bool {
        let rows = |part: &Part| part.owners.binary_search(&owner).map_or(0..0, |at| part.rows(at));
        let (mine, theirs) = (rows(self), rows(other));
        if mine.len() != theirs.len() {
            return false;
        }
        fn same<T: PartialEq>(
            a: Option<&Vec<T>>,
            b: Option<&Vec<T>>,
            mine: &std::ops::Range<usize>,
            theirs: &std::ops::Range<usize>,
        ) -> bool {
            match (a, b) {
                (Some(a), Some(b)) => a[mine.clone()] == b[theirs.clone()],
                _ => true,
            }
        }
        let days =
            |of: fn(&Part) -> &Option<Vec<u16>>| same(of(self).as_ref(), of(other).as_ref(), &mine, &theirs);
        let numbers = |a: &Numbers, b: &Numbers| {
            mine.clone().zip(theirs.clone()).all(|(mine, theirs)| a.get(mine) == b.get(theirs))
        };
        let item = |(a, b): (&Item, &Item)| match (a, b) {
            (Item::Shared(a), Item::Shared(b)) => same(Some(a), Some(b), &mine, &theirs),
            (Item::Row(a), Item::Row(b)) => same(a.as_ref(), b.as_ref(), &mine, &theirs),
            _ => true,
        };
        same(self.programmes.as_ref(), other.programmes.as_ref(), &mine, &theirs)
            && days(|part| &part.day)
            && days(|part| &part.since)
            && days(|part| &part.until)
            && numbers(&self.currency, &other.currency)
            && numbers(&self.sex, &other.sex)
            && numbers(&self.kind, &other.kind)
            && numbers(&self.birth_year, &other.birth_year)
            && self.items.iter().zip(&other.items).all(item)
            && self.values.iter().zip(&other.values).all(|(a, b)| numbers(a, b))
            && self.bases.iter().zip(&other.bases).all(|(a, b)| numbers(a, b))
    }

    /// How many bytes its columns take.
    pub(super) fn bytes(&self) -> usize {
        let rows = self.starts.last().map_or(0, |end| *end as usize);
        let days = [&self.day, &self.since, &self.until].into_iter().flatten().count() * 2 * rows;
        let items: usize = self
            .items
            .iter()
            .map(|item| match item {
                Item::Owner | Item::Row(None) => 0,
                Item::Row(Some(ids)) => ids.len() * 16,
                Item::Shared(all) => all.len() * 4,
            })
            .sum();
        let numbers = [&self.currency, &self.sex, &self.kind, &self.birth_year].into_iter();
        let numbers: usize = numbers.chain(&self.values).chain(&self.bases).map(Numbers::bytes).sum();
        let programmes = self.programmes.as_ref().map_or(0, |all| all.len() * 4);
        self.owners.len() * 20 + days + items + numbers + programmes
    }

    /// The rows of an owner.
    pub(super) fn rows(&self, owner: usize) -> std::ops::Range<usize> {
        self.starts[owner] as usize..self.starts[owner + 1] as usize
    }
}

/// A column of these rows one after the other; nothing if a part does not have it.
fn spliced<'a, T: Copy + 'a>(
    ranges: &[(&'a Part, std::ops::Range<usize>)],
    of: impl Fn(&'a Part) -> Option<&'a [T]>,
) -> Option<Vec<T>> {
    let mut all = Vec::with_capacity(ranges.iter().map(|(_, range)| range.len()).sum());
    for (part, range) in ranges {
        all.extend_from_slice(&of(part)?[range.clone()]);
    }
    Some(all)
}
