//! Papers of an order that are made elsewhere, on PortNet, at customs, by a carrier: their number, date and file.

use jiff::civil::Date;
use kernel::kinds::{Code, File, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Fields, Id, Record, Result, Tx, choice, record, sql};
use registry::Organisation;
use sales::SaleOrder;

choice! {
    /// What paper it is.
    pub PaperKind in "shipment_paper.kind" {
        ExportTitle = "export_title", Dum = "dum", Eur1 = "eur1", Inspection = "coi", Transport = "transport", Other = "other",
    }
}

record! {
    /// A paper that goes with an order.
    pub Paper in "shipment_paper" as "export.shipment_paper", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, sale_order: Ref<SaleOrder>, kind: PaperKind, number: Code, dated: Date,
            file: Option<File>,
        }
    }
}

/// Papers of an order, the earliest first. The caller checked the right to the order.
pub(crate) fn of(db: &mut Db, order: Id) -> Result<Vec<Paper>> {
    let columns = Paper::columns("");
    let query = sql(&format!("select {columns} from shipment_paper where sale_order = ? order by dated, id"));
    db.rows(&query.bind(order).open("the caller checked the right to the order"), Paper::from_row)
}

impl Piece for Paper {
    const PLURAL: &'static str = "export-papers";
    const OWNER: &'static str = "sale_order";
    const GIVEN: &'static [&'static str] = &["organisation"];

    fn owner(&self) -> Id {
        self.sale_order.id
    }

    fn rights(db: &mut Db, owner: Id) -> Result<Id> {
        Ok(kernel::record::get::<SaleOrder>(db, owner)?.organisation.id)
    }

    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        let order = kernel::record::get::<SaleOrder>(db, owner)?;
        Ok(ctx.w.with("shipment.named", "number", &super::told::ltr(&order.reference())))
    }

    fn home(owner: Id) -> String {
        format!("/sales/{owner}/shipment#papers")
    }

    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        market::hand(ctx, tx, rights);
        Ok(())
    }

    fn prepare(_: &Ctx, tx: &mut Tx<'_>, owner: Id, form: &mut Fields) -> Result<()> {
        form.set("organisation", Self::rights(tx, owner)?.to_string());
        Ok(())
    }
}
