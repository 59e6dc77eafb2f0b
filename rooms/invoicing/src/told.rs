//! An invoice in words: the same on the screen, on paper and before it is issued.

use kernel::kinds::Money;
use kernel::{Lang, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::content::{Content, Line};
use crate::invoice::{Invoice, InvoiceKind};
use crate::spelled;

/// What a paper is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paper<'a> {
    /// Before it is issued.
    Draft,
    /// No invoice: what one would say, for a bank or a customs office, with the day it was made on.
    Proforma,
    /// An invoice or a credit note.
    Issued(&'a Invoice),
}

/// A line in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ToldLine {
    pub(crate) name: String,
    /// Lots, code of customs, origin.
    pub(crate) more: String,
    pub(crate) count: String,
    pub(crate) price: String,
    pub(crate) sum: String,
}

/// A word and what stands beside it.
type Pair = (String, String);

/// An invoice in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Told {
    pub(crate) lang: &'static str,
    pub(crate) dir: &'static str,
    pub(crate) title: String,
    /// What it is not, in a sentence: a proforma is no invoice.
    pub(crate) warns: Option<String>,
    pub(crate) facts: Vec<Pair>,
    pub(crate) seller: String,
    pub(crate) seller_word: String,
    pub(crate) seller_facts: Vec<Pair>,
    pub(crate) buyer: String,
    pub(crate) buyer_word: String,
    pub(crate) buyer_facts: Vec<Pair>,
    /// The words over the columns of lines.
    pub(crate) head: [String; 4],
    pub(crate) lines: Vec<ToldLine>,
    pub(crate) totals: Vec<Pair>,
    /// The total in words.
    pub(crate) spelled: String,
    pub(crate) says: Vec<String>,
}

/// Numbers, amounts and references keep their direction in Arabic.
fn ltr(text: &str) -> String {
    format!("\u{2066}{text}\u{2069}")
}

pub(crate) fn told(w: Words, content: &Content, paper: Paper<'_>) -> Told {
    let money = |minor| ltr(&w.money(Money { minor, currency: content.currency.clone() }));
    Told {
        lang: w.lang.code(),
        dir: w.lang.dir(),
        title: title(w, paper),
        warns: matches!(paper, Paper::Proforma).then(|| w.t("invoice.no_invoice").into_owned()),
        facts: facts(w, content, paper),
        seller: w.name(&content.seller.name).to_owned(),
        seller_word: w.t("invoice.seller").into_owned(),
        seller_facts: seller(w, content),
        buyer: content.buyer.name.clone(),
        buyer_word: w.t("invoice.buyer").into_owned(),
        buyer_facts: buyer(w, content),
        head: ["invoice.article", "invoice.count", "invoice.price", "invoice.sum"]
            .map(|key| w.t(key).into_owned()),
        lines: content.lines.iter().map(|line| line_told(w, content, line)).collect(),
        totals: totals(w, content, money),
        spelled: w.with(
            if content.credits.is_some() { "credit.spelled" } else { "invoice.spelled" },
            "amount",
            &spelled::amount(&content.money(content.total), w.lang),
        ),
        says: says(w, content),
    }
}

fn title(w: Words, paper: Paper<'_>) -> String {
    match paper {
        Paper::Draft => w.t("invoice.draft").into_owned(),
        Paper::Proforma => w.t("invoice.proforma").into_owned(),
        Paper::Issued(invoice) => named(w, invoice),
    }
}

/// What an invoice is called.
pub(crate) fn named(w: Words, invoice: &Invoice) -> String {
    let key = match invoice.kind {
        InvoiceKind::Invoice => "invoice.named",
        InvoiceKind::CreditNote => "credit.named",
    };
    w.with(key, "number", &invoice.isolated())
}

fn facts(w: Words, content: &Content, paper: Paper<'_>) -> Vec<Pair> {
    let fact = |key: &str, text: String| (w.t(key).into_owned(), text);
    let mut facts = Vec::new();
    match paper {
        Paper::Draft => {}
        Paper::Proforma => {
            facts.push(fact("invoice.proforma_reference", ltr(&format!("PF-{}", content.reference))));
            facts.push(fact("invoice.made", w.long_date(&kernel::today())));
        }
        Paper::Issued(invoice) => facts.push(fact("invoice.issued", w.long_date(&invoice.issued))),
    }
    if let Some(credited) = &content.credits {
        let text = format!("{} ({})", ltr(&credited.number), w.long_date(&credited.issued));
        facts.push(fact("credit.of", text));
        facts.push(fact("credit.reason", credited.reason.clone()));
    }
    facts.push(fact("invoice.reference", ltr(&content.reference)));
    if !matches!(paper, Paper::Proforma) {
        facts.push(fact("invoice_typed.operation", w.long_date(&content.operation)));
        if content.credits.is_none() {
            facts.push(fact("invoice_typed.due", w.long_date(&content.due)));
        }
    }
    if let Some(terms) = &content.terms {
        facts.push(fact("invoice.terms", w.t2("sale_quotation.terms", terms)));
    }
    if let (Some(rule), Some(place)) = (&content.incoterm, &content.place) {
        facts.push(fact("invoice.incoterm", format!("{} · {place} · 2020", ltr(rule))));
    }
    if let Some(mandate) = &content.mandate {
        facts.push(fact("invoice.mandate", mandate.clone()));
    }
    facts
}

