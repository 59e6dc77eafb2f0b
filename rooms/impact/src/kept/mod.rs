//! Figures over a whole country, counted in memory ([decision 18](../../../../decisions/0018-kept-figures.md)).
//!
//! The rows that indicators count are held column by column, shared by indicators that count the same rows. They are
//! never a second truth: each question looks, in its own snapshot, whose rows changed since they were read, and reads
//! those again. Whatever cannot be answered so is answered by the statement in `figure.rs`, whose figures are the same.

mod column;
mod count;
mod list;
mod part;
mod shape;
mod touch;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{App, Ctx, Db, Id, Result, sql};
use rustc_hash::FxHashSet;

use crate::cut::Cut;
use crate::figure::{self, Figure, Sums};
use crate::indicator::{Indicator, Measure};
use crate::scope::{Eyes, Period, Scope};
use column::number_of;
use part::{Names, Part};
use shape::Shape;

pub(crate) use list::{Narrow, page};
pub(crate) use touch::{forget, hears};

/// As many bytes may be held, unless the administrator says otherwise.
const MOST: usize = 768 << 20;
/// Of more owners than this nobody waits until they are read again: all rows are read in the background instead.
const MANY: usize = 2_000;
/// Rows of so many owners are put among the others in the background.
const SOME: usize = 100;

/// Rows of a shape as they were at a moment.
struct Set {
    shape: Arc<Shape>,
    base: Arc<(Part, Names)>,
    /// Touches from here on may not be in it.
    horizon: i64,
    /// What was read again since, the latest last.
    again: Mutex<VecDeque<Arc<Again>>>,
    serial: usize,
}

/// Rows that were read again.
struct Again {
    touches: Vec<(i64, String)>,
    owners: FxHashSet<u128>,
    part: Part,
    names: Names,
    horizon: i64,
    serial: usize,
}

/// Where cooperatives are and to which promotions they belong.
#[derive(Default)]
pub(crate) struct Frame {
    places: HashMap<u128, Arc<str>>,
    promotions: HashMap<(u128, u128), u128>,
    touches: Vec<(i64, String)>,
    horizon: i64,
    serial: usize,
}

impl Frame {
    fn place(&self, organisation: u128) -> Option<&str> {
        self.places.get(&organisation).map(|place| &**place)
    }

    fn promotion(&self, organisation: u128, programme: u128) -> Option<u128> {
        self.promotions.get(&(organisation, programme)).copied()
    }
}

/// What is held.
#[derive(Default)]
pub(crate) struct Held {
    /// By shape; of each the last two, for snapshots that began before the last.
    sets: Mutex<HashMap<String, Vec<Arc<Set>>>>,
    frames: Mutex<VecDeque<Arc<Frame>>>,
    told: Mutex<HashMap<String, Arc<Vec<Figure>>>>,
    /// Shapes whose rows cannot be held: their figures are counted by the statement.
    refused: Mutex<HashSet<String>>,
}

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number that no other state has.
fn serial() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn touches(db: &mut Db, horizon: i64) -> Result<Vec<(i64, String)>> {
    let query = sql("select distinct stamp, owner from impact_touch where stamp >= ? order by stamp, owner");
    db.rows(&query.bind(horizon), |row| Ok((row.take()?, row.take()?)))
}

/// Whose rows changed, unless it may be everybody's or too many to wait for.
fn changed(touches: &[(i64, String)]) -> Option<Vec<String>> {
    let mut owners: Vec<String> = touches.iter().map(|(_, owner)| owner.clone()).collect();
    owners.sort();
    owners.dedup();
    (owners.len() <= MANY && !owners.iter().any(|owner| owner == touch::EVERYTHING)).then_some(owners)
}

fn number(owner: &String) -> u128 {
    if owner.is_empty() { 0 } else { number_of(owner) }
}

impl Set {
    fn read(db: &mut Db, shape: &Arc<Shape>) -> Result<Set> {
        let horizon = db.horizon("impact_touch")?;
        let base = part::read(db, shape, None, Names::default())?;
        Ok(Set {
            shape: Arc::clone(shape),
            base: Arc::new(base),
            horizon,
            again: Mutex::default(),
            serial: serial(),
        })
    }

