//! What surveys tell on other rooms' pages: of a cooperative, of a programme.

use askama::Template;
use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::room::Panel;
use kernel::{Ctx, Db, Error, Html, Id, Result, Shown, Standing, Words, sql};
use serde::Serialize;

use crate::survey::{self, Line};

/// Answers on the page of a cooperative.
const LATEST: i64 = 6;

pub(crate) fn panels() -> Vec<Panel> {
    let panel =
        |place, show| Panel { name: "surveys", place, order: 45, side: false, read: Standing::File, show };
    vec![panel("registry.organisation", of_organisation), panel("programmes.programme", of_programme)]
}

fn shown<T: Template + Serialize>(panel: &T) -> Result<Option<Shown>> {
    Ok(Some(Shown {
        html: Html(panel.render().map_err(Error::internal)?),
        data: serde_json::to_value(panel)?,
    }))
}

/// An answer of a cooperative.
#[derive(Serialize)]
struct Answered {
    id: Id,
    day: String,
    title: Multi,
    who: String,
}

#[derive(Template, Serialize)]
#[template(path = "survey_panel_organisation.html")]
struct OfOrganisation {
    #[serde(skip)]
    w: Words,
    count: i64,
    answers: Vec<Answered>,
}

fn of_organisation(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Option<Shown>> {
    let count =
        sql("select count(*) from survey_answer where organisation = ? and aside is null").bind(organisation);
    let count: i64 = db.one(&count.open("the page checked the standing"))?;
    if count == 0 {
        return Ok(None);
    }
    let query =
        sql("select a.id, a.day, s.title, c.name from survey_answer a join survey s on s.id = a.survey
                     left join account c on c.id = a.account where a.organisation = ? and a.aside is null
                     order by a.day desc, a.id desc limit ?")
        .bind(organisation)
        .bind(LATEST)
        .open("the page checked the standing");
    let answers = db.rows(&query, |row| {
        let (id, day): (Id, Date) = (row.take()?, row.take()?);
        let title = row.take()?;
        Ok(Answered {
            id,
            day: ctx.w.date(&day),
            title,
            who: row.take::<Option<String>>()?.unwrap_or_default(),
        })
    })?;
    shown(&OfOrganisation { w: ctx.w, count, answers })
}

#[derive(Template, Serialize)]
#[template(path = "survey_panel_programme.html")]
struct OfProgramme {
    #[serde(skip)]
    w: Words,
    programme: Id,
    surveys: Vec<Line>,
    publishes: bool,
}

fn of_programme(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Option<Shown>> {
    let surveys = survey::of(db, &ctx.viewer, programme)?;
    let publishes = ctx.viewer.standing(db, programme)? >= Some(Standing::Steward);
    if surveys.is_empty() && !publishes {
        return Ok(None);
    }
    shown(&OfProgramme { w: ctx.w, programme, surveys, publishes })
}
