//! What coaching tells on the pages of a cooperative and of a programme, and in *my day*.

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Panel, Task};
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words, sql};
use serde::Serialize;

use crate::action::{self, Action, ActionStatus};
use crate::report::{self, Report};
use crate::scoring::Stage;
use crate::{assessment, calls, instrument, ladder, tiles, work};

pub(crate) fn panels() -> Vec<Panel> {
    let (place, read) = ("registry.organisation", Standing::File);
    vec![
        Panel { name: "diagnosis", place, order: 5, side: false, read, show: diagnosis },
        Panel { name: "plan", place, order: 7, side: false, read, show: plan },
        Panel { name: "legal", place, order: 20, side: true, read, show: calls::legal },
        Panel { name: "ladder", place, order: 25, side: true, read, show: ladder::panel },
        Panel { name: "visits", place, order: 15, side: true, read, show: calls::visits },
        Panel { name: "work", place, order: 16, side: true, read, show: work::panel },
        Panel { name: "coaching", place: "registry.space", order: 10, side: false, read, show: tiles::tiles },
        Panel { name: "diagnosis", place: "programmes.programme", order: 5, side: true, read, show: cohort },
    ]
}

pub(crate) fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    Ok(Some(Shown {
        html: Html(panel.render().map_err(Error::internal)?),
        data: serde_json::to_value(panel)?,
    }))
}

/// Where a cooperative stands.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_diagnosis.html")]
struct Diagnosis {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    latest: Option<Latest>,
    /// A round that was begun and not concluded.
    running: Option<Id>,
}

#[derive(Serialize)]
struct Latest {
    id: Id,
    held: String,
    report: Report,
    #[serde(skip)]
    radar: Html,
    #[serde(skip)]
    due: bool,
}

impl Diagnosis {
    fn tone(&self, stage: &Stage) -> &'static str {
        report::tone(*stage)
    }
}

fn diagnosis(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let rounds = assessment::of(db, organisation)?;
    let concluded = rounds.iter().find(|round| round.concluded.is_some() && round.repeats.is_none());
    let running = rounds
        .iter()
        .find(|r| r.concluded.is_none() && r.assessor.map(|account| account.id) == ctx.viewer.account);
    let latest = match concluded {
        None => None,
        Some(round) => {
            let edition = instrument::edition(db, round.instrument.id)?;
            let report = report::of(ctx, db, &edition, round)?;
            Some(Latest {
                id: round.id,
                held: ctx.w.date(&round.held),
                radar: report.radar(ctx.w),
                due: assessment::next_round(round) <= kernel::today(),
                report,
            })
        }
    };
    shown(&Diagnosis { w: ctx.w, organisation, latest, running: running.map(|round| round.id) })
}

#[derive(Serialize)]
struct ActionLine {
    id: Id,
    title: Multi,
    owner: Option<String>,
    due: Option<String>,
    late: bool,
    done: bool,
    status: ActionStatus,
    cost: Option<String>,
}

/// The plan of a cooperative.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_plan.html")]
struct Plan {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    actions: Vec<ActionLine>,
    done: usize,
    all: usize,
    late: usize,
    latest: Option<Id>,
}

fn plan(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let (w, today) = (ctx.w, kernel::today());
    let actions = action::of(db, organisation)?;
    let counted = |action: &&Action| action.status != ActionStatus::Dropped;
    let late = |action: &Action| action.is_open() && action.due.is_some_and(|due| due < today);
    let latest = assessment::of(db, organisation)?.into_iter().find(|round| round.concluded.is_some());
    shown(&Plan {
        w,
        organisation,
        done: actions.iter().filter(|action| action.status == ActionStatus::Done).count(),
        all: actions.iter().filter(counted).count(),
        late: actions.iter().filter(|action| late(action)).count(),
        latest: latest.map(|round| round.id),
        actions: actions
            .iter()
            .map(|action| ActionLine {
                id: action.id,
                title: action.title.clone(),
                owner: action.owner.clone(),
                due: action.due.map(|due| w.date(&due)),
                late: late(action),
                done: action.status == ActionStatus::Done,
                status: action.status,
                cost: action.cost.as_ref().map(|cost| w.money(cost)),
            })
            .collect(),
    })
}

/// The way from a programme to its heat map.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_cohort.html")]
struct Cohort {
    #[serde(skip)]
    w: Words,
    programme: Id,
    diagnosed: usize,
}

fn cohort(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Option<Shown>> {
    let diagnosed = assessment::of_programme(db, &ctx.viewer, programme)?.len();
    shown(&Cohort { w: ctx.w, programme, diagnosed })
}

/// What waits for a coach: actions that are late, a diagnosis to finish.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let Some(account) = ctx.viewer.account else { return Ok(Vec::new()) };
    let w = ctx.w;
    // The cooperatives this person accompanies; for a representative, those this person answers for.
    let late = sql("select t.organisation, o.name, t.title, t.due from plan_action t join organisation o on o.id = t.organisation
                    where t.status in ('agreed', 'doing') and t.due < ? and (t.organisation in
                    (select organisation from assignment where account = ? and (until is null or until >= ?)) or 'organisation:' || t.organisation in
                    (select scope from role where account = ? and (until is null or until >= ?))) and")
        .bind(kernel::today()).bind(account).bind(kernel::today()).bind(account).bind(kernel::today())
        .seen_near(&ctx.viewer, "t.organisation", Standing::File)
        .and(" order by t.due, t.id limit 10");
    let mut tasks = db.rows(&late, |row| {
        let (organisation, name, title): (Id, Multi, Multi) = (row.take()?, row.take()?, row.take()?);
        let due = w.date(&row.take()?);
        Ok(Task {
            tone: "late",
            text: w.args("task.action", &[("title", title.best(w.lang).to_owned()), ("date", due)]),
            detail: name.best(w.lang).to_owned(),
            path: format!("/organisations/{organisation}#plan"),
        })
    })?;
    let running =
        sql("select a.id, o.name, a.held from assessment a join organisation o on o.id = a.organisation
                       where a.assessor = ? and a.concluded is null and")
        .bind(account)
        .seen_near(&ctx.viewer, "a.organisation", Standing::File)
        .and(" order by a.held, a.id limit 5");
    tasks.extend(db.rows(&running, |row| {
        let (id, name): (Id, Multi) = (row.take()?, row.take()?);
        Ok(Task {
            tone: "wait",
            text: w.with("task.assessment", "date", &w.date(&row.take()?)),
            detail: name.best(w.lang).to_owned(),
            path: format!("/assessments/{id}"),
        })
    })?);
    Ok(tasks)
}

impl Plan {
    fn word(&self, status: &ActionStatus) -> String {
        self.w.t2(ActionStatus::WORDS, status.code())
    }
}
