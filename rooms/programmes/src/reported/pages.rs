//! `/convergence/others`: files of other actors, read and taken back.

use askama::Template;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Id, Reply, Result, Words, Wrong, ctx::Upload};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Contents, OthersFile, REFUSED, Standard, files, hxl, iati, keep, take_back};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/convergence/others", list).role(registry::TEAM).answers::<OthersPage>(),
        post("/convergence/others", receive).role(registry::TEAM).upload(),
        get("/convergence/others/{others_file}", show).role(registry::TEAM).answers::<FilePage>(),
        post("/convergence/others/{others_file}/remove", remove).role(registry::TEAM),
    ]
}

#[derive(Serialize, JsonSchema)]
struct FileLine {
    id: Id,
    name: String,
    standard: Standard,
    publisher: Option<String>,
    told: i64,
}

/// The files of others.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_others.html")]
struct OthersPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    new: Id,
    files: Vec<FileLine>,
    #[serde(skip)]
    refusal: Option<String>,
}

/// What could not be read: why, and which.
#[derive(Serialize, JsonSchema)]
struct Refused {
    why: String,
    what: String,
}

/// What a file told.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_others_file.html")]
struct FilePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    file: FileLine,
    refused: Vec<Refused>,
    /// True if the viewer may take it back.
    removes: bool,
}

fn line(file: OthersFile) -> FileLine {
    let OthersFile { id, name, standard, publisher, told, .. } = file;
    FileLine { id, name, standard, publisher, told }
}

fn list(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, None)
}

fn page(ctx: &Ctx, status: u16, refusal: Option<String>) -> Result<Reply> {
    let files = ctx.read(files)?.into_iter().map(line).collect();
    let page = OthersPage { w: ctx.w, new: Id::new(), files, refusal };
    ctx.page_with_status(status, &ctx.w.t("others.title"), &page)
}

/// What a file tells: XML is IATI, a table is 3W.
fn read(ctx: &Ctx, upload: &Upload) -> Result<(Standard, Contents), Wrong> {
    let start = upload
        .bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace() && ![0xef, 0xbb, 0xbf].contains(byte));
    if start.is_some_and(|start| upload.bytes[start] == b'<') {
        let text = std::str::from_utf8(&upload.bytes).map_err(|_| Wrong::new("others.no_utf8"))?;
        return Ok((Standard::Iati, iati::read(text.trim_start_matches('\u{feff}'))?));
    }
    let sheet = registry::import::read_table(upload, None)?;
    Ok((Standard::Hxl, hxl::read(ctx.w, &sheet)?))
}

/// The same form sent twice is one file.
fn receive(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    // The id of the form is made the account's own: it can name no other record.
    let id = Id::named(&format!("file of others {} of {account}", ctx.new_id()));
    if ctx.read(|db| kernel::record::find::<OthersFile>(db, id))?.is_none() {
        let upload = ctx.uploads.iter().find(|upload| upload.field == "file");
        let contents =
            upload.ok_or_else(|| Wrong::new("registry.import.no_file")).and_then(|upload| read(ctx, upload));
        let nothing = |contents: &Contents| contents.told.is_empty() && contents.refused.is_empty();
        match contents {
            Ok((_, contents)) if nothing(&contents) => return refused(ctx, &Wrong::new("others.nothing")),
            Ok((standard, contents)) => {
                let lines = contents.refused.iter().take(REFUSED).map(|(why, what)| format!("{why}\t{what}"));
                let lines: Vec<String> = lines.collect();
                let file = OthersFile {
                    id,
                    version: 1,
                    name: upload.map(|upload| upload.name.chars().take(200).collect()).unwrap_or_default(),
                    standard,
                    publisher: contents.publisher.clone(),
                    account: account.into(),
                    told: contents.told.len() as i64,
                    refused: (!lines.is_empty()).then(|| kernel::kinds::Long(lines.join("\n"))),
                };
                ctx.write(|tx| keep(tx, &file, &contents))?;
            }
            Err(wrong) => return refused(ctx, &wrong),
        }
    }
    ctx.done(&format!("/convergence/others/{id}"), "")
}

fn refused(ctx: &Ctx, wrong: &Wrong) -> Result<Reply> {
    if ctx.json {
        return Err(Error::Refused(wrong.clone()));
    }
    page(ctx, 422, Some(ctx.w.wrong(wrong)))
}

/// Whoever brought a file takes it back, and so does an administrator.
fn removes(ctx: &Ctx, file: &OthersFile) -> bool {
    ctx.viewer.is_administrator() || ctx.viewer.account == Some(file.account.id)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let file = ctx.read(|db| super::file(db, ctx.id("others_file")?))?;
    let lines = file.refused.as_ref().map(|text| text.0.clone()).unwrap_or_default();
    let refused = lines
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(why, what)| Refused { why: w.t2("others.why", why), what: what.to_owned() });
    let (refused, removes) = (refused.collect(), removes(ctx, &file));
    let page = FilePage { w, refused, removes, file: line(file) };
    ctx.page(&w.t("others.title"), &page)
}

fn remove(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| {
        let file = super::file(tx, ctx.id("others_file")?)?;
        if removes(ctx, &file) { take_back(tx, &file) } else { Err(Error::Forbidden) }
    })?;
    ctx.done("/convergence/others", "removed")
}
