//! Which field each column of a list holds.

use kernel::kinds::{Choice, Input};
use kernel::words::Catalogue;
use kernel::{Ctx, Db, Error, Id, Lang, Record, Reply, Result, Standing, Tx, Words, sql};
use serde::{Deserialize, Serialize};

use super::{Step, begin, check, guess, open, page};
use crate::{Organisation, OrganisationKind};

/// The target of each column, empty where nothing is taken from it, and the kind of rows that state none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mapping {
    pub(crate) columns: Vec<String>,
    pub(crate) kind: String,
}

/// Something that a column can hold: a declared field or a part of one.
pub(crate) struct Target {
    /// Such as `name.ar`.
    pub(crate) code: String,
    label: Vec<String>,
    language: Option<Lang>,
}

impl Target {
    fn of(code: impl Into<String>, label: &[&str]) -> Target {
        Target {
            code: code.into(),
            label: label.iter().map(|key| (*key).to_owned()).collect(),
            language: None,
        }
    }

    /// What a person reads.
    pub(crate) fn said(&self, w: Words) -> String {
        let parts = self.label.iter().map(|key| w.t(key).into_owned());
        parts.chain(self.language.map(|lang| lang.own_name().to_owned())).collect::<Vec<_>>().join(" — ")
    }
}

/// Everything that a column can hold for a writer at this standing, by declaration.
pub(crate) fn targets(standing: Standing) -> Vec<Target> {
    let mut targets = vec![Target::of("id", &["registry.export.id"])];
    for field in Organisation::fields().iter().filter(|field| field.write <= standing) {
        let (name, label) = (field.name, format!("organisation.{}", field.name));
        targets.push(Target::of(name, &[&label]));
        match field.ops.input {
            Input::Multi => targets.extend(Lang::ALL.map(|lang| Target {
                language: Some(lang),
                ..Target::of(format!("{name}.{}", lang.code()), &[&label])
            })),
            Input::Place => {
                targets.push(Target::of(format!("{name}.in"), &["registry.export.province"]));
                targets.push(Target::of(format!("{name}.lat"), &["form.lat"]));
                targets.push(Target::of(format!("{name}.lon"), &["form.lon"]));
            }
            _ => {}
        }
    }
    targets
}

/// How near the account of an import stands to what it writes: an administrator also says status and origin.
pub(crate) fn standing_of(administrator: bool) -> Standing {
    if administrator { Standing::Steward } else { Standing::File }
}

impl Mapping {
    /// What this account chose before, and a guess for the rest.
    pub(crate) fn guessed(
        db: &mut Db,
        words: &'static Catalogue,
        account: Option<Id>,
        standing: Standing,
        header: &[String],
        rows: &[sheet::Row],
    ) -> Result<Mapping> {
        let samples = |at: usize| {
            let cells = rows.iter().take(200).map(|row| row.cells[at].text.as_str());
            cells.filter(|text| !text.is_empty()).take(40).collect::<Vec<_>>()
        };
        let samples: Vec<Vec<&str>> = (0..header.len()).map(samples).collect();
        let allowed = targets(standing);
        let mut columns = guess::columns(words, &allowed, header, &samples);
        let query = sql("select header, target from import_mapping where account = ?")
            .bind(account.map(|id| id.to_string()).unwrap_or_default())
            .open("what this account chose itself");
        let chosen: Vec<(String, String)> = db.rows(&query, |row| Ok((row.take()?, row.take()?)))?;
        for (at, name) in header.iter().enumerate() {
            if let Some((_, target)) = chosen.iter().find(|(known, _)| *known == fold::fold(name)) {
                columns[at].clone_from(target);
            }
        }
        let mut mapping = Mapping { columns, kind: OrganisationKind::Cooperative.code().to_owned() };
        mapping.keep_first();
        Ok(mapping)
    }

