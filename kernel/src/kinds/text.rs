//! Text of one line and of several.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Input, Kind, Names, Raw, bounded, itself};
use crate::html::{self, Html};
use crate::value::{Row, ToValue, Value};
use crate::{Result, Words, Wrong};

/// Longest text of several lines, in characters.
const LONGEST: usize = 10_000;

impl Kind for String {
    const INPUT: Input = Input::Line;
    fn put(&self) -> Vec<Value> {
        vec![self.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<String>> {
        row.take()
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<String>, Wrong> {
        raw.text().map(|text| bounded(text, 300)).transpose()
    }
    fn json(&self) -> Json {
        self.as_str().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(self)
    }
    fn show(&self, _: &Words, _: &Names) -> Html {
        html::run(self)
    }
}

/// Text of several lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Long(pub String);

impl Kind for Long {
    const INPUT: Input = Input::Lines;
    fn put(&self) -> Vec<Value> {
        vec![self.0.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Long>> {
        Ok(row.take::<Option<String>>()?.map(Long))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Long>, Wrong> {
        raw.text().map(|text| bounded(text, LONGEST).map(Long)).transpose()
    }
    fn json(&self) -> Json {
        self.0.as_str().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(&self.0)
    }
    fn show(&self, _: &Words, _: &Names) -> Html {
        html::lines(&self.0)
    }
}
