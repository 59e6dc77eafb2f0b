//! What the room of the field asks: which forms telephones are offered, and what one of them is about.

use kernel::{Db, Id, Result, sql};
use xlsform::{Form, Kind};

use crate::edition;
use crate::question::path_of;
use crate::survey;

/// A form that telephones are offered.
#[derive(Clone, Debug)]
pub struct Offered {
    /// Its id among the forms of the programme.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its edition.
    pub version: String,
    /// The XForm.
    pub xml: String,
    /// The lists that come beside it.
    pub lists: Vec<String>,
}

/// The surveys of a programme that are offered; the caller checked that the viewer works there.
pub fn offered(db: &mut Db, programme: Id) -> Result<Vec<Offered>> {
    let query = sql("select s.form, e.form, e.xml, e.number from survey s
                     join survey_edition e on e.survey = s.id and e.number = s.edition
                     where s.programme = ? and s.status = 'offered' order by s.id")
    .bind(programme)
    .open("the caller checked the programme");
    db.rows(&query, |row| {
        let (id, form, xml, number): (String, String, String, i64) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        let form: Form = serde_json::from_str(&form)?;
        Ok(Offered { id, title: form.title, version: number.to_string(), xml, lists: form.beside })
    })
}

/// What whoever takes in a form that was filled in must know of it.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The survey.
    pub survey: Id,
    /// What it is called.
    pub title: String,
    /// The edition that was filled in.
    pub edition: i64,
    /// Questions whose answers are documents.
    pub media: Vec<String>,
    /// Questions that change a field of the cooperative, and which.
    pub saves: Vec<(String, String)>,
}

/// The survey of a programme with this form, withdrawn or not: what was filled in before is taken.
pub fn collected(db: &mut Db, programme: Id, form: &str, version: &str) -> Result<Option<Collected>> {
    let Some(survey) = survey::by_form(db, programme, form)? else { return Ok(None) };
    let edition = edition::find(db, survey.id, version.parse().unwrap_or(survey.edition))?;
    let (mut media, mut saves) = (Vec::new(), Vec::new());
    for (around, question) in edition.form.questions() {
        let path = path_of(&around, &question.name);
        if matches!(question.kind, Kind::Image | Kind::Audio | Kind::File) {
            media.push(path.clone());
        }
        if !question.save_to.is_empty() {
            saves.push((path, question.save_to.clone()));
        }
    }
    let title = edition.form.title;
    Ok(Some(Collected { survey: survey.id, title, edition: edition.number, media, saves }))
}
