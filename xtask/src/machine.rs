//! The machine underneath: folders, programs, and the packages that the tests need.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;

/// What must be installed: the Debian package, and the command that succeeds once it is.
const NEEDS: &[(&str, &str)] = &[
    ("chromium", "test -x /usr/bin/chromium"),
    ("firefox-esr", "test -x /usr/bin/firefox-esr"),
    ("fonts-noto-core", "dpkg -s fonts-noto-core"),
    ("nodejs", "node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'"),
    ("npm", "npm --version"),
    ("poppler-utils", "pdftotext -v"),
    ("postgresql", "ls /usr/lib/postgresql/*/bin/initdb"),
    ("python3-venv", "python3 -c 'import ensurepip, venv'"),
    ("qpdf", "qpdf --version"),
];

/// The folder of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder that Cargo builds into, wherever the environment puts it: this program runs from there.
pub(crate) fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(2).ok_or("this program lies outside a target folder")?.to_path_buf())
}

/// An empty folder of this name for one chore. It is left behind, to be looked into after a failure.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let folder = target()?.join("xtask").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Cargo with these words.
pub(crate) fn cargo(words: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words.split_whitespace());
    command
}

/// A program that ends with the one that started it, however that ends.
pub(crate) fn tied(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig=KILL", "--"]).arg(program);
    command
}

/// Runs to the end; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.stdin(Stdio::null()).status().map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}").into()) }
}

/// Whether it runs to a good end, whatever it says.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether this program runs as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn missing() -> Vec<&'static str> {
    let absent = |test: &str| !succeeds(Command::new("sh").args(["-c", test]));
    NEEDS.iter().filter(|(_, test)| absent(test)).map(|(package, _)| *package).collect()
}

/// Root installs what is missing; anybody else is told what to ask for.
pub(crate) fn needs() -> Result {
    let packages = missing();
    if !packages.is_empty() && is_root() {
        let apt = |words: &str| {
            let mut command = Command::new("apt-get");
            command.args(words.split(' ')).env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        run(&mut apt("update --quiet=2"))?;
        run(apt("install --yes --quiet=2 --no-install-recommends").args(&packages))?;
    }
    match missing() {
        still if still.is_empty() => Ok(()),
        still => Err(format!("first: apt-get install {}", still.join(" ")).into()),
    }
}
