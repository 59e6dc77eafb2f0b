//! Records that hang on another: the documents of an organisation, the phases of a programme. A kind says what its
//! form offers; adding, changing and removing are the same for all.

use askama::Template;
use serde::Serialize;

use crate::access::Standing;
use crate::facts::Tx;
use crate::form::Options;
use crate::html::Html;
use crate::kinds::Input;
use crate::record::{self, Record};
use crate::room::{Route, get, post};
use crate::store::Db;
use crate::{Ctx, Error, FieldError, Fields, Form, Id, Reply, Result, Upload, Words};

/// A kind of record that hangs on another.
pub trait Piece: Record {
    /// Last part of its addresses, such as `documents`.
    const PLURAL: &'static str;
    /// The field that names what it hangs on.
    const OWNER: &'static str;
    /// Fields that are not typed: the address or [`Piece::prepare`] fills them.
    const GIVEN: &'static [&'static str] = &[];
    /// Groups of its form.
    const GROUPS: &'static [&'static str] = &["main"];
    /// Texts in several languages that take more than a line.
    const LONG: &'static [&'static str] = &[];
    /// Documents that are photos: drawn again, so that no place and hour of a telephone leaves the house.
    const PHOTOS: &'static [&'static str] = &[];
    /// How near one must stand to write it.
    const LEAST: Standing = Standing::File;

    /// What it hangs on, read from the record.
    fn owner(&self) -> Id;

    /// The record whose rights cover everything on this owner: the owner itself, mostly.
    fn rights(_db: &mut Db, owner: Id) -> Result<Id> {
        Ok(owner)
    }

    /// Name of the owner, for the way back.
    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String>;

    /// Page to return to.
    fn home(owner: Id) -> String;

    /// Page to return to, where it depends on what the owner is.
    fn way_back(_db: &mut Db, owner: Id) -> Result<String> {
        Ok(Self::home(owner))
    }

    /// What its form offers for references.
    fn offers(_ctx: &Ctx, _db: &mut Db, _owner: Id) -> Result<Vec<(&'static str, Options)>> {
        Ok(Vec::new())
    }

    /// What the form of a new one asks beside its own fields.
    fn beside(_ctx: &Ctx, _typed: &Fields, _errors: &[FieldError]) -> Option<Html> {
        None
    }

    /// Needed fields that may stay empty because of what stands beside.
    const EITHER: &'static [&'static str] = &[];

    /// Says for whom the writer does it, if it is another: facts and pages tell both.
    fn hand(_ctx: &Ctx, _tx: &mut Tx<'_>, _rights: Id) -> Result<()> {
        Ok(())
    }

    /// Completes what was typed, before a new one is read from it.
    fn prepare(_ctx: &Ctx, _tx: &mut Tx<'_>, _owner: Id, _form: &mut Fields) -> Result<()> {
        Ok(())
    }

    /// A last look after it was saved; a refusal takes everything back.
    fn check(&self, _ctx: &Ctx, _tx: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    /// Refuses that it be removed, with a sentence.
    fn removable(&self) -> Result<()> {
        Ok(())
    }

    /// What else follows when it is removed, or a refusal because of what hangs on it.
    fn before_removal(&self, _tx: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    /// What follows once it is gone.
    fn after_removal(&self, _tx: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
}

fn leak(path: String) -> &'static str {
    String::leak(path)
}

/// Where a piece is added to its owner. Only a kind that hangs on two kinds of owners says this by itself, for the second one.
pub fn added_to<P: Piece>(base: &str) -> Vec<Route> {
    let plural = P::PLURAL;
    vec![
        get(leak(format!("{base}/{plural}/new")), new::<P>),
        post(leak(format!("{base}/{plural}")), create::<P>).upload().takes::<P>(),
    ]
}

/// The addresses of a kind of piece below its owner's, such as `/organisations/{organisation}`.
pub fn routes<P: Piece>(base: &str) -> Vec<Route> {
    let plural = P::PLURAL;
    let mut routes = added_to::<P>(base);
    routes.extend([
        get(leak(format!("/{plural}/{{{}}}/edit", P::TABLE)), edit::<P>),
        post(leak(format!("/{plural}/{{{}}}", P::TABLE)), change::<P>).upload().takes::<P>(),
        post(leak(format!("/{plural}/{{{}}}/remove", P::TABLE)), remove::<P>),
    ]);
    routes
}

/// The form of a piece.
#[derive(Template, Serialize)]
#[template(path = "piece.html")]
struct PiecePage {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Form,
    #[serde(skip)]
    beside: Option<Html>,
    groups: &'static [&'static str],
    title: String,
    action: String,
    remove: Option<String>,
    id: Id,
    version: i64,
    home: String,
    owner: String,
}

