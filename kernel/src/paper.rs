//! What is printed: a room hands a template and data; who turns them into a PDF stands at the top of the house.

use crate::ctx::Producer;
use crate::{App, Ctx, Error, Json, Lang, Reply, Result};

/// A paper of a room: an attestation, a decision, a report.
///
/// The template imports `house.typ` (`kernel/templates/paper/`), which gives it `title`, `lang`, `data` and the look.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The template, in typst: a file of the room's `templates/`.
    pub template: &'static str,
    /// What it is called, on every page and in the list of a reader's files.
    pub title: String,
    /// The language it is written in.
    pub lang: Lang,
    /// What it says; its words too. Text is printed as text, whatever stands in it.
    pub data: Json,
    /// SVG, PNG or JPEG by the name that the template calls it: few names, always the same.
    pub pictures: Vec<(String, Vec<u8>)>,
}

/// Who prints.
#[derive(Clone, Copy, Debug)]
pub struct Press {
    /// Turns a paper into a PDF. The same paper gives the same bytes on the same day.
    pub print: fn(&Paper) -> Result<Vec<u8>>,
    /// Turns an SVG that stands by itself into a PNG.
    pub png: fn(&str) -> Result<Vec<u8>>,
}

impl App {
    /// The paper as a PDF. In a demonstration every page says that it is invented.
    pub fn print(&self, paper: &Paper) -> Result<Vec<u8>> {
        let press = self.press()?.print;
        match &paper.data {
            Json::Object(data) if self.demonstration => {
                let mut data = data.clone();
                data.insert("invented".into(), self.words.speak(paper.lang).t("layout.invented").into());
                press(&Paper { data: Json::Object(data), ..paper.clone() })
            }
            _ => press(paper),
        }
    }

    fn press(&self) -> Result<Press> {
        self.rooms.iter().find_map(|room| room.press).ok_or_else(|| Error::internal("no room prints"))
    }

    /// A drawing in SVG that stands by itself, as a PNG.
    pub fn png(&self, svg: &str) -> Result<Vec<u8>> {
        (self.press()?.png)(svg)
    }
}

impl Ctx {
    /// Shows the paper in the browser; `name` is what it is saved as.
    pub fn paper(&self, paper: &Paper, name: &str) -> Result<Reply> {
        let bytes = self.app.print(paper)?;
        let produce: Producer = Box::new(move |_, out| Ok(out.write_all(&bytes)?));
        Ok(Reply::Download { media: "application/pdf".into(), name: name.to_owned(), inline: true, produce })
    }
}
