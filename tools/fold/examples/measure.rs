//! Measures the forms of a name on a table of places that have a French and an Arabic name.
//!
//! `cargo run --release -p fold --example measure -- places.csv name_fr name_ar`, for a plain comma-separated
//! file whose rows to keep have a `commune` in their `level` column.

use std::collections::HashMap;
use std::io::{Error, Write};
use std::time::Instant;

fn main() -> Result<(), Error> {
    let mut out = std::io::stdout();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, fr, ar] = args.as_slice() else { return Err(Error::other("expected: file, column, column")) };
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines().map(|l| l.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap_or(0);
    let (level, fr, ar) = (at("level"), at(fr), at(ar));
    let places: Vec<(&str, &str)> = lines.filter(|l| l[level] == "commune").map(|l| (l[fr], l[ar])).collect();

    let same_keys = |p: &&(&str, &str)| fold::keys(p.0) == fold::keys(p.1);
    let found = |p: &&(&str, &str)| fold::keys(p.0) == fold::keys(p.1) || fold::similarity(p.0, p.1) >= 70;
    let missed: Vec<_> = places.iter().filter(|p| !found(p)).collect();
    writeln!(out, "places {}", places.len())?;
    writeln!(out, "same keys in both scripts {}", places.iter().filter(same_keys).count())?;
    writeln!(out, "same keys or similarity of 70 {}", places.len() - missed.len())?;
    for (f, a) in missed.iter().take(40) {
        writeln!(out, "  {f} {a} {:?} {:?} {}", fold::keys(f), fold::keys(a), fold::similarity(f, a))?;
    }

    let (mut pairs, mut over_70, mut over_80) = (0_u32, 0_u32, 0_u32);
    let mut by_keys: HashMap<Vec<String>, Vec<&str>> = HashMap::new();
    for (i, (a, _)) in places.iter().enumerate() {
        by_keys.entry(fold::keys(a)).or_default().push(a);
        for (b, _) in places.iter().skip(i + 1).step_by(7).filter(|(b, _)| fold::fold(a) != fold::fold(b)) {
            let score = fold::similarity(a, b);
            pairs += 1;
            over_70 += u32::from(score >= 70);
            over_80 += u32::from(score >= 80);
        }
    }
    let all = places.len() * (places.len() - 1) / 2;
    let clash: usize = by_keys.values().map(|names| names.len() * (names.len() - 1) / 2).sum();
    writeln!(out, "pairs of different places with equal keys {clash} of {all}")?;
    writeln!(out, "pairs of different spellings scored 70, 80 and more: {over_70}, {over_80} of {pairs}")?;

    let start = Instant::now();
    let rounds = 200;
    let count: usize =
        (0..rounds).flat_map(|_| &places).map(|(f, a)| fold::keys(f).len() + fold::keys(a).len()).sum();
    let each = start.elapsed().as_secs_f64() / (rounds * places.len() * 2) as f64;
    writeln!(out, "keys: {:.0} names a second ({count})", 1.0 / each)?;
    let start = Instant::now();
    let sum: u64 = places
        .iter()
        .flat_map(|a| places.iter().step_by(20).map(move |b| fold::similarity(a.0, b.0)))
        .map(u64::from)
        .sum();
    let each = start.elapsed().as_secs_f64() / (places.len() * places.len() / 20) as f64;
    writeln!(out, "similarity: {:.0} pairs a second ({sum})", 1.0 / each)
}
