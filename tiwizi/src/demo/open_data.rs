//! What the invented programme publishes: every file, the money too.

use kernel::{Result, Tx};
use open::{Licence, OpenData, PublisherKind, Sector};

use super::{ago, id, put};

/// Days since the files are open.
const OPEN: i64 = 90;

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    let data = OpenData {
        id: open::id_of(id("programme")),
        version: 1,
        programme: id("programme").into(),
        published: true,
        who_where: true,
        figures: true,
        activity: true,
        money: true,
        publisher: id("ngo").into(),
        publisher_kind: PublisherKind::NationalNgo,
        // No register gave it: the name says so.
        identifier: "MA-FICTIF-TAMGHART".into(),
        sector: Sector::AgriculturalCooperatives,
        licence: Licence::CcBy,
        issued: ago(OPEN),
    };
    put(tx, &data, OPEN)?;
    Ok(())
}
