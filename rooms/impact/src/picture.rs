//! `/indicators/{indicator}/chart/{format}`: the table of an indicator as a picture that stands by itself, for a slide or
//! a paper: SVG or PNG, with its numbers, whose they are, over which days, and where they open.

use std::fmt::Write as _;

use kernel::ctx::Producer;
use kernel::html::escape;
use kernel::room::{Route, get};
use kernel::{Ctx, Error, Reply, Result, Words};

use crate::ask::{self, QUERY};
use crate::measure::asked_cut;
use crate::pivot;
use crate::unit;

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/indicators/{indicator}/chart/{format}", show).query(QUERY)]
}

/// A line of a chart: its name, its value as long as it may be seen, and the value in words.
struct Line {
    label: String,
    value: Option<i64>,
    said: String,
}

/// Everything that is written around the bars.
struct Sheet<'a> {
    title: &'a str,
    about: String,
    lines: Vec<Line>,
    /// What did not fit.
    more: Option<String>,
    /// When it was counted, and where the figures open.
    source: String,
    address: String,
}

/// Lines of a picture: more are no picture any more.
const LINES: usize = 40;
const WIDTH: usize = 900;
const EDGE: usize = 32;
const STEP: usize = 34;
const HEAD: usize = 104;
/// Where labels end and bars begin, and how long the longest bar is.
const LABELS: usize = 300;
const LONGEST: f64 = 410.0;

fn show(ctx: &Ctx) -> Result<Reply> {
    let format = ctx.param("format")?.to_owned();
    let w = ctx.w;
    let (svg, code) = ctx.read(|db| {
        let (indicator, asked) = ask::open(ctx, db)?;
        let by = asked_cut(ctx, &indicator, "by")?.ok_or(Error::NotFound)?;
        let table = pivot::table(ctx, db, &asked, &indicator, by, None)?;
        let mut lines = Vec::new();
        for (code, label) in &table.rows {
            let figure = table.row_totals.get(code).cloned().unwrap_or_default();
            let value = figure.value.filter(|_| !figure.hidden);
            lines.push(Line { label: label.clone(), value, said: unit::figure(w, &indicator, &figure) });
        }
        let more = lines.len().checked_sub(LINES).filter(|more| *more > 0);
        lines.truncate(LINES);
        let period = format!("{} – {}", w.date(&asked.period.since), w.date(&asked.period.until));
        let address = ctx.link(&format!("/indicators/{}", indicator.code));
        let sheet = Sheet {
            title: indicator.name.best(w.lang),
            about: format!("{} · {period} · {}", asked.whose(&indicator), w.t2("impact.cut", by.code())),
            lines,
            more: match table.refused {
                true => Some(w.t("impact.refused").into_owned()),
                false => more.map(|more| w.n("impact.chart_more", more)),
            },
            source: w.with("impact.chart_source", "date", &w.date(&kernel::today())),
            address,
        };
        Ok((sheet.svg(w), indicator.code.clone()))
    })?;
    let (media, bytes) = match format.as_str() {
        "svg" => ("image/svg+xml", svg.into_bytes()),
        "png" => ("image/png", ctx.app.png(&svg)?),
        _ => return Err(Error::NotFound),
    };
    let produce: Producer = Box::new(move |_, out| Ok(out.write_all(&bytes)?));
    Ok(Reply::Download { media: media.into(), name: format!("{code}.{format}"), inline: false, produce })
}

impl Sheet<'_> {
    fn svg(&self, w: Words) -> String {
        let rtl = w.lang.dir() == "rtl";
        let end = HEAD + self.lines.len() * STEP + if self.more.is_some() { STEP } else { 0 };
        let high = end + 48;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{high}\" viewBox=\"0 0 {WIDTH} {high}\" \
             lang=\"{}\" role=\"img\" font-family=\"{}, Noto Sans Tifinagh, sans-serif\">\
             <title>{}</title><rect width=\"{WIDTH}\" height=\"{high}\" fill=\"#fff\"/>",
            w.lang.code(),
            // The script of the language first: what it lacks is looked for in the others.
            if rtl { "Noto Sans Arabic, Noto Sans" } else { "Noto Sans, Noto Sans Arabic" },
            escape(self.title)
        );
        let mut text = Text { out: &mut out, rtl };
        text.at(EDGE, 52, "font-size=\"24\" font-weight=\"700\" fill=\"#241c15\"", self.title);
        text.at(EDGE, 80, "font-size=\"14\" fill=\"#5b5047\"", &self.about);
        let highest = self.lines.iter().filter_map(|line| line.value).max().unwrap_or(0).max(1) as f64;
        for (at, line) in self.lines.iter().enumerate() {
            let top = HEAD + at * STEP;
            text.at(EDGE, top + 21, "font-size=\"15\" fill=\"#241c15\"", &shortened(&line.label));
            let long = line.value.map_or(0.0, |value| value.max(0) as f64 / highest * LONGEST);
            let x = if rtl { (WIDTH - LABELS) as f64 - long } else { LABELS as f64 };
            let _ = write!(
                text.out,
                "<rect x=\"{x:.1}\" y=\"{}\" width=\"{long:.1}\" height=\"22\" fill=\"#17594a\"/>",
                top + 5
            );
            let beside = LABELS + long.round() as usize + 8;
            text.at(beside, top + 21, "font-size=\"15\" font-weight=\"700\" fill=\"#241c15\"", &line.said);
        }
        if let Some(more) = &self.more {
            text.at(EDGE, end - 12, "font-size=\"14\" fill=\"#5b5047\"", more);
        }
        text.at(EDGE, high - 18, "font-size=\"12\" fill=\"#5b5047\"", &self.source);
        // An address is read from left to right, at the other end of the line.
        let (x, anchor) = if rtl { (EDGE, "start") } else { (WIDTH - EDGE, "end") };
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\" font-size=\"12\" font-family=\"Noto Sans\" fill=\"#5b5047\">{}</text>",
            high - 18,
            escape(&self.address)
        );
        out.push_str("</svg>");
        out
    }
}

/// Text that begins where reading begins.
struct Text<'a> {
    out: &'a mut String,
    rtl: bool,
}

impl Text<'_> {
    fn at(&mut self, from: usize, y: usize, look: &str, text: &str) {
        let (x, anchor, isolate) = match self.rtl {
            true => (WIDTH - from.min(WIDTH), "end", '\u{2067}'),
            false => (from, "start", '\u{2066}'),
        };
        let text = escape(text);
        let _ = write!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" {look}>{isolate}{text}\u{2069}</text>"
        );
    }
}

/// A label that ends before its bar begins.
fn shortened(label: &str) -> String {
    const FITS: usize = 30;
    if label.chars().count() <= FITS {
        return label.to_owned();
    }
    label.chars().take(FITS - 1).collect::<String>().trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_label_ends_before_its_bar() {
        assert_eq!(shortened("Ouarzazate"), "Ouarzazate");
        assert_eq!(shortened(&"é".repeat(31)), "é".repeat(29) + "…");
    }
}
