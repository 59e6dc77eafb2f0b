//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use kernel::{App, Error, Result, Settings};

/// Pages are made of many small pieces of text: a fifth of a page's time went into the system's allocator (decision 17).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tiwizi runs support programmes for cooperatives end to end.
///
/// It reads TIWIZI_LISTEN (default 127.0.0.1:8080), TIWIZI_DATA (default ./tiwizi-data), TIWIZI_DATABASE_URL
/// (PostgreSQL; an SQLite file in the data folder otherwise), TIWIZI_PUBLIC_ADDRESS (such as https://tiwizi.example) and
/// TIWIZI_SECRET or TIWIZI_SECRET_FILE (default: TIWIZI_DATA.secret, made when it is missing).
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves an invented programme to try everything with; keeps what was changed since the last time.
    Demo,
    /// Serves Tiwizi.
    Serve,
    /// Brings the database to the schema of this version.
    Migrate,
    /// Imports organisations from an XLSX or CSV file with the columns of the export.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Takes out what is kept here: the organisations, or every record.
    #[command(subcommand)]
    Export(ExportCommand),
    /// Writes the database and the documents to one file, while Tiwizi runs.
    Backup {
        /// The file to write.
        file: PathBuf,
        /// Puts the secret of the house into it too: keep such a file like a key.
        #[arg(long)]
        with_secret: bool,
    },
    /// Restores a backup into an empty database, after verifying it.
    Restore {
        /// The backup.
        file: PathBuf,
    },
    /// Verifies references, facts and documents.
    Check,
    /// Accounts: the first administrator, a new password, a lost telephone.
    #[command(subcommand)]
    Account(AccountCommand),
    /// The words of the interface.
    #[command(subcommand)]
    Words(WordsCommand),
}

#[derive(Subcommand)]
enum ExportCommand {
    /// Every organisation, to an XLSX or CSV file that `import` reads.
    Organisations {
        /// The file to write; its ending says the format.
        file: PathBuf,
    },
    /// Every record of every room, to a folder: one CSV file a table, without secrets, and a description of them.
    Records {
        /// The folder to make.
        folder: PathBuf,
    },
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Makes an administrator; prints the link to choose a password.
    Administrator {
        /// E-mail or telephone number.
        login: String,
        /// Name.
        name: String,
    },
    /// Prints a new link to choose a password.
    Reset {
        /// E-mail or telephone number.
        login: String,
    },
    /// Takes the second factor away: for who lost the telephone.
    SecondFactorOff {
        /// E-mail or telephone number.
        login: String,
    },
    /// Lists the accounts.
    List,
}

