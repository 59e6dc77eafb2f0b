//! Rows that become organisations, or fill those that they turn out to be.

mod undo;
mod words;

use kernel::access;
use kernel::record::{self, Cells, Record};
use kernel::words::Catalogue;
use kernel::{Db, Error, FieldError, Fields, Id, Result, Standing, Tx, Viewer, Wrong, sql};

use super::known::Known;
use super::rows::{self, Cell, Kept};
use super::{Found, Import, Mapping, Meanings, Outcome, Reader, Subject, Target, declared};
use crate::duplicate::{Verdict, describe, remember};
use crate::{Organisation, Status, merge};

/// Organisations of a list.
pub(crate) struct Organisations {
    reader: Reader,
    /// All that is registered, once a row is compared with it.
    known: Option<Known>,
    import: Id,
    owner: Option<Id>,
    viewer: Viewer,
}

/// What a row says.
struct Reading {
    form: Fields,
    /// The cells of an organisation, or everything that is wrong with it.
    cells: Result<Cells, Vec<FieldError>>,
}

impl Subject for Organisations {
    type Record = Organisation;
    const BASE: &'static str = "/imports";
    const WORK: &'static str = "registry.import";
    const WORDS: &'static str = "registry.import";
    const ABOVE: (&'static str, &'static str) = ("/organisations", "nav.organisations");
    const NAME: &'static str = "name";
    const TELLS: &'static [&'static str] = &["place"];
    const REST: (&'static str, &'static str) = ("kind", "cooperative");
    const HEADERS: Meanings = words::HEADERS;
    const ALSO: &'static [(&'static str, Meanings)] = &[("activities", words::ACTIVITIES)];
    const DECISIONS: Meanings = &[("maybe", &["same", "new", "skip"])];

    fn targets(standing: Standing) -> Vec<Target> {
        let mut targets = vec![Target::of("id", &["registry.export.id"])];
        targets.extend(declared::<Organisation>(standing));
        targets
    }

    fn lacks(mapping: &Mapping) -> Option<&'static str> {
        if !mapping.has_part("name") {
            Some("registry.import.mapping.no_name")
        } else if !mapping.has("place") && !mapping.has("place.in") {
            Some("registry.import.mapping.no_place")
        } else {
            None
        }
    }

    fn path(record: Id) -> String {
        format!("/organisations/{record}")
    }

    fn reading(words: &'static Catalogue, import: &Import, viewer: Viewer) -> Organisations {
        let reader = Reader::of::<Organisations>(words, &import.mapping);
        Organisations { reader, known: None, import: import.id, owner: import.account, viewer }
    }

    fn check(&mut self, db: &mut Db, row: &Kept) -> Result<Found> {
        let known = match &mut self.known {
            Some(known) => known,
            none => none.insert(Known::read(db)?),
        };
        let reading = read(&mut self.reader, &row.cells);
        Ok(match reading.cells {
            Err(errors) => Found::wrong(errors),
            Ok(_) if reading.form.parse("id").is_some_and(|id| known.has(id)) => Found::known(None),
            Ok(_) => {
                let described = describe(&reading.form);
                let candidates = known.like(&described);
                known.add_row(row.number, described);
                if candidates.is_empty() { Found::good() } else { Found::maybe(candidates) }
            }
        })
    }

    fn apply(&mut self, tx: &mut Tx<'_>, row: &Kept) -> Result<Outcome> {
        let reading = read(&mut self.reader, &row.cells);
        let cells = reading.cells.map_err(Error::Invalid)?;
        if met(row) {
            let target = self.target(tx, row)?;
            // What an earlier row became is the account's own; another file is filled by who works on it.
            let fills = self.viewer.standing(tx, target)? >= Some(Standing::File);
            let filled =
                if fills { fill(tx, target, Organisation::from_cells(target, 1, cells)?)? } else { None };
            return Ok(Outcome::Met(target, filled));
        }
        // What comes through the command line gets the ids under which it was exported.
        let id = reading.form.parse("id").filter(|_| self.owner.is_none()).unwrap_or_default();
        record::insert(tx, &Organisation::from_cells(id, 1, cells)?)?;
        if let Some(account) = self.owner {
            access::grant(tx, id, &access::scope("account", account), Standing::File, None)?;
        }
        for candidate in row.candidates.iter().filter_map(|candidate| candidate.organisation) {
            remember(tx, id, candidate, Verdict::Different, None)?;
        }
        Ok(Outcome::Made(id))
    }

    fn undo(
        tx: &mut Tx<'_>,
        import: &Import,
        viewer: &Viewer,
        rows: &[Kept],
    ) -> Result<Vec<Option<&'static str>>> {
        undo::undo(tx, import.id, viewer, rows)
    }
}

/// True for a row that a person found to be a registered organisation, or an earlier row.
fn met(row: &Kept) -> bool {
    row.decision.as_deref() == Some("same")
}

impl Organisations {
    /// The organisation that the row is the same as: a registered one, or what an earlier row became.
    fn target(&self, tx: &mut Tx<'_>, row: &Kept) -> Result<Id> {
        let target = row.target.as_deref().unwrap_or_default();
        if let Ok(id) = target.parse::<Id>() {
            let there = record::get::<Organisation>(tx, id)?;
            return if there.status == Status::Merged { Err(Error::NotFound) } else { Ok(id) };
        }
        let number = target.parse::<i64>().unwrap_or(0);
        let earlier = rows::read(tx, self.import, sql(" and number = ? and state = 'done'").bind(number))?;
        let found = earlier.first().and_then(|row| row.record);
        found.ok_or_else(|| Error::refused("registry.import.row.first_is_missing"))
    }
}

