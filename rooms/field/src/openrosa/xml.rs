//! Writes XML, every text escaped.

use kernel::{Error, Result};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document in the making.
pub(crate) struct Xml(Writer<Vec<u8>>);

/// Attributes of an element.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    pub(crate) fn new() -> Result<Xml> {
        let mut xml = Xml(Writer::new(Vec::new()));
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(xml)
    }

    fn put(&mut self, event: Event<'_>) -> Result<()> {
        self.0.write_event(event).map_err(Error::internal)
    }

    /// Begins an element.
    pub(crate) fn open(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        self.put(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    /// Ends it.
    pub(crate) fn close(&mut self, name: &str) -> Result<()> {
        self.put(Event::End(BytesEnd::new(name)))
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        self.put(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    /// An element with a text.
    pub(crate) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> Result<()> {
        self.open(name, attributes)?;
        self.put(Event::Text(BytesText::new(text)))?;
        self.close(name)
    }

    /// The document.
    pub(crate) fn done(self) -> Result<String> {
        String::from_utf8(self.0.into_inner()).map_err(Error::internal)
    }
}
