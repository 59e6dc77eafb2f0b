//! Pages of training, a file each.

mod cards;
mod certificates;
mod export;
mod home;
mod invitations;
mod keys;
mod modules;
mod participants;
mod people;
mod programme;
mod reactions;
mod results;
mod roll_call;
mod show;
mod tests;
mod verify;

use kernel::kinds::Multi;
use kernel::piece;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Id, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::half_day::{self, HalfDay};
use crate::hand::{self, Hand};
use crate::module::{Material, Module};
use crate::question::Question;
use crate::session::{Session, SessionStatus};
use crate::trainer::SessionTrainer;

/// Roles that write modules.
const MANAGERS: &[&str] = &["administrator", "manager"];

/// What lists of people are narrowed by.
const CUTS: &[&str] = &["sex", "age", "organisation", "role", "first", "from", "to", "session"];

pub(crate) fn routes() -> Vec<Route> {
    const SESSION: &str = "/training/sessions/{training_session}";
    let mut routes = vec![
        get("/training", home::home).answers::<home::HomePage>(),
        get("/training/modules", modules::list).answers::<modules::ListPage>(),
        get("/training/modules/new", modules::new).role(MANAGERS),
        post("/training/modules", modules::create).role(MANAGERS).takes::<Module>(),
        get("/training/modules/{module}", modules::show).answers::<modules::ModulePage>(),
        get("/training/modules/{module}/edit", modules::edit),
        get("/training/modules/{module}/recordings", modules::recordings)
            .query(&["tongue", "missing", "from"]),
        post("/training/modules/{module}", modules::change).takes::<Module>(),
        get("/programmes/{programme}/training", programme::page)
            .query(&["from", "to"])
            .answers::<programme::ProgrammePage>(),
        get("/programmes/{programme}/training/people", people::list)
            .query(CUTS)
            .answers::<people::PeoplePage>(),
        get("/programmes/{programme}/training/export/{format}", export::export).query(CUTS),
        get(SESSION, show::show).answers::<show::SessionPage>(),
    ];
    routes.extend(of_session());
    routes.extend(certificates::routes());
    routes.extend(keys::routes());
    routes.extend(verify::routes());
    routes.extend(piece::routes::<Question>("/training/modules/{module}"));
    routes.extend(piece::routes::<Material>("/training/modules/{module}"));
    routes.extend(piece::routes::<Session>("/programmes/{programme}"));
    let half_days = piece::routes::<HalfDay>(SESSION);
    routes.extend(half_days.into_iter().filter(|route| !route.path.ends_with("/remove")));
    routes.push(post("/half-days/{half_day}/remove", half_day::remove));
    routes.extend(piece::routes::<SessionTrainer>(SESSION));
    routes
}

fn of_session() -> Vec<Route> {
    vec![
        get("/training/sessions/{training_session}/invitations", invitations::page)
            .answers::<invitations::InvitationsPage>(),
        post("/training/sessions/{training_session}/invitations", invitations::invite),
        post("/training/sessions/{training_session}/invitations/messages", invitations::tell),
        post("/training-invitations/{training_invitation}", invitations::answer),
        get("/training/sessions/{training_session}/people", participants::page)
            .answers::<participants::ParticipantsPage>(),
        post("/training/sessions/{training_session}/people", participants::list),
        post("/training/sessions/{training_session}/people/{participant}/remove", participants::remove),
        get("/training/sessions/{training_session}/roll-call", roll_call::page)
            .query(&["half_day", "default"])
            .answers::<roll_call::RollCallPage>(),
        post("/training/sessions/{training_session}/roll-call", roll_call::save),
        post("/training/sessions/{training_session}/roll-call/people", roll_call::welcome),
        post("/training/sessions/{training_session}/roll-call/sheets", roll_call::sheet).upload(),
        get("/training/sessions/{training_session}/cards", cards::page).query(&["participant"]),
        get("/attendance/{training_session}/{participant}", cards::arrive),
        post("/attendance/{training_session}/{participant}", cards::arrived),
        get("/training/sessions/{training_session}/tests", tests::page).answers::<tests::TestsPage>(),
        post("/training/sessions/{training_session}/tests", tests::save),
        get("/training/sessions/{training_session}/tests/{participant}", tests::one).query(&["moment"]),
        post("/training/sessions/{training_session}/tests/{participant}", tests::save_one),
        get("/training/sessions/{training_session}/reactions", reactions::page)
            .answers::<reactions::ReactionsPage>(),
        post("/training/sessions/{training_session}/reactions", reactions::save),
        get("/training/sessions/{training_session}/results", results::page).answers::<results::ResultsPage>(),
    ]
}

/// What stands at the top of every page of a session.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Head {
    id: Id,
    programme: Id,
    programme_name: Multi,
    module: Id,
    name: Multi,
    dates: String,
    place: Option<String>,
    venue: Option<String>,
    status: SessionStatus,
    capacity: i64,
    /// What the viewer's hand may do here.
    hand: Hand,
    #[serde(skip)]
    #[schemars(skip)]
    tab: &'static str,
}

impl Head {
    fn of(db: &mut Db, w: Words, session: &Session, hand: Hand, tab: &'static str) -> Result<Head> {
        let days = half_day::span(&half_day::of(db, session.id)?);
        let programme = kernel::record::get::<programmes::Programme>(db, session.programme.id)?;
        Ok(Head {
            id: session.id,
            programme: programme.id,
            programme_name: programme.name,
            module: session.module.id,
            name: session.name(db)?,
            dates: half_day::dates(w, days.map(|(since, _)| since), days.map(|(_, until)| until)),
            place: session.place.as_ref().map(|place| place.division.clone()),
            venue: session.venue.clone(),
            status: session.status,
            capacity: session.capacity,
            hand,
            tab,
        })
    }
    fn takes(&self) -> bool {
        self.hand >= Hand::Takes
    }
    fn invites(&self) -> bool {
        self.hand >= Hand::Invites
    }
    fn plans(&self) -> bool {
        self.hand >= Hand::Plans
    }
    fn tone(&self) -> &'static str {
        match self.status {
            SessionStatus::Planned => "wait",
            SessionStatus::Open => "info",
            SessionStatus::Held => "good",
            SessionStatus::Cancelled => "plain",
        }
    }
    /// The pages of the session that this hand opens: their last part and the key of their name.
    fn tabs(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("", Hand::Reads),
            ("invitations", Hand::Invites),
            ("people", Hand::Takes),
            ("roll-call", Hand::Takes),
            ("tests", Hand::Takes),
            ("reactions", Hand::Takes),
            ("results", Hand::Reads),
        ];
        let open = all.into_iter().filter(|(_, least)| *least <= self.hand);
        open.map(|(part, _)| (part, if part.is_empty() { "what" } else { part })).collect()
    }
}

/// The session in the address with the top of its page.
fn open(ctx: &Ctx, db: &mut Db, least: Hand, tab: &'static str) -> Result<(Session, Head)> {
    let (session, hand) = hand::session(ctx, db, least)?;
    let head = Head::of(db, ctx.w, &session, hand, tab)?;
    Ok((session, head))
}

/// The instant that a device gave with its form, in milliseconds.
fn device_at(ctx: &Ctx) -> Option<i64> {
    ctx.form.parse::<i64>("at").filter(|at| *at > 0)
}
