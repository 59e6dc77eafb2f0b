//! `/training/sessions/{training_session}`: what, where, when, who teaches, who comes.

use askama::Template;
use kernel::form::show_group;
use kernel::kinds::Names;
use kernel::{Ctx, Html, Id, Json, Record, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use crate::hand::Hand;
use crate::module::Module;
use crate::{attendance, half_day, invitation, module, participant, trainer};

/// A half-day with its roll-call.
#[derive(Serialize, JsonSchema)]
struct Day {
    id: Id,
    when: String,
    minutes: i64,
    /// Persons who were there, once the roll-call was taken.
    present: Option<usize>,
}

/// A session.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_session.html")]
pub(crate) struct SessionPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    session: Json,
    days: Vec<Day>,
    trainers: Vec<(Id, String)>,
    invited: usize,
    confirmed: usize,
    waiting: usize,
    /// Places that invited cooperatives hold.
    places: i64,
    listed: usize,
    present: usize,
    #[serde(skip)]
    #[schemars(skip)]
    shown: Shown,
}

struct Shown {
    cost: Html,
    objectives: Option<kernel::kinds::Multi>,
    subjects: Vec<programmes::finding::Subject>,
    module: Module,
    partner: Option<String>,
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Reads, "what")?;
        let marks = attendance::of(db, session.id)?;
        let days = half_day::of(db, session.id)?;
        let days = days.iter().map(|half| {
            let mine: Vec<_> = marks.iter().filter(|((day, _), _)| *day == half.id).collect();
            Day {
                id: half.id,
                when: half_day::when(w, half),
                minutes: half.minutes,
                present: (!mine.is_empty()).then(|| mine.iter().filter(|(_, mark)| mark.present).count()),
            }
        });
        let days = days.collect();
        let mut there: Vec<Id> =
            marks.iter().filter(|(_, mark)| mark.present).map(|((_, who), _)| *who).collect();
        there.sort();
        there.dedup();
        let invited = invitation::of(db, session.id)?;
        let count = |status| invited.iter().filter(|line| line.status == status).count();
        let record = kernel::record::get::<Module>(db, session.module.id)?;
        let names = match session.partner {
            Some(partner) => registry::organisation::names(db, &ctx.viewer, &[partner.id], w.lang)?,
            None => Names::new(),
        };
        Ok(SessionPage {
            w,
            session: session.json(Standing::Shared),
            days,
            trainers: trainer::of(db, session.id)?,
            invited: count(crate::InvitationStatus::Invited),
            confirmed: count(crate::InvitationStatus::Confirmed),
            waiting: count(crate::InvitationStatus::Waiting),
            places: invitation::held(&invited),
            listed: participant::of(db, session.id)?.len(),
            present: there.len(),
            shown: Shown {
                partner: names.values().next().cloned(),
                cost: show_group(
                    &crate::Session { partner: None, ..session },
                    "cost",
                    Standing::Shared,
                    &w,
                    &names,
                ),
                objectives: record.objectives.clone(),
                subjects: module::subjects(db, record.id)?,
                module: record,
            },
            head,
        })
    })?;
    ctx.page(page.head.name.best(w.lang), &page)
}
