//! Who asks: whoever shows a login and a key, or what a session was given for them. The password of an account opens
//! nothing here: no second factor stands behind this door.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kernel::{Ctx, Error, Id, Reply, Result};

use super::{number, session};
use crate::openrosa::door::{self, Asked};
use crate::openrosa::key::{self, Holder};

/// Wrong tries with one login, and with any, that a sender has in a minute.
const TRIES: u32 = 10;
const ALL_TRIES: u32 = 30;

/// An answer that asks for a login and a key.
pub(crate) fn asks_for(reply: Reply) -> Reply {
    reply.with_header("www-authenticate", "Basic realm=\"Tiwizi\", charset=\"UTF-8\"")
}

/// Whose key is shown with the request.
pub(super) fn holder(ctx: &Ctx) -> Result<Holder> {
    let shown = ctx.header("authorization").split_once(' ');
    let (scheme, shown) = shown.ok_or(Error::SignIn)?;
    private(ctx)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        let found = ctx.read(|db| session::holder(db, shown.trim()))?;
        return found.map_or_else(|| wrong(ctx), Ok);
    }
    let text = BASE64_STANDARD.decode(shown.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match text.as_deref().and_then(|text| text.split_once(':')) {
        Some((login, key)) if scheme.eq_ignore_ascii_case("basic") => pair(ctx, login, key),
        _ => wrong(ctx),
    }
}

/// Refuses secrets that others could hear on their way.
pub(super) fn private(ctx: &Ctx) -> Result<()> {
    if ctx.private() { Ok(()) } else { Err(Error::refused("field.central.open_line")) }
}

fn wrong<T>(ctx: &Ctx) -> Result<T> {
    ctx.attempt("key", ALL_TRIES)?;
    Err(Error::SignIn)
}

/// Whose key this is, if this is their login.
pub(super) fn pair(ctx: &Ctx, login: &str, text: &str) -> Result<Holder> {
    let name: String = login.trim().to_lowercase().chars().take(200).collect();
    let limit = format!("key of {name} from {}", ctx.sender);
    ctx.app.limiter.attempt(&limit, TRIES)?;
    let (holder, account) = ctx.read(|db| Ok((key::holder(db, text)?, people::by_login(db, login)?)))?;
    match (holder, account) {
        (Some(holder), Some(account)) if holder.account == account.id => {
            ctx.app.limiter.forget(&limit);
            Ok(holder)
        }
        _ => wrong(ctx),
    }
}

/// Whose key is shown, if it is for the programme of the address, which is named by its number or its id. Another one
/// is not told apart from none.
pub(crate) fn of_project(ctx: &Ctx) -> Result<Holder> {
    let holder = holder(ctx)?;
    let programme = ctx.param("programme")?;
    let same = match programme.parse::<i64>() {
        Ok(asked) => number::of(&ctx.app, holder.programme)? == asked,
        Err(_) => programme.parse::<Id>().is_ok_and(|asked| asked == holder.programme),
    };
    if same { Ok(holder) } else { Err(Error::NotFound) }
}

/// Who asks about the programme of the address, with the rights of now.
pub(super) fn asked(ctx: &Ctx) -> Result<Asked> {
    door::of(ctx, &of_project(ctx)?)?.at_work()
}
