//! Files served with the pages: style, scripts, fonts. Their address carries their digest, so browsers keep them.

use std::collections::HashMap;
use std::hash::Hasher as _;
use std::sync::OnceLock;

/// A file of the interface.
pub struct Asset {
    /// Media type.
    pub media: &'static str,
    /// Content.
    pub bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal $media:literal),+ $(,)?) => {
        &[$(($name, Asset { media: $media, bytes: include_bytes!(concat!("../assets/", $name)) })),+]
    };
}

static FILES: &[(&str, Asset)] = assets![
    "tiwizi.js" "text/javascript; charset=utf-8",
    "sound.js" "text/javascript; charset=utf-8",
    "mark.svg" "image/svg+xml",
    "favicon.svg" "image/svg+xml",
    "fonts/arabic-regular.woff2" "font/woff2",
    "fonts/arabic-bold.woff2" "font/woff2",
    "fonts/tifinagh.woff2" "font/woff2",
];

const STYLE: &str = include_str!("../assets/tiwizi.css");

struct Shelf {
    by_address: HashMap<&'static str, Asset>,
    addresses: HashMap<&'static str, &'static str>,
}

fn shelf() -> &'static Shelf {
    static SHELF: OnceLock<Shelf> = OnceLock::new();
    SHELF.get_or_init(|| {
        let mut shelf = Shelf { by_address: HashMap::new(), addresses: HashMap::new() };
        let mut style = STYLE.to_owned();
        for (name, asset) in FILES {
            let address = put(&mut shelf, name, Asset { media: asset.media, bytes: asset.bytes });
            style = style
                .replace(&format!("url(\"{name}\")"), &format!("url(\"{address}\")"))
                .replace(&format!("url({name})"), &format!("url({address})"));
        }
        put(
            &mut shelf,
            "tiwizi.css",
            Asset { media: "text/css; charset=utf-8", bytes: String::leak(style).as_bytes() },
        );
        shelf
    })
}

fn put(shelf: &mut Shelf, name: &'static str, asset: Asset) -> &'static str {
    use sha2::{Digest, Sha256};
    let hash: String = Sha256::digest(asset.bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let address: &'static str = String::leak(format!("/assets/{hash}/{name}"));
    shelf.by_address.insert(address, asset);
    shelf.addresses.insert(name, address);
    address
}

/// The address of a file by its name; the name itself if there is none, which a test notices.
pub fn address(name: &str) -> &'static str {
    shelf().addresses.get(name).copied().unwrap_or("/assets/missing")
}

/// The file at an address.
pub fn at(address: &str) -> Option<&'static Asset> {
    shelf().by_address.get(address)
}

/// An entity tag for these bytes: it tells one version of a page from the next and proves nothing, so a quick hash will do.
pub(crate) fn tag(bytes: &[u8]) -> String {
    let mut hash = std::hash::DefaultHasher::new();
    hash.write(bytes);
    format!("\"{:016x}\"", hash.finish())
}
