//! The frame around every page.

use askama::Template;

use crate::html::Html;
use crate::room::Need;
use crate::{App, Ctx, Error, Lang, Nav, Result, Viewer, Words, assets};

struct Link {
    path: &'static str,
    word: String,
    current: bool,
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
