//! A list arrives: it is read at once, and kept as it came. The page of one's imports.

use askama::Template;
use kernel::access::{self, Standing};
use kernel::{App, Ctx, Error, Id, Record, Reply, Result, Tx, Upload, Words, Wrong, now, sql};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::{Limits, ReadError, Sheet};

use super::mapping::{Mapping, standing_of};
use super::rows::Cell;
use super::subject::Face;
use super::{Step, Subject, find, open, page};

/// Rows of a list, its header included.
const LIMITS: Limits = Limits {
    max_bytes: 16 << 20,
    max_unpacked: 192 << 20,
    max_rows: 100_001,
    max_columns: 200,
    max_cells: 3_000_000,
    max_cell: 10_000,
};

/// The imports that the viewer may see.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_imports.html")]
pub(crate) struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    face: Face,
    /// Id for the next upload.
    new: Id,
    imports: Vec<Line>,
    /// Why the last upload was refused.
    refusal: Option<String>,
}

/// One import of the list.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    name: String,
    step: Step,
    rows: i64,
    at: i64,
}

pub(crate) fn list<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    list_page::<S>(ctx, 200, None)
}

fn list_page<S: Subject>(ctx: &Ctx, status: u16, refusal: Option<String>) -> Result<Reply> {
    let query = sql("select i.id, i.name, i.state, i.row_count, i.at from import i where")
        .seen(&ctx.viewer, "i.id")
        .and(" and i.subject = ?")
        .bind(S::Record::TABLE)
        .and(" order by i.at desc limit 100");
    let imports = ctx.read(|db| {
        db.rows(&query, |row| {
            Ok(Line {
                id: row.take()?,
                name: row.take()?,
                step: row.take()?,
                rows: row.take()?,
                at: row.take()?,
            })
        })
    })?;
    let face = Face::of::<S>();
    let page = ListPage { w: ctx.w, face, new: Id::new(), imports, refusal };
    ctx.page_with_status(status, &face.say(ctx.w, "title"), &page)
}

/// `POST /imports`: the same form sent twice is one import.
pub(crate) fn receive<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    // The id of the form is made the account's own: it can name no other record.
    let id = Id::named(&format!("import {} of {account}", ctx.new_id()));
    if ctx.read(|db| find(db, id))?.is_none() {
        let Some(upload) = ctx.uploads.iter().find(|upload| upload.field == "file") else {
            return refused::<S>(ctx, &Wrong::new("registry.import.no_file"));
        };
        match read(upload, None) {
            Ok(sheet) => {
                ctx.write(|tx| store::<S>(&ctx.app, tx, id, upload, &sheet, ctx.viewer.is_administrator()))?;
            }
            Err(wrong) => return refused::<S>(ctx, &wrong),
        }
    }
    ctx.done(&format!("{}/{id}", S::BASE), "")
}

fn refused<S: Subject>(ctx: &Ctx, wrong: &Wrong) -> Result<Reply> {
    if ctx.json {
        return Err(Error::Refused(wrong.clone()));
    }
    list_page::<S>(ctx, 422, Some(ctx.w.wrong(wrong)))
}

/// The table in a file, of a workbook this sheet or the first with rows, or the sentence that says why there is none.
pub fn read(upload: &Upload, sheet: Option<&str>) -> Result<Sheet, Wrong> {
    let found = match sheet {
        Some(sheet) => sheet::read_named(&upload.name, &upload.bytes, sheet, LIMITS),
        None => sheet::read(&upload.name, &upload.bytes, LIMITS),
    };
    let found = found.map_err(|error| wrong(&error))?;
    if found.rows.is_empty() { Err(Wrong::new("sheet.empty")) } else { Ok(found) }
}

/// `POST /imports/{import}/sheet`: another sheet of the workbook takes the place of the one that was read.
pub(crate) fn choose_sheet<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let (import, upload) = ctx.read(|db| {
        let import = open::<S>(ctx, db)?;
        let upload = kernel::files::read(&ctx.app, db, import.file)?;
        Ok((import, upload))
    })?;
    let wanted = ctx.form.text("sheet").filter(|name| import.sheets.iter().any(|there| there == name));
    let wanted = wanted.ok_or_else(|| Error::refused("error.form"))?;
    match read(&upload, Some(wanted)) {
        Err(wrong) if ctx.json => Err(Error::Refused(wrong)),
        Err(wrong) => page::refused::<S>(ctx, import, &wrong),
        Ok(sheet) => {
            ctx.write(|tx| {
                let import = open::<S>(ctx, tx)?;
                let unread = sql("update import set state = ?, job = null where id = ? and state = ?")
                    .bind(Step::Mapping)
                    .bind(import.id)
                    .bind(import.step);
                if !matches!(import.step, Step::Mapping | Step::Checked) || tx.run(&unread)? == 0 {
                    return Err(Error::refused("registry.import.not_now"));
                }
                let rows = sql("delete from import_row where import = ?").bind(import.id);
                tx.run(&rows.open("rows of one import"))?;
                keep_sheet::<S>(&ctx.app, tx, import.id, &sheet, ctx.viewer.is_administrator())
            })?;
            ctx.done(&import.path::<S>(), "")
        }
    }
}

