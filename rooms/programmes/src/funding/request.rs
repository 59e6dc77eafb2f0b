//! A request for funding: what a cooperative needs, what it costs, who pays which part.

use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::{Long, Money, Multi, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, record, sql};
use registry::Organisation;

use crate::selection::eligibility::Figures;
use crate::selection::{Application, Call, call};
use crate::{BudgetLine, Programme, enrolment, plan};

record! {
    /// What a cooperative asks for, and how it would be paid: the parts make the cost.
    pub Funding in "funding" as "programmes.funding", about programme {
        main(Shared, File) {
            programme: Ref<Programme>, organisation: Ref<Organisation>, title: Multi, purpose: Option<Long>, asked: Date,
        }
        money(Shared, File) { cost: Money, grant_asked: Money, own_cash: Money, own_kind: Option<Money> }
        frame(Shared, File) { call: Option<Ref<Call>>, budget_line: Option<Ref<BudgetLine>> }
    }
}

impl Funding {
    /// The currency of all its amounts.
    pub fn currency(&self) -> &str {
        &self.cost.currency
    }

    /// An amount in its currency.
    pub fn money(&self, minor: i64) -> Money {
        Money { minor, currency: self.cost.currency.clone() }
    }

    /// Own part in cash and in kind, in minor units.
    pub fn own(&self) -> i64 {
        self.own_cash.minor + self.own_kind.as_ref().map_or(0, |kind| kind.minor)
    }

    /// Refuses an amount in another currency: parts of one file are added up.
    pub(crate) fn same_currency(&self, amount: &Money) -> Result<()> {
        let same = amount.currency == self.cost.currency;
        if same { Ok(()) } else { Err(Error::field("amount", "funding.one_currency")) }
    }
}

impl Piece for Funding {
    const PLURAL: &'static str = "funding";
    const OWNER: &'static str = "programme";
    const GROUPS: &'static [&'static str] = &["main", "money", "frame"];
    fn owner(&self) -> Id {
        self.programme.id
    }
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        crate::programme::name_of(ctx, db, owner)
    }
    fn home(owner: Id) -> String {
        format!("/programmes/{owner}/funding")
    }
    fn offers(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<(&'static str, Options)>> {
        let lang = ctx.w.lang;
        let named = |id: Id, name: &Multi| (id.to_string(), name.best(lang).to_owned());
        let enrolled = enrolment::board(db, programme, kernel::today())?;
        let calls = call::list(db, &ctx.viewer, Some(programme))?;
        let lines = plan::budget(db, programme)?;
        Ok(vec![
            ("organisation", enrolled.iter().map(|e| named(e.organisation, &e.name)).collect()),
            ("call", calls.iter().map(|call| named(call.id, &call.title)).collect()),
            ("budget_line", lines.iter().map(|line| named(line.id, &line.name)).collect()),
        ])
    }
    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        if !enrolment::enrolled(tx, self.programme.id)?.contains(&self.organisation.id) {
            return Err(Error::field("organisation", "funding.not_enrolled"));
        }
        for (field, money) in [
            ("grant_asked", Some(&self.grant_asked)),
            ("own_cash", Some(&self.own_cash)),
            ("own_kind", self.own_kind.as_ref()),
        ] {
            if money.is_some_and(|money| money.currency != self.cost.currency) {
                return Err(Error::field(field, "funding.one_currency"));
            }
        }
        if self.grant_asked.minor + self.own() != self.cost.minor {
            return Err(Error::field("cost", "application.sum"));
        }
        if self.asked > kernel::today() {
            return Err(Error::field("asked", "error.date_range"));
        }
        let call = self.call.map(|call| call.id);
        same_programme::<Call>(tx, "call", call, |call| call.programme.id == self.programme.id)?;
        let line = self.budget_line.map(|line| line.id);
        same_programme::<BudgetLine>(tx, "budget_line", line, |line| {
            line.programme.id == self.programme.id && line.planned.currency == self.cost.currency
        })?;
        let papers = papers(tx, self.id)?;
        if papers > 0 && currency_of_papers(tx, self.id)?.is_some_and(|used| used != self.cost.currency) {
            return Err(Error::field("cost", "funding.one_currency"));
        }
        Ok(())
    }
    /// A file that holds papers is part of what happened.
    fn before_removal(&self, tx: &mut Tx<'_>) -> Result<()> {
        if papers(tx, self.id)? > 0 { Err(Error::refused("funding.has_papers")) } else { Ok(()) }
    }
}

fn same_programme<R: Record>(
    db: &mut Db,
    field: &str,
    id: Option<Id>,
    same: impl Fn(&R) -> bool,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let known = kernel::record::find::<R>(db, id)?.is_some_and(|record| same(&record));
    if known { Ok(()) } else { Err(Error::field(field, "error.reference")) }
}

