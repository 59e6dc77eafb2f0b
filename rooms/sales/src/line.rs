//! A line of an order: so many of an article, as it was when it was asked for.

use kernel::kinds::{Multi, Ref};
use kernel::{Db, Id, Record, Result, record, sql};
use market::sale::Article;
use market::{Pack, Product, Unit};
use registry::Organisation;

use crate::order::SaleOrder;

record! {
    /// So many of an article. What one of it holds stands here, too: a pack that changes later changes no order.
    pub Line in "sale_line" as "sales.sale_line", about organisation {
        main(File, Steward) {
            organisation: Ref<Organisation>, sale_order: Ref<SaleOrder>, product: Ref<Product>, pack: Option<Ref<Pack>>,
            name: Multi, content: i64, unit: Unit, count: i64,
        }
    }
}

impl Line {
    /// How much of the product it asks for, in the smallest unit.
    pub fn quantity(&self) -> i64 {
        self.content.saturating_mul(self.count)
    }

    /// So many of an article in an order; its id follows from both, so that the same again is the same.
    pub fn of_article(order: Id, article: &Article, count: i64) -> Line {
        Line {
            id: Id::named(&format!("{order} {}", article.id())),
            version: 1,
            organisation: article.product.organisation,
            sale_order: order.into(),
            product: article.product.id.into(),
            pack: article.pack.as_ref().map(|pack| pack.id.into()),
            name: article.name(),
            content: article.content(),
            unit: article.product.unit,
            count,
        }
    }
}

/// The lines of an order. The caller checked the right to it.
pub(crate) fn of(db: &mut Db, order: Id) -> Result<Vec<Line>> {
    let query = format!("select {} from sale_line where sale_order = ? order by id", Line::columns(""));
    db.rows(&sql(&query).bind(order).open("the caller checked the right to the order"), Line::from_row)
}
