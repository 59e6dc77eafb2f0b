//! Photos and sounds in pieces, by the protocol *tus* 1.0 (core and creation): a broken line costs one piece.

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;
use kernel::{Actor, App, Ctx, Db, Error, Id, Reply, Result, Tx, now, sql};

const VERSION: &str = "1.0.0";

/// Most bytes that an account begins to send within a day. What is beyond stays on the telephone until the next.
const A_DAY: i64 = 4 << 30;
const DAY: i64 = 86_400_000;

/// Where the pieces of an upload come together.
pub(super) fn path(app: &App, upload: Id) -> PathBuf {
    app.files.join("uploads").join(upload.to_string())
}

/// An answer of the protocol.
fn answer(status: u16) -> Reply {
    Reply::status(status).with_header("tus-resumable", VERSION)
}

/// True if the client speaks this version.
fn speaks(ctx: &Ctx) -> bool {
    ctx.header("tus-resumable") == VERSION
}

fn number(ctx: &Ctx, name: &str) -> Option<i64> {
    ctx.header(name).parse().ok().filter(|number| *number >= 0)
}

/// The text under a key of `Upload-Metadata`: pairs of a key and Base64, with commas between.
fn metadata(ctx: &Ctx, key: &str) -> Option<String> {
    let pairs = ctx.header("upload-metadata").split(',').map(|pair| pair.trim().split_once(' '));
    let (_, text) = pairs.flatten().find(|(name, _)| *name == key)?;
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

/// `POST /field/uploads`: begins an upload whose id the device made. The same again is harmless.
pub(super) fn create(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    if !speaks(ctx) {
        return Ok(answer(412).with_header("tus-version", VERSION));
    }
    let size = number(ctx, "upload-length").ok_or_else(|| Error::refused("field.upload.unread"))?;
    if size > kernel::files::LARGEST as i64 {
        return Err(Error::TooLarge);
    }
    let id: Id = match metadata(ctx, "id") {
        Some(text) => text.parse().map_err(|_| Error::refused("field.upload.unread"))?,
        None => Id::new(),
    };
    let name = metadata(ctx, "filename").unwrap_or_default();
    ctx.write(|tx| {
        let begun = sql("select cast(coalesce(sum(size), 0) as bigint) from upload where account = ? and at > ? and id <> ?");
        if tx.one::<i64>(&begun.bind(account).bind(now() - DAY).bind(id))? + size > A_DAY {
            return Err(Error::TooMany(3_600));
        }
        let made = sql("insert into upload (id, account, name, size, received, at) values (?, ?, ?, ?, 0, ?) on conflict (id) do nothing");
        tx.run(&made.bind(id).bind(account).bind(name).bind(size).bind(now()))?;
        let there = open(tx, account, id)?;
        if there.size == size { Ok(()) } else { Err(Error::refused("error.id_taken")) }
    })?;
    Ok(answer(201).with_header("location", format!("/field/uploads/{id}")))
}

/// Keeps a document that came whole, as the upload of this id. The same again is harmless.
pub(crate) fn keep_whole(
    app: &App,
    tx: &mut Tx<'_>,
    account: Id,
    id: Id,
    name: &str,
    bytes: &[u8],
) -> Result<()> {
    if bytes.len() > kernel::files::LARGEST {
        return Err(Error::TooLarge);
    }
    let path = path(app, id);
    std::fs::create_dir_all(path.parent().unwrap_or(&app.files))?;
    let size = bytes.len() as i64;
    let made = sql(
        "insert into upload (id, account, name, size, received, at) values (?, ?, ?, ?, 0, ?) on conflict (id) do nothing",
    );
    tx.run(&made.bind(id).bind(account).bind(name).bind(size).bind(now()))?;
    let there = open(tx, account, id)?;
    if there.size != size {
        return Err(Error::refused("error.id_taken"));
    }
    if there.received == size {
        return Ok(());
    }
    let mut file = std::fs::File::create(&path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    tx.run(&sql("update upload set received = size where id = ?").bind(id)).map(|_| ())
}

/// Where the document of this upload lies, if it is there whole.
pub(crate) fn whole(app: &App, db: &mut Db, id: Id) -> Result<Option<PathBuf>> {
    let there = sql("select count(*) from upload where id = ? and received = size").bind(id);
    Ok((db.one::<i64>(&there)? > 0).then(|| path(app, id)))
}

/// Lets a document go: it is not there from now on, and its bytes go with the next [`sweep`].
pub(super) fn discard(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    tx.run(&sql("update upload set name = '', size = -1, received = 0 where id = ?").bind(id)).map(|_| ())
}

/// Removes the bytes of documents that were let go.
pub(super) fn sweep(app: &App) -> Result<()> {
    let gone = sql("select id from upload where size < 0 limit 500");
    let gone: Vec<Id> = app.read(|db| db.rows(&gone, kernel::value::Row::take))?;
    for id in gone {
        match std::fs::remove_file(path(app, id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => app.write(Actor::machine("device"), |tx| {
                tx.run(&sql("delete from upload where id = ? and size < 0").bind(id)).map(|_| ())
            })?,
        }
    }
    Ok(())
}

struct There {
    size: i64,
    received: i64,
}

fn open(db: &mut Db, account: Id, id: Id) -> Result<There> {
    let query = sql("select size, received from upload where id = ? and account = ?").bind(id).bind(account);
    db.row(&query, |row| Ok(There { size: row.take()?, received: row.take()? }))?.ok_or(Error::NotFound)
}

/// `HEAD /field/uploads/{upload}`: how much is there.
pub(super) fn offset(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let there = ctx.read(|db| open(db, account, ctx.id("upload")?))?;
    Ok(answer(200)
        .with_header("upload-offset", there.received.to_string())
        .with_header("upload-length", there.size.to_string())
        .with_header("cache-control", "no-store"))
}

/// `PATCH /field/uploads/{upload}`: adds a piece where the last one ended. It counts once it is on disk.
pub(super) fn append(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    if !speaks(ctx) {
        return Ok(answer(412).with_header("tus-version", VERSION));
    }
    if ctx.header("content-type") != "application/offset+octet-stream" {
        return Ok(answer(415));
    }
    let (id, at) = (ctx.id("upload")?, number(ctx, "upload-offset"));
    let at = at.ok_or_else(|| Error::refused("field.upload.unread"))?;
    let written = ctx.write(|tx| {
        let there = open(tx, account, id)?;
        let after = at + ctx.body.len() as i64;
        if there.received != at {
            return Ok(None);
        }
        if after > there.size {
            return Err(Error::TooLarge);
        }
        let path = path(&ctx.app, id);
        std::fs::create_dir_all(path.parent().unwrap_or(&ctx.app.files))?;
        let mut file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        // What a broken try left behind the counted part is written over.
        file.set_len(at.unsigned_abs())?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(&ctx.body)?;
        file.sync_all()?;
        tx.run(&sql("update upload set received = ? where id = ?").bind(after).bind(id))?;
        Ok(Some((after, after == there.size)))
    })?;
    let Some((after, whole)) = written else { return Ok(answer(409)) };
    if whole {
        let waiting = ctx.read(|db| super::engine::waiting_for(db, id))?;
        super::engine::apply(&ctx.app, &waiting)?;
    }
    Ok(answer(204).with_header("upload-offset", after.to_string()))
}
