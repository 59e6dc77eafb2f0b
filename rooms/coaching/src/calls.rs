//! Who came and who should go; what the law asks: panels of a cooperative, and what waits in *my day*.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::Task;
use kernel::{Ctx, Db, Id, Result, Shown, Words, sql};
use serde::Serialize;

use crate::legal::{self, Deadline, State};
use crate::panel::shown;
use crate::visit::{self, FOLLOW_UP, Followed, VisitStatus};

#[derive(Serialize)]
struct VisitLine {
    id: Id,
    when: String,
    planned: bool,
    late: bool,
    told: String,
}

/// The visits of a cooperative.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_visits.html")]
struct Visits {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    lines: Vec<VisitLine>,
    done: usize,
    /// Months since it was enrolled, and of how many.
    months: Option<(i64, i64)>,
    alone: Option<i32>,
    #[serde(skip)]
    account: String,
}

pub(crate) fn visits(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let (w, today) = (ctx.w, kernel::today());
    let all = visit::of(db, organisation)?;
    let enrolled = sql("select e.since, p.follow_up from enrolment e join programme p on p.id = e.programme
                        where e.organisation = ? and e.status in ('selected', 'active') order by e.since limit 1")
    .bind(organisation)
    .open("standing checked");
    let months = db.row(&enrolled, |row| {
        let (since, of): (jiff::civil::Date, Option<i64>) = (row.take()?, row.take()?);
        let gone = since.until((jiff::Unit::Month, today)).map_or(0, |span| i64::from(span.get_months()));
        Ok((gone.max(0), of.unwrap_or(FOLLOW_UP)))
    })?;
    let last = all.iter().find(|visit| visit.status == VisitStatus::Done).map(|visit| visit.held);
    let alone = last.and_then(|last| last.until((jiff::Unit::Day, today)).ok()).map(|span| span.get_days());
    let lines =
        all.iter().filter(|visit| visit.status != VisitStatus::Cancelled).take(5).map(|visit| VisitLine {
            id: visit.id,
            when: w.date(&visit.held),
            planned: visit.status == VisitStatus::Planned,
            late: visit.status == VisitStatus::Planned && visit.held < today,
            told: visit.next_step.clone().or_else(|| visit.purpose.clone()).unwrap_or_default(),
        });
    shown(&Visits {
        w,
        organisation,
        lines: lines.collect(),
        done: all.iter().filter(|visit| visit.status == VisitStatus::Done).count(),
        months,
        alone: alone.filter(|days| *days > visit::TOO_LONG),
        account: ctx.viewer.account.map(|account| account.to_string()).unwrap_or_default(),
    })
}

/// Visits of today, visits that were not told, cooperatives nobody went to for too long.
pub(crate) fn visit_tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let Some(account) = ctx.viewer.account.filter(|_| ctx.viewer.has_role(&["coach", "manager"])) else {
        return Ok(Vec::new());
    };
    let (w, today) = (ctx.w, kernel::today());
    let month_ago = today.saturating_sub(jiff::ToSpan::days(60));
    let planned = visit::between(db, &ctx.viewer, month_ago, today, Some(account))?;
    let mut tasks: Vec<Task> = planned
        .into_iter()
        .filter(|line| line.status == VisitStatus::Planned)
        .map(|line| {
            let late = line.held < today;
            let key = if late { "task.visit_untold" } else { "task.visit_today" };
            Task {
                tone: if late { "late" } else { "wait" },
                text: w.with(key, "date", &w.date(&line.held)),
                detail: line.name.best(w.lang).to_owned(),
                path: format!("/visits/{}", line.id),
            }
        })
        .collect();
    let mut waiting = visit::followed_by(db, &ctx.viewer, account)?;
    waiting.retain(|line| line.is_waiting(today));
    waiting.sort_by_key(|line| -line.days_alone(today));
    tasks.extend(waiting.iter().take(5).map(|line| unvisited(w, line, today)));
    Ok(tasks)
}

fn unvisited(w: Words, line: &Followed, today: jiff::civil::Date) -> Task {
    Task {
        tone: "late",
        text: w.n("task.unvisited", i64::from(line.days_alone(today))),
        detail: line.name.best(w.lang).to_owned(),
        path: format!("/organisations/{}#visits", line.organisation),
    }
}

#[derive(Serialize)]
struct LegalLine {
    name: Multi,
    state: State,
    told: String,
    verified: bool,
    document: Option<Id>,
}

/// What the law asks of a cooperative now.
#[derive(Template, Serialize)]
#[template(path = "coaching_panel_legal.html")]
struct Legal {
    #[serde(skip)]
    w: Words,
    organisation: Id,
    lines: Vec<LegalLine>,
}

impl LegalLine {
    fn is(&self, state: State) -> bool {
        self.state == state
    }
}

fn told(w: Words, deadline: &Deadline) -> String {
    let due = w.date_or_dash(&deadline.due);
    match deadline.state {
        State::Late => w.with("legal.state.late", "date", &due),
        State::Soon | State::Ahead => w.with("legal.state.ahead", "date", &due),
        State::Met => w.t("legal.state.met").into_owned(),
        State::Unknown => w.t("legal.state.unknown").into_owned(),
    }
}

pub(crate) fn legal(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let lines = legal::calendar(db, organisation, kernel::today())?;
    let lines = lines.into_iter().map(|deadline| LegalLine {
        told: told(ctx.w, &deadline),
        name: deadline.name,
        state: deadline.state,
        verified: deadline.verified,
        document: deadline.document,
    });
    shown(&Legal { w: ctx.w, organisation, lines: lines.collect() })
}

/// Deadlines of the financial year that are near or past, for whoever accompanies a cooperative. Documents that end are
/// told by the registry.
pub(crate) fn legal_tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let Some(account) = ctx.viewer.account else { return Ok(Vec::new()) };
    let (w, today) = (ctx.w, kernel::today());
    let rules: Vec<_> = legal::rules(db)?
        .into_iter()
        .filter(|rule| rule.active && rule.counts_from == legal::Origin::Close)
        .collect();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let mut tasks = Vec::new();
    for line in visit::followed_by(db, &ctx.viewer, account)? {
        let documents = registry::documents(db, line.organisation)?;
        let year_end = legal::year_end(db, line.organisation)?;
        for deadline in rules.iter().filter_map(|rule| legal::deadline(rule, &documents, year_end, today)) {
            let tone = match deadline.state {
                State::Late => "late",
                State::Soon => "wait",
                _ => continue,
            };
            tasks.push(Task {
                tone,
                text: format!("{} : {}", deadline.name.best(w.lang), told(w, &deadline)),
                detail: line.name.best(w.lang).to_owned(),
                path: format!("/organisations/{}#legal", line.organisation),
            });
        }
    }
    tasks.truncate(6);
    Ok(tasks)
}
