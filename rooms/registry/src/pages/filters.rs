//! The filters above every list of organisations.

use askama::Template;
use kernel::kinds::Choice;
use kernel::{Error, Fields, Html, Id, Result, Words};

use crate::Activity;
use crate::organisation::{Filter, OrganisationKind};

/// A choice of a filter.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Pick {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// The choices of a filter, the chosen one marked.
fn picks<T: Choice>(w: Words, chosen: Option<&str>) -> Vec<Pick> {
    T::CODES
        .iter()
        .map(|code| Pick { code: (*code).into(), label: w.t2(T::WORDS, code), chosen: chosen == Some(code) })
        .collect()
}

/// What the query string asks a list of organisations for.
pub(crate) fn filter_of(query: &Fields) -> Filter {
    let text = |name| query.text(name).map(str::to_owned);
    Filter {
        text: query.get("q").filter(|q| !q.trim().is_empty()).map(str::to_owned),
        kind: text("kind"),
        activity: text("activity"),
        territory: text("territory").and_then(|typed| kernel::territory::resolve_widest(&typed).ok()),
        through: query.parse::<Id>("programme").map(|id| kernel::access::scope("programme", id)),
        women_led: query.text("women_led").is_some(),
        working: false,
        published: false,
    }
}

/// The filters above a list.
#[derive(Template)]
#[template(path = "registry_filters.html")]
struct Filters<'a> {
    w: Words,
    action: &'a str,
    query: &'a Fields,
    kinds: Vec<Pick>,
    activities: Vec<Pick>,
    territory: String,
}

/// The filters as HTML, filled with what the query string says.
pub(crate) fn filters(w: Words, action: &str, query: &Fields, filter: &Filter) -> Result<Html> {
    let filters = Filters {
        w,
        action,
        query,
        kinds: picks::<OrganisationKind>(w, filter.kind.as_deref()),
        activities: picks::<Activity>(w, filter.activity.as_deref()),
        territory: filter.territory.as_deref().map(kernel::territory::typed).unwrap_or_default(),
    };
    filters.render().map(Html).map_err(Error::internal)
}