    /// Takes a target from one column only; activities may stand in several.
    fn keep_first(&mut self) {
        for at in 1..self.columns.len() {
            let (before, rest) = self.columns.split_at_mut(at);
            if rest[0] != "activities" && before.contains(&rest[0]) {
                rest[0].clear();
            }
        }
    }

    /// The key of the sentence that says why rows cannot be read with this mapping.
    pub(crate) fn refusal(&self, allowed: &[Target]) -> Option<&'static str> {
        let mut once = self.clone();
        once.keep_first();
        let has = |start: &str| {
            self.columns.iter().any(|target| {
                target == start || target.strip_prefix(start).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let named = |target: &String| target.is_empty() || allowed.iter().any(|known| known.code == *target);
        if !self.columns.iter().all(named) || OrganisationKind::from_code(&self.kind).is_none() {
            Some("error.form")
        } else if once != *self {
            Some("registry.import.mapping.twice")
        } else if !has("name") {
            Some("registry.import.mapping.no_name")
        } else if !self.columns.iter().any(|target| target == "place" || target == "place.in") {
            Some("registry.import.mapping.no_place")
        } else {
            None
        }
    }

    /// Remembers the choice of this account for the next list.
    fn remember(&self, tx: &mut Tx<'_>, header: &[String]) -> Result<()> {
        let Some(account) = tx.actor.account else { return Ok(()) };
        for (name, target) in header.iter().zip(&self.columns) {
            tx.run(
                &sql("insert into import_mapping (account, header, target) values (?, ?, ?)
                      on conflict (account, header) do update set target = excluded.target")
                .bind(account)
                .bind(fold::fold(name))
                .bind(target),
            )?;
        }
        Ok(())
    }
}

/// `POST /imports/{import}/mapping`: takes the mapping and has the rows checked in the background.
pub(crate) fn choose(ctx: &Ctx) -> Result<Reply> {
    let import = ctx.read(|db| open(ctx, db))?;
    let columns = (0..import.header.len())
        .map(|at| ctx.form.text(&format!("column.{at}")).unwrap_or_default().to_owned());
    let kind = ctx.form.text("kind").unwrap_or(OrganisationKind::Cooperative.code()).to_owned();
    let mapping = Mapping { columns: columns.collect(), kind };
    if let Some(refusal) = mapping.refusal(&targets(standing_of(ctx.viewer.is_administrator()))) {
        return if ctx.json {
            Err(Error::refused(refusal))
        } else {
            page::refused(ctx, import.id, mapping, refusal)
        };
    }
    ctx.write(|tx| {
        let import = open(ctx, tx)?;
        if begin(tx, &import, &[Step::Mapping, Step::Checked], Step::Checking, check::JOB)? {
            tx.run(
                &sql("update import set mapping = ? where id = ?")
                    .bind(serde_json::to_string(&mapping)?)
                    .bind(import.id),
            )?;
            mapping.remember(tx, &import.header)?;
        }
        Ok(())
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/imports/{}", import.id), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(columns: &[&str]) -> Mapping {
        Mapping { columns: columns.iter().map(|c| (*c).to_owned()).collect(), kind: "cooperative".into() }
    }

    #[test]
    fn a_mapping_names_each_field_once() {
        let team = targets(Standing::File);
        assert_eq!(mapping(&["name", "place", "", "activities", "activities"]).refusal(&team), None);
        assert_eq!(mapping(&["name", "place", "name"]).refusal(&team), Some("registry.import.mapping.twice"));
        assert_eq!(mapping(&["acronym", "place"]).refusal(&team), Some("registry.import.mapping.no_name"));
        assert_eq!(
            mapping(&["name.ar", "place.lat"]).refusal(&team),
            Some("registry.import.mapping.no_place")
        );
        assert_eq!(mapping(&["name", "place", "status"]).refusal(&team), Some("error.form"));
        assert_eq!(mapping(&["name", "place", "status"]).refusal(&targets(Standing::Steward)), None);
    }
}