fn seller(w: Words, content: &Content) -> Vec<Pair> {
    let seller = &content.seller;
    let place = seller.place.best(w.lang).to_owned();
    let address = seller
        .address
        .as_ref()
        .map_or(place.clone(), |address| format!("{}{} {place}", address.replace('\n', " "), w.t("comma")));
    let code = |code: &Option<String>| code.as_deref().map(ltr);
    let pairs = [
        ("invoice.form", Some(w.t2("organisation.kind", &seller.form))),
        ("invoice.address", Some(address)),
        ("invoice.ice", code(&seller.ice)),
        ("invoice.tax_number", code(&seller.tax_number)),
        ("invoice.professional_tax", code(&seller.professional_tax)),
        ("invoice.register", seller.register.clone()),
        ("invoice.social_number", code(&seller.social_number)),
        ("invoice.phone", code(&seller.phone)),
        ("invoice.email", code(&seller.email)),
    ];
    present(w, pairs)
}

fn buyer(w: Words, content: &Content) -> Vec<Pair> {
    let buyer = &content.buyer;
    let country = <sales::Country as kernel::kinds::Choice>::from_code(&buyer.country);
    let pairs = [
        ("invoice.address", buyer.address.clone()),
        ("invoice.country", Some(country.map_or(buyer.country.clone(), |country| w.choice(&country)))),
        ("invoice.ice", buyer.ice.as_deref().map(ltr)),
    ];
    present(w, pairs)
}

fn present<const N: usize>(w: Words, pairs: [(&str, Option<String>); N]) -> Vec<Pair> {
    pairs.into_iter().filter_map(|(key, text)| Some((w.t(key).into_owned(), text?))).collect()
}

fn line_told(w: Words, content: &Content, line: &Line) -> ToldLine {
    let money = |minor| ltr(&w.money(content.money(minor)));
    let mut more = Vec::new();
    if line.reduces {
        more.push(w.t("credit.reduces").into_owned());
    }
    if !line.lots.is_empty() {
        let lots: Vec<String> = line.lots.iter().map(|lot| ltr(lot)).collect();
        more.push(w.with("invoice.lots", "numbers", &lots.join(&w.t("comma"))));
    }
    if let Some(hs) = &line.hs {
        more.push(w.with("invoice.hs", "code", &ltr(hs)));
    }
    ToldLine {
        name: line.name.best(w.lang).to_owned(),
        more: more.join(" · "),
        count: w.num(line.count),
        price: money(line.price),
        sum: money(line.gross),
    }
}

fn totals(w: Words, content: &Content, money: impl Fn(i64) -> String) -> Vec<Pair> {
    let rate = content.treatment.rate;
    let mut totals = vec![(w.t("invoice.net").into_owned(), money(content.net))];
    totals.push((w.with("invoice.tax", "rate", &w.num(rate)), money(content.tax)));
    if content.rounding != 0 {
        totals.push((w.t("invoice.rounding").into_owned(), money(content.rounding)));
    }
    let key = if content.credits.is_some() { "credit.total" } else { "invoice.total_due" };
    totals.push((w.t(key).into_owned(), money(content.total)));
    totals
}

fn says(w: Words, content: &Content) -> Vec<String> {
    let mut says = vec![content.treatment.wording.best(w.lang).to_owned()];
    if content.credits.is_none()
        && let Some(account) = &content.seller.account
    {
        says.push(w.with("invoice.pay_to", "account", &ltr(account)));
    }
    says.extend(content.note.clone());
    says
}

/// The language in which a paper is asked for: not "lang", which would change the language of whoever prints.
pub(crate) fn asked(ctx: &kernel::Ctx) -> Words {
    ctx.w.speak(ctx.query.text("in").and_then(Lang::from_code).unwrap_or(ctx.w.lang))
}
