//! Who may know of what.
//!
//! A record is *reachable* through scopes: a territory, a programme, an organisation, an account, the public.
//! An account holds roles in scopes. Where the two meet, the viewer stands at the lower of what the role and the
//! reach give. The condition is part of every statement that lists, counts or exports; nothing is filtered after.

use serde::Serialize;

use crate::store::Db;
use crate::value::{ToValue, Value};
use crate::{Id, Result, Tx, now, sql};

/// How near a viewer stands to a record; each step includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Anybody, for what its owner published.
    Public = 1,
    /// A partner: what a programme or an agreement shares.
    Shared = 2,
    /// Someone who works on the file: coach, representative.
    File = 3,
    /// Someone who answers for the file: manager, administrator.
    Steward = 4,
}

impl Standing {
    /// The standing stored as this number.
    pub fn from_level(level: i64) -> Standing {
        match level {
            4.. => Standing::Steward,
            3 => Standing::File,
            2 => Standing::Shared,
            _ => Standing::Public,
        }
    }

    /// The number it is stored as.
    pub fn level(self) -> i64 {
        self as i64
    }
}

/// A scope of a territory and everything inside it.
pub fn territory_scope(code: &str) -> String {
    format!("territory:{code}")
}

/// A scope of one record of this kind, such as `programme` or `organisation`.
pub fn scope(kind: &str, id: Id) -> String {
    format!("{kind}:{id}")
}

/// The scope of whoever works on the file of another record: a person is reached via an organisation, one step far.
pub fn via(record: Id) -> String {
    format!("via:{record}")
}

/// The scope of everybody.
pub const PUBLIC: &str = "public";

/// One role that an account holds now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Role {
    /// Code of the role, such as `coach`.
    pub role: String,
    /// Where it holds: `platform`, or a scope.
    pub scope: String,
}

/// What the holder of a request may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reach {
    /// A person who signed in.
    #[default]
    Full,
    /// A token that only reads.
    ReadOnly,
}

/// Whoever asks.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// The account, if the viewer signed in.
    pub account: Option<Id>,
    /// Name to greet.
    pub name: String,
    /// Preferred language of the account.
    pub language: Option<String>,
    /// Digest of the session, to end the others.
    pub session: Option<String>,
    /// Roles held now.
    pub roles: Vec<Role>,
    /// What the request may do.
    pub reach: Reach,
    grants: Vec<(String, Standing)>,
    everything: bool,
}

impl Viewer {
    /// A viewer with an account and roles; `standing_of` says how near each role stands.
    pub fn new(
        account: Id,
        name: String,
        roles: Vec<Role>,
        standing_of: impl Fn(&str) -> Standing,
    ) -> Viewer {
        let everything = roles.iter().any(|r| r.role == "administrator");
        let mut grants: Vec<_> = roles.iter().map(|r| (r.scope.clone(), standing_of(&r.role))).collect();
        grants.push((scope("account", account), Standing::Steward));
        grants.sort();
        grants.dedup_by(|b, a| {
            let same = a.0 == b.0;
            if same {
                a.1 = a.1.max(b.1);
            }
            same
        });
        Viewer { account: Some(account), name, roles, grants, everything, ..Viewer::default() }
    }

    /// The machine itself, for the command line and background work.
    pub fn system() -> Viewer {
        Viewer { everything: true, name: "tiwizi".into(), ..Viewer::default() }
    }

    /// True if this viewer answers for the whole platform.
    pub fn is_administrator(&self) -> bool {
        self.everything
    }

    /// True if the viewer signed in.
    pub fn signed_in(&self) -> bool {
        self.account.is_some()
    }

    /// True if the viewer holds one of these roles anywhere (administrators always do).
    pub fn has_role(&self, roles: &[&str]) -> bool {
        self.everything || self.roles.iter().any(|r| roles.contains(&r.role.as_str()))
    }

    /// Identifiers in scopes of this kind where the viewer holds one of these roles.
    pub fn scopes_of(&self, kind: &str, roles: &[&str]) -> Vec<Id> {
        self.roles
            .iter()
            .filter(|r| roles.contains(&r.role.as_str()))
            .filter_map(|r| r.scope.strip_prefix(kind)?.strip_prefix(':')?.parse().ok())
            .collect()
    }

