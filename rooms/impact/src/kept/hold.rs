//! Rows in memory as they are in a snapshot: those that were read at a moment, and those of owners who changed since.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Db, Id, Result, sql};
use rustc_hash::FxHashSet;

use super::column::{self, nobody_in, number_of};
use super::part::{self, Names, Part};
use super::shape::Shape;
use super::{count, touch};
use crate::figure::Figure;

/// Of more owners than this nobody waits until they are read again: all rows are read in the background instead.
const MANY: usize = 2_000;
/// Rows of a shape as they were at a moment.
pub(super) struct Set {
    pub(super) shape: Arc<Shape>,
    pub(super) base: Arc<(Part, Names)>,
    /// Touches from here on may not be in it.
    pub(super) horizon: i64,
    /// What was read again since, the latest last.
    pub(super) again: Mutex<VecDeque<Arc<Again>>>,
    pub(super) serial: usize,
    /// Since when it is here.
    pub(super) here: std::time::Instant,
}

/// Rows that were read again.
pub(super) struct Again {
    pub(super) touches: Vec<(i64, String)>,
    pub(super) owners: FxHashSet<u128>,
    pub(super) part: Part,
    pub(super) names: Names,
    pub(super) horizon: i64,
    pub(super) serial: usize,
}

/// Where cooperatives are and to which promotions they belong.
#[derive(Default)]
pub(super) struct Frame {
    places: HashMap<u128, Arc<str>>,
    promotions: HashMap<(u128, u128), u128>,
    pub(super) touches: Vec<(i64, String)>,
    pub(super) horizon: i64,
    pub(super) serial: usize,
}

impl Frame {
    pub(super) fn place(&self, organisation: u128) -> Option<&str> {
        self.places.get(&organisation).map(|place| &**place)
    }

    pub(super) fn promotion(&self, organisation: u128, programme: u128) -> Option<u128> {
        self.promotions.get(&(organisation, programme)).copied()
    }
}

/// Owners whose rows were counted, if not all, and what came of it.
pub(super) type Told = (Option<Arc<FxHashSet<u128>>>, Arc<Vec<Figure>>);

/// How the work in the background goes.
#[derive(Default)]
pub(super) struct Pace {
    /// The last touch that was seen, and how many looks ago another one was.
    pub(super) last: Option<i64>,
    pub(super) calm: u32,
    /// Up to which touch, how thoroughly and on which day everything was done.
    pub(super) done: Option<(i64, usize, jiff::civil::Date)>,
}

/// What is held.
#[derive(Default)]
pub(crate) struct Held {
    /// By shape; of each the last two, for snapshots that began before the last.
    pub(super) sets: Mutex<HashMap<String, Vec<Arc<Set>>>>,
    pub(super) frames: Mutex<VecDeque<Arc<Frame>>>,
    /// What was told of a state, and of whose rows if not of all.
    pub(super) told: Mutex<HashMap<String, Told>>,
    pub(super) pace: Mutex<Pace>,
    /// Shapes whose rows could not be read, and when: until the next try the statement counts.
    pub(super) refused: Mutex<HashMap<String, std::time::Instant>>,
}

pub(super) fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number that no other state has.
pub(super) fn serial() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub(super) fn touches(db: &mut Db, horizon: i64) -> Result<Vec<(i64, String)>> {
    let query = sql("select distinct stamp, owner from impact_touch where stamp >= ? order by stamp, owner");
    db.rows(&query.bind(horizon), |row| Ok((row.take()?, row.take()?)))
}

/// Whose rows changed, unless it may be everybody's or too many to wait for.
pub(super) fn changed(touches: &[(i64, String)]) -> Option<Vec<String>> {
    let mut owners: Vec<String> = touches.iter().map(|(_, owner)| owner.clone()).collect();
    owners.sort();
    owners.dedup();
    (owners.len() <= MANY && !owners.iter().any(|owner| owner == touch::EVERYTHING)).then_some(owners)
}

