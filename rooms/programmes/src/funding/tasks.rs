//! What a file asks of somebody, for *my day*.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Money, Multi};
use kernel::room::Task;
use kernel::{Ctx, Db, Id, Record, Result, Standing, sql};

use super::equipment::{Inspection, next_inspection};
use super::steps::tone;

/// Days ahead at which an inspection is announced: time for a visit that is planned anyway.
const AHEAD: i64 = 30;

/// Requests to decide and tranches to pay, for who manages; inspections, for the team.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    if ctx.viewer.has_role(&["manager"]) {
        tasks.extend(tranches(ctx, db)?);
        tasks.extend(requests(ctx, db)?);
    }
    if ctx.viewer.has_role(&["manager", "coach"]) {
        tasks.extend(inspections(ctx, db)?);
    }
    Ok(tasks)
}

/// Tranches whose milestone is reached and which are not paid in full.
fn tranches(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let w = ctx.w;
    let query = sql("select t.funding, t.milestone, t.reached, o.name,
                     t.amount - (select cast(coalesce(sum(p.amount), 0) as bigint) from grant_payment p where p.tranche = t.id), t.amount_currency
                     from tranche t join funding f on f.id = t.funding join organisation o on o.id = f.organisation
                     where t.reached is not null
                     and t.amount > (select cast(coalesce(sum(p.amount), 0) as bigint) from grant_payment p where p.tranche = t.id) and")
        .seen_near(&ctx.viewer, "t.programme", Standing::Steward)
        .and(" order by t.reached, t.id limit 10");
    db.rows(&query, |row| {
        let (funding, milestone, reached): (Id, String, Date) = (row.take()?, row.take()?, row.take()?);
        let name: Multi = row.take()?;
        let left = Money { minor: row.take()?, currency: row.take()? };
        Ok(Task {
            tone: "late",
            text: w.args("task.tranche", &[("amount", w.money(&left)), ("date", w.date(&reached))]),
            detail: format!("{} · {milestone}", name.best(w.lang)),
            path: format!("/funding/{funding}#tranches"),
        })
    })
}

/// Requests whose quotation is chosen and which nobody decided on.
fn requests(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let w = ctx.w;
    let query = sql("select f.id, f.title, f.asked, o.name from funding f join organisation o on o.id = f.organisation
                     where not exists (select 1 from grant_decision d where d.funding = f.id and d.outcome <> 'adjourned')
                     and exists (select 1 from quotation q where q.funding = f.id and q.chosen = 1) and")
        .seen_near(&ctx.viewer, "f.programme", Standing::Steward)
        .and(" order by f.asked, f.id limit 10");
    db.rows(&query, |row| {
        let (funding, title, asked): (Id, Multi, Date) = (row.take()?, row.take()?, row.take()?);
        let name: Multi = row.take()?;
        Ok(Task {
            tone: "wait",
            text: w.with("task.funding", "date", &w.date(&asked)),
            detail: format!("{} · {}", title.best(w.lang), name.best(w.lang)),
            path: format!("/funding/{funding}#grant-decisions"),
        })
    })
}

/// Equipment to look at, soon or already late.
fn inspections(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    let (w, today) = (ctx.w, kernel::today());
    let query = sql("select e.id, e.funding, e.name, h.handed, o.name from equipment e join hand_over h on h.id = e.hand_over
                     join funding f on f.id = e.funding join organisation o on o.id = f.organisation
                     where h.handed <= ? and not exists (select 1 from inspection i where i.equipment = e.id and i.occasion = 'twelve_months') and")
        .bind(today.saturating_add(AHEAD.days()).saturating_sub(6.months()))
        .seen_near(&ctx.viewer, "e.programme", Standing::File)
        .and(" order by h.handed, e.id limit 40");
    let handed = db.rows(&query, |row| {
        Ok((
            row.take::<Id>()?,
            row.take::<Id>()?,
            row.take::<Multi>()?,
            row.take::<Date>()?,
            row.take::<Multi>()?,
        ))
    })?;
    let ids: Vec<Id> = handed.iter().map(|(equipment, ..)| *equipment).collect();
    let query = sql(&format!("select {} from inspection where equipment", Inspection::columns("")))
        .within(&ids)
        .open("of equipment that the viewer works on");
    let mut made = HashMap::<Id, Vec<Inspection>>::new();
    for inspection in db.rows(&query, Inspection::from_row)? {
        made.entry(inspection.equipment.id).or_default().push(inspection);
    }
    let mut due: Vec<_> = handed
        .into_iter()
        .filter_map(|(id, funding, name, handed, organisation)| {
            let (_, day) = next_inspection(handed, made.get(&id).into_iter().flatten())?;
            (day <= today.saturating_add(AHEAD.days())).then_some((day, funding, name, organisation))
        })
        .collect();
    due.sort_by_key(|(day, funding, ..)| (*day, *funding));
    let task = |(day, funding, name, organisation): (Date, Id, Multi, Multi)| Task {
        tone: tone(day, today),
        text: w.args("task.inspection", &[("name", name.best(w.lang).to_owned()), ("date", w.date(&day))]),
        detail: organisation.best(w.lang).to_owned(),
        path: format!("/funding/{funding}#equipment"),
    };
    Ok(due.into_iter().take(10).map(task).collect())
}
