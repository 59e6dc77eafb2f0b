//! What somebody's hand may do with the sessions of a programme.
//!
//! Standing alone does not tell: a trainer and a sponsor both stand at "shared". The trainer reads the names of the
//! people in a session and writes down who was there; the sponsor reads counts.

use kernel::{Ctx, Db, Error, Id, Result, Standing, Viewer};

use crate::session::Session;

/// How far a hand reaches; each step includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hand {
    /// A partner: dates, places, figures without names.
    Reads,
    /// A trainer of the programme: roll-call, tests, reactions, with the names of who takes part.
    Takes,
    /// A coach of the programme: also who needs a session, invitations.
    Invites,
    /// A manager of the programme: also the plan and its cost.
    Plans,
}

/// The hand of a viewer on the sessions of a programme, if any.
pub(crate) fn of(viewer: &Viewer, db: &mut Db, programme: Id) -> Result<Option<Hand>> {
    let trains = viewer.holds(&["trainer"], &programmes::programme::scope(programme));
    Ok(match viewer.standing(db, programme)? {
        Some(Standing::Steward) => Some(Hand::Plans),
        Some(Standing::File) => Some(Hand::Invites),
        _ if trains => Some(Hand::Takes),
        Some(Standing::Shared) => Some(Hand::Reads),
        _ => None,
    })
}

/// The same, "not found" below a reader of the programme, "forbidden" below `least`.
pub(crate) fn on(ctx: &Ctx, db: &mut Db, programme: Id, least: Hand) -> Result<Hand> {
    match of(&ctx.viewer, db, programme)? {
        Some(hand) if hand >= least => Ok(hand),
        Some(_) => Err(Error::Forbidden),
        None => Err(if ctx.viewer.signed_in() { Error::NotFound } else { Error::SignIn }),
    }
}

/// The session in the address, for a hand that reaches at least so far.
pub(crate) fn session(ctx: &Ctx, db: &mut Db, least: Hand) -> Result<(Session, Hand)> {
    let session = kernel::record::get::<Session>(db, ctx.id("training_session")?)?;
    let hand = on(ctx, db, session.programme.id, least)?;
    Ok((session, hand))
}

/// True for whoever teaches or accompanies anywhere: they see the questions of a module.
pub(crate) fn teaches(viewer: &Viewer) -> bool {
    viewer.has_role(&["manager", "coach", "trainer"])
}

/// What belongs to a module opens to whoever may know of it; the paper list of a session to whoever takes its roll-call.
pub(crate) fn opens(viewer: &Viewer, db: &mut Db, file: Id) -> Result<bool> {
    let Some(owner) = kernel::files::owner(db, file)? else { return Ok(false) };
    if let Some(session) = kernel::record::find::<Session>(db, owner)? {
        return Ok(of(viewer, db, session.programme.id)? >= Some(Hand::Takes));
    }
    let is_module = kernel::record::find::<crate::Module>(db, owner)?.is_some();
    Ok(is_module && viewer.standing(db, owner)?.is_some())
}
