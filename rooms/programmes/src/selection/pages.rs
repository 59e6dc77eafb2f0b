//! The calls of a programme and the page of one call, for the public and for the team.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, Task, get, post};
use kernel::{Ctx, Db, Html, Id, Reply, Result, Standing, Words, sql};
use people::{Said, Voices};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{self, CallQuestion, CallStatus};
use super::eligibility::{self, CallRule};
use super::{application, mark};
use crate::programme;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/calls", public).open().answers::<CallsPage>(),
        get("/programmes/{programme}/calls", of_programme).answers::<CallsPage>(),
        get("/calls/{call}", show).open().answers::<CallPage>(),
        get("/calls/{call}/recordings", recordings).query(&["tongue", "missing", "from"]),
        post("/calls/{call}/opening", open_call),
        post("/calls/{call}/rule-packs", take_pack),
    ]
}

/// Calls in a list.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_calls.html")]
struct CallsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programme: Option<Id>,
    name: Multi,
    calls: Vec<call::Line>,
    #[serde(skip)]
    manages: bool,
}

fn public(ctx: &Ctx) -> Result<Reply> {
    let mut calls = ctx.read(|db| call::list(db, &ctx.viewer, None))?;
    calls.retain(|line| line.status != CallStatus::Draft);
    let page = CallsPage { w: ctx.w, programme: None, name: Multi::default(), calls, manages: false };
    ctx.page(&ctx.w.t("calls.public"), &page)
}

fn of_programme(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (programme, standing) = programme::open(db, ctx, ctx.id("programme")?, Standing::Shared)?;
        Ok(CallsPage {
            w: ctx.w,
            calls: call::list(db, &ctx.viewer, Some(programme.id))?,
            programme: Some(programme.id),
            name: programme.name,
            manages: standing >= Standing::Steward,
        })
    })?;
    ctx.page(&ctx.w.t("calls.title"), &page)
}

#[derive(Serialize, JsonSchema)]
struct QuestionLine {
    id: Id,
    label: Multi,
    hint: Option<Multi>,
    kind: String,
    needed: bool,
}

#[derive(Serialize, JsonSchema)]
struct RuleLine {
    id: Id,
    name: Multi,
    source: Option<String>,
    verified: bool,
}

#[derive(Serialize, JsonSchema)]
struct CriterionLine {
    id: Id,
    name: Multi,
    weight: i64,
    highest: i64,
}

#[derive(Serialize, JsonSchema)]
struct AssessorLine {
    id: Id,
    name: String,
    done: usize,
}

#[derive(Serialize, JsonSchema)]
struct ApplicationLine {
    id: Id,
    number: i64,
    name: Multi,
    place: String,
    submitted: String,
    marked: usize,
    mine: bool,
}

/// A call.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_call.html")]
struct CallPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    programme: Id,
    title: Multi,
    summary: Option<Multi>,
    offer: Option<Multi>,
    territory: String,
    opens: String,
    closes: String,
    places: i64,
    status: CallStatus,
    takes: bool,
    standing: Standing,
    questions: Vec<QuestionLine>,
    rules: Vec<RuleLine>,
    criteria: Vec<CriterionLine>,
    assessors: Vec<AssessorLine>,
    applications: Vec<ApplicationLine>,
    #[serde(skip)]
    packs: Vec<(String, Multi)>,
    #[serde(skip)]
    #[schemars(skip)]
    voices: Voices,
}

/// The texts of a call that are spoken.
const SPOKEN: [&str; 3] = ["title", "summary", "offer"];

