//! `/reports/{report}`: a report as it will be read, with its sections to change while it is a draft; and its freezing.

use askama::Template;
use kernel::kinds::Choice;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::compose::{self, Body};
use super::record::{self, SectionKind};
use super::{keep, link, pages};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/reports/{report}", show).answers::<ReportPage>(),
        post("/reports/{report}/freeze", freeze),
        get("/shared/{secret}", shared).open().answers::<SharedPage>(),
    ]
}

/// A report, and what the viewer may do with it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "report_page.html")]
struct ReportPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    version: i64,
    programme: Id,
    name: String,
    frozen: bool,
    report: Body,
    #[serde(skip)]
    body: Html,
    #[serde(skip)]
    stewards: bool,
    #[serde(skip)]
    new_section: Id,
    #[serde(skip)]
    kinds: Vec<(&'static str, String)>,
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (report, standing) = record::open(ctx, db, Standing::Shared)?;
        let stewards = standing >= Standing::Steward;
        let mut body = compose::body(ctx.w, db, &report)?;
        let place = report.territory.as_ref().map(|code| format!("&territory={code}")).unwrap_or_default();
        body.opens = Some(format!(
            "programme={}{place}&since={}&until={}",
            report.programme.id, report.since, report.until
        ));
        body.edits = (stewards && !report.is_frozen()).then_some(w);
        let kinds = SectionKind::CODES.iter().map(|code| (*code, w.t2("report_section.kind", code)));
        Ok(ReportPage {
            w,
            id: report.id,
            version: report.version,
            programme: report.programme.id,
            name: pages::programme_name(db, w, report.programme.id)?,
            frozen: report.is_frozen(),
            body: Html(body.render().map_err(Error::internal)?),
            report: body,
            stewards,
            new_section: Id::new(),
            kinds: kinds.collect(),
        })
    })?;
    ctx.page(&page.report.title.clone(), &page)
}

fn freeze(ctx: &Ctx) -> Result<Reply> {
    let report = ctx.write(|tx| {
        let (report, _) = record::open(ctx, tx, Standing::Steward)?;
        keep::freeze(tx, ctx.w, report.id, ctx.base_version(), ctx.viewer.account)?;
        Ok(report.id)
    })?;
    ctx.done(&format!("/reports/{report}"), "report_frozen")
}

/// A report for whoever has its link.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "report_shared.html")]
struct SharedPage {
    report: Body,
    #[serde(skip)]
    body: Html,
}

fn shared(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("shared report", 60)?;
    let page = ctx.read(|db| {
        let secret = ctx.param("secret")?;
        let report = link::opened(db, secret)?;
        let mut body = compose::body(ctx.w, db, &report)?;
        body.photos = format!("/shared/{secret}");
        Ok(SharedPage { body: Html(body.render().map_err(Error::internal)?), report: body })
    })?;
    ctx.page(&page.report.title.clone(), &page)
}
