//! The description of the interface for other programs, generated from the table of routes.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use crate::kinds::Input;
use crate::record::Field;
use crate::room::{Method, Need, Route};
use crate::{Ctx, Reply, Result, Words};

/// The OpenAPI 3.1 description of every route.
pub fn describe(routes: &[(&str, &Route)], w: Words) -> Json {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths = Map::new();
    for (room, route) in routes {
        let method = route.method.name();
        let entry = paths.entry(route.path).or_insert_with(|| json!({}));
        entry[method] = operation(room, route, &mut generator, w);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Problem".into(), problem());
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Tiwizi", "version": env!("CARGO_PKG_VERSION"), "description": w.t("api.about"), "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }, { "session": [] }, {}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "key": { "type": "http", "scheme": "basic" },
                "session": { "type": "apiKey", "in": "cookie", "name": crate::web::SESSION },
            },
        },
    })
}

fn operation(room: &str, route: &Route, generator: &mut SchemaGenerator, w: Words) -> Json {
    let parameters: Vec<Json> = route
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .chain(route.query.iter().map(|name| json!({ "name": name, "in": "query", "required": false, "schema": { "type": "string" } })))
        .collect();
    let answer = match (route.method, route.answer) {
        (_, Some(schema)) => json!({ "application/json": { "schema": schema(generator) } }),
        (Method::Get | Method::Head, None) => json!({ "application/json": { "schema": {} } }),
        (Method::Post | Method::Patch | Method::Delete, None) => {
            json!({ "application/json": { "schema": { "type": "object", "properties": { "done": { "type": "string" }, "location": { "type": "string" } } } } })
        }
    };
    let problem = json!({ "description": "Problem", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let mut operation = json!({
        "tags": [room],
        "operationId": operation_id(route),
        "summary": summary(route, w),
        "parameters": parameters,
        "responses": { "200": { "description": "OK", "content": answer }, "default": problem },
    });
    if route.own_door {
        operation["security"] = json!([{ "key": [] }, { "token": [] }, {}]);
    } else if route.need == Need::Anybody {
        operation["security"] = json!([{}]);
    }
    if route.method == Method::Post {
        let mut content = Map::new();
        let body = body_schema(route.body, w);
        if route.upload {
            content.insert("multipart/form-data".into(), json!({ "schema": body }));
        } else {
            content.insert("application/json".into(), json!({ "schema": body }));
        }
        operation["requestBody"] = json!({ "content": content });
    }
    operation
}

/// `GET /organisations/{organisation}` is called `get_organisations_organisation`.
pub fn operation_id(route: &Route) -> String {
    let words: String = route.path.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let method = route.method.name();
    let words = words.split('_').filter(|s| !s.is_empty()).collect::<Vec<_>>().join("_");
    // The page of a folder is another than that of its name.
    let folder = if route.path.len() > 1 && route.path.ends_with('/') { "_folder" } else { "" };
    format!("{method}_{words}{folder}")
}

fn summary(route: &Route, w: Words) -> String {
    let key = format!("api.{}", operation_id(route));
    if w.knows(&key) { w.t(&key).into_owned() } else { route.path.to_owned() }
}

fn body_schema(fields: &[Field], w: Words) -> Json {
    let mut properties = Map::new();
    for field in fields {
        let mut schema = match field.ops.input {
            Input::Multi => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            Input::Choice { codes, .. } => json!({ "type": "string", "enum": codes }),
            Input::Choices { codes, .. } => {
                json!({ "type": "array", "items": { "type": "string", "enum": codes } })
            }
            Input::Money => {
                json!({ "type": "object", "properties": { "minor": { "type": "integer" }, "currency": { "type": "string" } } })
            }
            Input::Place => {
                json!({ "type": "object", "properties": { "division": { "type": "string" }, "lat": { "type": "number" }, "lon": { "type": "number" } } })
            }
            Input::Number => json!({ "type": "integer" }),
            Input::Yes => json!({ "type": "boolean" }),
            Input::Date => json!({ "type": "string", "format": "date" }),
            _ => json!({ "type": "string" }),
        };
        if !field.ops.needed {
            schema["description"] = w.t("api.optional").into();
        }
        properties.insert(field.name.into(), schema);
    }
    json!({ "type": "object", "properties": properties })
}

fn problem() -> Json {
    json!({
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
            "detail": { "type": "string" }, "instance": { "type": "string" },
            "errors": { "type": "array", "items": { "type": "object", "properties": { "field": { "type": "string" }, "key": { "type": "string" }, "detail": { "type": "string" } } } },
        },
    })
}

fn routes(ctx: &Ctx) -> Vec<(&'static str, &Route)> {
    ctx.app.rooms.iter().flat_map(|room| room.routes.iter().map(move |route| (room.name, route))).collect()
}

/// `GET /api/openapi.json`.
pub(crate) fn document(ctx: &Ctx) -> Result<Reply> {
    ctx.data(&describe(&routes(ctx), ctx.w))
}

#[derive(serde::Serialize)]
struct Line {
    room: String,
    method: &'static str,
    path: &'static str,
    summary: String,
    id: String,
    need: String,
    query: &'static [&'static str],
    body: Vec<String>,
}

#[derive(askama::Template, serde::Serialize)]
#[template(path = "api.html")]
struct Viewer {
    #[serde(skip)]
    w: Words,
    lines: Vec<Line>,
}

/// `GET /api`: the same description, to be read by people.
pub(crate) fn viewer(ctx: &Ctx) -> Result<Reply> {
    let lines = routes(ctx)
        .into_iter()
        .map(|(room, route)| Line {
            room: ctx.w.t2("room", room),
            method: route.method.name(),
            path: route.path,
            // An address without words of its own says enough by itself.
            summary: Some(summary(route, ctx.w)).filter(|words| words != route.path).unwrap_or_default(),
            id: operation_id(route),
            need: match route.need {
                Need::Anybody => ctx.w.t("api.anybody").into_owned(),
                Need::SignedIn => ctx.w.t("api.signed_in").into_owned(),
                Need::Role(roles) | Need::Held(roles) => {
                    roles.iter().map(|role| ctx.w.t2("role.role", role)).collect::<Vec<_>>().join(", ")
                }
            },
            query: route.query,
            body: route
                .body
                .iter()
                .map(
                    |field| if field.ops.needed { format!("{}*", field.name) } else { field.name.to_owned() },
                )
                .collect(),
        })
        .collect();
    ctx.page(&ctx.w.t("api.title"), &Viewer { w: ctx.w, lines })
}