impl CallPage {
    /// A button that speaks a text of the call.
    fn heard(&self, part: &str) -> Html {
        let text = match part {
            "title" => Some(&self.title),
            "summary" => self.summary.as_ref(),
            _ => self.offer.as_ref(),
        };
        text.map(|text| self.voices.part(self.id, part, text.best(self.w.lang))).unwrap_or_default()
    }
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
    fn changes(&self) -> bool {
        self.manages() && self.status != CallStatus::Decided
    }
    fn team(&self) -> bool {
        self.standing >= Standing::File || self.applications.iter().any(|line| line.mine)
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (call, standing) = call::open(ctx, db, Standing::Public)?;
        let assessors = call::assessors(db, call.id)?;
        let me = ctx.viewer.account;
        let i_assess = assessors.iter().any(|(_, account, _)| Some(*account) == me);
        let (mut applications, mut done) = (Vec::new(), Vec::new());
        if standing >= Standing::File || i_assess {
            for application in application::sent(db, call.id)? {
                let sheets = mark::sheets(db, application.id)?;
                done.extend(sheets.iter().map(|sheet| sheet.account.id));
                applications.push(ApplicationLine {
                    id: application.id,
                    number: application.number.unwrap_or(0),
                    place: w.place(&application.place.division),
                    submitted: w.date_or_dash(&application.submitted),
                    marked: sheets.len(),
                    mine: i_assess && !sheets.iter().any(|sheet| Some(sheet.account.id) == me),
                    name: application.name,
                });
            }
        }
        let near = standing >= Standing::Shared;
        let line = |question: CallQuestion| QuestionLine {
            id: question.id,
            kind: w.choice(&question.kind),
            needed: question.needed,
            label: question.label,
            hint: question.hint,
        };
        let rule = |rule: CallRule| RuleLine {
            id: rule.id,
            name: rule.name,
            source: rule.source,
            verified: rule.verified,
        };
        let criterion = |c: call::Criterion| CriterionLine {
            id: c.id,
            name: c.name,
            weight: c.weight,
            highest: c.highest,
        };
        Ok(CallPage {
            w,
            id: call.id,
            programme: call.programme.id,
            takes: call.takes(kernel::today()),
            territory: call
                .territory
                .as_ref()
                .map(|t| {
                    t.0.iter().map(|code| w.division(code)).collect::<Vec<_>>().join(w.t("comma").as_ref())
                })
                .unwrap_or_default(),
            opens: w.long_date(&call.opens),
            closes: w.long_date(&call.closes),
            places: call.places,
            status: call.status,
            title: call.title,
            summary: call.summary,
            offer: call.offer,
            questions: call::questions(db, call.id)?.into_iter().map(line).collect(),
            rules: eligibility::rules(db, call.id)?.into_iter().map(rule).collect(),
            criteria: call::criteria(db, call.id)?.into_iter().map(criterion).collect(),
            assessors: if near {
                assessors
                    .into_iter()
                    .map(|(id, account, name)| AssessorLine {
                        id,
                        name,
                        done: done.iter().filter(|other| **other == account).count(),
                    })
                    .collect()
            } else {
                Vec::new()
            },
            applications,
            voices: Voices::of(ctx, db, call.id)?,
            packs: if standing >= Standing::Steward { eligibility::packs()? } else { Vec::new() },
            standing,
        })
    })?;
    ctx.page(page.title.best(w.lang), &page)
}

/// What of a call is recorded, for whoever answers for it.
fn recordings(ctx: &Ctx) -> Result<Reply> {
    let (call, _) = ctx.read(|db| call::open(ctx, db, Standing::Steward))?;
    let title = call.title.best(ctx.w.lang).to_owned();
    let texts = SPOKEN.into_iter().zip([Some(call.title), call.summary, call.offer]);
    let said = |(part, text): (&str, Option<Multi>)| {
        Some(Said { subject: people::part_subject(call.id, part), text: text? })
    };
    let texts = texts.filter_map(said).collect();
    people::recordings_page(ctx, title.clone(), (format!("/calls/{}", call.id), title), texts)
}

fn open_call(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (call, _) = call::open(ctx, tx, Standing::Steward)?;
        let id = call.id;
        call::publish(tx, call)?;
        Ok(id)
    })?;
    ctx.done(&format!("/calls/{id}"), "call_opened")
}

fn take_pack(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (call, _) = call::open(ctx, tx, Standing::Steward)?;
        if call.status == CallStatus::Decided {
            return Err(kernel::Error::refused("call.decided"));
        }
        eligibility::take_over(tx, call.id, ctx.form.text("pack").unwrap_or_default())?;
        Ok(call.id)
    })?;
    ctx.done(&format!("/calls/{id}#rules"), "saved")
}

/// Applications that wait for this assessor's marks; calls that are closed and not decided.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let Some(account) = ctx.viewer.account else { return Ok(Vec::new()) };
    let w = ctx.w;
    let waiting = sql("select c.id, c.title, count(*) from call c join assessor s on s.call = c.id
                       join application p on p.call = c.id and p.status = 'submitted'
                       where s.account = ? and c.status = 'open'
                       and not exists (select 1 from mark_sheet m where m.application = p.id and m.account = s.account)
                       and not exists (select 1 from declared_interest d where d.application = p.id and d.account = s.account)
                       group by c.id, c.title order by c.id")
        .bind(account)
        .open("what an assessor was asked to do");
    let mut tasks = db.rows(&waiting, |row| {
        let (id, title): (Id, Multi) = (row.take()?, row.take()?);
        Ok(Task {
            tone: "wait",
            text: w.n("task.marks", row.take::<i64>()?),
            detail: title.best(w.lang).to_owned(),
            path: format!("/calls/{id}#applications"),
        })
    })?;
    let closed =
        sql("select c.id, c.title, c.closes from call c where c.status = 'open' and c.closes < ? and")
            .bind(kernel::today())
            .seen_near(&ctx.viewer, "c.id", Standing::Steward)
            .and(" order by c.closes limit 5");
    tasks.extend(db.rows(&closed, |row| {
        let (id, title): (Id, Multi) = (row.take()?, row.take()?);
        Ok(Task {
            tone: "wait",
            text: w.with("task.call_closed", "date", &w.date(&row.take()?)),
            detail: title.best(w.lang).to_owned(),
            path: format!("/calls/{id}/ranking"),
        })
    })?);
    Ok(tasks)
}
