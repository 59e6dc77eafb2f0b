//! One row read through its mapping, by the declared fields.

use std::collections::HashMap;

use kernel::kinds::Input;
use kernel::words::Catalogue;
use kernel::{FieldError, Fields, Record, Wrong};

use super::mapping::Mapping;
use super::rows::Cell;
use super::subject::Subject;
use super::vocabulary::Vocabulary;

/// How the cells of a column are read.
enum Column {
    Nothing,
    Choice(Vocabulary),
    Choices(Vocabulary),
    Ice,
    Money,
    Currency,
    Text,
}

/// Reads rows of one mapping. Places are looked up once each.
pub struct Reader {
    columns: Vec<(String, Column)>,
    rest: (&'static str, String),
    places: HashMap<(String, String), Result<String, FieldError>>,
}

impl Reader {
    /// A reader for rows with these columns.
    pub fn of<S: Subject>(words: &'static Catalogue, mapping: &Mapping) -> Reader {
        let column = |target: &String| {
            let field = S::Record::field(target);
            let vocabulary = field.and_then(|field| Vocabulary::of_field::<S>(words, field));
            let column = match (field.map(|field| field.ops.input), vocabulary) {
                _ if target.is_empty() => Column::Nothing,
                (Some(Input::Choice { .. }), Some(vocabulary)) => Column::Choice(vocabulary),
                (Some(Input::Choices { .. }), Some(vocabulary)) => Column::Choices(vocabulary),
                (Some(Input::Money), _) => Column::Money,
                _ if target.rsplit('.').next() == Some("ice") => Column::Ice,
                _ if target.ends_with(".currency") => Column::Currency,
                _ => Column::Text,
            };
            (target.clone(), column)
        };
        Reader {
            columns: mapping.columns.iter().map(column).collect(),
            rest: (S::REST.0, mapping.rest.clone()),
            places: HashMap::new(),
        }
    }

    /// What a row says, as a form of its targets.
    pub fn form(&self, cells: &[Cell]) -> Fields {
        let mut form = Fields::default();
        for ((target, column), cell) in self.columns.iter().zip(cells) {
            let text = cell.text();
            let text = text.trim();
            if says_nothing(text) {
                continue;
            }
            match column {
                Column::Nothing => {}
                Column::Choice(words) => form.push(target, words.code(text).unwrap_or(text)),
                Column::Choices(words) => {
                    words.codes(text).into_iter().for_each(|code| form.push(target, code));
                }
                // A spreadsheet that took the number for a number dropped the zeros it begins with.
                Column::Ice if matches!(cell, Cell::Number(_)) => form.push(target, format!("{text:0>15}")),
                Column::Money => match currency(text) {
                    // What stands beside the figure itself is nearer than a column of its own.
                    Some(code) => {
                        let sign = |c: char| c.is_alphabetic() || "€$£".contains(c);
                        let figure: String = text.chars().filter(|c| !sign(*c)).collect();
                        form.push(target, figure.trim_matches([' ', '\u{a0}', '.']));
                        form.set(&format!("{target}.currency"), code);
                    }
                    None => form.push(target, text),
                },
                Column::Currency if form.get(target).is_some() => {}
                Column::Currency => form.push(target, currency(text).unwrap_or(text)),
                Column::Ice | Column::Text => form.push(target, text),
            }
        }
        if form.text(self.rest.0).is_none() {
            form.set(self.rest.0, &self.rest.1);
        }
        form
    }

    /// The commune that stands under these targets, within the province if one is stated; nothing if neither is. The
    /// error names the target that is wrong.
    pub fn place(
        &mut self,
        form: &Fields,
        place: &str,
        province: &str,
    ) -> Option<Result<String, FieldError>> {
        let text = |target| form.text(target).unwrap_or_default().to_owned();
        let stated = (text(place), text(province));
        if stated.0.is_empty() && stated.1.is_empty() {
            return None;
        }
        let found = self.places.entry(stated).or_insert_with_key(|(inside, around)| {
            find(inside, around).map_err(|(around_is_wrong, wrong)| FieldError {
                field: if around_is_wrong { province } else { place }.to_owned(),
                wrong,
            })
        });
        Some(found.clone())
    }
}

/// The code of the currency that is named in a cell, if one is.
fn currency(text: &str) -> Option<&'static str> {
    let signs = [('€', "EUR"), ('$', "USD"), ('£', "GBP")];
    if let Some((_, code)) = signs.into_iter().find(|(sign, _)| text.contains(*sign)) {
        return Some(code);
    }
    let folded = fold::fold(text);
    folded.split(' ').find_map(|word| match word.trim_matches(|c: char| c.is_ascii_digit()) {
        "mad" | "dh" | "dhs" | "dirham" | "dirhams" | "درهم" | "دراهم" | "درهما" => Some("MAD"),
        "eur" | "euro" | "euros" | "اورو" | "يورو" => Some("EUR"),
        "usd" | "dollar" | "dollars" | "دولار" => Some("USD"),
        "xof" | "fcfa" | "cfa" => Some("XOF"),
        "tnd" => Some("TND"),
        "dzd" => Some("DZD"),
        _ => None,
    })
}

/// What people write where they have nothing to write.
fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| "-–—_/.?*".contains(c))
        || matches!(fold::fold(text).as_str(), "neant" | "n a" | "nd" | "null" | "لا شيء")
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
    find(text, "").ok()
}

/// The commune within the province if one is stated; the province itself where no commune is. The error says whether
/// it is the province that is wrong.
fn find(commune: &str, province: &str) -> Result<String, (bool, Wrong)> {
    use kernel::territory::{resolve, resolve_widest};
    let named = |text: &str, find: &dyn Fn(&str) -> Result<String, Wrong>| {
        find(text).or_else(|wrong| bare(text).map_or(Err(wrong), |rest| find(&rest)))
    };
    let stated = (!province.is_empty()).then_some(province);
    let around = stated.map(|province| named(province, &resolve_widest)).transpose();
    let around = around.map_err(|wrong| (true, wrong))?;
    match (commune.is_empty(), around) {
        (true, Some(code)) => Ok(code),
        (_, around) => {
            named(commune, &|text| resolve(text, around.as_deref())).map_err(|wrong| (false, wrong))
        }
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

    #[test]
    fn a_province_tells_communes_and_their_seat_apart() {
        let place = |commune, province| find(commune, province).map(|code| kernel::territory::typed(&code));
        territory();
        assert_eq!(place("Ouarzazate", "Ouarzazate").unwrap(), "Ouarzazate (08.401.01.07)");
        assert_eq!(place("جماعة إكنيون", "إقليم تنغير").unwrap(), "Ikniouen (08.577.05.17)");
        assert!(place("Ikniouen", "Zagora").is_err() && place("", "Zagora").is_ok());
        assert!(place("Ikniouen", "Nulle part").unwrap_err().0, "it is the province that is wrong");
    }

    #[test]
    fn an_amount_names_its_currency_in_many_ways() {
        for (text, code) in [
            ("12 500 DH", Some("MAD")),
            ("500€", Some("EUR")),
            ("1200euros", Some("EUR")),
            ("٥٠٠ درهم", Some("MAD")),
            ("Dirham", Some("MAD")),
            ("12 500", None),
            ("CHF", None),
        ] {
            assert_eq!(currency(text), code, "{text}");
        }
    }
}
