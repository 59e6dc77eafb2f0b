//! Invoices of what was delivered: one of a cooperative to a shop, of which two bottles came back broken, and that of the
//! grouping to its buyer in Lyon.

use invoicing::{Origin, Setting};
use kernel::kinds::Code;
use kernel::{Fields, Id, Result, Tx, Words};

use super::{cooperatives, id, put};

pub(super) fn tell(tx: &mut Tx<'_>, w: Words) -> Result<()> {
    for (n, organisation) in
        [(0, id(&cooperatives::key(0))), (8, id(&cooperatives::key(8))), (900, id("gie of the valleys"))]
    {
        setting(tx, organisation, n)?;
    }
    let sale = Origin::Sale(id("sale 0 1"));
    let national = invoicing::issue_proposed(tx, w, id("invoice sale 0 1"), sale, "cooperative")?;
    let form = Fields::of([("reason", "Deux flacons arrivés cassés"), ("count.0", "2")]);
    invoicing::take_back(tx, id("credit note sale 0 1"), &national, &form)?;
    let pooled = Origin::Pooled(id("pooled dates"));
    invoicing::issue_proposed(tx, w, id("invoice of the grouping"), pooled, "export").map(|_| ())
}

/// How one of them invoices; its numbers are invented.
fn setting(tx: &mut Tx<'_>, organisation: Id, n: i64) -> Result<()> {
    let setting = Setting {
        id: Id::named(&format!("invoicing {organisation}")),
        version: 1,
        organisation: organisation.into(),
        treatment: "cooperative".into(),
        professional_tax: Some(Code(format!("9900{n:04}"))),
        account: Some(format!("RIB 999 999 0000000000{n:06} 00 (inventé)")),
    };
    put(tx, &setting, 30).map(|_| ())
}
