//! The divisions of a country: what they are called, where they stand, and how typed text finds them.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::census::{self, Census, Sex};
use crate::outline::Layer;

/// The texts of a country pack: two CSV files and three TopoJSON files.
#[derive(Clone, Copy, Debug)]
pub struct Pack {
    /// CSV: code, level, kind, parent, name_fr, name_ar, population_2024, households_2024, lat, lon.
    pub divisions: &'static str,
    /// CSV: code, sex and the columns of [`Census`].
    pub census: &'static str,
    /// TopoJSON whose areas carry the codes of regions.
    pub regions: &'static str,
    /// TopoJSON whose areas carry the codes of provinces.
    pub provinces: &'static str,
    /// TopoJSON whose areas carry the codes of communes.
    pub communes: &'static str,
}

/// How far down a division stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// First below the country.
    Region,
    /// Province or prefecture.
    Province,
    /// Group of communes; not every commune is in one, and it has no outline.
    Cercle,
    /// The smallest.
    Commune,
}

/// One division of the country.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Division {
    /// The statistical office's code.
    pub code: String,
    /// How far down it stands.
    pub level: Level,
    /// What it is within its level: province or prefecture, urban or rural.
    pub kind: String,
    /// The code of the division around it.
    pub parent: Option<String>,
    /// Its French name.
    pub name_fr: String,
    /// Its Arabic name.
    pub name_ar: String,
    /// People who live there.
    #[serde(rename = "population_2024")]
    pub population: Option<u64>,
    /// Households there.
    #[serde(rename = "households_2024")]
    pub households: Option<u64>,
    /// Latitude of a point inside it, in degrees.
    pub lat: Option<f64>,
    /// Longitude of the same point.
    pub lon: Option<f64>,
}

impl Division {
    /// Its name for a reader of this language: Arabic for `ar`, French for every other.
    pub fn name(&self, language: &str) -> &str {
        if language == "ar" { &self.name_ar } else { &self.name_fr }
    }
}

/// Limits of a search; the default has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Within<'a> {
    /// Only divisions of this level.
    pub level: Option<Level>,
    /// Only divisions inside the one with this code.
    pub ancestor: Option<&'a str>,
}

/// Every division of a country, with its census and outlines.
pub struct Atlas {
    pack: Pack,
    fold: fn(&str) -> String,
    divisions: Vec<Division>,
    by_code: HashMap<String, usize>,
    children: HashMap<String, Vec<usize>>,
    by_name: OnceLock<HashMap<String, Vec<usize>>>,
    census: OnceLock<Result<census::Rows, String>>,
    layers: [OnceLock<Result<Layer, String>>; 3],
}