    /// True if the viewer holds one of these roles in exactly this scope (administrators always do).
    pub fn holds(&self, roles: &[&str], scope: &str) -> bool {
        self.everything || self.roles.iter().any(|r| r.scope == scope && roles.contains(&r.role.as_str()))
    }

    /// Appends the condition under which this viewer may know of the record in `column`.
    pub(crate) fn condition(&self, column: &str, text: &mut String, args: &mut Vec<Value>) {
        if self.everything {
            text.push_str(" 1 = 1 ");
            return;
        }
        text.push_str(&format!(" exists (select 1 from reach s where s.record = {column} and s.scope in (?"));
        self.reaching(text, args);
        // The offset keeps PostgreSQL from gathering all that these scopes reach instead of looking at each record.
        text.push_str(" limit 1 offset 0) ");
    }

    /// The scopes through which this viewer may know of a record; `None` for whoever may know of everything.
    pub(crate) fn scopes(&self) -> Option<Vec<String>> {
        let mine = self.grants.iter().map(|(scope, _)| scope.clone());
        (!self.everything).then(|| mine.chain([PUBLIC.to_owned()]).collect())
    }

    /// The rest of a look into `reach`: the scopes of this viewer after the public one, and until when they reach.
    fn reaching(&self, text: &mut String, args: &mut Vec<Value>) {
        args.push(PUBLIC.to_value());
        for (scope, _) in &self.grants {
            text.push_str(", ?");
            args.push(scope.to_value());
        }
        text.push_str(") and (until is null or until > ?)");
        args.push(now().to_value());
    }

    /// The same, and also what is reached [`via`] a record whose file this viewer works on.
    pub(crate) fn condition_via(&self, column: &str, text: &mut String, args: &mut Vec<Value>) {
        if self.everything {
            text.push_str(" 1 = 1 ");
            return;
        }
        text.push_str(&format!(" ({column} in (select record from reach where scope in (?"));
        self.reaching(text, args);
        text.push_str(") ");
        let scopes: Vec<_> = self.grants.iter().filter(|(_, standing)| *standing >= Standing::File).collect();
        text.push_str(&format!(
            "or {column} in (select p.record from reach p where (p.until is null or p.until > ?) and p.scope in
             (select 'via:' || o.record from reach o where o.standing >= {} and (o.until is null or o.until > ?)
              and o.scope in ({}))) ) ",
            Standing::File.level(),
            if scopes.is_empty() { "null".to_owned() } else { vec!["?"; scopes.len()].join(", ") },
        ));
        args.extend([now().to_value(), now().to_value()]);
        args.extend(scopes.iter().map(|(scope, _)| scope.to_value()));
    }

    /// How near this viewer stands to a record; `None` if the viewer may not even know of it.
    pub fn standing(&self, db: &mut Db, record: Id) -> Result<Option<Standing>> {
        if self.everything {
            return Ok(Some(Standing::Steward));
        }
        let reaches = db.rows(
            &sql("select scope, standing from reach where record = ? and (until is null or until > ?)")
                .bind(record)
                .bind(now()),
            |row| Ok((row.take::<String>()?, Standing::from_level(row.take()?))),
        )?;
        let mut best = self.best_of(&reaches);
        let through: Vec<(&str, Standing)> =
            reaches.iter().filter_map(|(scope, given)| Some((scope.strip_prefix("via:")?, *given))).collect();
        if best < Some(Standing::File) && !through.is_empty() {
            let ids: Vec<&str> = through.iter().map(|(id, _)| *id).collect();
            let query = sql(
                "select record, scope, standing from reach where (until is null or until > ?) and record",
            )
            .bind(now());
            let beyond = db.rows(&query.within(&ids), |row| {
                Ok((row.take::<String>()?, (row.take::<String>()?, Standing::from_level(row.take()?))))
            })?;
            for (id, given) in through {
                let there: Vec<_> = beyond
                    .iter()
                    .filter(|(record, _)| record == id)
                    .map(|(_, reach)| reach.clone())
                    .collect();
                if self.best_of(&there) >= Some(Standing::File) {
                    best = best.max(Some(given.min(Standing::File)));
                }
            }
        }
        Ok(best)
    }

    fn best_of(&self, reaches: &[(String, Standing)]) -> Option<Standing> {
        let mine = |scope: &str| if scope == PUBLIC { Some(Standing::Public) } else { self.granted(scope) };
        reaches.iter().filter_map(|(scope, given)| Some(mine(scope)?.min(*given))).max()
    }

    /// Appends the condition under which this viewer stands at least so near to the record in `column`.
    pub(crate) fn near_condition(
        &self,
        column: &str,
        least: Standing,
        text: &mut String,
        args: &mut Vec<Value>,
    ) {
        if self.everything {
            text.push_str(" 1 = 1 ");
            return;
        }
        let scopes: Vec<_> = self
            .grants
            .iter()
            .filter(|(_, standing)| *standing >= least)
            .map(|(scope, _)| scope.to_value())
            .collect();
        let holes = if scopes.is_empty() { "null".to_owned() } else { vec!["?"; scopes.len()].join(", ") };
        text.push_str(&format!(" {column} in (select record from reach where scope in ({holes}) and standing >= ? and (until is null or until > ?)) "));
        args.extend(scopes);
        args.push(least.level().to_value());
        args.push(now().to_value());
    }

    /// The records this viewer stands at least so near to, through a role.
    pub fn reached_at_least(&self, db: &mut Db, least: Standing) -> Result<std::collections::HashSet<Id>> {
        let scopes: Vec<&str> = self
            .grants
            .iter()
            .filter(|(_, standing)| *standing >= least)
            .map(|(scope, _)| scope.as_str())
            .collect();
        let query =
            sql("select record from reach where standing >= ? and (until is null or until > ?) and scope")
                .bind(least.level())
                .bind(now());
        Ok(db.rows(&query.within(&scopes), crate::value::Row::take)?.into_iter().collect())
    }

    fn granted(&self, scope: &str) -> Option<Standing> {
        self.grants.iter().find(|(s, _)| s == scope).map(|(_, standing)| *standing)
    }
}

