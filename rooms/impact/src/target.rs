//! Targets: what a programme wants to reach, by when, where, for whom; and where it began.

use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::Ref;
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, record, sql};
use programmes::{Phase, Programme};

use crate::cut::Cut;
use crate::indicator;

record! {
    /// A target of a programme for an indicator, of the whole or of one bucket of a cut.
    pub Target in "impact_target" as "impact.target", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, indicator: String, target: i64, due: Date, baseline: Option<i64>, phase: Option<Ref<Phase>>,
        }
        part(Shared, Steward) { cut: Option<String>, bucket: Option<String> }
    }
}

pub(crate) fn routes() -> Vec<Route> {
    piece::routes::<Target>("/programmes/{programme}")
}

impl Piece for Target {
    const PLURAL: &'static str = "targets";
    const OWNER: &'static str = "programme";
    const GIVEN: &'static [&'static str] = &["cut", "bucket"];
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        Ok(kernel::record::get::<Programme>(db, owner)?.name.best(ctx.w.lang).to_owned())
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/impact")
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let phases = programmes::plan::phases(db, owner)?;
        let phases =
            phases.into_iter().map(|phase| (phase.id.to_string(), phase.name.best(ctx.w.lang).to_owned()));
        let named = |indicator: &indicator::Indicator| {
            (indicator.code.clone(), indicator.name.best(ctx.w.lang).to_owned())
        };
        Ok(vec![("phase", phases.collect()), ("indicator", indicator::all()?.iter().map(named).collect())])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let known =
            indicator::find(&self.indicator).map_err(|_| Error::field("indicator", "error.reference"))?;
        if let Some(phase) = self.phase {
            let phase = kernel::record::find::<Phase>(tx, phase.id)?;
            if phase.is_none_or(|phase| phase.programme.id != self.programme.id) {
                return Err(Error::field("phase", "error.reference"));
            }
        }
        match (&self.cut, &self.bucket) {
            (None, None) => Ok(()),
            (Some(cut), Some(_)) if Cut::from_code(cut).is_some_and(|cut| known.cuts.contains(&cut)) => {
                Ok(())
            }
            _ => Err(Error::field("indicator", "error.reference")),
        }
    }
}

/// The targets of a programme, the nearest first.
pub fn of(db: &mut Db, programme: Id) -> Result<Vec<Target>> {
    let query = sql(&format!(
        "select {} from impact_target where programme = ? order by due, id",
        Target::columns("")
    ))
    .bind(programme)
    .open("the caller checked the standing at the programme");
    db.rows(&query, Target::from_row)
}
