//! What tables are like, as OData 4.0 writes it down (CSDL).

use kernel::{Reply, Result};

use super::shape::{Kind, Part, ROOT, Shape, What};
use crate::openrosa::xml::Xml;

const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";
const MEDIA: &str = "application/xml; charset=utf-8";

type Columns = &'static [(&'static str, &'static str)];

/// What is known of every submission.
const SUBMISSION: Columns = &[
    ("submissionDate", "Edm.DateTimeOffset"),
    ("updatedAt", "Edm.DateTimeOffset"),
    ("deletedAt", "Edm.DateTimeOffset"),
    ("submitterId", "Edm.String"),
    ("submitterName", "Edm.String"),
    ("attachmentsPresent", "Edm.Int64"),
    ("attachmentsExpected", "Edm.Int64"),
    ("status", "Edm.String"),
    ("reviewState", "Edm.String"),
    ("deviceId", "Edm.String"),
    ("edits", "Edm.Int64"),
    ("formVersion", "Edm.String"),
];

/// What is known of every entry of a list.
const ENTITY: Columns = &[
    ("createdAt", "Edm.DateTimeOffset"),
    ("creatorId", "Edm.String"),
    ("creatorName", "Edm.String"),
    ("updates", "Edm.Int64"),
    ("updatedAt", "Edm.DateTimeOffset"),
    ("version", "Edm.Int64"),
    ("conflict", "Edm.String"),
];

fn edm(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::File => "Edm.String",
        Kind::Whole => "Edm.Int64",
        Kind::Decimal => "Edm.Double",
        Kind::Day => "Edm.Date",
        Kind::Instant => "Edm.DateTimeOffset",
        Kind::Point => "Edm.GeographyPoint",
        Kind::Line => "Edm.GeographyLineString",
        Kind::Area => "Edm.GeographyPolygon",
    }
}

/// A name that may stand in a namespace.
fn name(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("_{name}") }
}

fn property(xml: &mut Xml, name: &str, kind: &str) -> Result<()> {
    xml.empty("Property", &[("Name", name), ("Type", kind)])
}

fn key(xml: &mut Xml) -> Result<()> {
    xml.open("Key", &[])?;
    xml.empty("PropertyRef", &[("Name", "__id")])?;
    xml.close("Key")?;
    xml.empty("Property", &[("Name", "__id"), ("Type", "Edm.String"), ("Nullable", "false")])
}

/// A document: a schema of what is known of every row, and one of the tables.
fn document(
    common: (&str, Columns),
    space: &str,
    container: &str,
    tables: &[&str],
    types: impl FnOnce(&mut Xml) -> Result<()>,
) -> Result<Reply> {
    let mut xml = Xml::new()?;
    xml.open("edmx:Edmx", &[("xmlns:edmx", EDMX), ("Version", "4.0")])?;
    xml.open("edmx:DataServices", &[])?;
    xml.open("Schema", &[("xmlns", EDM), ("Namespace", common.0)])?;
    xml.open("ComplexType", &[("Name", "metadata")])?;
    common.1.iter().try_for_each(|(name, kind)| property(&mut xml, name, kind))?;
    xml.close("ComplexType")?;
    xml.close("Schema")?;
    xml.open("Schema", &[("xmlns", EDM), ("Namespace", space)])?;
    types(&mut xml)?;
    xml.open("EntityContainer", &[("Name", container)])?;
    for table in tables {
        xml.empty("EntitySet", &[("Name", table), ("EntityType", &format!("{space}.{table}"))])?;
    }
    xml.close("EntityContainer")?;
    xml.close("Schema")?;
    xml.close("edmx:DataServices")?;
    xml.close("edmx:Edmx")?;
    Ok(Reply::Body { status: 200, media: MEDIA, body: xml.done()?.into_bytes() })
}

