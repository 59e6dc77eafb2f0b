//! What the invented programme publishes: every file, the money too; and the invented codes of a system that would take
//! its figures.

use kernel::{Result, Tx};
use open::{AdxCode, Licence, OpenData, PublisherKind, Sector};

use super::{ago, id, put};

/// Days since the files are open.
const OPEN: i64 = 90;

/// What has which code there.
const CODES: &[(&str, &str)] = &[
    ("dataset", "FICTIF_COOP"),
    ("org", "FICTIF_PROG"),
    ("place:07.351", "FICTIF_MARRAKECH"),
    ("place:08.401", "FICTIF_OUARZAZATE"),
    ("place:08.577", "FICTIF_TINGHIR"),
    ("place:08.587", "FICTIF_ZAGORA"),
    ("cut:sex", "SEX"),
    ("bucket:sex:woman", "F"),
    ("bucket:sex:man", "M"),
    ("indicator:people-trained:sex", "FICTIF_TRAINED"),
    ("indicator:visits-made", "FICTIF_VISITS"),
    ("indicator:sessions-held", "FICTIF_SESSIONS"),
];

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
    for (ours, code) in CODES {
        let code = AdxCode {
            id: id(&format!("adx {ours}")),
            version: 1,
            programme: id("programme").into(),
            ours: (*ours).to_owned(),
            code: (*code).to_owned(),
        };
        put(tx, &code, OPEN)?;
    }
    Ok(())
}
