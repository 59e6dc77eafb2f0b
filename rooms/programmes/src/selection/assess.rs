//! One application as the team sees it: what it says, what the rules say, and the marks of whoever assesses it.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Kind, Long, Multi, Names, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Html, Id, Reply, Result, Standing, Words, Wrong};
use schemars::JsonSchema;
use serde::Serialize;

use super::application::{self, Application, ApplicationStatus};
use super::call::{self, Call, CallStatus, QuestionKind};
use super::eligibility::{self, Checked};
use super::mark::{self, Points, Tally};
use super::ranking::{self, Outcome};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/applications/{application}", show).answers::<ApplicationPage>(),
        post("/applications/{application}/marks", give),
        post("/applications/{application}/interest", declare),
    ]
}

/// Who looks at an application.
struct Reader {
    /// True for an assessor of the call.
    assesses: bool,
    /// True for the programme's team.
    team: bool,
}

/// The application of the address, for the programme's team and its assessors; for others there is none.
fn open(ctx: &Ctx, db: &mut Db) -> Result<(Application, Call, Reader)> {
    let none = || if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn };
    let application = kernel::record::find::<Application>(db, ctx.id("application")?)?.ok_or_else(none)?;
    let call = kernel::record::get::<Call>(db, application.call.id)?;
    let standing = ctx.viewer.standing(db, application.programme.id)?;
    let assessors = call::assessors(db, call.id)?;
    let assesses = assessors.iter().any(|(_, account, _)| Some(*account) == ctx.viewer.account);
    let team = standing >= Some(Standing::File);
    if !(team || assesses && standing.is_some()) {
        return Err(if standing.is_some() { Error::Forbidden } else { none() });
    }
    if application.status == ApplicationStatus::Draft {
        return Err(Error::NotFound);
    }
    Ok((application, call, Reader { assesses, team }))
}

#[derive(Serialize, JsonSchema)]
struct ReplyLine {
    label: Multi,
    value: String,
    file: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct MarkLine {
    id: Id,
    name: Multi,
    hint: Option<Multi>,
    weight: i64,
    highest: i64,
    mine: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct SheetLine {
    name: String,
    total: String,
    remark: Option<String>,
}

/// An application.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_application.html")]
struct ApplicationPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    call: Id,
    call_title: Multi,
    name: Multi,
    number: String,
    place: String,
    submitted: String,
    organisation: Option<Id>,
    #[serde(skip)]
    #[schemars(skip)]
    who: Html,
    #[serde(skip)]
    #[schemars(skip)]
    members: Html,
    #[serde(skip)]
    #[schemars(skip)]
    project: Html,
    replies: Vec<ReplyLine>,
    checks: Vec<Checked>,
    criteria: Vec<MarkLine>,
    assesses: bool,
    concerned: Option<String>,
    remark: String,
    /// Marks of all, once the reader's own are given.
    sheets: Vec<SheetLine>,
    hidden: usize,
    tally: Option<Tally>,
    interests: Vec<(String, String)>,
    outcome: Option<Outcome>,
    reason: Option<String>,
    decided: bool,
    #[serde(skip)]
    errors: Vec<(String, String)>,
}

impl ApplicationPage {
    fn word(&self, outcome: &Outcome) -> String {
        self.w.choice(outcome)
    }
    fn error(&self, field: &Id) -> Option<&String> {
        let field = format!("c.{field}");
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, sentence)| sentence)
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    application_page(ctx, 200, Vec::new())
}

