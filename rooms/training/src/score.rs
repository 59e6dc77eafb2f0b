//! A test of a participant, before or after the session: how many right answers out of how many.

use kernel::kinds::{Choice, Long, Ref};
use kernel::{Db, Id, Record, Result, Tx, choice, record, sql};
use programmes::Programme;

use crate::measure::Pair;
use crate::participant::Participant;
use crate::question::{Letter, Question};
use crate::session::Session;

choice! {
    /// Before or after the session.
    pub Moment in "test_score.moment" { Before = "before", After = "after" }
}

choice! {
    /// How the test was done: half of the members do not read.
    pub Mode in "test_score.mode" { Written = "written", Oral = "oral", Pictogram = "pictogram" }
}

record! {
    /// A test of a participant; `given` holds the letters given, by question.
    pub Score in "test_score" as "training.test_score", about programme {
        main(File, File) {
            programme: Ref<Programme>, participant: Ref<Participant>, moment: Moment, score: i64, out_of: i64, mode: Mode,
            given: Option<Long>,
        }
    }
}

/// What a test says.
pub(crate) struct Outcome {
    pub(crate) score: i64,
    pub(crate) out_of: i64,
    pub(crate) mode: Mode,
    pub(crate) given: Option<String>,
}

/// Writes down a test; the same again changes nothing, another result replaces it and the fact keeps both.
pub(crate) fn save(
    tx: &mut Tx<'_>,
    session: &Session,
    participant: Id,
    moment: Moment,
    result: Outcome,
) -> Result<()> {
    let there = find(tx, participant, moment)?;
    let score = Score {
        id: there
            .as_ref()
            .map_or_else(|| Id::named(&format!("test {} of {participant}", moment.code())), |score| score.id),
        version: there.as_ref().map_or(1, |score| score.version),
        programme: session.programme,
        participant: participant.into(),
        moment,
        score: result.score,
        out_of: result.out_of,
        mode: result.mode,
        given: result.given.map(Long),
    };
    if there.is_some() { kernel::record::update(tx, &score) } else { kernel::record::insert(tx, &score) }
}

/// The test of a participant at this moment.
pub(crate) fn find(db: &mut Db, participant: Id, moment: Moment) -> Result<Option<Score>> {
    let query = format!("select {} from test_score where participant = ? and moment = ?", Score::columns(""));
    let query = sql(&query).bind(participant).bind(moment).open("the hand on the session was checked");
    db.row(&query, Score::from_row)
}

/// Every test of a session.
pub(crate) fn of(db: &mut Db, session: Id) -> Result<Vec<Score>> {
    let query = format!(
        "select {} from test_score c join participant t on t.id = c.participant where t.session = ? order by c.id",
        Score::columns("c.")
    );
    db.rows(&sql(&query).bind(session).open("the hand on the session was checked"), Score::from_row)
}

/// The persons of a session who did the same test before and after; and how many did two that cannot be compared.
pub(crate) fn pairs(scores: &[Score]) -> (Vec<Pair>, usize) {
    let (mut pairs, mut apart) = (Vec::new(), 0);
    for before in scores.iter().filter(|score| score.moment == Moment::Before) {
        let after = scores
            .iter()
            .find(|score| score.moment == Moment::After && score.participant.id == before.participant.id);
        match after {
            Some(after) if after.out_of == before.out_of => {
                pairs.push(Pair { before: before.score, after: after.score, max: before.out_of });
            }
            Some(_) => apart += 1,
            None => {}
        }
    }
    (pairs, apart)
}

/// The letters given, by question.
pub(crate) fn letters(score: &Score) -> Vec<(Id, Letter)> {
    let text = score.given.as_ref().map_or("", |given| given.0.as_str());
    let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
    pairs.filter_map(|(id, letter)| Some((id.parse().ok()?, Letter::from_code(letter)?))).collect()
}

/// What these letters are worth: who leaves a question open has it wrong.
pub(crate) fn mark(questions: &[Question], given: &[(Id, Letter)], mode: Mode) -> Outcome {
    let right = |question: &&Question| given.contains(&(question.id, question.correct));
    let text: Vec<String> = given.iter().map(|(id, letter)| format!("{id}={}", letter.code())).collect();
    Outcome {
        score: questions.iter().filter(right).count() as i64,
        out_of: questions.len() as i64,
        mode,
        given: Some(text.join(" ")),
    }
}
