//! One row read through its mapping, by the declared fields.

use std::collections::HashMap;

use kernel::kinds::Input;
use kernel::record::{self, Cells, Record};
use kernel::words::Catalogue;
use kernel::{Error, FieldError, Fields, Id, Standing, Wrong};

use super::mapping::Mapping;
use super::rows::Cell;
use super::vocabulary::Vocabulary;
use crate::Organisation;

/// What a column gives.
enum Column {
    Nothing,
    Id,
    Commune,
    Province,
    Choice(&'static str),
    Choices(&'static str),
    Ice,
    Field(String),
}

/// Reads rows of one mapping. Places are looked up once each.
pub(crate) struct Reader {
    columns: Vec<Column>,
    kind: String,
    words: HashMap<&'static str, Vocabulary>,
    places: HashMap<(String, String), Result<String, FieldError>>,
}

/// What a row says.
pub(crate) struct Reading {
    /// As a form.
    pub(crate) form: Fields,
    /// As the cells of an organisation, or everything that is wrong with it.
    pub(crate) cells: Result<Cells, Vec<FieldError>>,
    /// The id under which Tiwizi exported it.
    pub(crate) id: Option<Id>,
}

impl Reader {
    pub(crate) fn new(words: &'static Catalogue, mapping: &Mapping) -> Reader {
        let mut reader = Reader {
            columns: Vec::new(),
            kind: mapping.kind.clone(),
            words: HashMap::new(),
            places: HashMap::new(),
        };
        for target in &mapping.columns {
            let column = match target.as_str() {
                "" => Column::Nothing,
                "id" => Column::Id,
                "place" => Column::Commune,
                "place.in" => Column::Province,
                "ice" => Column::Ice,
                other => match Organisation::field(other).map(|field| (field.name, field.ops.input)) {
                    Some((name, Input::Choice { codes, words: prefix })) => {
                        reader.words.insert(name, Vocabulary::of(words, codes, prefix));
                        Column::Choice(name)
                    }
                    Some((name, Input::Choices { codes, words: prefix })) => {
                        reader.words.insert(name, Vocabulary::of(words, codes, prefix));
                        Column::Choices(name)
                    }
                    _ => Column::Field(other.to_owned()),
                },
            };
            reader.columns.push(column);
        }
        reader
    }

    /// Reads a row.
    pub(crate) fn read(&mut self, cells: &[Cell]) -> Reading {
        let (mut form, mut id) = (Fields::default(), None);
        let (mut commune, mut province) = (String::new(), String::new());
        for (column, cell) in self.columns.iter().zip(cells) {
            let text = cell.text();
            let text = text.trim();
            if says_nothing(text) {
                continue;
            }
            match column {
                Column::Nothing => {}
                Column::Id => id = text.parse().ok(),
                Column::Commune => text.clone_into(&mut commune),
                Column::Province => text.clone_into(&mut province),
                Column::Choice(field) => {
                    form.push(
                        *field,
                        self.words.get(field).and_then(|words| words.code(text)).unwrap_or(text),
                    );
                }
                Column::Choices(field) => {
                    let codes = self.words.get(field).map(|words| words.codes(text)).unwrap_or_default();
                    codes.into_iter().for_each(|code| form.push(*field, code));
                }
                // A spreadsheet that took the number for a number dropped the zeros it begins with.
                Column::Ice if matches!(cell, Cell::Number(_)) => form.push("ice", format!("{text:0>15}")),
                Column::Ice => form.push("ice", text),
                Column::Field(name) => form.push(name.as_str(), text),
            }
        }
        for (field, default) in [("kind", self.kind.as_str()), ("status", "active")] {
            if form.text(field).is_none() {
                form.set(field, default);
            }
        }
        let mut errors = Vec::new();
        if !(commune.is_empty() && province.is_empty()) {
            match self.place(commune, province) {
                Ok(code) => form.push("place", code),
                Err(error) => errors.push(error),
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
        Reading { form, cells, id }
    }

    fn place(&mut self, commune: String, province: String) -> Result<String, FieldError> {
        let found = self
            .places
            .entry((commune, province))
            .or_insert_with_key(|(commune, province)| place(commune, province));
        found.clone()
    }
}

/// What people write where they have nothing to write.
fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| "-–—_/.?*".contains(c))
        || matches!(fold::fold(text).as_str(), "neant" | "n a" | "nd" | "null" | "لا شيء")
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

/// The words before the name of a division: « commune rurale de Skoura », « إقليم ورزازات ».
const DIVISIONS: &[&str] = &[
    "commune",
    "rurale",
    "urbaine",
    "territoriale",
    "municipalite",
    "ville",
    "cr",
    "cu",
    "ct",
    "province",
    "prefecture",
    "de",
    "d",
    "du",
    "جماعه",
    "الجماعه",
    "القرويه",
    "الترابيه",
    "الحضريه",
    "بلديه",
    "مدينه",
    "اقليم",
    "عماله",
];

/// The name of a division without what announces it, if anything remains.
fn bare(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split([' ', '\'', '’', ':', '.']).filter(|word| !word.is_empty()).collect();
    let announcing = words.iter().take_while(|word| DIVISIONS.contains(&fold::fold(word).as_str())).count();
    (announcing > 0 && announcing < words.len()).then(|| words[announcing..].join(" "))
}

/// The code of a commune of this name, if there is one.
pub(crate) fn commune(text: &str) -> Option<String> {
    place(text, "").ok()
}

/// The commune within the province if one is stated; the province itself where no commune is.
fn place(commune: &str, province: &str) -> Result<String, FieldError> {
    use kernel::territory::{resolve, resolve_widest};
    let named = |text: &str, field: &str, find: &dyn Fn(&str) -> Result<String, Wrong>| {
        let found = find(text).or_else(|wrong| bare(text).map_or(Err(wrong), |rest| find(&rest)));
        found.map_err(|wrong| FieldError { field: field.to_owned(), wrong })
    };
    let stated = (!province.is_empty()).then_some(province);
    let around = stated.map(|province| named(province, "place.in", &resolve_widest)).transpose()?;
    match (commune.is_empty(), around) {
        (true, Some(code)) => Ok(code),
        (_, around) => named(commune, "place", &|text| resolve(text, around.as_deref())),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The words of the house as far as this room knows them.
    pub(crate) fn words() -> &'static Catalogue {
        kernel::app::catalogue(&[people::room(), crate::room()]).unwrap()
    }

    /// The territory of Morocco.
    pub(crate) fn territory() {
        let pack = atlas::Pack {
            divisions: include_str!("../../../../packs/ma/divisions.csv"),
            census: "",
            regions: "",
            provinces: "",
            communes: "",
        };
        kernel::territory::open(&pack, |_| String::new()).unwrap();
    }

    fn read(columns: &[&str], cells: &[&str]) -> Reading {
        territory();
        let mapping = Mapping {
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            kind: "cooperative".into(),
        };
        let cells: Vec<Cell> = cells.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        Reader::new(words(), &mapping).read(&cells)
    }

    fn made(columns: &[&str], cells: &[&str]) -> Organisation {
        let reading = read(columns, cells);
        Organisation::from_cells(Id::new(), 1, reading.cells.unwrap()).unwrap()
    }

    fn wrong(columns: &[&str], cells: &[&str]) -> Vec<(String, String)> {
        let errors = read(columns, cells).cells.unwrap_err();
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
    fn a_province_tells_communes_and_their_seat_apart() {
        let place =
            |commune, province| super::place(commune, province).map(|code| kernel::territory::typed(&code));
        territory();
        assert_eq!(place("Ouarzazate", "Ouarzazate").unwrap(), "Ouarzazate (08.401.01.07)");
        assert_eq!(place("جماعة إكنيون", "إقليم تنغير").unwrap(), "Ikniouen (08.577.05.17)");
        assert!(place("Ikniouen", "Zagora").is_err() && place("", "Zagora").is_ok());
        assert_eq!(place("Ikniouen", "Nulle part").unwrap_err().field, "place.in");
    }

    #[test]
    fn a_number_gets_the_zeros_of_its_ice_back() {
        territory();
        let mapping =
            Mapping { columns: ["name", "place", "ice"].map(str::to_owned).to_vec(), kind: "gie".into() };
        let cells = [Cell::Text("A".into()), Cell::Text("Ikniouen".into()), Cell::Number(1_234_567_000_089)];
        let reading = Reader::new(words(), &mapping).read(&cells);
        assert_eq!(
            (reading.form.get("ice"), reading.form.get("kind")),
            (Some("001234567000089"), Some("gie"))
        );
    }
}
