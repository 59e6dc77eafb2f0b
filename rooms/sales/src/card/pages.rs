//! `/bought/{secret}/card` leads a buyer to the page where cards are taken, `/card-payments/{provider}` hears what became
//! of it, `/organisations/{organisation}/card-payments` is where a cooperative writes down its account.

use askama::Template;
use kernel::kinds::{Choice as _, Money, Multi};
use kernel::room::{Route, get, post};
use kernel::{Actor, Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Tx, Words};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Asked, CardMerchant, CardProvider, Gate, Verdict, attempt, merchant, of};
use crate::order::{SaleOrder, not_now};
use crate::{link, payment, quotation};

/// One buyer begins at most so many payments in a minute.
const ATTEMPTS: u32 = 60;
/// One provider tells of at most so many: it speaks for the buyers of every cooperative.
const MESSAGES: u32 = 3_000;

pub(crate) fn routes() -> Vec<Route> {
    const ACCOUNT: &str = "/organisations/{organisation}/card-payments";
    vec![
        post("/bought/{secret}/card", begin).open(),
        // The page of the provider sends the buyer's browser here: nothing is done, no session is asked for.
        post("/bought/{secret}/card-return", back).own_door(),
        get("/bought/{secret}/card-return", back).own_door(),
        post("/card-payments/cmi", told_by_cmi).own_door(),
        get(ACCOUNT, show).answers::<AccountPage>(),
        post(ACCOUNT, keep).takes::<CardMerchant>(),
    ]
}

/// The account that takes cards for this cooperative in this currency, if it has one.
pub(crate) fn taken_by(db: &mut Db, organisation: Id, currency: &str) -> Result<Option<CardMerchant>> {
    Ok(merchant::of(db, organisation)?.filter(|merchant| of(merchant.provider).takes(currency)))
}

/// Before the buyer leaves: whom they pay, what, and where.
#[derive(Template, Serialize)]
#[template(path = "sales_card.html")]
struct GatePage {
    #[serde(skip)]
    w: Words,
    holder: Multi,
    amount: Money,
    provider: CardProvider,
    testing: bool,
    secret: String,
    url: String,
    fields: Vec<(&'static str, String)>,
}

/// What is left to pay of an order, if anything is.
fn due(db: &mut Db, order: &SaleOrder) -> Result<Money> {
    let total = quotation::of(db, order.id)?.into_iter().next().ok_or_else(not_now)?.total;
    let came = payment::received(&payment::of(db, order.id)?);
    match total.minor - came {
        left if left > 0 && order.is_agreed() => Ok(Money { minor: left, ..total }),
        _ => Err(not_now()),
    }
}

fn begin(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("card", ATTEMPTS)?;
    let (secret, id) = (ctx.param("secret")?.to_owned(), ctx.new_id());
    let (page, origin) = ctx.write(|tx| {
        let order = link::order_held(ctx, tx)?;
        let amount = due(tx, &order)?;
        let merchant = taken_by(tx, order.organisation.id, &amount.currency)?
            .ok_or_else(|| Error::refused("by_card.not_taken"))?;
        attempt::begin(tx, id, &order, amount)?;
        // Opened again, the page asks for what the attempt was begun with.
        let amount = kernel::record::get::<super::CardAttempt>(tx, id)?.amount;
        let holder = kernel::record::get::<Organisation>(tx, order.organisation.id)?;
        let gate = gate(ctx, tx, &merchant, &order, &holder, &amount, id)?;
        let page = GatePage {
            w: ctx.w,
            holder: holder.name,
            amount,
            provider: merchant.provider,
            testing: merchant.testing,
            secret: secret.clone(),
            url: gate.url,
            fields: gate.fields,
        };
        Ok((page, gate.origin))
    })?;
    Ok(kernel::web::sends_to(ctx.page(&ctx.w.t("by_card.title"), &page)?, origin))
}

fn gate(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    merchant: &CardMerchant,
    order: &SaleOrder,
    holder: &Organisation,
    amount: &Money,
    attempt: Id,
) -> Result<Gate> {
    let key = merchant::key(tx, &ctx.app.secret, merchant.id)?;
    // The provider asks for an address: without the buyer's, the receipt goes to the cooperative.
    let email =
        order.email.as_ref().or(holder.email.as_ref()).map(|email| email.0.clone()).unwrap_or_default();
    let asked = Asked {
        client: &merchant.client,
        testing: merchant.testing,
        attempt,
        amount,
        name: &order.name,
        email: &email,
        lang: ctx.w.lang.code(),
        back: &ctx.link(&format!("/bought/{}/card-return", ctx.param("secret")?)),
        told: &ctx.link(&format!("/card-payments/{}", merchant.provider.code())),
    };
    Ok(of(merchant.provider).gate(&asked, &key))
}

/// The buyer is back. What became of the payment is not taken from their browser.
fn back(ctx: &Ctx) -> Result<Reply> {
    let secret = ctx.param("secret")?;
    if !link::is_secret(secret) {
        return Err(Error::NotFound);
    }
    Ok(Reply::Seen(format!("/bought/{secret}?done=card_back")))
}

fn told_by_cmi(ctx: &Ctx) -> Result<Reply> {
    told(ctx, CardProvider::Cmi)
}

/// The provider tells; it is answered in its own words, whatever happens.
fn told(ctx: &Ctx, provider: CardProvider) -> Result<Reply> {
    ctx.attempt("card told", MESSAGES)?;
    let verdict = ctx
        .app
        .write(Actor::machine(provider.code()), |tx| attempt::hear(&ctx.app, tx, provider, &ctx.form))
        .unwrap_or_else(|error| {
            tracing::error!(%error, "a message about a card payment was not kept");
            Verdict::Refused
        });
    Ok(Reply::Body {
        status: 200,
        media: "text/plain; charset=utf-8",
        body: of(provider).answer(verdict).as_bytes().to_vec(),
    })
}

/// The account of a cooperative with its provider.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_card_account.html")]
struct AccountPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    organisation: Id,
    name: Multi,
    /// True once cards are taken.
    taken: bool,
    testing: bool,
    #[serde(skip)]
    #[schemars(skip)]
    form: Form,
    #[serde(skip)]
    id: Id,
    #[serde(skip)]
    version: i64,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    account(ctx, 200, None)
}

