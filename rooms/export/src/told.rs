//! Rules as a page tells them, and the counts above them.

use kernel::Words;
use kernel::kinds::Multi;
use schemars::JsonSchema;
use serde::Serialize;

use crate::file::OnFile;
use crate::ready::{self, Judged, Open, Standing, State};
use crate::rules::{Pack, Rank, Source};

/// A rule, how it stands, and what it rests on.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) standing: Standing,
    pub(crate) name: Multi,
    pub(crate) why: Multi,
    /// Where it is got.
    pub(crate) place: Multi,
    /// What is on file for it, and where it stands.
    pub(crate) record: Option<String>,
    pub(crate) path: Option<String>,
    /// The day it bears, and its last one.
    pub(crate) dated: Option<String>,
    pub(crate) until: Option<String>,
    /// True if what is on file ended.
    pub(crate) over: bool,
    /// Where it is filled in.
    pub(crate) fill: Option<String>,
    /// What must be known first.
    pub(crate) open: Option<Open>,
    pub(crate) sources: Vec<Source>,
    /// Who verified the rule and when; nobody so far if empty.
    pub(crate) verified_by: Option<String>,
    pub(crate) verified_on: Option<String>,
    /// How near its nearest source is to the text.
    pub(crate) rank: Rank,
}

impl Told {
    /// Key of the sentence that says what must be known.
    pub(crate) fn open_word(&self) -> &'static str {
        match self.open {
            Some(Open::Value) => "export_ready.open_value",
            Some(Open::Container) => "export_ready.open_container",
            Some(Open::Hs) | None => "export_ready.open_hs",
        }
    }

    /// Where what must be known is filled in: the form of the page, or the product.
    pub(crate) fn open_path(&self, product: &kernel::Id) -> String {
        match self.open {
            Some(Open::Value) => "#i-value".to_owned(),
            Some(Open::Container) => format!("/products/{product}/packs/new"),
            Some(Open::Hs) | None => format!("/products/{product}/edit"),
        }
    }
}

/// Rules that stand alike, under one title.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Part {
    pub(crate) standing: Standing,
    pub(crate) rules: Vec<Told>,
}

impl Part {
    /// Its code, for words and anchors.
    pub(crate) fn code(&self) -> &'static str {
        code(self.standing)
    }

    /// The colour that goes with its word.
    pub(crate) fn tone(&self) -> &'static str {
        match self.standing {
            Standing::Missing => "late",
            Standing::Waiting | Standing::Depends => "wait",
            Standing::Ready => "good",
            Standing::Know => "info",
        }
    }
}

/// The code of a standing.
fn code(standing: Standing) -> &'static str {
    match standing {
        Standing::Missing => "missing",
        Standing::Waiting => "waiting",
        Standing::Depends => "depends",
        Standing::Ready => "ready",
        Standing::Know => "know",
    }
}

/// How many rules stand how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Counts {
    pub(crate) ready: usize,
    pub(crate) missing: usize,
    /// On file and not to be relied on yet.
    pub(crate) waiting: usize,
    /// It cannot be said yet whether they apply.
    pub(crate) depends: usize,
}

impl Counts {
    pub(crate) fn of(judged: &[Judged<'_>]) -> Counts {
        let count = |standing| ready::count(judged, standing);
        Counts {
            ready: count(Standing::Ready),
            missing: count(Standing::Missing),
            waiting: count(Standing::Waiting),
            depends: count(Standing::Depends),
        }
    }

    /// What keeps it from leaving, as far as is known: missing, or not to be relied on yet.
    pub(crate) fn lacking(self) -> usize {
        self.missing + self.waiting
    }
}

/// The parts that hold anything, what is missing first.
pub(crate) fn parts(w: Words, pack: &Pack, on_file: &OnFile, judged: &[Judged<'_>]) -> Vec<Part> {
    let order = [Standing::Missing, Standing::Waiting, Standing::Depends, Standing::Ready, Standing::Know];
    let part = |standing| {
        let rules = judged.iter().filter(|one| one.standing == standing);
        Part { standing, rules: rules.map(|one| told(w, pack, on_file, one)).collect() }
    };
    order.into_iter().map(part).filter(|part| !part.rules.is_empty()).collect()
}

fn told(w: Words, pack: &Pack, on_file: &OnFile, one: &Judged<'_>) -> Told {
    let rule = one.rule;
    let sources: Vec<Source> = rule.source.iter().filter_map(|code| pack.source(code)).cloned().collect();
    Told {
        code: rule.code.clone(),
        standing: one.standing,
        name: rule.name.clone(),
        why: rule.why.clone(),
        place: rule.place.clone(),
        record: one.held.map(|held| held.told.clone()),
        path: one.held.map(|held| held.path.clone()),
        dated: one.held.and_then(|held| held.dated).map(|day| w.date(&day)),
        until: one.held.and_then(|held| held.until).map(|day| w.date(&day)),
        over: one.held.is_some_and(|held| held.state == State::Over),
        // What is there and waits is mended where it stands.
        fill: (one.standing == Standing::Missing).then(|| on_file.fill(&rule.needs)).flatten(),
        open: one.open,
        rank: sources.iter().map(|source| source.rank).min().unwrap_or(Rank::Memory),
        sources,
        verified_by: (!rule.verified_by.is_empty()).then(|| rule.verified_by.clone()),
        verified_on: rule.verified_on.map(|day| w.date(&day)),
    }
}
