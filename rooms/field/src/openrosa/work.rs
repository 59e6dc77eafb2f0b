//! What a form that was filled in says, as the forms of pages.

use kernel::{Error, Id, Result, now};
use survey::Collected;

use super::diagnosis::{self, item_of};
use super::forms::{CHANGED, COOPERATIVE, ROLL_CALL, VISIT};
use super::read::{Entity, Filled};
use super::surveyed;
use crate::received::{Sent, SentFile};

/// Whose work it is and where it was done.
pub(super) struct Whose {
    /// The submission, from whose id those of everything it makes follow.
    pub(super) submission: Id,
    pub(super) account: Id,
    pub(super) programme: Id,
    pub(super) device: Id,
}

/// The upload of a file of a submission.
pub(crate) fn upload(submission: Id, name: &str) -> Id {
    Id::named(&format!("{submission} file {name}"))
}

/// One form after the other.
pub(super) struct Work<'a> {
    pub(super) whose: &'a Whose,
    pub(super) filled: &'a Filled,
    at: i64,
    pub(super) sent: Vec<Sent>,
}

pub(super) type Form = Vec<(String, String)>;

impl Work<'_> {
    pub(super) fn id(&self, what: &str) -> Id {
        Id::named(&format!("{} {what}", self.whose.submission))
    }

    fn needed(&self, path: &str) -> Result<Id> {
        let id = self.filled.get(path).and_then(|text| text.parse().ok());
        id.ok_or_else(|| Error::refused("field.collect.unread"))
    }

    /// The answers to questions that are called as the fields of the page.
    fn given(&self, names: &[&str]) -> Form {
        let given = names.iter().filter_map(|name| Some(((*name).into(), self.filled.get(name)?.to_owned())));
        given.collect()
    }

    pub(super) fn file(&self, path: &str, field: &str) -> Vec<SentFile> {
        let name = self.filled.get(path);
        let file = |name: &str| SentFile {
            field: field.into(),
            upload: upload(self.whose.submission, name),
            name: name.into(),
        };
        name.map(file).into_iter().collect()
    }

    pub(super) fn put(
        &mut self,
        what: &str,
        path: String,
        form: Form,
        files: Vec<SentFile>,
        after: Vec<Id>,
    ) -> Id {
        let id = self.id(what);
        let branch = Id::named(&format!("openrosa {} {}", self.whose.account, self.whose.device));
        let at = self.at;
        self.sent.push(Sent { id, at, skew: 0, branch, after, instead: None, path, form, files });
        id
    }
}

pub(super) fn pair(name: &str, text: impl ToString) -> (String, String) {
    (name.to_owned(), text.to_string())
}

/// The forms of pages that a filled form is; `survey` is what it fills in if the programme wrote it. "Not found" for a form
/// that nobody handed out.
pub(super) fn commands(whose: &Whose, filled: &Filled, survey: Option<&Collected>) -> Result<Vec<Sent>> {
    // A clock that runs ahead does not put work into the future.
    let at = filled.instant("end").unwrap_or_else(now).min(now());
    let mut work = Work { whose, filled, at, sent: Vec::new() };
    match filled.form.as_str() {
        _ if survey.is_some() => survey.into_iter().for_each(|survey| surveyed::answered(&mut work, survey)),
        VISIT => visit(&mut work)?,
        ROLL_CALL => roll_call(&mut work)?,
        COOPERATIVE => cooperative(&mut work)?,
        form => {
            let instrument = form.strip_prefix(diagnosis::PREFIX).and_then(|text| text.parse().ok());
            diagnosed(&mut work, instrument.ok_or(Error::NotFound)?)?;
        }
    }
    Ok(work.sent)
}

/// A visit is planned and told at once.
fn visit(work: &mut Work<'_>) -> Result<()> {
    let organisation = work.needed("organisation")?;
    let visit = work.id("visit");
    let mut plan = vec![pair("id", visit), pair("programme", work.whose.programme)];
    plan.extend(work.given(&["held"]));
    let planned = work.put("plan", format!("/organisations/{organisation}/visits"), plan, vec![], vec![]);
    let mut report = vec![pair("version", 1)];
    report.extend(work.given(&["held", "minutes", "met", "seen", "next_step", "next_visit"]));
    let photo = work.file("photo", "photo");
    work.put("report", format!("/visits/{visit}/report"), report, photo, vec![planned]);
    Ok(())
}

fn roll_call(work: &mut Work<'_>) -> Result<()> {
    let session = work.needed("session")?;
    let mut form = vec![pair("half_day", work.needed("half_day")?), pair("at", work.at)];
    let filled = work.filled;
    let words = |path: &str| filled.get(path).unwrap_or_default().split_whitespace();
    form.extend(words("listed").map(|id| pair("listed", id)));
    form.extend(words("present").map(|id| pair("present", id)));
    form.extend(words("was_present").map(|id| pair(&format!("was.{id}"), "present")));
    form.extend(words("was_absent").map(|id| pair(&format!("was.{id}"), "absent")));
    work.put("roll-call", format!("/training/sessions/{session}/roll-call"), form, vec![], vec![]);
    Ok(())
}

