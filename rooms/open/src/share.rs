//! `/programmes/{programme}/figure-links`: links by which a spreadsheet or a dashboard refreshes figures, each with its
//! end; and the table that such a link gives.

use askama::Template;
use impact::Cut;
use impact::outside::Outside;
use jiff::civil::Date;
use kernel::room::{Route, get, post};
use kernel::table::{self, Format};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use programmes::Programme;
use schemars::JsonSchema;
use serde::Serialize;

use crate::figures;
use crate::link::{self, FigureLink};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/programmes/{programme}/figure-links", list).query(&["link"]).answers::<LinksPage>(),
        post("/programmes/{programme}/figure-links", create),
        post("/figure-links/{figure_link}/withdraw", withdraw),
        get("/shared-figures/{secret}", figures_of).open(),
    ]
}

#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    indicator: String,
    cut: Option<String>,
    maker: String,
    until: String,
    /// `open`, `over` or `withdrawn`.
    state: &'static str,
}

impl Line {
    fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// The links of a programme's figures.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "open_links.html")]
struct LinksPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    programme: Id,
    name: String,
    /// The link that was just made: it is shown once.
    made: Option<String>,
    links: Vec<Line>,
    #[serde(skip)]
    indicators: Vec<(&'static str, String)>,
    #[serde(skip)]
    cuts: Vec<(&'static str, String)>,
    #[serde(skip)]
    id: Id,
    #[serde(skip)]
    secret: String,
    #[serde(skip)]
    until: String,
}

fn named(w: Words, indicator: &str) -> String {
    impact::shipped(indicator)
        .map_or_else(|_| indicator.to_owned(), |found| found.name.best(w.lang).to_owned())
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let id = ctx.id("programme")?;
        let standing = ctx.standing(db, id, Standing::Shared)?;
        let programme = kernel::record::get::<Programme>(db, id)?;
        let mine = ctx.viewer.account;
        let made = match ctx.query.text("link") {
            Some(secret) if link::is_of(db, id, mine, secret)? => {
                Some(ctx.link(&format!("/shared-figures/{secret}")))
            }
            _ => None,
        };
        let found = link::of(db, id, mine.filter(|_| standing < Standing::Steward))?;
        let makers: Vec<Id> = found.iter().map(|link| link.account.id).collect();
        let names = people::account_names(db, &makers)?;
        let line = |link: FigureLink| Line {
            id: link.id,
            indicator: named(w, &link.indicator),
            cut: link.cut.map(|cut| w.t2("impact.cut", &cut)),
            maker: names.get(&link.account.id).cloned().unwrap_or_default(),
            until: w.date(&link.until),
            state: match link.withdrawn_on {
                Some(_) => "withdrawn",
                None if link.until < kernel::today() => "over",
                None => "open",
            },
        };
        let links = found.into_iter().map(line).collect();
        let mut indicators: Vec<(&'static str, String)> = impact::all()?
            .iter()
            .map(|each| (each.code.as_str(), each.name.best(w.lang).to_owned()))
            .collect();
        indicators.sort_by(|a, b| a.1.cmp(&b.1));
        let offered = |cut: &Cut| !matches!(cut, Cut::Cooperative | Cut::Programme);
        let cuts = Cut::ALL.iter().filter(|cut| offered(cut));
        Ok(LinksPage {
            w,
            programme: id,
            name: programme.name.best(w.lang).to_owned(),
            made,
            links,
            indicators,
            cuts: cuts.map(|cut| (cut.code(), w.t2("impact.cut", cut.code()))).collect(),
            id: Id::new(),
            secret: people::fresh_secret()?,
            until: kernel::today().saturating_add(jiff::ToSpan::months(12)).to_string(),
        })
    })?;
    ctx.page(&w.t("figure_link.list"), &page)
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.id("programme")?;
    let secret = ctx.form.text("secret").unwrap_or_default().to_owned();
    ctx.write(|tx| {
        ctx.standing(tx, programme, Standing::Shared)?;
        let until: Date = ctx.form.parse("until").ok_or_else(|| Error::refused("report_link.until.range"))?;
        let made = FigureLink {
            id: ctx.new_id(),
            version: 1,
            programme: programme.into(),
            indicator: ctx.form.text("indicator").unwrap_or_default().to_owned(),
            cut: ctx.form.text("cut").map(str::to_owned),
            account: ctx.viewer.account.ok_or(Error::SignIn)?.into(),
            until,
            withdrawn_on: None,
        };
        link::make(tx, &made, &secret)
    })?;
    ctx.done(&format!("/programmes/{programme}/figure-links?link={secret}"), "figure_shared")
}

/// Ends a link: whoever made it may, and the stewards of the programme.
fn withdraw(ctx: &Ctx) -> Result<Reply> {
    let programme = ctx.write(|tx| {
        let there = kernel::record::get::<FigureLink>(tx, ctx.id("figure_link")?)?;
        let mine = ctx.viewer.account == Some(there.account.id);
        ctx.standing(tx, there.programme.id, if mine { Standing::Shared } else { Standing::Steward })?;
        let programme = there.programme.id;
        if there.withdrawn_on.is_none() {
            kernel::record::update(tx, &FigureLink { withdrawn_on: Some(kernel::today()), ..there })?;
        }
        Ok(programme)
    })?;
    ctx.done(&format!("/programmes/{programme}/figure-links"), "figure_link_withdrawn")
}

/// The table behind a link, counted anew each time it is fetched.
fn figures_of(ctx: &Ctx) -> Result<Reply> {
    /// A spreadsheet refreshes once in a while; more than that is somebody who guesses.
    const MOST: u32 = 60;
    ctx.attempt("shared figures", MOST)?;
    let w = ctx.w;
    let (found, programme, indicator, outside) = ctx.read(|db| {
        let opened = link::opened(db, ctx.param("secret")?)?;
        let outside = Outside::of(w, &opened.programme);
        let cuts: Vec<Cut> = opened.cut.into_iter().collect();
        let found = figures::of(ctx, db, &outside, &opened.indicator, &cuts)?;
        Ok((found, opened.programme.name.best(w.lang).to_owned(), opened.indicator, outside))
    })?;
    let file = indicator.code.clone();
    Ok(table::export(Format::Csv, &file, w.lang, figures::header(w), move |_, write| {
        for figure in &found {
            figures::row(w, &programme, &outside, &indicator, figure, |cells| write(cells))?;
        }
        Ok(())
    }))
}
