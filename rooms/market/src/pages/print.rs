//! The square of a lot, as SVG for a printer, and a sheet of labels to cut out.

use kernel::room::{Route, get};
use kernel::{Ctx, Lang, Paper, Reply, Result};
use serde_json::json;

use crate::lot;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/lots/{lot}/square", square).open(), get("/lots/{lot}/labels", labels).query(&["in"])]
}

/// Labels on a sheet of A4.
const ON_A_SHEET: usize = 10;

fn square(ctx: &Ctx) -> Result<Reply> {
    let (number, svg) = ctx.read(|db| {
        let (lot, product, _) = lot::open(ctx, db, ctx.id("lot")?)?;
        let svg = kernel::square(&ctx.link(&lot::address(&product, &lot)))?;
        Ok((lot.number.0, svg))
    })?;
    let produce = Box::new(move |_: &kernel::App, out: &mut (dyn std::io::Write + Send)| {
        Ok(out.write_all(svg.0.as_bytes())?)
    });
    Ok(Reply::Download {
        media: "image/svg+xml".into(),
        name: format!("{number}.svg"),
        inline: false,
        produce,
    })
}

fn labels(ctx: &Ctx) -> Result<Reply> {
    // Not "lang", which would change the language of whoever prints.
    let lang = ctx.query.text("in").and_then(Lang::from_code).unwrap_or(ctx.w.lang);
    let w = ctx.w.speak(lang);
    let (number, paper) = ctx.read(|db| {
        let (lot, product, _) = lot::open(ctx, db, ctx.id("lot")?)?;
        let holder = kernel::record::get::<registry::Organisation>(db, lot.organisation.id)?;
        let address = ctx.link(&lot::address(&product, &lot));
        let mut lines = vec![[w.t("lot.number").into_owned(), lot.number.0.clone()]];
        lines.push([w.t("lot.produced").into_owned(), w.date(&lot.produced)]);
        lines.extend(lot.best_before.map(|day| [w.t("lot.best_before").into_owned(), w.date(&day)]));
        let data = json!({
            "name": product.name.best(lang),
            "holder": holder.name.best(lang),
            "lines": lines,
            "address": address,
            "count": ON_A_SHEET,
        });
        let picture = ("square.svg".to_owned(), kernel::square(&address)?.0.into_bytes());
        let paper = Paper {
            template: include_str!("../../templates/lot_labels.typ"),
            title: w.with("lot.labels", "number", &lot.number.0),
            lang,
            data,
            pictures: vec![picture],
        };
        Ok((lot.number.0, paper))
    })?;
    ctx.paper(&paper, &format!("{number}.pdf"))
}
