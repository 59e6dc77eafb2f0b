//! What a session gave: who was there, what they thought, what they learnt, what changed afterwards.

use askama::Template;
use kernel::kinds::{Long, Multi};
use kernel::{Ctx, Db, Html, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::Head;
use super::certificates;
use super::reactions::face;
use crate::behaviour::{self, Behaviour, Group};
use crate::figures::{self, Figures, Scope, hours};
use crate::hand::Hand;
use crate::measure::{self, Ratio};
use crate::reaction::{self, LINES, Reaction};
use crate::session::Session;
use crate::{completion, participant, score};

/// What was learnt, on persons with both tests; numbers as they are shown.
#[derive(Serialize, JsonSchema)]
struct Learning {
    pairs: usize,
    /// Mean gain in points of percent.
    gain: Option<String>,
    gain_median: Option<String>,
    /// Mean normalised gain, from below 0 to 1; nothing when nobody has one.
    normalised: Option<String>,
    normalised_median: Option<String>,
    measured: usize,
    full_before: usize,
    /// Persons with two tests that cannot be compared.
    apart: usize,
}

/// A line of faces.
#[derive(Serialize, JsonSchema)]
struct Faces {
    line: &'static str,
    count: usize,
    mean: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    face: Html,
    #[serde(skip)]
    #[schemars(skip)]
    width: i64,
}

/// Somebody and whether she completed the session.
#[derive(Serialize, JsonSchema)]
struct Completed {
    participant: Id,
    name: Multi,
    hours: String,
    score: Option<String>,
    complete: bool,
}

/// What a session gave.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_results.html")]
pub(crate) struct ResultsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    figures: Figures,
    completed: usize,
    /// By name, for whoever takes the roll-call.
    completions: Vec<Completed>,
    /// For whoever takes the roll-call.
    certificates: Vec<certificates::Line>,
    learning: Learning,
    reactions: usize,
    /// Percent of the persons present who said what they thought.
    response: Option<i64>,
    faces: Vec<Faces>,
    remarks: Vec<Long>,
    behaviour: Option<Behaviour>,
    #[serde(skip)]
    #[schemars(skip)]
    window: String,
    /// Address and query of the lists behind the figures, for whoever may read them.
    #[serde(skip)]
    #[schemars(skip)]
    lists: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    exports: Option<(String, String)>,
}

impl ResultsPage {
    fn certificate(&self, participant: &Id) -> Option<&certificates::Line> {
        self.certificates.iter().find(|line| line.participant == *participant)
    }
    /// How many completed the session and have no certificate yet, or one that nobody believes.
    fn owed(&self) -> usize {
        let owed = |participant| self.certificate(participant).is_none_or(|one| one.unbelieved);
        self.completions.iter().filter(|line| line.complete && owed(&line.participant)).count()
    }
    fn printed(&self) -> bool {
        self.certificates.iter().any(|line| !line.revoked && !line.unbelieved)
    }
    fn hours(&self, minutes: &i64) -> String {
        hours(self.w, *minutes)
    }
    fn groups<'a>(&self, behaviour: &'a Behaviour) -> [(&'static str, &'a Group); 2] {
        [("trained", &behaviour.trained), ("others", &behaviour.others)]
    }
}

fn percent_points(w: Words, ratio: Ratio) -> String {
    signed(w, ratio.rounded(3), 1)
}

fn signed(w: Words, mantissa: i64, places: u8) -> String {
    let shown = w.decimal(mantissa, places);
    if mantissa > 0 { format!("+{shown}") } else { shown }
}

fn learning(db: &mut Db, w: Words, session: Id) -> Result<Learning> {
    let (pairs, apart) = score::pairs(&score::of(db, session)?);
    let gains = measure::gains(&pairs);
    let hundredths = |ratio: Ratio| w.decimal(ratio.rounded(2), 2);
    Ok(Learning {
        pairs: gains.pairs,
        gain: gains.mean.map(|ratio| percent_points(w, ratio)),
        gain_median: gains.median.map(|ratio| percent_points(w, ratio)),
        normalised: gains.normalised.map(hundredths),
        normalised_median: gains.normalised_median.map(hundredths),
        measured: gains.measured,
        full_before: gains.full_before,
        apart,
    })
}

fn faces(w: Words, reactions: &[Reaction]) -> Vec<Faces> {
    let lines = LINES.iter().enumerate().map(|(n, line)| {
        let (count, mean) = reaction::summary(reactions, n);
        Faces {
            line,
            count,
            face: face(mean.map_or(3, |mean| mean.rounded(0))),
            width: mean.map_or(0, |mean| mean.rounded(2) / 5),
            mean: mean.map(|mean| w.decimal(mean.rounded(1), 1)),
        }
    });
    lines.collect()
}

/// Whoever was there or did the test, and how far she came.
fn completions(db: &mut Db, w: Words, session: &Session) -> Result<Vec<Completed>> {
    let names = participant::of(db, session.id)?;
    let came = completion::completions(db, session.id)?;
    let came = came.into_iter().filter(|line| line.present > 0 || line.score.is_some());
    let told = came.filter_map(|line| {
        Some(Completed {
            participant: line.participant,
            name: names.iter().find(|name| name.id == line.participant)?.name.clone(),
            hours: format!("{} / {}", hours(w, line.present), hours(w, line.minutes)),
            score: line.score.map(|(right, of)| format!("{right} / {of}")),
            complete: line.complete,
        })
    });
    Ok(told.collect())
}

pub(super) fn page(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (session, head) = super::open(ctx, db, Hand::Reads, "results")?;
        let scope =
            Scope { programme: session.programme.id, session: Some(session.id), from: None, to: None };
        let figures = figures::count(w, &figures::trained(db, &scope)?);
        let reactions = reaction::of(db, session.id)?;
        let completions = completions(db, w, &session)?;
        let behaviour = if head.invites() { behaviour::of(db, &ctx.viewer, &session)? } else { None };
        let takes = head.takes();
        let base = format!("/programmes/{}/training", session.programme.id);
        let share = (reactions.len() as i64 * 100 + figures.persons / 2).checked_div(figures.persons);
        Ok(ResultsPage {
            w,
            completed: completions.iter().filter(|line| line.complete).count(),
            completions: if takes { completions } else { Vec::new() },
            certificates: if takes { certificates::lines(db, session.id)? } else { Vec::new() },
            learning: learning(db, w, session.id)?,
            response: share,
            faces: faces(w, &reactions),
            // What was written freely can tell who wrote it.
            remarks: if takes {
                reactions.iter().filter_map(|r| r.remark.clone()).collect()
            } else {
                Vec::new()
            },
            reactions: reactions.len(),
            window: behaviour
                .as_ref()
                .map(|b| format!("{} – {}", w.date(&b.from), w.date(&b.to)))
                .unwrap_or_default(),
            behaviour,
            lists: takes.then(|| format!("{base}/people?session={}", session.id)),
            exports: takes.then(|| (format!("{base}/export"), format!("?session={}", session.id))),
            figures,
            head,
        })
    })?;
    ctx.page(&w.t("results.title"), &page)
}
