//! Photos of a product: kept at the size of a page and without what the telephone wrote into them.

use std::path::PathBuf;

use kernel::kinds::{File, Multi, Ref};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Id, Record, Reply, Result, Standing, Upload, record, sql};
use registry::Organisation;

use crate::pieces::hand;
use crate::product::{self, Product};

record! {
    /// A photo of a product.
    pub Photo in "product_photo" as "market.product_photo", about organisation {
        main(Public, File) { organisation: Ref<Organisation>, product: Ref<Product>, file: File, caption: Option<Multi> }
    }
}

/// Photos that a product may have.
const MOST: usize = 12;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        post("/products/{product}/photos", create).upload(),
        get("/product-photos/{product_photo}", show).open(),
        get("/product-photos/{product_photo}/small", show_small).open(),
        post("/product-photos/{product_photo}/remove", remove),
    ]
}

/// Photos of a product, in the order they came. The caller checked the standing.
pub(crate) fn of(db: &mut Db, product: Id) -> Result<Vec<Photo>> {
    let query = format!("select {} from product_photo where product = ? order by id", Photo::columns(""));
    db.rows(&sql(&query).bind(product).open("the caller checked the standing"), Photo::from_row)
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.id("product")?;
    let came = ctx.uploads.iter().find(|upload| upload.field == "photo");
    // To draw it again takes a while: before the write begins, and only for whoever may write.
    ctx.read(|db| editable(ctx, db, id))?;
    let came = came.ok_or_else(|| Error::field("photo", "error.needed"))?;
    let bytes = kernel::picture::small(&came.bytes, "photo")?;
    ctx.write(|tx| {
        let product = editable(ctx, tx, id)?;
        hand(ctx, tx, product.organisation.id);
        let made = ctx.new_id();
        if kernel::record::find::<Photo>(tx, made)?.is_some_and(|there| there.product.id == id) {
            return Ok(());
        }
        if of(tx, id)?.len() >= MOST {
            return Err(Error::refused("product_photo.most"));
        }
        let upload = Upload { field: "photo".into(), name: "photo.jpg".into(), bytes };
        let file = kernel::files::keep_as(&ctx.app, tx, &upload, product.organisation.id, "image/jpeg")?;
        let mut form = ctx.form.clone();
        form.set("organisation", product.organisation.id.to_string());
        form.set("product", id.to_string());
        form.set("file", file.to_string());
        kernel::record::create::<Photo>(tx, made, &form, Standing::File).map(|_| ())
    })?;
    ctx.done(&format!("/products/{id}#photos"), "saved")
}

fn editable(ctx: &Ctx, db: &mut Db, id: Id) -> Result<Product> {
    let product = kernel::record::get::<Product>(db, id)?;
    ctx.standing(db, product.organisation.id, Standing::File)?;
    Ok(product)
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let (path, media, tag) = stored(ctx)?;
    Ok(Reply::Stored { path, media, tag, keep: KEEP })
}

/// Whoever withdraws a photo sees it gone within the hour.
const KEEP: &str = "private, max-age=3600";

fn stored(ctx: &Ctx) -> Result<(PathBuf, String, String)> {
    ctx.read(|db| {
        let photo = kernel::record::get::<Photo>(db, ctx.id("product_photo")?)?;
        product::open(ctx, db, photo.product.id)?;
        let file = photo.file.0.parse().map_err(Error::internal)?;
        kernel::files::stored(&ctx.app, db, file)
    })
}

/// The photo as lists of many show it: drawn when it is asked for first, and kept for a day.
fn show_small(ctx: &Ctx) -> Result<Reply> {
    let (path, media, tag) = stored(ctx)?;
    let small = Id::named(&format!("small {tag}"));
    if kernel::made::stored(&ctx.app, small).is_none() {
        kernel::made::keep(&ctx.app, small, &kernel::picture::smaller(&std::fs::read(path)?)?)?;
    }
    let path = kernel::made::stored(&ctx.app, small).ok_or(Error::NotFound)?;
    Ok(Reply::Stored { path, media, tag: format!("{tag}-small"), keep: KEEP })
}

fn remove(ctx: &Ctx) -> Result<Reply> {
    let product = ctx.write(|tx| {
        let photo = kernel::record::get::<Photo>(tx, ctx.id("product_photo")?)?;
        let product = editable(ctx, tx, photo.product.id)?;
        hand(ctx, tx, product.organisation.id);
        kernel::record::remove(tx, &photo)?;
        Ok(product.id)
    })?;
    ctx.done(&format!("/products/{product}#photos"), "removed")
}
