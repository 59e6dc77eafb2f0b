//! `/sales/{sale_order}/packages`, `/pooled-orders/{pooled_order}/packages` and `/packages/{shipment_package}`: to pack what was
//! prepared.

use askama::Template;
use kernel::kinds::{Kind, Multi, Raw};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, FieldError, Fields, Form, Id, Reply, Result, Standing, Tx, Words};
use serde::Serialize;

use crate::shipment::Package;
use crate::shipment::consignment::{Named, Origin};
use crate::shipment::package::{self, Typed};
use crate::shipment::prepared::{Prepared, field};
use crate::shipment::told::ltr;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/sales/{sale_order}/packages/new", new),
        post("/sales/{sale_order}/packages", create).takes::<Package>(),
        get("/pooled-orders/{pooled_order}/packages/new", new),
        post("/pooled-orders/{pooled_order}/packages", create).takes::<Package>(),
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
    /// The cooperative it comes from, where there are several.
    maker: Option<Multi>,
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
    /// The address of the order.
    path: String,
    reference: String,
    lead: &'static str,
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
fn open(ctx: &Ctx, db: &mut Db) -> Result<(Package, Named)> {
    let package = kernel::record::get::<Package>(db, ctx.id("shipment_package")?)?;
    let order = package.of()?.open(ctx, db)?;
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
        let (package, order) = open(ctx, db)?;
        let prepared = Prepared::read(ctx.w, db, order.origin)?;
        let mut typed = kernel::record::typed(&package);
        for content in package::contents(db, package.id)? {
            let field = field(prepared.article_of(&content), content.lot.map(|lot| lot.id));
            typed.set(&field, content.count.to_string());
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
        let origin = match there {
            Some(package) => package.of()?,
            None => Origin::of_address(ctx)?,
        };
        let order = origin.open(ctx, db)?;
        let prepared = Prepared::read(w, db, origin)?;
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
                maker: place.maker.map(|(_, name)| name),
                left: place.left.max(0),
            }
        });
        let places = places.collect();
        Ok(PackagePage {
            w,
            title: w
                .t(if there.is_some() { "shipment_package.edit" } else { "shipment_package.new" })
                .into_owned(),
            path: origin.path(),
            reference: ltr(&order.reference),
            lead: match origin {
                Origin::Sale(_) => "shipment_package.lead",
                Origin::Pooled(_) => "shipment_package.lead_pooled",
            },
            action: match there {
                Some(package) => format!("/packages/{}", package.id),
                None => format!("{}/packages", origin.path()),
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
        let (article, lot) = name["hold.".len()..].split_once('.').ok_or_else(known)?;
        let article: Id = article.parse().map_err(|_| known())?;
        let lot: Option<Id> = if lot.is_empty() { None } else { Some(lot.parse().map_err(|_| known())?) };
        match i64::parse(&Raw { fields: form, name }) {
            Ok(Some(count))
                if count > 0 && !inside.iter().any(|(of, at, _)| *of == article && *at == lot) =>
            {
                inside.push((article, lot, count));
            }
            Ok(_) => {}
            Err(refused) => wrong.push(FieldError { field: name.clone(), wrong: refused }),
        }
    }
    if wrong.is_empty() { Ok(inside) } else { Err(Error::Invalid(wrong)) }
}

/// The order, held by this transaction; the page says so if somebody from the team does it for the cooperative.
fn hold(ctx: &Ctx, tx: &mut Tx<'_>, order: &Named) -> Result<()> {
    market::hand(ctx, tx, order.holder);
    order.origin.hold(tx)
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let made = ctx.write(|tx| {
        let origin = Origin::of_address(ctx)?;
        let order = origin.open(ctx, tx)?;
        hold(ctx, tx, &order)?;
        // The same form again: its package is there.
        if let Some(there) = kernel::record::find::<Package>(tx, ctx.new_id())?
            && there.of()? == origin
        {
            return Ok(origin);
        }
        let before = Prepared::read(ctx.w, tx, origin)?;
        let mut form = own(&ctx.form);
        form.set("organisation", order.holder.to_string());
        origin.fill(&mut form);
        form.set("number", package::next_number(tx, origin)?.to_string());
        let package = kernel::record::create::<Package>(tx, ctx.new_id(), &form, Standing::File)?;
        package::fill(ctx.w, tx, &before, &package, &inside(&ctx.form)?)?;
        Ok(origin)
    });
    answer(ctx, made, None)
}

fn change(ctx: &Ctx) -> Result<Reply> {
    let (package, _) = ctx.read(|db| open(ctx, db))?;
    let changed = ctx.write(|tx| {
        let (package, order) = open(ctx, tx)?;
        hold(ctx, tx, &order)?;
        let before = Prepared::read(ctx.w, tx, order.origin)?;
        let form = own(&ctx.form);
        let package =
            kernel::record::change::<Package>(tx, package.id, ctx.base_version(), &form, Standing::File)?;
        package::fill(ctx.w, tx, &before, &package, &inside(&ctx.form)?)?;
        Ok(order.origin)
    });
    answer(ctx, changed, Some(&package))
}

fn answer(ctx: &Ctx, done: Result<Origin>, there: Option<&Package>) -> Result<Reply> {
    match done {
        Ok(origin) => ctx.done(&format!("{}/shipment#packages", origin.path()), "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => page(ctx, 422, there, ctx.form.clone(), errors),
        Err(error) => Err(error),
    }
}

fn remove(ctx: &Ctx) -> Result<Reply> {
    let origin = ctx.write(|tx| {
        let (package, order) = open(ctx, tx)?;
        hold(ctx, tx, &order)?;
        package::remove(tx, &package)?;
        Ok(order.origin)
    })?;
    ctx.done(&format!("{}/shipment#packages", origin.path()), "removed")
}
