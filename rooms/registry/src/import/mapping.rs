//! Which field each column of a list holds.

use kernel::kinds::Input;
use kernel::words::Catalogue;
use kernel::{Ctx, Db, Error, Id, Record, Reply, Result, Standing, Tx, Wrong, sql};
use serde::{Deserialize, Serialize};

use super::subject::{Subject, Target};
use super::{Import, Step, begin, check, guess, job_name, open, page};

/// The target of each column, empty where nothing is taken from it, and what rows get that do not state it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    pub(crate) columns: Vec<String>,
    pub(crate) rest: String,
}

/// How near the account of an import stands to what it writes: an administrator also says status and origin.
pub(crate) fn standing_of(administrator: bool) -> Standing {
    if administrator { Standing::Steward } else { Standing::File }
}

impl Mapping {
    /// What this account chose before, and a guess for the rest.
    pub(crate) fn guessed<S: Subject>(
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
        let mut columns = guess::columns::<S>(words, &S::targets(standing), header, &samples);
        let query = sql("select header, target from import_mapping where account = ? and subject = ?")
            .bind(account.map(|id| id.to_string()).unwrap_or_default())
            .bind(S::Record::TABLE)
            .open("what this account chose itself");
        let chosen: Vec<(String, String)> = db.rows(&query, |row| Ok((row.take()?, row.take()?)))?;
        for (at, name) in header.iter().enumerate() {
            if let Some((_, target)) = chosen.iter().find(|(known, _)| *known == fold::fold(name)) {
                columns[at].clone_from(target);
            }
        }
        let mut mapping = Mapping { columns, rest: S::REST.1.to_owned() };
        mapping.keep_first::<S>();
        Ok(mapping)
    }

    /// Takes a target from one column only, unless it is a list.
    fn keep_first<S: Subject>(&mut self) {
        for at in 1..self.columns.len() {
            let (before, rest) = self.columns.split_at_mut(at);
            if !repeats::<S>(&rest[0]) && before.contains(&rest[0]) {
                rest[0].clear();
            }
        }
    }

    /// The value that rows get which state none, see [`Subject::REST`].
    pub fn chosen(&self) -> &str {
        &self.rest
    }

    /// True if some column gives this.
    pub fn has(&self, target: &str) -> bool {
        self.columns.iter().any(|column| column == target)
    }

    /// True if some column gives this or a part of it.
    pub fn has_part(&self, target: &str) -> bool {
        let part = |column: &String| column.strip_prefix(target).is_some_and(|rest| rest.starts_with('.'));
        self.has(target) || self.columns.iter().any(part)
    }

    /// The key of the sentence that says why rows cannot be read with this mapping.
    pub(crate) fn refusal<S: Subject>(&self, allowed: &[Target]) -> Option<&'static str> {
        let mut once = self.clone();
        once.keep_first::<S>();
        let named = |target: &String| target.is_empty() || allowed.iter().any(|known| known.code == *target);
        if !self.columns.iter().all(named) {
            Some("error.form")
        } else if once != *self {
            Some("registry.import.mapping.twice")
        } else {
            S::lacks(self)
        }
    }

    /// Remembers the choice of this account for the next list.
    fn remember<S: Subject>(&self, tx: &mut Tx<'_>, header: &[String]) -> Result<()> {
        let Some(account) = tx.actor.account else { return Ok(()) };
        for (name, target) in header.iter().zip(&self.columns) {
            tx.run(
                &sql("insert into import_mapping (account, subject, header, target) values (?, ?, ?, ?)
                      on conflict (account, subject, header) do update set target = excluded.target")
                .bind(account)
                .bind(S::Record::TABLE)
                .bind(fold::fold(name))
                .bind(target),
            )?;
        }
        Ok(())
    }
}

/// True for what several columns may give together, such as activities.
pub(crate) fn repeats<S: Subject>(target: &str) -> bool {
    S::Record::field(target).is_some_and(|field| matches!(field.ops.input, Input::Choices { .. }))
}

/// `POST /imports/{import}/mapping`: takes the mapping and has the rows checked in the background.
pub(crate) fn choose<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let (import, rest) = ctx.read(|db| Ok((open::<S>(ctx, db)?, S::rest(db, &ctx.viewer, ctx.w)?)))?;
    let columns = (0..import.header.len())
        .map(|at| ctx.form.text(&format!("column.{at}")).unwrap_or_default().to_owned());
    let chosen = ctx.form.text(S::REST.0).unwrap_or(S::REST.1).to_owned();
    let mapping = Mapping { columns: columns.collect(), rest: chosen };
    let targets = S::targets(standing_of(ctx.viewer.is_administrator()));
    let known = mapping.rest.is_empty() || rest.iter().any(|(value, _)| *value == mapping.rest);
    let refusal = if known { mapping.refusal::<S>(&targets) } else { Some("error.form") };
    if let Some(refusal) = refusal {
        return if ctx.json {
            Err(Error::refused(refusal))
        } else {
            page::refused::<S>(ctx, Import { mapping, ..import }, &Wrong::new(refusal))
        };
    }
    ctx.write(|tx| {
        let import = open::<S>(ctx, tx)?;
        if begin(tx, &import, &[Step::Mapping, Step::Checked], Step::Checking, &job_name::<S>(check::JOB))? {
            tx.run(
                &sql("update import set mapping = ? where id = ?")
                    .bind(serde_json::to_string(&mapping)?)
                    .bind(import.id),
            )?;
            mapping.remember::<S>(tx, &import.header)?;
        }
        Ok(())
    })?;
    ctx.app.bell.ring();
    ctx.done(&import.path::<S>(), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::organisations::Organisations;

    fn refusal(columns: &[&str], standing: Standing) -> Option<&'static str> {
        let columns = columns.iter().map(|c| (*c).to_owned()).collect();
        let mapping = Mapping { columns, rest: "cooperative".into() };
        mapping.refusal::<Organisations>(&Organisations::targets(standing))
    }

    #[test]
    fn a_mapping_names_each_field_once() {
        let team = |columns| refusal(columns, Standing::File);
        assert_eq!(team(&["name", "place", "", "activities", "activities"]), None);
        assert_eq!(team(&["name", "place", "name"]), Some("registry.import.mapping.twice"));
        assert_eq!(team(&["acronym", "place"]), Some("registry.import.mapping.no_name"));
        assert_eq!(team(&["name.ar", "place.lat"]), Some("registry.import.mapping.no_place"));
        assert_eq!(team(&["name", "place", "status"]), Some("error.form"));
        assert_eq!(refusal(&["name", "place", "status"], Standing::Steward), None);
    }
}
