//! What was answered, as JSON with types.

use kernel::{Error, Id, Json, Result};
use roxmltree::{Document, Node as Element, ParsingOptions};
use serde_json::{Map, json};

use super::shape::{Kind, Part, ROOT, Shape, What};

/// A row of a table.
pub(super) type Row = Map<String, Json>;

/// How a row is written.
pub(super) struct Manner<'a> {
    /// The submission.
    pub(super) submission: Id,
    /// The address of the row, for links to what it holds; rows without one have none.
    pub(super) address: Option<&'a str>,
    /// True if what is repeated stands in it.
    pub(super) whole: bool,
}

/// What was sent, taken apart.
pub(super) fn parse(body: &str) -> Result<Document<'_>> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    Document::parse_with_options(body, options).map_err(Error::internal)
}

fn under<'a, 'i>(element: Element<'a, 'i>, name: &'a str) -> impl Iterator<Item = Element<'a, 'i>> {
    element.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn text<'a>(element: Option<Element<'a, '_>>) -> Option<&'a str> {
    element?.text().map(str::trim).filter(|text| !text.is_empty())
}

/// The id of what is repeated: the same whenever it is asked.
fn repeated(submission: Id, table: &str, parent: &str, number: usize) -> String {
    Id::named(&format!("{submission} {table} {parent} {number}")).to_string()
}

/// The columns of what stands at an element, or of nothing.
pub(super) fn columns(
    parts: &[Part],
    element: Option<Element<'_, '_>>,
    row_id: &str,
    manner: &Manner<'_>,
) -> Row {
    let mut row = Row::new();
    for part in parts {
        let mut there = element.into_iter().flat_map(|element| under(element, &part.element));
        match &part.what {
            What::Answer(kind) => {
                row.insert(part.name.clone(), answer(*kind, text(there.next())));
            }
            What::Group(inner) => {
                row.insert(part.name.clone(), columns(inner, there.next(), row_id, manner).into());
            }
            What::Repeat(inner) if manner.whole => {
                let rows = there.enumerate().map(|(number, element)| {
                    let id = repeated(manner.submission, &part.table, row_id, number);
                    let mut row = columns(inner, Some(element), &id, manner);
                    row.insert("__id".into(), id.into());
                    Json::Object(row)
                });
                row.insert(part.name.clone(), rows.collect());
            }
            What::Repeat(_) => {
                if let Some(address) = manner.address {
                    let link = format!("{address}/{}", part.table);
                    row.insert(format!("{}@odata.navigationLink", part.name), link.into());
                }
            }
        }
    }
    row
}

/// The rows of a table that a submission holds.
pub(super) fn rows(
    shape: &Shape,
    table: &str,
    root: Element<'_, '_>,
    manner: &Manner<'_>,
    id: &str,
) -> Vec<Row> {
    let mut found = Vec::new();
    walk(&shape.parts, root, (ROOT, id), table, manner, &mut found);
    found
}

fn walk(
    parts: &[Part],
    element: Element<'_, '_>,
    (parent, id): (&str, &str),
    table: &str,
    manner: &Manner<'_>,
    found: &mut Vec<Row>,
) {
    for part in parts {
        match &part.what {
            What::Answer(_) => {}
            What::Group(inner) => {
                if let Some(group) = under(element, &part.element).next() {
                    walk(inner, group, (parent, id), table, manner, found);
                }
            }
            What::Repeat(inner) => {
                for (number, element) in under(element, &part.element).enumerate() {
                    let here = repeated(manner.submission, &part.table, id, number);
                    if part.table == table {
                        let mut row = columns(inner, Some(element), &here, manner);
                        row.insert("__id".into(), here.into());
                        row.insert(format!("__{parent}_id"), id.into());
                        found.push(row);
                    } else {
                        walk(inner, element, (&part.table, &here), table, manner, found);
                    }
                }
            }
        }
    }
}

/// The names of the files that belong to a submission.
pub(super) fn files(parts: &[Part], element: Element<'_, '_>) -> Vec<String> {
    let mut found = Vec::new();
    for part in parts {
        for child in under(element, &part.element) {
            match &part.what {
                What::Answer(Kind::File) => found.extend(text(Some(child)).map(str::to_owned)),
                What::Answer(_) => {}
                What::Group(inner) | What::Repeat(inner) => found.extend(files(inner, child)),
            }
        }
    }
    found.dedup();
    found
}

/// An answer; null if there is none, or none of this kind.
fn answer(kind: Kind, text: Option<&str>) -> Json {
    let Some(text) = text else { return Json::Null };
    let typed = match kind {
        Kind::Text | Kind::File => Some(text.into()),
        Kind::Whole => text.parse::<i64>().ok().map(Json::from),
        Kind::Decimal => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Json::from),
        Kind::Day => text
            .get(..10)
            .and_then(|day| day.parse::<jiff::civil::Date>().ok())
            .map(|day| day.to_string().into()),
        Kind::Instant => text.parse::<jiff::Timestamp>().ok().map(|at| format!("{at:.3}").into()),
        Kind::Point => point(text).map(|(place, accuracy)| {
            let accuracy = accuracy.map(|metres| json!({ "accuracy": metres }));
            json!({ "type": "Point", "coordinates": place, "properties": accuracy })
        }),
        Kind::Line => points(text).map(|places| json!({ "type": "LineString", "coordinates": places })),
        Kind::Area => points(text).map(|places| json!({ "type": "Polygon", "coordinates": [places] })),
    };
    typed.unwrap_or(Json::Null)
}

