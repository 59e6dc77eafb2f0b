//! A map whose areas are coloured by a value, as one inline SVG.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::divisions::{Atlas, Level};
use crate::escape;
use crate::outline::{self, Flat, Point};

const WIDTH: f64 = 640.0;
const TALLEST: f64 = 700.0;
/// Sizes of the labels in the page's CSS: on a wide screen, and on a phone where the map is half as large.
const FINE: f64 = 18.0;
const LARGE: f64 = 27.0;
/// How far, in units, a line may be from the border it stands for.
const TOLERANCE: f64 = 1.1;

/// What a map shows.
pub struct Choropleth<'a> {
    /// The level of the areas: regions, provinces or communes.
    pub level: Level,
    /// What the picture holds.
    pub frame: Frame<'a>,
    /// The language of names.
    pub language: &'a str,
    /// What the map is, read aloud.
    pub title: &'a str,
    /// What it shows in a sentence, read aloud.
    pub description: &'a str,
    /// The value of each code; areas without one stay bare.
    pub values: BTreeMap<String, Value>,
}

/// How much of the country is in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// All of it; too much for communes.
    Country,
    /// One division, with nothing around it.
    Inside(&'a str),
    /// The areas that have a value, among their neighbours.
    Values,
}

/// The value of an area.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What decides the colour.
    pub number: f64,
    /// What is written, in the reader's numerals.
    pub label: String,
    /// Where the area leads.
    pub href: Option<String>,
}

/// A drawn map.
#[derive(Clone, Debug)]
pub struct Map {
    /// The picture.
    pub svg: String,
    /// Its colours, from the lowest.
    pub legend: Vec<Step>,
}

/// One colour of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The class, `m0` to `m4`.
    pub class: &'static str,
    /// Its lowest value.
    pub low: f64,
    /// Its highest value.
    pub high: f64,
    /// Both in words, or the one if they are the same.
    pub label: String,
}

impl Atlas {
    /// Draws a map. Values whose code has no outline at this level are left out: the table beside it has them.
    pub fn choropleth(&self, map: &Choropleth) -> Result<Map, String> {
        let layer = self.layer(map.level)?;
        let valued = || map.values.keys().map(String::as_str);
        let codes = self.codes(map)?;
        let framed = match map.frame {
            Frame::Values if valued().any(|code| codes.contains(&code)) => {
                layer.bounds(valued().filter(|code| codes.contains(code)))
            }
            _ => layer.bounds(codes.iter().copied()),
        };
        let [west, south, east, north] = framed.ok_or("no area to draw")?;
        let shrink = ((south + north) / 2.0).to_radians().cos();
        let margin = if map.frame == Frame::Values { 0.12 } else { 0.02 };
        let (width, height) = ((east - west) * shrink, north - south);
        let scale = (WIDTH / width).min(TALLEST / height) / (1.0 + 2.0 * margin);
        let tall = (height * scale * (1.0 + 2.0 * margin)).round();
        let project = |[lon, lat]: Point| {
            let x = (lon - (west + east) / 2.0) * shrink * scale + WIDTH / 2.0;
            [x, ((south + north) / 2.0 - lat) * scale + tall / 2.0]
        };
        let flat = layer.flatten(codes.iter().copied(), project, TOLERANCE);
        let visible = |code: &&str| {
            let Some([w, s, e, n]) = layer.bounds(std::iter::once(*code)) else { return false };
            let ([left, top], [right, bottom]) = (project([w, n]), project([e, s]));
            right >= 0.0 && left <= WIDTH && bottom >= 0.0 && top <= tall
        };
        let (bare, coloured): (Vec<&str>, Vec<&str>) =
            codes.iter().copied().filter(visible).partition(|code| !map.values.contains_key(*code));

        let shown: Vec<(&str, &Value)> =
            coloured.iter().filter_map(|code| Some((*code, map.values.get(*code)?))).collect();
        let classes = Classes::of(shown.iter().map(|(_, value)| value.number));
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {tall}\" role=\"group\" aria-label=\"{}\"><desc>{}</desc>",
            escape(map.title),
            escape(map.description)
        );
        let ground: String = bare.iter().map(|code| outline::path(&flat.rings(code))).collect();
        if !ground.is_empty() {
            let _ = write!(svg, "<path d=\"{ground}\"/>");
        }
        for (code, value) in &shown {
            let title = escape(&format!("{} : {}", self.name(code, map.language), value.label));
            let data = outline::path(&flat.rings(code));
            let class = classes.class(value.number);
            let _ = match &value.href {
                Some(href) => write!(
                    svg,
                    "<a href=\"{}\"><title>{title}</title><path class=\"{class}\" d=\"{data}\"/></a>",
                    escape(href)
                ),
                None => write!(svg, "<path class=\"{class}\" d=\"{data}\"><title>{title}</title></path>"),
            };
        }
        self.write_labels(&mut svg, map.language, &shown, &flat, tall);
        svg.push_str("</svg>");
        Ok(Map { svg, legend: classes.legend(&shown) })
    }

    /// The areas that can be drawn, in the order of their codes.
    fn codes<'a>(&'a self, map: &Choropleth) -> Result<Vec<&'a str>, String> {
        let all = self.layer(map.level)?.codes();
        let mut codes: Vec<&str> = match map.frame {
            Frame::Inside(parent) => all.filter(|code| self.is_within(code, parent)).collect(),
            _ if map.level != Level::Commune => all.collect(),
            Frame::Country => return Err("communes are drawn inside a division".into()),
            Frame::Values => {
                let province = |code: &str| self.ancestors(code).get(1).map(|d| d.code.as_str());
                let near: Vec<_> = map.values.keys().filter_map(|code| province(code)).collect();
                all.filter(|code| province(code).is_some_and(|p| near.contains(&p))).collect()
            }
        };
        codes.sort_unstable();
        Ok(codes)
    }

    /// Names and values, the largest first; what would cover another is left out, or kept for wide screens alone.
    fn write_labels(
        &self,
        svg: &mut String,
        language: &str,
        shown: &[(&str, &Value)],
        flat: &Flat,
        tall: f64,
    ) {
        let direction = if language == "ar" { " direction=\"rtl\"" } else { "" };
        let mut by_value = shown.to_vec();
        by_value.sort_by(|a, b| b.1.number.total_cmp(&a.1.number));
        let (mut fine, mut large): (Vec<Block>, Vec<Block>) = (Vec::new(), Vec::new());
        svg.push_str("<g aria-hidden=\"true\">");
        for (code, value) in by_value {
            let name = self.name(code, language);
            let Some([x, y]) = outline::middle(&flat.rings(code)) else { continue };
            let letters = name.chars().count().max(value.label.chars().count()) as f64;
            let small = Block::around([x, y], letters, FINE);
            let half = small.right - x;
            let x = x.clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0)).round();
            let y = y.clamp(FINE * 1.2, tall - FINE * 1.2).round();
            let (small, big) = (Block::around([x, y], letters, FINE), Block::around([x, y], letters, LARGE));
            if fine.iter().any(|other| other.touches(&small)) {
                continue;
            }
            let roomy = big.inside(tall) && !large.iter().any(|other| other.touches(&big));
            let rank = if roomy { "" } else { " fine" };
            let _ = write!(
                svg,
                "<text class=\"name{rank}\" x=\"{x}\" y=\"{y}\"{direction}>{}</text>\
                 <text class=\"value{rank}\" x=\"{x}\" y=\"{y}\" dy=\"1.15em\"{direction}>{}</text>",
                escape(name),
                escape(&value.label)
            );
            fine.push(small);
            if roomy {
                large.push(big);
            }
        }
        svg.push_str("</g>");
    }
}

