//! A programme's own indicator: the records of a shipped one, narrowed to what the programme asks about, measured its way.
//! It becomes an [`Indicator`] like any other, so that every page, target and report counts it without knowing.

use std::sync::Arc;

use kernel::form::Options;
use kernel::kinds::{Choice, Multi, Ref};
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, choice, record, sql};
use programmes::Programme;

use crate::cut::Cut;
use crate::indicator::{self, Indicator, Measure, Unit};
use crate::slice::{self, Slice};

choice! {
    /// How a programme measures the records of its own indicator.
    pub OwnMeasure in "own_indicator.measure" {
        Count = "count", Sum = "sum", Mean = "mean", Share = "share", Change = "change",
    }
}

record! {
    /// An indicator that a programme defined for itself.
    pub OwnIndicator in "own_indicator" as "impact.own_indicator", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, name: Multi, definition: Multi,
            /// Code of the shipped indicator whose records it counts.
            base: String,
            measure: OwnMeasure,
            /// What its records are narrowed to.
            only_1: Option<Slice>, only_2: Option<Slice>, only_3: Option<Slice>,
            /// Of a share: which of the records it is the share of.
            meets: Option<Slice>,
        }
    }
}

/// What an own indicator is built of.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    /// The programme that defined it.
    pub(crate) programme: Id,
    /// The shipped indicator whose records it counts.
    pub(crate) base: Arc<Indicator>,
    /// How the programme measures them.
    pub(crate) way: OwnMeasure,
    /// What they are narrowed to.
    pub(crate) only: Vec<Slice>,
    /// Of a share: which of them it is the share of.
    pub(crate) meets: Option<Slice>,
}

impl Built {
    /// Everything that decides what it counts, as lines.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let slices = |word: &'static str| move |slice: &Slice| format!("{word} {slice}");
        let head = [self.base.code.clone(), self.way.code().to_owned()];
        let only: Vec<String> = self.only.iter().map(slices("only")).collect();
        let meets: Option<String> = self.meets.as_ref().map(slices("meets"));
        head.into_iter().chain(only).chain(meets)
    }
}

