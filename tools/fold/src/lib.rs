//! Compares names that people write in French, Arabic, Amazigh or transliterated Latin.
//!
//! There is no official spelling for most Maghrebi names: one village is `Ghafsai`, `Rhafsai` and `غفساي`.
//! Three forms of a name, from the strictest to the loosest, answer three questions:
//!
//! | form | question | `Aït Boû-Âlî` | `آيت بوعلي` |
//! | --- | --- | --- | --- |
//! | [`fold`] | is it typed the same? | `ait bou ali` | `ايت بوعلي` |
//! | [`keys`] | does each word sound the same? | `at`, `b`, `al` | `at`, `bl` |
//! | [`compact`] | the same, spaces aside? | `atbl` | `atbl` |
//!
//! [`similarity`] weighs them into one score. A score proposes a pair to a person and never merges two
//! records: homonyms are common, so a decision needs the place or a register number beside the name.

mod name;
mod sound;
mod text;

pub use name::{legal_form, name_keys, similarity};
pub use sound::{compact, keys};
pub use text::{fold, words};
