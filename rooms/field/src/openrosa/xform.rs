//! A form as an ODK XForm, with texts in French and Arabic.

use kernel::Result;
use md5::{Digest, Md5};

use super::sheet::{Ask, First, Group, Question, Said, Sheet};
use super::xml::{Attributes, Xml};

const NAMESPACES: Attributes<'static> = &[
    ("xmlns", "http://www.w3.org/2002/xforms"),
    ("xmlns:h", "http://www.w3.org/1999/xhtml"),
    ("xmlns:jr", "http://openrosa.org/javarosa"),
    ("xmlns:odk", "http://www.opendatakit.org/xforms"),
    ("xmlns:orx", "http://openrosa.org/xforms"),
    ("xmlns:entities", "http://www.opendatakit.org/xforms/entities"),
];

/// Longest side of a photo that a telephone sends, in pixels.
const PIXELS: &str = "1600";

/// The MD5 of a text, as the protocol names content.
pub(crate) fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A form that is ready to be handed out.
pub(crate) struct Written {
    /// Names its content: other questions, another version.
    pub(crate) version: String,
    pub(crate) xml: String,
}

/// Writes a form.
pub(crate) fn write(sheet: &Sheet) -> Result<Written> {
    let version = md5(&document(sheet, "")?)[..12].to_owned();
    Ok(Written { xml: document(sheet, &version)?, version })
}

fn document(sheet: &Sheet, version: &str) -> Result<String> {
    let mut xml = Xml::new()?;
    xml.open("h:html", NAMESPACES)?;
    xml.open("h:head", &[])?;
    xml.text("h:title", &[], &sheet.title.both())?;
    let entities = [("odk:xforms-version", "1.0.0"), ("entities:entities-version", "2024.1.0")];
    xml.open("model", &entities[..if sheet.updates.is_some() { 2 } else { 1 }])?;
    itext(&mut xml, sheet)?;
    instance(&mut xml, sheet, version)?;
    for list in sheet.lists {
        xml.empty("instance", &[("id", list), ("src", &format!("jr://file-csv/{list}.csv"))])?;
    }
    for group in &sheet.groups {
        if let Some(relevant) = &group.relevant {
            xml.empty("bind", &[("nodeset", &format!("/data/{}", group.name)), ("relevant", relevant)])?;
        }
        group.questions.iter().try_for_each(|question| bind(&mut xml, group, question))?;
    }
    meta_binds(&mut xml, sheet)?;
    for (path, question) in questions(sheet) {
        if let First::Opened(value) = question.first {
            let set = [("ref", path.as_str()), ("event", "odk-instance-first-load"), ("value", value)];
            xml.empty("setvalue", &set)?;
        }
    }
    xml.close("model")?;
    xml.close("h:head")?;
    xml.open("h:body", &[])?;
    for group in &sheet.groups {
        if group.name.is_empty() {
            group.questions.iter().try_for_each(|question| control(&mut xml, sheet, group, question))?;
            continue;
        }
        let path = format!("/data/{}", group.name);
        xml.open("group", &[("ref", &path), ("appearance", "field-list")])?;
        if group.label.is_some() {
            said(&mut xml, "label", &format!("{path}:label"))?;
        }
        group.questions.iter().try_for_each(|question| control(&mut xml, sheet, group, question))?;
        xml.close("group")?;
    }
    xml.close("h:body")?;
    xml.close("h:html")?;
    xml.done()
}

fn questions(sheet: &Sheet) -> impl Iterator<Item = (String, &Question)> {
    sheet
        .groups
        .iter()
        .flat_map(|group| group.questions.iter().map(move |question| (group.path(question), question)))
}

/// Every text with the name under which the body finds it.
fn texts(sheet: &Sheet) -> Vec<(String, &Said)> {
    let mut texts = Vec::new();
    for group in &sheet.groups {
        if let Some(label) = &group.label {
            texts.push((format!("/data/{}:label", group.name), label));
        }
    }
    for (path, question) in questions(sheet) {
        let constraint = question.constraint.as_ref().map(|(_, said)| said);
        let parts =
            [("label", question.label.as_ref()), ("hint", question.hint.as_ref()), ("must", constraint)];
        for (part, said) in parts {
            texts.extend(said.map(|said| (format!("{path}:{part}"), said)));
        }
        if let Ask::One(choices) = &question.ask {
            texts.extend(choices.iter().map(|(code, said)| (format!("{path}:{code}"), said)));
        }
    }
    texts
}

