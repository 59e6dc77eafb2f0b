//! Divisions of a country, their census and outlines, and small pictures drawn as inline SVG.

mod bar;
mod census;
mod choropleth;
mod divisions;
mod outline;
mod radar;
mod timeline;
mod woven;

pub use bar::bar;
pub use census::{Census, Sex};
pub use choropleth::{Choropleth, Frame, Map, Step, Value};
pub use divisions::{Atlas, Division, Level, Pack, Within};
pub use radar::{Radar, Spoke};
pub use timeline::{Overlap, Row, Timeline};
pub use woven::woven;

/// Text made safe inside an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}