    /// What must be read again for this snapshot; nothing if it is too much.
    fn again(&self, db: &mut Db, horizon: i64, touches: Vec<(i64, String)>) -> Result<Option<Arc<Again>>> {
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
        let mut fresh: FxHashSet<u128> = owners.iter().map(number).collect();
        let nobody = FxHashSet::default();
        let mut parts = part.into_iter();
        let Some(first) = parts.next() else { return Ok(None) };
        let mut part = parts.fold(first, |all, one| all.joined(&nobody, &one));
        if let Some(last) = last {
            part = last.part.joined(&fresh, &part);
            fresh.extend(&last.owners);
        }
        let again = Arc::new(Again { touches, owners: fresh, part, names, horizon, serial: serial() });
        let mut kept = lock(&self.again);
        kept.push_back(Arc::clone(&again));
        if kept.len() > 4 {
            kept.pop_front();
        }
        Ok(Some(again))
    }

    fn bytes(&self) -> usize {
        self.base.0.bytes() + self.base.1.items.iter().map(column::Ids::bytes).sum::<usize>()
    }
}

/// Rows of a shape in a snapshot, and where cooperatives are in it.
struct State {
    set: Arc<Set>,
    again: Option<Arc<Again>>,
    frame: Arc<Frame>,
}

impl State {
    fn rows(&self) -> count::Rows<'_> {
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
    fn state(&self, db: &mut Db, key: &str) -> Result<Option<State>> {
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

    fn frame(&self, db: &mut Db, horizon: i64) -> Result<Option<Arc<Frame>>> {
        let known: Vec<Arc<Frame>> = lock(&self.frames).iter().cloned().collect();
        let Some(base) = known.iter().rev().find(|frame| frame.horizon <= horizon) else { return Ok(None) };
        let touches = touches(db, base.horizon)?;
        let of_base = |frame: &&Arc<Frame>| frame.horizon == base.horizon && frame.touches == touches;
        if let Some(same) = known.iter().find(of_base) {
            return Ok(Some(Arc::clone(same)));
        }
        let Some(owners) = changed(&touches) else { return Ok(None) };
        let mut frame = Frame {
            places: base.places.clone(),
            promotions: base.promotions.clone(),
            touches,
            horizon: base.horizon,
            serial: serial(),
        };
        let again: FxHashSet<u128> = owners.iter().map(number).collect();
        frame.places.retain(|owner, _| !again.contains(owner));
        frame.promotions.retain(|(owner, _), _| !again.contains(owner));
        for some in owners.chunks(200) {
            frame.read(db, Some(some))?;
        }
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

/// Whose rows count: those of a scope, in these eyes.
pub(super) enum Owners {
    All,
    These(FxHashSet<u128>),
}

/// Whose rows an indicator counts; nothing if no rows can be told apart so.
fn owners(
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    eyes: Eyes<'_>,
) -> Result<Option<(Owners, Option<u128>)>> {
    let Some(items) = &indicator.items else { return Ok(None) };
    let mut owners = Owners::All;
    let mut programme = None;
    match scope.programme {
        Some(id) if items.organisation.is_some() && items.programme.is_some() => {
            programme = Some(id.number())
        }
        Some(id) if items.organisation.is_some() => {
            // What belongs to no programme is counted for the cooperatives that are in it.
            let query = sql("select organisation from enrolment where programme = ? and status <> 'left'");
            let query = query.bind(id).open("the caller checked the standing at the programme");
            let found = db.rows(&query, |row| row.take::<Id>())?;
            owners = Owners::These(found.into_iter().map(Id::number).collect());
        }
        Some(id) => owners = Owners::These(FxHashSet::from_iter([id.number()])),
        None => {}
    }
    if let Eyes::Viewer(viewer, least) = eyes
        && !viewer.is_administrator()
    {
        let reached = viewer.reached_at_least(db, least)?.into_iter().map(Id::number);
        owners = Owners::These(match owners {
            Owners::All => reached.collect(),
            Owners::These(some) => reached.filter(|id| some.contains(id)).collect(),
        });
    }
    Ok(Some((owners, programme)))
}

/// The figures of an indicator by up to two cuts, if its rows are held: those that [`figure::figures`] counts.
pub(crate) fn figures(
    ctx: &Ctx,
    db: &mut Db,
    indicator: &Indicator,
    scope: &Scope,
    period: Period,
    cuts: &[Cut],
    eyes: Eyes<'_>,
) -> Result<Vec<Figure>> {
    if let Some([above, below]) = &indicator.over {
        let (above, below) = (crate::indicator::find(db, above)?, crate::indicator::find(db, below)?);
        let above = figures(ctx, db, &above, scope, period, cuts, eyes)?;
        let below = figures(ctx, db, &below, scope, period, cuts, eyes)?;
        return Ok(figure::ratio(above, &below, indicator.times));
    }
    let held = ctx.app.held.of::<Held>();
    match held.figures(db, indicator, scope, period, cuts, eyes)? {
        Some(mut found) => {
            if cuts.is_empty() && found.is_empty() {
                found.push(Figure { value: figure::nothing(indicator), ..Figure::default() });
            }
            Ok(found)
        }
        None => figure::figures(db, indicator, scope, period, cuts, eyes),
    }
}

impl Held {
    fn figures(
        &self,
        db: &mut Db,
        indicator: &Indicator,
        scope: &Scope,
        period: Period,
        cuts: &[Cut],
        eyes: Eyes<'_>,
    ) -> Result<Option<Vec<Figure>>> {
        // Of one cooperative the statement reads little, and a programme's own indicator betrays by what it leaves out.
        if indicator.built.is_some() || scope.organisation.is_some() || cuts.len() > 2 {
            return Ok(None);
        }
        let Some(key) = shape::key(indicator, period) else { return Ok(None) };
        let Some(state) = self.state(db, &key)? else { return Ok(None) };
        let Some((owners, programme)) = owners(db, indicator, scope, eyes)? else { return Ok(None) };
        let place = state.set.shape.place(indicator, period);
        let (Some(items), Some(place)) = (&indicator.items, place) else { return Ok(None) };
        let state_serial = state.again.as_ref().map_or(state.set.serial, |again| again.serial);
        let told = format!(
            "{} {state_serial} {} {programme:?} {:?} {} {} {cuts:?}",
            indicator.code, state.frame.serial, scope.territory, period.since, period.until
        );
        let remembers = matches!(owners, Owners::All);
        if remembers && let Some(found) = lock(&self.told).get(&told) {
            return Ok(Some(found.to_vec()));
        }
        let question = count::Question {
            place,
            when: indicator.period,
            period,
            by_organisation: items.organisation.is_some(),
            programme,
            owners: match &owners {
                Owners::All => None,
                Owners::These(these) => Some(these),
            },
            territory: scope.territory.as_deref(),
            frame: &state.frame,
            met: indicator.measure == Measure::Share,
            valued: indicator.measure == Measure::Each,
        };
        let counted = count::count(&state.rows(), &question, cuts);
        let figure = |([row, column, currency], sums): ([Option<String>; 3], Sums)| {
            figure::of_sums(indicator, indicator.measure, (row, column, currency), &sums)
        };
        let found: Vec<Figure> = counted.into_iter().map(figure).collect();
        if remembers {
            const REMEMBERED: usize = 4_000;
            let mut all = lock(&self.told);
            if all.len() >= REMEMBERED {
                all.clear();
            }
            all.insert(told, Arc::new(found.clone()));
        }
        Ok(Some(found))
    }
}

/// What is held of an indicator's figures, if it is: for whoever compares them with those of the statement.
pub fn held(
    app: &App,
    db: &mut Db,
    indicator: &Indicator,
    (scope, period): (&Scope, Period),
    cuts: &[Cut],
    eyes: Eyes<'_>,
) -> Result<Option<Vec<Figure>>> {
    app.held.of::<Held>().figures(db, indicator, scope, period, cuts, eyes)
}

/// An indicator's rows, read into memory for this caller alone.
pub struct Anew(Held);

impl Anew {
    /// Reads them in this snapshot. The caller may read every record.
    pub fn read(db: &mut Db, indicator: &Indicator, period: Period) -> Result<Anew> {
        let held = Held::default();
        let mut frame = Frame { horizon: db.horizon("impact_touch")?, ..Frame::default() };
        frame.read(db, None)?;
        lock(&held.frames).push_back(Arc::new(frame));
        let key = shape::key(indicator, period);
        for shape in shape::all(period)?.iter().filter(|shape| Some(&shape.key) == key.as_ref()) {
            lock(&held.sets).insert(shape.key.clone(), vec![Arc::new(Set::read(db, shape)?)]);
        }
        Ok(Anew(held))
    }

    /// The figures of the indicator; nothing if its rows are not held.
    pub fn figures(
        &self,
        db: &mut Db,
        indicator: &Indicator,
        (scope, period): (&Scope, Period),
        cuts: &[Cut],
        eyes: Eyes<'_>,
    ) -> Result<Option<Vec<Figure>>> {
        self.0.figures(db, indicator, scope, period, cuts, eyes)
    }
}

/// Reads what is not held yet, and puts what was read again among the rest once there is some of it.
pub fn tend(app: &App) -> Result<()> {
    tend_all(app, SOME)
}

/// The same, whatever there is.
pub fn settle(app: &App) -> Result<()> {
    tend_all(app, 0)
}

fn tend_all(app: &App, some: usize) -> Result<()> {
    let held = app.held.of::<Held>();
    let most = app.environment.get("TIWIZI_FIGURES_MEMORY").and_then(|most| most.parse::<usize>().ok());
    let most = most.map_or(MOST, |megabytes| megabytes << 20);
    if most == 0 {
        return Ok(());
    }
    held.tend_frame(app, some)?;
    let shapes = shape::all(Period::year_to(kernel::today()))?;
    lock(&held.sets).retain(|key, _| shapes.iter().any(|shape| shape.key == *key));
    for shape in shapes.iter().filter(|shape| !lock(&held.refused).contains(&shape.key)) {
        if let Err(error) = held.tend_set(app, shape, most, some) {
            tracing::warn!(%error, shape = shape.key, "these figures are not held");
            lock(&held.refused).insert(shape.key.clone());
        }
    }
    let (shapes, bytes) = held.size();
    app.metrics.level("tiwizi_figures_held", shapes);
    app.metrics.level("tiwizi_figures_held_bytes", bytes);
    Ok(())
}

impl Held {
    /// How many shapes are held, and in how many bytes.
    fn size(&self) -> (u64, u64) {
        let sets = lock(&self.sets);
        let last = sets.values().filter_map(|sets| sets.last());
        (sets.len() as u64, last.map(|set| set.bytes() as u64).sum())
    }

    fn tend_frame(&self, app: &App, some: usize) -> Result<()> {
        let last = lock(&self.frames).back().cloned();
        let stale = app.read(|db| match &last {
            None => Ok(true),
            Some(frame) => Ok(changed(&touches(db, frame.horizon)?).is_none_or(|owners| owners.len() > some)),
        })?;
        if stale {
            let frame = app.read(|db| {
                let mut frame =
                    Frame { horizon: db.horizon("impact_touch")?, serial: serial(), ..Frame::default() };
                frame.read(db, None)?;
                Ok(frame)
            })?;
            let mut kept = lock(&self.frames);
            kept.push_back(Arc::new(frame));
            while kept.len() > 4 {
                kept.pop_front();
            }
        }
        Ok(())
    }

    fn tend_set(&self, app: &App, shape: &Arc<Shape>, most: usize, some: usize) -> Result<()> {
        let last = lock(&self.sets).get(&shape.key).and_then(|sets| sets.last().cloned());
        let fresh = match last {
            None => None,
            Some(set) => {
                let again = app.read(|db| {
                    let horizon = db.horizon("impact_touch")?;
                    let touches = touches(db, set.horizon)?;
                    match changed(&touches) {
                        // It is read anew.
                        None => Ok(Err(())),
                        Some(owners) if owners.len() > some => Ok(Ok(set.again(db, horizon, touches)?)),
                        Some(_) => Ok(Ok(None)),
                    }
                })?;
                match again {
                    Ok(None) => return Ok(()),
                    Ok(Some(again)) => Some(Set {
                        shape: Arc::clone(shape),
                        base: Arc::new((set.base.0.joined(&again.owners, &again.part), again.names.clone())),
                        horizon: again.horizon,
                        again: Mutex::default(),
                        serial: serial(),
                    }),
                    Err(()) => None,
                }
            }
        };
        let fresh = match fresh {
            Some(fresh) => fresh,
            None => {
                if self.size().1 >= most as u64 {
                    return Ok(());
                }
                let began = std::time::Instant::now();
                let set = app.read(|db| Set::read(db, shape))?;
                tracing::info!(
                    rows = set.base.0.starts.last().copied().unwrap_or(0),
                    bytes = set.bytes(),
                    took = ?began.elapsed(),
                    "figures are held"
                );
                set
            }
        };
        let mut sets = lock(&self.sets);
        let of_shape = sets.entry(shape.key.clone()).or_default();
        of_shape.push(Arc::new(fresh));
        if of_shape.len() > 2 {
            of_shape.remove(0);
        }
        drop(sets);
        Ok(())
    }
}
