//! What the template engine may see: the files of one sheet, and nothing else.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::FONTS;
use crate::{Error, Sheet, printable};

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));

/// The files of one sheet.
pub(crate) struct Desk {
    main: FileId,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    date: Datetime,
}

impl Desk {
    pub(crate) fn new(sheet: &Sheet<'_>, date: Datetime) -> Result<Desk, Error> {
        let main = file("main.typ")?;
        let mut sources = HashMap::from([(main, Source::new(main, sheet.template.to_owned()))]);
        for (name, text) in sheet.library {
            let id = file(name)?;
            sources.insert(id, Source::new(id, (*text).to_owned()));
        }
        let data = Bytes::from_string(printable::json(sheet.data).to_string());
        let mut files = HashMap::from([(file("data.json")?, data)]);
        for (name, bytes) in sheet.pictures {
            files.insert(file(name)?, Bytes::new(bytes.to_vec()));
        }
        Ok(Desk { main, sources, files, date })
    }
}

fn file(name: &str) -> Result<FileId, Error> {
    let path = VirtualPath::new(name).map_err(|_| Error::Name(name.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn missing(id: FileId) -> FileError {
    if let VirtualRoot::Package(package) = id.root() {
        return FileError::Other(Some(format!("packages are not to be had here: {package}").into()));
    }
    FileError::NotFound(PathBuf::from(id.vpath().get_without_slash()))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let source = || self.sources.get(&id).map(|source| Bytes::from_string(source.text().to_owned()));
        self.files.get(&id).cloned().or_else(source).ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.list.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.date)
    }
}
