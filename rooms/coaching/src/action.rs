//! The plan of a cooperative: actions chosen together with it, each with who, when, at what cost, and its proof.

use jiff::civil::Date;
use kernel::kinds::{File, Long, Money, Multi, Ref};
use kernel::{Db, Id, Record, Result, choice, record, sql};
use programmes::Programme;
use registry::Organisation;

use crate::assessment::{Answers, Assessment};
use crate::instrument::{Edition, Item, Remedy};
use crate::scoring;

choice! {
    /// How far an action is.
    pub ActionStatus in "plan_action.status" { Agreed = "agreed", Doing = "doing", Done = "done", Dropped = "dropped" }
}

choice! {
    /// Who pays for an action.
    pub Funding in "plan_action.funding" {
        None = "none", Own = "own", Programme = "programme", Partner = "partner", Credit = "credit",
    }
}

record! {
    /// An action of the plan of a cooperative.
    pub Action in "plan_action" as "coaching.plan_action", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, assessment: Option<Ref<Assessment>>, item: Option<Ref<Item>>, title: Multi,
            owner: Option<String>, due: Option<Date>, status: ActionStatus, programme: Option<Ref<Programme>>,
        }
        means(File, File) { cost: Option<Money>, funding: Option<Funding> }
        outcome(File, File) { proof: Option<File>, note: Option<Long> }
    }
}

impl Action {
    /// True while something is still to be done.
    pub fn is_open(&self) -> bool {
        matches!(self.status, ActionStatus::Agreed | ActionStatus::Doing)
    }
}

/// The plan of an organisation: what is open first, by date.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Vec<Action>> {
    let query = sql(&format!(
        "select {} from plan_action where organisation = ?
         order by case when status in ('agreed', 'doing') then 0 else 1 end, coalesce(due, '9999'), id",
        Action::columns("")
    ))
    .bind(organisation)
    .open("the caller checked the standing at the organisation");
    db.rows(&query, Action::from_row)
}

/// Something that would help, with why it comes first.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Proposed {
    /// The remedy.
    pub remedy: Id,
    /// What to do.
    pub name: Multi,
    /// How easy: 1 hard, 3 easy.
    pub ease: i64,
    /// The item it would raise.
    pub item: Id,
    /// Code of the item.
    pub code: String,
    /// What the item is about.
    pub topic: Multi,
    /// The level it is at.
    pub level: i64,
    /// What that level looks like.
    pub now: Multi,
    /// What the next level looks like.
    pub next: Multi,
    /// True if the item is a gate.
    pub gate: bool,
    /// Weight × gap × ease.
    pub priority: i64,
}

/// Remedies for the gaps of an assessment, the most urgent first: by priority, gates before others, then by the order
/// of the items.
pub fn proposals(edition: &Edition, answers: &Answers, remedies: &[Remedy]) -> Vec<Proposed> {
    let mut found: Vec<(usize, Proposed)> = Vec::new();
    for (position, item) in edition.items.iter().enumerate() {
        let Some(level) = answers.get(&item.id).and_then(|answer| answer.level).filter(|level| *level < 4)
        else {
            continue;
        };
        let sentence = |n: i64| item.levels().get(n as usize).map(|text| (*text).clone()).unwrap_or_default();
        for remedy in remedies.iter().filter(|remedy| remedy.item.id == item.id) {
            let proposed = Proposed {
                remedy: remedy.id,
                name: remedy.name.clone(),
                ease: remedy.ease,
                item: item.id,
                code: item.code.clone(),
                topic: item.topic.clone(),
                level,
                now: sentence(level),
                next: sentence(level + 1),
                gate: item.gate,
                priority: scoring::priority(item.weight, level, remedy.ease),
            };
            found.push((position, proposed));
        }
    }
    found.sort_by_key(|(position, proposed)| (-proposed.priority, !proposed.gate, *position));
    found.into_iter().map(|(_, proposed)| proposed).collect()
}
