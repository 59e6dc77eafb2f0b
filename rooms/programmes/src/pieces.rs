//! What hangs on a programme, on its conventions and on the cooperatives it supports.

use askama::Template;
use kernel::form::Options;
use kernel::kinds::{Choice, Multi};
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, FieldError, Fields, Html, Id, Record, Result, Standing, Tx, Words, sql};
use registry::Organisation;

use crate::convention::{self, Contribution, Convention, Receipt, Signatory};
use crate::enrolment::{self, Assignment, Promotion};
use crate::intervention::Intervention;
use crate::partner::Partner;
use crate::plan::{self, BudgetLine, Phase};
use crate::programme::{self, Programme};

pub(crate) fn routes() -> Vec<Route> {
    const PROGRAMME: &str = "/programmes/{programme}";
    let mut routes = piece::routes::<Phase>(PROGRAMME);
    routes.extend(piece::routes::<Partner>(PROGRAMME));
    routes.extend(piece::routes::<BudgetLine>(PROGRAMME));
    routes.extend(piece::routes::<Convention>(PROGRAMME));
    routes.extend(piece::routes::<Promotion>(PROGRAMME));
    routes.extend(piece::routes::<Assignment>(PROGRAMME));
    routes.extend(piece::routes::<Signatory>("/conventions/{convention}"));
    routes.extend(piece::routes::<Contribution>("/conventions/{convention}"));
    routes.extend(piece::routes::<Receipt>("/contributions/{contribution}"));
    routes.extend(piece::routes::<Intervention>("/organisations/{organisation}"));
    routes
}

fn programme_name(ctx: &Ctx, db: &mut Db, id: Id) -> Result<String> {
    Ok(kernel::record::get::<Programme>(db, id)?.name.best(ctx.w.lang).to_owned())
}

/// What is the same for everything that hangs on a programme; `$page` is the page it returns to.
macro_rules! hangs_on_programme {
    ($page:literal) => {
        const OWNER: &'static str = "programme";
        const LEAST: Standing = Standing::Steward;
        fn owner(&self) -> Id {
            self.programme.id
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            programme_name(ctx, db, owner)
        }
        fn home(owner: Id) -> String {
            format!(concat!("/programmes/{owner}", $page), owner = owner)
        }
    };
}

impl Piece for Phase {
    const PLURAL: &'static str = "phases";
    hangs_on_programme!("#plan");
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let programme = kernel::record::get::<Programme>(tx, self.programme.id)?;
        let inside = programme.since <= self.since && self.until <= programme.until;
        if inside { Ok(()) } else { Err(Error::field("until", "phase.outside")) }
    }
}

impl Piece for Partner {
    const PLURAL: &'static str = "partners";
    hangs_on_programme!("#partners");
    fn offers(ctx: &Ctx, db: &mut Db, _: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("organisation", registry::choices(ctx, db, PARTNER_KINDS, None)?)])
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        known(ctx, tx, "organisation", self.organisation.id)
    }
}

/// Kinds of organisation that run and fund programmes.
const PARTNER_KINDS: &[&str] =
    &["association", "institution", "sponsor", "company", "union", "social_enterprise", "gie"];

impl Piece for BudgetLine {
    const PLURAL: &'static str = "budget-lines";
    hangs_on_programme!("/money#budget");
    fn offers(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("phase", phases(ctx, db, programme)?)])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        same_programme::<Phase>(tx, "phase", self.phase.map(|phase| phase.id), self.programme.id)
    }
}

impl Piece for Convention {
    const PLURAL: &'static str = "conventions";
    hangs_on_programme!("/money#conventions");
}

impl Piece for Promotion {
    const PLURAL: &'static str = "promotions";
    hangs_on_programme!("/board");
    fn offers(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(vec![("phase", phases(ctx, db, programme)?)])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        same_programme::<Phase>(tx, "phase", self.phase.map(|phase| phase.id), self.programme.id)
    }
}

impl Piece for Assignment {
    const PLURAL: &'static str = "assignments";
    hangs_on_programme!("#team");
    fn offers(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<(&'static str, Options)>> {
        let enrolled = enrolment::board(db, programme, kernel::today())?;
        let organisations = enrolled
            .iter()
            .map(|e| (e.organisation.to_string(), e.name.best(ctx.w.lang).to_owned()))
            .collect();
        let team = sql("select distinct a.id, a.name from role r join account a on a.id = r.account
                        where r.scope = ? and r.role in ('coach', 'manager', 'trainer') and a.disabled = 0 order by a.name")
        .bind(programme::scope(programme));
        let accounts = db.rows(&team, |row| Ok((row.take()?, row.take()?)))?;
        Ok(vec![("organisation", organisations), ("account", accounts)])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let query = sql("select count(*) from enrolment where programme = ? and organisation = ?")
            .bind(self.programme.id)
            .bind(self.organisation.id)
            .open("standing checked");
        if tx.one::<i64>(&query)? == 0 {
            return Err(Error::field("organisation", "assignment.not_enrolled"));
        }
        let team = sql(
            "select count(*) from role where account = ? and scope = ? and (until is null or until >= ?)",
        )
        .bind(self.account.id)
        .bind(programme::scope(self.programme.id))
        .bind(kernel::today());
        let in_team = tx.one::<i64>(&team)? > 0;
        if in_team { Ok(()) } else { Err(Error::field("account", "assignment.not_in_team")) }
    }
}

/// What is the same for what hangs on a convention.
macro_rules! hangs_on_convention {
    () => {
        const OWNER: &'static str = "convention";
        const GIVEN: &'static [&'static str] = &["programme"];
        const LEAST: Standing = Standing::Steward;
        fn owner(&self) -> Id {
            self.convention.id
        }
        fn rights(db: &mut Db, owner: Id) -> Result<Id> {
            convention::programme_of(db, owner)
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            Ok(kernel::record::get::<Convention>(db, owner)?.title.best(ctx.w.lang).to_owned())
        }
        fn home(owner: Id) -> String {
            format!("/conventions/{owner}")
        }
        fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
            let programme = convention::programme_of(db, owner)?;
            Ok(vec![("organisation", parties(ctx, db, programme)?)])
        }
        fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
            form.set("programme", convention::programme_of(tx, owner)?.to_string());
            Ok(())
        }
        fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
            known(ctx, tx, "organisation", self.organisation.id)
        }
    };
}