fn application_page(ctx: &Ctx, status: u16, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (application, call, reader) = open(ctx, db)?;
        let (near, names) = (Standing::Steward, Names::new());
        let replies = application::replies(db, application.id)?;
        let mut answers = Vec::new();
        for question in call::questions(db, call.id)? {
            let Some(reply) = replies.get(&question.id) else { continue };
            let text = reply.value.0.clone();
            let value = match question.kind {
                QuestionKind::Choice => {
                    let offered = question.offered(w.lang);
                    text.parse::<usize>().ok().and_then(|i| offered.get(i).cloned()).unwrap_or(text.clone())
                }
                QuestionKind::Yes => w.t(if text == "yes" { "yes" } else { "no" }).into_owned(),
                QuestionKind::Date => text.parse().map_or(text.clone(), |date| w.date(&date)),
                _ => text.clone(),
            };
            let file = (question.kind == QuestionKind::File).then_some(text);
            answers.push(ReplyLine { label: question.label, value, file });
        }
        let criteria = call::criteria(db, call.id)?;
        let sheets = mark::sheets(db, application.id)?;
        let interests = mark::interests(db, application.id)?;
        let mine = sheets.iter().find(|sheet| Some(sheet.account.id) == ctx.viewer.account);
        let concerned = interests.iter().find(|interest| Some(interest.account.id) == ctx.viewer.account);
        // An assessor sees the marks of others once the own ones are given; the team once everybody's are.
        let due = call::assessors(db, call.id)?.len().saturating_sub(interests.len());
        let sees = if reader.assesses {
            mine.is_some() || concerned.is_some()
        } else {
            sheets.len() >= due || call.status == CallStatus::Decided
        };
        let accounts: Vec<Id> = sheets
            .iter()
            .map(|sheet| sheet.account.id)
            .chain(interests.iter().map(|i| i.account.id))
            .collect();
        let people = people::account_names(db, &accounts)?;
        let named = |account: Id| people.get(&account).cloned().unwrap_or_default();
        let given = mine.map(mark::Sheet::given).unwrap_or_default();
        let typed = |criterion: &call::Criterion| {
            let field = format!("c.{}", criterion.id);
            if errors.is_empty() { given.get(&criterion.id).copied() } else { ctx.form.parse(&field) }
        };
        let decision = ranking::decision(db, application.id)?;
        let rules = eligibility::rules(db, call.id)?;
        let all: Vec<Points> = sheets.iter().map(mark::Sheet::given).collect();
        Ok(ApplicationPage {
            w,
            id: application.id,
            call: call.id,
            number: format!("{:03}", application.number.unwrap_or(0)),
            place: w.place(&application.place.division),
            submitted: w.date_or_dash(&application.submitted),
            organisation: application.organisation.map(|organisation| organisation.id),
            who: show_group(&application, "who", near, &w, &names),
            members: show_group(&application, "members", near, &w, &names),
            project: show_group(&application, "project", near, &w, &names),
            checks: eligibility::check(w, &rules, &application.figures()),
            name: application.name,
            call_title: call.title,
            replies: answers,
            criteria: criteria
                .iter()
                .map(|criterion| MarkLine {
                    id: criterion.id,
                    name: criterion.name.clone(),
                    hint: criterion.hint.clone(),
                    weight: criterion.weight,
                    highest: criterion.highest,
                    mine: typed(criterion),
                })
                .collect(),
            assesses: reader.assesses && call.status != CallStatus::Decided,
            concerned: concerned.map(|interest| interest.reason.0.clone()),
            remark: mine.and_then(|sheet| sheet.remark.clone()).map(|remark| remark.0).unwrap_or_default(),
            sheets: if sees {
                sheets
                    .iter()
                    .map(|sheet| SheetLine {
                        name: named(sheet.account.id),
                        total: mark::tally(&criteria, &[sheet.given()])
                            .score
                            .map_or_else(|| "–".into(), |score| w.decimal(score, 1)),
                        remark: sheet.remark.clone().map(|remark| remark.0),
                    })
                    .collect()
            } else {
                Vec::new()
            },
            hidden: if sees { 0 } else { sheets.len() },
            tally: sees.then(|| mark::tally(&criteria, &all)),
            interests: if reader.team {
                interests.iter().map(|i| (named(i.account.id), i.reason.0.clone())).collect()
            } else {
                Vec::new()
            },
            outcome: decision.as_ref().map(|decision| decision.outcome),
            reason: decision.and_then(|decision| decision.reason).map(|reason| reason.0),
            decided: call.status == CallStatus::Decided,
            errors: errors.iter().map(|e| (e.field.clone(), w.wrong(&e.wrong))).collect(),
        })
    })?;
    ctx.page_with_status(status, page.name.best(w.lang), &page)
}

/// Marks are given by an assessor of the call while it is not decided.
fn assessor(ctx: &Ctx, db: &mut Db) -> Result<(Application, Call, Id)> {
    let (application, call, reader) = open(ctx, db)?;
    let account = ctx.viewer.account.filter(|_| reader.assesses).ok_or(Error::Forbidden)?;
    if call.status == CallStatus::Decided {
        return Err(Error::refused("call.decided"));
    }
    Ok((application, call, account))
}

fn give(ctx: &Ctx) -> Result<Reply> {
    let given = ctx.write(|tx| {
        let (application, call, account) = assessor(ctx, tx)?;
        let (mut points, mut errors) = (Points::new(), Vec::new());
        for criterion in call::criteria(tx, call.id)? {
            let field = format!("c.{}", criterion.id);
            match i64::parse(&Raw { fields: &ctx.form, name: &field }) {
                Ok(Some(n)) if n <= criterion.highest => drop(points.insert(criterion.id, n)),
                Ok(Some(_)) => {
                    let wrong = Wrong::new("mark.too_high").with("highest", criterion.highest);
                    errors.push(FieldError { field, wrong });
                }
                Ok(None) => errors.push(FieldError { field, wrong: Wrong::new("error.needed") }),
                Err(wrong) => errors.push(FieldError { field, wrong }),
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        if points.is_empty() {
            return Err(Error::refused("mark.no_criteria"));
        }
        let remark = Long::parse(&Raw { fields: &ctx.form, name: "remark" });
        let remark =
            remark.map_err(|wrong| Error::Invalid(vec![FieldError { field: "remark".into(), wrong }]))?;
        mark::give(tx, &application, account, &points, remark)?;
        Ok(application.id)
    });
    match given {
        Ok(id) => ctx.done(&format!("/applications/{id}"), "marks_given"),
        Err(Error::Invalid(errors)) if !ctx.json => application_page(ctx, 422, errors),
        Err(error) => Err(error),
    }
}

fn declare(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (application, _, account) = assessor(ctx, tx)?;
        let reason = ctx.form.text("reason").filter(|reason| reason.chars().count() <= 500);
        let reason = reason.ok_or_else(|| Error::refused("mark.interest_reason"))?;
        mark::declare(tx, &application, account, Long(reason.to_owned()))?;
        Ok(application.id)
    })?;
    ctx.done(&format!("/applications/{id}"), "interest_declared")
}
