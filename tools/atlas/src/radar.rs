//! A radar: scores on several axes, running with the reading direction, each series in its own colour and dash.

use std::fmt::Write;

/// One line around the radar.
pub struct Spoke {
    /// Colour of the series, 1 to 6.
    pub series: u8,
    /// True to draw it dashed and unfilled, for what it is compared with.
    pub dashed: bool,
    /// From 0 to 1 on each axis; nothing where there is no score.
    pub values: Vec<Option<f64>>,
}

/// A radar as inline SVG.
pub struct Radar<'a> {
    /// Short labels of the axes, in order.
    pub axes: &'a [String],
    /// The lines, drawn in this order.
    pub spokes: &'a [Spoke],
    /// True to run against the clock.
    pub rtl: bool,
    /// What it shows, for those who do not see it.
    pub label: &'a str,
}

const SIZE: f64 = 360.0;
const RADIUS: f64 = 140.0;

impl Radar<'_> {
    /// Where a value stands on an axis.
    fn at(&self, axis: usize, value: f64) -> (f64, f64) {
        let turn = axis as f64 / self.axes.len() as f64 * std::f64::consts::TAU;
        let turn = if self.rtl { -turn } else { turn };
        (SIZE / 2.0 + turn.sin() * value * RADIUS, SIZE / 2.0 - turn.cos() * value * RADIUS)
    }

    /// A path through the axes; it breaks where there is no score and closes when there is one everywhere.
    fn path(&self, values: impl Fn(usize) -> Option<f64>) -> String {
        let (mut path, mut pen_down, mut whole) = (String::new(), false, true);
        for axis in 0..self.axes.len() {
            match values(axis) {
                Some(value) => {
                    let (x, y) = self.at(axis, value.clamp(0.0, 1.0));
                    let _ = write!(path, "{}{x:.1} {y:.1}", if pen_down { 'L' } else { 'M' });
                    pen_down = true;
                }
                None => (pen_down, whole) = (false, false),
            }
        }
        if whole {
            path.push('Z');
        }
        path
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let mut out = format!(
            "<svg viewBox=\"0 0 {SIZE} {SIZE}\" role=\"img\" aria-label=\"{}\">",
            crate::escape(self.label)
        );
        for ring in [0.25, 0.5, 0.75, 1.0] {
            let _ = write!(out, "<path class=\"ring\" d=\"{}\"/>", self.path(|_| Some(ring)));
        }
        for spoke in self.spokes {
            let path = self.path(|axis| spoke.values.get(axis).copied().flatten());
            let class = if spoke.dashed { "spoke dashed" } else { "spoke" };
            let _ = write!(out, "<path class=\"{class} s{}\" d=\"{path}\"/>", spoke.series);
            for axis in 0..self.axes.len() {
                if let Some(value) = spoke.values.get(axis).copied().flatten().filter(|_| !spoke.dashed) {
                    let (x, y) = self.at(axis, value.clamp(0.0, 1.0));
                    let _ = write!(
                        out,
                        "<circle class=\"s{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>",
                        spoke.series
                    );
                }
            }
        }
        for (axis, label) in self.axes.iter().enumerate() {
            let (x, y) = self.at(axis, 1.13);
            let _ = write!(out, "<text x=\"{x:.1}\" y=\"{:.1}\">{}</text>", y + 5.0, crate::escape(label));
        }
        out.push_str("</svg>");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn radar(values: Vec<Option<f64>>, rtl: bool) -> String {
        let axes = ["A", "B", "C", "D"].map(str::to_owned);
        let spokes = [Spoke { series: 1, dashed: false, values }];
        Radar { axes: &axes, spokes: &spokes, rtl, label: "Diagnosis <1>" }.svg()
    }

    #[test]
    fn a_whole_series_closes_and_a_gap_breaks_it() {
        assert!(
            radar(vec![Some(1.0); 4], false)
                .contains("d=\"M180.0 40.0L320.0 180.0L180.0 320.0L40.0 180.0Z\"/><circle")
        );
        let broken = radar(vec![Some(1.0), None, Some(1.0), Some(0.5)], false);
        assert!(broken.contains("d=\"M180.0 40.0M180.0 320.0L110.0 180.0\""), "{broken}");
        assert_eq!(broken.matches("<circle").count(), 3);
    }

    #[test]
    fn it_runs_with_the_reading_direction_and_says_what_it_shows() {
        let picture = radar(vec![Some(1.0); 4], true);
        assert!(picture.contains("M180.0 40.0L40.0 180.0"), "{picture}");
        assert!(picture.contains("aria-label=\"Diagnosis &lt;1&gt;\""));
    }
}
