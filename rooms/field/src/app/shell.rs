//! The page of the app and its files. They hold nothing of anybody's: what is shown comes from the phone or from the pack.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use askama::Template;
use kernel::{Ctx, Error, Lang, Reply, Result, Words};
use sha2::{Digest, Sha256};

use super::told;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../app/", $name)) as &[u8])),+]
    };
}

static FILES: &[(&str, &[u8])] = files![
    "actions.js",
    "app.css",
    "apply.js",
    "assessment.js",
    "cooperative.js",
    "db.js",
    "diagnosis.js",
    "dom.js",
    "door.js",
    "equipment.js",
    "form.js",
    "home.js",
    "ids.js",
    "main.js",
    "media.js",
    "member.js",
    "model.js",
    "newcomer.js",
    "numbers.js",
    "outbox.js",
    "pack.js",
    "past.js",
    "people.js",
    "pin.js",
    "prepare.js",
    "radar.js",
    "rescue.js",
    "rollcall.js",
    "sale.js",
    "scoring.js",
    "sender.js",
    "state.js",
    "uploads.js",
    "vault.js",
    "visit.js",
    "waiting.js",
    "words.js",
];

/// The worker and the page stand outside of the version, which they name.
const WORKER: &str = include_str!("../../app/worker.js");

struct Shelf {
    version: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// Every file of the app under the digest of them all: a phone has all of one version or all of another.
fn shelf(words: Words) -> Result<&'static Shelf> {
    static SHELF: OnceLock<Shelf> = OnceLock::new();
    if let Some(shelf) = SHELF.get() {
        return Ok(shelf);
    }
    let mut files: BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    for lang in Lang::ALL {
        let told = serde_json::to_vec(&told::words(words.speak(lang)))?;
        files.insert(format!("words.{}.json", lang.code()), told);
    }
    files.insert("forms.json".to_owned(), serde_json::to_vec(&told::forms())?);
    for name in ["mark.svg", "favicon.svg"] {
        if let Some(asset) = kernel::assets::at(kernel::assets::address(name)) {
            files.insert(name.to_owned(), asset.bytes.to_vec());
        }
    }
    let mut hash = Sha256::new();
    hash.update(WORKER);
    for (name, bytes) in &files {
        hash.update(name);
        hash.update(bytes);
    }
    let version = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Ok(SHELF.get_or_init(|| Shelf { version, files }))
}

fn media(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        _ => "image/svg+xml",
    }
}

fn plain(media: &'static str, body: Vec<u8>) -> Reply {
    Reply::Body { status: 200, media, body }
}

/// `/field`: the app lives one step further, where its worker may serve it without a network.
pub(super) fn enter(_: &Ctx) -> Result<Reply> {
    Ok(Reply::Seen("/field/".to_owned()))
}

#[derive(Template)]
#[template(path = "app_shell.html")]
struct Shell<'a> {
    w: Words,
    version: &'a str,
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let shell = Shell { w: ctx.w, version: &shelf(ctx.w)?.version };
    Ok(plain("text/html; charset=utf-8", shell.render().map_err(Error::internal)?.into_bytes()))
}

pub(super) fn manifest(ctx: &Ctx) -> Result<Reply> {
    let version = &shelf(ctx.w)?.version;
    let manifest = serde_json::json!({
        "id": "/field/", "start_url": "/field/", "scope": "/field/", "display": "standalone", "orientation": "portrait",
        "name": ctx.w.t("app.name"), "short_name": ctx.w.t("app.short_name"), "description": ctx.w.t("app.about"),
        "lang": ctx.w.lang.code(), "dir": ctx.w.lang.dir(), "background_color": "#fbf8f2", "theme_color": "#17594a",
        "icons": [{ "src": format!("/field/app/{version}/favicon.svg"), "sizes": "any", "type": "image/svg+xml" }],
    });
    Ok(plain("application/manifest+json", serde_json::to_vec(&manifest)?))
}

/// The worker that keeps the app on the phone; it is told which files make up this version.
pub(super) fn worker(ctx: &Ctx) -> Result<Reply> {
    let shelf = shelf(ctx.w)?;
    let names: Vec<&String> = shelf.files.keys().collect();
    let held = serde_json::json!({ "version": shelf.version, "files": names });
    let text = WORKER.replace("/* version and files */ null", &held.to_string());
    Ok(plain("text/javascript; charset=utf-8", text.into_bytes()))
}

/// A file of the app. One of another version is gone: the page that asks for it is told so, and reloads.
pub(super) fn file(ctx: &Ctx) -> Result<Reply> {
    let shelf = shelf(ctx.w)?;
    let name = ctx.param("name")?;
    let found =
        shelf.files.get(name).filter(|_| ctx.param("version").is_ok_and(|asked| asked == shelf.version));
    found.map(|bytes| plain(media(name), bytes.clone())).ok_or(Error::NotFound)
}