/// Reads a row.
fn read(reader: &mut Reader, cells: &[Cell]) -> Reading {
    let mut form = reader.form(cells);
    if form.text("status").is_none() {
        form.set("status", "active");
    }
    let mut errors = Vec::new();
    match reader.place(&form, "place", "place.in") {
        None => {}
        Some(Ok(code)) => form.set("place", code),
        Some(Err(error)) => {
            errors.push(error);
            form.set("place", "");
        }
    }
    let parsed = match record::parse::<Organisation>(&form, Standing::Steward, None) {
        Ok(parsed) => Some(parsed),
        Err(Error::Invalid(found)) => {
            let unplaced = !errors.is_empty();
            errors.extend(found.into_iter().filter(|error| !(unplaced && error.field == "place")));
            None
        }
        Err(_) => None,
    };
    errors.extend(too_many(&form));
    let cells = match parsed {
        Some(cells) if errors.is_empty() => Ok(cells),
        _ => Err(errors),
    };
    Reading { form, cells }
}

/// More women, young or active members than members: the table refuses it, so it is said before.
fn too_many(form: &Fields) -> Vec<FieldError> {
    let count = |name: &str| form.text(name).and_then(sheet::parse::number);
    let members = count("members");
    let parts = [
        ("women", "organisation.women.range"),
        ("young", "organisation.young.range"),
        ("active", "organisation.active.range"),
    ];
    let more = parts
        .into_iter()
        .filter(|(part, _)| matches!((count(part), members), (Some(n), Some(members)) if n > members));
    more.map(|(part, key)| FieldError { field: part.into(), wrong: Wrong::new(key) }).collect()
}

/// Fills what the registered file lacks; answers the fields and what they got, as JSON.
fn fill(tx: &mut Tx<'_>, id: Id, from: Organisation) -> Result<Option<String>> {
    let into = record::get::<Organisation>(tx, id)?;
    let names = merge::fill(tx, &into, &from)?;
    if names.is_empty() {
        return Ok(None);
    }
    let fields = Organisation::fields()
        .iter()
        .zip(from.cells())
        .filter(|(field, _)| names.iter().any(|name| name == field.name));
    let got: serde_json::Map<_, _> =
        fields.map(|(field, cell)| (field.name.to_owned(), (field.ops.json)(&cell))).collect();
    Ok(Some(serde_json::Value::Object(got).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::reader::tests::{territory, words};

    fn reading(columns: &[&str], cells: &[&str]) -> Reading {
        territory();
        let cells: Vec<Cell> = cells.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        read_with(columns, "cooperative", &cells)
    }

    fn read_with(columns: &[&str], rest: &str, cells: &[Cell]) -> Reading {
        let columns = columns.iter().map(|c| (*c).to_owned()).collect();
        read(&mut Reader::of::<Organisations>(words(), &Mapping { columns, rest: rest.into() }), cells)
    }

    fn made(columns: &[&str], cells: &[&str]) -> Organisation {
        let reading = reading(columns, cells);
        Organisation::from_cells(Id::new(), 1, reading.cells.unwrap()).unwrap()
    }

    fn wrong(columns: &[&str], cells: &[&str]) -> Vec<(String, String)> {
        let errors = reading(columns, cells).cells.unwrap_err();
        errors.into_iter().map(|error| (error.field, error.wrong.key)).collect()
    }

    #[test]
    fn a_row_becomes_an_organisation() {
        let columns =
            ["name", "kind", "place.in", "place", "activities", "members", "women", "phone", "founded"];
        let cells = [
            "Tiniri",
            "تعاونية",
            "Province de Tinghir",
            "Ikniouen",
            "miel; dattes",
            "٣٤",
            "20",
            "0661-00-00-00",
            "12 mars 2019",
        ];
        let made = made(&columns, &cells);
        assert_eq!((made.members, made.women), (Some(34), Some(20)));
        assert_eq!(made.activities.unwrap().0, [crate::Activity::Dates, crate::Activity::Honey]);
        assert_eq!(made.phone.unwrap().0, "+212661000000");
        assert_eq!(kernel::territory::path(&made.place.division, kernel::Lang::Fr), "Ikniouen, Tinghir");
        assert_eq!(made.founded.unwrap().to_string(), "2019-03-12");
    }

    #[test]
    fn every_wrong_cell_is_named() {
        let columns = ["name", "place", "founded", "members", "women", "phone"];
        let found = wrong(&columns, &["", "Atlantide", "2019", "douze", "3", "12"]);
        let keys = [
            ("place", "error.place"),
            ("name", "error.needed"),
            ("founded", "error.date"),
            ("members", "error.number"),
            ("phone", "error.phone"),
        ];
        assert_eq!(found, keys.map(|(field, key)| (field.to_owned(), key.to_owned())));
        let found = wrong(&["name", "place", "members", "women"], &["A", "Ikniouen", "3", "4"]);
        assert_eq!(found, [("women".to_owned(), "organisation.women.range".to_owned())]);
    }

    #[test]
    fn a_number_gets_the_zeros_of_its_ice_back() {
        territory();
        let cells = [Cell::Text("A".into()), Cell::Text("Ikniouen".into()), Cell::Number(1_234_567_000_089)];
        let reading = read_with(&["name", "place", "ice"], "gie", &cells);
        assert_eq!(
            (reading.form.get("ice"), reading.form.get("kind")),
            (Some("001234567000089"), Some("gie"))
        );
    }
}
