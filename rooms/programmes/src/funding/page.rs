//! `/funding/{funding}`: one file, from the request to the last inspection.

use askama::Template;
use kernel::kinds::{Money, Multi};
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Id, Reply, Result, Standing, Words};
use registry::Organisation;
use schemars::JsonSchema;
use serde::Serialize;

use super::equipment::{self, next_inspection};
use super::steps::{self, Step, StepState};
use super::{GrantOutcome, Works, decision, purchase, quotation, request, sums, tranche};
use crate::convention;
use crate::selection::eligibility::{self, Checked};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/funding/{funding}", show).answers::<FilePage>()]
}

/// A paper of the file: what, when, how much.
#[derive(Serialize, JsonSchema)]
struct Paper {
    id: Id,
    title: String,
    day: String,
    amount: Money,
    /// What else is said of it.
    more: String,
    file: Option<String>,
    chosen: bool,
}

#[derive(Serialize, JsonSchema)]
struct Decided {
    id: Id,
    outcome: GrantOutcome,
    day: String,
    body: String,
    granted: Option<Money>,
    reason: Option<String>,
    file: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct TrancheLine {
    id: Id,
    milestone: String,
    amount: Money,
    due: Option<String>,
    reached: Option<String>,
    proof: Option<String>,
    paid: Money,
    /// True if nothing is left to pay.
    full: bool,
    payments: Vec<Paper>,
}

#[derive(Serialize, JsonSchema)]
struct Piece {
    id: Id,
    name: Multi,
    quantity: i64,
    serial: Option<String>,
    handed: Option<String>,
    /// Day of the next inspection and its tone.
    next: Option<(String, &'static str, &'static str)>,
    inspections: Vec<Inspected>,
}

#[derive(Serialize, JsonSchema)]
struct Inspected {
    id: Id,
    day: String,
    state: Works,
    who: String,
    note: Option<String>,
    photo: Option<String>,
}

/// One file.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_funding.html")]
struct FilePage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    programme: Id,
    organisation: Id,
    name: Multi,
    title: Multi,
    purpose: Option<String>,
    asked: String,
    cost: Money,
    grant: Money,
    granted: Option<Money>,
    paid: Money,
    own_cash: Money,
    own_kind: Money,
    own_given: Money,
    bought: Money,
    steps: Vec<(Step, StepState)>,
    checks: Vec<Checked>,
    call: Option<(Id, Multi)>,
    quotations: Vec<Paper>,
    decisions: Vec<Decided>,
    tranches: Vec<TrancheLine>,
    untied: Option<Money>,
    own_parts: Vec<Paper>,
    purchases: Vec<Paper>,
    hand_overs: Vec<Paper>,
    pieces: Vec<Piece>,
    standing: Standing,
    #[serde(skip)]
    works: bool,
    #[serde(skip)]
    manages: bool,
}

