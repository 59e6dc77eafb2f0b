//! What hangs on a programme and on a call: calls, questions, rules, criteria, assessors.

use kernel::form::Options;
use kernel::piece::{self, Piece};
use kernel::room::Route;
use kernel::{Ctx, Db, Error, Fields, Id, Result, Standing, Tx};
use people::Account;

use super::call::{Assessor, Call, CallQuestion, CallStatus, Criterion, QuestionKind};
use super::eligibility::CallRule;
use crate::{plan, programme};

pub(super) fn routes() -> Vec<Route> {
    const CALL: &str = "/calls/{call}";
    let mut routes = piece::routes::<Call>("/programmes/{programme}");
    routes.extend(piece::routes::<CallQuestion>(CALL));
    routes.extend(piece::routes::<CallRule>(CALL));
    routes.extend(piece::routes::<Criterion>(CALL));
    routes.extend(piece::routes::<Assessor>(CALL));
    routes
}

impl Piece for Call {
    const PLURAL: &'static str = "calls";
    const OWNER: &'static str = "programme";
    const GIVEN: &'static [&'static str] = &["status"];
    const LEAST: Standing = Standing::Steward;
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        crate::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/calls")
    }
    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let phases = plan::phases(db, owner)?;
        let named = |phase: plan::Phase| (phase.id.to_string(), phase.name.best(ctx.w.lang).to_owned());
        Ok(vec![("phase", phases.into_iter().map(named).collect())])
    }
    fn prepare(_: &Ctx, _: &mut Tx<'_>, _: Id, form: &mut Fields) -> Result<()> {
        form.set("status", "draft");
        form.push("_fields", "status");
        Ok(())
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        if self.closes < self.opens {
            return Err(Error::field("closes", "error.dates_order"));
        }
        if self.places < 1 {
            return Err(Error::field("places", "call.places_needed"));
        }
        match self.phase {
            Some(phase) => {
                let phase = kernel::record::find::<plan::Phase>(tx, phase.id)?;
                let same = phase.is_some_and(|phase| phase.programme.id == self.programme.id);
                if same { Ok(()) } else { Err(Error::field("phase", "error.reference")) }
            }
            None => Ok(()),
        }
    }
    /// A call that was opened is part of the history of those who applied.
    fn removable(&self) -> Result<()> {
        if self.status == CallStatus::Draft { Ok(()) } else { Err(Error::refused("call.not_removed")) }
    }
}

/// What is the same for what hangs on a call; once the committee has decided, nothing of it changes.
macro_rules! hangs_on_call {
    () => {
        const OWNER: &'static str = "call";
        const LEAST: Standing = Standing::Steward;
        fn owner(&self) -> Id {
            self.call.id
        }
        fn rights(db: &mut Db, owner: Id) -> Result<Id> {
            let call = kernel::record::get::<Call>(db, owner)?;
            if call.status == CallStatus::Decided { Err(Error::refused("call.decided")) } else { Ok(call.id) }
        }
        fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
            Ok(kernel::record::get::<Call>(db, owner)?.title.best(ctx.w.lang).to_owned())
        }
        fn home(owner: Id) -> String {
            format!("/calls/{owner}#{}", Self::PLURAL)
        }
    };
}

impl Piece for CallQuestion {
    const PLURAL: &'static str = "questions";
    hangs_on_call!();
    fn check(&self, _: &Ctx, _: &mut Tx<'_>) -> Result<()> {
        let few = self.kind == QuestionKind::Choice && self.offered(kernel::Lang::Fr).len() < 2;
        if few { Err(Error::field("choices", "call_question.two_choices")) } else { Ok(()) }
    }
}

impl Piece for CallRule {
    const PLURAL: &'static str = "rules";
    const GROUPS: &'static [&'static str] = &["main", "source"];
    hangs_on_call!();
    fn check(&self, _: &Ctx, _: &mut Tx<'_>) -> Result<()> {
        let ways =
            [self.percent.is_some() && self.base.is_some(), self.amount.is_some(), self.number.is_some()];
        let halves = self.percent.is_some() != self.base.is_some();
        if halves || ways.iter().filter(|way| **way).count() != 1 {
            return Err(Error::field("percent", "call_rule.one_limit"));
        }
        if self.percent.is_some_and(|percent| percent > 1000) {
            return Err(Error::field("percent", "error.number_range"));
        }
        if self.amount.is_some() && !self.subject.is_money() {
            return Err(Error::field("amount", "call_rule.money_for_money"));
        }
        Ok(())
    }
}

impl Piece for Criterion {
    const PLURAL: &'static str = "criteria";
    hangs_on_call!();
}

impl Piece for Assessor {
    const PLURAL: &'static str = "assessors";
    hangs_on_call!();
    fn offers(_: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let call = kernel::record::get::<Call>(db, owner)?;
        let mut team: Options = people::holders(db, &programme::scope(call.programme.id))?
            .into_iter()
            .map(|holder| (holder.account.to_string(), holder.name))
            .collect();
        team.sort_by(|a, b| a.1.cmp(&b.1));
        team.dedup_by(|a, b| a.0 == b.0);
        Ok(vec![("account", team)])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        let call = kernel::record::get::<Call>(tx, self.call.id)?;
        let team = people::holders(tx, &programme::scope(call.programme.id))?;
        let known = kernel::record::find::<Account>(tx, self.account.id)?.is_some()
            && team.iter().any(|holder| holder.account == self.account.id);
        if known { Ok(()) } else { Err(Error::field("account", "assessor.not_in_team")) }
    }
}
