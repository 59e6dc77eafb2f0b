//! A credit note: what is taken back from an invoice, as a whole, by counts of its lines, or by amounts; never more than is
//! left.

use kernel::kinds::{Kind as _, Money, Raw};
use kernel::{Error, FieldError, Fields, Id, Result, Tx, Wrong};
use schemars::JsonSchema;
use serde::Serialize;

use crate::content::{Content, Credited, Line};
use crate::invoice::{self, Invoice, InvoiceKind};

/// Longest reason, in characters.
const LONGEST: usize = 300;

/// What is left of a line to take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Left {
    /// So many.
    pub(crate) count: i64,
    /// So much, in minor units.
    pub(crate) gross: i64,
}

/// What is left of each line of an invoice after these credit notes.
pub(crate) fn left(invoice: &Content, notes: &[Invoice]) -> Vec<Left> {
    let mut left: Vec<Left> =
        invoice.lines.iter().map(|line| Left { count: line.count, gross: line.gross }).collect();
    for line in notes.iter().flat_map(|note| &note.content.lines) {
        if let Some(there) = line.of.and_then(|of| left.get_mut(of)) {
            there.count -= if line.reduces { 0 } else { line.count };
            there.gross -= line.gross;
        }
    }
    left
}

/// What the form takes back: all that is left, or `count.<line>` and `amount.<line>`.
fn lines(invoice: &Content, left: &[Left], form: &Fields) -> Result<Vec<Line>> {
    let whole = form.text("whole").is_some();
    let mut back = Vec::new();
    let mut errors = Vec::new();
    for (at, (line, left)) in invoice.lines.iter().zip(left).enumerate() {
        let taken = if whole { Ok(all(line, *left)) } else { typed(invoice, line, *left, at, form) };
        match taken {
            Ok(Some(line)) => back.push(Line { of: Some(at), ..line }),
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if back.is_empty() { Err(Error::field("whole", "credit.nothing")) } else { Ok(back) }
}

/// So many of a line.
fn counted(line: &Line, count: i64) -> Line {
    Line { count, gross: line.price * count, ..line.clone() }
}

/// A part of its price.
fn reduced(line: &Line, minor: i64) -> Line {
    Line { count: 1, unit: "C62".into(), price: minor, gross: minor, reduces: true, ..line.clone() }
}

fn all(line: &Line, left: Left) -> Option<Line> {
    match left {
        Left { gross: 0, .. } => None,
        Left { count, gross } if count > 0 && line.price * count == gross => Some(counted(line, count)),
        Left { gross, .. } => Some(reduced(line, gross)),
    }
}

fn typed(
    invoice: &Content,
    line: &Line,
    left: Left,
    at: usize,
    form: &Fields,
) -> std::result::Result<Option<Line>, FieldError> {
    let [count_name, amount_name] = ["count", "amount"].map(|part| format!("{part}.{at}"));
    let wrong = |field: &str, wrong: Wrong| FieldError { field: field.to_owned(), wrong };
    let count = i64::parse(&Raw { fields: form, name: &count_name }).map_err(|e| wrong(&count_name, e))?;
    let mut amount = Fields::default();
    amount.push("amount", form.text(&amount_name).unwrap_or_default());
    amount.push("amount.currency", &*invoice.currency);
    let amount =
        Money::parse(&Raw { fields: &amount, name: "amount" }).map_err(|e| wrong(&amount_name, e))?;
    let (count, amount) = (count.unwrap_or(0), amount.map_or(0, |amount| amount.minor));
    match (count, amount) {
        (0, 0) => Ok(None),
        (0, minor) if minor <= left.gross => Ok(Some(reduced(line, minor))),
        (0, _) => Err(wrong(&amount_name, Wrong::new("credit.more_money"))),
        (count, 0) if count > left.count => {
            Err(wrong(&count_name, Wrong::new("credit.more").with("left", left.count)))
        }
        (count, 0) if line.price.checked_mul(count).is_some_and(|gross| gross <= left.gross) => {
            Ok(Some(counted(line, count)))
        }
        (_, 0) => Err(wrong(&count_name, Wrong::new("credit.more_money"))),
        _ => Err(wrong(&count_name, Wrong::new("credit.either"))),
    }
}

/// Takes back what the form says from an invoice: `reason`, and `whole` or `count.<line>` and `amount.<line>`. The same id again
/// gives the same credit note. The caller checked the standing.
///
/// # Errors
/// Fields that are wrong; refused for a credit note, and when nothing is left.
pub fn issue(tx: &mut Tx<'_>, id: Id, invoice: &Invoice, form: &Fields) -> Result<Invoice> {
    if invoice.kind == InvoiceKind::CreditNote {
        return Err(Error::refused("credit.of_credit"));
    }
    invoice::hold_series(tx, invoice.organisation.id)?;
    if let Some(there) = kernel::record::find::<Invoice>(tx, id)? {
        let same = there.credits.is_some_and(|credits| credits.id == invoice.id);
        return if same { Ok(there) } else { Err(Error::refused("error.id_taken")) };
    }
    let reason = form.text("reason").ok_or_else(|| Error::field("reason", "credit.reason_needed"))?;
    if reason.chars().count() > LONGEST {
        let wrong = Wrong::new("error.too_long").with("most", LONGEST);
        return Err(Error::Invalid(vec![FieldError { field: "reason".into(), wrong }]));
    }
    let notes = invoice::credits(tx, invoice.id)?;
    let left = left(&invoice.content, &notes);
    if left.iter().all(|left| left.gross == 0) {
        return Err(Error::refused("credit.all_back"));
    }
    let content = Content {
        lines: lines(&invoice.content, &left, form)?,
        due: kernel::today(),
        note: None,
        credits: Some(Credited {
            invoice: invoice.id,
            number: invoice.number.clone(),
            issued: invoice.issued,
            reason: reason.to_owned(),
        }),
        ..invoice.content.clone()
    };
    invoice::freeze(tx, invoice.organisation.id, id, invoice.origin(), content.summed()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use super::*;
    use crate::testing::sample;

    #[test]
    fn never_more_than_is_left() {
        let invoice = sample("cooperative");
        let whole = left(&invoice, &[]);
        let take = |left: &[Left], pairs: &[(&str, &str)]| {
            let form = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            lines(&invoice, left, &Fields(form))
        };
        let all = take(&whole, &[("whole", "yes")]).unwrap();
        assert_eq!(all.iter().map(|line| line.gross).sum::<i64>(), invoice.total);
        let two = take(&whole, &[("count.0", "2")]).unwrap();
        assert_eq!((two[0].count, two[0].gross, two[0].of), (2, invoice.lines[0].price * 2, Some(0)));
        for wrong in [
            [("count.0", "25"), ("amount.0", "")],
            [("count.0", "-1"), ("amount.0", "")],
            [("count.0", "1"), ("amount.0", "1")],
            [("count.0", ""), ("amount.0", "768,01")],
            [("count.0", ""), ("amount.0", "")],
        ] {
            assert!(take(&whole, &wrong).is_err(), "{wrong:?}");
        }
        // A price that was reduced first leaves less than the counts would come to.
        let after = [Left { count: 24, gross: 70_000 }, whole[1]];
        assert!(take(&after, &[("count.0", "24")]).is_err());
        let rest = take(&after, &[("whole", "1")]).unwrap();
        assert_eq!((rest[0].gross, rest[0].reduces, rest.len()), (70_000, true, 2));
    }
}