fn number(owner: &str) -> u128 {
    match owner.strip_prefix(touch::NOBODY) {
        Some(programme) => nobody_in(Some(number_of(programme))),
        None => number_of(owner),
    }
}

impl Set {
    pub(super) fn read(db: &mut Db, shape: &Arc<Shape>) -> Result<Set> {
        let horizon = db.horizon("impact_touch")?;
        let base = part::read(db, shape, None, Names::default())?;
        Ok(Set {
            shape: Arc::clone(shape),
            base: Arc::new(base),
            horizon,
            again: Mutex::default(),
            serial: serial(),
            here: std::time::Instant::now(),
        })
    }

    /// What must be read again for this snapshot; nothing if it is too much.
    pub(super) fn again(
        &self,
        db: &mut Db,
        horizon: i64,
        touches: Vec<(i64, String)>,
    ) -> Result<Option<Arc<Again>>> {
        let known: Vec<Arc<Again>> = lock(&self.again).iter().cloned().collect();
        if let Some(same) = known.iter().find(|again| again.touches == touches) {
            return Ok(Some(Arc::clone(same)));
        }
        let Some(owners) = changed(&touches) else { return Ok(None) };
        // Of what was read again before only the rest is still missing.
        let last = known.iter().rev().find(|again| touches.starts_with(&again.touches));
        let (owners, last) = match last {
            Some(last) => (changed(&touches[last.touches.len()..]).unwrap_or(owners), Some(last)),
            None => (owners, None),
        };
        let names = last.map_or_else(|| self.base.1.clone(), |last| last.names.clone());
        let (mut part, names) = (Vec::new(), names);
        let mut names = names;
        for some in owners.chunks(200) {
            let (read, known) = part::read(db, &self.shape, Some(some), names)?;
            names = known;
            part.push(read);
        }
        let mut fresh: FxHashSet<u128> = owners.iter().map(|owner| number(owner)).collect();
        let nobody = FxHashSet::default();
        let mut parts = part.into_iter();
        let Some(first) = parts.next() else { return Ok(None) };
        let mut part = parts.fold(first, |all, one| all.joined(&nobody, &one));
        // What changed of these owners may be no row of this shape: then all that was told still holds.
        let before = |owner: &u128| match last {
            Some(last) if last.owners.contains(owner) => &last.part,
            _ => &self.base.0,
        };
        let same = fresh.iter().all(|owner| part.agrees(before(owner), *owner));
        let serial = if same { last.map_or(self.serial, |last| last.serial) } else { serial() };
        if let Some(last) = last {
            part = last.part.joined(&fresh, &part);
            fresh.extend(&last.owners);
        }
        let again = Arc::new(Again { touches, owners: fresh, part, names, horizon, serial });
        let mut kept = lock(&self.again);
        kept.push_back(Arc::clone(&again));
        if kept.len() > 4 {
            kept.pop_front();
        }
        Ok(Some(again))
    }

    pub(super) fn bytes(&self) -> usize {
        self.base.0.bytes() + self.base.1.items.iter().map(column::Ids::bytes).sum::<usize>()
    }
}

/// Rows of a shape in a snapshot, and where cooperatives are in it.
pub(super) struct State {
    pub(super) set: Arc<Set>,
    pub(super) again: Option<Arc<Again>>,
    pub(super) frame: Arc<Frame>,
}

impl State {
    /// Names these rows: other rows have another number.
    pub(super) fn serial(&self) -> usize {
        self.again.as_ref().map_or(self.set.serial, |again| again.serial)
    }

    pub(super) fn rows(&self) -> count::Rows<'_> {
        match &self.again {
            Some(again) => count::Rows {
                base: &self.set.base.0,
                again: Some((&again.part, &again.owners)),
                names: &again.names,
            },
            None => count::Rows { base: &self.set.base.0, again: None, names: &self.set.base.1 },
        }
    }
}

