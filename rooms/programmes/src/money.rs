//! The money of a programme: conventions, what was promised and received, and the budget.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::{Money, Multi, Names};
use kernel::room::{Route, Task, get};
use kernel::{Ctx, Db, Html, Id, Json, Record, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::convention::{self, Contribution, Convention, Promise};
use crate::plan;
use crate::programme;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/money", money).answers::<MoneyPage>(),
        get("/conventions/{convention}", convention_page).answers::<ConventionPage>(),
        get("/contributions/{contribution}", contribution_page).answers::<ContributionPage>(),
    ]
}

/// Promised and received in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Total {
    /// Promised in cash.
    pub cash: Money,
    /// Promised in kind.
    pub in_kind: Money,
    /// Received of both.
    pub received: Money,
}

impl Total {
    /// Promised in all.
    pub(crate) fn promised(&self) -> Money {
        Money { minor: self.cash.minor + self.in_kind.minor, currency: self.cash.currency.clone() }
    }

    /// Received of what was promised, in whole percent.
    pub(crate) fn percent(&self) -> i64 {
        let promised = self.promised().minor;
        if promised == 0 { 0 } else { self.received.minor * 100 / promised }
    }
}

/// Adds promises up, each currency apart: amounts of different currencies are never added.
pub(crate) fn totals<'a>(promises: impl Iterator<Item = &'a Promise>) -> Vec<Total> {
    let mut totals: Vec<Total> = Vec::new();
    for promise in promises {
        let currency = &promise.promised.currency;
        let zero = || Money { minor: 0, currency: currency.clone() };
        let i = totals.iter().position(|t| t.cash.currency == *currency).unwrap_or_else(|| {
            totals.push(Total { cash: zero(), in_kind: zero(), received: zero() });
            totals.len() - 1
        });
        let total = &mut totals[i];
        match promise.nature {
            convention::Nature::Cash => total.cash.minor += promise.promised.minor,
            convention::Nature::InKind => total.in_kind.minor += promise.promised.minor,
        }
        total.received.minor += promise.received.minor;
    }
    totals
}

#[derive(Serialize, JsonSchema)]
struct ConventionLine {
    id: Id,
    title: Multi,
    territory: String,
    signed: String,
    signatories: Vec<Multi>,
    totals: Vec<Total>,
}

#[derive(Serialize, JsonSchema)]
struct BudgetRow {
    id: Id,
    name: Multi,
    theme: String,
    phase: Option<Multi>,
    planned: Money,
    /// What requests for funding were granted on it.
    granted: Money,
    /// What was paid of that.
    paid: Money,
}

impl BudgetRow {
    /// True if more is granted than planned.
    fn over(&self) -> bool {
        self.granted.minor > self.planned.minor
    }
}

/// The money of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_money.html")]
struct MoneyPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    standing: Standing,
    totals: Vec<Total>,
    conventions: Vec<ConventionLine>,
    promises: Vec<Promise>,
    budget: Vec<BudgetRow>,
    planned: Vec<Money>,
}

impl MoneyPage {
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
}

fn money(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (programme, standing) = programme::open(db, ctx, ctx.id("programme")?, Standing::Shared)?;
        let id = programme.id;
        let promises = convention::promises(db, id)?;
        let signatories = convention::signatories(db, id)?;
        let phases = plan::phases(db, id)?;
        let conventions = convention::of(db, id)?
            .into_iter()
            .map(|c| ConventionLine {
                signatories: signatories
                    .iter()
                    .filter(|(convention, ..)| *convention == c.id)
                    .map(|(.., name)| name.clone())
                    .collect(),
                totals: totals(promises.iter().filter(|p| p.convention == c.id)),
                territory: c
                    .territory
                    .map(|t| t.0.iter().map(|code| w.division(code)).collect::<Vec<_>>().join(", "))
                    .unwrap_or_default(),
                signed: w.date_or_dash(&c.signed),
                id: c.id,
                title: c.title,
            })
            .collect();
        let lines = plan::budget(db, id)?;
        let mut planned: Vec<Money> = Vec::new();
        for line in &lines {
            match planned.iter_mut().find(|sum| sum.currency == line.planned.currency) {
                Some(sum) => sum.minor += line.planned.minor,
                None => planned.push(line.planned.clone()),
            }
        }
        let spent = crate::funding::spent(&crate::funding::of_programme(db, id)?);
        let budget = lines
            .into_iter()
            .map(|line| BudgetRow {
                granted: spent_on(&spent, &line, |(granted, _)| granted),
                paid: spent_on(&spent, &line, |(_, paid)| paid),
                theme: line.theme.map(|theme| w.choice(&theme)).unwrap_or_default(),
                phase: line
                    .phase
                    .and_then(|phase| phases.iter().find(|p| p.id == phase.id))
                    .map(|p| p.name.clone()),
                id: line.id,
                name: line.name,
                planned: line.planned,
            })
            .collect();
        Ok(MoneyPage {
            w,
            id,
            name: programme.name,
            standing,
            totals: totals(promises.iter()),
            conventions,
            promises,
            budget,
            planned,
        })
    })?;
    ctx.page(&w.t("money.title"), &page)
}

