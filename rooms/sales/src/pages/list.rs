//! `/sales`: the orders of the cooperatives on whose files the viewer works.

use askama::Template;
use kernel::kinds::Choice as _;
use kernel::room::{Route, get};
use kernel::{Ctx, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::order::{self, Listed, PAGE, SaleStatus};

pub(super) fn routes() -> Vec<Route> {
    let roles = &["manager", "coach", "representative"];
    vec![get("/sales", show).role(roles).query(&["status", "before"]).answers::<ListPage>()]
}

/// Orders, and how many there are in each state.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sales_list.html")]
struct ListPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    status: Option<SaleStatus>,
    counts: Vec<(&'static str, i64)>,
    all: i64,
    orders: Vec<Listed>,
    /// Where those before the last one are read.
    more: Option<Id>,
}

impl ListPage {
    fn tone(&self, line: &Listed) -> &'static str {
        order::tone(line.status)
    }
    fn number(&self, line: &Listed) -> String {
        format!("{:04}", line.number)
    }
    fn chosen(&self, code: &str) -> bool {
        self.status.is_some_and(|status| status.code() == code)
    }
    fn further(&self, id: &Id) -> String {
        let status = self.status.map(|status| format!("status={}&", status.code())).unwrap_or_default();
        format!("/sales?{status}before={id}")
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let status = ctx.query.text("status").and_then(SaleStatus::from_code);
    let page = ctx.read(|db| {
        let found = order::counts(db, &ctx.viewer)?;
        let of = |code: &str| found.iter().find(|(status, _)| status.code() == code).map_or(0, |(_, n)| *n);
        let counts: Vec<_> = SaleStatus::CODES.iter().map(|code| (*code, of(code))).collect();
        let mut orders = order::list(db, &ctx.viewer, status, ctx.query.parse("before"))?;
        let goes_on = orders.len() > PAGE as usize;
        orders.truncate(PAGE as usize);
        let more = orders.last().map(|line| line.id).filter(|_| goes_on);
        let all = counts.iter().map(|(_, n)| n).sum();
        Ok(ListPage { w: ctx.w, status, counts, all, orders, more })
    })?;
    ctx.page(&ctx.w.t("nav.sales"), &page)
}