#[derive(Subcommand)]
enum WordsCommand {
    /// Lists what is missing in each language.
    Missing,
    /// Writes one language as Fluent (`.ftl`).
    Export {
        /// `fr`, `ar`, `en` or `zgh`.
        language: String,
    },
    /// Reads a Fluent file and prints the lines to put into `words.toml`.
    Import {
        /// `fr`, `ar`, `en` or `zgh`.
        language: String,
        /// The file.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("TIWIZI_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tiwizi: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error as a sentence for whoever typed the command.
fn told(error: &Error) -> String {
    let Ok(words) = kernel::app::catalogue(&tiwizi::rooms()) else { return error.to_string() };
    let w = words.speak(kernel::Lang::En);
    match error {
        Error::Refused(wrong) => w.wrong(wrong),
        Error::Invalid(errors) => {
            errors.iter().map(|e| format!("{}: {}", e.field, w.wrong(&e.wrong))).collect::<Vec<_>>().join(" ")
        }
        Error::Internal(what) => what.clone(),
        other => w.t(&format!("error.text.{}", other.status())).into_owned(),
    }
}

fn open() -> Result<Arc<App>> {
    tiwizi::open_pack()?;
    App::open(&Settings::from_environment(), tiwizi::rooms())
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Demo => {
            tiwizi::open_pack()?;
            let settings = Settings::from_environment();
            tiwizi::demo::mark(&settings)?;
            let app = App::open(&settings, tiwizi::rooms())?;
            let accounts = tiwizi::demo::fill(&app)?;
            serve(app, move || {
                for account in &accounts {
                    say(&format!("account {} {} {}", account.role, account.login, account.password));
                }
            })
        }
        Command::Serve => {
            let app = open()?;
            // A gateway that cannot work is told to whoever starts the server, not to whoever sends the first message.
            people::Gateway::of(&app)?;
            people::mailer(&app)?;
            serve(app, || ())
        }
        Command::Migrate => {
            tiwizi::open_pack()?;
            let app = App::open_as_it_is(&Settings::from_environment(), tiwizi::rooms())?;
            let applied = kernel::migrate::migrate(&app.store, &app.rooms)?;
            say(&if applied.is_empty() {
                "nothing to do".to_owned()
            } else {
                format!("applied {}", applied.join(", "))
            });
            Ok(ExitCode::SUCCESS)
        }
        Command::Import { file } => {
            say(&registry::import_file(&*open()?, &file)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Export(ExportCommand::Organisations { file }) => {
            registry::export_file(&*open()?, &file)?;
            say(&format!("wrote {}", file.display()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Export(ExportCommand::Records { folder }) => {
            say(&tiwizi::export::records(&*open()?, &folder)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Backup { file, with_secret } => {
            let summary = tiwizi::backup::write(&*open()?, &file, with_secret)?;
            say(&summary);
            Ok(ExitCode::SUCCESS)
        }
        Command::Restore { file } => {
            let summary = tiwizi::backup::restore(&*open()?, &file)?;
            say(&summary);
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => {
            let found = tiwizi::check::run(&*open()?)?;
            for line in &found {
                say(line);
            }
            if found.is_empty() {
                say("clean");
                return Ok(ExitCode::SUCCESS);
            }
            Ok(ExitCode::FAILURE)
        }
        Command::Account(command) => account(&*open()?, command),
        Command::Words(command) => words(command),
    }
}

fn account(app: &App, command: AccountCommand) -> Result<ExitCode> {
    let (login, name) = match command {
        AccountCommand::List => {
            for line in people::account_lines(app)? {
                say(&line);
            }
            return Ok(ExitCode::SUCCESS);
        }
        AccountCommand::SecondFactorOff { login } => {
            people::command_line_second_factor_off(app, &login)?;
            say("the password alone signs in now");
            return Ok(ExitCode::SUCCESS);
        }
        AccountCommand::Administrator { login, name } => (login, Some(name)),
        AccountCommand::Reset { login } => (login, None),
    };
    let secret = people::command_line_invitation(app, &login, name.as_deref())?;
    say(&format!("open /invitation/{secret} on this Tiwizi within seven days to choose a password"));
    Ok(ExitCode::SUCCESS)
}

fn words(command: WordsCommand) -> Result<ExitCode> {
    let words = kernel::app::catalogue(&tiwizi::rooms())?;
    let language = |code: &str| {
        kernel::Lang::from_code(code)
            .ok_or_else(|| Error::internal(format!("no language {code}: fr, ar, en or zgh")))
    };
    match command {
        WordsCommand::Missing => {
            let keys = words.keys();
            for lang in kernel::Lang::ALL {
                let missing: Vec<_> =
                    keys.iter().filter(|(_, langs)| !langs.contains(&lang)).map(|(key, _)| *key).collect();
                say(&format!("{}: {} of {} written", lang.code(), keys.len() - missing.len(), keys.len()));
                if lang != kernel::Lang::Zgh {
                    missing.iter().for_each(|key| say(&format!("  missing {key}")));
                }
            }
        }
        WordsCommand::Export { language: code } => say(&words.to_fluent(language(&code)?)),
        WordsCommand::Import { language: code, file } => {
            let lines = words.from_fluent(language(&code)?, &std::fs::read_to_string(file)?)?;
            lines.iter().for_each(|line| say(line));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Serves until the process is told to stop; `before` speaks just before the line that says where.
fn serve(app: Arc<App>, before: impl FnOnce()) -> Result<ExitCode> {
    let address = std::env::var("TIWIZI_LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".into());
    let address: SocketAddr = address.parse().map_err(|_| {
        Error::internal(format!("TIWIZI_LISTEN={address} is no address: write 127.0.0.1:8080"))
    })?;
    // Connections to PostgreSQL block while they close, which a runtime forbids: the last hand on them is here.
    let _until_the_runtime_ended = Arc::clone(&app);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(160).build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|e| Error::internal(format!("cannot listen on {address}: {e}")))?;
        before();
        say(&format!("ready http://{}", listener.local_addr()?));
        kernel::web::listen(app, listener, told_to_stop()).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Ready when the process is interrupted or terminated.
async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupted.await;
        return;
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
}

/// Prints a line now, for people and scripts.
#[allow(clippy::print_stdout, reason = "the command line speaks on standard output")]
fn say(line: &str) {
    use std::io::Write;
    println!("{line}");
    let _ = std::io::stdout().flush();
}
