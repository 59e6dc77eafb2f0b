//! What stands in one column, and how Rust types go in and out of it.

use std::collections::VecDeque;

use crate::{Error, Id, Result};

/// The content of one column. Few shapes are enough: dates, ids, codes and JSON are text, truth is 0 or 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing stated.
    Null,
    /// A whole number, an instant in milliseconds, an amount in minor units, or a truth.
    Int(i64),
    /// A coordinate; never an amount of money.
    Real(f64),
    /// Text, code, date, identifier or JSON.
    Text(String),
    /// A packed set of the index; no field of a record.
    Bytes(Vec<u8>),
}

impl Value {
    /// True for `Null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

/// A type that can be bound to a statement.
pub trait ToValue {
    /// The column content for this value.
    fn to_value(&self) -> Value;
}

/// A type that can be read from a column.
pub trait FromValue: Sized {
    /// Reads the column content, refusing another shape.
    fn from_value(value: Value) -> Result<Self>;
}

fn mismatch<T>(wanted: &str, found: &Value) -> Result<T> {
    Err(Error::internal(format!("column holds {found:?} where {wanted} was expected")))
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl FromValue for Value {
    fn from_value(value: Value) -> Result<Value> {
        Ok(value)
    }
}
impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
}
impl FromValue for i64 {
    fn from_value(value: Value) -> Result<i64> {
        match value {
            Value::Int(n) => Ok(n),
            other => mismatch("a whole number", &other),
        }
    }
}
impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
}
impl FromValue for f64 {
    fn from_value(value: Value) -> Result<f64> {
        match value {
            Value::Real(x) => Ok(x),
            Value::Int(n) => Ok(n as f64),
            other => mismatch("a number", &other),
        }
    }
}
impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Result<bool> {
        Ok(i64::from_value(value)? != 0)
    }
}
impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Result<String> {
        match value {
            Value::Text(text) => Ok(text),
            other => mismatch("text", &other),
        }
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Vec<u8>> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => mismatch("bytes", &other),
        }
    }
}
impl ToValue for Id {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromValue for Id {
    fn from_value(value: Value) -> Result<Id> {
        String::from_value(value)?.parse().map_err(Error::internal)
    }
}
impl ToValue for jiff::civil::Date {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromValue for jiff::civil::Date {
    fn from_value(value: Value) -> Result<Self> {
        String::from_value(value)?.parse().map_err(Error::internal)
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Option<T>> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (*self).to_value()
    }
}

/// One row of an answer, read from its first column to its last.
#[derive(Debug)]
pub struct Row(pub(crate) VecDeque<Value>);

impl Row {
    /// A row made of these values.
    pub fn of(values: impl IntoIterator<Item = Value>) -> Row {
        Row(values.into_iter().collect())
    }

    /// The next column.
    pub fn take<T: FromValue>(&mut self) -> Result<T> {
        let value = self.0.pop_front().ok_or_else(|| Error::internal("the row has no further column"))?;
        T::from_value(value)
    }
}
