//! The territory: the country pack's divisions and census, read once.

use std::sync::OnceLock;

use atlas::{Atlas, Level, Within};

use crate::{Ctx, Lang, Reply, Result, Wrong};

/// The country that the divisions of the pack belong to (ISO 3166-1).
pub const COUNTRY: &str = "MA";

static ATLAS: OnceLock<Atlas> = OnceLock::new();
static CREDIT: OnceLock<[String; 4]> = OnceLock::new();

/// Opens a country pack; the first one opened serves the process. `credit` is the line its licence asks for.
pub fn open(pack: &atlas::Pack, credit: impl Fn(Lang) -> String) -> Result<()> {
    if ATLAS.get().is_none() {
        let read = Atlas::load(pack, fold::fold).map_err(crate::Error::internal)?;
        let _ = ATLAS.set(read);
        let _ = CREDIT.set(Lang::ALL.map(credit));
    }
    Ok(())
}

/// The atlas of the open pack; `None` in a house without territory.
pub fn atlas() -> Option<&'static Atlas> {
    ATLAS.get()
}

/// The credit line of the open pack.
pub fn credit(lang: Lang) -> String {
    CREDIT.get().map_or_else(String::new, |lines| lines[lang as usize].clone())
}

/// The name of a division for this reader; its code if the pack does not have it.
pub fn name(code: &str, lang: Lang) -> String {
    atlas().map_or(code, |atlas| atlas.name(code, lang.code())).to_owned()
}

/// « Kalâat M'gouna, Tinghir »: a division and its province.
pub fn path(code: &str, lang: Lang) -> String {
    let separator = if lang == Lang::Ar { "، " } else { ", " };
    match province(code) {
        // A town and its province often share a name, which says it once.
        Some(province) if name(&province, lang) != name(code, lang) => {
            format!("{}{separator}{}", name(code, lang), name(&province, lang))
        }
        _ => name(code, lang),
    }
}

/// What a form shows for a division: its name and, so that it is found again without doubt, its code.
pub fn typed(code: &str) -> String {
    format!("{} ({code})", name(code, Lang::Fr))
}

/// The code of the province of a division.
pub fn province(code: &str) -> Option<String> {
    ancestors(code).into_iter().find(|code| code.matches('.').count() == 1)
}

/// The division itself and everything it lies in, from the nearest to the widest.
pub fn ancestors(code: &str) -> Vec<String> {
    let mut codes = vec![code.to_owned()];
    let mut rest = code;
    while let Some((before, _)) = rest.rsplit_once('.') {
        codes.push(before.to_owned());
        rest = before;
    }
    codes
}

/// The range of codes inside a division, for `code >= ? and code < ?`.
pub fn range(code: &str) -> (String, String) {
    (code.to_owned(), format!("{code}/"))
}

/// The division that somebody typed: a code, a name, or a name with its code in brackets.
pub fn resolve(text: &str, inside: Option<&str>) -> Result<String, Wrong> {
    let unknown = || Wrong::new("error.place").with("typed", text.chars().take(60).collect::<String>());
    let atlas = atlas().ok_or_else(unknown)?;
    if let Some((_, code)) = text.rsplit_once('(') {
        let code = code.trim_end_matches(')').trim();
        if atlas.get(code).is_some() {
            return Ok(code.to_owned());
        }
    }
    let mut found = find(text);
    if let Some(inside) = inside.and_then(|inside| resolve_widest(inside).ok()) {
        found.retain(|code| ancestors(code).contains(&inside));
    }
    // A commune and its cercle or province often share a name: the smallest is where the cooperative is.
    let deepest = found.iter().map(|code| code.matches('.').count()).max();
    found.retain(|code| Some(code.matches('.').count()) == deepest);
    match &found[..] {
        [] => Err(unknown()),
        [one] => Ok(one.clone()),
        several => {
            let names: Vec<_> =
                several.iter().take(6).map(|code| format!("{} ({code})", path(code, Lang::Fr))).collect();
            Err(Wrong::new("error.place_several").with("names", names.join(" ; ")))
        }
    }
}

/// The widest division that somebody typed: filters take « Tinghir » for the province.
pub fn resolve_widest(text: &str) -> Result<String, Wrong> {
    if text.contains('(') {
        return resolve(text, None);
    }
    let mut found = find(text);
    found.sort_by_key(|code| code.matches('.').count());
    match found.into_iter().next() {
        Some(code) => Ok(code),
        None => resolve(text, None),
    }
}

/// Codes of the divisions with this code or name, in any spelling of the name that folds or sounds the same.
fn find(text: &str) -> Vec<String> {
    let Some(atlas) = atlas() else { return Vec::new() };
    let exact: Vec<String> = atlas.find(text, Within::default()).iter().map(|d| d.code.clone()).collect();
    if !exact.is_empty() {
        return exact;
    }
    let sound = fold::compact(text);
    let alike = |name: &str| fold::compact(name) == sound;
    atlas
        .level(Level::Commune)
        .filter(|d| alike(&d.name_fr) || alike(&d.name_ar))
        .map(|d| d.code.clone())
        .collect()
}

/// `GET /territory?q=`: communes whose name begins with what was typed.
pub(crate) fn suggest(ctx: &Ctx) -> Result<Reply> {
    let communes = Within { level: Some(Level::Commune), ancestor: None };
    let typed = ctx.query.text("q").filter(|typed| typed.chars().count() >= 2);
    let found: Vec<_> = match (atlas(), typed) {
        (Some(atlas), Some(typed)) => atlas.suggest(typed, communes, 8),
        _ => Vec::new(),
    };
    let offered: Vec<_> = found
        .iter()
        .map(|d| serde_json::json!({ "value": self::typed(&d.code), "label": path(&d.code, ctx.w.lang) }))
        .collect();
    ctx.data(&offered)
}