fn account(ctx: &Ctx, status: u16, refused: Option<Vec<FieldError>>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let organisation = ctx.id("organisation")?;
        let standing = merchant::standing(ctx, db, organisation)?;
        let merchant = merchant::of(db, organisation)?;
        let typed = match (&refused, &merchant) {
            (Some(_), _) => ctx.form.clone(),
            (None, Some(merchant)) => kernel::record::typed(merchant),
            (None, None) => Fields::default(),
        };
        Ok(AccountPage {
            w: ctx.w,
            organisation,
            name: kernel::record::get::<Organisation>(db, organisation)?.name,
            taken: merchant.is_some(),
            testing: merchant.as_ref().is_some_and(|merchant| merchant.testing),
            form: Form::of::<CardMerchant>(ctx.w, typed, standing).refused(refused.unwrap_or_default()),
            id: merchant.as_ref().map_or_else(|| ctx.new_id(), |merchant| merchant.id),
            version: merchant.as_ref().map_or(0, |merchant| merchant.version),
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("card_merchant.title"), &page)
}

fn keep(ctx: &Ctx) -> Result<Reply> {
    match ctx.write(|tx| write(ctx, tx)) {
        Ok(()) => ctx.done(&format!("/organisations/{}/card-payments", ctx.id("organisation")?), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => account(ctx, 422, Some(errors)),
        Err(error) => Err(error),
    }
}

fn write(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
    let organisation = ctx.id("organisation")?;
    let standing = merchant::standing(ctx, tx, organisation)?;
    market::hand(ctx, tx, organisation);
    let (id, there) = (ctx.new_id(), merchant::of(tx, organisation)?);
    let key = ctx.form.text("key").map(str::trim).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.chars().count() > 200) {
        return Err(Error::field("key", "card_merchant.key_long"));
    }
    let mut form = ctx.form.clone();
    form.set("organisation", organisation.to_string());
    let merchant = match there {
        Some(there) if there.id == id => {
            let version = ctx.form.parse("version").unwrap_or_default();
            kernel::record::change::<CardMerchant>(tx, id, version, &form, standing)?
        }
        Some(_) => return Err(Error::refused("card_merchant.organisation.taken")),
        None => {
            key.ok_or_else(|| Error::field("key", "card_merchant.key_needed"))?;
            kernel::record::create::<CardMerchant>(tx, id, &form, standing)?
        }
    };
    match key {
        Some(key) => merchant::keep_key(tx, &ctx.app.secret, merchant.id, key),
        None => Ok(()),
    }
}