impl Held {
    /// What is held of the rows of an indicator, as they are in this snapshot.
    pub(super) fn state(&self, db: &mut Db, key: &str) -> Result<Option<State>> {
        let sets = lock(&self.sets).get(key).cloned().unwrap_or_default();
        if sets.is_empty() {
            return Ok(None);
        }
        let horizon = db.horizon("impact_touch")?;
        let Some(set) = sets.into_iter().rev().find(|set| set.horizon <= horizon) else { return Ok(None) };
        let touches = touches(db, set.horizon)?;
        let again = match touches.is_empty() {
            true => None,
            false => match set.again(db, horizon, touches)? {
                None => return Ok(None),
                again => again,
            },
        };
        let Some(frame) = self.frame(db, horizon)? else { return Ok(None) };
        Ok(Some(State { set, again, frame }))
    }

    pub(super) fn frame(&self, db: &mut Db, horizon: i64) -> Result<Option<Arc<Frame>>> {
        let known: Vec<Arc<Frame>> = lock(&self.frames).iter().rev().cloned().collect();
        let mut last = None;
        for frame in known.iter().filter(|frame| frame.horizon <= horizon) {
            let touches = touches(db, frame.horizon)?;
            if frame.touches == touches {
                return Ok(Some(Arc::clone(frame)));
            }
            // What this snapshot does not see yet must not be in what it goes on from.
            if touches.starts_with(&frame.touches) {
                last = Some((frame, touches));
                break;
            }
        }
        let Some((base, touches)) = last else { return Ok(None) };
        let Some(owners) = changed(&touches) else { return Ok(None) };
        let mut frame = Frame {
            places: base.places.clone(),
            promotions: base.promotions.clone(),
            touches,
            horizon: base.horizon,
            serial: serial(),
        };
        let again: FxHashSet<u128> = owners.iter().map(|owner| number(owner)).collect();
        frame.places.retain(|owner, _| !again.contains(owner));
        frame.promotions.retain(|(owner, _), _| !again.contains(owner));
        for some in owners.chunks(200) {
            frame.read(db, Some(some))?;
        }
        frame.goes_on_from(base);
        let frame = Arc::new(frame);
        let mut kept = lock(&self.frames);
        kept.push_back(Arc::clone(&frame));
        if kept.len() > 4 {
            kept.pop_front();
        }
        Ok(Some(frame))
    }
}

impl Frame {
    /// Where everything is in this snapshot.
    pub(super) fn whole(db: &mut Db) -> Result<Frame> {
        let horizon = db.horizon("impact_touch")?;
        let mut frame = Frame { horizon, serial: serial(), ..Frame::default() };
        frame.read(db, None)?;
        Ok(frame)
    }

    /// Keeps the number of an earlier one that says the same.
    pub(super) fn goes_on_from(&mut self, last: &Frame) {
        if self.places == last.places && self.promotions == last.promotions {
            self.serial = last.serial;
        }
    }

    fn read(&mut self, db: &mut Db, owners: Option<&[String]>) -> Result<()> {
        let narrowed = |text: &str, column: &str| match owners {
            Some(owners) => sql(text).and(&format!(" where {column}")).within(owners),
            None => sql(text),
        };
        let mut known: HashMap<String, Arc<str>> = HashMap::new();
        let places = narrowed("select id, place from organisation", "id");
        db.each(&places.open("places narrow figures that carry rights of their own"), |row| {
            let (id, place) = (row.take::<Id>()?, row.take::<String>()?);
            let place = known.entry(place).or_insert_with_key(|place| Arc::from(place.as_str()));
            self.places.insert(id.number(), Arc::clone(place));
            Ok(())
        })?;
        let promotions = narrowed("select organisation, programme, promotion from enrolment", "organisation");
        db.each(&promotions.open("promotions cut figures that carry rights of their own"), |row| {
            let [organisation, programme, promotion] = [row.take::<Id>()?, row.take()?, row.take()?];
            self.promotions.insert((organisation.number(), programme.number()), promotion.number());
            Ok(())
        })
    }
}
