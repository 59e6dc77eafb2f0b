//! References to other records.

use std::marker::PhantomData;

use serde_json::Value as Json;

use super::{Input, Kind, Names, Raw, itself};
use crate::html::{self, Html};
use crate::value::{Row, ToValue, Value};
use crate::{Id, Result, Words, Wrong};

/// A reference to another record.
#[derive(Debug, PartialEq, Eq)]
pub struct Ref<T> {
    /// Its id.
    pub id: Id,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Ref<T> {}

impl<T> From<Id> for Ref<T> {
    fn from(id: Id) -> Ref<T> {
        Ref { id, kind: PhantomData }
    }
}

impl<T: crate::Record> Kind for Ref<T> {
    const INPUT: Input = Input::Reference { table: T::TABLE };
    fn put(&self) -> Vec<Value> {
        vec![self.id.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Ref<T>>> {
        Ok(row.take::<Option<Id>>()?.map(Ref::from))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Ref<T>>, Wrong> {
        raw.text()
            .map(|text| text.parse::<Id>().map(Ref::from).map_err(|_| Wrong::new("error.reference")))
            .transpose()
    }
    fn json(&self) -> Json {
        self.id.to_string().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(self.id)
    }
    fn show(&self, _: &Words, names: &Names) -> Html {
        let id = self.id.to_string();
        html::run(names.get(&id).map_or(id.as_str(), String::as_str))
    }
}
