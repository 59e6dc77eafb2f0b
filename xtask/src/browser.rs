//! Pages in a real browser, through Node. The libraries are installed outside the checkout's own folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::machine::{run, scratch, target};
use crate::server::{Server, build, program};

const HOME: &str = "tests/browser";

/// Runs every `*.test.mjs` against a fresh demonstration.
pub(crate) fn tests() -> Result {
    let mut files: Vec<PathBuf> = fs::read_dir(HOME)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    with_demonstration("browser", |node| run(node.args(["--test", "--test-reporter=spec"]).args(&files)))
}

/// Takes a picture of every page of the list.
pub(crate) fn screenshots(folder: Option<&str>) -> Result {
    let folder = folder.map_or(target()?.join("screenshots"), PathBuf::from);
    with_demonstration("screenshots", |node| run(node.arg(format!("{HOME}/screenshots.mjs")).arg(&folder)))
}

fn with_demonstration(chore: &str, act: impl FnOnce(&mut Command) -> Result) -> Result {
    let modules = install(HOME, "xtask/node")?;
    build()?;
    let server = Server::start("demo", &scratch(chore)?.join("data"))?;
    act(Command::new("node")
        .env("TIWIZI_MODULES", modules)
        .env("TIWIZI_PROGRAM", program()?)
        .env("TIWIZI_DEMO", server.as_json().to_string()))
}

/// The libraries of the lock file in this folder, kept in that one; nothing to do when they are there.
pub(crate) fn install(from: &str, to: &str) -> Result<PathBuf> {
    let home = target()?.join(to);
    let same = |file: &&str| fs::read(Path::new(from).join(file)).ok() == fs::read(home.join(file)).ok();
    let files = ["package.json", "package-lock.json"];
    if !files.iter().all(same) || !home.join("node_modules/.package-lock.json").exists() {
        fs::create_dir_all(&home)?;
        for file in files {
            fs::copy(Path::new(from).join(file), home.join(file))?;
        }
        run(Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(&home))?;
    }
    Ok(home)
}
