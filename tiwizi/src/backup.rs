//! Backup and restore: the tables as lines of JSON and the documents, in one compressed file with a digest of each.
//! The same file restores into SQLite or PostgreSQL, so a province can move to a country's server.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use kernel::secret::hex;
use kernel::value::Value;
use kernel::{App, Db, Error, Json, Result, sql};
use sha2::{Digest, Sha256};

use crate::tables;

const MANIFEST: &str = "manifest.json";
/// Where the secret of the house lies in a backup that holds it.
const SECRET: &str = "secret";
const FORMAT: i64 = 1;

/// Secrets that need not survive a restore (everybody signs in again), and the index, which is made anew.
const LEFT_OUT: &[&str] = &["session", "invitation", "entry", "ordering", "posting"];

/// Writes everything to `path`, from one snapshot, while Tiwizi runs; the secret of the house only if that is asked for,
/// since whoever holds both can sign and pass for others.
pub fn write(app: &App, path: &Path, with_secret: bool) -> Result<String> {
    let temporary = path.with_extension("part");
    let out = GzEncoder::new(File::create(&temporary)?, Compression::fast());
    let mut tar = tar::Builder::new(out);
    let (mut digests, mut rows) = (BTreeMap::new(), 0);
    app.read(|db| {
        let columns = db.columns()?;
        for name in tables::of(&app.rooms).iter().map(|table| &table.name) {
            if LEFT_OUT.contains(&name.as_str()) {
                continue;
            }
            let names: Vec<&str> = columns
                .iter()
                .filter(|(table, _)| table == name)
                .map(|(_, column)| column.as_str())
                .collect();
            let mut file = tempfile::tempfile()?;
            rows += write_table(db, name, &names, &mut file)?;
            append(&mut tar, &format!("tables/{name}.jsonl"), &mut file, &mut digests)?;
        }
        Ok(())
    })?;
    for digest in documents(&app.files)? {
        let mut file = File::open(kernel::files::path_of(&app.files, &digest))?;
        append(&mut tar, &format!("files/{digest}"), &mut file, &mut digests)?;
    }
    if with_secret {
        let mut file = tempfile::tempfile()?;
        file.write_all(app.secret.digits().as_bytes())?;
        append(&mut tar, SECRET, &mut file, &mut digests)?;
    }
    let documents = digests.keys().filter(|name| name.starts_with("files/")).count();
    let manifest =
        serde_json::json!({ "format": FORMAT, "version": env!("CARGO_PKG_VERSION"), "entries": digests });
    let text = serde_json::to_vec(&manifest)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o600);
    tar.append_data(&mut header, MANIFEST, text.as_slice())?;
    tar.into_inner()?.finish()?.sync_all()?;
    std::fs::rename(&temporary, path)?;
    Ok(format!("wrote {rows} rows and {documents} documents to {}", path.display()))
}

fn write_table(db: &mut Db, table: &str, names: &[&str], out: &mut File) -> Result<u64> {
    let mut out = std::io::BufWriter::new(out);
    writeln!(out, "{}", serde_json::to_string(names)?)?;
    let mut rows = 0;
    let query = sql(&format!("select {} from {table}", names.join(", "))).open("the whole house is saved");
    db.each(&query, |row| {
        let line: Vec<Json> = names.iter().map(|_| row.take::<Value>().map(json)).collect::<Result<_>>()?;
        rows += 1;
        Ok(writeln!(out, "{}", Json::from(line))?)
    })?;
    out.flush()?;
    Ok(rows)
}

fn json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(n) => n.into(),
        Value::Real(x) => x.into(),
        Value::Text(text) => text.into(),
        // Only the index has bytes, and it is not saved.
        Value::Bytes(_) => Json::Null,
    }
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    file: &mut File,
    digests: &mut BTreeMap<String, String>,
) -> Result<()> {
    use std::io::Seek;
    file.rewind()?;
    let mut hasher = Sha256::new();
    let size = copy(&mut *file, |piece| {
        hasher.update(piece);
        Ok(())
    })?;
    file.rewind()?;
    digests.insert(name.to_owned(), hex(&hasher.finalize()));
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    Ok(tar.append_data(&mut header, name, &*file)?)
}

fn copy(mut from: impl Read, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let (mut piece, mut size) = (vec![0; 64 << 10], 0);
    loop {
        let n = from.read(&mut piece)?;
        if n == 0 {
            return Ok(size);
        }
        take(&piece[..n])?;
        size += n as u64;
    }
}

