//! How far a programme is on the way to its targets: of the whole, of a province or a group, of a phase.

use kernel::{Ctx, Db, Id, Result, Words};
use programmes::Phase;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::Asked;
use crate::figure::{self, Figure};
use crate::indicator::Indicator;
use crate::scope::Period;
use crate::target::Target;
use crate::unit;

/// How far a target is.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Progress {
    pub(crate) id: Id,
    /// The group and the phase that it is set for; nothing for the whole.
    pub(crate) of: Option<String>,
    /// Where it stands now.
    pub(crate) said: String,
    pub(crate) target: String,
    pub(crate) due: String,
    /// Percent of the way from the baseline.
    pub(crate) percent: i64,
    pub(crate) reached: bool,
    pub(crate) late: bool,
    pub(crate) baseline: Option<String>,
    /// Where whoever may change it does.
    #[serde(skip)]
    pub(crate) edit: Option<String>,
}

/// The targets of a programme and what they are read with.
pub(crate) struct Aims {
    pub(crate) targets: Vec<Target>,
    pub(crate) phases: Vec<Phase>,
    /// True if the viewer may change them.
    pub(crate) manages: bool,
}

impl Aims {
    /// The targets of a programme. The caller checked the standing.
    pub(crate) fn of(db: &mut Db, programme: Id, manages: bool) -> Result<Aims> {
        let targets = crate::target::of(db, programme)?;
        Ok(Aims { targets, phases: programmes::plan::phases(db, programme)?, manages })
    }

    /// True if something is aimed at with this indicator.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.targets.iter().any(|target| target.indicator == code)
    }

    /// How far the targets of an indicator are; `whole` is its figure. Where that is hidden, its targets are silent.
    pub(crate) fn progress(
        &self,
        ctx: &Ctx,
        db: &mut Db,
        asked: &Asked,
        indicator: &Indicator,
        whole: &Figure,
    ) -> Result<Vec<Progress>> {
        let of_it: Vec<&Target> =
            self.targets.iter().filter(|target| target.indicator == indicator.code).collect();
        let mut all = Vec::new();
        for target in nearest(&of_it, kernel::today()) {
            let phase = target.phase.and_then(|phase| self.phases.iter().find(|one| one.id == phase.id));
            let figure = match (phase, &target.slice) {
                (None, None) => whole.clone(),
                _ => reached(ctx, db, asked, indicator, target, phase)?,
            };
            if figure.hidden {
                continue;
            }
            let slice = target.slice.as_ref().map(|slice| slice.label(db, ctx.w, indicator.items.as_ref()));
            let phase = phase.map(|phase| phase.name.best(ctx.w.lang).to_owned());
            let of: Vec<String> = slice.transpose()?.into_iter().chain(phase).collect();
            let told = told(ctx.w, indicator, target, &figure, kernel::today());
            all.push(Progress {
                of: (!of.is_empty()).then(|| of.join(" · ")),
                edit: self.manages.then(|| format!("/targets/{}/edit", target.id)),
                ..told
            });
        }
        Ok(all)
    }
}

/// Of the targets set for the same thing, in the order of their dates: the next to come, or else the last.
fn nearest<'a>(targets: &[&'a Target], today: jiff::civil::Date) -> Vec<&'a Target> {
    let mut chosen: Vec<&Target> = Vec::new();
    for target in targets {
        let same = |there: &Target| {
            there.slice == target.slice && there.phase.map(|p| p.id) == target.phase.map(|p| p.id)
        };
        match chosen.iter_mut().find(|there| same(there)) {
            Some(there) if there.due < today => *there = target,
            Some(_) => {}
            None => chosen.push(target),
        }
    }
    chosen
}

/// What was reached for a group or during a phase. A phase that has not begun has reached nothing that can be said.
fn reached(
    ctx: &Ctx,
    db: &mut Db,
    asked: &Asked,
    indicator: &Indicator,
    target: &Target,
    phase: Option<&Phase>,
) -> Result<Figure> {
    let period = match phase {
        Some(phase) => Period { since: phase.since, until: phase.until.min(asked.period.until) },
        None => asked.period,
    };
    if period.until < period.since {
        return Ok(Figure::default());
    }
    let asked = asked.over(period);
    let Some(slice) = &target.slice else { return asked.total(ctx, db, indicator) };
    let Some(figures) = asked.told(ctx, db, indicator, &[slice.cut])? else {
        return Ok(Figure { hidden: true, ..Figure::default() });
    };
    let of_it = figures.into_iter().filter(|figure| figure.row.as_ref() == Some(&slice.code));
    let nothing = Figure { value: figure::nothing(indicator), ..Figure::default() };
    Ok(of_it.max_by_key(|figure| figure.value).unwrap_or(nothing))
}

fn told(
    w: Words,
    indicator: &Indicator,
    target: &Target,
    figure: &Figure,
    today: jiff::civil::Date,
) -> Progress {
    let scale = unit::scale(indicator.unit, figure.currency.as_deref());
    let (wanted, from) = (target.target * scale, target.baseline.unwrap_or(0) * scale);
    let value = figure.value.unwrap_or(from);
    let way = wanted - from;
    let percent = if way == 0 { 100 } else { ((value - from) * 100 / way).clamp(0, 999) };
    let reached = if way >= 0 { value >= wanted } else { value <= wanted };
    let said = |value: i64| unit::value(w, indicator.unit, value, figure.currency.as_deref());
    Progress {
        id: target.id,
        of: None,
        said: unit::figure(w, indicator, figure),
        target: said(wanted),
        due: w.date(&target.due),
        percent,
        reached,
        late: !reached && target.due < today,
        baseline: target.baseline.map(|_| said(from)),
        edit: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use kernel::Id;

    use super::{Target, nearest};
    use crate::{Cut, Slice};

    fn target(due: Date, slice: Option<Slice>) -> Target {
        Target {
            id: Id::new(),
            version: 1,
            programme: Id::named("programme").into(),
            indicator: "people-trained".into(),
            target: 1,
            due,
            baseline: None,
            phase: None,
            slice,
        }
    }

    #[test]
    fn of_each_group_the_next_target_is_told_or_the_last() {
        let women = || Some(Slice::of(Cut::Sex, "woman"));
        let all = [
            target(date(2024, 1, 1), women()),
            target(date(2024, 6, 1), None),
            target(date(2025, 1, 1), women()),
            target(date(2026, 6, 1), None),
            target(date(2027, 6, 1), None),
        ];
        let dues: Vec<Date> =
            nearest(&all.iter().collect::<Vec<_>>(), date(2026, 1, 1)).iter().map(|t| t.due).collect();
        assert_eq!(dues, [date(2025, 1, 1), date(2026, 6, 1)]);
    }
}
