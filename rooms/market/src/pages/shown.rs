//! What several pages show alike: quantities with their unit, labels with how they stand.

use kernel::kinds::Multi;
use kernel::{Id, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::label::{Condition, Label, Scheme};
use crate::product::Unit;

/// A whole number of the smallest unit as people say it: 12 500 g are 12.5 kg.
pub(crate) fn quantity(w: Words, unit: Unit, count: i64) -> String {
    let (word, small) = match unit {
        Unit::Piece => return w.n("quantity.pieces", count),
        Unit::Gram if count >= 1000 => ("quantity.kg", false),
        Unit::Gram => ("quantity.g", true),
        Unit::Millilitre if count >= 1000 => ("quantity.l", false),
        Unit::Millilitre => ("quantity.ml", true),
    };
    let (mut mantissa, mut places) = (count, if small { 0 } else { 3 });
    while places > 0 && mantissa % 10 == 0 {
        (mantissa, places) = (mantissa / 10, places - 1);
    }
    w.with(word, "n", &w.decimal(mantissa, places))
}

/// A label as a page tells it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct LabelLine {
    pub(crate) id: Id,
    pub(crate) scheme: Scheme,
    pub(crate) title: Option<Multi>,
    pub(crate) body: String,
    pub(crate) number: String,
    pub(crate) until: Option<String>,
    pub(crate) condition: Condition,
    pub(crate) tone: &'static str,
}

/// Labels as a page tells them, as they stand today.
pub(crate) fn label_lines(w: Words, labels: Vec<Label>) -> Vec<LabelLine> {
    let today = kernel::today();
    let line = |label: Label| LabelLine {
        condition: label.condition(today),
        tone: label.condition(today).tone(),
        id: label.id,
        scheme: label.scheme,
        title: label.title,
        body: label.body,
        number: label.number.0,
        until: label.until.map(|until| w.date(&until)),
    };
    labels.into_iter().map(line).collect()
}