/// Only what was changed is said. The version is the one that came from here; what this telephone changed since is known
/// by its branch.
fn cooperative(work: &mut Work<'_>) -> Result<()> {
    let entity = work.filled.entity.clone().unwrap_or_default();
    let organisation = match entity.id.parse() {
        Ok(id) => id,
        Err(_) => work.needed("organisation")?,
    };
    let get = |name: &str| work.filled.get(name).unwrap_or_default();
    let changed = CHANGED.into_iter().filter(|name| get(name) != get(&format!("was_{name}")));
    let form: Form = changed.map(|name| pair(name, get(name))).collect();
    if form.is_empty() {
        return Ok(());
    }
    change(work, &entity, organisation, form);
    Ok(())
}

/// What a form changes of a cooperative, on the version that it knew.
pub(super) fn change(work: &mut Work<'_>, entity: &Entity, organisation: Id, mut form: Form) {
    form.push(pair("version", entity.trunk.or(entity.base).unwrap_or(0)));
    work.put("change", format!("/organisations/{organisation}"), form, vec![], vec![]);
    if let (Some(branch), Some(sent)) = (&entity.branch, work.sent.last_mut()) {
        sent.branch = Id::named(&format!("openrosa {} {branch}", work.whose.account));
    }
}

fn diagnosed(work: &mut Work<'_>, instrument: Id) -> Result<()> {
    let organisation = work.needed("organisation")?;
    let assessment = work.id("assessment");
    let mut form =
        vec![pair("id", assessment), pair("instrument", instrument), pair("programme", work.whose.programme)];
    form.extend(work.given(&["extent", "held"]));
    let begun = work.put("begin", format!("/organisations/{organisation}/assessments"), form, vec![], vec![]);
    let filled = work.filled;
    let mut answered = Vec::new();
    for (path, level) in &filled.answers {
        let Some((group, item)) =
            path.strip_suffix("/level").and_then(|group| Some((group, item_of(group)?)))
        else {
            continue;
        };
        let said = |name: &str| Some(pair(name, filled.get(&format!("{group}/{name}"))?));
        let mut form = vec![pair("level", level), pair("version", 0)];
        form.extend([said("evidence"), said("note")].into_iter().flatten());
        let file = work.file(&format!("{group}/file"), "file");
        let page = format!("/assessments/{assessment}/questions/{item}");
        answered.push(work.put(&format!("answer {item}"), page, form, file, vec![begun]));
    }
    if filled.get("conclude") == Some("yes") {
        answered.push(begun);
        work.put("conclude", format!("/assessments/{assessment}/conclusion"), vec![], vec![], answered);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose() -> Whose {
        let [submission, account, programme, device] = ["s", "a", "p", "d"].map(Id::named);
        Whose { submission, account, programme, device }
    }

    fn filled(form: &str, answers: &[(&str, &str)]) -> Filled {
        let answers = answers.iter().map(|(at, text)| ((*at).to_owned(), (*text).to_owned())).collect();
        Filled { form: form.to_owned(), answers, ..Filled::default() }
    }

    fn made(filled: &Filled) -> Vec<Sent> {
        commands(&whose(), filled, None).unwrap_or_default()
    }

    #[test]
    fn the_same_form_is_the_same_work() {
        let organisation = Id::named("o").to_string();
        let end = ("end", "2026-11-26T10:00:00Z");
        let answers =
            [("organisation", organisation.as_str()), ("held", "2026-11-26"), ("photo", "a.jpg"), end];
        let visit = filled(VISIT, &answers);
        let (first, again) = (made(&visit), made(&visit));
        assert_eq!(serde_json::to_string(&first).ok(), serde_json::to_string(&again).ok());
        assert_eq!(first.len(), 2);
        assert_eq!(first[1].after, [first[0].id], "the report stands on the visit");
        assert_eq!(first[1].files[0].upload, upload(whose().submission, "a.jpg"));
    }

    #[test]
    fn only_what_changed_is_said_on_the_version_that_came_from_here() {
        let id = Id::named("o").to_string();
        let answers =
            [("was_phone", "0661"), ("phone", "0662"), ("was_email", "a@b.ma"), ("email", "a@b.ma")];
        let mut change = filled(COOPERATIVE, &answers);
        let branch = Some("b".to_owned());
        change.entity = Some(Entity { id: id.clone(), base: Some(5), trunk: Some(3), branch });
        let sent = made(&change);
        assert_eq!(sent[0].path, format!("/organisations/{id}"));
        assert_eq!(sent[0].form, [pair("phone", "0662"), pair("version", 3)]);
        assert!(commands(&whose(), &filled("another", &[]), None).is_err());
    }

    #[test]
    fn a_level_that_was_not_given_is_no_answer() {
        let (organisation, item) = (Id::named("o").to_string(), Id::named("i").to_string().replace('-', ""));
        let level = format!("q_{item}/level");
        let note = format!("q_{}/note", Id::named("j").to_string().replace('-', ""));
        let answers =
            [("organisation", organisation.as_str()), (&level, "na"), (&note, "rien"), ("conclude", "no")];
        let form = format!("{}{}", diagnosis::PREFIX, Id::named("instrument"));
        let sent = made(&filled(&form, &answers));
        assert_eq!(sent.len(), 2, "begun and answered once, not concluded");
        assert_eq!(sent[1].after, [sent[0].id]);
    }
}
