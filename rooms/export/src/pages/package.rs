//! `/sales/{sale_order}/packages` and `/packages/{shipment_package}`: to pack what was prepared.

use askama::Template;
use kernel::kinds::{Kind, Multi, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Tx, Words};
use sales::SaleOrder;
use serde::Serialize;

use super::shipment;
use crate::shipment::Package;
use crate::shipment::package::{self, Typed};
use crate::shipment::prepared::{Prepared, field};
use crate::shipment::told::ltr;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/sales/{sale_order}/packages/new", new),
        post("/sales/{sale_order}/packages", create).takes::<Package>(),
        get("/packages/{shipment_package}/edit", edit),
        post("/packages/{shipment_package}", change).takes::<Package>(),
        post("/packages/{shipment_package}/remove", remove),
    ]
}

/// What can be typed of a package beside what is in it.
const TYPED: &[&str] = &["count", "marks", "sscc", "net", "gross", "length", "width", "height"];

/// Something that can be put in.
#[derive(Serialize)]
struct PlaceLine {
    field: String,
    name: Multi,
    lot: Option<String>,
    left: i64,
    typed: String,
    wrong: Option<String>,
}

/// The form of a package.
#[derive(Template, Serialize)]
#[template(path = "export_package.html")]
struct PackagePage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    title: String,
    order: Id,
    reference: String,
    action: String,
    remove: Option<String>,
    id: Id,
    version: i64,
    places: Vec<PlaceLine>,
}

impl PackagePage {
    fn wrong(&self) -> Vec<&PlaceLine> {
        self.places.iter().filter(|place| place.wrong.is_some()).collect()
    }
}

/// The package of the address with its order, for whoever works on the file.
fn open(ctx: &Ctx, db: &mut Db) -> Result<(Package, SaleOrder)> {
    let package = kernel::record::get::<Package>(db, ctx.id("shipment_package")?)?;
    ctx.standing(db, package.organisation.id, Standing::File)?;
    let order = kernel::record::get::<SaleOrder>(db, package.sale_order.id)?;
    Ok((package, order))
}

fn new(ctx: &Ctx) -> Result<Reply> {
    let mut typed = ctx.query.clone();
    if typed.text("count").is_none() {
        typed.set("count", "1");
    }
    page(ctx, 200, None, typed, Vec::new())
}

fn edit(ctx: &Ctx) -> Result<Reply> {
    let (package, typed) = ctx.read(|db| {
        let (package, _) = open(ctx, db)?;
        let mut typed = kernel::record::typed(&package);
        for content in package::contents(db, package.id)? {
            typed.set(&field(content.sale_line.id, content.lot.map(|lot| lot.id)), content.count.to_string());
        }
        Ok((package, typed))
    })?;
    page(ctx, 200, Some(&package), typed, Vec::new())
}

fn page(
    ctx: &Ctx,
    status: u16,
    there: Option<&Package>,
    typed: Fields,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let order = match there {
            Some(package) => kernel::record::get::<SaleOrder>(db, package.sale_order.id)?,
            None => shipment::open(ctx, db)?,
        };
        let prepared = Prepared::read(db, order.id)?;
        let (inside, own): (Vec<_>, Vec<_>) =
            errors.into_iter().partition(|error| error.field.starts_with("hold."));
        let places = prepared.places().into_iter().map(|place| {
            let field = place.field();
            let wrong = inside.iter().find(|error| error.field == field);
            PlaceLine {
                typed: typed.text(&field).unwrap_or_default().to_owned(),
                wrong: wrong.map(|error| w.wrong(&error.wrong)),
                field,
                name: place.name,
                lot: place.lot.map(|(_, number)| number),
                left: place.left.max(0),
            }
        });
        let places = places.collect();
        Ok(PackagePage {
            w,
            title: w
                .t(if there.is_some() { "shipment_package.edit" } else { "shipment_package.new" })
                .into_owned(),
            order: order.id,
            reference: ltr(&order.reference()),
            action: match there {
                Some(package) => format!("/packages/{}", package.id),
                None => format!("/sales/{}/packages", order.id),
            },
            remove: there.map(|package| format!("/packages/{}/remove", package.id)),
            id: there.map_or_else(|| ctx.new_id(), |package| package.id),
            version: there.map_or(0, |package| package.version),
            places,
            form: Form::of::<Package>(w, typed, Standing::File).refused(own),
        })
    })?;
    ctx.page_with_status(status, &page.title.clone(), &page)
}

