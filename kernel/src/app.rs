//! The running house: its rooms, its store, its words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::PublicAddress;
use crate::facts::{Actor, Tx};
use crate::held::Held;
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
    /// What rooms hold in memory.
    pub held: Held,
    /// True where everything is invented: every page says so.
    pub demonstration: bool,
    /// What else the administrator set.
    pub environment: Environment,
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
    /// What else the administrator set.
    pub environment: Environment,
    /// Where the secret of the house is kept.
    pub secret: Keeping,
    /// Where everybody reaches the house, such as `https://tiwizi.example`.
    pub public: Option<String>,
}

/// Variables of the environment that begin with `TIWIZI_`. Some are secrets, so none is ever printed.
#[derive(Clone, Default)]
pub struct Environment(pub BTreeMap<String, String>);

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    /// What a variable says, if it says anything.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

impl Settings {
    /// An SQLite database in this folder.
    pub fn in_folder(data: &Path) -> Settings {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Settings {
            data: data.to_owned(),
            database: Place::Sqlite(data.join("tiwizi.db")),
            readers: (cores * 2).max(4),
            environment: Environment::default(),
            secret: Keeping::beside(data),
            public: None,
        }
    }

    /// What the environment says: `TIWIZI_DATA`, `TIWIZI_DATABASE_URL`, `TIWIZI_SECRET`, `TIWIZI_SECRET_FILE`,
    /// `TIWIZI_PUBLIC_ADDRESS`, and what rooms ask for by name.
    pub fn from_environment() -> Settings {
        let data =
            std::env::var_os("TIWIZI_DATA").map_or_else(|| PathBuf::from("tiwizi-data"), PathBuf::from);
        let mut settings = Settings::in_folder(&data);
        if let Ok(address) = std::env::var("TIWIZI_DATABASE_URL") {
            settings.database = Place::Postgres(address);
        }
        settings.environment = Environment(
            std::env::vars_os()
                .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)))
                .filter(|(name, _)| name.starts_with("TIWIZI_"))
                .collect(),
        );
        if let Ok(digits) = std::env::var("TIWIZI_SECRET") {
            settings.secret = Keeping::Given(digits);
        } else if let Some(path) = std::env::var_os("TIWIZI_SECRET_FILE") {
            settings.secret = Keeping::File(path.into());
        }
        settings.public = settings.environment.get("TIWIZI_PUBLIC_ADDRESS").map(str::to_owned);
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
        crate::locale::zone_named(settings.environment.get("TIWIZI_TIMEZONE"))?;
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
            held: Held::default(),
            demonstration: settings.data.join("demonstration").exists(),
            environment: settings.environment.clone(),
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
    /// What was read before, by the names of the rooms: a process holds few sets of them.
    static READ: Mutex<BTreeMap<String, &'static Catalogue>> = Mutex::new(BTreeMap::new());
    let names: String = rooms.iter().map(|room| format!("{} ", room.name)).collect();
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(words) = read.get(&names) {
        return Ok(words);
    }
    let sources: Vec<&str> =
        std::iter::once(KERNEL_WORDS).chain(rooms.iter().map(|room| room.words)).collect();
    let words: &'static Catalogue = Box::leak(Box::new(Catalogue::read(&sources)?));
    read.insert(names, words);
    Ok(words)
}

/// The kernel's own words.
pub const KERNEL_WORDS: &str = include_str!("../words.toml");
