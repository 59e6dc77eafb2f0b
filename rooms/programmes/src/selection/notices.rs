//! Who was told of the committee's decisions, how and when.

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Error, Html, Id, Reply, Result, Standing, Words};
use people::Message;
use schemars::JsonSchema;
use serde::Serialize;

use super::application::{self, Application};
use super::call::{self, Call, CallStatus};
use super::notice::{self, Notice, Way};
use super::ranking::{self, Decision, Outcome};

pub(super) fn routes() -> Vec<Route> {
    vec![get("/calls/{call}/notices", show).answers::<NoticesPage>(), post("/calls/{call}/notices", send)]
}

/// An applicant and how it was told.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    number: String,
    name: Multi,
    place: String,
    phone: Option<String>,
    outcome: Outcome,
    /// The last message, while it tells what was decided.
    sms: Option<Message>,
    /// When it was sent.
    sent: Option<String>,
    /// When the letter was printed, while it tells what was decided.
    letter: Option<String>,
    /// True if it was told something else before.
    other: bool,
}

/// Who was told of the decisions of a call.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "programmes_notices.html")]
struct NoticesPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    call: Id,
    title: Multi,
    decided: String,
    lines: Vec<Line>,
    /// How many would get an SMS now.
    to_send: usize,
    /// How many have no telephone.
    without: usize,
    /// How many were told by SMS or letter.
    told: usize,
    /// True if messages leave the house.
    sends: bool,
}

impl NoticesPage {
    fn chip(&self, message: &Message) -> Html {
        people::message_chip(self.w, message)
    }
    fn link(&self, message: &Message) -> Option<String> {
        people::message_link(message)
    }
    fn tone(&self, outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Selected => "good",
            Outcome::Reserve => "wait",
            Outcome::Declined => "plain",
        }
    }
}

/// The call of the address, once it is decided, for whoever answers for it.
pub(super) fn decided(ctx: &Ctx, db: &mut Db) -> Result<Call> {
    let (call, _) = call::open(ctx, db, Standing::Steward)?;
    if call.status == CallStatus::Decided { Ok(call) } else { Err(Error::refused("call.not_decided")) }
}

/// The applications of a call with their decisions, in the order of the decisions; only one if the form names it.
pub(super) fn chosen(db: &mut Db, call: Id, one: Option<Id>) -> Result<Vec<(Application, Decision)>> {
    let mut applications = application::sent(db, call)?;
    let decisions = ranking::decisions(db, call)?.into_iter();
    let mut found = Vec::new();
    for decision in decisions.filter(|decision| one.is_none_or(|one| decision.application.id == one)) {
        if let Some(i) = applications.iter().position(|application| application.id == decision.application.id)
        {
            found.push((applications.swap_remove(i), decision));
        }
    }
    if one.is_some() && found.is_empty() { Err(Error::NotFound) } else { Ok(found) }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let call = decided(ctx, db)?;
        let notices = notice::last(db, call.id)?;
        let ids: Vec<Id> = notices.values().map(|notice| notice::message(notice.id)).collect();
        let mut messages = people::messages(db, &ids)?;
        let found = chosen(db, call.id, None)?;
        let decided = found.first().map(|(_, decision)| w.long_date(&decision.decided)).unwrap_or_default();
        let lines: Vec<Line> = found
            .into_iter()
            .map(|(application, decision)| {
                let of = |way: Way| notices.get(&(application.id, way.code()));
                let same = |notice: &&Notice| notice.outcome == decision.outcome;
                let (sms, letter) = (of(Way::Sms), of(Way::Letter));
                Line {
                    id: application.id,
                    number: format!("{:03}", application.number.unwrap_or(0)),
                    place: w.place(&application.place.division),
                    phone: application.phone.map(|phone| phone.0),
                    sms: sms.filter(same).and_then(|notice| messages.remove(&notice::message(notice.id))),
                    sent: sms.filter(same).map(|notice| w.date(&notice.told)),
                    letter: letter.filter(same).map(|notice| w.date(&notice.told)),
                    other: [sms, letter].into_iter().flatten().any(|n| n.outcome != decision.outcome),
                    outcome: decision.outcome,
                    name: application.name,
                }
            })
            .collect();
        Ok(NoticesPage {
            w,
            call: call.id,
            title: call.title,
            decided,
            to_send: lines.iter().filter(|line| line.phone.is_some() && line.sent.is_none()).count(),
            without: lines.iter().filter(|line| line.phone.is_none()).count(),
            told: lines.iter().filter(|line| line.sent.is_some() || line.letter.is_some()).count(),
            lines,
            sends: people::sends_messages(&ctx.app),
        })
    })?;
    ctx.page(&w.t("notices.title"), &page)
}

/// Tells by SMS everybody who has a telephone and was not told yet; only one if the form names it.
fn send(ctx: &Ctx) -> Result<Reply> {
    let id = ctx.write(|tx| {
        let call = decided(ctx, tx)?;
        call::hold(tx, call.id)?;
        let notices = notice::last(tx, call.id)?;
        for (application, decision) in chosen(tx, call.id, ctx.form.parse("application"))? {
            let there = notices.get(&(application.id, Way::Sms.code()));
            notice::send(ctx, tx, there, &call, &application, &decision)?;
        }
        Ok(call.id)
    })?;
    ctx.app.bell.ring();
    ctx.done(&format!("/calls/{id}/notices"), "notices_sent")
}
