//! Dates, whole numbers, and yes or no.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Column, Input, Kind, Names, Raw, itself};
use crate::html::{self, Html};
use crate::value::{Row, ToValue, Value};
use crate::{Result, Words, Wrong};

impl Kind for Date {
    const INPUT: Input = Input::Date;
    fn put(&self) -> Vec<Value> {
        vec![self.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Date>> {
        row.take()
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Date>, Wrong> {
        let Some(text) = raw.text() else { return Ok(None) };
        let wrong = || Wrong::new("error.date").with("typed", text.chars().take(40).collect::<String>());
        let (year, month, day) = sheet::parse::date(text).ok_or_else(wrong)?;
        let year = i16::try_from(year).map_err(|_| wrong())?;
        let date = Date::new(year, month as i8, day as i8).map_err(|_| wrong())?;
        if !(1900..=2200).contains(&date.year()) {
            return Err(Wrong::new("error.date_range"));
        }
        Ok(Some(date))
    }
    fn json(&self) -> Json {
        self.to_string().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(self)
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::text(&w.date(self))
    }
}

impl Kind for i64 {
    const INPUT: Input = Input::Number;
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Int)];
    fn put(&self) -> Vec<Value> {
        vec![self.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<i64>> {
        row.take()
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<i64>, Wrong> {
        let Some(text) = raw.text() else { return Ok(None) };
        let n = sheet::parse::number(text).ok_or_else(|| Wrong::new("error.number"))?;
        if !(0..=1_000_000_000).contains(&n) {
            return Err(Wrong::new("error.number_range"));
        }
        Ok(Some(n))
    }
    fn json(&self) -> Json {
        (*self).into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(self)
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::isolate(&w.num(*self))
    }
}

impl Kind for bool {
    const INPUT: Input = Input::Yes;
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Int)];
    fn put(&self) -> Vec<Value> {
        vec![self.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<bool>> {
        row.take()
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<bool>, Wrong> {
        match raw.text() {
            None => Ok(Some(false)),
            Some(text) => sheet::parse::yes_no(text).map(Some).ok_or_else(|| Wrong::new("error.yes_no")),
        }
    }
    fn json(&self) -> Json {
        (*self).into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        if *self { itself("yes") } else { Vec::new() }
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::text(&w.t(if *self { "yes" } else { "no" }))
    }
}
