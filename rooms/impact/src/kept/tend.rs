//! Keeping what is held up with the database, in the background.

use std::sync::{Arc, Mutex};

use kernel::{App, Result, sql};

use super::hold::{Frame, Held, Set, changed, lock, touches};
use super::shape::{self, Shape};
use crate::scope::Period;

/// As many bytes may be held, unless the administrator says otherwise.
const MOST: usize = 768 << 20;
/// Rows of so many owners are put among the others in the background.
const SOME: usize = 100;

/// Reads what is not held yet, and puts what was read again among the rest once there is some of it.
pub fn tend(app: &App) -> Result<()> {
    tend_all(app, SOME)
}

/// The same, whatever there is.
pub fn settle(app: &App) -> Result<()> {
    tend_all(app, 0)
}

/// An import goes on for a while: rows are read anew when nothing changed in so many looks.
const CALM: u32 = 6;
/// No page takes longer.
const LONG: std::time::Duration = std::time::Duration::from_secs(60);

fn tend_all(app: &App, some: usize) -> Result<()> {
    let held = app.held.of::<Held>();
    let most = app.environment.get("TIWIZI_FIGURES_MEMORY").and_then(|most| most.parse::<usize>().ok());
    let most = most.map_or(MOST, |megabytes| megabytes << 20);
    if most == 0 {
        return Ok(());
    }
    for sets in lock(&held.sets).values_mut() {
        // Pages that began before the last one came are done by now.
        if sets.len() > 1 && sets.last().is_some_and(|last| last.here.elapsed() > LONG) {
            sets.drain(..sets.len() - 1);
        }
    }
    let last = app.read(|db| db.one(&sql("select coalesce(max(stamp), 0) from impact_touch")))?;
    let calm = {
        let mut pace = lock(&held.pace);
        pace.calm = if pace.last.is_none_or(|seen| seen == last) { pace.calm + 1 } else { 0 };
        // At the start nothing is there yet that could be used meanwhile.
        let calm = pace.last.is_none() || pace.calm > CALM || some == 0;
        pace.last = Some(last);
        if pace.done == Some((last, some, kernel::today())) {
            return Ok(());
        }
        calm
    };
    held.tend_frame(app, some)?;
    let shapes = shape::all(Period::year_to(kernel::today()))?;
    lock(&held.sets).retain(|key, _| shapes.iter().any(|shape| shape.key == *key));
    let mut all = true;
    for shape in &shapes {
        if lock(&held.refused).get(&shape.key).is_some_and(|tried| tried.elapsed() < LONG) {
            all = false;
            continue;
        }
        match held.tend_set(app, shape, most, some, calm) {
            Ok(done) => all &= done,
            Err(error) => {
                tracing::warn!(%error, shape = shape.key, "these figures are not held");
                lock(&held.refused).insert(shape.key.clone(), std::time::Instant::now());
                all = false;
            }
        }
    }
    lock(&held.pace).done = all.then(|| (last, some, kernel::today()));
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
            let mut frame = app.read(Frame::whole)?;
            if let Some(last) = &last {
                frame.goes_on_from(last);
            }
            let mut kept = lock(&self.frames);
            kept.push_back(Arc::new(frame));
            while kept.len() > 4 {
                kept.pop_front();
            }
        }
        Ok(())
    }

    /// True if there is nothing left to do for now; what changed as a whole is read anew once it is `calm`.
    fn tend_set(&self, app: &App, shape: &Arc<Shape>, most: usize, some: usize, calm: bool) -> Result<bool> {
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
                    Ok(None) => return Ok(true),
                    Err(()) if !calm => return Ok(false),
                    Ok(Some(again)) => Some(Set {
                        shape: Arc::clone(shape),
                        base: Arc::new((set.base.0.joined(&again.owners, &again.part), again.names.clone())),
                        horizon: again.horizon,
                        again: Mutex::default(),
                        serial: again.serial,
                        here: std::time::Instant::now(),
                    }),
                    Err(()) => None,
                }
            }
        };
        let fresh = match fresh {
            Some(fresh) => fresh,
            None => {
                if self.size().1 >= most as u64 {
                    return Ok(true);
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
        Ok(true)
    }
}
