//! What the address of the catalogue asks for, and the form that asks for it.

use askama::Template;
use jiff::civil::Date;
use kernel::index::Found;
use kernel::kinds::{Choice, Money};
use kernel::{Ctx, Db, Error, Fields, Html, Result, Words};
use registry::Month;

use crate::catalogue::{AREA, CURRENCY, Filter, Order};
use crate::label::Scheme;
use crate::product::ProductKind;

/// What was asked for, and what of it could not be understood.
pub(super) struct Asked {
    pub(super) filter: Filter,
    pub(super) order: Order,
    /// Names of filters that name nothing; they narrow nothing.
    pub(super) misread: Vec<&'static str>,
}

/// The month of a day.
pub(super) fn month_of(day: Date) -> Option<Month> {
    Month::from_code(&format!("{:02}", day.month()))
}

/// Reads the address.
pub(super) fn asked(query: &Fields) -> Asked {
    let mut misread = Vec::new();
    let mut part = |name: &'static str, known: Option<bool>| {
        misread.extend((known == Some(false)).then_some(name));
    };
    let code = |name: &str| query.text(name);
    let kind = code("kind").map(ProductKind::from_code);
    let label = code("label").map(Scheme::from_code);
    let now = || month_of(kernel::today());
    let month = code("month").map(|code| if code == "now" { now() } else { Month::from_code(code) });
    let territory = code("territory").map(|typed| kernel::territory::resolve_widest(typed).ok());
    let most = code("price").map(|text| whole(text).map(|units| Money::whole(units, CURRENCY).minor));
    let order = code("order").map(Order::from_code);
    part("kind", kind.map(|kind| kind.is_some()));
    part("label", label.map(|label| label.is_some()));
    part("month", month.map(|month| month.is_some()));
    part("territory", territory.as_ref().map(Option::is_some));
    part("price", most.map(|most| most.is_some()));
    part("order", order.map(|order| order.is_some()));
    let filter = Filter {
        text: query.get("q").filter(|typed| !typed.trim().is_empty()).map(str::to_owned),
        kind: kind.flatten(),
        territory: territory.flatten(),
        label: label.flatten(),
        month: month.flatten(),
        most: most.flatten(),
        seasonal: false,
    };
    Asked { filter, order: order.flatten().unwrap_or(Order::Name), misread }
}

/// A sum in whole dirhams, with the digits of any of the languages.
fn whole(text: &str) -> Option<i64> {
    fold::fold(text).replace(' ', "").parse().ok().filter(|units| (0..=1_000_000_000).contains(units))
}

/// What the form calls these filters.
pub(super) fn names(w: Words, misread: &[&str]) -> String {
    misread.iter().map(|name| w.t2("catalogue", name)).collect::<Vec<_>>().join(&w.t("comma"))
}

struct Pick {
    code: String,
    label: String,
    chosen: bool,
}

fn picks<T: Choice + PartialEq>(w: Words, chosen: Option<&T>) -> Vec<Pick> {
    let pick = |code: &&str| Pick {
        code: (*code).to_owned(),
        label: w.t2(T::WORDS, code),
        chosen: chosen.is_some_and(|chosen| chosen.code() == *code),
    };
    T::CODES.iter().map(pick).collect()
}

#[derive(Template)]
#[template(path = "market_filters.html")]
struct Filters<'a> {
    w: Words,
    action: &'a str,
    query: &'a Fields,
    now: bool,
    kinds: Vec<Pick>,
    areas: Vec<Pick>,
    labels: Vec<Pick>,
    months: Vec<Pick>,
    /// Without it the order is not offered.
    orders: Vec<Pick>,
    /// True if more is narrowed than by words.
    open: bool,
}

/// The form, filled with what was asked; `found` is what that found.
pub(super) fn form(
    ctx: &Ctx,
    db: &mut Db,
    action: &str,
    asked: &Asked,
    found: &Found,
    ordered: bool,
) -> Result<Html> {
    let (w, filter) = (ctx.w, &asked.filter);
    // Other places are counted as if none was chosen.
    let wider = match &filter.territory {
        None => found.clone(),
        Some(_) => Filter { territory: None, ..filter.clone() }.found(db)?,
    };
    let mut areas: Vec<Pick> = wider
        .count_by(db, AREA)?
        .into_iter()
        .map(|(code, count)| Pick {
            label: format!(
                "{}{} ({})",
                if code.contains('.') { "\u{2003}" } else { "" },
                w.division(&code),
                w.num(count)
            ),
            chosen: filter.territory.as_ref() == Some(&code),
            code,
        })
        .collect();
    if let Some(code) = filter.territory.as_ref().filter(|code| !areas.iter().any(|area| area.code == **code))
    {
        areas.push(Pick { label: w.division(code), chosen: true, code: code.clone() });
    }
    let now = ctx.query.text("month") == Some("now");
    let form = Filters {
        w,
        action,
        query: &ctx.query,
        now,
        kinds: picks(w, filter.kind.as_ref()),
        areas,
        labels: picks(w, filter.label.as_ref()),
        months: picks(w, filter.month.as_ref().filter(|_| !now)),
        orders: if ordered { picks(w, Some(&asked.order)) } else { Vec::new() },
        open: Filter { text: None, ..filter.clone() }.narrows(),
    };
    form.render().map(Html).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_understood_narrows_nothing_and_is_told() {
        let query = Fields::of([("kind", "gold"), ("price", "٥٠"), ("month", "13"), ("label", "aop")]);
        let asked = asked(&query);
        assert_eq!(asked.misread, ["kind", "month"]);
        assert_eq!(asked.filter.most, Some(5_000));
        assert_eq!(asked.filter.label, Some(Scheme::Aop));
        assert_eq!(whole("1 200"), Some(1_200));
        assert_eq!(whole("-3"), Some(3), "a sign is no digit");
        assert_eq!(whole("cheap"), None);
    }
}
