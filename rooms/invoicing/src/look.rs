//! What invoices propose for a question of a diagnosis: do sales leave their papers behind. The levels are those of
//! Boussole, item G4.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::room::{Behind, Look, Proposal};
use kernel::value::Row;
use kernel::{Ctx, Db, Id, Result, sql};

/// So many sales are looked at; fewer say little, and the coach asks.
const LOOKED_AT: i64 = 5;

pub(crate) fn looks() -> Vec<Look> {
    vec![Look { name: "paper_trail", read: paper_trail }]
}

/// The last five deliveries within a year: each has an order and its delivery here; is there an invoice that was not taken
/// back, and was its total received?
fn paper_trail(ctx: &Ctx, db: &mut Db, organisation: Id, day: Date) -> Result<Option<Proposal>> {
    let query = sql("select s.id, s.number, s.delivered, (select count(*) from invoice i where i.sale_order = s.id and i.kind = 'invoice'
         and i.total <= (select coalesce(sum(y.amount), 0) from sale_payment y where y.sale_order = s.id and y.status = 'received')
         and not exists (select 1 from invoice c where c.credits = i.id and c.total = i.total))
         from sale_order s where s.organisation = ? and s.status = 'delivered' and s.delivered > ? and s.delivered <= ?
         order by s.delivered desc, s.number desc limit ?")
    .bind(organisation)
    .bind(day.saturating_sub(1.year()))
    .bind(day)
    .bind(LOOKED_AT);
    let sales: Vec<(Id, i64, Date, i64)> = db
        .rows(&query.open("whoever asks checked the right to the file"), |row: &mut Row| {
            Ok((row.take()?, row.take()?, row.take()?, row.take()?))
        })?;
    if (sales.len() as i64) < LOOKED_AT {
        return Ok(None);
    }
    let whole = sales.iter().filter(|(.., papers)| *papers > 0).count();
    let records = sales.iter().map(|(id, number, delivered, _)| Behind {
        label: ctx
            .w
            .args("sales.look.order", &[("number", ctx.w.num(*number)), ("date", ctx.w.date(delivered))]),
        path: format!("/sales/{id}"),
    });
    let counted = [("whole", ctx.w.num(whole)), ("sales", ctx.w.num(sales.len()))];
    Ok(Some(Proposal {
        level: level(whole),
        reason: ctx.w.args("invoicing.look.trail", &counted),
        records: records.collect(),
    }))
}

/// Level of *the paper trail* from how many of five sales have all of their papers; each has some of them.
fn level(whole: usize) -> i64 {
    match whole {
        0 => 1,
        1..=3 => 2,
        4 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn levels_are_those_of_the_questionnaire() {
        assert_eq!([0, 1, 3, 4, 5].map(super::level), [1, 2, 2, 3, 4]);
    }
}
