//! The one shape of a credential: as JSON, back from JSON, and as a graph. The three change together.

use serde_json::{Map, Value as Json, json};

use crate::claims::{OB, VC};
use crate::graph::{BADGES, CREDENTIALS, DATE_TIME, Graph, Node, SCHEMA, STATUS, iri};
use crate::read::{instant, optional, text, written};
use crate::{Achievement, Credential, Error, Holder, Issuer, Name, Status};

const ANY_URI: &str = "https://www.w3.org/2001/XMLSchema#anyURI";
const BOOLEAN: &str = "https://www.w3.org/2001/XMLSchema#boolean";
const REVOCATION: &str = "revocation";

impl Credential {
    /// The document without its proof.
    pub(crate) fn json(&self) -> Json {
        let name = match &self.name.lang {
            None => json!(self.name.text),
            Some(lang) => json!({ "@value": self.name.text, "@language": lang }),
        };
        let issuer = members([
            ("id", Some(json!(self.issuer.id))),
            ("type", Some(json!(["Profile"]))),
            ("name", Some(json!(self.issuer.name))),
            ("url", self.issuer.url.as_ref().map(|url| json!(url))),
        ]);
        let identifier = match &self.holder {
            Holder::Hashed { kind, salt, hash } => json!({
                "type": "IdentityObject", "hashed": true, "identityHash": hash, "identityType": kind, "salt": salt,
            }),
            Holder::Named(name) => json!({
                "type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": "name",
            }),
        };
        let of = &self.achievement;
        let achievement = members([
            ("id", Some(json!(of.id))),
            ("type", Some(json!(["Achievement"]))),
            ("achievementType", Some(json!(of.kind))),
            ("name", Some(json!(of.name))),
            ("description", Some(json!(of.description))),
            ("inLanguage", of.lang.as_ref().map(|lang| json!(lang))),
            ("criteria", Some(json!({ "narrative": of.criteria }))),
        ]);
        let status = self.status.as_ref().map(|status| {
            json!({
                "id": status.entry(),
                "type": "BitstringStatusListEntry",
                "statusPurpose": REVOCATION,
                "statusListIndex": status.index.to_string(),
                "statusListCredential": status.list,
            })
        });
        members([
            ("@context", Some(json!([VC, OB]))),
            ("id", Some(json!(self.id))),
            ("type", Some(json!(["VerifiableCredential", "OpenBadgeCredential"]))),
            ("name", Some(name)),
            ("description", self.description.as_ref().map(|text| json!(text))),
            ("issuer", Some(issuer)),
            ("validFrom", Some(json!(written(self.valid_from)))),
            ("validUntil", self.valid_until.map(|instant| json!(written(instant)))),
            (
                "credentialSubject",
                Some(json!({
                    "type": ["AchievementSubject"], "identifier": [identifier], "achievement": achievement,
                })),
            ),
            ("credentialStatus", status),
        ])
    }

    /// Reads a document without its proof; what it would not write itself is refused.
    pub(crate) fn read(json: &Json, verification_method: String) -> Result<Credential, Error> {
        let tagged = json.pointer("/name/@value").is_some();
        let clear = json.pointer("/credentialSubject/identifier/0/hashed") == Some(&json!(false));
        let hash = text(json, "/credentialSubject/identifier/0/identityHash")?;
        let index = optional(json, "/credentialStatus/statusListIndex")?;
        let credential = Credential {
            id: text(json, "/id")?,
            name: Name {
                text: text(json, if tagged { "/name/@value" } else { "/name" })?,
                lang: if tagged { Some(text(json, "/name/@language")?) } else { None },
            },
            description: optional(json, "/description")?,
            issuer: Issuer {
                id: text(json, "/issuer/id")?,
                verification_method,
                name: text(json, "/issuer/name")?,
                url: optional(json, "/issuer/url")?,
            },
            valid_from: instant(json, "/validFrom")?,
            valid_until: json.get("validUntil").map(|_| instant(json, "/validUntil")).transpose()?,
            holder: if clear {
                Holder::Named(hash)
            } else {
                Holder::Hashed {
                    kind: text(json, "/credentialSubject/identifier/0/identityType")?,
                    salt: text(json, "/credentialSubject/identifier/0/salt")?,
                    hash,
                }
            },
            achievement: Achievement {
                id: text(json, "/credentialSubject/achievement/id")?,
                kind: text(json, "/credentialSubject/achievement/achievementType")?,
                name: text(json, "/credentialSubject/achievement/name")?,
                description: text(json, "/credentialSubject/achievement/description")?,
                criteria: text(json, "/credentialSubject/achievement/criteria/narrative")?,
                lang: optional(json, "/credentialSubject/achievement/inLanguage")?,
            },
            status: match index {
                None => None,
                Some(index) => Some(Status {
                    list: text(json, "/credentialStatus/statusListCredential")?,
                    index: index
                        .parse()
                        .map_err(|_| Error::Malformed("/credentialStatus/statusListIndex"))?,
                }),
            },
        };
        credential.check()?;
        if credential.json() == *json { Ok(credential) } else { Err(Error::Malformed("a member too many")) }
    }

