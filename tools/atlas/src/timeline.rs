//! Who was there when: bars over quarters, where time runs with the reading direction.

use std::fmt::Write;

use crate::escape;

/// A picture of periods, one a row. Days are counted from 1970-01-01.
pub struct Timeline<'a> {
    /// Rows, from the top.
    pub rows: &'a [Row],
    /// What to point at between rows.
    pub overlaps: &'a [Overlap],
    /// Where a bar without an end is drawn to: usually today.
    pub today: i32,
    /// Whether the page reads from right to left.
    pub rtl: bool,
    /// The label of the second, third or fourth quarter of a year; a first quarter wears its year.
    pub quarter: &'a dyn Fn(u8) -> String,
}

/// One period of someone's support.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Who.
    pub title: String,
    /// What.
    pub subtitle: String,
    /// Where the title leads.
    pub href: Option<String>,
    /// The dates in words, read aloud and shown on the bar.
    pub dates: String,
    /// First day.
    pub start: i32,
    /// Last day; an open bar is dashed.
    pub end: Option<i32>,
    /// The series, 1 to 6.
    pub series: u8,
}

/// A period in which two rows, one above the other, do the same thing.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// Places of the upper and the lower row.
    pub rows: (usize, usize),
    /// First day.
    pub start: i32,
    /// Last day.
    pub end: i32,
}

impl Timeline<'_> {
    /// The list of rows, each with its words and its bar; nothing where there are no rows.
    pub fn html(&self) -> String {
        let Some(axis) = self.axis() else { return String::new() };
        let mut html =
            String::from("<ol class=\"timeline\"><li class=\"axis\" aria-hidden=\"true\"><div></div><svg>");
        let mut ticks = String::new();
        for tick in &axis.ticks {
            let x = self.x(&axis, tick.day, 0.0);
            let _ = write!(html, "<text x=\"{x}%\" y=\"14\">{}</text>", escape(&tick.label));
            let _ = write!(ticks, "<line x1=\"{x}%\" x2=\"{x}%\" y1=\"35%\" y2=\"65%\"/>");
        }
        html.push_str("</svg></li>");
        for (i, row) in self.rows.iter().enumerate() {
            let (title, dates) = (escape(&row.title), escape(&row.dates));
            let title = match &row.href {
                Some(href) => format!("<a href=\"{}\">{title}</a>", escape(href)),
                None => title,
            };
            let (x, width) = self.span(&axis, row.start, row.end.unwrap_or(self.today));
            let open = if row.end.is_none() { " open" } else { "" };
            let _ = write!(
                html,
                "<li><div><b>{title}</b>{}</div><svg role=\"img\" aria-label=\"{dates}\">{ticks}\
                 <rect class=\"span s{}{open}\" x=\"{x}%\" y=\"40%\" width=\"{width}%\" height=\"12\" rx=\"6\">\
                 <title>{dates}</title></rect>",
                escape(&row.subtitle),
                row.series.clamp(1, 6),
            );
            for overlap in &self.overlaps_at(i) {
                let (part, y, height) = overlap.part;
                let (x, width) = self.span(&axis, overlap.start, overlap.end);
                let _ = write!(
                    html,
                    "<rect class=\"over {part}\" x=\"{x}%\" y=\"{y}\" width=\"{width}%\" height=\"{height}\" rx=\"6\"/>"
                );
            }
            html.push_str("</svg></li>");
        }
        html.push_str("</ol>");
        html
    }

    /// The parts of overlaps that a row shows. Each row is cut at its edges, so the box looks drawn across them.
    fn overlaps_at(&self, row: usize) -> Vec<Part> {
        let part = |overlap: &Overlap| {
            let part = match overlap.rows {
                (first, _) if row == first => ("first", "30%", "200%"),
                (_, last) if row == last => ("last", "-24", "100%"),
                (first, last) if first < row && row < last => ("through", "-24", "300%"),
                _ => return None,
            };
            Some(Part { start: overlap.start, end: overlap.end, part })
        };
        self.overlaps.iter().filter_map(part).collect()
    }

    /// Whole quarters around every row.
    fn axis(&self) -> Option<Axis> {
        let start = self.rows.iter().map(|r| r.start).min()?;
        let end = self.rows.iter().map(|r| r.end.unwrap_or(self.today).max(r.start)).max()?;
        let (first, last) = (quarter_of(start), quarter_of(end));
        let quarters = (last - first + 1) as usize;
        // Few quarters wear their names, more only their year; many leave a mark a year.
        let shown = |q: &i32| quarters <= 24 || q.rem_euclid(4) == 0;
        let label = |q: i32| match q.rem_euclid(4) {
            0 => q.div_euclid(4).to_string(),
            _ if q == first && (quarters <= 8 || quarter_in_year(q) < 3) => q.div_euclid(4).to_string(),
            _ if quarters <= 8 => (self.quarter)(quarter_in_year(q)),
            _ => String::new(),
        };
        let ticks =
            (first..=last).filter(shown).map(|q| Tick { day: first_day(q), label: label(q) }).collect();
        Some(Axis { from: first_day(first), to: first_day(last + 1), ticks })
    }

    /// Start and width of a period, in percent from the left.
    fn span(&self, axis: &Axis, start: i32, end: i32) -> (f64, f64) {
        let end = end.max(start) + 1;
        let width = self.share(axis, end) - self.share(axis, start);
        (self.x(axis, start, width), tenths(width))
    }

    fn x(&self, axis: &Axis, day: i32, width: f64) -> f64 {
        let share = self.share(axis, day);
        tenths(if self.rtl { 100.0 - share - width } else { share })
    }

    fn share(&self, axis: &Axis, day: i32) -> f64 {
        100.0 * f64::from(day - axis.from) / f64::from(axis.to - axis.from)
    }
}

