//! Surveys: questionnaires that a programme wrote for itself, filled in on telephones, and what was answered.

mod answer;
mod draft;
mod edition;
mod found;
mod offered;
mod pages;
mod panel;
mod question;
mod reading;
mod refusal;
mod shown;
mod survey;
mod value;

use kernel::room::{Leaves, Pointer, Room, declared, pointer};

pub use answer::{ANSWER, put};
pub use draft::{Waiting, propose, publish};
pub use edition::{CHANGED, COOPERATIVES, Published, import};
pub use offered::{Collected, Offered, collected, offered};
pub use survey::{Line, Survey, SurveyStatus};

/// What follows when two organisations turn out to be one.
const POINTERS: &[Pointer] = &[
    pointer("organisation", "survey_answer", "organisation", None),
    pointer("organisation", "survey_answer", "owner", None),
];

/// The example of a questionnaire, as the bytes of a workbook.
///
/// # Errors
/// When it cannot be written.
pub fn example(w: kernel::Words) -> kernel::Result<Vec<u8>> {
    pages::example(w)
}

/// The room of surveys as the house sees it.
pub fn room() -> Room {
    Room {
        name: "survey",
        words: include_str!("../words.toml"),
        schema: &[("0001_surveys", include_str!("../schema/0001_surveys.sql"))],
        routes: pages::routes(),
        panels: panel::panels(),
        protected: &[
            "survey",
            "survey_edition",
            "survey_draft",
            "survey_question",
            "survey_choice",
            "survey_answer",
            "survey_value",
        ],
        records: vec![declared::<Survey>()],
        leaves: &[
            ("survey_edition", Leaves::Whole),
            ("survey_question", Leaves::Whole),
            ("survey_choice", Leaves::Whole),
            ("survey_answer", Leaves::Whole),
            ("survey_value", Leaves::Whole),
            ("survey_draft", Leaves::Stays("questionnaires that nobody published yet")),
        ],
        pointers: POINTERS,
        opens_file: Some(answer::opens_file),
        ..Room::default()
    }
}