fn spent_on(
    spent: &std::collections::HashMap<Id, (i64, i64)>,
    line: &plan::BudgetLine,
    which: fn((i64, i64)) -> i64,
) -> Money {
    let minor = spent.get(&line.id).copied().map_or(0, which);
    Money { minor, currency: line.planned.currency.clone() }
}

/// A convention: its parties, and what each promised and gave.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_convention.html")]
struct ConventionPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    programme: Id,
    programme_name: Multi,
    title: Multi,
    convention: Json,
    standing: Standing,
    signatories: Vec<Party>,
    promises: Vec<Promise>,
    totals: Vec<Total>,
    #[serde(skip)]
    shown: Html,
    file: Option<String>,
}

impl ConventionPage {
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
}

#[derive(Serialize, JsonSchema)]
struct Party {
    id: Id,
    organisation: Id,
    name: Multi,
}

fn convention_page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let id = ctx.id("convention")?;
        let owner = convention::programme_of(db, id)?;
        let (programme, standing) = programme::open(db, ctx, owner, Standing::Shared)?;
        let convention = kernel::record::get::<Convention>(db, id)?;
        let promises: Vec<_> =
            convention::promises(db, programme.id)?.into_iter().filter(|p| p.convention == id).collect();
        let signatories = convention::signatories(db, programme.id)?;
        Ok(ConventionPage {
            w: ctx.w,
            id,
            programme: programme.id,
            programme_name: programme.name,
            title: convention.title.clone(),
            standing,
            signatories: signatories
                .into_iter()
                .filter(|(c, ..)| *c == id)
                .map(|(_, id, organisation, name)| Party { id, organisation, name })
                .collect(),
            totals: totals(promises.iter()),
            promises,
            shown: show_group(
                &Convention { file: None, ..convention.clone() },
                "main",
                standing,
                &ctx.w,
                &Names::new(),
            ),
            file: convention.file.as_ref().map(|file| file.0.clone()),
            convention: convention.json(standing),
        })
    })?;
    ctx.page(page.title.best(ctx.w.lang), &page)
}

#[derive(Serialize, JsonSchema)]
struct ReceiptLine {
    id: Id,
    amount: Money,
    received: String,
    note: Option<String>,
    file: Option<String>,
}

/// A contribution and what came of it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_contribution.html")]
struct ContributionPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    promise: Promise,
    convention: Multi,
    standing: Standing,
    receipts: Vec<ReceiptLine>,
}

impl ContributionPage {
    fn manages(&self) -> bool {
        self.standing >= Standing::Steward
    }
}

fn contribution_page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let id = ctx.id("contribution")?;
        let contribution = kernel::record::find::<Contribution>(db, id)?.ok_or(kernel::Error::NotFound)?;
        let (programme, standing) = programme::open(db, ctx, contribution.programme.id, Standing::Shared)?;
        let promise = convention::promises(db, programme.id)?
            .into_iter()
            .find(|p| p.id == id)
            .ok_or(kernel::Error::NotFound)?;
        let receipts = convention::receipts(db, id)?;
        Ok(ContributionPage {
            w: ctx.w,
            convention: kernel::record::get::<Convention>(db, promise.convention)?.title,
            promise,
            standing,
            receipts: receipts
                .into_iter()
                .map(|r| ReceiptLine {
                    id: r.id,
                    amount: r.amount,
                    received: ctx.w.date(&r.received),
                    note: r.note,
                    file: r.file.map(|f| f.0),
                })
                .collect(),
        })
    })?;
    ctx.page(&ctx.w.t("contribution.title"), &page)
}

/// Promises that are due and not yet received, for *my day* of whoever manages a programme.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !ctx.viewer.has_role(&["manager"]) {
        return Ok(Vec::new());
    }
    let today = kernel::today();
    let query = sql("select t.id, o.name, t.promised, t.promised_currency, t.due from contribution t join organisation o on o.id = t.organisation
                     where t.due < ? and t.promised > (select cast(coalesce(sum(r.amount), 0) as bigint) from receipt r where r.contribution = t.id) and")
        .bind(today)
        .seen_near(&ctx.viewer, "t.programme", Standing::Steward)
        .and(" order by t.due limit 10");
    db.rows(&query, |row| {
        let (id, giver): (Id, Multi) = (row.take()?, row.take()?);
        let promised = Money { minor: row.take()?, currency: row.take()? };
        let due = ctx.w.date(&row.take()?);
        Ok(Task {
            tone: "late",
            text: ctx.w.args("task.contribution", &[("amount", ctx.w.money(&promised)), ("date", due)]),
            detail: giver.best(ctx.w.lang).to_owned(),
            path: format!("/contributions/{id}"),
        })
    })
}