impl FilePage {
    fn reads(&self) -> bool {
        self.standing >= Standing::File
    }
    fn own(&self) -> Money {
        Money { minor: self.own_cash.minor + self.own_kind.minor, currency: self.cost.currency.clone() }
    }
    fn handed(&self) -> bool {
        self.pieces.iter().any(|piece| piece.handed.is_some())
    }
    fn granted_now(&self) -> bool {
        self.granted.is_some()
    }
    fn left_to_hand_over(&self) -> bool {
        self.pieces.iter().any(|piece| piece.handed.is_none())
    }
    fn tone(&self, outcome: &GrantOutcome) -> &'static str {
        match outcome {
            GrantOutcome::Granted => "good",
            GrantOutcome::Adjourned => "wait",
            GrantOutcome::Refused => "plain",
        }
    }
    fn works_tone(&self, state: &Works) -> &'static str {
        match state {
            Works::Works => "good",
            Works::Idle => "wait",
            Works::Broken | Works::Missing => "late",
        }
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (funding, standing) = request::open(ctx, db)?;
        let id = funding.id;
        let line = sums::of_funding(db, id)?.ok_or(Error::NotFound)?;
        let organisation = kernel::record::get::<Organisation>(db, funding.organisation.id)?;
        let team = ctx.viewer.standing(db, funding.programme.id)?;
        let reads = standing >= Standing::File;
        let (rules, call) = match funding.call {
            Some(call) => {
                let title = kernel::record::get::<crate::selection::Call>(db, call.id)?.title;
                (eligibility::rules(db, call.id)?, Some((call.id, title)))
            }
            None => (Vec::new(), None),
        };
        let checks = eligibility::check(w, &rules, &request::figures(db, &funding)?);
        let decisions = decision::of(db, id)?;
        let granted = decision::granted(&decisions);
        let payments = tranche::payments(db, id)?;
        let givers: std::collections::HashMap<Id, String> = convention::promises(db, funding.programme.id)?
            .into_iter()
            .map(|promise| (promise.id, promise.name.best(w.lang).to_owned()))
            .collect();
        let tranches: Vec<TrancheLine> = tranche::of(db, id)?
            .into_iter()
            .map(|tranche| {
                let of_it: Vec<_> =
                    payments.iter().filter(|payment| payment.tranche.id == tranche.id).collect();
                let paid: i64 = of_it.iter().map(|payment| payment.amount.minor).sum();
                TrancheLine {
                    id: tranche.id,
                    full: paid >= tranche.amount.minor,
                    paid: funding.money(paid),
                    due: tranche.due.map(|due| w.date(&due)),
                    reached: tranche.reached.map(|reached| w.date(&reached)),
                    proof: tranche.proof.filter(|_| reads).map(|file| file.0),
                    payments: of_it
                        .into_iter()
                        .map(|payment| Paper {
                            id: payment.id,
                            title: payment
                                .contribution
                                .and_then(|from| givers.get(&from.id).cloned())
                                .unwrap_or_else(|| w.t("grant_payment.no_source").into_owned()),
                            day: w.date(&payment.paid),
                            amount: payment.amount.clone(),
                            more: payment.reference.clone().filter(|_| reads).unwrap_or_default(),
                            file: payment.file.clone().filter(|_| reads).map(|file| file.0),
                            chosen: false,
                        })
                        .collect(),
                    milestone: tranche.milestone,
                    amount: tranche.amount,
                }
            })
            .collect();
        let tied: i64 = tranches.iter().map(|tranche| tranche.amount.minor).sum();
        let hand_overs = equipment::hand_overs(db, id)?;
        let inspections = equipment::inspections(db, id)?;
        let today = kernel::today();
        let all = equipment::of(db, id)?;
        let pieces = all
            .iter()
            .map(|piece| {
                let handed = piece
                    .hand_over
                    .and_then(|there| hand_overs.iter().find(|hand_over| hand_over.id == there.id))
                    .map(|hand_over| hand_over.handed);
                let mine = || inspections.iter().filter(|(_, i)| i.equipment.id == piece.id);
                let next = handed.and_then(|handed| next_inspection(handed, mine().map(|(_, i)| i)));
                Piece {
                    id: piece.id,
                    name: piece.name.clone(),
                    quantity: piece.quantity,
                    serial: piece.serial.clone(),
                    handed: handed.map(|day| w.date(&day)),
                    next: next.map(|(occasion, day)| {
                        (w.date(&day), steps::tone(day, today), kernel::kinds::Choice::code(&occasion))
                    }),
                    inspections: mine()
                        .filter(|_| reads)
                        .map(|(who, inspection)| Inspected {
                            id: inspection.id,
                            day: w.date(&inspection.inspected),
                            state: inspection.state,
                            who: who.clone(),
                            note: inspection.note.as_ref().map(|note| note.0.clone()),
                            photo: inspection.photo.as_ref().map(|photo| photo.0.clone()),
                        })
                        .collect(),
                }
            })
            .collect();
        let papers = |shown: Vec<Paper>| if reads { shown } else { Vec::new() };
        let named = |one: Option<kernel::kinds::Ref<super::Equipment>>| {
            let piece = one.and_then(|one| all.iter().find(|piece| piece.id == one.id));
            piece
                .map_or_else(|| w.t("hand_over.all").into_owned(), |piece| piece.name.best(w.lang).to_owned())
        };
        Ok(FilePage {
            w,
            id,
            programme: funding.programme.id,
            organisation: organisation.id,
            name: organisation.name,
            asked: w.date(&funding.asked),
            granted: granted.map(|minor| funding.money(minor)),
            untied: granted.filter(|granted| *granted > tied).map(|granted| funding.money(granted - tied)),
            paid: funding.money(line.paid),
            own_kind: funding.own_kind.clone().unwrap_or_else(|| funding.money(0)),
            own_given: funding.money(line.own_given),
            bought: funding.money(line.bought),
            steps: steps::steps(&line),
            checks,
            call,
            quotations: papers(
                quotation::of(db, id)?
                    .into_iter()
                    .map(|q| Paper {
                        id: q.id,
                        title: q.supplier,
                        day: w.date(&q.dated),
                        amount: q.amount,
                        more: q.reason.unwrap_or_default(),
                        file: Some(q.file.0),
                        chosen: q.chosen,
                    })
                    .collect(),
            ),
            decisions: decisions
                .into_iter()
                .map(|d| Decided {
                    id: d.id,
                    outcome: d.outcome,
                    day: w.date(&d.decided),
                    body: d.body,
                    granted: d.granted,
                    reason: d.reason.map(|reason| reason.0),
                    file: d.file.filter(|_| reads).map(|file| file.0),
                })
                .collect(),
            tranches,
            own_parts: papers(
                purchase::own_parts(db, id)?
                    .into_iter()
                    .map(|part| Paper {
                        id: part.id,
                        title: part.subject,
                        day: w.date(&part.given),
                        amount: part.amount,
                        more: w.choice(&part.nature),
                        file: part.file.map(|file| file.0),
                        chosen: false,
                    })
                    .collect(),
            ),
            purchases: papers(
                purchase::of(db, id)?
                    .into_iter()
                    .map(|bought| Paper {
                        id: bought.id,
                        title: bought.supplier,
                        day: w.date(&bought.bought),
                        amount: bought.amount,
                        more: bought.invoice.map(|code| code.0).unwrap_or_default(),
                        file: Some(bought.file.0),
                        chosen: false,
                    })
                    .collect(),
            ),
            hand_overs: papers(
                hand_overs
                    .into_iter()
                    .map(|hand_over| Paper {
                        id: hand_over.id,
                        title: named(hand_over.equipment),
                        day: w.date(&hand_over.handed),
                        amount: funding.money(0),
                        more: hand_over.receiver,
                        file: Some(hand_over.file.0),
                        chosen: false,
                    })
                    .collect(),
            ),
            pieces,
            standing,
            works: team >= Some(Standing::File),
            manages: team >= Some(Standing::Steward),
            purpose: funding.purpose.map(|purpose| purpose.0),
            title: funding.title,
            cost: funding.cost,
            grant: funding.grant_asked,
            own_cash: funding.own_cash,
        })
    })?;
    ctx.page(&w.with("funding.of", "name", page.name.best(w.lang)), &page)
}
