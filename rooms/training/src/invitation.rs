//! An invitation: so many places of a session offered to a cooperative. Beyond the capacity it waits.

use jiff::civil::Date;
use kernel::kinds::{Multi, Ref};
use kernel::{Db, Error, Id, Record, Result, Tx, choice, record, sql};
use programmes::Programme;
use registry::Organisation;

use crate::session::Session;

choice! {
    /// How an invitation stands.
    pub InvitationStatus in "training_invitation.status" {
        Invited = "invited", Confirmed = "confirmed", Declined = "declined", Waiting = "waiting",
    }
}

record! {
    /// Places of a session offered to a cooperative.
    pub Invitation in "training_invitation" as "training.training_invitation", about organisation {
        main(Shared, File) {
            programme: Ref<Programme>, session: Ref<Session>, organisation: Ref<Organisation>, places: i64,
            status: InvitationStatus, asked: Date,
        }
    }
}

/// An invitation with the name of whom it goes to.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    pub(crate) id: Id,
    pub(crate) version: i64,
    pub(crate) organisation: Id,
    pub(crate) name: Multi,
    pub(crate) places: i64,
    pub(crate) status: InvitationStatus,
}

impl Line {
    /// The word for its state has this tone.
    pub(crate) fn tone(&self) -> &'static str {
        match self.status {
            InvitationStatus::Confirmed => "good",
            InvitationStatus::Invited => "info",
            InvitationStatus::Waiting => "wait",
            InvitationStatus::Declined => "plain",
        }
    }
}

/// The invitations of a session: those that hold places, then who waits in the order of asking, then who declined.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<Line>> {
    let query = sql("select i.id, i.version, o.id, o.name, i.places, i.status from training_invitation i
                     join organisation o on o.id = i.organisation where i.session = ?
                     order by case i.status when 'declined' then 2 when 'waiting' then 1 else 0 end, i.asked, i.id");
    db.rows(&query.bind(session).open("the hand on the session was checked"), |row| {
        Ok(Line {
            id: row.take()?,
            version: row.take()?,
            organisation: row.take()?,
            name: row.take()?,
            places: row.take()?,
            status: row.take()?,
        })
    })
}

/// Places that invited and confirmed cooperatives hold.
pub(crate) fn held(lines: &[Line]) -> i64 {
    let holds = |line: &&Line| matches!(line.status, InvitationStatus::Invited | InvitationStatus::Confirmed);
    lines.iter().filter(holds).map(|line| line.places).sum()
}

/// The first who waits and for whom there is room now.
pub(crate) fn next(lines: &[Line], capacity: i64) -> Option<&Line> {
    let free = capacity - held(lines);
    let first = lines.iter().find(|line| line.status == InvitationStatus::Waiting)?;
    (first.places <= free).then_some(first)
}

/// Invites a cooperative; it waits if the session has not so many places left. More places than the session has are
/// refused; inviting it again changes nothing.
pub(crate) fn invite(tx: &mut Tx<'_>, session: &Session, organisation: Id, places: i64) -> Result<()> {
    let lines = of(tx, session.id)?;
    if lines.iter().any(|line| line.organisation == organisation) {
        return Ok(());
    }
    if places > session.capacity {
        return Err(Error::refused("training_invitation.full"));
    }
    let waits = lines.iter().any(|line| line.status == InvitationStatus::Waiting);
    let room = !waits && held(&lines) + places <= session.capacity;
    let invitation = Invitation {
        id: Id::new(),
        version: 1,
        programme: session.programme,
        session: session.id.into(),
        organisation: organisation.into(),
        places,
        status: if room { InvitationStatus::Invited } else { InvitationStatus::Waiting },
        asked: kernel::today(),
    };
    kernel::record::insert(tx, &invitation)
}

/// Moves an invitation; places beyond the capacity are refused, and nobody overtakes who waits longer.
pub(crate) fn answer(
    tx: &mut Tx<'_>,
    session: &Session,
    id: Id,
    version: i64,
    status: InvitationStatus,
) -> Result<()> {
    let there = kernel::record::get::<Invitation>(tx, id)?;
    if there.status == status {
        return Ok(());
    }
    if there.version() != version {
        return Err(Error::refused("error.stale_all"));
    }
    let lines = of(tx, session.id)?;
    let takes = matches!(status, InvitationStatus::Invited | InvitationStatus::Confirmed);
    let held_already = matches!(there.status, InvitationStatus::Invited | InvitationStatus::Confirmed);
    if takes && !held_already {
        if held(&lines) + there.places > session.capacity {
            return Err(Error::refused("training_invitation.full"));
        }
        let first = lines.iter().find(|line| line.status == InvitationStatus::Waiting);
        if first.is_some_and(|first| first.id != id) {
            return Err(Error::refused("training_invitation.order"));
        }
    }
    kernel::record::update(tx, &Invitation { status, ..there })
}
