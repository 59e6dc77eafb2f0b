//! Applications of a list: what came on paper, by another form or by telephone is brought in at once. The journey is
//! that of every import of the registry; here stands what a row says and whose application it is.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::Long;
use kernel::record::{self, Record};
use kernel::words::Catalogue;
use kernel::{Db, Error, FieldError, Id, Lang, Result, Standing, Tx, Viewer, Words, Wrong, sql};
use registry::import::{
    Found, Import, Kept, Likeness, Mapping, Meanings, Outcome, Reader, Subject, Target, declared,
};
use registry::{Description, candidates};

use super::answers::written;
use super::application::{Application, Reply, next_number};
use super::call::{self, Call, CallQuestion, CallStatus};

/// Applications of a list.
pub(crate) struct Applications {
    reader: Reader,
    viewer: Viewer,
    call: Option<Id>,
    /// Columns that hold no field: their position and what they are called. One that is called like a question of the
    /// call holds its answers.
    spare: Vec<(usize, String)>,
    asked: Option<(Call, Vec<CallQuestion>)>,
    /// Who applied in the rows above, with their numbers.
    above: HashMap<String, i64>,
}

impl Subject for Applications {
    type Record = Application;
    const BASE: &'static str = "/calls/imports";
    const WORK: &'static str = "programmes.applications";
    const WORDS: &'static str = "application.import";
    const ABOVE: (&'static str, &'static str) = ("/calls", "nav.calls");
    const NAME: &'static str = "name";
    const TELLS: &'static [&'static str] = &["place", "phone"];
    const REST: (&'static str, &'static str) = ("call", "");
    const HEADERS: Meanings = HEADERS;
    const ALSO: &'static [(&'static str, Meanings)] = &[];
    const DECISIONS: Meanings = &[("maybe", &["same", "new", "skip"])];

    /// The calls that the viewer manages and whose committee has not decided.
    fn rest(db: &mut Db, viewer: &Viewer, w: Words) -> Result<Options> {
        let mut managed = Options::new();
        for line in call::list(db, viewer, None)? {
            let open = matches!(line.status, CallStatus::Draft | CallStatus::Open);
            if open && viewer.standing(db, line.id)? >= Some(Standing::Steward) {
                managed.push((line.id.to_string(), line.title.best(w.lang).to_owned()));
            }
        }
        Ok(managed)
    }

    fn targets(_: Standing) -> Vec<Target> {
        const GIVEN: &[&str] = &["programme", "call", "organisation", "account", "status", "number"];
        let mut targets = declared::<Application>(Standing::Steward);
        targets.retain(|target| !GIVEN.contains(&target.code()));
        targets
    }

    fn lacks(mapping: &Mapping) -> Option<&'static str> {
        if mapping.chosen().is_empty() {
            Some("application.import.no_call")
        } else if !mapping.has("name") && !mapping.has_part("name") {
            Some("registry.import.mapping.no_name")
        } else if !mapping.has("place") && !mapping.has("place.in") {
            Some("registry.import.mapping.no_place")
        } else {
            None
        }
    }

    fn path(record: Id) -> String {
        format!("/applications/{record}")
    }

    fn reading(words: &'static Catalogue, import: &Import, viewer: Viewer) -> Applications {
        let reader = Reader::of::<Applications>(words, &import.mapping);
        let call = import.mapping.chosen().parse().ok();
        Applications { reader, viewer, call, spare: import.spare(), asked: None, above: HashMap::new() }
    }

    fn check(&mut self, db: &mut Db, row: &Kept) -> Result<Found> {
        let made = match self.read(db, row)? {
            Ok((made, _)) => made,
            Err(errors) => return Ok(Found::wrong(errors)),
        };
        if let Some(there) = same(db, &made)? {
            return Ok(Found::known(Some(there)));
        }
        for key in keys(&made) {
            if let Some(first) = self.above.insert(key, row.number) {
                return Ok(
                    Found::known(None).because(Wrong::new("intervention.import.twice").with("row", first))
                );
            }
        }
        let mut mine = Vec::new();
        for candidate in candidates(db, &described(&made), Lang::Fr)? {
            if self.viewer.standing(db, candidate.id)? >= Some(Standing::File) {
                mine.push(candidate);
            }
        }
        let certain: Vec<_> = mine.iter().filter(|candidate| candidate.why != "name").collect();
        if let [only] = certain[..] {
            return Ok(Found::good().about(only.id));
        }
        if mine.is_empty() {
            return Ok(Found::good());
        }
        let likeness = |candidate: registry::Candidate| Likeness {
            organisation: Some(candidate.id),
            row: None,
            why: candidate.why,
            alike: candidate.alike,
        };
        Ok(Found::maybe(mine.into_iter().map(likeness).collect()))
    }

    fn apply(&mut self, tx: &mut Tx<'_>, row: &Kept) -> Result<Outcome> {
        let (made, replies) = self.read(tx, row)?.map_err(Error::Invalid)?;
        if let Some(there) = same(tx, &made)? {
            return Ok(Outcome::Known(there));
        }
        let target: Option<Id> = match row.decision.as_deref() {
            Some("new") => None,
            _ => row.target.as_deref().and_then(|target| target.parse().ok()),
        };
        if let Some(target) = target
            && self.viewer.standing(tx, target)? < Some(Standing::File)
        {
            return Err(Error::NotFound);
        }
        let number = next_number(tx, made.call.id)?;
        let made = Application { organisation: target.map(Into::into), number: Some(number), ..made };
        record::insert(tx, &made)?;
        for (question, text) in replies {
            let reply = Reply {
                id: Id::new(),
                version: 1,
                programme: made.programme,
                application: made.id.into(),
                question: question.into(),
                value: Long(text),
            };
            record::insert(tx, &reply)?;
        }
        Ok(Outcome::Made(made.id))
    }

    fn undo(
        tx: &mut Tx<'_>,
        _: &Import,
        viewer: &Viewer,
        rows: &[Kept],
    ) -> Result<Vec<Option<&'static str>>> {
        let mut reasons = Vec::with_capacity(rows.len());
        for row in rows {
            let there = row.record.map(|id| record::find::<Application>(tx, id)).transpose()?.flatten();
            reasons.push(match there {
                None => None,
                Some(there) if viewer.standing(tx, there.call.id)? < Some(Standing::Steward) => {
                    Some("intervention.import.kept.rights")
                }
                Some(there) if there.version > 1 || is_looked_at(tx, there.id)? => {
                    Some("application.import.kept.looked_at")
                }
                Some(there) => {
                    for reply in super::application::replies(tx, there.id)?.into_values() {
                        record::remove(tx, &reply)?;
                    }
                    record::remove(tx, &there)?;
                    None
                }
            });
        }
        Ok(reasons)
    }
}

