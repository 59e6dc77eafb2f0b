//! Makes PDF pages of a template, data and pictures, and PNG of SVG. It knows no product.
//!
//! [`pdf`] takes a [`Sheet`]: a typst template, the files it imports, data as JSON, pictures and a day. The data is
//! read by the template (`json("data.json")`), so nothing that people wrote is ever run. Fonts for Latin, Arabic and
//! Tifinagh are inside. The same sheet gives the same bytes.

mod error;
mod fonts;
mod picture;
mod printable;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use typst::comemo;
use typst::foundations::{Datetime, Smart};
use typst::model::Document;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use error::{Error, Fault};
pub use picture::png;
use world::Desk;

/// What goes on paper.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The template, in typst.
    pub template: &'a str,
    /// Other files of typst by name, for `import`.
    pub library: &'a [(&'a str, &'a str)],
    /// What the template reads with `json("data.json")`.
    pub data: &'a serde_json::Value,
    /// SVG, PNG or JPEG by the name that the template calls it.
    pub pictures: &'a [(&'a str, &'a [u8])],
    /// Year, month and day: what `datetime.today()` answers and the file says of its making.
    pub date: (i32, u8, u8),
}

/// Results kept over this many sheets: repeated sheets of one template stay fast and memory stays bounded.
const REMEMBERED: usize = 8;

/// Prints the sheet as PDF/A-2a, and PDF/UA-1 if the template sets the title and the language of the document.
///
/// # Errors
/// The messages of the template engine with their places; a date that no calendar has; a name that is no file name.
pub fn pdf(sheet: &Sheet<'_>) -> Result<Vec<u8>, Error> {
    let (year, month, day) = sheet.date;
    let date = Datetime::from_ymd(year, month, day).ok_or(Error::Date)?;
    let desk = Desk::new(sheet, date)?;
    let printed = catch_unwind(AssertUnwindSafe(|| print(&desk, date)));
    comemo::evict(REMEMBERED);
    printed.unwrap_or(Err(Error::Engine))
}

fn print(desk: &Desk, date: Datetime) -> Result<Vec<u8>, Error> {
    let faults = |found: &[_]| Error::Template(error::faults(desk, found));
    let document: PagedDocument = typst::compile(desk).output.map_err(|found| faults(&found))?;
    let about = document.info();
    let spoken = about.title.is_some() && about.locale.is_custom();
    let standards: &[_] = if spoken { &[PdfStandard::A_2a, PdfStandard::Ua_1] } else { &[PdfStandard::A_2a] };
    let options = PdfOptions {
        creator: Smart::Custom(None),
        timestamp: Some(Timestamp::new_utc(date)),
        standards: PdfStandards::new(standards).map_err(|_| Error::Engine)?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|found| faults(&found))
}
