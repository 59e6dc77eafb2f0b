//! What was measured, for people and for programs.

use serde_json::json;

/// One measure.
struct Line {
    measure: String,
    engine: &'static str,
    value: f64,
    unit: &'static str,
    target: Option<f64>,
    floor: Option<f64>,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    notes: Vec<String>,
}

/// More is better for what is counted by the second.
fn more_is_better(unit: &str) -> bool {
    unit.ends_with("/s")
}

impl Line {
    fn missed(&self) -> bool {
        self.target.is_some_and(|target| {
            if more_is_better(self.unit) { self.value < target } else { self.value > target }
        })
    }

    /// How many times the floor it costs.
    fn ratio(&self) -> Option<f64> {
        let floor = self.floor.filter(|floor| *floor > 0.0 && self.value > 0.0)?;
        Some(if more_is_better(self.unit) { floor / self.value } else { self.value / floor })
    }
}

impl Report {
    /// Adds a measure and shows it at once.
    pub(crate) fn add(
        &mut self,
        engine: &'static str,
        measure: &str,
        value: f64,
        unit: &'static str,
        target: Option<f64>,
        floor: Option<f64>,
    ) {
        let line = Line { measure: measure.to_owned(), engine, value, unit, target, floor };
        crate::say(&shown(&line));
        self.lines.push(line);
    }

    /// Adds what must be said beside the numbers.
    pub(crate) fn note(&mut self, note: String) {
        crate::say(&format!("note: {note}"));
        self.notes.push(note);
    }

    /// The table, and what was missed.
    pub(crate) fn table(&self) -> String {
        let mut out = format!("\n{HEAD}\n{}\n", "-".repeat(HEAD.len()));
        for line in &self.lines {
            out.push_str(&shown(line));
            out.push('\n');
        }
        let missed: Vec<_> = self.lines.iter().filter(|line| line.missed()).collect();
        out.push_str(&format!(
            "\n{} of {} targets missed\n",
            missed.len(),
            self.lines.iter().filter(|l| l.target.is_some()).count()
        ));
        for note in &self.notes {
            out.push_str(&format!("note: {note}\n"));
        }
        out
    }

    /// The rows as JSON.
    pub(crate) fn json(&self) -> String {
        let rows = self.lines.iter().map(|line| {
            json!({
                "measure": line.measure, "engine": line.engine, "value": line.value, "unit": line.unit, "target": line.target,
                "floor": line.floor, "ratio": line.ratio(),
            })
        });
        format!("{:#}\n", serde_json::Value::Array(rows.collect()))
    }
}

const HEAD: &str = "engine     measure                                                   value unit          target       floor  ratio";

fn shown(line: &Line) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let target = line.target.map_or_else(String::new, |target| {
        format!("{} {target}", if more_is_better(line.unit) { "≥" } else { "≤" })
    });
    format!(
        "{:<10} {:<50} {:>12.2} {:<11} {:>8} {:>11} {:>6} {}",
        line.engine,
        line.measure,
        line.value,
        line.unit,
        target,
        number(line.floor),
        number(line.ratio()),
        if line.missed() { "MISSED" } else { "" }
    )
    .trim_end()
    .to_owned()
}
