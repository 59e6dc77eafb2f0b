//! A year as a field: it is never written with a space between its thousands.

use kernel::kinds::{Column, Input, Kind, Names, Raw};
use kernel::value::{Row, ToValue, Value};
use kernel::{Html, Json, Result, Words, Wrong, html, today};

/// A year that has begun, from 1900 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year(pub i64);

impl Kind for Year {
    const INPUT: Input = Input::Number;
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Int)];
    fn put(&self) -> Vec<Value> {
        vec![self.0.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Year>> {
        Ok(row.take::<Option<i64>>()?.map(Year))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Year>, Wrong> {
        let begun = 1900..=i64::from(today().year());
        match i64::parse(raw)? {
            Some(year) if !begun.contains(&year) => Err(Wrong::new("person.birth_year.range")),
            year => Ok(year.map(Year)),
        }
    }
    fn json(&self) -> Json {
        self.0.into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        vec![(String::new(), self.0.to_string())]
    }
    fn show(&self, _: &Words, _: &Names) -> Html {
        html::isolate(&self.0.to_string())
    }
}
