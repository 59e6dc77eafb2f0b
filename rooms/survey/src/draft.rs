//! A questionnaire that was looked at and is not published: kept until it is, or until another comes.

use kernel::{App, Ctx, Db, Error, Id, Result, Standing, Tx, Upload, Words, now, sql};

use crate::edition::{self, Published};

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

/// A questionnaire that was looked at and waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its draft.
    pub id: Id,
    /// The id of its form.
    pub form: String,
    /// Digests of documents that it replaces, for [`kernel::files::sweep`] once the write is done.
    pub before: Vec<String>,
}

/// Looks at a questionnaire and keeps it until it is published, or until another comes. The caller has checked that whoever
/// asks stewards the programme.
///
/// # Errors
/// Every problem of the file at once, as sentences that name sheet, row and column.
pub fn propose(app: &App, tx: &mut Tx<'_>, w: Words, programme: Id, upload: &Upload) -> Result<Waiting> {
    let form = edition::read(w, &upload.name, &upload.bytes)?.id;
    let before = forget(tx, programme)?;
    let file = kernel::files::keep_as(app, tx, upload, programme, edition::XLSX)?;
    let id = Id::new();
    let made = sql("insert into survey_draft (id, programme, account, file, at) values (?, ?, ?, ?, ?)");
    let made = made.bind(id).bind(programme).bind(tx.actor.account).bind(file).bind(now());
    tx.run(&made.open("the caller stewards the programme"))?;
    Ok(Waiting { id, form, before })
}

/// Publishes what waits in a programme under this form's id. The caller has checked that whoever asks stewards it.
pub fn publish(app: &App, tx: &mut Tx<'_>, w: Words, programme: Id, form: &str) -> Result<Published> {
    let query = sql("select file from survey_draft where programme = ?").bind(programme);
    let file: Option<Id> = tx.row(&query.open("the caller stewards the programme"), |row| row.take())?;
    let upload = kernel::files::read(app, tx, file.ok_or(Error::NotFound)?)?;
    if edition::read(w, &upload.name, &upload.bytes)?.id != form {
        return Err(Error::NotFound);
    }
    edition::import(app, tx, w, programme, &upload)
}

/// Forgets what waits in a programme: one questionnaire at a time is looked at. Answers the digests of its documents, for
/// [`kernel::files::sweep`] once the write is done.
fn forget(tx: &mut Tx<'_>, programme: Id) -> Result<Vec<String>> {
    let files = sql("select file from survey_draft where programme = ?").bind(programme);
    let files: Vec<Id> = tx.rows(&files.open("the caller stewards the programme"), |row| row.take())?;
    let drafts = sql("delete from survey_draft where programme = ?").bind(programme);
    tx.run(&drafts.open("the caller stewards the programme"))?;
    let digests =
        files.into_iter().map(|file| kernel::files::forget(tx, file)).collect::<Result<Vec<_>>>()?;
    Ok(digests.into_iter().flatten().collect())
}
