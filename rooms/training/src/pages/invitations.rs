//! Who needs this session, who is invited, who waits.

use askama::Template;
use kernel::kinds::Choice;
use kernel::{Ctx, Error, Html, Id, Reply, Result, Standing, Words};
use people::Message;
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use crate::hand::{self, Hand};
use crate::invitation::{self, Invitation, InvitationStatus, Line};
use crate::need::{self, Needs};
use crate::notice;
use crate::session::{Session, SessionStatus};

/// Who needs this session, who is invited, who waits.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_invitations.html")]
pub(crate) struct InvitationsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    invitations: Vec<Line>,
    /// Cooperatives that are not invited yet.
    needs: Needs,
    held: i64,
    free: i64,
    /// The invitation that a freed place can be offered to.
    next: Option<Id>,
    /// Messages that told an invitation.
    messages: Vec<Told>,
    /// How many would get an SMS now.
    to_tell: usize,
    /// How many of those on the list were told.
    people_told: usize,
    /// True if messages leave the house.
    sends: bool,
    /// Places offered to each cooperative unless something else is typed.
    #[serde(skip)]
    #[schemars(skip)]
    places: String,
    #[serde(skip)]
    #[schemars(skip)]
    refused: Option<String>,
}

/// A message that told a cooperative of its invitation.
#[derive(Serialize, JsonSchema)]
struct Told {
    organisation: Id,
    message: Message,
}

impl InvitationsPage {
    fn told(&self, line: &Line) -> Vec<&Message> {
        let of = self.messages.iter().filter(|told| told.organisation == line.organisation);
        of.map(|told| &told.message).collect()
    }
    fn chip(&self, message: &Message) -> Html {
        people::message_chip(self.w, message)
    }
    fn link(&self, message: &Message) -> Option<String> {
        people::message_link(message)
    }
    fn answers(&self, line: &&Line) -> Vec<&'static str> {
        match line.status {
            InvitationStatus::Invited => vec!["confirmed", "declined"],
            InvitationStatus::Confirmed | InvitationStatus::Waiting => vec!["declined"],
            InvitationStatus::Declined => vec!["invited"],
        }
    }
    fn is_next(&self, line: &&Line) -> bool {
        self.next == Some(line.id)
    }
}

fn invitations_page(ctx: &Ctx, status: u16, refused: Option<String>) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Invites, "invitations")?;
        let invitations = invitation::of(db, session.id)?;
        let mut needs = need::of(db, &ctx.viewer, &session)?;
        let open = |id: Id| !invitations.iter().any(|line| line.organisation == id);
        needs.lacking.retain(|candidate| open(candidate.organisation));
        needs.unknown.retain(|candidate| open(candidate.organisation));
        let held = invitation::held(&invitations);
        let recipients = notice::recipients(db, &session, &invitations)?;
        let ids: Vec<Id> = recipients.iter().map(|recipient| recipient.message).collect();
        let mut told = people::messages(db, &ids)?;
        let to_tell = ids.len() - told.len();
        let mut messages = Vec::new();
        for recipient in &recipients {
            if let (Some(organisation), Some(message)) =
                (recipient.organisation, told.get(&recipient.message).cloned())
            {
                told.remove(&recipient.message);
                messages.push(Told { organisation, message });
            }
        }
        Ok(InvitationsPage {
            w: ctx.w,
            messages,
            to_tell,
            people_told: told.len(),
            sends: people::sends_messages(&ctx.app),
            next: invitation::next(&invitations, session.capacity).map(|line| line.id),
            held,
            free: (session.capacity - held).max(0),
            head,
            invitations,
            needs,
            places: ctx.form.text("places").unwrap_or("3").to_owned(),
            refused,
        })
    })?;
    ctx.page_with_status(status, &ctx.w.t("invitations.title"), &page)
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    invitations_page(ctx, 200, None)
}

/// Invites the chosen cooperatives in the order of the list; those beyond the capacity wait.
pub(super) fn invite(ctx: &Ctx) -> Result<Reply> {
    let chosen: Vec<Id> = ctx.form.all("organisation").filter_map(|text| text.parse().ok()).collect();
    let places = ctx.form.parse::<i64>("places").filter(|n| (1..=200).contains(n));
    let session = ctx.id("training_session")?;
    let done = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Invites)?;
        let Some(places) = places else { return Err(Error::refused("training_invitation.places.range")) };
        if chosen.is_empty() {
            return Err(Error::refused("invitations.none_chosen"));
        }
        if session.status == SessionStatus::Cancelled {
            return Err(Error::refused("training_session.is_cancelled"));
        }
        let enrolled = programmes::enrolment::enrolled(tx, session.programme.id)?;
        for organisation in &chosen {
            ctx.standing(tx, *organisation, Standing::File)?;
            if !enrolled.contains(organisation) {
                return Err(Error::refused("error.reference"));
            }
            invitation::invite(tx, &session, *organisation, places)?;
        }
        Ok(())
    });
    match done {
        Ok(()) => ctx.done(&format!("/training/sessions/{session}/invitations"), "invited"),
        Err(Error::Refused(wrong)) if !ctx.json => invitations_page(ctx, 409, Some(ctx.w.wrong(&wrong))),
        Err(error) => Err(error),
    }
}

/// Tells by SMS whoever was not told of this session as it is now.
pub(super) fn tell(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.id("training_session")?;
    let told = ctx.write(|tx| {
        let (session, _) = hand::session(ctx, tx, Hand::Invites)?;
        if session.status == SessionStatus::Cancelled {
            return Err(Error::refused("training_session.is_cancelled"));
        }
        let invited = invitation::of(tx, session.id)?;
        notice::tell(ctx, tx, &session, &invited)
    });
    match told {
        Ok(_) => {
            ctx.app.bell.ring();
            ctx.done(&format!("/training/sessions/{session}/invitations#invited"), "invitations_told")
        }
        Err(Error::Refused(wrong)) if !ctx.json => invitations_page(ctx, 409, Some(ctx.w.wrong(&wrong))),
        Err(error) => Err(error),
    }
}

/// Moves an invitation: confirmed, declined, offered again.
pub(super) fn answer(ctx: &Ctx) -> Result<Reply> {
    let session = ctx.write(|tx| {
        let id = ctx.id("training_invitation")?;
        let invitation = kernel::record::get::<Invitation>(tx, id)?;
        hand::on(ctx, tx, invitation.programme.id, Hand::Invites)?;
        let session = kernel::record::get::<Session>(tx, invitation.session.id)?;
        let status = ctx.form.get("status").and_then(InvitationStatus::from_code);
        let status = status.ok_or_else(|| Error::field("status", "error.needed"))?;
        invitation::answer(tx, &session, id, ctx.base_version(), status)?;
        Ok(session.id)
    })?;
    ctx.done(&format!("/training/sessions/{session}/invitations"), "saved")
}
