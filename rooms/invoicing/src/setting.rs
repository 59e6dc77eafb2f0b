//! What an organisation fills in once for all of its invoices: how it is taxed, and what its file does not hold.

use kernel::kinds::{Choice as _, Code, Multi, Ref};
use kernel::{Db, Error, Id, Lang, Record, Result, Words, record, sql};
use registry::Organisation;

use crate::content::Seller;
use crate::rules;

record! {
    /// How an organisation invoices.
    pub Setting in "invoice_setting" as "invoicing.invoice_setting", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, treatment: String, professional_tax: Option<Code>, account: Option<String>,
        }
    }
}

/// The setting of an organisation. The caller checked the standing.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Option<Setting>> {
    let columns = Setting::columns("");
    let query =
        sql(&format!("select {columns} from invoice_setting where organisation = ? order by id limit 1"));
    db.row(&query.bind(organisation).open("the caller checked the standing"), Setting::from_row)
}

impl Setting {
    /// A last look at what was typed, in the transaction that saves it.
    pub(crate) fn check_sound(&self) -> Result<()> {
        match rules::treatment(&self.treatment)? {
            Some(_) => Ok(()),
            None => Err(Error::field("treatment", "invoice_setting.treatment_needed")),
        }
    }
}

/// A mention that the law asks for and that is not there, and where it is filled in.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Missing {
    /// Key of its word.
    pub(crate) word: &'static str,
    /// The page where it is filled in.
    pub(crate) path: String,
}

/// The seller as it stands today.
pub(crate) fn seller(db: &mut Db, organisation: Id) -> Result<Seller> {
    let holder = kernel::record::get::<Organisation>(db, organisation)?;
    let setting = of(db, organisation)?;
    let number = holder.register_number.map(|number| number.0);
    let register = number.map(|number| match &holder.register_court {
        Some(court) => format!("{number} ({court})"),
        None => number,
    });
    let place = |lang| kernel::territory::path(&holder.place.division, lang);
    Ok(Seller {
        place: Multi::fr_ar(&place(Lang::Fr), &place(Lang::Ar)),
        name: holder.name,
        form: holder.kind.code().to_owned(),
        address: holder.address.map(|address| address.0),
        ice: holder.ice.map(|ice| ice.0),
        tax_number: holder.tax_number.map(|number| number.0),
        register,
        social_number: holder.social_number.map(|number| number.0),
        phone: holder.phone.map(|phone| phone.0),
        email: holder.email.map(|email| email.0),
        professional_tax: setting.as_ref().and_then(|there| Some(there.professional_tax.as_ref()?.0.clone())),
        account: setting.and_then(|there| there.account),
    })
}

/// What an invoice of this seller lacks (CGI, art. 145-III, and the note of the tax authority on the ICE).
pub(crate) fn missing(organisation: Id, seller: &Seller, treated: bool) -> Vec<Missing> {
    let file = format!("/organisations/{organisation}/edit");
    let setting = format!("/organisations/{organisation}/invoicing");
    [
        (seller.ice.is_none(), "organisation.ice", &file),
        (seller.tax_number.is_none(), "organisation.tax_number", &file),
        (seller.address.is_none(), "organisation.address", &file),
        (seller.professional_tax.is_none(), "invoice_setting.professional_tax", &setting),
        (!treated, "invoice_setting.treatment", &setting),
    ]
    .into_iter()
    .filter(|(lacks, ..)| *lacks)
    .map(|(_, word, path)| Missing { word, path: path.clone() })
    .collect()
}

/// A sentence in every language that papers speak.
pub(crate) fn said(w: Words, key: &str) -> Multi {
    let said = [Lang::Fr, Lang::Ar, Lang::En]
        .map(|lang| (lang.code().to_owned(), w.speak(lang).t(key).into_owned()));
    Multi(said.into())
}
