//! A 3W table (who does what, where) with a row of HXL hashtags: <https://hxlstandard.org/standard/1-1final/>.

use jiff::civil::Date;
use kernel::kinds::Multi;
use kernel::{Id, Words, Wrong};
use sheet::{Cell, Row, Sheet};

use super::{Contents, Reported, iati, sector};
use crate::intervention::InterventionStatus;

/// Rows in which the hashtags may stand.
const ABOVE: usize = 10;

/// Where each thing that is read stands.
#[derive(Debug, Default, PartialEq)]
struct Columns {
    reference: Option<usize>,
    actor: Option<usize>,
    title: Option<usize>,
    sector: Option<usize>,
    /// Codes and names of places, the smallest first.
    places: Vec<usize>,
    lat: Option<usize>,
    lon: Option<usize>,
    since: Option<usize>,
    until: Option<usize>,
    status: Option<usize>,
}

/// A hashtag such as `#org+name`, apart into tag and attributes.
fn tag(text: &str) -> Option<(String, Vec<String>)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let mut parts = text.strip_prefix('#')?.split('+').map(str::to_owned);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    Some((tag, parts.collect()))
}

/// The columns that these hashtags name.
fn columns<'a>(tags: impl Iterator<Item = &'a str>) -> Option<Columns> {
    let mut columns = Columns::default();
    let (mut found, mut ranked) = (0, Vec::new());
    for (at, text) in tags.enumerate() {
        let Some((tag, more)) = tag(text) else { continue };
        found += 1;
        let has = |name: &str| more.iter().any(|one| one == name);
        let first = |place: &mut Option<usize>| {
            place.get_or_insert(at);
        };
        match tag.as_str() {
            // Who gives the money is not who does the work.
            "org" if !has("funder") && !has("role") && !has("type") && !has("donor") => {
                if has("impl") {
                    columns.actor = Some(at);
                } else {
                    first(&mut columns.actor);
                }
            }
            "activity" if has("id") || has("code") => first(&mut columns.reference),
            "activity" => first(&mut columns.title),
            "sector" if has("code") => first(&mut columns.sector),
            "sector" => columns.sector = Some(at),
            "meta" if has("id") => first(&mut columns.reference),
            "geo" if has("lat") => first(&mut columns.lat),
            "geo" if has("lon") => first(&mut columns.lon),
            "date" if has("start") => first(&mut columns.since),
            "date" if has("end") => first(&mut columns.until),
            "status" => first(&mut columns.status),
            "loc" => ranked.push((0, at)),
            _ => {
                let level = tag.strip_prefix("adm").and_then(|level| level.parse::<u8>().ok());
                if let Some(level) = level.filter(|level| (1..=5).contains(level)) {
                    // A code before a name, the smallest place before the wider one.
                    ranked.push((20 - 2 * level + u8::from(!has("code")), at));
                }
            }
        }
    }
    ranked.sort_unstable();
    columns.places = ranked.into_iter().map(|(_, at)| at).collect();
    (found >= 2).then_some(columns)
}

fn cell(row: &Row, at: Option<usize>) -> Option<&Cell> {
    row.cells.get(at?).filter(|cell| !cell.is_empty())
}

fn text(row: &Row, at: Option<usize>) -> Option<String> {
    let text = cell(row, at)?.text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn date(row: &Row, at: Option<usize>) -> Option<Date> {
    let (year, month, day) = cell(row, at)?.date()?;
    let small = |n: u8| i8::try_from(n).ok();
    Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()
}

/// Reads a table.
///
/// # Errors
/// A table without hashtags, or whose hashtags name neither an actor nor what is done.
pub(super) fn read(w: Words, sheet: &Sheet) -> Result<Contents, Wrong> {
    let header = sheet.header.iter().map(String::as_str);
    let mut found = columns(header).map(|columns| (0, columns));
    for (at, row) in sheet.rows.iter().take(ABOVE).enumerate() {
        if found.is_some() {
            break;
        }
        found = columns(row.cells.iter().map(|cell| cell.text.as_str())).map(|columns| (at + 1, columns));
    }
    let (skip, columns) = found.ok_or_else(|| Wrong::new("others.no_hashtags"))?;
    if columns.actor.is_none() || (columns.title.is_none() && columns.sector.is_none()) {
        return Err(Wrong::new("others.hashtags_lack"));
    }
    let mut contents = Contents::default();
    for row in &sheet.rows[skip..] {
        if row.cells.iter().all(Cell::is_empty) {
            continue;
        }
        match told(w, row, &columns) {
            Ok(one) => contents.told.push(one),
            Err(why) => contents.refused.push((why, row.number.to_string())),
        }
    }
    Ok(contents)
}

fn told(w: Words, row: &Row, columns: &Columns) -> Result<Reported, &'static str> {
    let actor = text(row, columns.actor).ok_or("no_actor")?;
    let sector = text(row, columns.sector);
    let title = text(row, columns.title).or_else(|| sector.clone()).ok_or("no_title")?;
    let places: Vec<String> = columns.places.iter().filter_map(|at| text(row, Some(*at))).collect();
    let named = places.iter().find_map(|place| kernel::territory::resolve_widest(place).ok());
    let number = |at| text(row, at).and_then(|text| text.replace(',', ".").parse::<f64>().ok());
    let point = number(columns.lat).zip(number(columns.lon)).and_then(|(lat, lon)| iati::nearest(lat, lon));
    let place = named.or(point);
    if place.is_none() && !places.is_empty() {
        return Err("no_place");
    }
    let (since, until) = (date(row, columns.since), date(row, columns.until));
    // A row without a name of its own is the same row when it says the same.
    let said = format!("{actor} {title} {place:?} {since:?}");
    Ok(Reported {
        reference: text(row, columns.reference).unwrap_or_else(|| Id::named(&said).to_string()),
        theme: sector.as_deref().and_then(|sector| sector::of_words(w, sector)),
        sector,
        places: place.into_iter().collect(),
        since,
        until,
        status: status(text(row, columns.status), until),
        title: Multi::fr_ar(&title, ""),
        actor,
    })
}

/// What a state's words mean; without any, what has ended is done.
fn status(text: Option<String>, until: Option<Date>) -> InterventionStatus {
    let text = fold::fold(&text.unwrap_or_default());
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["annul", "cancel", "ملغ"]) {
        InterventionStatus::Cancelled
    } else if says(&["plan", "prevu", "مخطط", "مبرمج"]) {
        InterventionStatus::Planned
    } else if says(&["done", "complet", "clos", "termin", "achev", "انته"])
        || (text.is_empty() && until.is_some_and(|until| until < kernel::today()))
    {
        InterventionStatus::Done
    } else {
        InterventionStatus::Running
    }
}

#[cfg(test)]
mod tests {
    use super::{Columns, columns};

    #[test]
    fn hashtags_say_where_things_stand() {
        let tags = [
            "#org+funder",
            "#org +name",
            "#sector",
            "#adm1+name",
            "#adm2+name",
            "#adm2 +code",
            "#date+start",
        ];
        assert_eq!(
            columns(tags.into_iter()),
            Some(Columns {
                actor: Some(1),
                sector: Some(2),
                places: vec![5, 4, 3],
                since: Some(6),
                ..Columns::default()
            })
        );
        assert_eq!(columns(["Acteur", "Thème"].into_iter()), None);
    }
}
