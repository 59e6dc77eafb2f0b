//! A bar from nothing to everything, with a mark for what it is compared with.

use std::fmt::Write;

/// A bar filled to `value` with a stroke at `mark`, both from 0 to 1; it grows with the reading direction. It repeats
/// numbers that stand beside it, so it is hidden from readers of speech.
pub fn bar(value: Option<f64>, mark: Option<f64>, rtl: bool) -> String {
    let width = |part: f64| part.clamp(0.0, 1.0) * 100.0;
    let mut out = String::from(
        "<svg class=\"bar-line\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    out.push_str("<rect class=\"track\" width=\"100\" height=\"10\"/>");
    if let Some(part) = value.map(width) {
        let start = if rtl { 100.0 - part } else { 0.0 };
        let _ = write!(out, "<rect class=\"s1\" x=\"{start:.1}\" width=\"{part:.1}\" height=\"10\"/>");
    }
    if let Some(part) = mark.map(width) {
        let x = if rtl { 100.0 - part } else { part };
        let _ = write!(out, "<path class=\"stroke\" d=\"M{x:.1} 0V10\"/>");
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn it_grows_from_the_side_reading_begins() {
        assert!(bar(Some(0.25), None, false).contains("x=\"0.0\" width=\"25.0\""));
        assert!(bar(Some(0.25), Some(2.0), true).contains("x=\"75.0\" width=\"25.0\""));
        assert_eq!(bar(None, None, false).matches("<rect").count(), 1);
    }
}
