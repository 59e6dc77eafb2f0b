//! The fonts, read once.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The fonts and what the engine knows of them.
pub(crate) struct Fonts {
    pub(crate) list: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

/// The files, as they stand in `fonts/`.
pub(crate) const FILES: [&[u8]; 7] = [
    include_bytes!("../fonts/sans-regular.ttf"),
    include_bytes!("../fonts/sans-bold.ttf"),
    include_bytes!("../fonts/arabic-regular.ttf"),
    include_bytes!("../fonts/arabic-bold.ttf"),
    include_bytes!("../fonts/tifinagh.ttf"),
    include_bytes!("../fonts/signs.ttf"),
    include_bytes!("../fonts/shapes.ttf"),
];

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let list: Vec<Font> = FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    let book = LazyHash::new(FontBook::from_fonts(&list));
    Fonts { list, book }
});

impl Fonts {
    /// Whether one font has all of these characters.
    pub(crate) fn have(&self, text: impl Iterator<Item = char> + Clone) -> bool {
        self.list.iter().any(|font| text.clone().all(|c| font.info().coverage.contains(c.into())))
    }
}
