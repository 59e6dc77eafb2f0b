//! Delimited text: which character separates, and which row of the spreadsheet each record is.

use crate::table::{Cell, Grid};
use crate::{Limits, ReadError, guard};

/// Tried in this order when two fit equally well: a comma is also a decimal sign and a pause.
const SEPARATORS: [char; 4] = ['\t', ';', '|', ','];

/// Fills a grid from text. The separator is none when the text has one column.
pub(crate) fn read(text: &str, limits: Limits) -> Result<(Grid, Option<char>), ReadError> {
    // One kind of line end, and one after the last line, so that lines can be counted.
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let (declared, body) = declared_separator(&text);
    let separator = declared.or_else(|| guess(body));
    let delimiter = separator.and_then(|c| u8::try_from(c).ok()).unwrap_or(b';');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(body.as_bytes());
    let mut grid = Grid::new(limits);
    let mut record = csv::StringRecord::new();
    let mut number = u32::from(declared.is_some());
    let mut line = reader.position().line();
    while reader.read_record(&mut record).map_err(|_| ReadError::Damaged)? {
        let inside = record.iter().map(|f| f.bytes().filter(|b| *b == b'\n').count() as u64).sum::<u64>();
        let next = reader.position().line();
        let blank_above = next.saturating_sub(line).saturating_sub(inside + 1);
        line = next;
        number = number.saturating_add(1).saturating_add(u32::try_from(blank_above).unwrap_or(u32::MAX));
        for (column, field) in (0_u32..).zip(record.iter()) {
            grid.set(number, column, || Cell::text(guard::remove(field.trim()).trim()))?;
        }
    }
    Ok((grid, separator))
}

/// The separator that a spreadsheet's own first line `sep=;` declares, and the text after it.
fn declared_separator(text: &str) -> (Option<char>, &str) {
    let declared = text.split_once('\n').and_then(|(first, rest)| {
        let mut sign = first.strip_prefix("sep=")?.chars();
        let separator = sign.next().filter(char::is_ascii)?;
        sign.next().is_none().then_some((Some(separator), rest))
    });
    declared.unwrap_or((None, text))
}

/// The separator that most lines hold the same number of times, and a quarter of them at least.
fn guess(text: &str) -> Option<char> {
    let mut best: Option<(char, usize)> = None;
    for separator in SEPARATORS {
        let mut counts = counts(text, separator);
        counts.sort_unstable();
        let agreeing = counts.chunk_by(PartialEq::eq).filter(|same| same[0] > 0).map(<[usize]>::len).max();
        let lines = agreeing.unwrap_or(0);
        if lines > best.map_or(0, |(_, most)| most) && lines * 4 >= counts.len() {
            best = Some((separator, lines));
        }
    }
    best.map(|(separator, _)| separator)
}

/// How often a separator stands outside quotes in each of the first lines that are not blank.
fn counts(text: &str, separator: char) -> Vec<usize> {
    let mut counts = Vec::new();
    let (mut count, mut quoted, mut blank, mut at_start) = (0, false, true, true);
    for c in text.chars().take(64 * 1024) {
        match c {
            '"' if quoted || at_start => quoted = !quoted,
            '\n' if !quoted => {
                if !blank {
                    counts.push(count);
                }
                (count, blank) = (0, true);
            }
            _ if c == separator && !quoted => count += 1,
            _ => blank &= c.is_whitespace(),
        }
        at_start = c == separator || c == '\n';
        if counts.len() == 40 {
            break;
        }
    }
    counts
}
