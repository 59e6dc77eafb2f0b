//! A drawing as a picture: SVG in, PNG out.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use crate::error::Error;
use crate::fonts::FILES;

static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut database = Database::new();
    FILES.into_iter().for_each(|file| database.load_font_data(file.to_vec()));
    database.set_sans_serif_family("Noto Sans");
    Arc::new(database)
});

/// The most pixels of a side: a drawing is a page, not a wall.
const WIDEST: f32 = 8_000.0;

/// Draws an SVG on white, so many pixels for each of its units, with the fonts of the sheets. It reads no other file.
///
/// # Errors
/// What is no SVG, or larger than a page.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    let options = Options { fontdb: DATABASE.clone(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| Error::Picture(error.to_string()))?;
    let (wide, high) = (tree.size().width() * scale, tree.size().height() * scale);
    let wall = || Error::Picture(format!("{wide} × {high} pixels"));
    if !(1.0..=WIDEST).contains(&wide) || !(1.0..=WIDEST).contains(&high) {
        return Err(wall());
    }
    let mut sheet = Pixmap::new(wide.ceil() as u32, high.ceil() as u32).ok_or_else(wall)?;
    sheet.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut sheet.as_mut());
    sheet.encode_png().map_err(|error| Error::Picture(error.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where it fails")]
mod tests {
    use super::png;
    use crate::Error;

    fn dark(png: &[u8]) -> usize {
        let drawn = resvg::tiny_skia::Pixmap::decode_png(png).unwrap();
        drawn.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    }

    #[test]
    fn letters_of_each_script_are_drawn() {
        for text in ["Tiwizi", "تعاونية", "ⵜⵉⵡⵉⵣⵉ"] {
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='120' height='40'>\
                 <text x='4' y='28' font-size='20' font-family='Noto Sans, Noto Sans Arabic, Noto Sans Tifinagh'>{text}</text></svg>"
            );
            assert!(dark(&png(&svg, 2.0).unwrap()) > 100, "{text}");
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        assert!(matches!(png("<p>", 1.0), Err(Error::Picture(_))));
        let wall = "<svg xmlns='http://www.w3.org/2000/svg' width='90000' height='1'/>";
        assert!(matches!(png(wall, 1.0), Err(Error::Picture(_))));
    }
}
