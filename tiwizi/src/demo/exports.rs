//! What two cooperatives obtained to export: rose water is ready for France but for a paper that nobody verified, a carpet has
//! its register and lacks who is the exporter.

use ::export::Statement;
use kernel::kinds::{Code, Long};
use kernel::{Result, Tx};

use super::{ago, cooperatives, id, put};

/// Cooperative, kind, product, number, in whose name, and since and until so many days ago.
type Told = (usize, &'static str, &'static str, &'static str, &'static str, i64, Option<i64>);

const STATEMENTS: &[Told] = &[
    (0, "exporter_of_record", "", "", "GIE des vallées du Sud (inventé)", 120, None),
    (0, "commercial_register", "", "DEMO-RC-4821", "", 210, None),
    (0, "analysis", "rose water", "DEMO-LAB-0093", "Laboratoire inventé", 64, Some(-301)),
    (1, "exporter_register", "", "DEMO-PN-1177", "", 95, Some(-270)),
];

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for (cooperative, kind, product, number, named, since, until) in STATEMENTS {
        let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let statement = Statement {
            id: id(&format!("export statement {cooperative} {kind}")),
            version: 1,
            organisation: id(&cooperatives::key(*cooperative)).into(),
            kind: (*kind).into(),
            product: stated(product).map(|key| id(&key).into()),
            number: stated(number).map(Code),
            named: stated(named),
            since: ago(*since),
            until: until.map(ago),
            note: Some(Long("Inventé pour la démonstration.".into())),
            file: None,
        };
        put(tx, &statement, *since)?;
    }
    Ok(())
}
