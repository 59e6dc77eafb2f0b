//! `/programmes/{programme}/surveys`: the surveys of a programme, and where a questionnaire comes in.

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use programmes::programme;
use schemars::JsonSchema;
use serde::Serialize;

use crate::draft;
use crate::survey::{self, Line, SurveyStatus};

/// The surveys of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "survey_list.html")]
pub(crate) struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    surveys: Vec<Line>,
    /// True if the viewer may publish questionnaires here.
    publishes: bool,
    /// What is wrong with the file that was sent.
    problems: Vec<String>,
}

impl ListPage {
    fn day(&self, line: &Line) -> String {
        let day = line.latest.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
        day.map(|day| self.w.date(&day)).unwrap_or_default()
    }
    fn offered(&self, line: &Line) -> bool {
        line.status == SurveyStatus::Offered
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, Vec::new())
}

fn page(ctx: &Ctx, status: u16, problems: Vec<String>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (programme, standing) = programme::open(db, ctx, ctx.id("programme")?, Standing::File)?;
        let surveys = survey::of(db, &ctx.viewer, programme.id)?;
        let publishes = standing >= Standing::Steward;
        Ok(ListPage { w: ctx.w, id: programme.id, name: programme.name, surveys, publishes, problems })
    })?;
    ctx.page_with_status(status, &ctx.w.t("survey.title_page"), &page)
}

/// Looks at a questionnaire; what can be published waits for a look at its preview.
pub(super) fn receive(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.id("programme")?;
    ctx.read(|db| programme::open(db, ctx, programme, Standing::Steward))?;
    let upload = ctx.uploads.iter().find(|upload| upload.field == "file" && !upload.bytes.is_empty());
    let kept = ctx.write(|tx| {
        programme::open(tx, ctx, programme, Standing::Steward)?;
        let upload = upload.ok_or_else(|| Error::field("file", "survey.no_file"))?;
        draft::propose(&ctx.app, tx, ctx.w, programme, upload)
    });
    let kept = match kept {
        Err(Error::Invalid(errors)) if !ctx.json => {
            return page(ctx, 422, errors.iter().map(|error| ctx.w.wrong(&error.wrong)).collect());
        }
        kept => kept?,
    };
    kept.before.iter().try_for_each(|digest| kernel::files::sweep(&ctx.app, digest))?;
    ctx.done(&format!("/survey-drafts/{}", kept.id), "")
}
