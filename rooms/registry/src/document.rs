//! A document of an organisation: statutes, receipts, certificates, with the dates between which it holds.

use jiff::civil::Date;
use kernel::kinds::{File, Ref};
use kernel::{Db, Id, Result, choice, record, sql};

use crate::Organisation;

choice! {
    /// What a document is.
    pub DocumentKind in "document.kind" {
        Statutes = "statutes", Registration = "registration", Minutes = "minutes", MemberList = "member_list",
        TaxCertificate = "tax_certificate", SocialCertificate = "social_certificate", Sanitary = "sanitary",
        Label = "label", Accounts = "accounts", Convention = "convention", Photo = "photo", Other = "other",
    }
}

record! {
    /// A document of an organisation.
    pub Document in "document" as "registry.document", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, kind: DocumentKind, title: Option<String>, file: Option<File>,
            issued: Option<Date>, expires: Option<Date>,
        }
    }
}

/// The documents of an organisation, those that end first before the others.
pub fn of(db: &mut Db, organisation: Id) -> Result<Vec<Document>> {
    let query = sql(&format!(
        "select {} from document where organisation = ? order by coalesce(expires, '9999'), id",
        <Document as kernel::Record>::columns("")
    ))
    .bind(organisation)
    .open("the caller checked the standing at the organisation");
    db.rows(&query, <Document as kernel::Record>::from_row)
}
