//! A blend: a lot made of parts of other lots, taken all at once or not at all. Its quantity is the sum of its parts.

use askama::Template;
use kernel::kinds::{Choice as _, Kind, Multi, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Tx, Words};
use serde::Serialize;

use crate::lot::{self, Lot};
use crate::movement::{self, Movement, Reason};
use crate::pages::quantity;
use crate::pieces::hand;
use crate::product::Product;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/products/{product}/blends/new", new), post("/products/{product}/blends", create)]
}

/// A lot of which something can be taken.
#[derive(Serialize)]
struct Source {
    id: Id,
    number: String,
    name: Multi,
    produced: String,
    left: String,
    typed: String,
}

/// The form of a blend.
#[derive(Template, Serialize)]
#[template(path = "market_blend.html")]
struct BlendPage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    product: Id,
    name: Multi,
    unit: String,
    id: Id,
    sources: Vec<Source>,
}

fn editable(ctx: &Ctx, db: &mut Db) -> Result<Product> {
    let product = kernel::record::get::<Product>(db, ctx.id("product")?)?;
    ctx.standing(db, product.organisation.id, Standing::File)?;
    Ok(product)
}

fn new(ctx: &Ctx) -> Result<Reply> {
    page(ctx, 200, Fields::default(), Vec::new())
}

fn page(ctx: &Ctx, status: u16, typed: Fields, errors: Vec<FieldError>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let product = editable(ctx, db)?;
        let sources = lot::with_stock(db, product.organisation.id, product.unit)?;
        let sources = sources.into_iter().map(|line| Source {
            typed: typed.get(&format!("part.{}", line.id)).unwrap_or_default().to_owned(),
            left: quantity(w, line.unit, line.left),
            produced: w.date(&line.produced),
            id: line.id,
            number: line.number,
            name: line.name,
        });
        Ok(BlendPage {
            w,
            sources: sources.collect(),
            form: Form::of::<Lot>(w, typed, Standing::File).refused(errors),
            product: product.id,
            name: product.name,
            unit: w.choice(&product.unit),
            id: ctx.new_id(),
        })
    })?;
    ctx.page_with_status(status, &w.t("blend.new"), &page)
}

/// What was typed for each source: more than nothing, in the order of their ids.
fn parts(form: &Fields) -> Result<Vec<(Id, i64)>> {
    let mut parts = Vec::<(Id, i64)>::new();
    for (name, _) in form.0.iter().filter(|(name, _)| name.starts_with("part.")) {
        let source: Id = name["part.".len()..].parse().map_err(|_| Error::NotFound)?;
        let typed = i64::parse(&Raw { fields: form, name });
        let taken =
            typed.map_err(|wrong| Error::Invalid(vec![FieldError { field: "quantity".into(), wrong }]))?;
        if let Some(taken) = taken.filter(|taken| *taken > 0)
            && !parts.iter().any(|(there, _)| *there == source)
        {
            parts.push((source, taken));
        }
    }
    parts.sort();
    if parts.is_empty() { Err(Error::field("quantity", "blend.nothing")) } else { Ok(parts) }
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let product = editable(ctx, tx)?;
        hand(ctx, tx, product.organisation.id);
        make(tx, ctx.new_id(), &product, &ctx.form)
    });
    match made {
        Ok(lot) => ctx.done(&format!("/lots/{lot}"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

/// Makes the lot and takes its parts. The same again changes nothing.
fn make(tx: &mut Tx<'_>, id: Id, product: &Product, typed: &Fields) -> Result<Id> {
    let parts = parts(typed)?;
    let sum = parts.iter().map(|(_, taken)| i128::from(*taken)).sum::<i128>();
    let sum = i64::try_from(sum).map_err(|_| Error::field("quantity", "error.number_range"))?;
    let mut form = typed.clone();
    form.set("organisation", product.organisation.id.to_string());
    form.set("product", product.id.to_string());
    form.set("unit", product.unit.code());
    form.set("quantity", sum.to_string());
    form.0.retain(|(name, _)| name != "_fields");
    let blend = kernel::record::create::<Lot>(tx, id, &form, Standing::File)?;
    for (source, taken) in parts {
        take(tx, &blend, source, taken)?;
    }
    blend.check_sound(tx)?;
    Ok(id)
}

fn take(tx: &mut Tx<'_>, blend: &Lot, source: Id, taken: i64) -> Result<()> {
    let from = kernel::record::find::<Lot>(tx, source)?.ok_or_else(|| Error::refused("error.reference"))?;
    if from.organisation.id != blend.organisation.id || from.id == blend.id {
        return Err(Error::refused("error.reference"));
    }
    if from.unit != blend.unit {
        return Err(Error::field("quantity", "blend.unit"));
    }
    let part = Movement {
        id: Id::named(&format!("{} {source}", blend.id)),
        version: 1,
        organisation: blend.organisation,
        lot: source.into(),
        day: blend.produced,
        reason: Reason::Blended,
        quantity: taken,
        note: None,
        blend: Some(blend.id.into()),
    };
    kernel::record::insert(tx, &part)?;
    if part.day < from.produced {
        return Err(Error::field("produced", "blend.before"));
    }
    movement::check_stock(tx, source)
}