/// The tables of a form.
pub(super) fn of_form(form: &str, shape: &Shape) -> Result<Reply> {
    let container = name(form);
    let space = format!("org.opendatakit.user.{container}");
    let repeats = shape.repeats();
    let tables: Vec<&str> =
        [ROOT].into_iter().chain(repeats.iter().map(|(part, _)| part.table.as_str())).collect();
    document(("org.opendatakit.submission", SUBMISSION), &space, &container, &tables, |xml| {
        xml.open("EntityType", &[("Name", ROOT)])?;
        key(xml)?;
        property(xml, "__system", "org.opendatakit.submission.metadata")?;
        columns(xml, &space, &shape.parts)?;
        xml.close("EntityType")?;
        for (part, parent) in &repeats {
            let What::Repeat(inner) = &part.what else { continue };
            xml.open("EntityType", &[("Name", &part.table)])?;
            key(xml)?;
            property(xml, &format!("__{parent}_id"), "Edm.String")?;
            columns(xml, &space, inner)?;
            xml.close("EntityType")?;
        }
        groups(xml, &space, &shape.parts)
    })
}

fn columns(xml: &mut Xml, space: &str, parts: &[Part]) -> Result<()> {
    for part in parts {
        match &part.what {
            What::Answer(kind) => property(xml, &part.name, edm(*kind))?,
            What::Group(_) => property(xml, &part.name, &format!("{space}.{}", part.table))?,
            What::Repeat(_) => {
                let of = format!("Collection({space}.{})", part.table);
                xml.empty("NavigationProperty", &[("Name", &part.name), ("Type", &of)])?;
            }
        }
    }
    Ok(())
}

fn groups(xml: &mut Xml, space: &str, parts: &[Part]) -> Result<()> {
    for part in parts {
        match &part.what {
            What::Answer(_) => {}
            What::Group(inner) => {
                xml.open("ComplexType", &[("Name", &part.table)])?;
                columns(xml, space, inner)?;
                xml.close("ComplexType")?;
                groups(xml, space, inner)?;
            }
            What::Repeat(inner) => groups(xml, space, inner)?,
        }
    }
    Ok(())
}

/// The one table of a list.
pub(super) fn of_list(list: &str, properties: &[&str]) -> Result<Reply> {
    let container = name(list);
    let space = format!("org.opendatakit.user.{container}");
    document(("org.opendatakit.entity", ENTITY), &space, &container, &["Entities"], |xml| {
        xml.open("EntityType", &[("Name", "Entities")])?;
        key(xml)?;
        property(xml, "label", "Edm.String")?;
        property(xml, "__system", "org.opendatakit.entity.metadata")?;
        properties.iter().try_for_each(|name| property(xml, name, "Edm.String"))?;
        xml.close("EntityType")
    })
}

#[cfg(test)]
mod tests {
    use super::super::shape::{self, SAMPLE};
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_type_that_is_named_is_described_once() {
        let Reply::Body { body, .. } = of_form("1-é form", &shape::read(SAMPLE).unwrap()).unwrap() else {
            unreachable!()
        };
        let text = String::from_utf8(body).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let mut known = HashSet::new();
        let mut wanted = Vec::new();
        for schema in document.descendants().filter(|node| node.tag_name().name() == "Schema") {
            for kind in schema.children().filter(|node| node.tag_name().name().ends_with("Type")) {
                let name =
                    [schema.attribute("Namespace").unwrap(), kind.attribute("Name").unwrap()].join(".");
                assert!(known.insert(name.clone()), "{name} twice");
                wanted
                    .extend(kind.children().filter_map(|column| column.attribute("Type")).map(str::to_owned));
            }
        }
        assert!(known.contains("org.opendatakit.user._1___form.Submissions_trees_cut"), "{known:?}");
        for kind in wanted {
            let kind = kind.trim_start_matches("Collection(").trim_end_matches(')');
            assert!(kind.starts_with("Edm.") || known.contains(kind), "{kind} is described nowhere");
        }
        assert!(text.contains("Name=\"__Submissions_id\"") && text.contains("Type=\"Edm.GeographyPoint\""));
    }
}
