//! `/pooled-parts/{pooled_part}/statement`: what a cooperative is paid and how it was worked out, to read and to print.

use askama::Template;
use kernel::kinds::Multi;
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Id, Lang, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::part::registry_name;
use super::shown::{dirhams, packs};
use crate::part::{self, places};
use crate::settlement;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/pooled-parts/{pooled_part}/statement", show).query(&["in"]).answers::<StatementPage>()]
}

/// The statement of a cooperative. It shows its own part, and of the others the sums alone.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "pooled_statement.html")]
struct StatementPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    /// Language and direction of the statement, which may be another than that of the page.
    lang: &'static str,
    dir: &'static str,
    part: Id,
    name: Multi,
    lead: String,
    product: Multi,
    first: String,
    second: String,
    second_grade: i64,
    received: String,
    charges_all: String,
    delivered_all: String,
    gross: String,
    charges: String,
    advance: String,
    net: String,
    owes: bool,
    signed: String,
    signers: Vec<String>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    // Not "lang", which would change the language of whoever prints.
    let lang = ctx.query.text("in").and_then(Lang::from_code).unwrap_or(ctx.w.lang);
    let w = ctx.w.speak(lang);
    let page = ctx.read(|db| {
        let (part, order, _) = part::open(ctx, db)?;
        let settlement = settlement::of(db, order.id)?.ok_or(Error::NotFound)?;
        let (Some(second), Some(signed)) = (settlement.second, settlement.signed) else {
            return Err(Error::refused("pooled_settlement.not_yet"));
        };
        let payment = settlement::payments(db, settlement.id)?;
        let payment =
            payment.into_iter().find(|payment| payment.part.id == part.id).ok_or(Error::NotFound)?;
        let all = places(db, order.id)?;
        let delivered = all.iter().map(part::Place::accepted).sum();
        let place = all.into_iter().find(|place| place.part.id == part.id).ok_or(Error::NotFound)?;
        let signers = people::account_names(db, &[settlement.first.id, second.id])?;
        Ok(StatementPage {
            w,
            lang: lang.code(),
            dir: lang.dir(),
            part: part.id,
            name: place.name,
            lead: registry_name(ctx, db, order.lead.id)?,
            product: order.product.clone(),
            first: packs(w, &order, payment.first_grade),
            second: packs(w, &order, payment.second_grade),
            second_grade: order.second_grade,
            received: w.money(&settlement.received),
            charges_all: w.money(&settlement.charges),
            delivered_all: packs(w, &order, delivered),
            gross: dirhams(w, payment.gross),
            charges: dirhams(w, -payment.charges),
            advance: dirhams(w, -payment.advance),
            net: dirhams(w, payment.net),
            owes: payment.net < 0,
            signed: w.long_date(&signed),
            signers: signers.into_values().collect(),
        })
    })?;
    ctx.page(&w.t("pooled_statement.title"), &page)
}
