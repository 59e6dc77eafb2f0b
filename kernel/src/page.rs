//! The frame around every page.

use askama::Template;

use crate::html::Html;
use crate::room::Need;
use crate::{App, Ctx, Error, Json, Lang, Nav, Result, Viewer, Words, assets};

struct Link {
    path: &'static str,
    word: String,
    current: bool,
}

/// What a page for everybody tells machines that do not read it: search engines, previews in messages, programs.
#[derive(Default)]
pub struct Head {
    /// One or two sentences about the page, in the language of the reader.
    pub description: String,
    /// Path and query of the page without its language: each language has an address of its own there. Without one, the
    /// page is not to be listed by search engines.
    pub address: Option<String>,
    /// Path of the picture that previews show.
    pub picture: Option<String>,
    /// What it is in the words of Open Graph: `website`, `product`.
    pub kind: &'static str,
    /// What it says in the words of schema.org, as JSON-LD.
    pub data: Vec<Json>,
}

/// The languages that are complete, each with an address of its own.
pub const COMPLETE: [Lang; 3] = [Lang::Fr, Lang::Ar, Lang::En];

/// The address of a page in a language.
pub fn in_language(address: &str, lang: Lang) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}lang={}", lang.code())
}

#[derive(Template)]
#[template(path = "head.html")]
struct HeadPart<'a> {
    w: Words,
    title: &'a str,
    head: &'a Head,
    canonical: Option<String>,
    alternates: Vec<(&'static str, String)>,
    picture: Option<String>,
    data: Vec<Html>,
}

impl Head {
    fn shown(&self, ctx: &Ctx, title: &str) -> Result<Html> {
        // What is shown in another language for want of words belongs to that of French.
        let lang = if COMPLETE.contains(&ctx.w.lang) { ctx.w.lang } else { Lang::Fr };
        let address = self.address.as_deref();
        let alternates = address.into_iter().flat_map(|address| {
            let each = COMPLETE.map(|lang| (lang.code(), ctx.link(&in_language(address, lang))));
            each.into_iter().chain([("x-default", ctx.link(address))])
        });
        // Nothing in it may look like the end of the element.
        let data = |data: &Json| Html(data.to_string().replace('<', "\\u003c"));
        HeadPart {
            w: ctx.w,
            title,
            head: self,
            canonical: address.map(|address| ctx.link(&in_language(address, lang))),
            alternates: alternates.collect(),
            picture: self.picture.as_deref().map(|path| ctx.link(path)),
            data: self.data.iter().map(data).collect(),
        }
        .render()
        .map(Html)
        .map_err(Error::internal)
    }
}

struct Switch {
    href: String,
    code: &'static str,
    dir: &'static str,
    name: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    w: Words,
    title: &'a str,
    body: Html,
    links: Vec<Link>,
    menu: Vec<Link>,
    switches: Vec<Switch>,
    query: &'a str,
    signed_in: bool,
    name: &'a str,
    initials: String,
    done: Option<String>,
    demonstration: bool,
    credit: String,
    path: &'a str,
    /// True if something on the page is listened to or recorded.
    sounds: bool,
    /// What machines are told.
    head: Html,
}

impl Layout<'_> {
    fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }
}

/// Links from this position on stand in the menu of the person, not in the bar.
const OWN_MENU: u8 = 80;

impl App {
    /// Where somebody begins who asked for no page: the first of their menu. What is made for a role waits for those who
    /// hold it, not for administrators, who may open everything.
    pub fn beginning(&self, viewer: &Viewer) -> &'static str {
        let meant = |need: Need| match need {
            Need::Anybody => false,
            Need::SignedIn => viewer.signed_in(),
            Need::Role(_) | Need::Held(_) => need.met_by(viewer) && !viewer.is_administrator(),
        };
        let menu = self.rooms.iter().flat_map(|room| &room.nav).filter(|nav| meant(nav.need));
        menu.min_by_key(|nav| nav.order).map_or("/", |nav| nav.path)
    }
}

/// A whole HTML document around this body.
pub fn layout(ctx: &Ctx, title: &str, body: &str) -> Result<String> {
    layout_with(ctx, title, None, body)
}

/// The same with what machines are told.
pub fn layout_with(ctx: &Ctx, title: &str, head: Option<&Head>, body: &str) -> Result<String> {
    let w = ctx.w;
    let mut nav: Vec<_> =
        ctx.app.rooms.iter().flat_map(|room| &room.nav).filter(|nav| nav.need.met_by(&ctx.viewer)).collect();
    nav.sort_by_key(|nav| nav.order);
    let longest = nav.iter().filter(|nav| within(&ctx.path, nav.path)).map(|nav| nav.path.len()).max();
    let (links, menu): (Vec<_>, Vec<_>) =
        nav.iter().partition(|nav| nav.order < OWN_MENU || !ctx.viewer.signed_in());
    let told = |nav: Vec<&&Nav>| -> Vec<Link> {
        nav.into_iter()
            .map(|nav| Link {
                path: nav.path,
                word: w.t(nav.word).into_owned(),
                current: within(&ctx.path, nav.path) && longest == Some(nav.path.len()),
            })
            .collect()
    };
    let switches = Lang::ALL
        .into_iter()
        .map(|lang| Switch {
            href: ctx.query.query_with(&[("lang", lang.code()), ("done", "")]),
            code: lang.code(),
            dir: lang.dir(),
            name: lang.own_name(),
            current: lang == w.lang,
        })
        .collect();
    let done = ctx
        .query
        .text("done")
        .map(|key| format!("done.{key}"))
        .filter(|key| w.knows(key))
        .map(|key| w.t(&key).into_owned());
    Layout {
        w,
        title,
        body: Html(body.to_owned()),
        links: told(links),
        menu: told(menu),
        switches,
        query: if ctx.path == "/organisations" || ctx.path == "/directory" {
            ctx.query.text("q").unwrap_or_default()
        } else {
            ""
        },
        signed_in: ctx.viewer.signed_in(),
        name: &ctx.viewer.name,
        initials: initials(&ctx.viewer.name),
        done,
        demonstration: ctx.app.demonstration,
        credit: crate::territory::credit(w.lang),
        path: &ctx.path,
        sounds: body.contains("data-sound"),
        head: head.map(|head| head.shown(ctx, title)).transpose()?.unwrap_or_default(),
    }
    .render()
    .map_err(Error::internal)
}

fn within(path: &str, root: &str) -> bool {
    path == root || (root != "/" && path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')))
}

/// The first letters of the first two words of a name.
fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// What went wrong, as a page.
#[derive(Template, serde::Serialize)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    #[serde(skip)]
    pub(crate) w: Words,
    pub(crate) status: u16,
    pub(crate) title: String,
    pub(crate) sentence: String,
    pub(crate) details: Vec<String>,
    pub(crate) request: String,
    pub(crate) sign_in: bool,
    pub(crate) back: String,
}