fn wrong(error: &ReadError) -> Wrong {
    let wrong = Wrong::new(error.code());
    match error {
        ReadError::TooLarge { max, .. } => wrong.with("max", max >> 20),
        ReadError::UnpacksTooLarge { max } => wrong.with("max", max >> 20),
        ReadError::TooManyRows { max } => wrong.with("max", max - 1),
        ReadError::TooManyColumns { max, .. } | ReadError::TooManyCells { max } => wrong.with("max", max),
        ReadError::CellTooLong { row, column, max } => {
            wrong.with("row", row).with("column", column).with("max", max)
        }
        ReadError::Foreign { format } => wrong.with("format", format),
        ReadError::NoSuchSheet { name } => wrong.with("name", name),
        ReadError::Empty | ReadError::Locked | ReadError::Damaged => wrong,
    }
}

/// Keeps the file and its rows, with a first mapping, in one transaction.
pub(crate) fn store<S: Subject>(
    app: &App,
    tx: &mut Tx<'_>,
    id: Id,
    upload: &Upload,
    sheet: &Sheet,
    administrator: bool,
) -> Result<()> {
    if find(tx, id)?.is_some() {
        return Ok(());
    }
    let account = tx.actor.account;
    let media = kernel::files::media_of(&upload.bytes).unwrap_or("text/csv; charset=utf-8");
    let file = kernel::files::keep_as(app, tx, upload, id, media)?;
    let name: String = upload.name.chars().filter(|c| !c.is_control()).take(120).collect();
    tx.run(
        &sql("insert into import (id, account, subject, name, file, sheets, header, mapping, state, row_count, at)
              values (?, ?, ?, ?, ?, ?, '[]', '', ?, 0, ?)")
        .bind(id)
        .bind(account)
        .bind(S::Record::TABLE)
        .bind(name)
        .bind(file)
        .bind(serde_json::to_string(&sheet.sheets)?)
        .bind(Step::Mapping)
        .bind(now()),
    )?;
    keep_sheet::<S>(app, tx, id, sheet, administrator)?;
    if let Some(account) = account {
        access::grant(tx, id, &access::scope("account", account), Standing::Steward, None)?;
    }
    let mut changes = serde_json::Map::new();
    changes.insert("rows".into(), serde_json::json!([null, sheet.rows.len()]));
    tx.fact("registry.import.created", id, id, changes)?;
    Ok(())
}

/// Keeps the header and the rows of the sheet that is read, with what its columns seem to hold.
fn keep_sheet<S: Subject>(
    app: &App,
    tx: &mut Tx<'_>,
    id: Id,
    sheet: &Sheet,
    administrator: bool,
) -> Result<()> {
    let (account, standing) = (tx.actor.account, standing_of(administrator));
    let mapping = Mapping::guessed::<S>(tx, app.words, account, standing, &sheet.header, &sheet.rows)?;
    tx.run(
        &sql("update import set sheet = ?, header = ?, mapping = ?, row_count = ? where id = ?")
            .bind(&sheet.sheet)
            .bind(serde_json::to_string(&sheet.header)?)
            .bind(serde_json::to_string(&mapping)?)
            .bind(sheet.rows.len() as i64)
            .bind(id),
    )?;
    for chunk in sheet.rows.chunks(100) {
        let holes = vec!["(?, ?, ?, 'read')"; chunk.len()].join(", ");
        let mut insert = sql("insert into import_row (import, number, cells, state) values ").and(&holes);
        for row in chunk {
            let cells: Vec<Cell> = row.cells.iter().map(Cell::of).collect();
            insert = insert.bind(id).bind(i64::from(row.number)).bind(serde_json::to_string(&cells)?);
        }
        tx.run(&insert)?;
    }
    Ok(())
}
