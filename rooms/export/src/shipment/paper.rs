//! Papers of an order that are made elsewhere, on PortNet, at customs, by a carrier: their number, date and file.

use jiff::civil::Date;
use kernel::kinds::{Code, File, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Fields, Id, Record, Result, Tx, choice, record, sql};
use pooled::Order as PooledOrder;
use registry::Organisation;
use sales::SaleOrder;

use super::consignment::Origin;

choice! {
    /// What paper it is.
    pub PaperKind in "shipment_paper.kind" {
        ExportTitle = "export_title", Dum = "dum", Eur1 = "eur1", Inspection = "coi", Transport = "transport", Other = "other",
    }
}

record! {
    /// A paper that goes with an order of one cooperative or with a pooled order.
    pub Paper in "shipment_paper" as "export.shipment_paper", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, sale_order: Option<Ref<SaleOrder>>, pooled_order: Option<Ref<PooledOrder>>,
            kind: PaperKind, number: Code, dated: Date, file: Option<File>,
        }
    }
}

/// Papers of an order, the earliest first. The caller checked the right to the order.
pub(crate) fn of(db: &mut Db, origin: Origin) -> Result<Vec<Paper>> {
    let (columns, of) = (Paper::columns(""), origin.column());
    let query = sql(&format!("select {columns} from shipment_paper where {of} = ? order by dated, id"));
    db.rows(&query.bind(origin.id()).open("the caller checked the right to the order"), Paper::from_row)
}

/// It hangs on two kinds of orders; `Origin::find` says which one.
impl Piece for Paper {
    const PLURAL: &'static str = "export-papers";
    const OWNER: &'static str = "sale_order";
    const GIVEN: &'static [&'static str] = &["organisation", "pooled_order"];

    fn owner(&self) -> Id {
        let order = self.sale_order.map(|order| order.id).or(self.pooled_order.map(|order| order.id));
        order.unwrap_or(self.id)
    }

    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(Origin::find(db, owner)?.named(db)?.holder)
    }

    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        let named = Origin::find(db, owner)?.named(db)?;
        Ok(ctx.w.with("shipment.named", "number", &super::told::ltr(&named.reference)))
    }

    fn home(owner: Id) -> String {
        format!("{}/shipment#papers", Origin::Sale(owner).path())
    }

    fn way_back(db: &mut Db, owner: Id) -> Result<String> {
        Ok(format!("{}/shipment#papers", Origin::find(db, owner)?.path()))
    }

    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        market::hand(ctx, tx, rights);
        Ok(())
    }

    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        Origin::find(tx, owner)?.fill(form);
        form.set("organisation", Self::rights(tx, owner)?.to_string());
        Ok(())
    }
}
