//! `/reports/{report}/links`: the links by which a frozen report is shared, each with its end.

use askama::Template;
use jiff::civil::Date;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::link;
use super::record::{self, ReportLink};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/reports/{report}/links", list).query(&["link"]).answers::<LinksPage>(),
        post("/reports/{report}/links", create),
        post("/report-links/{report_link}/withdraw", withdraw),
    ]
}

#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    until: String,
    /// `open`, `over` or `withdrawn`.
    state: &'static str,
}

/// The links of a report.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "report_links.html")]
struct LinksPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    report: Id,
    title: String,
    /// The link that was just made: it is shown once.
    made: Option<String>,
    links: Vec<Line>,
    #[serde(skip)]
    id: Id,
    #[serde(skip)]
    secret: String,
    #[serde(skip)]
    until: String,
}

impl Line {
    fn is_open(&self) -> bool {
        self.state == "open"
    }
}

fn list(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (report, _) = record::open(ctx, db, Standing::Steward)?;
        if !report.is_frozen() {
            return Err(Error::refused("report.not_frozen"));
        }
        let made = match ctx.query.text("link") {
            Some(secret) if link::is_of(db, report.id, secret)? => {
                Some(ctx.link(&format!("/shared/{secret}")))
            }
            _ => None,
        };
        let line = |link: ReportLink| Line {
            id: link.id,
            until: w.date(&link.until),
            state: match link.withdrawn_on {
                Some(_) => "withdrawn",
                None if link.until < kernel::today() => "over",
                None => "open",
            },
        };
        Ok(LinksPage {
            w,
            report: report.id,
            title: report.title,
            made,
            links: link::of(db, report.id)?.into_iter().map(line).collect(),
            id: Id::new(),
            secret: people::fresh_secret()?,
            until: kernel::today().saturating_add(jiff::ToSpan::months(3)).to_string(),
        })
    })?;
    ctx.page(&w.t("report.links"), &page)
}

fn create(ctx: &Ctx) -> Result<Reply> {
    let secret = ctx.form.text("secret").unwrap_or_default().to_owned();
    let report = ctx.write(|tx| {
        let (report, _) = record::open(ctx, tx, Standing::Steward)?;
        let until: Date = ctx.form.parse("until").ok_or_else(|| Error::refused("report_link.until.range"))?;
        link::make(tx, &report, ctx.new_id(), &secret, until)?;
        Ok(report.id)
    })?;
    ctx.done(&format!("/reports/{report}/links?link={secret}"), "report_shared")
}

fn withdraw(ctx: &Ctx) -> Result<Reply> {
    let report = ctx.write(|tx| {
        let there = kernel::record::get::<ReportLink>(tx, ctx.id("report_link")?)?;
        ctx.standing(tx, there.programme.id, Standing::Steward)?;
        let report = there.report.id;
        if there.withdrawn_on.is_none() {
            kernel::record::update(tx, &ReportLink { withdrawn_on: Some(kernel::today()), ..there })?;
        }
        Ok(report)
    })?;
    ctx.done(&format!("/reports/{report}/links"), "report_link_withdrawn")
}