/// The room that the two lines of a label take.
struct Block {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Block {
    fn around([x, y]: Point, letters: f64, size: f64) -> Block {
        let half = letters * size * 0.3;
        Block { left: x - half, right: x + half, top: y - size, bottom: y + size * 1.3 }
    }

    fn touches(&self, other: &Block) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn inside(&self, tall: f64) -> bool {
        self.left >= 0.0 && self.right <= WIDTH && self.top >= 0.0 && self.bottom <= tall
    }
}

/// At most five classes, with as many different values in each: one value shared by many areas takes one class only.
struct Classes {
    /// The highest value of each class.
    highs: Vec<f64>,
}

impl Classes {
    fn of(numbers: impl Iterator<Item = f64>) -> Classes {
        let mut highs: Vec<f64> = numbers.collect();
        highs.sort_by(f64::total_cmp);
        highs.dedup();
        if highs.len() > 5 {
            highs = (1..=5).map(|fifth| highs[fifth * highs.len() / 5 - 1]).collect();
        }
        Classes { highs }
    }

    fn index(&self, number: f64) -> usize {
        self.highs.iter().position(|&high| number <= high).unwrap_or(self.highs.len().saturating_sub(1))
    }

    /// Few classes are spread over the colours, so that they stay apart.
    fn class(&self, number: f64) -> &'static str {
        const SPREAD: [&[usize]; 5] = [&[2], &[1, 3], &[0, 2, 3], &[0, 1, 2, 3], &[0, 1, 2, 3, 4]];
        const CLASSES: [&str; 5] = ["m0", "m1", "m2", "m3", "m4"];
        CLASSES[SPREAD[self.highs.len().clamp(1, 5) - 1][self.index(number)]]
    }

    fn legend(&self, shown: &[(&str, &Value)]) -> Vec<Step> {
        let step = |i: usize| {
            let mut values: Vec<&Value> =
                shown.iter().map(|(_, value)| *value).filter(|value| self.index(value.number) == i).collect();
            values.sort_by(|a, b| a.number.total_cmp(&b.number));
            let (low, high) = (values.first()?, values.last()?);
            let label = if low.label == high.label {
                low.label.clone()
            } else {
                format!("{} – {}", low.label, high.label)
            };
            Some(Step { class: self.class(low.number), low: low.number, high: high.number, label })
        };
        (0..self.highs.len()).filter_map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_class() {
        let classes = Classes::of([3.0, 6.0, 7.0, 6.0].into_iter());
        assert_eq!([3.0, 6.0, 7.0].map(|n| classes.class(n)), ["m0", "m2", "m3"]);
        let many = Classes::of((1..=10).map(f64::from));
        assert_eq!(many.highs, [2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(Classes::of([5.0].into_iter()).class(5.0), "m2");
        assert!(Classes::of(std::iter::empty()).highs.is_empty());
    }
}
