//! A certificate: that somebody completed a session. It is a signed credential (Open Badges 3.0) that anybody verifies,
//! here or with other tools, also without network; it can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::kinds::Ref;
use kernel::{Db, Error, Id, Json, Record, Result, Secret, Tx, record, sql};
use people::Person;
use programmes::Programme;

use crate::check::{Records, Verdict, check};
use crate::completion;
use crate::issuer::{self, Address};
use crate::participant::Participant;
use crate::session::Session;

record! {
    /// That somebody completed a session.
    pub Certificate in "certificate" as "training.certificate", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, session: Ref<Session>, participant: Ref<Participant>, person: Ref<Person>,
            /// What stands in the address of its public page: random, so that nobody finds others by counting.
            code: String, issued: Date,
            /// Its place in the status list.
            place: i64,
        }
        state(Shared, Steward) { revoked: Option<Date>, reason: Option<String> }
    }
}

/// The certificates of a session; of each participant first the one that was not taken back.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<Certificate>> {
    let query = sql(&format!(
        "select {} from certificate where session = ? order by case when revoked is null then 0 else 1 end, id",
        Certificate::columns("")
    ))
    .bind(session)
    .open("the caller checked the hand on the session");
    db.rows(&query, Certificate::from_row)
}

/// The certificate behind a public address.
pub(crate) fn by_code(db: &mut Db, code: &str) -> Result<Certificate> {
    let query = sql(&format!("select {} from certificate where code = ?", Certificate::columns("")))
        .bind(code)
        .open("whoever holds the code may see the certificate");
    db.row(&query, Certificate::from_row)?.ok_or(Error::NotFound)
}

impl Certificate {
    /// Its credential, as it was signed; none once the person's data was erased.
    pub(crate) fn signed(&self, db: &mut Db) -> Result<Option<Json>> {
        let query = sql("select credential from certificate_proof where certificate = ?").bind(self.id);
        let text: Option<String> =
            db.row(&query.open("kept apart from the facts"), kernel::value::Row::take)?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }
}

/// Issues what is missing: a certificate to everybody who completed the session and has none. Issued twice, each has one.
/// One that nobody believes, because its key was stolen before it was signed, is taken back with the reason `stolen` and
/// issued again.
pub fn issue(
    tx: &mut Tx<'_>,
    secret: &Secret,
    at: &Address,
    session: &Session,
    stolen: &str,
) -> Result<usize> {
    let mut there: BTreeMap<Id, Certificate> = BTreeMap::new();
    for certificate in of(tx, session.id)? {
        there.entry(certificate.participant.id).or_insert(certificate);
    }
    let unbelieved = unbelieved(tx, there.values())?;
    let complete: Vec<_> = completion::completions(tx, session.id)?
        .into_iter()
        .filter(|line| line.complete)
        .map(|line| (there.remove(&line.participant), line))
        .filter(|(before, _)| before.as_ref().is_none_or(|before| unbelieved.contains(&before.id)))
        .collect();
    if complete.is_empty() {
        return Ok(0);
    }
    let house = issuer::of(tx, secret, at)?;
    let records = Records::of(tx, session.id)?;
    let mut issued = 0;
    for (before, line) in complete {
        let person = kernel::record::get::<Person>(tx, line.person)?;
        // Whose data was erased gets no new paper.
        if person.erased {
            continue;
        }
        let mut name = format!("certificate of {}", line.participant);
        if let Some(before) = before {
            name = format!("{name} after {}", before.id);
            revoke(tx, before, stolen)?;
        }
        let id = Id::named(&name);
        let code = people::fresh_secret()?.chars().take(20).collect::<String>();
        let place = next_place(tx)?;
        let credential = records.claim(&person).credential(&house, &code, &records.module, place);
        let signed = house.sign(&credential)?;
        let certificate = Certificate {
            id,
            version: 1,
            programme: session.programme,
            session: session.id.into(),
            participant: line.participant.into(),
            person: line.person.into(),
            code,
            issued: kernel::today(),
            place,
            revoked: None,
            reason: None,
        };
        kernel::record::insert(tx, &certificate)?;
        // It carries a name, so it stands outside the facts and goes when the person's data is erased.
        let proof = sql("insert into certificate_proof (certificate, credential) values (?, ?)");
        tx.run(&proof.bind(id).bind(signed.to_string()))?;
        issued += 1;
    }
    Ok(issued)
}

/// Those of these certificates that hold but for their key, which was stolen before they were signed.
pub(crate) fn unbelieved<'a>(
    db: &mut Db,
    certificates: impl Iterator<Item = &'a Certificate>,
) -> Result<BTreeSet<Id>> {
    // Every signature is computed anew: only where a theft makes it needful.
    if issuer::keys(db)?.iter().all(|key| key.stolen.is_none()) {
        return Ok(BTreeSet::new());
    }
    let mut found = BTreeSet::new();
    for certificate in certificates {
        if check(db, certificate)?.verdict == Verdict::Stolen {
            found.insert(certificate.id);
        }
    }
    Ok(found)
}

/// The next place in the status list.
fn next_place(db: &mut Db) -> Result<i64> {
    let last =
        sql("select cast(coalesce(max(place), -1) as bigint) from certificate").open("places of one list");
    Ok(db.one::<i64>(&last)? + 1)
}

/// Takes a certificate back, for a reason. It stays, and everybody who verifies it learns that it no longer holds.
pub(crate) fn revoke(tx: &mut Tx<'_>, certificate: Certificate, reason: &str) -> Result<()> {
    if certificate.revoked.is_some() {
        return Ok(());
    }
    let after =
        Certificate { revoked: Some(kernel::today()), reason: Some(reason.to_owned()), ..certificate };
    kernel::record::update(tx, &after)
}

/// Forgets what names a person whose data was erased: the certificate is taken back, its credential is gone.
pub(crate) fn forget(tx: &mut Tx<'_>, person: Id) -> Result<()> {
    let query = sql(&format!("select {} from certificate where person = ?", Certificate::columns("")))
        .bind(person)
        .open("an erasure reaches everything");
    for certificate in tx.rows(&query, Certificate::from_row)? {
        let proof = sql("delete from certificate_proof where certificate = ?").bind(certificate.id);
        tx.run(&proof.open("an erasure reaches everything"))?;
        revoke(tx, certificate, "—")?;
    }
    Ok(())
}

/// The status list as it stands now.
pub(crate) fn status_list(db: &mut Db) -> Result<credential::StatusList> {
    let revoked =
        sql("select place from certificate where revoked is not null").open("a public list of places");
    let places: Vec<i64> = db.rows(&revoked, kernel::value::Row::take)?;
    let most = places.iter().max().copied().unwrap_or(0);
    let mut list = credential::StatusList::new(usize::try_from(most + 1).unwrap_or(0));
    for place in places {
        list.set(u32::try_from(place).unwrap_or(u32::MAX), true).map_err(issuer::wrong)?;
    }
    Ok(list)
}
