//! The running house: its rooms, its store, its words.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::address::PublicAddress;
use crate::facts::{Actor, Tx};
use crate::limits::Limiter;
use crate::metrics::Metrics;
use crate::room::Room;
use crate::secret::{Keeping, Secret};
use crate::store::{self, Db, Place, Store};
use crate::words::Catalogue;
use crate::{Error, Result, work};

/// Everything a handler can reach. Shared by all requests.
pub struct App {
    /// The rooms, from the bottom of the stairs to the top.
    pub rooms: Vec<Room>,
    /// The database.
    pub store: Store,
    /// Every word.
    pub words: &'static Catalogue,
    /// Where documents lie.
    pub files: PathBuf,
    /// Where papers lie that were made in the background, until they are fetched.
    pub made: PathBuf,
    /// What seals that which must not be read from a copy of the database.
    pub secret: Secret,
    /// Where everybody reaches the house, if that was set.
    pub public: Option<PublicAddress>,
    /// Attempts, counted.
    pub limiter: Limiter,
    /// What `/metrics` tells.
    pub metrics: Metrics,
    /// Wakes the background worker.
    pub bell: work::Bell,
    /// True where everything is invented: every page says so.
    pub demonstration: bool,
}

/// Where things are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the database (SQLite) and of the documents.
    pub data: PathBuf,
    /// The database.
    pub database: Place,
    /// Connections for reading.
    pub readers: usize,
    /// Where the secret of the house is kept.
    pub secret: Keeping,
    /// Where everybody reaches the house, such as `https://tiwizi.example`.
    pub public: Option<String>,
}

impl Settings {
    /// An SQLite database in this folder.
    pub fn in_folder(data: &Path) -> Settings {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Settings {
            data: data.to_owned(),
            database: Place::Sqlite(data.join("tiwizi.db")),
            readers: (cores * 2).max(4),
            secret: Keeping::beside(data),
            public: None,
        }
    }

    /// What the environment says: `TIWIZI_DATA`, `TIWIZI_DATABASE_URL`, `TIWIZI_SECRET`, `TIWIZI_SECRET_FILE` and
    /// `TIWIZI_PUBLIC_ADDRESS`.
    pub fn from_environment() -> Settings {
        let data =
            std::env::var_os("TIWIZI_DATA").map_or_else(|| PathBuf::from("tiwizi-data"), PathBuf::from);
        let mut settings = Settings::in_folder(&data);
        if let Ok(address) = std::env::var("TIWIZI_DATABASE_URL") {
            settings.database = Place::Postgres(address);
        }
        if let Ok(digits) = std::env::var("TIWIZI_SECRET") {
            settings.secret = Keeping::Given(digits);
        } else if let Some(path) = std::env::var_os("TIWIZI_SECRET_FILE") {
            settings.secret = Keeping::File(path.into());
        }
        settings.public = std::env::var("TIWIZI_PUBLIC_ADDRESS").ok().filter(|address| !address.is_empty());
        settings
    }
}

impl App {
    /// Opens the house and brings its database up to date.
    pub fn open(settings: &Settings, rooms: Vec<Room>) -> Result<Arc<App>> {
        let app = App::open_as_it_is(settings, rooms)?;
        crate::migrate::migrate(&app.store, &app.rooms)?;
        for mend in app.rooms.iter().filter_map(|room| room.mend) {
            mend(&app)?;
        }
        Ok(app)
    }

    /// Opens the house without touching its schema.
    pub fn open_as_it_is(settings: &Settings, rooms: Vec<Room>) -> Result<Arc<App>> {
        let files = settings.data.join("files");
        std::fs::create_dir_all(&files).map_err(|e| Error::internal(format!("{}: {e}", files.display())))?;
        store::protect(rooms.iter().flat_map(|room| room.protected).copied().collect());
        let words = catalogue(&rooms)?;
        let public = settings.public.as_deref().map(PublicAddress::read).transpose()?;
        let secret = Secret::open(&settings.secret)?;
        let store = Store::open(&settings.database, settings.readers)?;
        Ok(Arc::new(App {
            rooms,
            store,
            words,
            files,
            made: settings.data.join("made"),
            secret,
            public,
            limiter: Limiter::default(),
            metrics: Metrics::default(),
            bell: work::Bell::default(),
            demonstration: settings.data.join("demonstration").exists(),
        }))
    }

    /// Reads in one snapshot.
    pub fn read<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.store.read(work)
    }

    /// Writes in one transaction, as this actor; the rooms hear its facts.
    pub fn write<T>(&self, actor: Actor, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.store.write(|db| Tx::of(db, &self.rooms, actor, work))
    }
}

/// The words of the kernel and of these rooms, read once for the life of the process.
pub fn catalogue(rooms: &[Room]) -> Result<&'static Catalogue> {
    static READ: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
    if let Some(words) = READ.get() {
        return Ok(words);
    }
    let sources: Vec<&str> =
        std::iter::once(KERNEL_WORDS).chain(rooms.iter().map(|room| room.words)).collect();
    let words = Catalogue::read(&sources)?;
    Ok(READ.get_or_init(|| words))
}

/// The kernel's own words.
pub const KERNEL_WORDS: &str = include_str!("../words.toml");