/// How many papers hang on a request.
fn papers(db: &mut Db, funding: Id) -> Result<i64> {
    let mut sum = 0;
    for table in ["equipment", "quotation", "grant_decision", "tranche", "own_part", "purchase", "hand_over"]
    {
        let query = sql(&format!("select count(*) from {table} where funding = ?")).bind(funding);
        sum += db.one::<i64>(&query.open("the caller checked the standing at the programme"))?;
    }
    Ok(sum)
}

fn currency_of_papers(db: &mut Db, funding: Id) -> Result<Option<String>> {
    let query = sql("select amount_currency from quotation where funding = ?
                     union all select amount_currency from tranche where funding = ?
                     union all select amount_currency from own_part where funding = ?
                     union all select amount_currency from purchase where funding = ?
                     union all select granted_currency from grant_decision where funding = ? and granted is not null")
        .bind(funding)
        .bind(funding)
        .bind(funding)
        .bind(funding)
        .bind(funding)
        .open("the caller checked the standing at the programme");
    Ok(db.rows(&query, kernel::value::Row::take)?.into_iter().next())
}

/// The programme of a request: its team works on it.
pub(crate) fn programme_of(db: &mut Db, funding: Id) -> Result<Id> {
    let query = sql("select programme from funding where id = ?").bind(funding);
    let id: Option<Id> = db.row(&query.open("to know whose rights cover it"), kernel::value::Row::take)?;
    id.ok_or(Error::NotFound)
}

/// What a request is called on the way back: title and cooperative.
pub(crate) fn name(ctx: &Ctx, db: &mut Db, funding: Id) -> Result<String> {
    let funding = kernel::record::get::<Funding>(db, funding)?;
    let organisation = kernel::record::get::<Organisation>(db, funding.organisation.id)?;
    Ok(format!("{} · {}", funding.title.best(ctx.w.lang), organisation.name.best(ctx.w.lang)))
}

/// What the rules look at: the parts of the cost, and the members as the registry knows them. Women and young people
/// together are known only where the cooperative stated them when it applied to a call of the programme.
pub(crate) fn figures(db: &mut Db, funding: &Funding) -> Result<Figures> {
    let organisation = kernel::record::get::<Organisation>(db, funding.organisation.id)?;
    let applied = application_of(db, funding.programme.id, funding.organisation.id)?;
    Ok(Figures {
        cost: Some(funding.cost.minor),
        grant: Some(funding.grant_asked.minor),
        own_cash: Some(funding.own_cash.minor),
        own_kind: Some(funding.own_kind.as_ref().map_or(0, |kind| kind.minor)),
        members: organisation.members,
        women: organisation.women,
        young: organisation.young,
        currency: funding.currency().to_owned(),
        ..applied.map(|application| application.figures()).map_or_else(Figures::default, |applied| Figures {
            // The share holds among the members that the application stated.
            members: applied.members.or(organisation.members),
            women: applied.women.or(organisation.women),
            women_or_young: applied.women_or_young,
            age: applied.age,
            ..Figures::default()
        })
    })
}

/// The latest application of a cooperative to a call of this programme.
pub(crate) fn application_of(db: &mut Db, programme: Id, organisation: Id) -> Result<Option<Application>> {
    let query = sql(&format!(
        "select {} from application where programme = ? and organisation = ? and status = 'submitted' order by submitted desc, id desc",
        Application::columns("")
    ))
    .bind(programme)
    .bind(organisation)
    .open("the caller checked the standing at the programme");
    Ok(db.rows(&query, Application::from_row)?.into_iter().next())
}

/// The cooperative in whose file this paper is, if it is one of a request.
pub(crate) fn whose_paper(db: &mut Db, file: Id) -> Result<Option<Id>> {
    let papers = [
        ("quotation", "file"),
        ("grant_decision", "file"),
        ("tranche", "proof"),
        ("grant_payment", "file"),
        ("own_part", "file"),
        ("purchase", "file"),
        ("hand_over", "file"),
        ("inspection", "photo"),
    ];
    let any: Vec<String> = papers
        .iter()
        .map(|(table, column)| {
            format!("exists (select 1 from {table} p where p.funding = f.id and p.{column} = ?)")
        })
        .collect();
    let mut query = sql(&format!("select f.organisation from funding f where {}", any.join(" or ")));
    for _ in papers {
        query = query.bind(file.to_string());
    }
    db.row(&query.open("to know whose rights cover it"), kernel::value::Row::take)
}

/// The request of the address, to whoever works on the programme or on the file of the cooperative; a partner sees the
/// money and what was handed over, without the papers.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<(Funding, Standing)> {
    let found = kernel::record::find::<Funding>(db, ctx.id("funding")?)?;
    let funding = found.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
    let own =
        ctx.viewer.standing(db, funding.organisation.id)?.filter(|standing| *standing >= Standing::File);
    let team = ctx.viewer.standing(db, funding.programme.id)?;
    match team.max(own).filter(|standing| *standing >= Standing::Shared) {
        Some(standing) => Ok((funding, standing)),
        None if ctx.viewer.signed_in() => Err(Error::NotFound),
        None => Err(Error::SignIn),
    }
}
