//! A phone that works for somebody: it asks with a token of its own, which ends here when the phone is lost.

use askama::Template;
use jiff::ToSpan;
use kernel::access::Standing;
use kernel::kinds::Ref;
use kernel::{Ctx, Db, Error, Fields, Id, Reply, Result, Tx, Viewer, Words, now, record, sql, today};
use people::Account;
use schemars::JsonSchema;
use serde::Serialize;

record! {
    /// A phone or tablet on which somebody works in the field. When its token ended it is signed out.
    pub Device in "field_device" as "field.device", about account, then saved {
        main(File, File) { account: Ref<Account>, name: String, token: String }
    }
}

fn saved(device: &Device, tx: &mut Tx<'_>) -> Result<()> {
    let own = kernel::access::scope("account", device.account.id);
    kernel::access::grant(tx, device.id, &own, Standing::Steward, None)
}

/// A phone as its page shows it.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    name: String,
    /// Who works on it.
    holder: String,
    /// When it was last heard of; milliseconds.
    seen: Option<i64>,
    /// True while it may ask and send.
    signed_in: bool,
    /// True if it is the viewer's own.
    own: bool,
}

/// The phones of somebody; administrators see everybody's.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "app_devices.html")]
pub(crate) struct DevicesPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    devices: Vec<Line>,
    /// True for who brings in what was rescued from a phone.
    #[serde(skip)]
    #[schemars(skip)]
    rescues: bool,
}

/// The first instant of the day: last contact is not written at every request.
const FRESH: i64 = 60_000;

/// Notes that a phone was heard of, if it is one of the viewer's.
pub(crate) fn seen(tx: &mut Tx<'_>, viewer: &Viewer, device: Id) -> Result<()> {
    let Some(account) = viewer.account else { return Ok(()) };
    let note =
        sql("update field_device set seen = ? where id = ? and account = ? and (seen is null or seen < ?)");
    tx.run(&note.bind(now()).bind(device).bind(account).bind(now() - FRESH).open("one's own phone"))?;
    Ok(())
}

fn lines(ctx: &Ctx, db: &mut Db) -> Result<Vec<Line>> {
    let query = sql("select d.id, d.name, a.name, d.seen, d.account,
                     (select count(*) from token t where t.id = d.token and t.expires > ?)
                     from field_device d join account a on a.id = d.account where")
    .bind(now())
    .seen_near(&ctx.viewer, "d.id", Standing::Steward)
    .and(" order by a.name, d.id desc limit 500");
    db.rows(&query, |row| {
        let (id, name, holder, seen) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let (account, tokens): (Id, i64) = (row.take()?, row.take()?);
        Ok(Line { id, name, holder, seen, own: ctx.viewer.account == Some(account), signed_in: tokens > 0 })
    })
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let devices = ctx.read(|db| lines(ctx, db))?;
    ctx.page(
        &ctx.w.t("field_device.title"),
        &DevicesPage { w: ctx.w, devices, rescues: ctx.viewer.has_role(super::MANAGERS) },
    )
}

/// What a phone is told once.
#[derive(Serialize)]
struct Enrolled {
    device: Id,
    token: String,
    account: Id,
    name: String,
    /// The spare key of what the phone keeps: 64 hexadecimal digits.
    spare: String,
}

/// Enrols the phone on which somebody has just signed in; answers its token, this once.
pub(super) fn enrol(ctx: &Ctx) -> Result<Reply> {
    // A token makes no other token: a person has to sit before the screen.
    let account = ctx.viewer.account.filter(|_| ctx.viewer.session.is_some()).ok_or(Error::Forbidden)?;
    let (device, name) =
        (ctx.new_id(), ctx.form.text("name").unwrap_or("–").chars().take(80).collect::<String>());
    let until = today().saturating_add(1.year()).saturating_sub(1.day());
    let (token, spare) = ctx.write(|tx| {
        let (token, text) = people::create_token(tx, account, &name, true, until)?;
        match kernel::record::find::<Device>(tx, device)? {
            Some(there) if there.account.id == account => {
                end_token(tx, &there)?;
                kernel::record::update(tx, &Device { name, token: token.to_string(), ..there })?;
            }
            Some(_) => return Err(Error::refused("error.id_taken")),
            None => {
                let fields = [("account", account.to_string()), ("name", name), ("token", token.to_string())];
                let form = Fields(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect());
                kernel::record::create::<Device>(tx, device, &form, Standing::Steward)?;
            }
        }
        seen(tx, &ctx.viewer, device)?;
        Ok((text, super::spare::of(tx, &ctx.app.secret, device)?))
    })?;
    ctx.data(&Enrolled { device, token, account, name: ctx.viewer.name.clone(), spare })
}

/// Ends the token of a phone, unless that happened already.
fn end_token(tx: &mut Tx<'_>, device: &Device) -> Result<()> {
    let Ok(token) = device.token.parse::<Id>() else { return Ok(()) };
    match people::end_token(tx, device.account.id, token) {
        Ok(()) | Err(Error::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Signs a phone out, wherever it is. What it had not sent stays on it.
pub(super) fn end(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("device")?;
    ctx.write(|tx| {
        ctx.standing(tx, id, Standing::Steward)?;
        let device = kernel::record::get::<Device>(tx, id)?;
        end_token(tx, &device)
    })?;
    ctx.done("/field/devices", "device_ended")
}