/// What was typed of the package itself: nobody moves it to another order by a form.
fn own(form: &Fields) -> Fields {
    let mut own = Fields::default();
    for (name, text) in &form.0 {
        if name == "_fields" {
            let known: Vec<&str> = text.split(',').filter(|field| TYPED.contains(field)).collect();
            own.push("_fields", known.join(","));
        } else if TYPED.contains(&name.as_str()) {
            own.push(name.clone(), text.clone());
        }
    }
    own
}

/// What was typed to be in each package.
fn inside(form: &Fields) -> Result<Vec<Typed>> {
    let (mut inside, mut wrong) = (Vec::<Typed>::new(), Vec::new());
    for (name, _) in form.0.iter().filter(|(name, _)| name.starts_with("hold.")) {
        let known = || Error::refused("error.reference");
        let (line, lot) = name["hold.".len()..].split_once('.').ok_or_else(known)?;
        let line: Id = line.parse().map_err(|_| known())?;
        let lot: Option<Id> = if lot.is_empty() { None } else { Some(lot.parse().map_err(|_| known())?) };
        match i64::parse(&Raw { fields: form, name }) {
            Ok(Some(count)) if count > 0 && !inside.iter().any(|(of, at, _)| *of == line && *at == lot) => {
                inside.push((line, lot, count));
            }
            Ok(_) => {}
            Err(refused) => wrong.push(FieldError { field: name.clone(), wrong: refused }),
        }
    }
    if wrong.is_empty() { Ok(inside) } else { Err(Error::Invalid(wrong)) }
}

/// The order, held by this transaction; the page says so if somebody from the team does it for the cooperative.
fn hold(ctx: &Ctx, tx: &mut Tx<'_>, order: &SaleOrder) -> Result<()> {
    market::hand(ctx, tx, order.organisation.id);
    sales::hold(tx, order.id).map(|_| ())
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let order = shipment::open(ctx, tx)?;
        hold(ctx, tx, &order)?;
        // The same form again: its package is there.
        let there = kernel::record::find::<Package>(tx, ctx.new_id())?;
        if there.is_some_and(|package| package.sale_order.id == order.id) {
            return Ok(order.id);
        }
        Prepared::read(tx, order.id)?;
        let mut form = own(&ctx.form);
        form.set("organisation", order.organisation.id.to_string());
        form.set("sale_order", order.id.to_string());
        form.set("number", package::next_number(tx, order.id)?.to_string());
        let package = kernel::record::create::<Package>(tx, ctx.new_id(), &form, Standing::File)?;
        package::fill(tx, &package, &inside(&ctx.form)?)?;
        Ok(order.id)
    });
    answer(ctx, made, None)
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let (package, _) = ctx.read(|db| open(ctx, db))?;
    let changed = ctx.write(|tx| {
        let (package, order) = open(ctx, tx)?;
        hold(ctx, tx, &order)?;
        let form = own(&ctx.form);
        let package =
            kernel::record::change::<Package>(tx, package.id, ctx.base_version(), &form, Standing::File)?;
        package::fill(tx, &package, &inside(&ctx.form)?)?;
        Ok(order.id)
    });
    answer(ctx, changed, Some(&package))
}

fn answer(ctx: &Ctx, done: Result<Id>, there: Option<&Package>) -> Result<Reply> {
    match done {
        Ok(order) => ctx.done(&format!("/sales/{order}/shipment#packages"), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, there, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

fn remove(ctx: &Ctx) -> Result<Reply> {
    let order = ctx.write(|tx| {
        let (package, order) = open(ctx, tx)?;
        hold(ctx, tx, &order)?;
        package::remove(tx, &package)?;
        Ok(order.id)
    })?;
    ctx.done(&format!("/sales/{order}/shipment#packages"), "removed")
}