/// What can be made of the records of an indicator.
fn ways(base: &Indicator) -> Vec<OwnMeasure> {
    let adds = base.measure == Measure::Sum || adds(base);
    let means = adds || base.measure == Measure::Mean;
    [
        Some(OwnMeasure::Count),
        adds.then_some(OwnMeasure::Sum),
        means.then_some(OwnMeasure::Mean),
        Some(OwnMeasure::Share),
        Some(OwnMeasure::Change),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The shipped indicator with this code, if records stand behind it that can be counted another way.
fn base(code: &str) -> Option<Arc<Indicator>> {
    indicator::shipped(code).ok().filter(|base| base.items.is_some())
}

/// True if values of one kind add up, where those of all do not.
fn adds(base: &Indicator) -> bool {
    base.items.as_ref().is_some_and(|items| items.adds)
}

/// How a measure is counted over a base, and what its figures are in.
fn measured(base: &Indicator, way: OwnMeasure) -> (Measure, Unit) {
    match way {
        OwnMeasure::Count if matches!(base.measure, Measure::Count) => (Measure::Count, base.unit),
        // What an indicator sums or averages has a unit; how many records those are has none.
        OwnMeasure::Count => (Measure::Count, Unit::Records),
        // What people answered has no unit that is known here.
        OwnMeasure::Sum if adds(base) => (Measure::Sum, Unit::Answered),
        OwnMeasure::Mean if adds(base) => (Measure::Each, Unit::Answered),
        OwnMeasure::Sum => (Measure::Sum, base.unit),
        OwnMeasure::Mean if base.measure == Measure::Mean => (Measure::Mean, base.unit),
        OwnMeasure::Mean if base.unit == Unit::Records => (Measure::Each, Unit::Average),
        OwnMeasure::Mean => (Measure::Each, base.unit),
        OwnMeasure::Share => (Measure::Share, Unit::Percent),
        OwnMeasure::Change if base.unit == Unit::Percent => (Measure::Change, Unit::Points),
        OwnMeasure::Change => (Measure::Change, base.unit),
    }
}

impl OwnIndicator {
    /// The indicator that it defines.
    pub(crate) fn build(&self) -> Result<Indicator> {
        let base = base(&self.base).ok_or(Error::NotFound)?;
        let (measure, unit) = measured(&base, self.measure);
        Ok(Indicator {
            code: self.id.to_string(),
            theme: "own".into(),
            name: self.name.clone(),
            definition: self.definition.clone(),
            unit,
            measure,
            references: Vec::new(),
            example: Vec::new(),
            built: Some(Built {
                programme: self.programme.id,
                way: self.measure,
                only: self.only().cloned().collect(),
                meets: self.meets.clone(),
                base: base.clone(),
            }),
            ..Indicator::clone(&base)
        })
    }

    fn only(&self) -> impl Iterator<Item = &Slice> {
        [&self.only_1, &self.only_2, &self.only_3].into_iter().flatten()
    }

    /// Its narrowings by the field that says them.
    fn slices(&self) -> impl Iterator<Item = (&'static str, &Slice)> {
        let fields = [
            ("only_1", &self.only_1),
            ("only_2", &self.only_2),
            ("only_3", &self.only_3),
            ("meets", &self.meets),
        ];
        fields.into_iter().filter_map(|(field, slice)| Some((field, slice.as_ref()?)))
    }

    /// Refuses what would count nothing, or something else than it says.
    fn sensible(&self, offered: &Options) -> Result<()> {
        let base = base(&self.base).ok_or_else(|| Error::field("base", "error.reference"))?;
        if !ways(&base).contains(&self.measure) {
            return Err(Error::field("measure", "own_indicator.measure.fits"));
        }
        for (field, slice) in self.slices() {
            if !base.cuts.contains(&slice.cut) {
                return Err(Error::field(field, "own_indicator.only_1.fits"));
            }
            if !slice::is_offered(offered, slice) {
                return Err(Error::field(field, "error.reference"));
            }
            if self.slices().any(|(other, there)| other < field && there.cut == slice.cut) {
                return Err(Error::field(field, "own_indicator.only_1.twice"));
            }
        }
        let of_one = self.only().any(|slice| slice.cut == Cut::Kind);
        if adds(&base) && matches!(self.measure, OwnMeasure::Sum | OwnMeasure::Mean) && !of_one {
            return Err(Error::field("only_1", "own_indicator.only_1.one"));
        }
        let shares = self.measure == OwnMeasure::Share;
        match &self.meets {
            Some(_) if !shares => Err(Error::field("meets", "own_indicator.meets.of_share")),
            None if shares && base.measure != Measure::Share => Err(Error::field("meets", "error.needed")),
            _ => Ok(()),
        }
    }
}

/// The own indicator with this id.
pub(crate) fn read(db: &mut Db, id: Id) -> Result<Arc<Indicator>> {
    kernel::record::get::<OwnIndicator>(db, id)?.build().map(Arc::new)
}

/// The own indicators of a programme, in the order in which they were defined. One whose base is gone counts nothing.
pub(crate) fn of(db: &mut Db, programme: Id) -> Result<Vec<Arc<Indicator>>> {
    let columns = OwnIndicator::columns("");
    let query = sql(&format!("select {columns} from own_indicator where programme = ? order by id"))
        .bind(programme)
        .open("the caller checked the standing at the programme");
    let found = db.rows(&query, OwnIndicator::from_row)?;
    Ok(found.iter().filter_map(|own| own.build().ok()).map(Arc::new).collect())
}

pub(crate) fn routes() -> Vec<Route> {
    piece::routes::<OwnIndicator>("/programmes/{programme}")
}

/// The base that the form speaks of: chosen on another page, typed, or kept already.
fn chosen(ctx: &Ctx, db: &mut Db) -> Result<Option<Arc<Indicator>>> {
    let typed = ctx.query.text("base").or_else(|| ctx.form.text("base")).and_then(base);
    let Some(id) = ctx.param("own_indicator").ok().and_then(|id| id.parse().ok()) else { return Ok(typed) };
    let kept = kernel::record::find::<OwnIndicator>(db, id)?;
    Ok(typed.or_else(|| base(&kept?.base)))
}

impl Piece for OwnIndicator {
    const PLURAL: &'static str = "own-indicators";
    const OWNER: &'static str = "programme";
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        programmes::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/indicators?programme={owner}#own")
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let base = chosen(ctx, db)?;
        let slices = slice::offers(ctx, db, owner, base.as_deref())?;
        let all = indicator::all()?.iter().filter(|indicator| indicator.items.is_some());
        let bases = all.map(|base| (base.code.clone(), base.name.best(ctx.w.lang).to_owned()));
        let mut offers = vec![("base", bases.collect())];
        offers.extend(["only_1", "only_2", "only_3", "meets"].map(|field| (field, slices.clone())));
        if let Some(base) = base {
            let ways = ways(&base).into_iter().map(|way| (way.code().to_owned(), ctx.w.choice(&way)));
            offers.push(("measure", ways.collect()));
        }
        Ok(offers)
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let base = base(&self.base);
        let offered = slice::offers(ctx, tx, self.programme.id, base.as_deref())?;
        self.sensible(&offered)
    }
    /// What somebody aims at or is about to tell is not taken away under them; what was frozen keeps its own figures.
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        let code = self.id.to_string();
        let targets = sql("select count(*) from impact_target where programme = ? and indicator = ?")
            .bind(self.programme.id)
            .bind(code.clone())
            .open("the caller stewards the programme");
        if tx.one::<i64>(&targets)? > 0 {
            return Err(Error::refused("own_indicator.in_target"));
        }
        let sections = sql("select count(*) from report_section s join report r on r.id = s.report
                            where s.programme = ? and r.state <> 'frozen' and s.indicators like ?")
        .bind(self.programme.id)
        .bind(format!("%{code}%"))
        .open("the caller stewards the programme");
        if tx.one::<i64>(&sections)? > 0 {
            return Err(Error::refused("own_indicator.in_report"));
        }
        Ok(())
    }
}
