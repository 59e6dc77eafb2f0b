//! What an assessment says, put in order for a page, a sheet or a program.

use kernel::kinds::{Choice, Multi};
use kernel::{Ctx, Db, Html, Id, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::assessment::{self, Answers, Assessment};
use crate::instrument::{Edition, Item};
use crate::reliability::{self, Agreement};
use crate::scoring::{self, Change, Given, Outcome};

/// An item with its answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ItemLine {
    /// Id of the item.
    pub id: Id,
    /// Its code.
    pub code: String,
    /// What it is about.
    pub topic: Multi,
    /// True if a low level holds the stage down.
    pub gate: bool,
    /// True once it was answered, also with *not applicable*.
    pub answered: bool,
    /// The level, if it applies.
    pub level: Option<i64>,
    /// What that level looks like.
    pub sentence: Option<Multi>,
    /// How sure: `said`, `seen`, `attached` or `confirmed`.
    pub evidence: Option<&'static str>,
    /// What the coach noted.
    pub note: Option<String>,
    /// The document or photo.
    pub file: Option<String>,
    /// True if the coach answered otherwise than the records proposed.
    pub contested: bool,
    /// True if the level counts for less than it says, for want of evidence.
    pub unproven: bool,
    /// The level of the round before, if it asked the same.
    pub before: Option<i64>,
    /// Where it is answered.
    pub path: String,
}

/// A dimension with its scores.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DimensionLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Multi,
    /// Declared score in permille.
    pub declared: Option<i64>,
    /// Verified score in permille.
    pub verified: Option<i64>,
    /// Difference of the verified score to the round before, on the items of both, in permille.
    pub change: Option<i64>,
    /// Its items that were asked.
    pub items: Vec<ItemLine>,
}

/// The round before, for comparison.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Before {
    /// Its assessment.
    pub assessment: Id,
    /// When it was held.
    #[schemars(with = "String")]
    pub held: jiff::civil::Date,
    /// What moved.
    pub change: Change,
    /// Its verified scores by dimension, in permille.
    pub verified: Vec<Option<i64>>,
}

/// A second assessor's view.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Second {
    /// The other assessment.
    pub assessment: Id,
    /// How far the two agree.
    pub agreement: Agreement,
}

/// What an assessment says.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Scores and stage.
    pub outcome: Outcome,
    /// Dimensions in order, with their items.
    pub dimensions: Vec<DimensionLine>,
    /// Gates that hold the stage down.
    pub gates: Vec<ItemLine>,
    /// The round before with the same edition.
    pub before: Option<Before>,
    /// The second assessor's view, if both are concluded.
    pub second: Option<Second>,
}

/// Reads what an assessment says. The caller has checked the viewer's standing.
pub fn of(_: &Ctx, db: &mut Db, edition: &Edition, assessment: &Assessment) -> Result<Report> {
    let answers = assessment::answers(db, assessment.id)?;
    let marks = assessment::marks(edition, assessment, &answers);
    let outcome = scoring::score(&marks, &edition.weights());
    let earlier = assessment::before(db, assessment)?;
    let earlier = match earlier {
        Some(earlier) => {
            let answers = assessment::answers(db, earlier.id)?;
            let marks = assessment::marks(edition, &earlier, &answers);
            Some((earlier, answers, marks))
        }
        None => None,
    };
    let before = earlier.as_ref().map(|(earlier, _, old)| Before {
        assessment: earlier.id,
        held: earlier.held,
        change: scoring::change(old, &marks, &edition.weights()),
        verified: scoring::score(old, &edition.weights()).verified.dimensions,
    });
    let old_answers = earlier.map(|(_, answers, _)| answers).unwrap_or_default();
    let mut lines: Vec<Vec<ItemLine>> = edition.dimensions.iter().map(|_| Vec::new()).collect();
    for item in edition.items.iter().filter(|item| assessment.asks(item)) {
        if let Some(lines) = lines.get_mut(edition.dimension_of(item)) {
            lines.push(line(assessment, item, &answers, &old_answers));
        }
    }
    let dimensions: Vec<DimensionLine> = edition
        .dimensions
        .iter()
        .zip(lines)
        .enumerate()
        .map(|(i, (dimension, items))| DimensionLine {
            code: dimension.code.clone(),
            name: dimension.name.clone(),
            declared: outcome.declared.dimensions[i],
            verified: outcome.verified.dimensions[i],
            change: before.as_ref().and_then(|before| before.change.dimensions[i]),
            items,
        })
        .collect();
    let held_down = |item: &ItemLine| {
        item.gate
            && match answers.get(&item.id).map(crate::assessment::Answer::given) {
                Some(Given::Level(level, grade)) => scoring::verified(level, grade) <= 2,
                Some(_) => false,
                None => true,
            }
    };
    Ok(Report {
        gates: dimensions.iter().flat_map(|d| &d.items).filter(|line| held_down(line)).cloned().collect(),
        second: second(db, assessment, &answers)?,
        outcome,
        dimensions,
        before,
    })
}

