//! A survey: a questionnaire that a programme wrote for itself.

use kernel::kinds::{Multi, Ref};
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Viewer, choice, record, sql};
use programmes::Programme;

choice! {
    /// Whether telephones are offered a survey.
    pub SurveyStatus in "survey.status" { Offered = "offered", Withdrawn = "withdrawn" }
}

record! {
    /// A questionnaire of a programme.
    pub Survey in "survey" as "survey.survey", about programme {
        main(File, Steward) {
            programme: Ref<Programme>,
            /// Its id among the forms of the programme.
            form: String,
            title: Multi,
            /// The edition that is in use.
            edition: i64,
            status: SurveyStatus,
        }
    }
}

/// The survey of an address, if the viewer stands near enough to its programme.
pub(crate) fn open(ctx: &Ctx, db: &mut Db, least: Standing) -> Result<(Survey, Standing)> {
    let survey = kernel::record::find::<Survey>(db, ctx.id("survey")?)?;
    let survey = survey.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
    let standing = ctx.standing(db, survey.programme.id, least)?;
    Ok((survey, standing))
}

/// The survey of a programme with this id among its forms.
pub(crate) fn by_form(db: &mut Db, programme: Id, form: &str) -> Result<Option<Survey>> {
    let query = sql(&format!("select {} from survey where programme = ? and form = ?", Survey::columns("")));
    db.row(&query.bind(programme).bind(form).open("the caller checked the programme"), Survey::from_row)
}

/// A survey in a list.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// What it is called.
    pub title: Multi,
    /// The edition that is in use.
    pub edition: i64,
    /// Whether it is offered.
    pub status: SurveyStatus,
    /// Answers that the viewer may read.
    pub answers: i64,
    /// Day of the latest of them.
    pub latest: Option<String>,
}

/// The surveys of a programme; the caller checked the standing there.
pub(crate) fn of(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<Vec<Line>> {
    let query = sql("select s.id, s.title, s.edition, s.status, count(a.id), max(a.day) from survey s
                     left join survey_answer a on a.survey = s.id and a.aside is null and")
    .seen_near(viewer, "a.owner", Standing::File)
    .and(" where s.programme = ? group by s.id, s.title, s.edition, s.status order by s.status, s.id")
    .bind(programme);
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            title: row.take()?,
            edition: row.take()?,
            status: row.take()?,
            answers: row.take()?,
            latest: row.take()?,
        })
    })
}
