//! What the room of the field asks: which forms telephones are offered, and what one of them is about.

use std::sync::Arc;

use kernel::{App, Db, Id, Result, sql};
use xlsform::Form;

use crate::reading::{Reading, reading};
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
#[derive(Clone)]
pub struct Collected {
    /// The survey.
    pub survey: Id,
    edition: Arc<Reading>,
}

impl Collected {
    /// What it is called.
    pub fn title(&self) -> &str {
        &self.edition.title
    }

    /// The edition that was filled in.
    pub fn edition(&self) -> i64 {
        self.edition.number
    }

    /// Questions whose answers are documents.
    pub fn media(&self) -> &[String] {
        &self.edition.media
    }

    /// Questions that change a field of the cooperative, and which.
    pub fn saves(&self) -> &[(String, String)] {
        &self.edition.saves
    }
}

/// The survey of a programme with this form, withdrawn or not: what was filled in before is taken.
pub fn collected(
    app: &App,
    db: &mut Db,
    programme: Id,
    form: &str,
    version: &str,
) -> Result<Option<Collected>> {
    let Some(survey) = survey::by_form(db, programme, form)? else { return Ok(None) };
    let edition = reading(app, db, survey.id, version.parse().unwrap_or(survey.edition))?;
    Ok(Some(Collected { survey: survey.id, edition }))
}
