//! Certificates on paper, in French and in Arabic: one at once, those of a whole session in the background.

use kernel::kinds::Multi;
use kernel::work::{self, Job};
use kernel::{App, Db, Error, Id, Json, Lang, Paper, Result, Words, made, sql};
use people::Person;
use serde::{Deserialize, Serialize};

use crate::certificate::{self, Certificate};
use crate::check::{self, Records, Verdict};
use crate::claim::{Claim, SIGNED_IN};
use crate::{figures, half_day};

/// The kind of work that prints a session.
pub(crate) const JOB: &str = "training.certificates";

const TEMPLATE: &str = include_str!("../templates/certificate.typ");

/// What is to be printed: the certificates of a session as they stand, for an address and a reader's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    session: Id,
    lang: String,
    base: String,
}

impl Order {
    pub(crate) fn new(session: Id, w: Words, base: String) -> Order {
        Order { session, lang: on_paper(w).lang.code().into(), base }
    }

    /// The job that does it: the same while nothing that would be printed has changed.
    pub(crate) fn job(&self, db: &mut Db) -> Result<Id> {
        let query = sql("select c.id, c.version, p.version, m.version, s.version
                         from certificate c join person p on p.id = c.person
                         join training_session s on s.id = c.session join module m on m.id = s.module
                         where c.session = ? order by c.id")
        .bind(self.session)
        .open("the caller checked the hand on the session");
        let mut text = format!("{JOB} {} {} {}", self.session, self.lang, self.base);
        db.each(&query, |row| {
            text.push_str(&format!(" {}", row.take::<Id>()?));
            for _ in 0..4 {
                text.push_str(&format!(".{}", row.take::<i64>()?));
            }
            Ok(())
        })?;
        for half in half_day::of(db, self.session)? {
            text.push_str(&format!(" {}.{}", half.id, half.version));
        }
        Ok(Id::named(&text))
    }

    /// Puts it in the queue, unless it is there or done; what failed or was cleared away is done again. True if it will
    /// be done now.
    pub(crate) fn place(&self, app: &App, db: &mut Db, account: Option<Id>) -> Result<bool> {
        let id = self.job(db)?;
        match work::find(db, id)? {
            None => work::queue(db, id, JOB, &serde_json::to_value(self)?, account)?,
            Some(job) if job.state == "failed" || (job.state == "done" && !made::is_kept(app, id)) => {
                work::again(db, id)?;
            }
            Some(_) => return Ok(false),
        }
        Ok(true)
    }
}

/// The words in which the paper is titled, for this reader: it is written in French and in Arabic.
pub(crate) fn on_paper(w: Words) -> Words {
    w.speak(if w.lang == Lang::Ar { Lang::Ar } else { Lang::Fr })
}

/// The certificates of a session that may be printed, in the order of names, each with what was signed.
pub(crate) fn printable(db: &mut Db, session: Id) -> Result<Vec<Certificate>> {
    let mut all = certificate::of(db, session)?;
    all.retain(|one| one.revoked.is_none());
    Ok(all)
}

/// Prints a session. Done twice, it makes the same.
pub(crate) fn run(app: &App, job: &Job) -> Result<()> {
    let order: Order = serde_json::from_value(job.input.clone())?;
    let w = app.words.speak(Lang::from_code(&order.lang).unwrap_or(SIGNED_IN));
    let certificates = app.read(|db| printable(db, order.session))?;
    let total = certificates.len() as i64;
    let pages = certificates.len();
    let paper = app.read(|db| paper(db, w, &order.base, certificates))?;
    work::progress(app, job.id, 0, total)?;
    let bytes = app.print(&paper)?;
    made::keep(app, job.id, &bytes)?;
    work::progress(app, job.id, total, total)?;
    work::finish(app, job.id, "done", &serde_json::json!({ "certificates": pages }))
}

/// The paper of these certificates, all of one session. Those that do not hold are left out.
pub(crate) fn paper(db: &mut Db, w: Words, base: &str, certificates: Vec<Certificate>) -> Result<Paper> {
    let session = certificates.first().ok_or_else(|| Error::refused("certificate.none"))?.session.id;
    let records = Records::of(db, session)?;
    let mut all = Vec::new();
    for certificate in certificates {
        let checked = check::check(db, &certificate)?;
        if let (Verdict::Valid, Some(claim)) = (checked.verdict, checked.claim) {
            let person = kernel::record::get::<Person>(db, certificate.person.id)?;
            all.push((claim, person, certificate));
        }
    }
    if all.is_empty() {
        return Err(Error::refused("certificate.not_good"));
    }
    all.sort_by_cached_key(|(claim, ..)| claim.name.to_lowercase());
    let (mut people, mut pictures) = (Vec::new(), Vec::new());
    for (i, (claim, person, certificate)) in all.iter().enumerate() {
        let link = format!("{base}/verify/{}", certificate.code);
        let picture = format!("qr-{i}.svg");
        pictures.push((picture.clone(), kernel::square(&link)?.0.into_bytes()));
        let sides =
            [Lang::Fr, Lang::Ar].map(|lang| side(w.speak(lang), lang, &records, claim, person, certificate));
        people.push(serde_json::json!({ "sides": sides, "link": link, "picture": picture }));
    }
    Ok(Paper {
        template: TEMPLATE,
        title: w.t("certificate.heading").into_owned(),
        lang: w.lang,
        data: serde_json::json!({ "people": people }),
        pictures,
    })
}

/// A text in the language of a side: in that of the record if the record still says what was signed, as signed if not.
fn said<'a>(signed: &'a str, record: &'a Multi, lang: Lang) -> &'a str {
    if record.best(SIGNED_IN) == signed { record.best(lang) } else { signed }
}

fn side(
    w: Words,
    lang: Lang,
    records: &Records,
    claim: &Claim,
    person: &Person,
    certificate: &Certificate,
) -> Json {
    serde_json::json!({
        "lang": lang.code(),
        "heading": w.t("certificate.heading"),
        "says": w.t("certificate.says"),
        "name": said(&claim.name, &person.name, lang),
        "completed": w.t("certificate.completed"),
        "module": said(&claim.module, &records.module.title, lang),
        "facts": [
            [w.t("certificate.hours").into_owned(), hours(w, claim.hours.unwrap_or_default())],
            [w.t("certificate.dates").into_owned(), days(w, claim.days.or(records.days))],
            [w.t("certificate.issued").into_owned(), w.long_date(&certificate.issued)],
        ],
        "check": w.t("certificate.check"),
        "signed": w.t("certificate.signed"),
    })
}

/// Tenths of hours, in words.
pub(crate) fn hours(w: Words, tenths: i64) -> String {
    figures::hours(w, tenths * 6)
}

/// The first and the last day, in full.
pub(crate) fn days(w: Words, days: Option<(jiff::civil::Date, jiff::civil::Date)>) -> String {
    match days {
        Some((first, last)) if first != last => format!("{} – {}", w.long_date(&first), w.long_date(&last)),
        Some((first, _)) => w.long_date(&first),
        None => String::new(),
    }
}