/// Attributes of a language, and which of the texts is in it.
type Language<'a> = (Attributes<'a>, fn(&Said) -> &str);

fn itext(xml: &mut Xml, sheet: &Sheet) -> Result<()> {
    let texts = texts(sheet);
    xml.open("itext", &[])?;
    let languages: [Language<'_>; 2] = [
        (&[("lang", "Français (fr)"), ("default", "true()")], |said| &said.fr),
        (&[("lang", "العربية (ar)")], |said| &said.ar),
    ];
    for (head, of) in languages {
        xml.open("translation", head)?;
        for (id, said) in &texts {
            xml.open("text", &[("id", id)])?;
            xml.text("value", &[], of(said))?;
            xml.close("text")?;
        }
        xml.close("translation")?;
    }
    xml.close("itext")
}

fn instance(xml: &mut Xml, sheet: &Sheet, version: &str) -> Result<()> {
    xml.open("instance", &[])?;
    xml.open("data", &[("id", &sheet.id), ("version", version)])?;
    for group in &sheet.groups {
        if !group.name.is_empty() {
            xml.open(&group.name, &[])?;
        }
        for question in &group.questions {
            match question.first {
                First::Text(text) => xml.text(&question.name, &[], text)?,
                _ => xml.empty(&question.name, &[])?,
            }
        }
        if !group.name.is_empty() {
            xml.close(&group.name)?;
        }
    }
    xml.open("meta", &[])?;
    for name in ["instanceID", "instanceName"] {
        xml.empty(name, &[])?;
    }
    if let Some(list) = sheet.updates {
        let versions = [("baseVersion", ""), ("trunkVersion", ""), ("branchId", "")];
        let entity = [[("dataset", list), ("id", ""), ("update", "1")], versions].concat();
        xml.empty("entity", &entity)?;
    }
    xml.close("meta")?;
    xml.close("data")?;
    xml.close("instance")
}

fn bind(xml: &mut Xml, group: &Group, question: &Question) -> Result<()> {
    let path = group.path(question);
    let kind = match question.ask {
        Ask::Whole => "int",
        Ask::Day => "date",
        Ask::Photo => "binary",
        Ask::Known("timestamp", _) => "dateTime",
        _ => "string",
    };
    let must = format!("jr:itext('{path}:must')");
    let mut attributes = vec![("nodeset", path.as_str()), ("type", kind)];
    let optional = [("required", &question.required), ("relevant", &question.relevant)];
    attributes.extend(optional.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))));
    if let Some((expression, _)) = &question.constraint {
        attributes.extend([("constraint", expression.as_str()), ("jr:constraintMsg", &must)]);
    }
    match &question.ask {
        Ask::Worked(expression) => attributes.push(("calculate", expression)),
        Ask::Known(kind, parameter) => {
            attributes.extend([("jr:preload", *kind), ("jr:preloadParams", parameter)]);
        }
        Ask::Photo => attributes.push(("orx:max-pixels", PIXELS)),
        _ => {}
    }
    if let Some(property) = question.saves {
        attributes.push(("entities:saveto", property));
    }
    xml.empty("bind", &attributes)
}

fn meta_binds(xml: &mut Xml, sheet: &Sheet) -> Result<()> {
    let bind = |xml: &mut Xml, at: &str, how: (&str, &str)| {
        let path = format!("/data/meta/{at}");
        xml.empty("bind", &[("nodeset", &path), ("type", "string"), ("readonly", "true()"), how])
    };
    bind(xml, "instanceID", ("jr:preload", "uid"))?;
    let name = format!("concat('{} – ', substr(/data/end, 0, 10))", sheet.title.fr.replace('\'', "’"));
    xml.empty("bind", &[("nodeset", "/data/meta/instanceName"), ("type", "string"), ("calculate", &name)])?;
    let Some(list) = sheet.updates else { return Ok(()) };
    bind(xml, "entity/@id", ("calculate", "/data/organisation"))?;
    for (at, column) in
        [("baseVersion", "__version"), ("trunkVersion", "__trunkVersion"), ("branchId", "__branchId")]
    {
        let there = format!("instance('{list}')/root/item[name= /data/organisation ]/{column}");
        bind(xml, &format!("entity/@{at}"), ("calculate", &there))?;
    }
    Ok(())
}

