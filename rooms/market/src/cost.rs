//! The cost sheet of a product: what one batch takes, and so what a pack costs and what it should be sold for.

use kernel::kinds::{Choice as _, Money, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use registry::Organisation;

use crate::product::Product;

choice! {
    /// What money is spent on.
    pub CostKind in "cost_line.kind" {
        Material = "material", Work = "work", Packaging = "packaging", Transport = "transport", Charges = "charges",
    }
}

record! {
    /// How much of a product one batch gives, in its smallest unit, and the margin that is wanted over its cost, in percent.
    pub CostSheet in "cost_sheet" as "market.cost_sheet", about organisation {
        origin(File, File) { organisation: Ref<Organisation>, product: Ref<Product> }
        main(File, File) { made: i64, margin: i64 }
    }
}

record! {
    /// Something that a batch takes: so many of it, at this price for each.
    pub CostLine in "cost_line" as "market.cost_line", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, product: Ref<Product>, kind: CostKind, name: String, count: i64, price: Money,
        }
    }
}

impl CostLine {
    /// What it comes to, in minor units.
    pub(crate) fn amount(&self) -> i64 {
        self.count.saturating_mul(self.price.minor)
    }

    /// A sheet is in one currency: amounts in several do not add up.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.count < 1 || self.count > 10_000_000 {
            return Err(Error::field("count", "cost_line.count_range"));
        }
        if self.price.minor == 0 {
            return Err(Error::field("price", "cost_line.nothing"));
        }
        if of(tx, self.product.id)?.iter().any(|line| line.price.currency != self.price.currency) {
            return Err(Error::field("price", "cost_line.currency"));
        }
        Ok(())
    }
}

/// The sheet of a product, if somebody began one. The caller checked the standing.
pub(crate) fn sheet(db: &mut Db, product: Id) -> Result<Option<CostSheet>> {
    let query = format!("select {} from cost_sheet where product = ?", CostSheet::columns(""));
    db.row(&sql(&query).bind(product).open("the caller checked the standing"), CostSheet::from_row)
}

/// Its lines, by what the money is spent on. The caller checked the standing.
pub(crate) fn of(db: &mut Db, product: Id) -> Result<Vec<CostLine>> {
    let query = format!("select {} from cost_line where product = ? order by id", CostLine::columns(""));
    let query = sql(&query).bind(product).open("the caller checked the standing");
    let mut lines = db.rows(&query, CostLine::from_row)?;
    lines.sort_by_key(|line| CostKind::CODES.iter().position(|code| *code == line.kind.code()));
    Ok(lines)
}

/// What so much of a product costs and what it should be sold for, in minor units, rounded up: a batch that costs `total`
/// gives `made` of it.
pub(crate) fn worked_out(total: i64, made: i64, content: i64, margin: i64) -> (i64, i64) {
    let up = |top: i128, bottom: i128| i64::try_from((top - 1).div_euclid(bottom) + 1).unwrap_or(i64::MAX);
    let (whole, made) = (i128::from(total) * i128::from(content), i128::from(made.max(1)));
    (up(whole, made), up(whole.saturating_mul(100 + i128::from(margin)), made * 100))
}

#[cfg(test)]
mod tests {
    use super::worked_out;

    #[test]
    fn a_pack_bears_its_part_of_the_batch() {
        // 1,200 dirhams for 40 litres: 7.50 a bottle of 250 ml, 10.50 with 40 percent.
        assert_eq!(worked_out(120_000, 40_000, 250, 40), (750, 1_050));
    }

    #[test]
    fn what_does_not_divide_is_never_sold_below_cost() {
        assert_eq!(worked_out(100, 3, 1, 0), (34, 34));
        assert_eq!(worked_out(100, 3, 3, 10), (100, 110));
        assert_eq!(worked_out(0, 3, 1, 10), (0, 0));
        assert_eq!(worked_out(i64::MAX, 1, i64::MAX, 500), (i64::MAX, i64::MAX));
    }
}