struct Axis {
    from: i32,
    to: i32,
    ticks: Vec<Tick>,
}

struct Tick {
    day: i32,
    label: String,
}

struct Part {
    start: i32,
    end: i32,
    part: (&'static str, &'static str, &'static str),
}

fn tenths(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

fn quarter_in_year(quarter: i32) -> u8 {
    quarter.rem_euclid(4) as u8 + 1
}

/// The quarter of a day, counted from the first quarter of year 0.
fn quarter_of(day: i32) -> i32 {
    let guess = (f64::from(day) / 365.2425 * 4.0).floor() as i32 + 1970 * 4;
    (guess - 1..=guess + 1).rev().find(|&q| first_day(q) <= day).unwrap_or(guess - 1)
}

/// The first day of a quarter.
fn first_day(quarter: i32) -> i32 {
    let (year, quarter) = (quarter.div_euclid(4), quarter.rem_euclid(4));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = year - 1;
    let new_year =
        before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162;
    new_year + [0, 90, 181, 273][quarter as usize] + i32::from(leap && quarter > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_begin_on_the_right_days() {
        assert_eq!(first_day(1970 * 4), 0);
        assert_eq!(first_day(2000 * 4 + 1), 11_048); // 2000-04-01
        assert_eq!(first_day(2026 * 4 + 3), 20_727); // 2026-10-01
        for quarter in 1970 * 4..2100 * 4 {
            assert_eq!(quarter_of(first_day(quarter)), quarter);
            assert_eq!(quarter_of(first_day(quarter) - 1), quarter - 1);
        }
    }

    fn picture(rtl: bool) -> String {
        let day = |year: i32, quarter: i32| first_day(year * 4 + quarter - 1);
        let row = |start, end, series| Row { title: "A & B".into(), start, end, series, ..Row::default() };
        let rows =
            [row(day(2025, 1), Some(day(2025, 3) - 1), 1), row(day(2025, 2), Some(day(2026, 1) - 1), 2)];
        let overlaps = [Overlap { rows: (0, 1), start: day(2025, 2), end: day(2025, 3) - 1 }];
        Timeline { rows: &rows, overlaps: &overlaps, today: 0, rtl, quarter: &|q| format!("T{q}") }.html()
    }

    #[test]
    fn time_runs_with_the_reading_direction() {
        assert!(picture(false).contains("s1\" x=\"0%\" y=\"40%\" width=\"49.6%\""));
        assert!(picture(true).contains("s1\" x=\"50.4%\" y=\"40%\" width=\"49.6%\""));
        assert!(
            picture(false)
                .contains("<text x=\"0%\" y=\"14\">2025</text><text x=\"24.7%\" y=\"14\">T2</text>")
        );
    }

    #[test]
    fn text_is_safe_and_nothing_is_styled() {
        let html = picture(false);
        assert!(html.contains("A &amp; B") && !html.contains("style"));
        assert!(html.contains("over first") && html.contains("over last"));
        let none = Timeline { rows: &[], overlaps: &[], today: 0, rtl: false, quarter: &|_| String::new() };
        assert_eq!(none.html(), "");
    }
}
