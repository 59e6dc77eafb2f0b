//! The card of a cooperative: somebody of it signs in by telephone number and a code, printed or read out by the coach.
//! No message needs to be sent; where the house has a gateway, the code may also go by SMS.

use askama::Template;
use kernel::kinds::{Choice, Kind, Multi, Phone, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Html, Id, Lang, Reply, Result, Standing, Words, sql};
use people::{Draft, MessageKind, RoleKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Organisation, TEAM, organisation};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/organisations/{organisation}/card", show).role(TEAM).answers::<CardPage>(),
        post("/organisations/{organisation}/card", give).role(TEAM),
        post("/organisations/{organisation}/card/message", send).role(TEAM),
    ]
}

/// Digits of a code: with five attempts a minute for a number, guessing takes years.
const DIGITS: usize = 10;

/// Who signs in for a cooperative.
#[derive(Serialize, JsonSchema)]
struct Holder {
    name: String,
    phone: Option<String>,
    since: String,
}

/// Who signs in for a cooperative, and the form that gives somebody a card.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_card.html")]
struct CardPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: Multi,
    holders: Vec<Holder>,
    #[serde(skip)]
    typed: Fields,
    #[serde(skip)]
    errors: Vec<(String, String)>,
    /// The card, once: the code is kept nowhere.
    card: Option<Card>,
    /// True if messages leave the house.
    sends: bool,
}

/// What is printed.
#[derive(Serialize, JsonSchema)]
struct Card {
    holder: String,
    phone: String,
    code: String,
    address: String,
    #[serde(skip)]
    #[schemars(skip)]
    qr: Html,
    /// The id that a message with the code will have.
    message: Id,
    /// How the message stands, once the code was sent.
    #[serde(skip)]
    #[schemars(skip)]
    state: Option<Html>,
    /// Opens the text in the coach's own telephone.
    #[serde(skip)]
    sms: String,
}

impl CardPage {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).unwrap_or_default()
    }
    fn error(&self, name: &str) -> Option<&String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence)
    }
}

impl Card {
    fn of(ctx: &Ctx, holder: String, phone: &Phone, code: &str) -> Result<Card> {
        let address = ctx.link(&format!("/sign-in?next=/space&login={}", phone.0.replace('+', "%2B")));
        Ok(Card {
            qr: kernel::square(&address)?,
            sms: people::sms_link(&phone.0, &text(ctx, Lang::Ar, code)),
            holder,
            phone: phone.0.clone(),
            code: spaced(code),
            address: ctx.link("/"),
            message: Id::new(),
            state: None,
        })
    }
}

/// What the message with a code says.
fn text(ctx: &Ctx, lang: Lang, code: &str) -> String {
    ctx.w
        .speak(lang)
        .args("card.sms", &[("code", spaced(code)), ("address", ctx.link("/sign-in?next=/space"))])
}

/// An account that does more than answer for this cooperative keeps its own password.
fn only_here(db: &mut Db, account: Id, scope: &str) -> Result<()> {
    let others =
        sql("select count(*) from role where account = ? and (scope <> ? or role <> 'representative')")
            .bind(account)
            .bind(scope);
    if db.one::<i64>(&others)? > 0 { Err(Error::field("phone", "card.other_account")) } else { Ok(()) }
}

/// Sends the code of a card that was just made by SMS. The code comes back with the form, for it is kept nowhere; it is
/// sent only while it opens the account of this number.
fn send(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("card", 20)?;
    let (name, phone) = read_form(ctx).map_err(Error::Invalid)?;
    let code: String =
        ctx.form.text("code").unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    if !people::sends_messages(&ctx.app) {
        return Err(Error::refused("card.no_gateway"));
    }
    let (account, scope) = ctx.read(|db| {
        let scope = organisation::scope(open(ctx, db)?.id);
        let account = people::by_login(db, &phone.0)?.ok_or_else(|| Error::refused("card.old_code"))?;
        only_here(db, account.id, &scope)?;
        Ok((account, scope))
    })?;
    if !people::password_opens(&ctx.app, account.id, &code)? {
        return Err(Error::refused("card.old_code"));
    }
    let lang = account.language.and_then(|language| Lang::from_code(language.code())).unwrap_or(Lang::Ar);
    let id = ctx.new_id();
    let message = ctx.write(|tx| {
        let about = open(ctx, tx)?.id;
        if !people::holders(tx, &scope)?.iter().any(|holder| holder.account == account.id) {
            return Err(Error::refused("card.old_code"));
        }
        people::send_message(
            tx,
            &Draft {
                id,
                kind: MessageKind::Code,
                about,
                name: account.name.clone(),
                phone: phone.clone(),
                lang,
                text: text(ctx, lang, &code),
                secret: Some(people::CODE_LIFE),
            },
        )?;
        Ok(people::messages(tx, &[id])?.remove(&id))
    })?;
    ctx.app.bell.ring();
    let card = Card::of(ctx, name, &phone, &code)?;
    let state = message.map(|message| people::message_chip(ctx.w, &message));
    card_page(ctx, 200, Vec::new(), Some(Card { message: id, state, ..card }))
}