/// An application with its answers, or everything that is wrong with it.
type Read = std::result::Result<(Application, Vec<(Id, String)>), Vec<FieldError>>;

impl Applications {
    /// The call, if the account still manages it and its committee has not decided, with its questions.
    fn asked(&mut self, db: &mut Db) -> Result<&(Call, Vec<CallQuestion>)> {
        if self.asked.is_none() {
            let call = self.call.map(|id| record::find::<Call>(db, id)).transpose()?.flatten();
            let call = call.ok_or_else(|| Error::refused("error.reference"))?;
            if self.viewer.standing(db, call.id)? < Some(Standing::Steward) {
                return Err(Error::NotFound);
            }
            if call.status == CallStatus::Decided {
                return Err(Error::refused("call.decided"));
            }
            let questions = call::questions(db, call.id)?;
            self.asked = Some((call, questions));
        }
        self.asked.as_ref().ok_or(Error::NotFound)
    }

    fn read(&mut self, db: &mut Db, row: &Kept) -> Result<Read> {
        let (call, questions) = self.asked(db)?.clone();
        let mut form = self.reader.form(&row.cells);
        let mut errors = Vec::new();
        match self.reader.place(&form, "place", "place.in") {
            Some(Ok(code)) => form.set("place", code),
            Some(Err(error)) => errors.push(error),
            None => {}
        }
        form.set("programme", call.programme.id.to_string());
        form.set("status", "submitted");
        form.0.retain(|(name, _)| !["organisation", "account", "number"].contains(&name.as_str()));
        if form.text("submitted").is_none() {
            let day = kernel::today().clamp(call.opens, call.closes);
            form.set("submitted", day.to_string());
        }
        let made = match record::parse::<Application>(&form, Standing::Steward, None) {
            Ok(cells) => Application::from_cells(Id::new(), 1, cells)?,
            Err(Error::Invalid(more)) => {
                let new = |error: &FieldError| !errors.iter().any(|there| there.field == error.field);
                let more: Vec<_> = more.into_iter().filter(new).collect();
                errors.extend(more);
                return Ok(Err(errors));
            }
            Err(error) => return Err(error),
        };
        if let Err(Error::Invalid(more)) = made.check().and_then(|()| made.adds_up()) {
            errors.extend(more);
        }
        let outside = |day: Date| day < call.opens || day > call.closes;
        if made.submitted.is_some_and(outside) {
            let wrong = Wrong::new("application.import.outside");
            errors.push(FieldError { field: "submitted".into(), wrong });
        }
        let mut replies = Vec::new();
        for question in &questions {
            let called =
                |header: &str| question.label.all().any(|label| fold::fold(label) == fold::fold(header));
            let column = self.spare.iter().find(|(_, header)| called(header));
            let Some(cell) = column.and_then(|(at, _)| row.cells.get(*at)) else { continue };
            match written(question, cell.text().trim()) {
                Ok(Some(value)) => replies.push((question.id, value)),
                Ok(None) => {}
                Err(_) => {
                    let wrong = Wrong::new("application.import.answer").with("typed", cell.text());
                    errors.push(FieldError { field: String::new(), wrong });
                }
            }
        }
        Ok(if errors.is_empty() { Ok((made, replies)) } else { Err(errors) })
    }
}

