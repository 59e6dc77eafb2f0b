//! Small pictures of figures as inline SVG. They repeat numbers that stand beside them in text.

use std::fmt::Write;

use kernel::Html;
use kernel::html::escape;

/// A bar as long as its share of the longest, growing with the reading direction.
pub(crate) fn bar(value: Option<i64>, longest: i64, rtl: bool) -> Html {
    let part = value.filter(|_| longest > 0).map(|value| value.max(0) as f64 / longest as f64);
    Html(atlas::bar(part, None, rtl))
}

/// Columns in the order of time, each with its label and number for whoever points at it.
pub(crate) fn columns(values: &[(String, Option<i64>, String)], rtl: bool) -> Html {
    const WIDTH: f64 = 22.0;
    const HEIGHT: f64 = 60.0;
    const GAP: f64 = 4.0;
    let highest = values.iter().filter_map(|(_, value, _)| *value).max().unwrap_or(0).max(1) as f64;
    let whole = values.len() as f64 * (WIDTH + GAP) - GAP;
    let start = if rtl { "xMaxYMax" } else { "xMinYMax" };
    let mut out = format!(
        "<svg class=\"columns\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"{start} meet\" aria-hidden=\"true\">",
        whole.max(WIDTH)
    );
    for (at, (label, value, said)) in values.iter().enumerate() {
        let step = at as f64 * (WIDTH + GAP);
        let x = if rtl { whole - WIDTH - step } else { step };
        let tall = value.map_or(0.0, |value| (value.max(0) as f64 / highest) * (HEIGHT - 2.0));
        let _ = write!(
            out,
            "<g><title>{} : {}</title><rect class=\"track\" x=\"{x}\" y=\"0\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\
             <rect class=\"s1\" x=\"{x}\" y=\"{:.1}\" width=\"{WIDTH}\" height=\"{:.1}\"/></g>",
            escape(label),
            escape(said),
            HEIGHT - tall.max(1.0),
            tall.max(1.0)
        );
    }
    out.push_str("</svg>");
    Html(out)
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_run_with_the_reading_direction() {
        let values = [("a".to_owned(), Some(1), "1".to_owned()), ("b <".to_owned(), Some(2), "2".to_owned())];
        let (left, right) = (columns(&values, false).0, columns(&values, true).0);
        assert!(left.find("<title>a").unwrap_or(0) < left.find("x=\"26\"").unwrap_or(0));
        assert!(right.contains("x=\"26\"") && right.contains("b &lt;"));
    }
}
