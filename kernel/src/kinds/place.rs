//! Places and territories.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Column, Input, Kind, Names, Raw, ascii_digits, itself, one_text};
use crate::html::{self, Html};
use crate::value::{Row, ToValue, Value};
use crate::{Lang, Result, Words, Wrong};

/// A place: the code of a division and, if known, a point (WGS 84 degrees).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Place {
    /// Code of the division in its country's list.
    pub division: String,
    /// Latitude.
    pub lat: Option<f64>,
    /// Longitude.
    pub lon: Option<f64>,
}

impl Kind for Place {
    const INPUT: Input = Input::Place;
    const COLUMNS: &'static [(&'static str, Column)] =
        &[("", Column::Text), ("_lat", Column::Real), ("_lon", Column::Real)];
    fn put(&self) -> Vec<Value> {
        vec![self.division.to_value(), self.lat.to_value(), self.lon.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Place>> {
        let (division, lat, lon): (Option<String>, _, _) = (row.take()?, row.take()?, row.take()?);
        Ok(division.map(|division| Place { division, lat, lon }))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Place>, Wrong> {
        let Some(text) = raw.text().or_else(|| raw.part("division")) else { return Ok(None) };
        let division = crate::territory::resolve(text, raw.part("in"))?;
        let degree = |part: &str, most: f64| match raw.part(part) {
            None => Ok(None),
            Some(text) => ascii_digits(text)
                .replace(',', ".")
                .parse::<f64>()
                .ok()
                .filter(|x| x.abs() <= most)
                .map(Some)
                .ok_or_else(|| Wrong::new("error.point")),
        };
        let (lat, lon) = (degree("lat", 90.0)?, degree("lon", 180.0)?);
        if lat.is_some() != lon.is_some() {
            return Err(Wrong::new("error.point"));
        }
        Ok(Some(Place { division, lat, lon }))
    }
    fn json(&self) -> Json {
        serde_json::json!({ "division": self.division, "lat": self.lat, "lon": self.lon })
    }
    fn typed(&self) -> Vec<(String, String)> {
        let mut parts = itself(crate::territory::typed(&self.division));
        parts.extend(self.lat.map(|x| ("lat".into(), x.to_string())));
        parts.extend(self.lon.map(|x| ("lon".into(), x.to_string())));
        parts
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::text(&crate::territory::path(&self.division, w.lang))
    }
}

/// Several divisions: the territory of a programme. Typed as names or codes apart by semicolons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Divisions(pub Vec<String>);

impl Kind for Divisions {
    const INPUT: Input = Input::Line;
    fn put(&self) -> Vec<Value> {
        vec![self.0.join(",").to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Divisions>> {
        one_text(row, |text| Some(Divisions(text.split(',').map(str::to_owned).collect())))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Divisions>, Wrong> {
        let typed = raw
            .fields
            .all(raw.name)
            .flat_map(|text| text.split([';', '؛', '\n']))
            .map(str::trim)
            .filter(|t| !t.is_empty());
        let mut codes = typed.map(crate::territory::resolve_widest).collect::<Result<Vec<_>, Wrong>>()?;
        codes.sort();
        codes.dedup();
        Ok((!codes.is_empty()).then_some(Divisions(codes)))
    }
    fn json(&self) -> Json {
        self.0.iter().map(|code| Json::from(code.as_str())).collect::<Vec<_>>().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(self.0.iter().map(|code| crate::territory::typed(code)).collect::<Vec<_>>().join(" ; "))
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        let separator = if w.lang == Lang::Ar { "، " } else { ", " };
        html::text(&self.0.iter().map(|code| w.division(code)).collect::<Vec<_>>().join(separator))
    }
}
