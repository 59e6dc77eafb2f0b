//! Papers made in the background. They lie in a folder of their own until they are fetched, a day at most: they can be
//! made again, so no backup holds them.

use std::path::PathBuf;
use std::time::Duration;

use crate::{App, Id, Reply, Result};

/// How long what was made is kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);

fn path(app: &App, job: Id) -> PathBuf {
    app.made.join(job.to_string())
}

/// Keeps what this job made.
pub fn keep(app: &App, job: Id, bytes: &[u8]) -> Result<()> {
    std::fs::create_dir_all(&app.made)?;
    sweep(app)?;
    let temporary = app.made.join(format!("{}.tmp", Id::new()));
    std::fs::write(&temporary, bytes)?;
    Ok(std::fs::rename(temporary, path(app, job))?)
}

/// True while what this job made is there.
pub fn is_kept(app: &App, job: Id) -> bool {
    path(app, job).metadata().is_ok_and(|file| !is_old(&file))
}

/// Where it lies, while it is there.
pub fn stored(app: &App, job: Id) -> Option<PathBuf> {
    is_kept(app, job).then(|| path(app, job))
}

/// What this job made, as a download. The caller has checked who may have it.
pub fn fetch(app: &App, job: Id, media: &str, name: &str) -> Result<Reply> {
    if is_kept(app, job) {
        Ok(Reply::file(path(app, job), media.into(), name.into()))
    } else {
        Err(crate::Error::NotFound)
    }
}

fn is_old(file: &std::fs::Metadata) -> bool {
    file.modified().is_ok_and(|made| made.elapsed().is_ok_and(|age| age > KEPT))
}

/// Removes what nobody fetched in its day.
pub fn sweep(app: &App) -> Result<()> {
    for entry in std::fs::read_dir(&app.made).into_iter().flatten().flatten() {
        if entry.metadata().is_ok_and(|file| is_old(&file)) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