fn documents(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for part in std::fs::read_dir(folder)? {
        let part = part?.path();
        if part.is_dir() {
            for file in std::fs::read_dir(part)? {
                let name = file?.file_name().to_string_lossy().into_owned();
                if name.len() == 64 {
                    found.push(name);
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Restores a backup into an empty house. Nothing is written before every digest was verified.
pub fn restore(app: &App, path: &Path) -> Result<String> {
    let people: i64 =
        app.read(|db| db.one(&sql("select (select count(*) from account) + (select count(*) from fact)")))?;
    if people > 0 {
        return Err(Error::internal(
            "this database is not empty: restore into a new one (another TIWIZI_DATA or TIWIZI_DATABASE_URL)",
        ));
    }
    let folder = tempfile::tempdir()?;
    let entries = unpack(path, folder.path())?;
    let mut rows = 0;
    app.store.write(|db| {
        for name in tables::of(&app.rooms).iter().map(|table| &table.name) {
            if let Some(file) = entries.get(&format!("tables/{name}.jsonl")) {
                rows += read_table(db, name, file)?;
            }
        }
        for indexed in app.rooms.iter().filter_map(|room| room.indexed.as_ref()) {
            kernel::index::rebuild(db, indexed)?;
        }
        kernel::restoration::begin(db, kernel::now())
    })?;
    let secret = entries.get(SECRET);
    if let Some(file) = secret {
        app.secret.replace(&std::fs::read_to_string(file)?)?;
    }
    let mut documents = 0;
    for (_, file) in entries.iter().filter(|(name, _)| name.starts_with("files/")) {
        kernel::files::write(&app.files, &std::fs::read(file)?)?;
        documents += 1;
    }
    app.store.write(Db::analyse)?;
    let rest = if secret.is_some() {
        ""
    } else {
        "; now put back the secret of the house, which is not in this backup"
    };
    Ok(format!("restored {rows} rows and {documents} documents{rest}"))
}

/// Unpacks into a folder and verifies every entry against the manifest.
fn unpack(path: &Path, folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let damaged =
        |what: &str| Error::internal(format!("{} is damaged: {what}; nothing was restored", path.display()));
    let mut archive = tar::Archive::new(GzDecoder::new(BufReader::new(File::open(path)?)));
    let (mut found, mut digests, mut manifest) = (BTreeMap::new(), BTreeMap::new(), None);
    for (i, entry) in archive.entries().map_err(|e| damaged(&e.to_string()))?.enumerate() {
        let mut entry = entry.map_err(|e| damaged(&e.to_string()))?;
        let name = entry.path().map_err(|e| damaged(&e.to_string()))?.to_string_lossy().into_owned();
        if name == MANIFEST {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(|e| damaged(&e.to_string()))?;
            manifest = Some(serde_json::from_str::<Json>(&text).map_err(|e| damaged(&e.to_string()))?);
            continue;
        }
        let file = folder.join(i.to_string());
        let (mut out, mut hasher) = (File::create(&file)?, Sha256::new());
        copy(&mut entry, |piece| {
            hasher.update(piece);
            Ok(out.write_all(piece)?)
        })
        .map_err(|e| damaged(&e.to_string()))?;
        digests.insert(name.clone(), hex(&hasher.finalize()));
        found.insert(name, file);
    }
    let manifest = manifest.ok_or_else(|| damaged("it has no manifest"))?;
    if manifest["format"] != FORMAT {
        return Err(damaged("its format is not known to this version"));
    }
    let promised: BTreeMap<String, String> =
        serde_json::from_value(manifest["entries"].clone()).map_err(|e| damaged(&e.to_string()))?;
    if promised != digests {
        let wrong = promised
            .iter()
            .find(|(name, digest)| digests.get(*name) != Some(digest))
            .map_or("an unknown entry", |(name, _)| name.as_str());
        return Err(damaged(wrong));
    }
    Ok(found)
}

fn read_table(db: &mut Db, table: &str, file: &Path) -> Result<u64> {
    let mut lines = BufReader::new(File::open(file)?).lines();
    let names: Vec<String> = serde_json::from_str(&lines.next().transpose()?.unwrap_or_default())?;
    let insert =
        format!("insert into {table} ({}) values ({})", names.join(", "), vec!["?"; names.len()].join(", "));
    let mut rows = 0;
    for line in lines {
        let values: Vec<Json> = serde_json::from_str(&line?)?;
        let statement =
            values.into_iter().fold(sql(&insert), |statement, value| statement.bind(from_json(value)));
        db.run(&statement)?;
        rows += 1;
    }
    Ok(rows)
}

fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(n) => n.as_i64().map_or_else(|| Value::Real(n.as_f64().unwrap_or_default()), Value::Int),
        Json::String(text) => Value::Text(text),
        other => Value::Text(other.to_string()),
    }
}
