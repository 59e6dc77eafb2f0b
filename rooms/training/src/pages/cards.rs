//! Cards to print, one a person, with a code that a telephone reads; and what happens when a trainer reads one.

use std::collections::BTreeMap;

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Error, Html, Id, Reply, Result, Words};
use serde::Serialize;

use super::{Head, device_at};
use crate::half_day::{self, HalfDay};
use crate::hand::{self, Hand};
use crate::participant::{self, Line};
use crate::{attendance, session::Session};

/// A person's card.
#[derive(Serialize)]
struct Card {
    participant: Id,
    name: Multi,
    organisation: Option<Multi>,
    #[serde(skip)]
    code: Html,
    /// What the code says.
    link: String,
}

/// The cards of a session.
#[derive(Template, Serialize)]
#[template(path = "training_cards.html")]
struct CardsPage {
    #[serde(skip)]
    w: Words,
    head: Head,
    cards: Vec<Card>,
}

fn card(ctx: &Ctx, session: Id, line: Line) -> Result<Card> {
    let link = ctx.link(&format!("/attendance/{session}/{}", line.id));
    Ok(Card {
        participant: line.id,
        name: line.name,
        organisation: line.organisation_name,
        code: kernel::square(&link)?,
        link,
    })
}

/// Every card of the session, or one.
pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "people")?;
        let only = ctx.query.parse::<Id>("participant");
        let lines = participant::of(db, session.id)?;
        let lines = lines.into_iter().filter(|line| only.is_none_or(|id| id == line.id));
        let cards = lines.map(|line| card(ctx, session.id, line)).collect::<Result<_>>()?;
        Ok(CardsPage { w: ctx.w, head, cards })
    })?;
    ctx.page(&ctx.w.t("cards.title"), &page)
}

/// What a trainer sees who read a card.
#[derive(Template, Serialize)]
#[template(path = "training_arrive.html")]
struct ArrivePage {
    #[serde(skip)]
    w: Words,
    head: Head,
    participant: Id,
    name: Multi,
    organisation: Option<Multi>,
    /// The half-day that runs now.
    half_day: Option<Id>,
    when: String,
    present: bool,
}

fn running(db: &mut kernel::Db, session: &Session) -> Result<Option<HalfDay>> {
    let now = kernel::locale::zone().to_datetime(jiff::Timestamp::now());
    Ok(half_day::running(&half_day::of(db, session.id)?, now).cloned())
}

/// Asks to confirm with one tap; a script taps by itself, so that reading the card is enough.
pub(super) fn arrive(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "roll-call")?;
        let id = participant::open(ctx, db, session.id)?.id;
        let line = participant::of(db, session.id)?.into_iter().find(|line| line.id == id);
        let line = line.ok_or(Error::NotFound)?;
        let half = running(db, &session)?;
        let marks = attendance::of(db, session.id)?;
        let mark = half.as_ref().and_then(|half| marks.get(&(half.id, id)));
        Ok(ArrivePage {
            w: ctx.w,
            head,
            participant: id,
            name: line.name,
            organisation: line.organisation_name,
            when: half.as_ref().map(|half| ctx.w.choice(&half.part)).unwrap_or_default(),
            half_day: half.map(|half| half.id),
            present: mark.is_some_and(|mark| mark.present),
        })
    })?;
    ctx.page(&ctx.w.t("arrive.title"), &page)
}

/// Marks her present for the half-day that runs now.
pub(super) fn arrived(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let participant = participant::open(ctx, tx, session.id)?;
        let half = running(tx, &session)?.ok_or_else(|| Error::refused("arrive.not_today"))?;
        attendance::take(tx, &half, &BTreeMap::from([(participant.id, true)]), device_at(ctx))?;
        Ok(())
    })?;
    ctx.done(&ctx.path, "arrived")
}