/// Makes a record reachable through a scope, until an instant if one is given. A repeat replaces.
pub fn grant(tx: &mut Tx<'_>, record: Id, scope: &str, standing: Standing, until: Option<i64>) -> Result<()> {
    tx.run(
        &sql(
            "insert into reach (record, scope, standing, until) values (?, ?, ?, ?)
              on conflict (record, scope) do update set standing = excluded.standing, until = excluded.until",
        )
        .bind(record)
        .bind(scope)
        .bind(standing.level())
        .bind(until),
    )?;
    tx.touch(record);
    Ok(())
}

/// Ends the reach of a record through a scope.
pub fn revoke(tx: &mut Tx<'_>, record: Id, scope: &str) -> Result<()> {
    tx.run(&sql("delete from reach where record = ? and scope = ?").bind(record).bind(scope))?;
    tx.touch(record);
    Ok(())
}

/// Makes a record reachable through exactly these of `mine`, the scopes that follow from what the record itself says;
/// what others granted stays.
pub fn follow(
    tx: &mut Tx<'_>,
    record: Id,
    wanted: &[(String, Standing)],
    mine: impl Fn(&str) -> bool,
) -> Result<()> {
    let query = sql("select scope, standing from reach where until is null and record = ?").bind(record);
    let there: Vec<(String, Standing)> =
        tx.rows(&query, |row| Ok((row.take()?, Standing::from_level(row.take()?))))?;
    for (scope, _) in there.iter().filter(|(scope, _)| mine(scope) && !wanted.iter().any(|(s, _)| s == scope))
    {
        revoke(tx, record, scope)?;
    }
    for missing in wanted.iter().filter(|wanted| !there.contains(wanted)) {
        grant(tx, record, &missing.0, missing.1, None)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_stands_at_the_highest_role_of_a_scope() {
        let roles = vec![
            Role { role: "trainer".into(), scope: "programme:a".into() },
            Role { role: "coach".into(), scope: "programme:a".into() },
        ];
        let viewer = Viewer::new(Id::new(), "H".into(), roles, |role| {
            if role == "coach" { Standing::File } else { Standing::Shared }
        });
        assert_eq!(viewer.granted("programme:a"), Some(Standing::File));
        assert!(!viewer.is_administrator());
    }
}
