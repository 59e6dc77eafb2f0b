//! A batch: what a device sends at once.

use kernel::sync::leads_somewhere;
use kernel::{App, Ctx, Error, Id, Reply, Result, Tx, now, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::state::Told;

/// Most commands of a batch.
const MOST: usize = 1_000;
/// How far the clock of a device may be from what it says of it, before it is taken for nonsense: a century.
const CENTURY: u64 = 100 * 366 * 86_400_000;

/// What a device sends at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// Its id, made by the device: the same again is harmless.
    pub id: Id,
    /// The device.
    pub device: Id,
    /// When it was sent, by the clock of the device; milliseconds since 1970.
    #[serde(default)]
    pub sent_at: Option<i64>,
    /// What was done.
    pub commands: Vec<Sent>,
}

/// One piece of work: the form of a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// Its id, made by the device.
    pub id: Id,
    /// When it was done, by the clock of the device; milliseconds since 1970.
    pub at: i64,
    /// What the clock of the device is behind that of the server, as last measured; milliseconds.
    #[serde(default)]
    pub skew: i64,
    /// The thread of work of this person on this device.
    pub branch: Id,
    /// Commands that must be applied before.
    #[serde(default)]
    pub after: Vec<Id>,
    /// The refused command that this one corrects.
    #[serde(default)]
    pub instead: Option<Id>,
    /// Where the form goes.
    pub path: String,
    /// What it says.
    pub form: Vec<(String, String)>,
    /// Documents that belong to it, sent apart.
    #[serde(default)]
    pub files: Vec<SentFile>,
}

/// A document of a form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SentFile {
    /// The field of the form.
    pub field: String,
    /// The upload that brings it.
    pub upload: Id,
    /// Its name on the device.
    #[serde(default)]
    pub name: String,
}

/// What a device is told of its work.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Answer {
    /// Each command that was asked for.
    pub(crate) commands: Vec<Told>,
}

/// `POST /field/batches`: answers once everything is on disk.
pub(super) fn take(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let body = std::str::from_utf8(&ctx.body).map_err(|_| Error::refused("error.json"))?;
    let batch: Batch = serde_json::from_str(body).map_err(|_| Error::refused("field.batch.unread"))?;
    ctx.write(|tx| {
        crate::app::seen(tx, &ctx.viewer, batch.device)?;
        receive(&ctx.app, tx, account, None, &batch, body)
    })?;
    let ids: Vec<Id> = batch.commands.iter().map(|command| command.id).collect();
    super::engine::apply(&ctx.app, &ids)?;
    let commands = super::state::told(ctx, account, &ids)?;
    ctx.data(&Answer { commands })
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps a batch and its commands; nothing is applied yet. `account` did the work; `carrier` brings it in, if another.
/// A command that is known changes nothing; one whose id is known with other content is kept as a clash.
pub fn receive(
    app: &App,
    tx: &mut Tx<'_>,
    account: Id,
    carrier: Option<Id>,
    batch: &Batch,
    body: &str,
) -> Result<()> {
    if batch.commands.len() > MOST {
        return Err(Error::refused("field.batch.too_many"));
    }
    for command in &batch.commands {
        let nonsense = command.at.unsigned_abs() > CENTURY || command.skew.unsigned_abs() > CENTURY;
        // Nobody sends, from within a batch, what decides about batches.
        let closed = ["/field/", "/v1/"].iter().any(|start| command.path.starts_with(start))
            || command.path.contains('?');
        if nonsense || closed || !leads_somewhere(app, &command.path) {
            return Err(Error::refused("field.batch.unread"));
        }
    }
    let (key, digest) = (Id::new(), digest(body));
    // Sent again after what it says of somebody was erased: that it came is kept, and not what it says.
    let body = if erased(tx, batch)? { super::erasure::TOMBSTONE } else { body };
    let kept = tx.run(
        &sql("insert into batch (key, id, digest, device, account, sent_at, received_at, body) values (?, ?, ?, ?, ?, ?, ?, ?)
              on conflict (id, digest) do nothing")
            .bind(key).bind(batch.id).bind(digest).bind(batch.device).bind(account)
            .bind(batch.sent_at).bind(now()).bind(body),
    )?;
    if kept == 0 {
        return Ok(());
    }
    batch.commands.iter().try_for_each(|command| keep(tx, account, carrier, key, command))
}

fn erased(tx: &mut Tx<'_>, batch: &Batch) -> Result<bool> {
    let ids: Vec<Id> = batch.commands.iter().map(|command| command.id).collect();
    let query = sql("select count(*) from device_command c join batch b on b.key = c.batch where b.body = ?");
    let query = query.bind(super::erasure::TOMBSTONE).and(" and c.id").within(&ids);
    Ok(tx.one::<i64>(&query.open("kept by the engine"))? > 0)
}

fn keep(tx: &mut Tx<'_>, account: Id, carrier: Option<Id>, batch: Id, command: &Sent) -> Result<()> {
    // Whose it is belongs to its content: nobody repeats the work of another.
    let digest = digest(&format!("{account} {}", serde_json::to_string(command)?));
    let made = command.at.saturating_add(command.skew);
    let kept = tx.run(
        &sql("insert into device_command (id, batch, digest, account, carrier, branch, made, path, form, files, instead, state, changed_at)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', ?) on conflict (id) do nothing")
            .bind(command.id).bind(batch).bind(digest.as_str()).bind(account).bind(carrier).bind(command.branch)
            .bind(made).bind(command.path.as_str()).bind(serde_json::to_string(&command.form)?)
            .bind(serde_json::to_string(&command.files)?).bind(command.instead).bind(now()),
    )?;
    if kept == 0 {
        let there =
            sql("select digest from device_command where id = ?").bind(command.id).open("kept by the engine");
        if tx.one::<String>(&there)? != digest {
            let clash = sql(
                "insert into clash (id, command, batch, digest, at) values (?, ?, ?, ?, ?) on conflict do nothing",
            );
            tx.run(&clash.bind(Id::new()).bind(command.id).bind(batch).bind(digest).bind(now()))?;
        }
        return Ok(());
    }
    for after in &command.after {
        let after = sql("insert into command_after (command, after) values (?, ?) on conflict do nothing")
            .bind(command.id)
            .bind(*after);
        tx.run(&after)?;
    }
    Ok(())
}
