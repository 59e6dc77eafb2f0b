//! Where a product comes from, on the map.

use std::collections::BTreeMap;

use atlas::{Choropleth, Frame, Level, Value};
use kernel::kinds::Divisions;
use kernel::{Error, Html, Result, Words};

/// The provinces of an origin among their neighbours in the région, or nothing where there is no outline.
pub(crate) fn map(w: Words, origin: &Divisions) -> Result<Option<Html>> {
    let Some(atlas) = kernel::territory::atlas() else { return Ok(None) };
    let region_of = |code: &str| code.split('.').next().unwrap_or_default().to_owned();
    let regions: Vec<String> = origin.0.iter().map(|code| region_of(code)).collect();
    let wide = origin.0.iter().any(|code| !code.contains('.'));
    let depth = if wide { 1 } else { 2 };
    let values: BTreeMap<String, Value> = origin
        .0
        .iter()
        .map(|code| {
            let part: Vec<&str> = code.split('.').take(depth).collect();
            let value = Value { number: 1.0, label: w.division(code), href: None };
            (part.join("."), value)
        })
        .collect();
    let one_region = regions.iter().all(|region| Some(region) == regions.first());
    let frame = match regions.first() {
        Some(region) if one_region && !wide => Frame::Inside(region),
        _ => Frame::Country,
    };
    let (title, description) = (w.t("product.origin"), w.t("product.origin_map"));
    let drawn = atlas.choropleth(&Choropleth {
        level: if wide { Level::Region } else { Level::Province },
        frame,
        language: w.lang.code(),
        title: &title,
        description: &description,
        values,
    });
    Ok(Some(Html(drawn.map_err(Error::internal)?.svg)))
}

/// An origin in words.
pub(crate) fn told(w: Words, origin: &Divisions) -> String {
    origin.0.iter().map(|code| w.place(code)).collect::<Vec<_>>().join(&w.t("comma"))
}
