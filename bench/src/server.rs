//! Tiwizi as its users run it: a process of its own, watched from outside.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::http::Browser;

/// The kernel counts the time of processes in hundredths of a second.
const TICKS: f64 = 100.0;

/// The program, built from the same sources with the same profile, unless the one that is there will do.
pub(crate) fn program() -> Result<PathBuf> {
    let here = std::env::current_exe()?.with_file_name("tiwizi");
    if std::env::var_os("TIWIZI_BENCH_AS_BUILT").is_some() {
        return Ok(here);
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--package", "tiwizi"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    if !cargo.status()?.success() {
        return Err("tiwizi does not build".into());
    }
    Ok(here)
}

/// Tiwizi on this folder and, if there is an address, this PostgreSQL database.
pub(crate) fn tiwizi(program: &Path, data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig=KILL", "--"])
        .arg(program)
        .env("TIWIZI_DATA", data)
        .env("TIWIZI_BEHIND_PROXY", "1")
        .env("TIWIZI_LISTEN", "127.0.0.1:0");
    match database {
        Some(address) => command.env("TIWIZI_DATABASE_URL", address),
        None => command.env_remove("TIWIZI_DATABASE_URL"),
    };
    command
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
    /// From the start of the process to its first answer.
    pub(crate) cold: Duration,
}

impl Server {
    /// Starts it and waits until it says that it is healthy.
    pub(crate) fn start(program: &Path, data: &Path, database: Option<&str>) -> Result<Server> {
        let began = Instant::now();
        let mut child = tiwizi(program, data, database)
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("ready http://").unwrap_or_default().to_owned();
        let mut server = Server { child, address, cold: Duration::ZERO };
        if server.address.is_empty() {
            return Err(format!("`tiwizi serve` does not get ready: {line}").into());
        }
        let health = Browser::open(&server.address, None, "")?.get("/health")?;
        server.cold = began.elapsed();
        if health.status == 200 { Ok(server) } else { Err("the server is not healthy".into()) }
    }

    /// Waits until it has read what it holds in memory, as it does in the background after it opened, and rests: seconds since
    /// then.
    pub(crate) fn rests(&self) -> Result<f64> {
        const LOOK: Duration = Duration::from_secs(1);
        const LONGEST: Duration = Duration::from_secs(600);
        let began = Instant::now();
        while began.elapsed() < LONGEST {
            let before = self.cpu()?;
            std::thread::sleep(LOOK);
            if self.cpu()? - before < 0.05 * LOOK.as_secs_f64() {
                return Ok(began.elapsed().as_secs_f64());
            }
        }
        Err("the server does not come to rest after it opened".into())
    }

    /// Seconds of processor time so far, in itself and in the kernel.
    pub(crate) fn cpu(&self) -> Result<f64> {
        cpu(self.child.id())
    }

    /// Bytes that it asked the disk or its cache for so far.
    pub(crate) fn read(&self) -> Result<u64> {
        let io = fs::read_to_string(format!("/proc/{}/io", self.child.id()))?;
        let line = io.lines().find_map(|line| line.strip_prefix("rchar: ")).ok_or("an unreadable process")?;
        Ok(line.trim().parse()?)
    }

    /// Megabytes in memory now, and the most there ever were.
    pub(crate) fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace()
                .next()
                .and_then(|kilobytes| kilobytes.parse::<f64>().ok())
                .unwrap_or_default()
                / 1024.0
        };
        Ok((line("VmRSS:"), line("VmHWM:")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Seconds of processor time that a process used.
fn cpu(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, rest) = stat.rsplit_once(") ").ok_or("an unreadable process")?;
    let times = rest.split(' ').skip(11).take(2).map(str::parse::<f64>);
    Ok(times.sum::<Result<f64, _>>()? / TICKS)
}