    /// What it says, statement by statement: what its two contexts make of [`Credential::json`].
    pub(crate) fn graph(&self) -> Graph {
        let of = &self.achievement;
        let (this, issuer, achievement) = (&iri(&self.id), &iri(&self.issuer.id), &iri(&of.id));
        let (subject, identifier, criteria) =
            (&Node::Blank("subject"), &Node::Blank("identifier"), &Node::Blank("criteria"));
        let mut graph = Graph::default();

        graph.kind(this, (CREDENTIALS, "VerifiableCredential"));
        graph.kind(this, (BADGES, "OpenBadgeCredential"));
        let lang = self.name.lang.as_ref().map(|lang| format!("@{lang}")).unwrap_or_default();
        graph.literal(this, (SCHEMA, "name"), &self.name.text, &lang);
        if let Some(text) = &self.description {
            graph.text(this, (SCHEMA, "description"), text);
        }
        graph.node(this, (CREDENTIALS, "issuer"), issuer);
        graph.typed(this, (CREDENTIALS, "validFrom"), &written(self.valid_from), DATE_TIME);
        if let Some(instant) = self.valid_until {
            graph.typed(this, (CREDENTIALS, "validUntil"), &written(instant), DATE_TIME);
        }
        graph.node(this, (CREDENTIALS, "credentialSubject"), subject);

        graph.kind(issuer, (BADGES, "Profile"));
        graph.text(issuer, (SCHEMA, "name"), &self.issuer.name);
        if let Some(url) = &self.issuer.url {
            graph.typed(issuer, (SCHEMA, "url"), url, ANY_URI);
        }

        graph.kind(subject, (BADGES, "AchievementSubject"));
        graph.node(subject, (BADGES, "identifier"), identifier);
        graph.node(subject, (BADGES, "achievement"), achievement);

        let (kind, hash, salt) = match &self.holder {
            Holder::Hashed { kind, salt, hash } => (kind.as_str(), hash, Some(salt)),
            Holder::Named(name) => ("name", name, None),
        };
        graph.kind(identifier, (BADGES, "IdentityObject"));
        graph.typed(identifier, (BADGES, "hashed"), &salt.is_some().to_string(), BOOLEAN);
        graph.text(identifier, (BADGES, "identityHash"), hash);
        graph.text(identifier, (BADGES, "identityType"), kind);
        if let Some(salt) = salt {
            graph.text(identifier, (BADGES, "salt"), salt);
        }

        graph.kind(achievement, (BADGES, "Achievement"));
        graph.text(achievement, (BADGES, "achievementType"), &of.kind);
        graph.text(achievement, (SCHEMA, "name"), &of.name);
        graph.text(achievement, (SCHEMA, "description"), &of.description);
        if let Some(lang) = &of.lang {
            graph.text(achievement, (SCHEMA, "inLanguage"), lang);
        }
        graph.node(achievement, (BADGES, "Criteria"), criteria);
        graph.text(criteria, (BADGES, "narrative"), &of.criteria);

        if let Some(status) = &self.status {
            let entry = &iri(&status.entry());
            graph.node(this, (CREDENTIALS, "credentialStatus"), entry);
            graph.kind(entry, (STATUS, "BitstringStatusListEntry"));
            graph.text(entry, (STATUS, "statusPurpose"), REVOCATION);
            graph.text(entry, (STATUS, "statusListIndex"), &status.index.to_string());
            graph.node(entry, (STATUS, "statusListCredential"), &iri(&status.list));
        }
        graph
    }
}

impl Status {
    /// The address of this place in the list.
    fn entry(&self) -> String {
        format!("{}#{}", self.list, self.index)
    }
}

/// An object of the members that there are, in this order.
pub(crate) fn members<const N: usize>(all: [(&str, Option<Json>); N]) -> Json {
    let there = all.into_iter().filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)));
    Json::Object(there.collect::<Map<_, _>>())
}
