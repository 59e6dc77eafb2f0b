//! `/field/numbers`: numbers that people read, reserved for a telephone ahead of time.

use kernel::{Ctx, Error, Id, Reply, Result, Standing};
use schemars::JsonSchema;
use serde::Serialize;

use super::Device;

/// Numbers of a call from the first to the last: nobody else is given them.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Reserved {
    first: i64,
    last: i64,
}

/// `POST /field/numbers`: the next numbers of a `call` for a `device` that holds those up to `known`.
pub(super) fn reserve(ctx: &Ctx) -> Result<Reply> {
    let account = ctx.viewer.account.ok_or(Error::SignIn)?;
    let wanted = |name: &str| ctx.form.parse::<Id>(name).ok_or_else(|| Error::refused("error.form"));
    let (call, device) = (wanted("call")?, wanted("device")?);
    let known = ctx.form.parse::<i64>("known").unwrap_or(0);
    let (first, last) = ctx.write(|tx| {
        let programme = kernel::record::get::<programmes::selection::Call>(tx, call)?.programme.id;
        ctx.standing(tx, programme, Standing::File)?;
        let own =
            kernel::record::find::<Device>(tx, device)?.is_some_and(|there| there.account.id == account);
        if !own {
            return Err(Error::NotFound);
        }
        programmes::selection::reserve(tx, call, account, device, known)
    })?;
    ctx.data(&Reserved { first, last })
}
