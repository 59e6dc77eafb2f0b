//! Papers of the rooms become PDF here, so that no room knows how.

use kernel::paper::Paper;
use kernel::{Error, Result};
use serde_json::json;

const HOUSE: &str = include_str!("../../kernel/templates/paper/house.typ");
const MARK: &[u8] = include_bytes!("../../kernel/assets/mark.svg");

/// The press of the house.
pub const PRESS: kernel::Press = kernel::Press { print, png };

/// Prints in the style of the house.
fn print(paper: &Paper) -> Result<Vec<u8>> {
    let today = kernel::today();
    let pictures = paper.pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let sheet = press::Sheet {
        template: paper.template,
        library: &[("house.typ", HOUSE)],
        data: &json!({ "title": paper.title, "lang": paper.lang.code(), "data": paper.data }),
        pictures: &std::iter::once(("mark.svg", MARK)).chain(pictures).collect::<Vec<_>>(),
        date: (today.year().into(), today.month().unsigned_abs(), today.day().unsigned_abs()),
    };
    press::pdf(&sheet).map_err(|e| Error::internal(format!("paper « {} »: {e}", paper.title)))
}

/// Draws at twice its size, so that it is sharp in a slide.
fn png(svg: &str) -> Result<Vec<u8>> {
    press::png(svg, 2.0).map_err(Error::internal)
}
