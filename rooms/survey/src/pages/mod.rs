//! The addresses of surveys.

mod answer;
mod draft;
mod example;
mod export;
mod list;
mod show;
mod summary;

use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Reply, Result, Standing};

pub(crate) use example::bytes as example;

use crate::survey::{self, Survey, SurveyStatus};

/// Who may carry questionnaires at all.
const WORKERS: &[&str] = &["manager", "coach"];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/surveys", list::show).answers::<list::ListPage>(),
        post("/programmes/{programme}/surveys", list::receive).upload(),
        get("/survey-drafts/{survey_draft}", draft::show).answers::<draft::DraftPage>(),
        post("/survey-drafts/{survey_draft}/publication", draft::publish),
        get("/surveys/example", example::download).role(WORKERS),
        get("/surveys/{survey}", show::show).query(show::QUERY).answers::<show::ShowPage>(),
        get("/surveys/{survey}/summary", summary::show).query(show::QUERY).answers::<summary::SummaryPage>(),
        get("/surveys/{survey}/export/{format}", export::export).query(&[
            "q",
            "organisation",
            "territory",
            "from",
            "to",
            "part",
        ]),
        post("/surveys/{survey}/withdrawal", withdraw),
        post("/surveys/{survey}/offer", offer),
        post("/surveys/{survey}/answers", crate::answer::create).upload(),
        get("/survey-answers/{survey_answer}", answer::show).answers::<answer::AnswerPage>(),
        post("/survey-answers/{survey_answer}/aside", crate::answer::set_aside),
        post("/survey-answers/{survey_answer}/restoration", crate::answer::restore),
    ]
}

/// Telephones are not offered it any more; what was filled in is still taken, and answers stay.
fn withdraw(ctx: &Ctx) -> Result<Reply> {
    set(ctx, SurveyStatus::Withdrawn, "survey_withdrawn")
}

/// Telephones are offered it again.
fn offer(ctx: &Ctx) -> Result<Reply> {
    set(ctx, SurveyStatus::Offered, "survey_offered")
}

fn set(ctx: &Ctx, status: SurveyStatus, done: &str) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let (survey, _) = survey::open(ctx, tx, Standing::Steward)?;
        if ctx.form.text("version").is_some()
            && ctx.base_version() != survey.version
            && survey.status != status
        {
            return Err(Error::field("version", "error.stale_all"));
        }
        kernel::record::update(tx, &Survey { status, ..survey.clone() })?;
        Ok(survey.id)
    })?;
    ctx.done(&format!("/surveys/{id}"), done)
}
