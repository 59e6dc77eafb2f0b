//! `/organisations/{organisation}/spot-sales/new`: what was sold at a souk or a fair, written down at once.

use askama::Template;
use kernel::kinds::{Choice as _, Kind as _, Money, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, FieldError, Fields, Id, Reply, Result, Standing, Words};
use market::counter;
use schemars::JsonSchema;
use serde::Serialize;

use crate::order::Country;
use crate::{payment, spot};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/organisations/{organisation}/spot-sales/new", new).answers::<SpotPage>(),
        post("/organisations/{organisation}/spot-sales", create),
    ]
}

/// An article on the counter.
#[derive(Serialize, JsonSchema)]
struct Counted {
    article: Id,
    name: Multi,
    photo: Option<Id>,
    /// What was typed, or what individuals pay.
    price: String,
    currency: String,
    count: String,
}

/// What a cooperative sells on the spot.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_spot.html")]
struct SpotPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    organisation: Id,
    holder: String,
    articles: Vec<Counted>,
    id: Id,
    day: String,
    today: String,
    place: String,
    means: Vec<(String, String)>,
    chosen: String,
    countries: Vec<(&'static str, String)>,
    country: String,
    /// What was refused: the field, the sentence.
    #[serde(skip)]
    refused: Vec<(String, String)>,
}

impl SpotPage {
    fn refusal(&self, field: &str) -> Option<&str> {
        self.refused.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.as_str())
    }
    fn refusal_of(&self, what: &str, article: &Id) -> Option<&str> {
        self.refusal(&format!("{what}.{article}"))
    }
    fn refusals(&self) -> i64 {
        self.refused.len() as i64
    }
    /// True for the way that stands first: most of what is sold on the spot is paid in cash.
    fn is_chosen(&self, code: &str) -> bool {
        self.chosen == code
    }
    fn is_in(&self, code: &str) -> bool {
        self.country == code
    }
    /// What stands for a photo: the woven square of the cooperative.
    fn face(&self) -> kernel::Html {
        counter::face(self.organisation)
    }
}

fn new(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, &Fields::of([("means", "cash")]), Vec::new())
}

fn page(ctx: &Ctx, status: u16, typed: &Fields, errors: Vec<FieldError>) -> Result<Reply> {
    let (w, organisation) = (ctx.w, ctx.id("organisation")?);
    let page = ctx.read(|db| {
        ctx.standing(db, organisation, Standing::File)?;
        let holder = registry::organisation::name_of(ctx, db, organisation)?;
        let offers = counter::offers(db, &[organisation])?;
        let counted = |offer: counter::Offer| {
            let said = |name: &str| typed.text(&format!("{name}.{}", offer.article)).map(str::to_owned);
            let asked = offer.price.as_ref().map(Money::typed).unwrap_or_default();
            let asked =
                |part: &str| asked.iter().find(|(name, _)| name == part).map(|(_, text)| text.clone());
            let price = said("price").or_else(|| asked("")).unwrap_or_default();
            let currency = asked("currency").unwrap_or_else(|| kernel::kinds::CURRENCIES[0].to_owned());
            let count = said("count").unwrap_or_default();
            Counted { price, currency, count, article: offer.article, name: offer.name, photo: offer.photo }
        };
        let today = kernel::today().to_string();
        let text = |name: &str| typed.text(name).unwrap_or_default().to_owned();
        Ok(SpotPage {
            w,
            organisation,
            holder,
            articles: offers.into_iter().map(counted).collect(),
            id: typed.parse("id").unwrap_or_default(),
            day: typed.text("day").unwrap_or(&today).to_owned(),
            today,
            place: text("place"),
            means: payment::by_hand(w),
            chosen: text("means"),
            countries: Country::CODES.iter().map(|code| (*code, w.t2(Country::WORDS, code))).collect(),
            country: typed.text("country").unwrap_or(Country::Morocco.code()).to_owned(),
            refused: errors.into_iter().map(|error| (error.field, w.wrong(&error.wrong))).collect(),
        })
    })?;
    ctx.page_with_status(status, &w.t("spot_sale.title"), &page)
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let (id, organisation) = (ctx.new_id(), ctx.id("organisation")?);
    match ctx.write(|tx| spot::sell(ctx, tx, id, organisation)) {
        Ok(()) => ctx.done(&format!("/sales/{id}"), "spot_sold"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, &ctx.form, errors),
        Err(error) => Err(error),
    }
}
