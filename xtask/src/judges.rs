//! Programs that others wrote judge what Tiwizi hands out.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::machine::{run, scratch, target};
use crate::server::{Server, build};

/// What is judged: the judge, the address, the file it is kept in.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("openapi", "/api/openapi.json", "openapi.json"),
    ("xlsx", "/organisations/export/xlsx", "organisations.xlsx"),
    ("csv", "/organisations/export/csv", "organisations.csv"),
];

/// Judges the judges, then the documents.
pub(crate) fn judges() -> Result {
    let python = target()?.join("xtask/python");
    if !python.join("bin/pip").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
    }
    run(Command::new(python.join("bin/pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
        "tests/judges/requirements.txt",
    ]))?;
    let judge = || {
        let mut judge = Command::new(python.join("bin/python"));
        judge.arg("tests/judges/judges.py");
        judge
    };
    run(judge().arg("samples"))?;

    build()?;
    let folder = scratch("judges")?;
    let server = Server::start("demo", &folder.join("data"))?;
    let client = server.sign_in("administrator")?;
    for (name, path, file) in DOCUMENTS {
        let answer = client.get(path)?;
        if answer.status != 200 {
            return Err(format!("{path} answers {}", answer.status).into());
        }
        fs::write(folder.join(file), answer.body)?;
        run(judge().arg(name).arg(folder.join(file)))?;
    }
    run(judge().arg("same").args(["organisations.xlsx", "organisations.csv"].map(|file| folder.join(file))))
}
