//! Is a certificate good? What was signed, by which key, and what became of the records since.

use jiff::Timestamp;
use kernel::{Db, Id, Json, Result, facts, sql};
use people::Person;
use schemars::JsonSchema;
use serde::Serialize;

use crate::certificate::Certificate;
use crate::claim::{Claim, SIGNED_IN, tenths};
use crate::half_day;
use crate::issuer;
use crate::module::Module;
use crate::session::Session;

/// What is to be thought of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// The signature holds and it was not taken back.
    Valid,
    /// It was taken back.
    Revoked,
    /// The signature does not hold.
    Altered,
    /// It was signed by a key that was declared stolen, after the theft.
    Stolen,
}

impl Verdict {
    /// Its code, under which its word stands.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Revoked => "revoked",
            Verdict::Altered => "altered",
            Verdict::Stolen => "stolen",
        }
    }
}

/// A certificate that was looked at.
pub(crate) struct Checked {
    pub(crate) verdict: Verdict,
    /// What was signed; nothing if the signature does not hold or the person's data was erased.
    pub(crate) claim: Option<Claim>,
    /// Who vouches: name and identifier.
    pub(crate) issuer: Option<(String, String)>,
    /// When it was signed, as the signer says.
    pub(crate) signed: Option<Timestamp>,
}

/// Looks at a certificate as it stands now.
pub(crate) fn check(db: &mut Db, certificate: &Certificate) -> Result<Checked> {
    let keys = issuer::keys(db)?;
    let signed = certificate.signed(db)?.unwrap_or(Json::Null);
    let verified = credential::verify(&signed, Timestamp::now(), |method| {
        issuer::among(&keys, method).map(|key| key.public)
    });
    let Ok(verified) = verified else {
        let verdict = if certificate.revoked.is_some() { Verdict::Revoked } else { Verdict::Altered };
        return Ok(Checked { verdict, claim: None, issuer: None, signed: None });
    };
    let issuer = &verified.credential.issuer;
    let theft = issuer::among(&keys, &issuer.verification_method).and_then(|key| key.stolen);
    let verdict = match certificate.revoked {
        Some(_) => Verdict::Revoked,
        None if theft.is_some_and(|theft| theft <= verified.created.as_millisecond()) => Verdict::Stolen,
        None => Verdict::Valid,
    };
    Ok(Checked {
        verdict,
        claim: Some(Claim::read(&verified.credential)),
        issuer: Some((issuer.name.clone(), issuer.id.clone())),
        signed: Some(verified.created),
    })
}

/// What the records say today of that which a certificate claims.
pub(crate) struct Records {
    pub(crate) module: Module,
    pub(crate) minutes: i64,
    pub(crate) days: Option<(jiff::civil::Date, jiff::civil::Date)>,
}

impl Records {
    /// The records of a session. The caller may know of it, or holds the code of a certificate.
    pub(crate) fn of(db: &mut Db, session: Id) -> Result<Records> {
        let session = kernel::record::get::<Session>(db, session)?;
        let module = kernel::record::get::<Module>(db, session.module.id)?;
        let halves = half_day::of(db, session.id)?;
        let minutes = halves.iter().map(|half| half.minutes).sum();
        Ok(Records { days: half_day::span(&halves), module, minutes })
    }

    /// What is claimed of this person when a certificate is signed now.
    pub(crate) fn claim(&self, person: &Person) -> Claim {
        Claim {
            name: person.name.best(SIGNED_IN).to_owned(),
            module: self.module.title.best(SIGNED_IN).to_owned(),
            hours: Some(tenths(self.minutes)),
            days: self.days,
        }
    }

    /// What the records say otherwise than what was signed: `name`, `module`, `hours` or `dates`, and since when if it
    /// is known.
    pub(crate) fn changes(
        &self,
        db: &mut Db,
        claim: &Claim,
        person: &Person,
    ) -> Result<Vec<(&'static str, Option<i64>)>> {
        let now = self.claim(person);
        let mut changes = Vec::new();
        if now.name != claim.name {
            changes.push(("name", changed(db, person.id, "name")?));
        }
        if now.module != claim.module {
            changes.push(("module", changed(db, self.module.id, "title")?));
        }
        if claim.hours.is_some() && now.hours != claim.hours {
            changes.push(("hours", None));
        }
        if claim.days.is_some() && now.days != claim.days {
            changes.push(("dates", None));
        }
        Ok(changes)
    }
}

/// When this field was changed last.
fn changed(db: &mut Db, record: Id, field: &str) -> Result<Option<i64>> {
    let tail = sql(" f.record = ? order by f.id desc").bind(record);
    let all = facts::read(db, tail.open("an instant, for whoever holds the code of a certificate"))?;
    Ok(all.into_iter().find(|fact| fact.changes.contains_key(field)).map(|fact| fact.at))
}
