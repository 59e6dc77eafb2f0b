//! `/open-data`: what every published programme gives to everybody, for people as a page and for machines as a catalogue
//! in DCAT-AP 3.0.1.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Json, Lang, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::files::{self, DATASETS, Dataset};
use crate::record::{self, Told};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/open-data", show).open().answers::<CataloguePage>(),
        get("/open-data/catalogue.jsonld", machine).open(),
    ]
}

#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    name: Multi,
    publisher: Multi,
    licence: String,
    licence_address: &'static str,
    issued: String,
    invented: bool,
    files: Vec<File>,
}

/// A file of a programme, as people read of it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct File {
    pub(crate) code: &'static str,
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) path: String,
    pub(crate) name: &'static str,
}

/// The files that a programme publishes.
pub(crate) fn files_of(w: Words, data: &record::OpenData) -> Vec<File> {
    let file = |dataset: &Dataset| File {
        code: dataset.code,
        title: w.t(&format!("open.dataset.{}.title", dataset.code)).into_owned(),
        about: w.t(&format!("open.dataset.{}.about", dataset.code)).into_owned(),
        path: files::path(data.programme.id, dataset.file),
        name: dataset.file,
    };
    DATASETS.iter().filter(|dataset| (dataset.part)(data)).map(file).collect()
}

/// What everybody may take away.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "open_catalogue.html")]
struct CataloguePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programmes: Vec<Line>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let told = ctx.read(record::all)?;
    let line = |told: Told| Line {
        id: told.programme.id,
        name: told.programme.name,
        publisher: told.publisher.name,
        licence: w.choice(&told.data.licence),
        licence_address: told.data.licence.address(),
        issued: w.date(&told.data.issued),
        invented: told.programme.invented,
        files: files_of(w, &told.data),
    };
    ctx.page(&w.t("nav.open_data"), &CataloguePage { w, programmes: told.into_iter().map(line).collect() })
}

/// A text in every language that it is written in.
fn tagged(text: &Multi) -> Json {
    text.0.iter().map(|(language, text)| json!({ "@language": language, "@value": text })).collect()
}

fn said(ctx: &Ctx, key: &str) -> Json {
    tagged(&crate::activity::in_every(ctx, key))
}

/// A title of a dataset: what it is, of which programme.
fn title(ctx: &Ctx, dataset: &Dataset, told: &Told) -> Json {
    let of = |lang: Lang| {
        let w = ctx.w.speak(lang);
        let title = w.t(&format!("open.dataset.{}.title", dataset.code)).into_owned();
        json!({ "@language": lang.code(), "@value": format!("{title} · {}", told.programme.name.best(lang)) })
    };
    [Lang::Fr, Lang::Ar, Lang::En].into_iter().map(of).collect()
}

fn dataset(ctx: &Ctx, told: &Told, dataset: &Dataset) -> Json {
    let address = ctx.link(&files::path(told.programme.id, dataset.file));
    json!({
        "@id": format!("{address}#dataset"),
        "@type": "dcat:Dataset",
        "dct:identifier": format!("{}/{}", told.programme.id, dataset.code),
        "dct:title": title(ctx, dataset, told),
        "dct:description": said(ctx, &format!("open.dataset.{}.about", dataset.code)),
        "dct:publisher": { "@id": ctx.link(&format!("/organisations/{}", told.publisher.id)), "@type": "foaf:Agent", "foaf:name": tagged(&told.publisher.name) },
        "dct:issued": { "@type": "xsd:date", "@value": told.data.issued.to_string() },
        // Counted when it is read: it is as new as the day.
        "dct:modified": { "@type": "xsd:date", "@value": kernel::today().to_string() },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": { "@type": "xsd:date", "@value": told.programme.since.to_string() },
            "dcat:endDate": { "@type": "xsd:date", "@value": told.programme.until.to_string() },
        },
        "dcat:landingPage": { "@id": ctx.link(&format!("/programmes/{}/open-data", told.programme.id)), "@type": "foaf:Document" },
        "dcat:distribution": {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": title(ctx, dataset, told),
            "dcat:accessURL": { "@id": address, "@type": "rdfs:Resource" },
            "dcat:downloadURL": { "@id": address, "@type": "rdfs:Resource" },
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{}", dataset.media), "@type": "dct:MediaType" },
            "dct:license": { "@id": told.data.licence.address(), "@type": "dct:LicenseDocument" },
        },
    })
}

fn machine(ctx: &Ctx) -> Result<Reply> {
    let all = ctx.read(record::all)?;
    let datasets: Vec<Json> = all
        .iter()
        .flat_map(|told| {
            DATASETS.iter().filter(|part| (part.part)(&told.data)).map(move |part| dataset(ctx, told, part))
        })
        .collect();
    let catalogue = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": ctx.link("/open-data"),
        "@type": "dcat:Catalog",
        "dct:title": said(ctx, "open.catalogue"),
        "dct:description": said(ctx, "open.lead"),
        "dct:publisher": { "@id": ctx.link("/"), "@type": "foaf:Agent", "foaf:name": ctx.host },
        "foaf:homepage": { "@id": ctx.link("/open-data"), "@type": "foaf:Document" },
        "dcat:dataset": datasets,
    });
    Ok(Reply::Body { status: 200, media: "application/ld+json", body: serde_json::to_vec(&catalogue)? })
}

/// The tables of a programme as a Data Package: their names, columns and kinds of values.
pub(crate) fn package(ctx: &Ctx, told: &Told) -> Json {
    let w = ctx.w;
    let field = |name: String, kind: &str| json!({ "name": name, "type": kind });
    let mut resources = Vec::new();
    for set in DATASETS.iter().filter(|set| (set.part)(&told.data)) {
        let title = w.t(&format!("open.dataset.{}.title", set.code)).into_owned();
        let mut resource = json!({
            "name": set.code.replace('_', "-"),
            "title": title,
            "path": ctx.link(&files::path(told.programme.id, set.file)),
            "mediatype": set.media,
            "encoding": "utf-8",
        });
        // The table of who does what has a row of hashtags: its columns hold more than one kind of value.
        if set.code == "figures" {
            let kinds = |column: &str| match column {
                "since" | "until" => "date",
                "value" => "number",
                "n" => "integer",
                "hidden" => "boolean",
                _ => "string",
            };
            let columns = crate::figures::COLUMNS.iter();
            let fields: Vec<Json> =
                columns.map(|column| field(w.t2("open.column", column), kinds(column))).collect();
            resource["schema"] = json!({ "fields": fields });
        }
        resources.push(resource);
    }
    json!({
        "name": format!("open-data-{}", told.programme.id),
        "title": told.programme.name.best(w.lang),
        "created": format!("{}T00:00:00Z", told.data.issued),
        "licenses": [{ "name": told.data.licence.spdx(), "path": told.data.licence.address() }],
        "contributors": [{ "title": told.publisher.name.best(w.lang), "role": "publisher" }],
        "resources": resources,
    })
}
