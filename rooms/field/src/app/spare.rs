//! The spare key of a phone: who forgot the PIN and signs in on that phone opens with it what was not sent. The house
//! keeps the key and never the work, the phone keeps the work and never the key.

use kernel::secret::Secret;
use kernel::{Error, Id, Result, Tx, sql};

fn place(device: Id) -> String {
    format!("field_device {device}")
}

/// The spare key of this phone, 64 hexadecimal digits, made the first time. One that was sealed with another secret of
/// the house opens no more: a new one takes its place, so that the phone can at least be enrolled again.
pub(super) fn of(tx: &mut Tx<'_>, secret: &Secret, device: Id) -> Result<String> {
    let kept = sql("select spare from field_device where id = ?").bind(device).open("one's own phone");
    let kept: Option<String> = tx.row(&kept, |row| row.take())?.flatten();
    if let Some(key) = kept.and_then(|sealed| secret.unseal(&place(device), &sealed).ok()) {
        return String::from_utf8(key).map_err(Error::internal);
    }
    let key = people::fresh_secret()?;
    let sealed = secret.seal(&place(device), key.as_bytes())?;
    let keep = sql("update field_device set spare = ? where id = ?").bind(sealed).bind(device);
    tx.run(&keep.open("one's own phone"))?;
    Ok(key)
}