/// Only the team gives cards: a cooperative does not hand out its own keys.
fn open(ctx: &Ctx, db: &mut Db) -> Result<Organisation> {
    Ok(organisation::open(db, ctx, ctx.id("organisation")?, Standing::File)?.0)
}

fn card_page(ctx: &Ctx, status: u16, errors: Vec<FieldError>, card: Option<Card>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let organisation = open(ctx, db)?;
        let mut holders = Vec::new();
        for holder in people::holders(db, &organisation::scope(organisation.id))? {
            if holder.kind == RoleKind::Representative {
                let account = kernel::record::get::<people::Account>(db, holder.account)?;
                let phone = account.phone.map(|phone| phone.0);
                holders.push(Holder { name: holder.name, phone, since: w.date(&holder.since) });
            }
        }
        let mut typed = ctx.form.clone();
        if typed.text("phone").is_none()
            && let Some(phone) = &organisation.phone
        {
            typed.set("phone", phone.0.clone());
        }
        Ok(CardPage {
            w,
            id: organisation.id,
            name: organisation.name,
            holders,
            typed,
            errors: errors.iter().map(|e| (e.field.clone(), w.wrong(&e.wrong))).collect(),
            card,
            sends: people::sends_messages(&ctx.app),
        })
    })?;
    ctx.page_with_status(status, &w.t("card.title"), &page)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    card_page(ctx, 200, Vec::new(), None)
}

/// A fresh code: digits only, so that it is read out and typed in any language.
fn fresh_code() -> Result<String> {
    let secret = people::fresh_secret()?;
    let number = u64::from_str_radix(secret.get(..15).unwrap_or_default(), 16).map_err(Error::internal)?;
    Ok(format!("{:0width$}", number % 10_u64.pow(DIGITS as u32), width = DIGITS))
}

/// The code as it is read out: in two halves.
fn spaced(code: &str) -> String {
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first} {second}")
}

/// Gives somebody a card, or a new code to who has one. An account that does more than answer for this cooperative keeps
/// its own password: a coach must not become somebody else.
fn give(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("card", 20)?;
    let given = read_form(ctx);
    let (name, phone) = match given {
        Ok(given) => given,
        Err(errors) if !ctx.json => return card_page(ctx, 422, errors, None),
        Err(errors) => return Err(Error::Invalid(errors)),
    };
    let code = fresh_code()?;
    // Hashing is slow on purpose: it happens before the write begins.
    let hashed = people::hash_password(&code)?;
    let written = ctx.write(|tx| {
        let organisation = open(ctx, tx)?;
        let scope = organisation::scope(organisation.id);
        let account = match people::by_login(tx, &phone.0)? {
            Some(account) => {
                only_here(tx, account.id, &scope)?;
                account.id
            }
            None => {
                let form = Fields::of([("name", name.as_str()), ("phone", &phone.0), ("language", "ar")]);
                people::create_account(tx, ctx.new_id(), &form)?.id
            }
        };
        let holds = people::holders(tx, &scope)?;
        if !holds.iter().any(|holder| holder.account == account && holder.kind == RoleKind::Representative) {
            let role = RoleKind::Representative;
            people::grant_role(tx, Id::new(), account, role, &scope, kernel::today(), None)?;
        }
        people::set_password(tx, account, &hashed)
    });
    match written {
        Ok(()) => card_page(ctx, 200, Vec::new(), Some(Card::of(ctx, name, &phone, &code)?)),
        Err(Error::Invalid(errors)) if !ctx.json => card_page(ctx, 422, errors, None),
        Err(error) => Err(error),
    }
}

fn read_form(ctx: &Ctx) -> Result<(String, Phone), Vec<FieldError>> {
    let raw = |name| Raw { fields: &ctx.form, name };
    let needed = |field: &str| FieldError { field: field.into(), wrong: kernel::Wrong::new("error.needed") };
    let name =
        String::parse(&raw("name")).map_err(|wrong| vec![FieldError { field: "name".into(), wrong }])?;
    let phone =
        Phone::parse(&raw("phone")).map_err(|wrong| vec![FieldError { field: "phone".into(), wrong }])?;
    match (name, phone) {
        (Some(name), Some(phone)) => Ok((name, phone)),
        (name, phone) => Err([("name", name.is_none()), ("phone", phone.is_none())]
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(field, _)| needed(field))
            .collect()),
    }
}