/// What tells that two rows are of one applicant: a number, a telephone, or a name in a commune.
fn keys(made: &Application) -> Vec<String> {
    let number = made.register_number.iter().map(|code| format!("number {}", fold::fold(&code.0)));
    let phone = made.phone.iter().map(|phone| format!("phone {}", phone.0));
    let name = made.name.all().map(|name| format!("name {} {}", made.place.division, fold::fold(name)));
    number.chain(phone).chain(name).collect()
}

fn described(made: &Application) -> Description {
    Description {
        id: None,
        names: made.name.all().map(str::to_owned).collect(),
        place: Some(made.place.division.clone()),
        phones: made.phone.iter().map(|phone| phone.0.clone()).collect(),
        identifiers: made.register_number.iter().map(|code| code.0.clone()).collect(),
    }
}

/// The application to the same call that says the same applicant, if there is one.
fn same(db: &mut Db, made: &Application) -> Result<Option<Id>> {
    let wanted = keys(made);
    let query = sql(&format!(
        "select {} from application where call = ? and status <> 'withdrawn' order by number, id",
        Application::columns("")
    ));
    let query = query.bind(made.call.id).open("the caller manages the call");
    let there = db.rows(&query, Application::from_row)?;
    Ok(there
        .into_iter()
        .find(|there| keys(there).iter().any(|key| wanted.contains(key)))
        .map(|there| there.id))
}

/// True once somebody marked an application, declared an interest in it, or decided on it.
fn is_looked_at(db: &mut Db, application: Id) -> Result<bool> {
    for table in ["mark_sheet", "declared_interest", "call_decision"] {
        let query = sql(&format!("select count(*) from {table} where application = ?")).bind(application);
        if db.one::<i64>(&query.open("the caller manages the call"))? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Words of headers.
const HEADERS: Meanings = &[
    ("name", &["cooperative", "nom", "denomination", "name", "candidat", "تعاونيه", "اسم"]),
    ("place.in", &["province", "prefecture", "اقليم", "عماله"]),
    ("place", &["commune", "localite", "lieu", "place", "جماعه", "مكان"]),
    ("register_number", &["registre", "immatriculation", "agrement", "register", "سجل"]),
    ("founded", &["creation", "founded", "fondation", "تاسيس"]),
    ("contact", &["contact", "representant", "presidente", "president", "responsable", "ممثل", "رئيس"]),
    ("phone", &["tel", "telephone", "phone", "gsm", "portable", "هاتف"]),
    ("women_or_young", &["femmes et jeunes", "women and young", "النساء والشباب"]),
    ("women", &["femmes", "women", "نساء", "النساء"]),
    ("young", &["jeunes", "young", "شباب", "الشباب"]),
    ("members", &["membres", "adherents", "effectif", "members", "اعضاء", "منخرط"]),
    ("own_cash", &["apport en numeraire", "apport argent", "own cash", "apport propre", "مساهمه نقديه"]),
    ("own_kind", &["apport en nature", "in kind", "مساهمه عينيه"]),
    ("asked", &["subvention", "demande", "grant", "asked", "دعم"]),
    ("cost", &["cout", "montant", "budget", "cost", "تكلفه", "كلفه"]),
    ("submitted", &["date de depot", "depot", "submitted", "horodateur", "timestamp", "ايداع"]),
    ("title", &["projet", "titre", "intitule", "project", "title", "مشروع", "عنوان"]),
    ("summary", &["description", "resume", "summary", "وصف"]),
];
