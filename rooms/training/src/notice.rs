//! An invitation told by SMS: date and place of a session, to whoever answers for an invited cooperative, and to those on
//! the list who agreed to be called.

use kernel::kinds::{Choice, Phone};
use kernel::{Ctx, Db, Error, Id, Lang, Result, Tx};
use people::{Account, Draft, MessageKind, Person, Purpose, RoleKind, Tongue};
use registry::Organisation;

use crate::half_day;
use crate::invitation::{InvitationStatus, Line};
use crate::participant;
use crate::session::Session;

/// Somebody who is told.
pub(crate) struct Recipient {
    /// The cooperative that this number answers for; nothing for somebody on the list.
    pub(crate) organisation: Option<Id>,
    /// Id of the message: another one if the dates or the place change.
    pub(crate) message: Id,
    name: String,
    phone: Phone,
    lang: Lang,
    places: i64,
}

/// What a session says of itself in a message, the same in every language.
fn turn(session: &Session, days: &[half_day::HalfDay], phone: &Phone) -> String {
    let place = session.place.as_ref().map(|place| place.division.as_str()).unwrap_or_default();
    let venue = session.venue.as_deref().unwrap_or_default();
    format!("{} {:?} {place} {venue}", phone.0, half_day::span(days))
}

/// Who is told of a session. Most members read Arabic, so it is the language of whoever did not say otherwise.
pub(crate) fn recipients(db: &mut Db, session: &Session, invited: &[Line]) -> Result<Vec<Recipient>> {
    let days = half_day::of(db, session.id)?;
    let mut found: Vec<Recipient> = Vec::new();
    let mut add = |organisation, name: String, phone: Phone, lang, places| {
        if !found.iter().any(|other| other.phone == phone) {
            let message = people::message_id("invitation", session.id, &turn(session, &days, &phone));
            found.push(Recipient { organisation, message, name, phone, lang, places });
        }
    };
    let holds = |line: &&Line| matches!(line.status, InvitationStatus::Invited | InvitationStatus::Confirmed);
    for line in invited.iter().filter(holds) {
        let mut answered = false;
        for holder in people::holders(db, &registry::organisation::scope(line.organisation))? {
            let account = kernel::record::get::<Account>(db, holder.account)?;
            if let (RoleKind::Representative, Some(phone)) = (holder.kind, account.phone) {
                let lang = account.language.and_then(|language| Lang::from_code(language.code()));
                add(Some(line.organisation), account.name, phone, lang.unwrap_or(Lang::Ar), line.places);
                answered = true;
            }
        }
        let organisation = kernel::record::get::<Organisation>(db, line.organisation)?;
        if let (false, Some(phone)) = (answered, organisation.phone) {
            add(Some(line.organisation), line.name.best(Lang::Ar).to_owned(), phone, Lang::Ar, line.places);
        }
    }
    for line in participant::of(db, session.id)? {
        let person = kernel::record::get::<Person>(db, line.person)?;
        if let (false, Some(phone)) = (person.erased, person.phone)
            && people::consents_to(db, line.person, Purpose::Contact)?
        {
            let reads = person.reads.map(|reads| reads.0).unwrap_or_default();
            let french = reads.contains(&Tongue::French) && !reads.contains(&Tongue::Arabic);
            let lang = if french { Lang::Fr } else { Lang::Ar };
            add(None, line.name.best(lang).to_owned(), phone, lang, 0);
        }
    }
    Ok(found)
}

/// Writes a message to everybody who was not told of this session as it is now; answers to how many.
pub(crate) fn tell(ctx: &Ctx, tx: &mut Tx<'_>, session: &Session, invited: &[Line]) -> Result<usize> {
    let recipients = recipients(tx, session, invited)?;
    let days = half_day::span(&half_day::of(tx, session.id)?);
    let (Some((since, until)), false) = (days, recipients.is_empty()) else {
        return Err(Error::refused(if days.is_none() {
            "invitations.no_dates"
        } else {
            "invitations.nobody"
        }));
    };
    let ids: Vec<Id> = recipients.iter().map(|recipient| recipient.message).collect();
    let told = people::messages(tx, &ids)?;
    let name = session.name(tx)?;
    let mut written = 0;
    for recipient in recipients.into_iter().filter(|recipient| !told.contains_key(&recipient.message)) {
        let w = ctx.w.speak(recipient.lang);
        let place = session.place.as_ref().map(|place| w.place(&place.division));
        let place = [session.venue.clone(), place].into_iter().flatten().collect::<Vec<_>>();
        let key = if recipient.organisation.is_some() { "invitations.sms" } else { "invitations.sms_person" };
        let text = w.args(
            key,
            &[
                ("name", name.best(recipient.lang).to_owned()),
                ("dates", half_day::dates(w, Some(since), Some(until))),
                ("place", if place.is_empty() { "–".to_owned() } else { place.join(&w.t("comma")) }),
                ("places", recipient.places.to_string()),
            ],
        );
        people::send_message(
            tx,
            &Draft {
                id: recipient.message,
                kind: MessageKind::Invitation,
                about: session.programme.id,
                name: recipient.name,
                phone: recipient.phone,
                lang: recipient.lang,
                text,
                secret: None,
            },
        )?;
        written += 1;
    }
    Ok(written)
}
