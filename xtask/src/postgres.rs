//! A PostgreSQL server of one's own: made when needed, gone afterwards.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::machine::{is_root, run, scratch, succeeds};

const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs as long as this value lives. Nothing in it survives.
pub(crate) struct Postgres {
    server: Child,
    home: PathBuf,
    /// Where it answers.
    pub(crate) url: String,
}

impl Postgres {
    /// Makes a cluster for this chore and starts it with these settings on a free port.
    pub(crate) fn start(chore: &str, settings: &[&str]) -> Result<Postgres> {
        let home = home(&format!("postgres-{chore}"))?;
        run(program("initdb", &home)?
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=tiwizi",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--pgdata=data",
            ])
            .stdout(Stdio::null()))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
        let server = program("postgres", &home)?
            .args([
                "-D",
                "data",
                "-p",
                &port,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(home.join("log"))?)
            .spawn()?;
        let mut postgres =
            Postgres { server, home, url: format!("postgres://tiwizi@127.0.0.1:{port}/postgres") };
        let asked = Instant::now();
        while !succeeds(program("pg_isready", &postgres.home)?.args(["--dbname", &postgres.url])) {
            if postgres.server.try_wait()?.is_some() || asked.elapsed() > PATIENCE {
                return Err(format!(
                    "PostgreSQL does not start:\n{}",
                    fs::read_to_string(postgres.home.join("log"))?
                )
                .into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(postgres)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = program("pg_ctl", &self.home)
            .is_ok_and(|mut stop| succeeds(stop.args("stop -m immediate -D data".split(' '))));
        if !stopped {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// An empty folder that the server's owner can write to: not every checkout is open to others.
fn home(name: &str) -> Result<PathBuf> {
    let inside = scratch(name)?;
    if !is_root() {
        return Ok(inside);
    }
    let outside = std::env::temp_dir().join(format!("tiwizi-{name}-{}", std::process::id()));
    for home in [inside, outside] {
        fs::create_dir_all(&home)?;
        run(Command::new("chown").arg("postgres:").arg(&home))?;
        if succeeds(as_owner("test".as_ref(), Path::new("/")).arg("-w").arg(&home)) {
            return Ok(home);
        }
    }
    Err("the user postgres can write neither beside the checkout nor in the folder for temporary files"
        .into())
}

/// A program of PostgreSQL's, run in its home.
fn program(name: &str, home: &Path) -> Result<Command> {
    let versions = fs::read_dir("/usr/lib/postgresql").map_err(|error| format!("PostgreSQL: {error}"))?;
    let newest = versions
        .flatten()
        .max_by_key(|version| version.file_name().to_string_lossy().parse::<u32>().unwrap_or(0));
    Ok(as_owner(&newest.ok_or("PostgreSQL is not installed")?.path().join("bin").join(name), home))
}

/// PostgreSQL refuses to run as root, so root hands it to its owner. It stops when the one that started it ends.
fn as_owner(program: &Path, home: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig=INT", "--"]).arg(program).current_dir(home);
    command
}
