//! `/programmes/{programme}/funding`: the requests of a programme, and how they stand to its budget.

use askama::Template;
use kernel::kinds::{Money, Multi};
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::sums::{self, Line};
use super::{GrantOutcome, steps};
use crate::{plan, programme};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/programmes/{programme}/funding", list).answers::<FundingPage>()]
}

#[derive(Serialize, JsonSchema)]
struct Row {
    #[serde(flatten)]
    line: Line,
    cost: Money,
    #[serde(skip)]
    granted: Money,
    #[serde(skip)]
    paid: Money,
    step: Option<steps::Step>,
}

/// Sums of one currency.
#[derive(Serialize, JsonSchema)]
struct Total {
    asked: Money,
    granted: Money,
    paid: Money,
    own: Money,
}

/// A line of the budget and what the grants take of it.
#[derive(Serialize, JsonSchema)]
struct Budgeted {
    name: Multi,
    planned: Money,
    granted: Money,
    paid: Money,
    left: Money,
    /// True if more is granted than planned.
    over: bool,
}

/// The requests of a programme.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_fundings.html")]
struct FundingPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    rows: Vec<Row>,
    totals: Vec<Total>,
    budget: Vec<Budgeted>,
    pieces: i64,
    handed: i64,
    inspected: i64,
    working: i64,
    #[serde(skip)]
    works: bool,
}

impl FundingPage {
    fn outcome(&self, line: &Line) -> Option<(&'static str, String)> {
        let (tone, outcome) = match line.outcome? {
            outcome @ GrantOutcome::Granted => ("good", outcome),
            outcome @ GrantOutcome::Adjourned => ("wait", outcome),
            outcome @ GrantOutcome::Refused => ("plain", outcome),
        };
        Some((tone, self.w.choice(&outcome)))
    }
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (programme, standing) = programme::open(db, ctx, ctx.id("programme")?, Standing::Shared)?;
        let lines = sums::of_programme(db, programme.id)?;
        let spent = sums::spent(&lines);
        let budget = plan::budget(db, programme.id)?
            .into_iter()
            .filter_map(|line| {
                let (granted, paid) = *spent.get(&line.id)?;
                let money = |minor| Money { minor, currency: line.planned.currency.clone() };
                Some(Budgeted {
                    granted: money(granted),
                    paid: money(paid),
                    left: money((line.planned.minor - granted).max(0)),
                    over: granted > line.planned.minor,
                    name: line.name,
                    planned: line.planned,
                })
            })
            .collect();
        let sum = |of: fn(&Line) -> i64| lines.iter().map(of).sum();
        Ok(FundingPage {
            w: ctx.w,
            id: programme.id,
            name: programme.name,
            totals: totals(&lines),
            budget,
            pieces: sum(|line| line.pieces),
            handed: sum(|line| line.handed),
            inspected: sum(|line| line.inspected),
            working: sum(|line| line.working),
            works: standing >= Standing::File,
            rows: lines
                .into_iter()
                .map(|line| Row {
                    cost: line.funding.cost.clone(),
                    granted: line.funding.money(line.granted),
                    paid: line.funding.money(line.paid),
                    step: steps::next(&line),
                    line,
                })
                .collect(),
        })
    })?;
    ctx.page(&ctx.w.t("funding.list"), &page)
}

/// Sums, each currency apart.
fn totals(lines: &[Line]) -> Vec<Total> {
    let mut totals: Vec<Total> = Vec::new();
    for line in lines {
        let zero = || line.funding.money(0);
        let at = totals.iter().position(|total| total.asked.currency == line.funding.currency());
        let at = at.unwrap_or_else(|| {
            totals.push(Total { asked: zero(), granted: zero(), paid: zero(), own: zero() });
            totals.len() - 1
        });
        totals[at].asked.minor += line.funding.grant_asked.minor;
        totals[at].granted.minor += line.granted;
        totals[at].paid.minor += line.paid;
        totals[at].own.minor += line.own_given;
    }
    totals
}
