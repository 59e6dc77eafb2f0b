//! What waits for somebody: a pledge, an answer, an allocation, a second signature.

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::room::Task;
use kernel::{Ctx, Db, Id, Result, Sql, Standing, sql};

pub(crate) fn find(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !ctx.viewer.has_role(&["manager", "coach", "representative"]) {
        return Ok(Vec::new());
    }
    let today = kernel::today();
    let pledge = sql("select m.id, g.product, o.name, g.closes from pooled_part m
                      join pooled_order g on g.id = m.pooled_order join organisation o on o.id = m.organisation
                      where g.stage = 'open' and g.closes >= ? and not exists
                      (select 1 from pooled_pledge p where p.part = m.id) and")
        .bind(today)
        .seen_near(&ctx.viewer, "m.organisation", Standing::File)
        .and(" order by g.closes, m.id limit 20");
    let mut tasks = told(ctx, db, pledge, "info", "task.pooled_pledge", "/pooled-parts")?;
    let answer = sql("select m.id, g.product, o.name, g.deliver from pooled_share s join pooled_part m on m.id = s.part
                      join pooled_order g on g.id = m.pooled_order join organisation o on o.id = m.organisation
                      where s.answer = 'waiting' and g.stage in ('shared', 'confirmed') and not exists
                      (select 1 from pooled_share n where n.part = s.part and n.round > s.round) and")
        .seen_near(&ctx.viewer, "m.organisation", Standing::File)
        .and(" order by g.deliver, m.id limit 20");
    tasks.extend(told(ctx, db, answer, "wait", "task.pooled_answer", "/pooled-parts")?);
    let share = sql(
        "select g.id, g.product, o.name, g.closes from pooled_order g join organisation o on o.id = g.lead
                     where g.stage = 'open' and g.closes < ? and",
    )
    .bind(today)
    .seen_near(&ctx.viewer, "g.lead", Standing::File)
    .and(" order by g.closes, g.id limit 20");
    tasks.extend(told(ctx, db, share, "wait", "task.pooled_share", "/pooled-orders")?);
    let sign = sql("select g.id, g.product, o.name, s.day from pooled_settlement s
                    join pooled_order g on g.id = s.pooled_order join organisation o on o.id = g.lead
                    where s.second is null and")
    .and_if(" s.first <> ? and", ctx.viewer.account)
    .seen_near(&ctx.viewer, "g.lead", Standing::File)
    .and(" order by s.day, g.id limit 20");
    tasks.extend(told(ctx, db, sign, "wait", "task.pooled_sign", "/pooled-orders")?);
    Ok(tasks)
}

fn told(ctx: &Ctx, db: &mut Db, query: Sql, tone: &'static str, word: &str, base: &str) -> Result<Vec<Task>> {
    let w = ctx.w;
    db.rows(&query, |row| {
        let (id, product, name, day): (Id, Multi, Multi, Date) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok(Task {
            tone,
            text: w.args(word, &[("product", product.best(w.lang).to_owned()), ("date", w.date(&day))]),
            detail: name.best(w.lang).to_owned(),
            path: format!("{base}/{id}"),
        })
    })
}
