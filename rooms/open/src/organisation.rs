//! The IATI organisation file: who publishes, and, where money is published, what it plans to spend in the country.

use kernel::{Db, Reply, Result};

use crate::activity::{self, VERSION};
use crate::files;
use crate::record::Told;
use crate::xml::Xml;

pub(crate) fn file(db: &mut Db, told: &Told) -> Result<Reply> {
    let mut xml = Xml::new()?;
    let made = files::instant(kernel::now());
    xml.element("iati-organisations", &[("version", VERSION), ("generated-datetime", &made)], |xml| {
        let attributes = [("xml:lang", "fr"), ("default-currency", "MAD"), ("last-updated-datetime", &*made)];
        xml.element("iati-organisation", &attributes, |xml| {
            xml.text("organisation-identifier", &[], &told.data.identifier)?;
            xml.told("name", &[], &told.publisher.name)?;
            activity::reporter(xml, told)?;
            if told.data.money {
                let programme = &told.programme;
                let whole = (programme.since, programme.until);
                activity::budget(xml, db, programme.id, whole, "recipient-country-budget")?;
            }
            Ok(())
        })
    })?;
    Ok(Reply::Body { status: 200, media: files::XML, body: xml.finish() })
}
