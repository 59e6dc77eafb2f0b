//! What a certificate claims: written here into the credential that is signed, and read here again out of it.

use credential::{Achievement, Credential, Holder, Name};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Id, Lang};

use crate::issuer::House;
use crate::module::Module;

/// The language in which claims are signed.
pub(crate) const SIGNED_IN: Lang = Lang::Fr;

/// What stands around the hours.
const HOURS: [&str; 2] =
    ["Présence à 80 % au moins des ", " heures ; test final réussi si le module en a un."];
/// What stands around the first and the last day.
const DAYS: [&str; 3] = ["Session du ", " au ", "."];

/// What is claimed of somebody, as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The name of the person.
    pub(crate) name: String,
    /// The title of the module.
    pub(crate) module: String,
    /// Tenths of the hours of the session.
    pub(crate) hours: Option<i64>,
    /// First and last day; certificates of before do not say them.
    pub(crate) days: Option<(Date, Date)>,
}

/// Minutes as tenths of hours.
pub(crate) fn tenths(minutes: i64) -> i64 {
    (minutes * 10 + 30) / 60
}

fn written(tenths: i64) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{},{}", tenths / 10, tenths % 10) }
}

fn number(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once(',').unwrap_or((text, "0"));
    let part: i64 = (part.len() == 1).then(|| part.parse().ok())??;
    Some(whole.parse::<i64>().ok()? * 10 + part)
}

fn days(text: &str) -> Option<(Date, Date)> {
    let (first, last) = text.strip_prefix(DAYS[0])?.strip_suffix(DAYS[2])?.split_once(DAYS[1])?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

impl Claim {
    /// The credential that says it; `code` stands in the address of its page, `place` is the one in the status list.
    pub(crate) fn credential(&self, house: &House, code: &str, module: &Module, place: i64) -> Credential {
        let lang = SIGNED_IN.code();
        let describe = |text: &Option<Multi>| text.as_ref().map(|text| text.best(SIGNED_IN).to_owned());
        Credential {
            id: format!("urn:uuid:{}", Id::named(&format!("credential {code}"))),
            name: Name { text: self.module.clone(), lang: Some(lang.into()) },
            description: self
                .days
                .map(|(first, last)| format!("{}{first}{}{last}{}", DAYS[0], DAYS[1], DAYS[2])),
            issuer: house.issuer(),
            valid_from: Timestamp::now(),
            valid_until: None,
            holder: Holder::Named(self.name.clone()),
            achievement: Achievement {
                id: format!("urn:uuid:{}", module.id),
                kind: "Course".into(),
                name: self.module.clone(),
                description: describe(&module.objectives).unwrap_or_else(|| module.code.0.clone()),
                criteria: format!("{}{}{}", HOURS[0], written(self.hours.unwrap_or(0)), HOURS[1]),
                lang: Some(lang.into()),
            },
            status: u32::try_from(place)
                .ok()
                .map(|index| credential::Status { list: house.status_list(), index }),
        }
    }

    /// What a credential of this house claims.
    pub(crate) fn read(credential: &Credential) -> Claim {
        let name = match &credential.holder {
            Holder::Named(name) => name.clone(),
            Holder::Hashed { .. } => String::new(),
        };
        let criteria = &credential.achievement.criteria;
        let hours = criteria.strip_prefix(HOURS[0]).and_then(|rest| rest.strip_suffix(HOURS[1]));
        Claim {
            name,
            module: credential.achievement.name.clone(),
            hours: hours.and_then(number),
            days: credential.description.as_deref().and_then(days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_are_read_as_they_were_written() {
        for (minutes, text) in [(360, "6"), (390, "6,5"), (380, "6,3"), (0, "0")] {
            assert_eq!(written(tenths(minutes)), text);
            assert_eq!(number(text), Some(tenths(minutes)));
        }
        assert_eq!(number("6,0"), Some(60), "as certificates of before say it");
        assert_eq!(number("6,05"), None);
        let (first, last) = (jiff::civil::date(2026, 11, 24), jiff::civil::date(2026, 11, 25));
        assert_eq!(days("Session du 2026-11-24 au 2026-11-25."), Some((first, last)));
        assert_eq!(days("Session du lundi au mardi."), None);
    }
}
