//! What waits for somebody: orders to answer, to prepare, to deliver; money that was announced.

use kernel::room::Task;
use kernel::{Ctx, Db, Result, Standing, sql};

use crate::order::{self, SaleStatus};

pub(crate) fn find(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !ctx.viewer.has_role(&["manager", "coach", "representative"]) {
        return Ok(Vec::new());
    }
    let mut tasks = Vec::new();
    let counts = order::counts(db, &ctx.viewer)?;
    for (status, code, word, tone) in [
        (SaleStatus::Asked, "asked", "task.sale_asked", "wait"),
        (SaleStatus::Ordered, "ordered", "task.sale_ordered", "wait"),
        (SaleStatus::Prepared, "prepared", "task.sale_prepared", "info"),
    ] {
        if let Some((_, n)) = counts.iter().find(|(there, _)| *there == status) {
            tasks.push(Task {
                tone,
                text: ctx.w.n(word, *n),
                detail: ctx.w.t("task.sales_detail").into_owned(),
                path: format!("/sales?status={code}"),
            });
        }
    }
    let announced = sql("select p.sale_order from sale_payment p where p.status = 'announced' and")
        .seen_near(&ctx.viewer, "p.organisation", Standing::File)
        .and(" order by p.id limit 20");
    for order in db.rows(&announced, kernel::value::Row::take::<kernel::Id>)? {
        tasks.push(Task {
            tone: "info",
            text: ctx.w.t("task.payment_announced").into_owned(),
            detail: ctx.w.t("task.payment_detail").into_owned(),
            path: format!("/sales/{order}#payments"),
        });
    }
    Ok(tasks)
}
