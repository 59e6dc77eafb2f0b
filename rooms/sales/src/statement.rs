//! A statement of a bank account: which of its lines pay which orders. The reference of an order in a line's text is sure; an
//! amount that only one order waits for is a guess, and says so.

use fold::fold;
use jiff::civil::Date;
use kernel::kinds::Money;
use kernel::{Db, Id, Record, Result, Standing, Viewer, Wrong, sql};
use sheet::{Cell, Sheet};

use crate::order::SaleOrder;

/// Most lines of a statement that are looked at.
const MOST: usize = 5_000;

/// Money that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) day: Date,
    /// Minor units.
    pub(crate) minor: i64,
    /// What the bank wrote beside it.
    pub(crate) text: String,
    /// Which one it is among lines that say the same.
    pub(crate) nth: usize,
}

/// What a column holds, told by its name.
fn column(header: &[String], names: &[&str]) -> Option<usize> {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    names.iter().find_map(|name| folded.iter().position(|there| there.contains(&fold(name))))
}

/// The lines of a statement by which money came. Other lines (what was paid, balances) are left out.
///
/// # Errors
/// When no column is named as one of dates, or none as one of credits or amounts.
pub(crate) fn entries(sheet: &Sheet, exponent: u32) -> Result<Vec<Entry>, Wrong> {
    let day = column(&sheet.header, &["date operation", "date", "التاريخ", "تاريخ"]);
    let credit = column(&sheet.header, &["credit", "montant", "amount", "دائن", "المبلغ", "مبلغ"]);
    let (Some(day), Some(credit)) = (day, credit) else { return Err(Wrong::new("statement.columns")) };
    let mut entries = Vec::<Entry>::new();
    for row in sheet.rows.iter().take(MOST) {
        let Some(date) = row.cells.get(day).and_then(Cell::date) else { continue };
        let Some(minor) = row.cells.get(credit).and_then(|cell| cell.money_minor(exponent)) else { continue };
        let date = i16::try_from(date.0).ok().and_then(|y| Date::new(y, date.1 as i8, date.2 as i8).ok());
        let Some(date) = date.filter(|_| minor > 0) else { continue };
        let texts = row.cells.iter().enumerate().filter(|(at, _)| *at != day && *at != credit);
        let text = texts.map(|(_, cell)| cell.text.as_str()).filter(|text| !text.is_empty());
        let text = text.collect::<Vec<_>>().join(" · ");
        let same = |there: &&Entry| there.day == date && there.minor == minor && there.text == text;
        let nth = entries.iter().filter(same).count();
        entries.push(Entry { day: date, minor, text, nth });
    }
    Ok(entries)
}

/// An order that waits for money.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) order: SaleOrder,
    pub(crate) due: Money,
}

/// The orders of the cooperatives on whose files the viewer works that wait for money in this currency.
pub(crate) fn waiting(db: &mut Db, viewer: &Viewer, currency: &str) -> Result<Vec<Waiting>> {
    const DUE: &str = "q.total - cast(coalesce((select sum(p.amount) from sale_payment p
         where p.sale_order = s.id and p.status = 'received'), 0) as bigint)";
    let columns = SaleOrder::columns("s.");
    let query = sql(&format!(
        "select {columns}, {DUE} from sale_order s join sale_quotation q on q.sale_order = s.id
         and q.number = (select max(n.number) from sale_quotation n where n.sale_order = s.id)
         where s.status in ('ordered', 'prepared', 'delivered') and q.total_currency = ? and {DUE} > 0 and"
    ))
    .bind(currency)
    .seen_near(viewer, "s.organisation", Standing::File)
    .and(" order by s.id desc limit 2000");
    db.rows(&query, |row| {
        let order = SaleOrder::from_row(row)?;
        Ok(Waiting { order, due: Money { minor: row.take()?, currency: currency.to_owned() } })
    })
}

/// How sure it is that a line pays an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sure {
    /// Its text names the reference.
    Named,
    /// Only this order waits for this amount.
    Amount,
}

/// The order that a line pays, if one can be told. A name that fits two orders tells none.
pub(crate) fn pays<'a>(entry: &Entry, waiting: &'a [Waiting]) -> Option<(&'a Waiting, Sure)> {
    let bare =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let text = bare(&entry.text);
    let only = |found: Vec<&'a Waiting>| if let [one] = found.as_slice() { Some(*one) } else { None };
    let named = waiting.iter().filter(|there| text.contains(&bare(&there.order.reference()))).collect();
    let amount =
        waiting.iter().filter(|there| there.due.minor == entry.minor && there.order.asked <= entry.day);
    only(named)
        .map(|one| (one, Sure::Named))
        .or_else(|| only(amount.collect()).map(|one| (one, Sure::Amount)))
}

/// The id of the payment that a line makes for an order: the same statement again makes the same.
pub(crate) fn payment_id(order: Id, entry: &Entry) -> Id {
    Id::named(&format!("statement {order} {} {} {} {}", entry.day, entry.minor, entry.nth, entry.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Entry>, Wrong> {
        let sheet = sheet::read("releve.csv", text.as_bytes(), sheet::Limits::default());
        entries(&sheet.map_err(|_| Wrong::new("statement.columns"))?, 2)
    }

    #[test]
    fn what_came_is_read_and_what_went_is_left_out() {
        let text = "Date;Libellé;Débit;Crédit\n03/11/2026;VIR RECU CMD 0007-3FA2;;1 250,50\n04/11/2026;FRAIS;12,00;\n;SOLDE;;99\n";
        let found = read(text).unwrap_or_default();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].minor, found[0].day.to_string()), (125_050, "2026-11-03".to_owned()));
        assert!(found[0].text.contains("0007-3FA2"));
        let signed =
            "Date,Description,Amount\n2026-11-03,in,40.00\n2026-11-03,out,-40.00\n2026-11-03,in,40.00\n";
        let found = read(signed).unwrap_or_default();
        assert_eq!(
            found.iter().map(|entry| entry.nth).collect::<Vec<_>>(),
            [0, 1],
            "two of the same are two"
        );
        assert!(read("Nom;Prénom\nA;B\n").is_err());
    }
}
