//! The square that a telephone's camera reads.

use crate::{Error, Html, Result};

/// A text as a square code: an SVG element, for a page or for a paper.
pub fn square(text: &str) -> Result<Html> {
    let code = qrcode::QrCode::new(text).map_err(Error::internal)?;
    let drawn = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
    // What stands before the element is the head of a document of its own.
    let at = drawn.find("<svg").unwrap_or(0);
    Ok(Html(drawn[at..].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_without_the_head_of_a_document() {
        assert!(square("https://tiwizi.example/verify/0").is_ok_and(|drawn| drawn.0.starts_with("<svg ")));
        assert!(square(&"x".repeat(10_000)).is_err());
    }
}
