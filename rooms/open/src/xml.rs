//! Writes XML: elements, attributes, and texts in several languages as IATI wants them.

use kernel::Result;
use kernel::kinds::Multi;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document that is being written.
pub(crate) struct Xml(Writer<Vec<u8>>);

/// Attributes of an element.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    pub(crate) fn new() -> Result<Xml> {
        let mut out = Writer::new_with_indent(Vec::new(), b' ', 1);
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Xml(out))
    }

    /// An element with everything in it.
    pub(crate) fn element(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Xml) -> Result<()>,
    ) -> Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))?;
        inside(self)?;
        Ok(self.0.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// An element with nothing in it.
    pub(crate) fn leaf(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        Ok(self.0.write_event(Event::Empty(start(name, attributes)))?)
    }

    /// An element with a text in it.
    pub(crate) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> Result<()> {
        self.element(name, attributes, |xml| {
            Ok(xml.0.write_event(Event::Text(BytesText::new(&plain(text))))?)
        })
    }

    /// An element with a `narrative` a language.
    pub(crate) fn told(&mut self, name: &str, attributes: Attributes<'_>, text: &Multi) -> Result<()> {
        self.element(name, attributes, |xml| {
            // IATI names languages by two letters.
            let told = text.0.iter().filter(|(language, _)| language.len() == 2);
            for (language, text) in told {
                xml.text("narrative", &[("xml:lang", language)], text)?;
            }
            Ok(())
        })
    }

    pub(crate) fn finish(self) -> Vec<u8> {
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
    let holds = |c: &char| !c.is_control() || matches!(c, '\n' | '\t') || ('\u{80}'..'\u{a0}').contains(c);
    text.chars().filter(|c| holds(c) && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_the_rest_is_escaped() {
        let mut xml = Xml::new().unwrap();
        xml.text("a", &[("b", "\"<&\u{1}")], "1 < 2 & \u{b}رقم").unwrap();
        let text = String::from_utf8(xml.finish()).unwrap();
        assert!(text.ends_with("<a b=\"&quot;&lt;&amp;\">1 &lt; 2 &amp; رقم</a>"), "{text}");
    }
}
