//! A list of organisations to take away, under the same rights.

use kernel::table::Format;
use kernel::{Ctx, Error, Reply, Result};

use super::filters::filter_of;

pub(super) fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    Ok(crate::export::download(format, ctx.w, ctx.viewer.clone(), filter_of(&ctx.query)))
}