impl Atlas {
    /// Reads the divisions of a pack. Names are compared after `fold`, which drops case, accents and the like.
    pub fn load(pack: &Pack, fold: fn(&str) -> String) -> Result<Atlas, String> {
        let mut divisions: Vec<Division> = Vec::new();
        for row in csv::Reader::from_reader(pack.divisions.as_bytes()).deserialize() {
            divisions.push(row.map_err(|e| format!("divisions: {e}"))?);
        }
        let by_code: HashMap<_, _> = divisions.iter().enumerate().map(|(i, d)| (d.code.clone(), i)).collect();
        let mut children: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, division) in divisions.iter().enumerate() {
            let Some(parent) = &division.parent else { continue };
            if !by_code.contains_key(parent) {
                return Err(format!("divisions: {} stands in {parent}, which is missing", division.code));
            }
            children.entry(parent.clone()).or_default().push(i);
        }
        Ok(Atlas {
            pack: *pack,
            fold,
            divisions,
            by_code,
            children,
            by_name: OnceLock::new(),
            census: OnceLock::new(),
            layers: Default::default(),
        })
    }

    /// The division with this code.
    pub fn get(&self, code: &str) -> Option<&Division> {
        self.by_code.get(code).map(|&i| &self.divisions[i])
    }

    /// Its name for a reader of this language; the code itself where no division has it.
    pub fn name<'a>(&'a self, code: &'a str, language: &str) -> &'a str {
        self.get(code).map_or(code, |d| d.name(language))
    }

    /// Name and province, which tell divisions of one name apart: `Aït Ourir — Al Haouz`.
    pub fn label(&self, code: &str, language: &str) -> String {
        let name = self.name(code, language);
        let province = self.ancestors(code).into_iter().find(|d| d.level == Level::Province);
        province.map_or_else(|| name.to_owned(), |p| format!("{name} — {}", p.name(language)))
    }

    /// The divisions of a level, in the order of the pack.
    pub fn level(&self, level: Level) -> impl Iterator<Item = &Division> {
        self.divisions.iter().filter(move |d| d.level == level)
    }

    /// The divisions directly inside one.
    pub fn children(&self, code: &str) -> impl Iterator<Item = &Division> {
        self.children.get(code).into_iter().flatten().map(|&i| &self.divisions[i])
    }

    /// The divisions around one, from the largest; without the division itself.
    pub fn ancestors(&self, code: &str) -> Vec<&Division> {
        let mut path = Vec::new();
        let mut next = self.get(code).and_then(|d| d.parent.as_deref());
        while let Some(division) = next.and_then(|code| self.get(code)) {
            path.push(division);
            next = division.parent.as_deref().filter(|_| path.len() < 4);
        }
        path.reverse();
        path
    }

    /// Whether a division is another one or stands inside it.
    pub fn is_within(&self, code: &str, ancestor: &str) -> bool {
        code == ancestor || self.ancestors(code).iter().any(|d| d.code == ancestor)
    }

    /// Every division that a typed text names exactly, by its code or by a folded name: several where the name is
    /// shared, so that the choice can be shown with [`Atlas::label`].
    pub fn find(&self, query: &str, within: Within) -> Vec<&Division> {
        if let Some(division) = self.get(query.trim()) {
            return if self.allows(within, division) { vec![division] } else { Vec::new() };
        }
        let named = self.by_name().get(&(self.fold)(query));
        named.into_iter().flatten().map(|&i| &self.divisions[i]).filter(|d| self.allows(within, d)).collect()
    }

    /// Divisions whose name begins with a typed text, the most populous first: for help while typing.
    pub fn suggest(&self, query: &str, within: Within, limit: usize) -> Vec<&Division> {
        let query = (self.fold)(query);
        if query.is_empty() {
            return Vec::new();
        }
        let named = self.by_name().iter().filter(|(name, _)| name.starts_with(&query));
        let mut places: Vec<usize> = named.flat_map(|(_, places)| places).copied().collect();
        places.sort_unstable();
        places.dedup();
        let mut found: Vec<_> =
            places.into_iter().map(|i| &self.divisions[i]).filter(|d| self.allows(within, d)).collect();
        found.sort_by_key(|d| std::cmp::Reverse(d.population));
        found.truncate(limit);
        found
    }

    /// What the census counted there; `None` where it has no such row.
    pub fn census(&self, code: &str, sex: Sex) -> Option<&Census> {
        let rows = self.census.get_or_init(|| census::read(self.pack.census)).as_ref().ok()?;
        rows.get(&(code.to_owned(), sex))
    }

    /// The outlines of a level.
    pub(crate) fn layer(&self, level: Level) -> Result<&Layer, String> {
        let (slot, text) = match level {
            Level::Region => (0, self.pack.regions),
            Level::Province => (1, self.pack.provinces),
            Level::Commune => (2, self.pack.communes),
            Level::Cercle => return Err("cercles have no outlines".into()),
        };
        self.layers[slot].get_or_init(|| Layer::read(text)).as_ref().map_err(|e| format!("{level:?}: {e}"))
    }

    fn allows(&self, within: Within, division: &Division) -> bool {
        within.level.is_none_or(|level| division.level == level)
            && within.ancestor.is_none_or(|code| self.is_within(&division.code, code))
    }

    fn by_name(&self) -> &HashMap<String, Vec<usize>> {
        self.by_name.get_or_init(|| {
            let mut names: HashMap<String, Vec<usize>> = HashMap::new();
            for (i, division) in self.divisions.iter().enumerate() {
                for name in [&division.name_fr, &division.name_ar] {
                    let places = names.entry((self.fold)(name)).or_default();
                    if places.last() != Some(&i) {
                        places.push(i);
                    }
                }
            }
            names
        })
    }
}
