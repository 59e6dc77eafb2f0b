//! What a census counted in one division.

use std::collections::HashMap;

use serde::Deserialize;

/// Whom a row of the census counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Women and men together.
    All,
    /// Women alone.
    Female,
    /// Men alone.
    Male,
}

/// The figures of one division and sex; rates are percentages, and what was not published is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Census {
    /// People who live there.
    #[serde(rename = "population_municipal")]
    pub population: Option<f64>,
    /// Share of those aged ten and over who do not read.
    #[serde(rename = "illiteracy_rate_10_plus")]
    pub illiteracy: Option<f64>,
    /// People aged fifteen and over.
    #[serde(rename = "labour_population_15_plus")]
    pub adults: Option<f64>,
    /// Share of the adults who work or look for work.
    #[serde(rename = "labour_activity_rate")]
    pub activity: Option<f64>,
    /// Share of the active who look for work.
    #[serde(rename = "labour_unemployment_rate")]
    pub unemployment: Option<f64>,
    /// People who work.
    #[serde(rename = "labour_employed")]
    pub employed: Option<f64>,
    /// Share of the employed who work as members of a cooperative.
    #[serde(rename = "employment_status_cooperative_member")]
    pub cooperative_members: Option<f64>,
    /// Share of the employed who work on their own account.
    #[serde(rename = "employment_status_self_employed")]
    pub self_employed: Option<f64>,
    /// Share of the employed who work for their family.
    #[serde(rename = "employment_status_family_worker")]
    pub family_workers: Option<f64>,
    /// Share of those who speak Darija.
    #[serde(rename = "local_languages_darija")]
    pub darija: Option<f64>,
    /// Share of those who speak Tachelhit.
    #[serde(rename = "local_languages_tachelhit")]
    pub tachelhit: Option<f64>,
    /// Share of those who speak Tamazight.
    #[serde(rename = "local_languages_tamazight")]
    pub tamazight: Option<f64>,
    /// Share of those who speak Tarifit.
    #[serde(rename = "local_languages_tarifit")]
    pub tarifit: Option<f64>,
    /// Establishments that do business, counted without regard to sex.
    #[serde(rename = "establishments_business")]
    pub businesses: Option<f64>,
    /// Weekly markets, counted without regard to sex.
    pub weekly_souks: Option<f64>,
}

#[derive(Deserialize)]
struct Key {
    code: String,
    sex: Sex,
}

/// The rows of a census, by code and sex.
pub(crate) type Rows = HashMap<(String, Sex), Census>;

/// Reads every row of a census.
pub(crate) fn read(text: &str) -> Result<Rows, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|e| e.to_string())?.clone();
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let key: Key = record.deserialize(Some(&headers)).map_err(|e| e.to_string())?;
        let census = record.deserialize(Some(&headers)).map_err(|e| e.to_string())?;
        rows.insert((key.code, key.sex), census);
    }
    Ok(rows)
}
