//! Actors and programmes, found by what lists call them, among those that the reader may know of.

use kernel::kinds::Multi;
use kernel::{Db, Id, Lang, Result, Viewer, Wrong, sql};

use crate::programme;

/// Finds the one that a text names.
pub(super) type Find = fn(&mut Db, &Viewer, &str) -> Result<Result<Id, Wrong>>;

/// Most that a sentence proposes.
const PROPOSED: usize = 4;

/// The organisation with this Tiwizi id, number, name or acronym.
pub(super) fn actor(db: &mut Db, viewer: &Viewer, text: &str) -> Result<Result<Id, Wrong>> {
    let typed = text.chars().take(80).collect::<String>();
    let unknown = || Wrong::new("intervention.import.actor_unknown").with("typed", &typed);
    if let Ok(id) = text.parse::<Id>() {
        let query =
            sql("select o.id from organisation o where o.merged_into is null and o.id = ? and").bind(id);
        return Ok(db.row(&query.seen(viewer, "o.id"), |row| row.take())?.ok_or_else(unknown));
    }
    let filter = registry::Filter { text: Some(format!("{text} ")), ..registry::Filter::default() };
    let page = filter.found(db, viewer)?.page(db, None, 200)?;
    let query = sql("select o.id, o.name, o.acronym, o.place").join(page.rows("organisation o"));
    let found: Vec<(Id, Multi, Option<String>, String)> =
        db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?, row.take()?)))?;
    let folded = fold::fold(text);
    // What has only the digits of a number was found by that number.
    let by_number = folded.chars().all(|c| c.is_ascii_digit() || c == ' ');
    let called = |name: &Multi, acronym: &Option<String>| {
        by_number || name.all().chain(acronym.as_deref()).any(|name| fold::fold(name) == folded)
    };
    let exact: Vec<_> = found.iter().filter(|(_, name, acronym, _)| called(name, acronym)).collect();
    if let [(id, ..)] = exact[..] {
        return Ok(Ok(*id));
    }
    let proposed = if exact.is_empty() { found.iter().collect() } else { exact.clone() };
    let said = |(_, name, _, place): &&(Id, Multi, Option<String>, String)| {
        format!("{} ({})", name.best(Lang::Fr), kernel::territory::path(place, Lang::Fr))
    };
    let names = proposed.iter().take(PROPOSED).map(said).collect::<Vec<_>>().join(" ; ");
    Ok(Err(if names.is_empty() {
        unknown()
    } else if exact.is_empty() {
        Wrong::new("intervention.import.actor_like").with("typed", &typed).with("names", names)
    } else {
        Wrong::new("intervention.import.actor_several").with("names", names)
    }))
}

/// The programme with this Tiwizi id or name.
pub(super) fn programme(db: &mut Db, viewer: &Viewer, text: &str) -> Result<Result<Id, Wrong>> {
    let folded = fold::fold(text);
    let named = |line: &programme::Line| {
        line.id.to_string() == text || line.name.all().any(|name| fold::fold(name) == folded)
    };
    let known = programme::list(db, viewer)?;
    let exact: Vec<Id> = known.iter().filter(|line| named(line)).map(|line| line.id).collect();
    let typed = text.chars().take(80).collect::<String>();
    Ok(match exact[..] {
        [id] => Ok(id),
        [] => Err(Wrong::new("intervention.import.programme_unknown").with("typed", typed)),
        _ => Err(Wrong::new("intervention.import.programme_several").with("typed", typed)),
    })
}
