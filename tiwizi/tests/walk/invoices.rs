//! What is planted in invoicing: an invoice of the planted order, issued from what was planted there, and how its seller
//! invoices.

use invoicing::{Origin, Setting};
use kernel::{Fields, Id, Lang, Result, Standing, Tx, Words};

pub(crate) fn plant(tx: &mut Tx<'_>, words: Words, organisation: &str) -> Result<()> {
    let own = |more: &[(&str, &str)]| {
        let fields = more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Fields([("organisation".to_owned(), organisation.to_owned())].into_iter().chain(fields).collect())
    };
    let id: Id = organisation.parse().map_err(kernel::Error::internal)?;
    let form = Fields::of([("ice", "000000000000000"), ("tax_number", "1"), ("address", "Zagora")]);
    let version = kernel::record::get::<registry::Organisation>(tx, id)?.version;
    kernel::record::change::<registry::Organisation>(tx, id, version, &form, Standing::Steward)?;
    let form =
        own(&[("treatment", "outside"), ("professional_tax", "SECRETTAX"), ("account", "SECRETACCOUNT")]);
    kernel::record::create::<Setting>(tx, Id::named(&format!("invoicing {id}")), &form, Standing::Steward)?;
    let sale = Origin::Sale(Id::named("walked sale_order"));
    let words = words.speak(Lang::Fr);
    invoicing::issue_proposed(tx, words, Id::named("walked invoice"), sale, "outside").map(|_| ())
}