fn line(assessment: &Assessment, item: &Item, answers: &Answers, before: &Answers) -> ItemLine {
    let answer = answers.get(&item.id);
    let level = answer.and_then(|answer| answer.level);
    ItemLine {
        id: item.id,
        code: item.code.clone(),
        topic: item.topic.clone(),
        gate: item.gate,
        answered: answer.is_some(),
        level,
        sentence: level.and_then(|n| item.levels().get(n as usize).map(|text| (*text).clone())),
        evidence: answer.map(|answer| answer.evidence.code()),
        note: answer.and_then(|answer| answer.note.clone()).map(|note| note.0),
        file: answer.and_then(|answer| answer.file.clone()).map(|file| file.0),
        contested: answer.is_some_and(|answer| answer.proposed.is_some() && answer.proposed != answer.level),
        unproven: match answer.map(crate::assessment::Answer::given) {
            Some(Given::Level(level, grade)) => scoring::verified(level, grade) < level,
            _ => false,
        },
        before: before.get(&item.id).and_then(|answer| answer.level),
        path: crate::pages::question_path(assessment.id, item.id),
    }
}

/// The agreement with the second assessor, seen from either of the two.
fn second(db: &mut Db, assessment: &Assessment, answers: &Answers) -> Result<Option<Second>> {
    let other = match assessment.repeats {
        Some(first) => Some(kernel::record::get::<Assessment>(db, first.id)?),
        None => assessment::repetition(db, assessment.id)?,
    };
    let Some(other) = other.filter(|_| assessment.concluded.is_some()) else { return Ok(None) };
    let theirs = assessment::answers(db, other.id)?;
    let pairs = pairs(answers, &theirs);
    Ok(Some(Second { assessment: other.id, agreement: reliability::agreement(&pairs) }))
}

/// Levels that two assessors gave to the same items.
pub fn pairs(ours: &Answers, theirs: &Answers) -> Vec<(i64, i64)> {
    ours.iter().filter_map(|(item, ours)| Some((ours.level?, theirs.get(item)?.level?))).collect()
}

impl Report {
    /// The radar of the verified scores, with the round before in dashes.
    pub fn radar(&self, w: Words) -> Html {
        let axes: Vec<String> = self.dimensions.iter().map(|dimension| dimension.code.clone()).collect();
        if axes.len() < 3 {
            return Html::default();
        }
        let part = |permille: &Option<i64>| permille.map(|n| n as f64 / 1000.0);
        let mut spokes = Vec::new();
        if let Some(before) = &self.before {
            let values = before.verified.iter().map(part).collect();
            spokes.push(atlas::Spoke { series: 4, dashed: true, values });
        }
        let values = self.dimensions.iter().map(|dimension| part(&dimension.verified)).collect();
        spokes.push(atlas::Spoke { series: 1, dashed: false, values });
        let radar = atlas::Radar {
            axes: &axes,
            spokes: &spokes,
            rtl: w.lang.dir() == "rtl",
            label: &w.t("radar.label"),
        };
        Html(radar.svg())
    }
}

/// The tone of a stage, among those of the style.
pub fn tone(stage: scoring::Stage) -> &'static str {
    match stage {
        scoring::Stage::Fragile => "late",
        scoring::Stage::Emerging => "wait",
        scoring::Stage::Structured => "info",
        scoring::Stage::Autonomous => "good",
    }
}
