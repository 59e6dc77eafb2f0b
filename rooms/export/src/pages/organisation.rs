//! `/organisations/{organisation}/export`: products of a cooperative against the first destinations, and what it stated.

use askama::Template;
use kernel::kinds::{Choice as _, Multi};
use kernel::room::{Route, get};
use kernel::{Ctx, Db, Id, Reply, Result, Standing, Words};
use market::Product;
use registry::Organisation;
use sales::Country;
use schemars::JsonSchema;
use serde::Serialize;

use crate::file::OnFile;
use crate::panel::{Line, lines};
use crate::ready::State;
use crate::rules;
use crate::statement::{self, Statement};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/organisations/{organisation}/export", show).answers::<OrganisationPage>()]
}

/// A product and how ready it is for each of the first destinations.
#[derive(Serialize, JsonSchema)]
struct ProductLine {
    id: Id,
    name: Multi,
    cells: Vec<Line>,
}

/// A statement.
#[derive(Serialize, JsonSchema)]
struct StatementLine {
    id: Id,
    kind: Multi,
    product: Option<Multi>,
    number: Option<String>,
    named: Option<String>,
    since: String,
    until: Option<String>,
    file: Option<String>,
    /// `valid`, `waiting` or `over`.
    state: &'static str,
    #[serde(skip)]
    #[schemars(skip)]
    tone: &'static str,
}

/// What an organisation can export.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "export_organisation.html")]
struct OrganisationPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    organisation: Id,
    name: Multi,
    countries: Vec<String>,
    products: Vec<ProductLine>,
    statements: Vec<StatementLine>,
    /// Kinds of statements to add: code, name, and what it is.
    kinds: Vec<(String, Multi, Multi)>,
}

/// The code of a state and the colour that goes with its word.
fn state(state: State) -> (&'static str, &'static str) {
    match state {
        State::Valid => ("valid", "good"),
        State::Waiting => ("waiting", "info"),
        State::Over => ("over", "late"),
    }
}

fn statement_line(w: Words, one: Statement, products: &[(Id, Multi)]) -> Result<StatementLine> {
    let (state, tone) = state(one.state(kernel::today()));
    let kind = rules::pack()?.stated(&one.kind);
    Ok(StatementLine {
        id: one.id,
        kind: kind.map_or_else(|| Multi::fr_ar(&one.kind, ""), |kind| kind.name.clone()),
        product: one
            .product
            .and_then(|of| products.iter().find(|(id, _)| *id == of.id))
            .map(|(_, name)| name.clone()),
        number: one.number.map(|number| number.0),
        named: one.named,
        since: w.date(&one.since),
        until: one.until.map(|day| w.date(&day)),
        file: one.file.map(|file| file.0),
        state,
        tone,
    })
}

fn product_line(w: Words, db: &mut Db, id: Id, name: Multi) -> Result<ProductLine> {
    let product = kernel::record::get::<Product>(db, id)?;
    let on_file = OnFile::read(w, db, product, kernel::today())?;
    Ok(ProductLine { id, name, cells: lines(w, &on_file)? })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let organisation = ctx.id("organisation")?;
        ctx.standing(db, organisation, Standing::File)?;
        let pack = rules::pack()?;
        let products = market::products_of(db, organisation)?;
        let statements = statement::of(db, organisation)?.into_iter();
        let statements = statements.map(|one| statement_line(w, one, &products)).collect::<Result<_>>()?;
        let products = products.into_iter().map(|(id, name)| product_line(w, db, id, name));
        let products = products.collect::<Result<_>>()?;
        Ok(OrganisationPage {
            w,
            organisation,
            name: kernel::record::get::<Organisation>(db, organisation)?.name,
            countries: pack.first.iter().map(|code| w.t2(Country::WORDS, code)).collect(),
            products,
            statements,
            kinds: pack
                .statement
                .iter()
                .map(|kind| (kind.code.clone(), kind.name.clone(), kind.help.clone()))
                .collect(),
        })
    })?;
    ctx.page(&w.t("export_organisation.title"), &page)
}
