//! Tiwizi itself, started as its users start it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::http::Client;
use crate::machine::{cargo, run, target, tied};

const PATIENCE: Duration = Duration::from_secs(120);

/// Builds the program, as the tests of the same run do: what one part built, the next one finds.
pub(crate) fn build() -> Result {
    run(&mut cargo("test --workspace --no-run --quiet"))
}

/// Where the program is, once it is built.
pub(crate) fn program() -> Result<PathBuf> {
    Ok(target()?.join("debug/tiwizi"))
}

/// The program, working on this folder.
pub(crate) fn tiwizi(command: &str, data: &Path) -> Result<Command> {
    let mut tiwizi = tied(&program()?);
    tiwizi
        .arg(command)
        .env("TIWIZI_DATA", data)
        .env("TIWIZI_LISTEN", "127.0.0.1:0")
        .env_remove("TIWIZI_DATABASE_URL");
    Ok(tiwizi)
}

/// A server that runs as long as this value lives, and dies without warning when it goes.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    /// Host and port.
    pub(crate) address: String,
    /// Role, login and password of the demonstration's accounts.
    pub(crate) accounts: Vec<[String; 3]>,
}

impl Server {
    /// Runs `demo` or `serve` until it says that it is ready. Its log lies beside the folder.
    pub(crate) fn start(command: &str, data: &Path) -> Result<Server> {
        let log = data.with_extension("log");
        let stderr = File::options().create(true).append(true).open(&log)?;
        let mut child =
            tiwizi(command, data)?.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).spawn()?;
        let lines =
            BufReader::new(child.stdout.take().ok_or("no output")?).lines().map_while(std::io::Result::ok);
        let mut server = Server { child, log, address: String::new(), accounts: Vec::new() };
        let (sender, said) = mpsc::channel();
        std::thread::spawn(move || lines.for_each(|line| sender.send(line).unwrap_or_default()));
        let asked = Instant::now();
        while let Ok(line) = said.recv_timeout(PATIENCE.saturating_sub(asked.elapsed())) {
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["account", role, login, password] => {
                    server.accounts.push([role, login, password].map(str::to_owned));
                }
                ["ready", address] => {
                    server.address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
                    return Ok(server);
                }
                _ => {}
            }
        }
        Err(format!("`tiwizi {command}` does not get ready; see {}", server.log.display()).into())
    }

    /// Somebody without an account.
    pub(crate) fn visitor(&self) -> Client {
        Client { address: self.address.clone(), cookie: String::new() }
    }

    /// The account of this role.
    pub(crate) fn sign_in(&self, role: &str) -> Result<Client> {
        let account = self.accounts.iter().find(|account| account[0] == role);
        let [_, login, password] =
            account.ok_or_else(|| format!("the demonstration has no account {role}"))?;
        Ok(self.visitor().sign_in(login, password)?)
    }

    /// Address and accounts, for programs in other languages.
    pub(crate) fn as_json(&self) -> Value {
        let accounts = self
            .accounts
            .iter()
            .map(|[role, login, password]| (role.clone(), json!({ "login": login, "password": password })));
        json!({ "address": format!("http://{}", self.address), "accounts": accounts.collect::<serde_json::Map<_, _>>() })
    }

    /// SIGKILL: no farewell, no flush.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
