//! Stored documents. Their bytes lie in a folder under their digest; the table says whose they are.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::facts::Tx;
use crate::store::Db;
use crate::{App, Ctx, Error, Id, Reply, Result, Upload, now, sql};

/// Largest document, in bytes.
pub const LARGEST: usize = 20 << 20;

/// The media type that the first bytes show, among those accepted.
pub fn media_of(bytes: &[u8]) -> Option<&'static str> {
    let starts = |prefix: &[u8]| bytes.starts_with(prefix);
    if starts(b"%PDF-") {
        Some("application/pdf")
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if starts(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if starts(b"PK\x03\x04") {
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    } else {
        sound_of(bytes)
    }
}

/// The media type of a voice note as phones record it; nothing for a film in the same container.
fn sound_of(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(4096)];
    let says = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    let film = [&b"V_VP"[..], b"V_AV1", b"V_MPEG", b"vmhd"].iter().any(|mark| says(mark));
    match bytes {
        _ if film => None,
        _ if bytes.starts_with(b"OggS") && says(b"OpusHead") => Some("audio/ogg"),
        _ if bytes.starts_with(b"\x1a\x45\xdf\xa3") && says(b"webm") && says(b"A_OPUS") => Some("audio/webm"),
        _ if bytes.get(4..8) == Some(b"ftyp") && says(b"smhd") => Some("audio/mp4"),
        _ => None,
    }
}

/// Where the bytes with this digest lie.
pub fn path_of(folder: &Path, digest: &str) -> PathBuf {
    folder.join(digest.get(..2).unwrap_or("00")).join(digest)
}

/// Stores a document that came with a form; `owner` is the record whose rights cover it. The bytes are on disk
/// before the row that names them.
pub fn keep(app: &App, tx: &mut Tx<'_>, upload: &Upload, owner: Id) -> Result<Id> {
    let media =
        media_of(&upload.bytes).ok_or_else(|| Error::field(upload.field.clone(), "error.file_kind"))?;
    keep_as(app, tx, upload, owner, media)
}

/// The same for bytes that the caller has read and knows to be of this media type, such as a table of text.
pub fn keep_as(app: &App, tx: &mut Tx<'_>, upload: &Upload, owner: Id, media: &str) -> Result<Id> {
    if upload.bytes.len() > LARGEST {
        return Err(Error::TooLarge);
    }
    let digest = write(&app.files, &upload.bytes)?;
    let id = Id::new();
    let name: String =
        upload.name.chars().filter(|c| !c.is_control() && !"/\\".contains(*c)).take(120).collect();
    let account = tx.actor.account;
    tx.run(
        &sql("insert into file (id, name, media, size, digest, owner, at, account) values (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(id).bind(if name.is_empty() { "document" } else { &name }).bind(media)
            .bind(upload.bytes.len() as i64).bind(digest).bind(owner).bind(now()).bind(account),
    )?;
    Ok(id)
}

/// Puts bytes into the folder, durably; answers their digest.
pub fn write(folder: &Path, bytes: &[u8]) -> Result<String> {
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = path_of(folder, &digest);
    if path.exists() {
        return Ok(digest);
    }
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent)?;
    let temporary = parent.join(format!("{}.tmp", Id::new()));
    let mut file = std::fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, &path)?;
    std::fs::File::open(parent)?.sync_all()?;
    Ok(digest)
}

/// The owner of a document.
pub fn owner(db: &mut Db, file: Id) -> Result<Option<Id>> {
    db.row(&sql("select owner from file where id = ?").bind(file), crate::value::Row::take)
}

/// A stored document as it was sent. The caller has checked who may open it.
pub fn read(app: &App, db: &mut Db, file: Id) -> Result<Upload> {
    let found = db.row(&sql("select name, digest from file where id = ?").bind(file), |row| {
        Ok((row.take::<String>()?, row.take::<String>()?))
    })?;
    let (name, digest) = found.ok_or(Error::NotFound)?;
    Ok(Upload { field: "file".into(), name, bytes: std::fs::read(path_of(&app.files, &digest))? })
}

/// Where a document lies, its media type and its digest. The caller has checked who may open it.
pub fn stored(app: &App, db: &mut Db, file: Id) -> Result<(PathBuf, String, String)> {
    let found = db.row(&sql("select media, digest from file where id = ?").bind(file), |row| {
        Ok((row.take::<String>()?, row.take::<String>()?))
    })?;
    let (media, digest) = found.ok_or(Error::NotFound)?;
    Ok((path_of(&app.files, &digest), media, digest))
}

/// Forgets a document; answers its digest, for [`sweep`] once the write is done.
pub fn forget(tx: &mut Tx<'_>, file: Id) -> Result<Option<String>> {
    let digest = tx.row(&sql("select digest from file where id = ?").bind(file), crate::value::Row::take)?;
    tx.run(&sql("delete from file where id = ?").bind(file))?;
    Ok(digest)
}

/// Removes the bytes with this digest from the disk, unless another document has the same.
pub fn sweep(app: &App, digest: &str) -> Result<()> {
    let others: i64 =
        app.read(|db| db.one(&sql("select count(*) from file where digest = ?").bind(digest)))?;
    let path = path_of(&app.files, digest);
    if others == 0 && path.exists() {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

/// `GET /files/{file}`: the document, if some room says that the viewer may open it.
pub(crate) fn download(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("file")?;
    ctx.read(|db| {
        let mut opens = false;
        for ask in ctx.app.rooms.iter().filter_map(|room| room.opens_file) {
            opens = opens || ask(&ctx.viewer, db, id)?;
        }
        if !opens {
            return Err(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn });
        }
        let found = db.row(&sql("select name, media, digest from file where id = ?").bind(id), |row| {
            Ok((row.take::<String>()?, row.take::<String>()?, row.take::<String>()?))
        })?;
        let (name, media, digest) = found.ok_or(Error::NotFound)?;
        let path = path_of(&ctx.app.files, &digest);
        if !path.exists() {
            return Err(Error::internal(format!("the bytes of file {id} are missing")));
        }
        Ok(Reply::file(path, media, name))
    })
}

/// Files whose bytes are missing or altered: what `check` reports.
pub fn damaged(app: &App) -> Result<Vec<String>> {
    let files: Vec<(String, String)> = app.read(|db| {
        db.rows(&sql("select distinct digest, name from file"), |row| Ok((row.take()?, row.take()?)))
    })?;
    let mut found = Vec::new();
    for (digest, name) in files {
        match std::fs::read(path_of(&app.files, &digest)) {
            Err(error) => found.push(format!("document {name}: {error}")),
            Ok(bytes) => {
                let there: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                if there != digest {
                    found.push(format!("document {name}: its bytes have changed"));
                }
            }
        }
    }
    Ok(found)
}
