//! An edition: a questionnaire as it was published. It never changes; the next one takes its place.

use std::collections::BTreeMap;

use kernel::kinds::Multi;
use kernel::{App, Db, Error, Id, Result, Tx, Upload, Words, now, sql};
use sha2::{Digest, Sha256};
use xlsform::{Beside, Form, Text};

use crate::question;
use crate::survey::{self, Survey, SurveyStatus};

/// The list of cooperatives that comes beside forms.
pub const COOPERATIVES: &str = "cooperatives";
/// What of a cooperative a questionnaire may change: the fields of its page.
pub const CHANGED: [&str; 5] = ["phone", "email", "members", "women", "young"];
/// Ids of forms that begin so are the house's own.
const OWN: &str = "tiwizi-";
/// The media type of a workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Reads a questionnaire; refuses it with every problem at once.
pub(crate) fn read(w: Words, name: &str, bytes: &[u8]) -> Result<Form> {
    let beside = [Beside { list: COOPERATIVES, properties: &CHANGED }];
    let form =
        xlsform::read(name, bytes, &beside).map_err(|problems| crate::refusal::refused(w, &problems))?;
    if form.id.starts_with(OWN) {
        return Err(Error::field("file", "survey.problem.form_id_own"));
    }
    Ok(form)
}

/// The code of a language that is written `Français (fr)`.
pub(crate) fn language(name: &str, text: &str) -> String {
    let code = name.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(code, _)| code.trim());
    let short = |code: &str| (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
    match code.or(Some(name)).filter(|code| short(code)) {
        Some(code) => code.to_owned(),
        // What says no language is told by its script.
        None if text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c)) => "ar".to_owned(),
        None if text.chars().any(|c| ('\u{2d30}'..='\u{2d7f}').contains(&c)) => "zgh".to_owned(),
        None => "fr".to_owned(),
    }
}

/// A text of a form as people read it here.
pub(crate) fn multi(form: &Form, text: &Text) -> Multi {
    let mut found = BTreeMap::new();
    for (name, said) in form.languages.iter().zip(&text.0).filter(|(_, said)| !said.is_empty()) {
        found.entry(language(name, said)).or_insert_with(|| said.clone());
    }
    Multi(found)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What an edition of a survey asks: that of this number, or the latest where there is none such.
pub(crate) fn form(db: &mut Db, survey: Id, number: i64) -> Result<Form> {
    let query = sql("select form from survey_edition where survey = ?
                     order by case when number = ? then 0 else 1 end, number desc limit 1")
    .bind(survey)
    .bind(number)
    .open("the caller checked the survey");
    let form: Option<String> = db.row(&query, |row| row.take())?;
    Ok(serde_json::from_str(&form.ok_or(Error::NotFound)?)?)
}

/// What publishing a questionnaire came to.
#[derive(Clone, Debug)]
pub struct Published {
    /// The survey.
    pub survey: Id,
    /// Its edition in use.
    pub edition: i64,
    /// False if these very bytes were in use already.
    pub fresh: bool,
}

/// Reads the bytes of an XLSForm and publishes them as the next edition of the programme's survey of that id; the same
/// bytes again change nothing. The caller has checked that whoever asks stewards the programme.
///
/// # Errors
/// Every problem of the file at once, as sentences that name sheet, row and column.
pub fn import(app: &App, tx: &mut Tx<'_>, w: Words, programme: Id, upload: &Upload) -> Result<Published> {
    let form = read(w, &upload.name, &upload.bytes)?;
    let digest = digest(&upload.bytes);
    let known = survey::by_form(tx, programme, &form.id)?;
    if let Some(known) = &known {
        let there = sql("select content from survey_edition where survey = ? and number = ?")
            .bind(known.id)
            .bind(known.edition)
            .open("the caller stewards the programme");
        if tx.one::<String>(&there)? == digest {
            // One that was withdrawn is offered again, as it was.
            kernel::record::update(tx, &Survey { status: SurveyStatus::Offered, ..known.clone() })?;
            return Ok(Published { survey: known.id, edition: known.edition, fresh: false });
        }
    }
    let title = Multi([(language("", &form.title), form.title.clone())].into());
    let survey = match known {
        Some(known) => {
            let edition = known.edition + 1;
            let survey = Survey { title, edition, status: SurveyStatus::Offered, ..known };
            kernel::record::update(tx, &survey)?;
            survey
        }
        None => {
            let survey = Survey {
                id: Id::named(&format!("survey {} of {programme}", form.id)),
                version: 1,
                programme: programme.into(),
                form: form.id.clone(),
                title,
                edition: 1,
                status: SurveyStatus::Offered,
            };
            kernel::record::insert(tx, &survey)?;
            survey
        }
    };
    let file = kernel::files::keep_as(app, tx, upload, programme, XLSX)?;
    let made = sql("insert into survey_edition (id, survey, number, content, file, form, xml, at, account)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let made = made.bind(Id::new()).bind(survey.id).bind(survey.edition).bind(digest).bind(file);
    let made = made.bind(serde_json::to_string(&form)?);
    let made = made.bind(xlsform::write(&form, &survey.edition.to_string()));
    let account = tx.actor.account;
    tx.run(&made.bind(now()).bind(account))?;
    question::keep(tx, survey.id, &form)?;
    Ok(Published { survey: survey.id, edition: survey.edition, fresh: true })
}
