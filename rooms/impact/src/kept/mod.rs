//! Figures over a whole country, counted in memory ([decision 18](../../../../decisions/0018-kept-figures.md)).
//!
//! The rows that indicators count are held column by column, shared by indicators that count the same rows. They are
//! never a second truth: each question looks, in its own snapshot, whose rows changed since they were read, and reads
//! those again. Whatever cannot be answered so is answered by the statement in `figure.rs`, whose figures are the same.

mod codes;
mod column;
mod count;
mod groups;
mod hold;
mod list;
mod part;
mod shape;
mod tend;
mod touch;

use std::sync::Arc;

use kernel::{App, Ctx, Db, Id, Result, sql};
use rustc_hash::FxHashSet;

use crate::cut::Cut;
use crate::figure::{self, Figure, Sums};
use crate::indicator::{Indicator, Measure};
use crate::scope::{Eyes, Period, Scope};
use hold::{Frame, Held, Set, lock};

pub(crate) use list::{Narrow, page};
pub use tend::{settle, tend};
pub use touch::leads;
pub(crate) use touch::{forget, hears};

/// So many figures are remembered: some 40 MB.
const REMEMBERED: usize = 200_000;

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
            programme = Some(id.number());
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

/// True if rows in memory may answer. Of one cooperative, and of those that wait, the statement reads little; a programme's
/// own indicator betrays by what it leaves out; the promotion of what belongs to no programme is that of whoever is asked.
fn answers(indicator: &Indicator, scope: &Scope, mut cuts: impl Iterator<Item = Cut>) -> bool {
    let of_no_programme = indicator.items.as_ref().is_some_and(|items| items.programme.is_none());
    indicator.built.is_none()
        && scope.organisation.is_none()
        && scope.waiting.is_none()
        && !(of_no_programme && scope.programme.is_some() && cuts.any(|cut| cut == Cut::Promotion))
}

/// True if figures of an indicator by these cuts are counted in memory once its rows are there.
pub fn holds(indicator: &Indicator, scope: &Scope, period: Period, cuts: &[Cut]) -> bool {
    answers(indicator, scope, cuts.iter().copied()) && shape::key(indicator, period).is_some()
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

/// Names the rows that figures of an indicator are counted from now; nothing if they are not held.
pub(crate) fn stamp(ctx: &Ctx, db: &mut Db, indicator: &Indicator, period: Period) -> Result<Option<String>> {
    if let Some([above, below]) = &indicator.over {
        let (above, below) = (crate::indicator::find(db, above)?, crate::indicator::find(db, below)?);
        let stamps = (stamp(ctx, db, &above, period)?, stamp(ctx, db, &below, period)?);
        return Ok(stamps.0.zip(stamps.1).map(|(above, below)| format!("{above} {below}")));
    }
    let key = shape::key(indicator, period).filter(|_| indicator.built.is_none());
    let Some(key) = key else { return Ok(None) };
    let state = ctx.app.held.of::<Held>().state(db, &key)?;
    Ok(state.map(|state| format!("{} {}", state.serial(), state.frame.serial)))
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
        if cuts.len() > 2 || !answers(indicator, scope, cuts.iter().copied()) {
            return Ok(None);
        }
        let Some(key) = shape::key(indicator, period) else { return Ok(None) };
        let Some(state) = self.state(db, &key)? else { return Ok(None) };
        let Some((owners, programme)) = owners(db, indicator, scope, eyes)? else { return Ok(None) };
        let place = state.set.shape.place(indicator, period);
        let (Some(items), Some(place)) = (&indicator.items, place) else { return Ok(None) };
        let state_serial = state.serial();
        let told = format!(
            "{} {state_serial} {} {programme:?} {:?} {} {}",
            indicator.code, state.frame.serial, scope.territory, period.since, period.until
        );
        let key = |cuts: &[Cut]| format!("{told} {cuts:?}");
        let whose = match &owners {
            Owners::All => None,
            Owners::These(these) => Some(these),
        };
        if let Some((of, found)) = lock(&self.told).get(&key(cuts))
            && of.as_deref() == whose
        {
            return Ok(Some(found.to_vec()));
        }
        let question = count::Question {
            place,
            when: indicator.period,
            period,
            by_organisation: items.organisation.is_some(),
            programme,
            owners: whose,
            territory: scope.territory.as_deref(),
            frame: &state.frame,
            met: indicator.measure == Measure::Share,
            valued: indicator.measure == Measure::Each,
        };
        let counted = count::count(&state.rows(), &question, cuts);
        let figure = |([row, column, currency], sums): ([Option<String>; 3], Sums)| {
            figure::of_sums(indicator, indicator.measure, (row, column, currency), &sums)
        };
        let whose = whose.cloned().map(Arc::new);
        let levels: Vec<Vec<Figure>> =
            counted.into_iter().map(|level| level.into_iter().map(figure).collect()).collect();
        let mut all = lock(&self.told);
        for (some, found) in levels.iter().enumerate().filter(|(_, found)| found.len() <= REMEMBERED / 2) {
            let there: usize = all.values().map(|(_, figures)| figures.len()).sum();
            if there + found.len() > REMEMBERED || all.len() > REMEMBERED / 10 {
                all.clear();
            }
            all.insert(key(&cuts[..some]), (whose.clone(), Arc::new(found.clone())));
        }
        drop(all);
        Ok(levels.into_iter().next_back())
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
        lock(&held.frames).push_back(Arc::new(Frame::whole(db)?));
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