/// A place as telephones write it: latitude, longitude, height, accuracy.
fn point(text: &str) -> Option<(Vec<f64>, Option<f64>)> {
    let numbers: Vec<f64> = text.split_whitespace().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (lat, lon) = (*numbers.first()?, *numbers.get(1)?);
    let right = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    let height = numbers.get(2).copied().filter(|height| height.is_finite());
    right.then(|| ([lon, lat].into_iter().chain(height).collect(), numbers.get(3).copied()))
}

fn points(text: &str) -> Option<Vec<Vec<f64>>> {
    let places = text.split(';').filter(|part| !part.trim().is_empty());
    let places: Vec<Vec<f64>> = places.map(|part| Some(point(part)?.0)).collect::<Option<_>>()?;
    (places.len() > 1).then_some(places)
}

#[cfg(test)]
mod tests {
    use super::super::shape::{self, SAMPLE};
    use super::*;

    const SENT: &str = "<data id=\"f\"><end>2026-11-26T10:00:00.000+01:00</end><farm-size>1.5</farm-size>
        <trees><kind>date</kind><cut><year>2024</year></cut></trees><trees><kind>olive</kind><cut><year>x</year></cut></trees>
        <at>30.5 -5.9 1100 4.2</at><way>30 -5; 31 -6</way><meta><instanceID>uuid:1</instanceID></meta></data>";

    #[test]
    fn answers_have_types_and_repeats_their_rows() {
        let (shape, sent) = (shape::read(SAMPLE).unwrap(), parse(SENT).unwrap());
        let manner =
            Manner { submission: Id::named("s"), address: Some("Submissions('uuid%3A1')"), whole: false };
        let row = columns(&shape.parts, Some(sent.root_element()), "uuid:1", &manner);
        assert_eq!(row["end"], "2026-11-26T09:00:00.000Z");
        assert_eq!((&row["farm_size"], &row["farm_size_2"]), (&json!(1.5), &Json::Null));
        assert_eq!(row["at"]["coordinates"], json!([-5.9, 30.5, 1100.0]));
        assert_eq!(row["way"]["coordinates"], json!([[-5.0, 30.0], [-6.0, 31.0]]));
        assert_eq!(row["trees@odata.navigationLink"], "Submissions('uuid%3A1')/Submissions_trees");
        let whole = Manner { whole: true, ..manner };
        let row = columns(&shape.parts, Some(sent.root_element()), "uuid:1", &whole);
        let rows = rows(&shape, "Submissions_trees", sent.root_element(), &whole, "uuid:1");
        assert_eq!((row["trees"].as_array().unwrap().len(), rows.len()), (2, 2));
        assert_eq!(row["trees"][0]["__id"], rows[0]["__id"]);
        assert_eq!(rows[0]["cut"]["year"], 2024);
        assert_eq!(rows[1]["cut"]["year"], Json::Null);
        assert_eq!(rows[0]["__Submissions_id"], "uuid:1");
    }

    #[test]
    fn what_is_no_place_is_none() {
        for wrong in ["", "a b", "91 0", "1", "NaN NaN", "1 2; x"] {
            assert_eq!(answer(Kind::Point, Some(wrong)), Json::Null, "{wrong}");
            assert_eq!(answer(Kind::Line, Some(wrong)), Json::Null, "{wrong}");
        }
    }
}
