//! What waits for somebody: a label that ends soon, one that nobody verified.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::room::Task;
use kernel::{Ctx, Db, Id, Result, Sql, Standing, sql};

use crate::label::{AHEAD, Scheme};

const LABELS: &str = "select l.id, l.scheme, coalesce(l.until, l.since), o.name from quality_label l
     join organisation o on o.id = l.organisation where l.withdrawn is null and";

pub(crate) fn find(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !ctx.viewer.has_role(&["manager", "coach", "representative"]) {
        return Ok(Vec::new());
    }
    let today = kernel::today();
    let ending = sql(LABELS)
        .and(" l.verified is not null and l.until between ? and ? and")
        .bind(today)
        .bind(today.saturating_add(AHEAD.days()))
        .seen_near(&ctx.viewer, "l.organisation", Standing::File)
        .and(" order by l.until, l.id limit 20");
    let mut tasks = told(ctx, db, ending, "wait", "task.label_ends")?;
    let waiting = sql(LABELS)
        .and(" l.verified is null and (l.until is null or l.until >= ?) and")
        .bind(today)
        .seen_near(&ctx.viewer, "l.organisation", Standing::Steward)
        .and(" order by l.since, l.id limit 20");
    tasks.extend(told(ctx, db, waiting, "info", "task.label_waits")?);
    Ok(tasks)
}

fn told(ctx: &Ctx, db: &mut Db, query: Sql, tone: &'static str, word: &str) -> Result<Vec<Task>> {
    let w = ctx.w;
    db.rows(&query, |row| {
        let (id, scheme, day, name): (Id, Scheme, Date, Multi) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok(Task {
            tone,
            text: w.args(word, &[("label", w.choice(&scheme)), ("date", w.date(&day))]),
            detail: name.best(w.lang).to_owned(),
            path: format!("/labels/{id}"),
        })
    })
}