fn form_page<P: Piece>(
    ctx: &Ctx,
    status: u16,
    owner: Id,
    existing: Option<&P>,
    typed: Fields,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let page = ctx.read(|db| {
        let rights = P::rights(db, owner)?;
        let standing = ctx.standing(db, rights, P::LEAST)?;
        let beside = if existing.is_none() { P::beside(ctx, &typed, &errors) } else { None };
        let mut form = Form::of::<P>(ctx.w, typed, standing).refused(errors).long(P::LONG).without(P::OWNER);
        for field in P::GIVEN {
            form = form.without(field);
        }
        for (field, options) in P::offers(ctx, db, owner)? {
            form = form.offer(field, options);
        }
        if existing.is_none() {
            form = P::EITHER.iter().fold(form, |form, field| form.optional(field));
        }
        let (plural, verb) = (P::PLURAL, if existing.is_some() { "edit" } else { "new" });
        Ok(PiecePage {
            w: ctx.w,
            form,
            beside,
            groups: P::GROUPS,
            title: ctx.w.t(&format!("{}.{verb}", P::TABLE)).into_owned(),
            id: existing.map_or_else(|| ctx.new_id(), Record::id),
            version: existing.map_or(0, Record::version),
            action: match existing {
                Some(piece) => format!("/{plural}/{}", piece.id()),
                None => ctx.path.trim_end_matches("/new").to_owned(),
            },
            remove: existing
                .filter(|piece| piece.removable().is_ok())
                .map(|piece| format!("/{plural}/{}/remove", piece.id())),
            home: P::way_back(db, owner)?,
            owner: P::owner_name(ctx, db, owner)?,
        })
    })?;
    ctx.page_with_status(status, &page.title.clone(), &page)
}

/// The id of the owner: the last parameter of the address.
fn owner_of(ctx: &Ctx) -> Result<Id> {
    ctx.params.last().and_then(|(_, text)| text.parse().ok()).ok_or(Error::NotFound)
}

fn new<P: Piece>(ctx: &Ctx) -> Result<Reply> {
    form_page::<P>(ctx, 200, owner_of(ctx)?, None, ctx.query.clone(), Vec::new())
}

/// The documents that came with the form, photos drawn again. That takes a while: before the write begins, and only for
/// whoever may write on this owner.
fn documents<P: Piece>(ctx: &Ctx, owner: Id) -> Result<Vec<Upload>> {
    let came: Vec<&Upload> = ctx.uploads.iter().filter(|upload| !upload.bytes.is_empty()).collect();
    if came.iter().any(|upload| P::PHOTOS.contains(&upload.field.as_str())) {
        ctx.read(|db| {
            let rights = P::rights(db, owner)?;
            ctx.standing(db, rights, P::LEAST)
        })?;
    }
    let drawn = came.into_iter().map(|upload| {
        if !P::PHOTOS.contains(&upload.field.as_str()) {
            return Ok(upload.clone());
        }
        let bytes = crate::picture::small(&upload.bytes, &upload.field)?;
        Ok(Upload { bytes, name: "photo.jpg".into(), ..upload.clone() })
    });
    drawn.collect()
}

