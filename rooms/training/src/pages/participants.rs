//! Who is on the list of a session, and which members of invited cooperatives could be.

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use crate::hand::{self, Hand};
use crate::participant::{self, Expected, Line};

/// The list of a session.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_participants.html")]
pub(crate) struct ParticipantsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    participants: Vec<Line>,
    /// Members of invited cooperatives who are not on it, by cooperative.
    expected: Vec<Cooperative>,
}

#[derive(Serialize, JsonSchema)]
struct Cooperative {
    organisation: Id,
    name: Multi,
    members: Vec<Expected>,
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Takes, "people")?;
        let mut expected: Vec<Cooperative> = Vec::new();
        for member in participant::expected(db, session.id)? {
            match expected.last_mut().filter(|last| last.organisation == member.organisation) {
                Some(last) => last.members.push(member),
                None => expected.push(Cooperative {
                    organisation: member.organisation,
                    name: member.organisation_name.clone(),
                    members: vec![member],
                }),
            }
        }
        Ok(ParticipantsPage { w: ctx.w, head, participants: participant::of(db, session.id)?, expected })
    })?;
    ctx.page(&ctx.w.t("participants.title"), &page)
}

/// Puts the chosen members on the list.
pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    let chosen: Vec<Id> = ctx.form.all("person").filter_map(|text| text.parse().ok()).collect();
    let session = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        participant::list(tx, &session, &chosen)?;
        Ok(session.id)
    })?;
    ctx.done(&format!("/training/sessions/{session}/people"), "saved")
}

pub(super) fn remove(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Takes)?;
        let participant = participant::open(ctx, tx, session.id)?;
        participant::strike(tx, &participant)?;
        Ok(session.id)
    })?;
    ctx.done(&format!("/training/sessions/{session}/people"), "removed")
}
