//! What became of each request, in figures; and what the conventions and the budget gave to them.

use std::collections::HashMap;

use kernel::kinds::Multi;
use kernel::{Db, Id, Record, Result, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Funding, GrantOutcome};

/// A request with what became of it. Amounts are in minor units of its currency.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Line {
    /// The request.
    #[serde(skip)]
    pub funding: Funding,
    /// Its id.
    pub id: Id,
    /// The cooperative.
    pub organisation: Id,
    /// Its name.
    pub name: Multi,
    /// What is asked for.
    pub title: Multi,
    /// The latest decision.
    pub outcome: Option<GrantOutcome>,
    /// What is granted.
    pub granted: i64,
    /// What was paid of the grant.
    pub paid: i64,
    /// What the cooperative gave of its own.
    pub own_given: i64,
    /// What was bought.
    pub bought: i64,
    /// Quotations.
    pub quotations: i64,
    /// True if one of them was chosen.
    pub chosen: bool,
    /// Pieces of equipment.
    pub pieces: i64,
    /// Those handed over.
    pub handed: i64,
    /// Those looked at since.
    pub inspected: i64,
    /// Those that worked when last looked at.
    pub working: i64,
    /// Those whose last inspection, after twelve months, was made.
    pub followed: i64,
}

/// Reads requests with their figures; `which` narrows by the alias `f` and says whose rights hold.
fn read(db: &mut Db, which: impl FnOnce(kernel::Sql) -> kernel::Sql) -> Result<Vec<Line>> {
    let last = "from inspection i where i.equipment = e.id order by i.inspected desc, i.id desc limit 1";
    let query = sql(&format!(
        "select {}, o.name,
         (select d.outcome from grant_decision d where d.funding = f.id order by d.decided desc, d.id desc limit 1),
         (select d.granted from grant_decision d where d.funding = f.id order by d.decided desc, d.id desc limit 1),
         (select cast(coalesce(sum(p.amount), 0) as bigint) from grant_payment p where p.funding = f.id),
         (select cast(coalesce(sum(w.amount), 0) as bigint) from own_part w where w.funding = f.id),
         (select cast(coalesce(sum(b.amount), 0) as bigint) from purchase b where b.funding = f.id),
         (select count(*) from quotation q where q.funding = f.id),
         (select count(*) from quotation q where q.funding = f.id and q.chosen = 1),
         (select count(*) from equipment e where e.funding = f.id),
         (select count(*) from equipment e where e.funding = f.id and e.hand_over is not null),
         (select count(*) from equipment e where e.funding = f.id and exists (select 1 {last})),
         (select count(*) from equipment e where e.funding = f.id and (select i.state {last}) = 'works'),
         (select count(*) from equipment e where e.funding = f.id and exists
           (select 1 from inspection i where i.equipment = e.id and i.occasion = 'twelve_months'))
         from funding f join organisation o on o.id = f.organisation where",
        Funding::columns("f.")
    ));
    let query = which(query).and(" order by f.asked desc, f.id desc");
    db.rows(&query, |row| {
        let funding = Funding::from_row(row)?;
        let (name, outcome, granted): (Multi, Option<GrantOutcome>, Option<i64>) =
            (row.take()?, row.take()?, row.take()?);
        Ok(Line {
            id: funding.id,
            organisation: funding.organisation.id,
            name,
            title: funding.title.clone(),
            outcome,
            granted: granted.unwrap_or(0),
            paid: row.take()?,
            own_given: row.take()?,
            bought: row.take()?,
            quotations: row.take()?,
            chosen: row.take::<i64>()? > 0,
            pieces: row.take()?,
            handed: row.take()?,
            inspected: row.take()?,
            working: row.take()?,
            followed: row.take()?,
            funding,
        })
    })
}

/// The requests of a programme, the latest first.
pub(crate) fn of_programme(db: &mut Db, programme: Id) -> Result<Vec<Line>> {
    read(db, |query| {
        query.and(" f.programme = ?").bind(programme).open("the caller checked the standing at the programme")
    })
}

/// The requests of a cooperative, in every programme: whoever works on its file sees them all.
pub(crate) fn of_organisation(db: &mut Db, organisation: Id) -> Result<Vec<Line>> {
    read(db, |query| {
        query
            .and(" f.organisation = ?")
            .bind(organisation)
            .open("the caller checked the standing at the file")
    })
}

/// One request.
pub(crate) fn of_funding(db: &mut Db, funding: Id) -> Result<Option<Line>> {
    let lines = read(db, |query| {
        query.and(" f.id = ?").bind(funding).open("the caller checked the standing at the file")
    });
    Ok(lines?.pop())
}

/// What was granted and paid on each line of the budget, in the currency of the line.
pub(crate) fn spent(lines: &[Line]) -> HashMap<Id, (i64, i64)> {
    let mut sums = HashMap::<Id, (i64, i64)>::new();
    for line in lines {
        if let Some(budget) = line.funding.budget_line {
            let (granted, paid) = sums.entry(budget.id).or_default();
            *granted += line.granted;
            *paid += line.paid;
        }
    }
    sums
}
