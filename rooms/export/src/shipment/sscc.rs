//! The number on one logistic unit (GS1 SSCC): eighteen digits of which the last is worked out. It is never made up: a package
//! without one has none.

use kernel::html::{self, Html};
use kernel::kinds::{Input, Kind, Names, Raw};
use kernel::value::{Row, ToValue, Value};
use kernel::{Json, Result, Words, Wrong};

/// An SSCC (GS1 General Specifications, section 7.9: check digit by weights 3 and 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sscc(pub String);

impl Sscc {
    /// Reads eighteen digits, with or without the application identifier `(00)` before them.
    ///
    /// # Errors
    /// When there are more or fewer digits, or the last one does not belong to the others.
    pub fn read(text: &str) -> Result<Sscc, Wrong> {
        let text = text.trim().trim_start_matches("(00)");
        let digits: String = fold::fold(text).chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 18 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Wrong::new("shipment_package.sscc_shape"));
        }
        let check = market::gtin::check_digit(&digits[..17]);
        if !digits.ends_with(|last: char| last.to_digit(10) == Some(check))
            || digits.bytes().all(|digit| digit == b'0')
        {
            return Err(Wrong::new("shipment_package.sscc_check"));
        }
        Ok(Sscc(digits))
    }
}

impl Kind for Sscc {
    const INPUT: Input = Input::Line;
    fn put(&self) -> Vec<Value> {
        vec![self.0.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Sscc>> {
        Ok(row.take::<Option<String>>()?.map(Sscc))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Sscc>, Wrong> {
        raw.text().map(Sscc::read).transpose()
    }
    fn json(&self) -> Json {
        self.0.as_str().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        vec![(String::new(), self.0.clone())]
    }
    fn show(&self, _: &Words, _: &Names) -> Html {
        html::isolate(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Sscc;

    #[test]
    fn the_last_digit_belongs_to_the_others() {
        // The example of the GS1 General Specifications, figure on the check digit of eighteen digits.
        assert_eq!(Sscc::read("376104250021234569").unwrap().0, "376104250021234569");
        assert_eq!(Sscc::read("(00) 3 7610425002123456 9").unwrap().0, "376104250021234569");
        assert_eq!(Sscc::read("٣٧٦١٠٤٢٥٠٠٢١٢٣٤٥٦٩").unwrap().0, "376104250021234569");
        for wrong in
            ["376104250021234568", "37610425002123456", "37610425002123456x", "000000000000000000", ""]
        {
            assert!(Sscc::read(wrong).is_err(), "{wrong}");
        }
    }
}