impl Piece for Signatory {
    const PLURAL: &'static str = "signatories";
    hangs_on_convention!();
}

impl Piece for Contribution {
    const PLURAL: &'static str = "contributions";
    hangs_on_convention!();
}

impl Piece for Receipt {
    const PLURAL: &'static str = "receipts";
    const OWNER: &'static str = "contribution";
    const GIVEN: &'static [&'static str] = &["programme"];
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.contribution.id
    }
    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        convention::programme_of_contribution(db, owner)
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        let contribution = kernel::record::get::<Contribution>(db, owner)?;
        let giver = kernel::record::get::<Organisation>(db, contribution.organisation.id)?;
        Ok(format!("{} · {}", giver.name.best(ctx.w.lang), ctx.w.money(&contribution.promised)))
    }
    fn home(owner: Id) -> String {
        format!("/contributions/{owner}")
    }
    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("programme", convention::programme_of_contribution(tx, owner)?.to_string());
        Ok(())
    }
    /// Amounts of one promise are added up, so they share its currency.
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let promise = kernel::record::get::<Contribution>(tx, self.contribution.id)?;
        let same = promise.promised.currency == self.amount.currency;
        if same { Ok(()) } else { Err(Error::field("amount", "receipt.currency")) }
    }
}

/// Whoever enters interventions by hand learns that a list can be imported.
#[derive(Template)]
#[template(path = "programmes_beside_import.html")]
struct Beside {
    w: Words,
}

impl Piece for Intervention {
    const PLURAL: &'static str = "interventions";
    const OWNER: &'static str = "organisation";
    const GROUPS: &'static [&'static str] = &["main", "measure"];
    fn owner(&self) -> Id {
        self.organisation.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        registry::organisation::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/organisations/{owner}#interventions")
    }
    fn offers(ctx: &Ctx, db: &mut Db, _: Id) -> Result<Vec<(&'static str, Options)>> {
        let programmes = programme::list(db, &ctx.viewer)?;
        let programmes =
            programmes.into_iter().map(|p| (p.id.to_string(), p.name.best(ctx.w.lang).to_owned())).collect();
        Ok(vec![("actor", registry::choices(ctx, db, PARTNER_KINDS, None)?), ("programme", programmes)])
    }
    fn beside(ctx: &Ctx, _: &Fields, _: &[FieldError]) -> Option<Html> {
        let shown = ctx.viewer.has_role(registry::TEAM);
        shown.then(|| Beside { w: ctx.w }.render().map(Html).unwrap_or_default())
    }
    fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        known(ctx, tx, "actor", self.actor.id)?;
        match self.programme {
            Some(programme) => known(ctx, tx, "programme", programme.id),
            None => Ok(()),
        }
    }
}

/// A reference typed by hand names only what its writer may know of.
fn known(ctx: &Ctx, db: &mut Db, field: &str, id: Id) -> Result<()> {
    if ctx.viewer.standing(db, id)?.is_none() { Err(Error::field(field, "error.reference")) } else { Ok(()) }
}

/// A phase or promotion belongs to the programme that names it.
fn same_programme<R: Record>(db: &mut Db, field: &str, id: Option<Id>, programme: Id) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let same = kernel::record::find::<R>(db, id)?.is_some_and(|record| record.about() == programme);
    if same { Ok(()) } else { Err(Error::field(field, "error.reference")) }
}

fn phases(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Options> {
    Ok(plan::phases(db, programme)?
        .into_iter()
        .map(|phase| (phase.id.to_string(), phase.name.best(ctx.w.lang).to_owned()))
        .collect())
}

/// Who can sign and give: the partners of the programme first, then whoever the viewer knows of those kinds.
fn parties(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Options> {
    let mut found: Options = crate::partner::of(db, programme)?
        .into_iter()
        .map(|partner| (partner.organisation.to_string(), label(&partner.name, ctx, partner.role.code())))
        .collect();
    found.dedup_by(|a, b| a.0 == b.0);
    for (id, name) in registry::choices(ctx, db, PARTNER_KINDS, None)? {
        if !found.iter().any(|(there, _)| *there == id) {
            found.push((id, name));
        }
    }
    Ok(found)
}

fn label(name: &Multi, ctx: &Ctx, role: &str) -> String {
    format!("{} ({})", name.best(ctx.w.lang), ctx.w.t2("partner.role", role))
}
