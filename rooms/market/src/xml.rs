//! Writes XML: elements and texts.

use kernel::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document that is being written.
pub struct Xml(Writer<Vec<u8>>);

/// Attributes of an element.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// A document, begun.
    pub fn new() -> Result<Xml> {
        let mut out = Xml::part();
        out.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(out)
    }

    /// A part of a document that is sent piece by piece.
    pub fn part() -> Xml {
        Xml(Writer::new(Vec::new()))
    }

    /// The beginning of an element that [`Xml::close`] ends.
    pub fn open(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        Ok(self.0.write_event(Event::Start(start(name, attributes)))?)
    }

    /// Ends the element that [`Xml::open`] began.
    pub fn close(&mut self, name: &str) -> Result<()> {
        Ok(self.0.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// An element with nothing in it.
    pub fn leaf(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        Ok(self.0.write_event(Event::Empty(start(name, attributes)))?)
    }

    /// An element with a text in it.
    pub fn text(&mut self, name: &str, text: &str) -> Result<()> {
        self.text_with(name, &[], text)
    }

    /// The same with attributes.
    pub fn text_with(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> Result<()> {
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(&plain(text))))?;
        self.close(name)
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_inner()
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'a>) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, text) in attributes {
        start.push_attribute((*name, plain(text).as_str()));
    }
    start
}

/// The text without what XML 1.0 cannot hold, not even escaped.
fn plain(text: &str) -> String {
    let holds = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(|c| holds(c) && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use super::*;

    #[test]
    fn texts_are_escaped_and_what_cannot_be_told_is_left_out() {
        let mut xml = Xml::part();
        xml.text("a", "1 < 2 & \u{b}رقم").unwrap();
        xml.leaf("b", &[("c", "\"<")]).unwrap();
        assert_eq!(
            String::from_utf8(xml.finish()).unwrap(),
            "<a>1 &lt; 2 &amp; رقم</a><b c=\"&quot;&lt;\"/>"
        );
    }
}
