//! A form that was filled in arrives: its bytes are kept, it becomes commands, and these are applied.

use kernel::{Actor, Ctx, Error, Id, Reply, Result, Upload, now, sql};

use super::door::{self, Asked, dress, told};
use super::read::{self, Filled};
use super::work::{self, Whose};
use crate::received::{self, Batch, Sent};

/// The part that holds the form.
const FORM: &str = "xml_submission_file";

/// A form on its way in.
struct Arrival {
    id: Id,
    digest: String,
    body: String,
    filled: Filled,
    batch: Batch,
}

/// `POST …/submission`: 201 once everything is on disk, and nothing else when it is not.
pub(crate) fn take(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        let asked = door::holder(ctx)?;
        let files: Vec<&Upload> = ctx.uploads.iter().filter(|upload| upload.field != FORM).collect();
        match receive(ctx, &asked, body(ctx)?, None, &files)? {
            Some(_) => told(ctx, 201, "field.collect.taken"),
            None => told(ctx, 409, "field.collect.altered"),
        }
    })
}

/// Keeps a form with files that belong to it, and applies what it says. Answers the number it gives itself; nothing if
/// that is known with other content. A form that is said to be another one than it is, is not found.
pub(crate) fn receive(
    ctx: &Ctx,
    asked: &Asked,
    body: String,
    form: Option<&str>,
    files: &[&Upload],
) -> Result<Option<String>> {
    let arrival = arrival(ctx, asked, body)?;
    if form.is_some_and(|form| form != arrival.filled.form) {
        return Err(Error::NotFound);
    }
    let actor = Actor { account: Some(asked.account), ..Actor::machine("device") };
    let kept = ctx.app.write(actor, |tx| {
        let Some(owner) = keep(tx, asked, &arrival)? else { return Ok(false) };
        for file in files {
            let id = work::upload(arrival.id, &file.name);
            received::keep_whole(&ctx.app, tx, owner, id, &file.name, &file.bytes)?;
        }
        // The forms were made from the bytes: kept once, whoever brings the same bytes again.
        received::receive(&ctx.app, tx, owner, None, &arrival.batch, &arrival.body)?;
        Ok(true)
    })?;
    if !kept {
        return Ok(None);
    }
    let ids: Vec<Id> = arrival.batch.commands.iter().map(|command| command.id).collect();
    received::apply(&ctx.app, &ids)?;
    Ok(Some(arrival.filled.instance))
}

/// The one form of a request.
fn body(ctx: &Ctx) -> Result<String> {
    let unread = || Error::refused("field.collect.unread");
    let parts = ctx.uploads.iter().filter(|upload| upload.field == FORM).map(|upload| upload.bytes.clone());
    let mut parts: Vec<Vec<u8>> = parts.chain(ctx.form.all(FORM).map(|text| text.into())).collect();
    match (parts.pop(), parts.pop()) {
        (Some(one), None) if one.len() > read::LARGEST => Err(Error::TooLarge),
        (Some(one), None) => String::from_utf8(one).map_err(|_| unread()),
        _ => Err(unread()),
    }
}

/// The id of a form of a programme that gives itself this number.
pub(crate) fn id(programme: Id, form: &str, instance: &str) -> Id {
    Id::named(&format!("openrosa {programme} {form} {instance}"))
}

fn arrival(ctx: &Ctx, asked: &Asked, body: String) -> Result<Arrival> {
    let filled = read::read(&body)?;
    let programme = asked.programme.id;
    let id = id(programme, &filled.form, &filled.instance);
    let device = ctx.query.text("deviceID").or_else(|| filled.get("deviceid")).unwrap_or_default();
    let device = Id::named(&format!("openrosa {device}"));
    let whose = Whose { submission: id, account: asked.account, programme, device };
    let survey = ctx.read(|db| survey::collected(&ctx.app, db, programme, &filled.form, &filled.version))?;
    let commands: Vec<Sent> = work::commands(&whose, &filled, survey.as_ref())?;
    let batch = Batch { id, device, sent_at: filled.instant("end"), commands };
    Ok(Arrival { id, digest: people::secret_digest(&body), body, filled, batch })
}

/// Keeps a form, once. Answers whose it is: of whoever sent it first; nothing if it is known with other bytes.
fn keep(tx: &mut kernel::Tx<'_>, asked: &Asked, arrival: &Arrival) -> Result<Option<Id>> {
    let Arrival { id, digest, filled, batch, .. } = arrival;
    let ids: Vec<Id> = batch.commands.iter().map(|command| command.id).collect();
    let made = sql("insert into submission (id, digest, account, programme, form, version, instance, device, began, ended, received_at, commands)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing");
    let made = made.bind(*id).bind(digest.as_str()).bind(asked.account).bind(asked.programme.id);
    let made = made.bind(filled.form.as_str()).bind(filled.version.as_str()).bind(filled.instance.as_str());
    let made = made.bind(filled.get("deviceid").unwrap_or_default());
    let made = made.bind(filled.instant("start")).bind(filled.instant("end")).bind(now());
    tx.run(&made.bind(serde_json::to_string(&ids)?))?;
    let there = sql("select digest, account from submission where id = ?").bind(*id);
    let (known, account): (String, Id) =
        tx.row(&there, |row| Ok((row.take()?, row.take()?)))?.ok_or(Error::NotFound)?;
    Ok((known == *digest).then_some(account))
}
