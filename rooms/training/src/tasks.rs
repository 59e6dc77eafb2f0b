//! What training has for *my day*: a roll-call not taken yet, a freed place, a session nobody confirmed.

use kernel::room::Task;
use kernel::{Ctx, Db, Id, Result, sql};

use crate::half_day;
use crate::hand::{self, Hand};
use crate::invitation::{self, InvitationStatus};
use crate::session::{self, Line, SessionStatus};

/// Days before a session in which it should be confirmed.
const SOON: i64 = 3;

pub(crate) fn find(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !hand::teaches(&ctx.viewer) {
        return Ok(Vec::new());
    }
    let today = kernel::today();
    let coming = sql(" and s.status <> 'cancelled' and exists (select 1 from half_day d where d.session = s.id and d.day between ? and ?)")
        .bind(today.saturating_sub(jiff::ToSpan::days(7)))
        .bind(today.saturating_add(jiff::ToSpan::days(60)));
    let mut tasks = Vec::new();
    for line in session::list(db, &ctx.viewer, coming)? {
        let hand = hand::of(&ctx.viewer, db, line.programme)?;
        if hand >= Some(Hand::Takes) {
            roll_call(ctx, db, &line, &mut tasks)?;
        }
        if hand >= Some(Hand::Invites) && line.since.is_some_and(|since| since >= today) {
            invitations(ctx, db, &line, &mut tasks)?;
        }
    }
    Ok(tasks)
}

/// Half-days of today and the week before without a roll-call.
fn roll_call(ctx: &Ctx, db: &mut Db, line: &Line, tasks: &mut Vec<Task>) -> Result<()> {
    let today = kernel::today();
    for half in half_day::of(db, line.id)?.into_iter().filter(|half| half.day <= today) {
        if taken(db, half.id)? {
            continue;
        }
        let late = half.day < today;
        let key = if late { "task.roll_call_late" } else { "task.roll_call" };
        let date = half_day::when(ctx.w, &half);
        tasks.push(Task {
            tone: if late { "late" } else { "wait" },
            text: ctx.w.with(key, "date", &date),
            detail: line.name.best(ctx.w.lang).to_owned(),
            path: format!("/training/sessions/{}/roll-call?half_day={}", line.id, half.id),
        });
    }
    Ok(())
}

fn taken(db: &mut Db, half_day: Id) -> Result<bool> {
    let query = sql("select count(*) from attendance where half_day = ?").bind(half_day);
    Ok(db.one::<i64>(&query.open("the hand on the session was checked"))? > 0)
}

/// A place that the first who waits could take; cooperatives that have not answered three days before.
fn invitations(ctx: &Ctx, db: &mut Db, line: &Line, tasks: &mut Vec<Task>) -> Result<()> {
    let invited = invitation::of(db, line.id)?;
    let path = format!("/training/sessions/{}/invitations", line.id);
    let detail = line.name.best(ctx.w.lang).to_owned();
    if let Some(next) = invitation::next(&invited, line.capacity) {
        let name = next.name.best(ctx.w.lang);
        tasks.push(Task {
            tone: "wait",
            text: ctx.w.with("task.freed", "name", name),
            detail: detail.clone(),
            path: path.clone(),
        });
    }
    let open = invited.iter().filter(|line| line.status == InvitationStatus::Invited).count();
    let soon = kernel::today().saturating_add(jiff::ToSpan::days(SOON));
    let unconfirmed = open > 0 || line.status == SessionStatus::Planned;
    if unconfirmed && line.since.is_some_and(|since| since <= soon) {
        let date = ctx.w.date_or_dash(&line.since);
        tasks.push(Task { tone: "wait", text: ctx.w.with("task.unconfirmed", "date", &date), detail, path });
    }
    Ok(())
}