fn said(xml: &mut Xml, element: &str, id: &str) -> Result<()> {
    xml.empty(element, &[("ref", &format!("jr:itext('{id}')"))])
}

fn control(xml: &mut Xml, sheet: &Sheet, group: &Group, question: &Question) -> Result<()> {
    if question.label.is_none() {
        return Ok(());
    }
    let path = group.path(question);
    let mut attributes = vec![("ref", path.as_str())];
    let element = match question.ask {
        Ask::One(_) => "select1",
        Ask::OneOf(_) => {
            attributes.push(("appearance", "autocomplete"));
            "select1"
        }
        Ask::Some(..) => "select",
        Ask::Photo => {
            attributes.push(("mediatype", "image/*"));
            "upload"
        }
        Ask::Long => {
            attributes.push(("appearance", "multiline"));
            "input"
        }
        _ => "input",
    };
    xml.open(element, &attributes)?;
    said(xml, "label", &format!("{path}:label"))?;
    if question.hint.is_some() {
        said(xml, "hint", &format!("{path}:hint"))?;
    }
    match &question.ask {
        Ask::One(choices) => {
            for (code, _) in choices {
                xml.open("item", &[])?;
                said(xml, "label", &format!("{path}:{code}"))?;
                xml.text("value", &[], code)?;
                xml.close("item")?;
            }
        }
        Ask::OneOf(list) => itemset(xml, &format!("instance('{list}')/root/item"))?,
        Ask::Some(list, filter) => itemset(xml, &format!("instance('{list}')/root/item[{filter}]"))?,
        _ => {}
    }
    // What follows from this answer is filled in when it changes.
    for (other, follows) in questions(sheet) {
        if let First::After(trigger, value) = &follows.first
            && *trigger == path
        {
            xml.empty("setvalue", &[("ref", &other), ("event", "xforms-value-changed"), ("value", value)])?;
        }
    }
    xml.close(element)
}

fn itemset(xml: &mut Xml, nodeset: &str) -> Result<()> {
    xml.open("itemset", &[("nodeset", nodeset)])?;
    xml.empty("value", &[("ref", "name")])?;
    xml.empty("label", &[("ref", "label")])?;
    xml.close("itemset")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fr: &str) -> Said {
        Said { fr: fr.to_owned(), ar: format!("ع {fr}") }
    }

    fn sheet() -> Sheet {
        let name = Question::new("name", said("Nom & <sigle>"), Ask::Text).required();
        let level = Question::new("level", said("Niveau"), Ask::One(vec![("0".into(), said("Rien"))]));
        let group = Group {
            name: "q_1".into(),
            label: Some(said("Comptes")),
            relevant: Some("/data/name != ''".into()),
            questions: vec![level],
        };
        Sheet {
            id: "f".into(),
            title: said("Essai"),
            lists: &["cooperatives"],
            groups: vec![Group::top(vec![name]), group],
            updates: None,
        }
    }

    #[test]
    fn texts_stand_in_both_languages_and_are_escaped() {
        let written = write(&sheet()).map(|written| written.xml).unwrap_or_default();
        let document = roxmltree::Document::parse(&written).map_err(|error| error.to_string());
        assert!(document.is_ok(), "{document:?}");
        for part in [
            "<value>Nom &amp; &lt;sigle&gt;</value>",
            "<value>ع Rien</value>",
            "nodeset=\"/data/name\" type=\"string\" required=\"true()\"",
            "nodeset=\"/data/q_1\" relevant=",
            "src=\"jr://file-csv/cooperatives.csv\"",
        ] {
            assert!(written.contains(part), "{part} is not in {written}");
        }
        assert!(!written.contains("<entity"));
    }

    #[test]
    fn other_questions_are_another_version_and_the_same_are_the_same() {
        let version = |sheet: &Sheet| write(sheet).map(|written| written.version).unwrap_or_default();
        let mut other = sheet();
        assert_eq!(version(&other), version(&sheet()));
        other.title = said("Autre");
        assert_ne!(version(&other), version(&sheet()));
        other.updates = Some("cooperatives");
        let written = write(&other).map(|written| written.xml).unwrap_or_default();
        assert!(written.contains("entities-version=\"2024.1.0\"") && written.contains("__trunkVersion"));
    }
}
