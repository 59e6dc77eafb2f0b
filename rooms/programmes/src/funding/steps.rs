//! How far a file is, from the request to the last inspection.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::GrantOutcome;
use super::sums::Line;

/// A step of a file; its words stand under `funding.step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It was asked for.
    Request,
    /// Suppliers were compared and one was chosen.
    Quotations,
    /// The committee granted it.
    Decision,
    /// The cooperative gave its own part.
    OwnPart,
    /// The grant was paid.
    Payments,
    /// It was bought.
    Purchase,
    /// All of it was handed over.
    HandOver,
    /// All of it was looked at after twelve months.
    Inspections,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It is done.
    Done,
    /// It comes next.
    Next,
    /// It comes later.
    Later,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; 8] = [
        Step::Request,
        Step::Quotations,
        Step::Decision,
        Step::OwnPart,
        Step::Payments,
        Step::Purchase,
        Step::HandOver,
        Step::Inspections,
    ];

    /// The key of its word.
    pub fn code(self) -> &'static str {
        match self {
            Step::Request => "request",
            Step::Quotations => "quotations",
            Step::Decision => "decision",
            Step::OwnPart => "own_part",
            Step::Payments => "payments",
            Step::Purchase => "purchase",
            Step::HandOver => "hand_over",
            Step::Inspections => "inspections",
        }
    }

    fn done(self, line: &Line) -> bool {
        match self {
            Step::Request => true,
            Step::Quotations => line.chosen,
            Step::Decision => line.outcome == Some(GrantOutcome::Granted),
            Step::OwnPart => line.own_given >= line.funding.own(),
            Step::Payments => line.granted > 0 && line.paid >= line.granted,
            Step::Purchase => line.bought > 0,
            Step::HandOver => line.pieces > 0 && line.handed == line.pieces,
            Step::Inspections => line.pieces > 0 && line.followed == line.pieces,
        }
    }
}

/// The steps of a file. A refused request has no next step.
pub fn steps(line: &Line) -> Vec<(Step, StepState)> {
    let mut next = line.outcome != Some(GrantOutcome::Refused);
    let state = |step: Step| {
        if step.done(line) {
            (step, StepState::Done)
        } else if std::mem::take(&mut next) {
            (step, StepState::Next)
        } else {
            (step, StepState::Later)
        }
    };
    Step::ALL.into_iter().map(state).collect()
}

/// The next step, if there is one.
pub(crate) fn next(line: &Line) -> Option<Step> {
    steps(line).into_iter().find(|(_, state)| *state == StepState::Next).map(|(step, _)| step)
}

/// A day in a list of what comes: how a chip for it is toned.
pub(crate) fn tone(due: Date, today: Date) -> &'static str {
    if due < today { "late" } else { "wait" }
}