/// Stores documents that came with the form and names them in it; without one, what is there stays.
fn store_documents<P: Piece>(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    rights: Id,
    came: &[Upload],
    form: &mut Fields,
) -> Result<()> {
    for field in P::fields().iter().filter(|field| matches!(field.ops.input, Input::File)) {
        match came.iter().find(|upload| upload.field == field.name) {
            Some(upload) => {
                form.set(field.name, crate::files::keep(&ctx.app, tx, upload, rights)?.to_string());
            }
            None => match form.parse::<Id>(field.name) {
                // A document is named only where it was stored for the same file.
                Some(file) if crate::files::owner(tx, file)? == Some(rights) => {}
                Some(_) => return Err(Error::field(field.name, "error.file")),
                None => forget(form, field.name),
            },
        }
    }
    Ok(())
}

/// Makes the form silent about a field.
fn forget(form: &mut Fields, field: &str) {
    form.0.retain(|(name, _)| name != field);
    for (_, listed) in form.0.iter_mut().filter(|(name, _)| name == "_fields") {
        *listed = listed.split(',').filter(|name| *name != field).collect::<Vec<_>>().join(",");
    }
}

fn create<P: Piece>(ctx: &Ctx) -> Result<Reply> {
    let owner = owner_of(ctx)?;
    let write = |came: Vec<Upload>| {
        ctx.write(|tx| {
            let rights = P::rights(tx, owner)?;
            let standing = ctx.standing(tx, rights, P::LEAST)?;
            P::hand(ctx, tx, rights)?;
            let mut form = ctx.form.clone();
            form.set(P::OWNER, owner.to_string());
            store_documents::<P>(ctx, tx, rights, &came, &mut form)?;
            P::prepare(ctx, tx, owner, &mut form)?;
            let made = record::create::<P>(tx, ctx.new_id(), &form, standing)?;
            made.check(ctx, tx)?;
            P::way_back(tx, owner)
        })
    };
    match documents::<P>(ctx, owner).and_then(write) {
        Ok(home) => ctx.done(&home, "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            form_page::<P>(ctx, 422, owner, None, ctx.form.clone(), errors)
        }
        Err(error) => Err(error),
    }
}

fn open<P: Piece>(ctx: &Ctx, db: &mut Db) -> Result<(P, Standing)> {
    let piece = record::get::<P>(db, owner_of(ctx)?)?;
    let rights = P::rights(db, piece.owner())?;
    let standing = ctx.standing(db, rights, P::LEAST)?;
    Ok((piece, standing))
}

fn edit<P: Piece>(ctx: &Ctx) -> Result<Reply> {
    let (piece, _) = ctx.read(|db| open::<P>(ctx, db))?;
    form_page(ctx, 200, piece.owner(), Some(&piece), record::typed(&piece), Vec::new())
}

fn change<P: Piece>(ctx: &Ctx) -> Result<Reply> {
    let (piece, _) = ctx.read(|db| open::<P>(ctx, db))?;
    let write = |came: Vec<Upload>| {
        ctx.write(|tx| {
            let (piece, standing) = open::<P>(ctx, tx)?;
            let rights = P::rights(tx, piece.owner())?;
            P::hand(ctx, tx, rights)?;
            let mut form = ctx.form.clone();
            forget(&mut form, P::OWNER);
            P::GIVEN.iter().for_each(|field| forget(&mut form, field));
            store_documents::<P>(ctx, tx, rights, &came, &mut form)?;
            let after = record::change::<P>(tx, piece.id(), ctx.base_version(), &form, standing)?;
            after.check(ctx, tx)?;
            P::way_back(tx, piece.owner())
        })
    };
    match documents::<P>(ctx, piece.owner()).and_then(write) {
        Ok(home) => ctx.done(&home, "saved"),
        Err(Error::Invalid(errors)) if !ctx.json => {
            form_page(ctx, 422, piece.owner(), Some(&piece), ctx.form.clone(), errors)
        }
        Err(error) => Err(error),
    }
}

fn remove<P: Piece>(ctx: &Ctx) -> Result<Reply> {
    let home = ctx.write(|tx| {
        let (piece, _) = open::<P>(ctx, tx)?;
        let rights = P::rights(tx, piece.owner())?;
        P::hand(ctx, tx, rights)?;
        piece.removable()?;
        piece.before_removal(tx)?;
        record::remove(tx, &piece)?;
        piece.after_removal(tx)?;
        P::way_back(tx, piece.owner())
    })?;
    ctx.done(&home, "removed")
}
