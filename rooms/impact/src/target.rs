//! Targets: what a programme wants to reach, by when, where, for whom; and where it began.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::Ref;
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, record, sql};
use programmes::{Phase, Programme};

use crate::indicator::{self, Indicator};
use crate::slice::{self, Slice};

record! {
    /// A target of a programme for an indicator, of the whole or of one bucket of a cut.
    pub Target in "impact_target" as "impact.target", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, indicator: String,
            /// Such as women, or a province; nothing for the whole.
            slice: Option<Slice>,
            target: i64, due: Date, baseline: Option<i64>, phase: Option<Ref<Phase>>,
        }
    }
}

pub(crate) fn routes() -> Vec<Route> {
    piece::routes::<Target>("/programmes/{programme}")
}

/// The indicator that the form speaks of: chosen on another page, typed, or kept already.
fn chosen(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Option<Arc<Indicator>>> {
    let typed = ctx.query.text("indicator").or_else(|| ctx.form.text("indicator")).map(str::to_owned);
    let code = match ctx.param("impact_target").ok().and_then(|id| id.parse().ok()) {
        Some(id) if typed.is_none() => kernel::record::find::<Target>(db, id)?.map(|target| target.indicator),
        _ => typed,
    };
    let found = code.and_then(|code| indicator::find(db, &code).ok());
    Ok(found.filter(|indicator| indicator.serves(owner)))
}

impl Piece for Target {
    const PLURAL: &'static str = "targets";
    const OWNER: &'static str = "programme";
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        programmes::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/impact")
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let phases = programmes::plan::phases(db, owner)?;
        let phases =
            phases.into_iter().map(|phase| (phase.id.to_string(), phase.name.best(ctx.w.lang).to_owned()));
        let chosen = chosen(ctx, db, owner)?;
        let all = indicator::of_programme(db, owner)?;
        let named = all.iter().map(|one| (one.code.clone(), one.name.best(ctx.w.lang).to_owned()));
        Ok(vec![
            ("phase", phases.collect()),
            ("indicator", named.collect()),
            ("slice", slice::offers(ctx, db, owner, chosen.as_deref())?),
        ])
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let programme = self.programme.id;
        let known = indicator::find(tx, &self.indicator).ok();
        let known = known.filter(|known| known.serves(programme) && known.code == self.indicator);
        let known = known.ok_or_else(|| Error::field("indicator", "error.reference"))?;
        if let Some(phase) = self.phase {
            let phase = kernel::record::find::<Phase>(tx, phase.id)?;
            if phase.is_none_or(|phase| phase.programme.id != programme) {
                return Err(Error::field("phase", "error.reference"));
            }
        }
        match &self.slice {
            Some(slice) if !known.cuts.contains(&slice.cut) => {
                Err(Error::field("slice", "impact_target.slice.fits"))
            }
            Some(slice) if !slice::is_offered(&slice::offers(ctx, tx, programme, Some(&known))?, slice) => {
                Err(Error::field("slice", "error.reference"))
            }
            _ => Ok(()),
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
