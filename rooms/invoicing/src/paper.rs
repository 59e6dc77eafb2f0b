//! An invoice on paper.

use kernel::{Ctx, Paper, Reply, Result};
use serde_json::json;

use crate::content::Content;
use crate::told;

/// The paper as a PDF in the language that is asked for by `?in=`; `name` is what it is saved as.
pub(crate) fn print(ctx: &Ctx, content: &Content, paper: told::Paper<'_>, name: &str) -> Result<Reply> {
    let told = told::told(told::asked(ctx), content, paper);
    let lang = kernel::Lang::from_code(told.lang).unwrap_or(ctx.w.lang);
    let code = match paper {
        told::Paper::Issued(invoice) => invoice.clearance_code.as_deref(),
        _ => None,
    };
    let square = code.map(|code| Ok::<_, kernel::Error>(kernel::square(code)?.0.into_bytes())).transpose()?;
    let data = json!({ "told": told, "square": square.is_some() });
    let paper = Paper {
        template: include_str!("../templates/invoice.typ"),
        title: told.title,
        lang,
        data,
        pictures: square.map(|bytes| ("square.svg".to_owned(), bytes)).into_iter().collect(),
    };
    ctx.paper(&paper, name)
}
