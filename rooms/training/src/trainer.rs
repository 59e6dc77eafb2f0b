//! Who teaches a session: somebody of the programme's team, or a person from outside by name.

use kernel::access::Standing;
use kernel::form::Options;
use kernel::kinds::Ref;
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Tx, record, sql};
use people::{Account, RoleKind};
use programmes::{Programme, programme};

use crate::half_day::HalfDay;
use crate::session::Session;

record! {
    /// Who teaches a session.
    pub SessionTrainer in "session_trainer" as "training.session_trainer", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, session: Ref<Session>, account: Option<Ref<Account>>, name: Option<String>,
        }
    }
}

/// Who of a programme's team may teach.
fn team(db: &mut Db, programme: Id) -> Result<Vec<people::Holder>> {
    let mut team = people::holders(db, &programme::scope(programme))?;
    team.retain(|holder| matches!(holder.kind, RoleKind::Trainer | RoleKind::Coach | RoleKind::Manager));
    team.dedup_by_key(|holder| holder.account);
    Ok(team)
}

impl Piece for SessionTrainer {
    const PLURAL: &'static str = "trainers";
    const OWNER: &'static str = "session";
    const GIVEN: &'static [&'static str] = &["programme"];
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.session.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        HalfDay::rights(db, owner)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        HalfDay::owner_name(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/training/sessions/{owner}#trainers")
    }
    fn offers(_: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let programme = Self::rights(db, owner)?;
        let team = team(db, programme)?;
        Ok(vec![("account", team.into_iter().map(|h| (h.account.to_string(), h.name)).collect())])
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", Self::rights(tx, owner)?.to_string());
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let Some(account) = self.account else { return Ok(()) };
        let in_team = team(tx, self.programme.id)?.iter().any(|holder| holder.account == account.id);
        if in_team { Ok(()) } else { Err(Error::field("account", "session_trainer.account.team")) }
    }
}

/// The names of who teaches a session, with the id of each record.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<(Id, String)>> {
    let query = sql(
        "select t.id, coalesce(a.name, t.name) from session_trainer t left join account a on a.id = t.account
                     where t.session = ? order by 2, t.id",
    );
    db.rows(&query.bind(session).open("the hand on the session was checked"), |row| {
        Ok((row.take()?, row.take()?))
    })
}
