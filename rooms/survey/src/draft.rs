//! A questionnaire that was looked at and is not published: kept until it is, or until another comes.

use kernel::{App, Ctx, Db, Error, Id, Result, Standing, Tx, Upload, sql};

/// A questionnaire that waits for its publication.
pub(crate) struct Draft {
    pub(crate) id: Id,
    pub(crate) programme: Id,
    pub(crate) file: Id,
}

/// The draft of an address, for whoever stewards its programme.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<Draft> {
    let query =
        sql("select id, programme, file from survey_draft where id = ?").bind(ctx.id("survey_draft")?);
    let found = db.row(&query.open("the standing is checked next"), |row| {
        Ok(Draft { id: row.take()?, programme: row.take()?, file: row.take()? })
    })?;
    let draft = found.ok_or(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn })?;
    ctx.standing(db, draft.programme, Standing::Steward)?;
    Ok(draft)
}

impl Draft {
    /// Its bytes.
    pub(crate) fn upload(&self, app: &App, db: &mut Db) -> Result<Upload> {
        kernel::files::read(app, db, self.file)
    }
}

/// Forgets what waits in a programme: one questionnaire at a time is looked at. Answers the digests of its documents, for
/// [`kernel::files::sweep`] once the write is done.
pub(crate) fn forget(tx: &mut Tx<'_>, programme: Id) -> Result<Vec<String>> {
    let files = sql("select file from survey_draft where programme = ?").bind(programme);
    let files: Vec<Id> = tx.rows(&files.open("the caller stewards the programme"), |row| row.take())?;
    let drafts = sql("delete from survey_draft where programme = ?").bind(programme);
    tx.run(&drafts.open("the caller stewards the programme"))?;
    let digests =
        files.into_iter().map(|file| kernel::files::forget(tx, file)).collect::<Result<Vec<_>>>()?;
    Ok(digests.into_iter().flatten().collect())
}
