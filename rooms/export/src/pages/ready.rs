//! `/products/{product}/export?to=FR`: what a product still needs for a destination, what is there, and what nobody verified.

use askama::Template;
use kernel::kinds::{Choice as _, Multi};
use kernel::room::{Route, get};
use kernel::{Ctx, Fields, Id, Reply, Result, Standing, Words};
use market::{Product, Unit};
use sales::Country;
use schemars::JsonSchema;
use serde::Serialize;

use crate::file::{Asked, OnFile};
use crate::ready;
use crate::rules::{self, Way};
use crate::told::{self, Counts, Part};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/products/{product}/export", show)
            .answers::<ReadyPage>()
            .query(&["to", "way", "value", "pack", "organic", "asked"]),
    ]
}

/// A pack to choose.
#[derive(Serialize, JsonSchema)]
struct PackLine {
    id: Id,
    name: Multi,
    chosen: bool,
}

/// Whether a product is ready for a destination.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "export_ready.html")]
struct ReadyPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    product: Id,
    name: Multi,
    organisation: Id,
    holder: Multi,
    invented: bool,
    /// Country, ISO 3166-1.
    to: String,
    way: Way,
    /// Whole euros.
    value: Option<i64>,
    organic: bool,
    /// Packs to choose from, where what a container holds matters.
    packs: Vec<PackLine>,
    counts: Counts,
    /// How many of the rules shown nobody verified.
    unverified: usize,
    rules: usize,
    parts: Vec<Part>,
    day: String,
    /// The value as it was typed.
    #[serde(skip)]
    #[schemars(skip)]
    typed: String,
    /// What was asked wrongly: field and the key of a sentence.
    wrong: Vec<(&'static str, &'static str)>,
}

impl ReadyPage {
    fn countries(&self) -> Vec<(&'static str, String)> {
        destinations(self.w)
    }
    fn is_to(&self, code: &str) -> bool {
        self.to == code
    }
    fn ways(&self) -> [&'static str; 2] {
        Way::ALL.map(Way::code)
    }
    fn is_way(&self, code: &str) -> bool {
        self.way.code() == code
    }
    fn goes_to(&self) -> String {
        self.w.t2(Country::WORDS, &self.to)
    }
    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.iter().any(|(at, _)| *at == field)
    }
}

/// Countries that something can leave for, in the order of the reader's language.
fn destinations(w: Words) -> Vec<(&'static str, String)> {
    let away = Country::CODES.iter().filter(|code| !["MA", "ZZ"].contains(code));
    let mut named: Vec<(&'static str, String)> =
        away.map(|code| (*code, w.t2(Country::WORDS, code))).collect();
    named.sort_by_cached_key(|(_, name)| fold::fold(name));
    named
}

/// What is asked, and what of it was typed wrongly; that is left out.
fn asked(query: &Fields) -> Result<(Asked, Vec<(&'static str, &'static str)>)> {
    let mut wrong = Vec::new();
    let first = rules::pack()?.first.first().cloned().unwrap_or_else(|| "FR".to_owned());
    let known = |code: &str| !["MA", "ZZ"].contains(&code) && Country::from_code(code).is_some();
    let to = match query.text("to") {
        Some(code) if known(code) => code.to_owned(),
        None => first,
        Some(_) => {
            wrong.push(("to", "export_ready.no_country"));
            first
        }
    };
    let way = query.text("way").and_then(|code| Way::ALL.into_iter().find(|way| way.code() == code));
    let value = match query.text("value").map(typed_number) {
        Some(None) => {
            wrong.push(("value", "export_ready.no_value"));
            None
        }
        value => value.flatten(),
    };
    // A box that is not ticked is not sent: only a form that was sent says no.
    let organic = match query.text("organic") {
        Some(text) => Some(text == "yes"),
        None => query.text("asked").map(|_| false),
    };
    Ok((Asked { to, way: way.unwrap_or(Way::Consignment), value, pack: query.parse("pack"), organic }, wrong))
}

/// A whole number of euros in the digits of any script.
fn typed_number(text: &str) -> Option<i64> {
    let fields = Fields::of([("value", text)]);
    let typed = <i64 as kernel::kinds::Kind>::parse(&kernel::kinds::Raw { fields: &fields, name: "value" });
    typed.ok().flatten()
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (w, day) = (ctx.w, kernel::today());
    let (mut asked, wrong) = asked(&ctx.query)?;
    let page = ctx.read(|db| {
        let product = kernel::record::get::<Product>(db, ctx.id("product")?)?;
        ctx.standing(db, product.organisation.id, Standing::File)?;
        let on_file = OnFile::read(w, db, product, day)?;
        asked.pack = asked.pack.filter(|id| on_file.packs.iter().any(|pack| pack.id == *id));
        let (pack, journey) = (rules::pack()?, on_file.journey(&asked, day));
        let judged = ready::judge(pack, &journey, &on_file.held);
        let measured = on_file.product.unit == Unit::Millilitre;
        let packs = on_file.packs.iter().filter(|_| measured);
        Ok(ReadyPage {
            w,
            product: on_file.product.id,
            name: on_file.product.name.clone(),
            organisation: on_file.holder.id,
            holder: on_file.holder.name.clone(),
            invented: on_file.holder.invented,
            to: asked.to.clone(),
            way: asked.way,
            value: asked.value,
            organic: journey.organic,
            packs: packs
                .map(|pack| PackLine {
                    id: pack.id,
                    name: pack.name.clone(),
                    chosen: asked.pack == Some(pack.id),
                })
                .collect(),
            counts: Counts::of(&judged),
            unverified: judged.iter().filter(|one| one.rule.verified_by.is_empty()).count(),
            rules: judged.len(),
            parts: told::parts(w, pack, &on_file, &judged),
            day: w.long_date(&day),
            typed: ctx.query.text("value").unwrap_or_default().to_owned(),
            wrong,
        })
    })?;
    let title = w.args(
        "export_ready.title",
        &[("product", page.name.best(w.lang).to_owned()), ("country", page.goes_to())],
    );
    ctx.page_with_status(if page.wrong.is_empty() { 200 } else { 422 }, &title, &page)
}
