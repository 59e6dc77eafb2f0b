//! Import from the command line: the columns are mapped by guess, the good rows applied, the doubtful ones left for a
//! person: an administrator finds the import among the others and decides.

use std::path::Path;

use kernel::{Actor, App, Error, Id, Result, Standing, Upload, Viewer, Wrong, sql};

use super::{Organisations, Step, Subject, apply, arrive, check, find, rows, upload};

/// Most doubtful rows that the summary names.
const NAMED: usize = 20;

/// Imports a file; answers what became of its rows.
pub fn import_file(app: &App, path: &Path) -> Result<String> {
    let bytes =
        std::fs::read(path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let upload = Upload { field: "file".into(), name, bytes };
    let sheet = upload::read(&upload, None).map_err(Error::Refused)?;
    let (id, actor) = (Id::new(), Actor::machine("command"));
    app.write(actor.clone(), |tx| upload::store::<Organisations>(app, tx, id, &upload, &sheet, true))?;
    let import = app.read(|db| find(db, id))?.ok_or(Error::NotFound)?;
    if let Some(refusal) = import.mapping.refusal::<Organisations>(&Organisations::targets(Standing::Steward))
    {
        return Err(Error::Refused(Wrong::new(refusal)));
    }
    check::check::<Organisations>(app, &import, Viewer::system(), |_| Ok(()))?;
    app.write(actor.clone(), |tx| arrive(tx, &import, Step::Checked))?;
    apply::apply::<Organisations>(app, &import, Viewer::system(), &actor, |_| Ok(()))?;
    app.write(actor, |tx| arrive(tx, &import, Step::Applied))?;
    app.read(|db| {
        let counts = rows::counts(db, id)?;
        let count = |state: &str| counts.get(state).copied().unwrap_or(0);
        let mut lines = vec![format!(
            "{} rows: {} created, {} known already, {} left out because they look like known ones, {} wrong; see /imports/{id}",
            import.rows, count("done"), count("known"), count("maybe"), count("wrong"),
        )];
        let doubtful = rows::read(db, id, sql(" and state in ('maybe', 'wrong') order by number limit ?").bind(NAMED as i64))?;
        let words = app.words.speak(kernel::Lang::En);
        for row in doubtful {
            let name = super::lines::title::<Organisations>(&row, &import.mapping);
            let why = match row.candidates.first() {
                Some(like) => format!("looks like {} ({}, {}%)", like.target(), like.why, like.alike),
                None => {
                    let all = super::wrong::reasons::<Organisations>(&row, &import.header, &import.mapping, words);
                    all.iter().map(|reason| reason.said(words)).collect::<Vec<_>>().join(" ")
                }
            };
            lines.push(format!("  row {}: {name}: {why}", row.number));
        }
        Ok(lines.join("\n"))
    })
}
