//! The kinds of fields that a record can declare. A kind knows its columns, how it is typed in, shown and exported.

use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::html::{self, Html};
use crate::locale::exponent;
use crate::value::{FromValue, Row, ToValue, Value};
use crate::{Error, Id, Lang, Result, Words, Wrong};

/// The type of a column; both engines know these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Text of any length.
    Text,
    /// A whole number of 64 bits.
    Int,
    /// A floating-point number: coordinates only.
    Real,
}

impl Column {
    /// Its name in a schema.
    pub fn ddl(self) -> &'static str {
        match self {
            Column::Text => "TEXT",
            Column::Int => "BIGINT",
            Column::Real => "DOUBLE PRECISION",
        }
    }
}

/// How a field is typed in.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// One line in each language.
    Multi,
    /// One of several codes; the words of code `x` stand under `words.x`.
    Choice {
        /// The codes.
        codes: &'static [&'static str],
        /// Where their words stand.
        words: &'static str,
    },
    /// Several of several codes.
    Choices {
        /// The codes.
        codes: &'static [&'static str],
        /// Where their words stand.
        words: &'static str,
    },
    /// An amount and its currency.
    Money,
    /// A calendar date.
    Date,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A whole number.
    Number,
    /// Yes or no.
    Yes,
    /// A commune and a point.
    Place,
    /// A stored document.
    File,
    /// Another record; the page offers the choices.
    Reference {
        /// The table it stands in.
        table: &'static str,
    },
}

/// What was typed for one field: its own name and its parts (`name.fr`, `amount.currency`).
pub struct Raw<'a> {
    /// The form.
    pub fields: &'a crate::Fields,
    /// The field.
    pub name: &'a str,
}

impl<'a> Raw<'a> {
    /// The trimmed text of the field itself, if any was typed.
    pub fn text(&self) -> Option<&'a str> {
        self.fields.text(self.name)
    }

    /// The trimmed text of a part.
    pub fn part(&self, part: &str) -> Option<&'a str> {
        self.fields.text(&format!("{}.{part}", self.name))
    }
}

/// Names of referenced records by their id, for showing.
pub type Names = HashMap<String, String>;

/// A kind of field.
pub trait Kind: Sized {
    /// How it is typed in.
    const INPUT: Input;
    /// Its columns: suffix and type. A kind without columns keeps its values in a table of links.
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Text)];
    /// The contents of its columns.
    fn put(&self) -> Vec<Value>;
    /// Reads its columns; `None` if nothing is stated.
    fn take(row: &mut Row) -> Result<Option<Self>>;
    /// Reads what a person typed; `None` if nothing was.
    fn parse(raw: &Raw<'_>) -> Result<Option<Self>, Wrong>;
    /// Its JSON.
    fn json(&self) -> Json;
    /// What would have to be typed for it: parts and texts.
    fn typed(&self) -> Vec<(String, String)>;
    /// As a reader sees it.
    fn show(&self, w: &Words, names: &Names) -> Html;
}

fn one_text<T>(row: &mut Row, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
    match row.take::<Option<String>>()? {
        None => Ok(None),
        Some(text) => match read(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(Error::internal(format!("unreadable column content {text:?}"))),
        },
    }
}

fn itself(text: impl ToString) -> Vec<(String, String)> {
    vec![(String::new(), text.to_string())]
}

/// The same text with Arabic and Persian digits written 0 to 9.
fn ascii_digits(text: &str) -> String {
    let digit = |c: char| match c {
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => c as u32 - 0x6f0,
        _ => u32::MAX,
    };
    text.chars().map(|c| char::from_digit(digit(c), 10).unwrap_or(c)).collect()
}

/// Longest text accepted in one field, in characters.
const LONGEST: usize = 10_000;

fn bounded(text: &str, most: usize) -> Result<String, Wrong> {
    if text.chars().count() > most {
        return Err(Wrong::new("error.too_long").with("most", most));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
        return Err(Wrong::new("error.control"));
    }
    Ok(text.to_owned())
}

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

/// A text that people read in several languages, by language code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Multi(pub BTreeMap<String, String>);

impl Multi {
    /// A text in French and Arabic.
    pub fn fr_ar(fr: &str, ar: &str) -> Multi {
        Multi([("fr", fr), ("ar", ar)].into_iter().filter(|(_, t)| !t.is_empty()).map(|(l, t)| (l.into(), t.into())).collect())
    }

    /// The text in this language, or in the nearest one that has it.
    pub fn best(&self, lang: Lang) -> &str {
        self.best_with_lang(lang).1
    }

    /// The text in this language or the nearest one, with its language code.
    pub fn best_with_lang(&self, lang: Lang) -> (&str, &str) {
        [lang.code(), "fr", "en", "ar"]
            .into_iter()
            .find_map(|code| self.0.get_key_value(code))
            .or_else(|| self.0.iter().next())
            .map_or(("", ""), |(code, text)| (code.as_str(), text.as_str()))
    }

    /// The name in the other script, if it has one: Arabic for readers of Latin letters, and the reverse.
    pub fn other(&self, lang: Lang) -> Option<(&str, &str)> {
        let wanted: &[&str] = if lang == Lang::Ar { &["fr", "en"] } else { &["ar", "zgh"] };
        let (used, _) = self.best_with_lang(lang);
        wanted.iter().find_map(|code| self.0.get_key_value(*code)).map(|(c, t)| (c.as_str(), t.as_str())).filter(|(c, _)| *c != used)
    }

    /// Every language's text, for search.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl FromValue for Multi {
    fn from_value(value: Value) -> Result<Multi> {
        Ok(serde_json::from_str(&String::from_value(value)?)?)
    }
}

impl ToValue for Multi {
    fn to_value(&self) -> Value {
        Value::Text(self.json().to_string())
    }
}

impl Kind for Multi {
    const INPUT: Input = Input::Multi;
    fn put(&self) -> Vec<Value> {
        vec![self.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Multi>> {
        one_text(row, |text| serde_json::from_str(text).ok())
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Multi>, Wrong> {
        let mut texts = BTreeMap::new();
        for lang in Lang::ALL {
            if let Some(text) = raw.part(lang.code()) {
                texts.insert(lang.code().to_owned(), bounded(text, 2_000)?);
            }
        }
        // A spreadsheet or a short form gives one text: its script tells the language.
        if let Some(text) = raw.text() {
            let arabic = text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
            texts.entry(if arabic { "ar" } else { "fr" }.to_owned()).or_insert(bounded(text, 2_000)?);
        }
        Ok((!texts.is_empty()).then_some(Multi(texts)))
    }
    fn json(&self) -> Json {
        self.0.iter().map(|(lang, text)| (lang.clone(), Json::from(text.as_str()))).collect::<serde_json::Map<_, _>>().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(lang, text)| (lang.clone(), text.clone())).collect()
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::multi(self, w.lang)
    }
}

/// An amount: whole minor units of a currency, never a floating-point number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Money {
    /// Minor units: centimes for the dirham.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl Money {
    /// So many whole units of a currency.
    pub fn whole(units: i64, currency: &str) -> Money {
        Money { minor: units * 10_i64.pow(exponent(currency).into()), currency: currency.into() }
    }
}

impl AsRef<Money> for Money {
    fn as_ref(&self) -> &Money {
        self
    }
}

/// Currencies offered in forms; any ISO 4217 code is accepted from elsewhere.
pub const CURRENCIES: &[&str] = &["MAD", "EUR", "USD", "XOF", "TND", "DZD"];

impl Kind for Money {
    const INPUT: Input = Input::Money;
    const COLUMNS: &'static [(&'static str, Column)] = &[("", Column::Int), ("_currency", Column::Text)];
    fn put(&self) -> Vec<Value> {
        vec![self.minor.to_value(), self.currency.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Money>> {
        let (minor, currency): (Option<i64>, Option<String>) = (row.take()?, row.take()?);
        Ok(minor.zip(currency).map(|(minor, currency)| Money { minor, currency }))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Money>, Wrong> {
        let minor = raw.part("minor").map(|minor| minor.parse::<i64>().map_err(|_| Wrong::new("error.money"))).transpose()?;
        if raw.text().is_none() && minor.is_none() {
            return Ok(None);
        }
        let currency = raw.part("currency").unwrap_or(CURRENCIES[0]).to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Wrong::new("error.currency"));
        }
        let typed = || sheet::parse::money_minor(raw.text().unwrap_or_default(), exponent(&currency).into());
        let minor = minor.or_else(typed).ok_or_else(|| Wrong::new("error.money"))?;
        // A programme of a whole country stays far below; sums of a million such amounts still fit.
        if !(0..=1_000_000_000_000).contains(&minor) {
            return Err(Wrong::new("error.money_range"));
        }
        Ok(Some(Money { minor, currency }))
    }
    fn json(&self) -> Json {
        serde_json::json!({ "minor": self.minor, "currency": self.currency })
    }
    fn typed(&self) -> Vec<(String, String)> {
        let places = exponent(&self.currency) as usize;
        let unit = 10_i64.pow(places as u32);
        let mut amount = (self.minor / unit).to_string();
        if self.minor % unit != 0 {
            amount.push_str(&format!(",{:0places$}", (self.minor % unit).abs()));
        }
        vec![(String::new(), amount), ("currency".into(), self.currency.clone())]
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::isolate(&w.money(self))
    }
}

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

macro_rules! text_kind {
    ($(#[$doc:meta])* $name:ident, $input:expr, $show:path, $read:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl Kind for $name {
            const INPUT: Input = $input;
            fn put(&self) -> Vec<Value> { vec![self.0.to_value()] }
            fn take(row: &mut Row) -> Result<Option<$name>> { Ok(row.take::<Option<String>>()?.map($name)) }
            fn parse(raw: &Raw<'_>) -> Result<Option<$name>, Wrong> {
                let read: fn(&str) -> Result<String, Wrong> = $read;
                raw.text().map(|text| read(text).map($name)).transpose()
            }
            fn json(&self) -> Json { self.0.as_str().into() }
            fn typed(&self) -> Vec<(String, String)> { itself(&self.0) }
            fn show(&self, _: &Words, _: &Names) -> Html { $show(&self.0) }
        }
    };
}

text_kind!(
    /// A telephone number in international form, such as `+212661000000` (E.164).
    Phone, Input::Phone, html::isolate, |text| {
        let folded = fold::fold(text);
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        let plus = text.trim_start().starts_with('+') || digits.starts_with("00");
        let digits = if plus { digits.trim_start_matches("00").to_owned() }
            else if digits.len() == 10 && digits.starts_with('0') { format!("212{}", &digits[1..]) }
            else if digits.len() == 9 && digits.starts_with(['5', '6', '7']) { format!("212{digits}") }
            else { digits };
        let only_digits = folded.chars().all(|c| c.is_ascii_digit() || c == ' ');
        if only_digits && (8..=15).contains(&digits.len()) { Ok(format!("+{digits}")) } else { Err(Wrong::new("error.phone")) }
    }
);
text_kind!(
    /// An e-mail address, in lower case.
    Email, Input::Email, html::isolate, |text| {
        let text = bounded(text, 254)?.to_lowercase();
        let good = text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
        });
        if good && !text.contains(char::is_whitespace) { Ok(text) } else { Err(Wrong::new("error.email")) }
    }
);
text_kind!(
    /// An official number as it stands on the paper: letters, digits, dots, strokes. Spaces are dropped.
    Code, Input::Line, html::isolate, |text| {
        let text: String = ascii_digits(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let good = text.len() <= 40 && text.chars().all(|c| c.is_alphanumeric() || "-./".contains(c));
        if good { Ok(text) } else { Err(Wrong::new("error.code")) }
    }
);
text_kind!(
    /// The Moroccan *identifiant commun de l'entreprise*: 15 digits. The control digits are not published,
    /// so they are not checked.
    Ice, Input::Line, html::isolate, |text| {
        let text: String = ascii_digits(text).chars().filter(|c| !c.is_whitespace()).collect();
        if text.len() == 15 && text.bytes().all(|b| b.is_ascii_digit()) { Ok(text) } else { Err(Wrong::new("error.ice")) }
    }
);
text_kind!(
    /// A stored document: the id of its file.
    File, Input::File, html::file, |text| {
        text.parse::<Id>().map(|id| id.to_string()).map_err(|_| Wrong::new("error.file"))
    }
);

/// A place: the code of a division and, if known, a point (WGS 84 degrees).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Place {
    /// Code of the division in its country's list.
    pub division: String,
    /// Latitude.
    pub lat: Option<f64>,
    /// Longitude.
    pub lon: Option<f64>,
}

impl Kind for Place {
    const INPUT: Input = Input::Place;
    const COLUMNS: &'static [(&'static str, Column)] =
        &[("", Column::Text), ("_lat", Column::Real), ("_lon", Column::Real)];
    fn put(&self) -> Vec<Value> {
        vec![self.division.to_value(), self.lat.to_value(), self.lon.to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Place>> {
        let (division, lat, lon): (Option<String>, _, _) = (row.take()?, row.take()?, row.take()?);
        Ok(division.map(|division| Place { division, lat, lon }))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Place>, Wrong> {
        let Some(text) = raw.text().or_else(|| raw.part("division")) else { return Ok(None) };
        let division = crate::territory::resolve(text, raw.part("in"))?;
        let degree = |part: &str, most: f64| match raw.part(part) {
            None => Ok(None),
            Some(text) => ascii_digits(text).replace(',', ".").parse::<f64>().ok().filter(|x| x.abs() <= most).map(Some)
                .ok_or_else(|| Wrong::new("error.point")),
        };
        let (lat, lon) = (degree("lat", 90.0)?, degree("lon", 180.0)?);
        if lat.is_some() != lon.is_some() {
            return Err(Wrong::new("error.point"));
        }
        Ok(Some(Place { division, lat, lon }))
    }
    fn json(&self) -> Json {
        serde_json::json!({ "division": self.division, "lat": self.lat, "lon": self.lon })
    }
    fn typed(&self) -> Vec<(String, String)> {
        let mut parts = itself(crate::territory::typed(&self.division));
        parts.extend(self.lat.map(|x| ("lat".into(), x.to_string())));
        parts.extend(self.lon.map(|x| ("lon".into(), x.to_string())));
        parts
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        html::text(&crate::territory::path(&self.division, w.lang))
    }
}

/// Several divisions: the territory of a programme. Typed as names or codes apart by semicolons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Divisions(pub Vec<String>);

impl Kind for Divisions {
    const INPUT: Input = Input::Line;
    fn put(&self) -> Vec<Value> {
        vec![self.0.join(",").to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Divisions>> {
        one_text(row, |text| Some(Divisions(text.split(',').map(str::to_owned).collect())))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Divisions>, Wrong> {
        let typed = raw.fields.all(raw.name).flat_map(|text| text.split([';', '؛', '\n'])).map(str::trim).filter(|t| !t.is_empty());
        let mut codes = typed.map(crate::territory::resolve_widest).collect::<Result<Vec<_>, Wrong>>()?;
        codes.sort();
        codes.dedup();
        Ok((!codes.is_empty()).then_some(Divisions(codes)))
    }
    fn json(&self) -> Json {
        self.0.iter().map(|code| Json::from(code.as_str())).collect::<Vec<_>>().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        itself(self.0.iter().map(|code| crate::territory::typed(code)).collect::<Vec<_>>().join(" ; "))
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        let separator = if w.lang == Lang::Ar { "، " } else { ", " };
        html::text(&self.0.iter().map(|code| w.division(code)).collect::<Vec<_>>().join(separator))
    }
}

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
        raw.text().map(|text| text.parse::<Id>().map(Ref::from).map_err(|_| Wrong::new("error.reference"))).transpose()
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

/// Several codes of one choice, kept in a table of links named `table_field`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T: Choice> Kind for Many<T> {
    const INPUT: Input = Input::Choices { codes: T::CODES, words: T::WORDS };
    const COLUMNS: &'static [(&'static str, Column)] = &[];
    fn put(&self) -> Vec<Value> {
        self.0.iter().map(|choice| choice.code().to_value()).collect()
    }
    fn take(row: &mut Row) -> Result<Option<Many<T>>> {
        let mut found = Vec::new();
        while let Some(value) = row.0.pop_front() {
            found.extend(T::from_code(&String::from_value(value)?));
        }
        Ok((!found.is_empty()).then_some(Many(found)))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Many<T>>, Wrong> {
        let mut found: Vec<T> = Vec::new();
        for text in raw.fields.all(raw.name).flat_map(|text| text.split([',', ';'])).map(str::trim) {
            if text.is_empty() {
                continue;
            }
            let choice = T::from_code(text).ok_or_else(|| Wrong::new("error.choice").with("typed", text))?;
            if !found.iter().any(|c| c.code() == choice.code()) {
                found.push(choice);
            }
        }
        found.sort_by_key(|choice| T::CODES.iter().position(|code| *code == choice.code()));
        Ok((!found.is_empty()).then_some(Many(found)))
    }
    fn json(&self) -> Json {
        self.0.iter().map(|choice| Json::from(choice.code())).collect::<Vec<_>>().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        self.0.iter().map(|choice| (String::new(), choice.code().to_owned())).collect()
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        let separator = if w.lang == Lang::Ar { "، " } else { ", " };
        html::text(&self.0.iter().map(|choice| w.t2(T::WORDS, choice.code())).collect::<Vec<_>>().join(separator))
    }
}

/// One of a closed list of codes, made by [`choice!`](crate::choice).
pub trait Choice: Sized {
    /// The codes, in the order they are offered.
    const CODES: &'static [&'static str];
    /// Where their words stand.
    const WORDS: &'static str;
    /// The code of this choice.
    fn code(&self) -> &'static str;
    /// The choice with this code.
    fn from_code(code: &str) -> Option<Self>;
}

/// Declares a closed list of codes as an enum that is a [`Kind`].
///
/// `choice! { /// Doc. pub Sex in "person.sex" { Woman = "woman", Man = "man" } }`
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* pub $name:ident in $words:literal { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $(#[doc = concat!("`", $code, "`")] $variant),+ }

        impl $crate::kinds::Choice for $name {
            const CODES: &'static [&'static str] = &[$($code),+];
            const WORDS: &'static str = $words;
            fn code(&self) -> &'static str { match self { $($name::$variant => $code),+ } }
            fn from_code(code: &str) -> Option<$name> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }

        impl $crate::kinds::Kind for $name {
            const INPUT: $crate::kinds::Input = $crate::kinds::Input::Choice {
                codes: <$name as $crate::kinds::Choice>::CODES, words: $words,
            };
            fn put(&self) -> Vec<$crate::value::Value> { $crate::kinds::choice_put(self) }
            fn take(row: &mut $crate::value::Row) -> $crate::Result<Option<$name>> { $crate::kinds::choice_take(row) }
            fn parse(raw: &$crate::kinds::Raw<'_>) -> $crate::Result<Option<$name>, $crate::Wrong> { $crate::kinds::choice_parse(raw) }
            fn json(&self) -> $crate::Json { $crate::kinds::Choice::code(self).into() }
            fn typed(&self) -> Vec<(String, String)> { vec![(String::new(), $crate::kinds::Choice::code(self).to_owned())] }
            fn show(&self, w: &$crate::Words, _: &$crate::kinds::Names) -> $crate::Html {
                $crate::html::text(&w.t2($words, $crate::kinds::Choice::code(self)))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::kinds::Choice::code(self))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": <$name as $crate::kinds::Choice>::CODES })
            }
        }

        impl $crate::value::FromValue for $name {
            fn from_value(value: $crate::value::Value) -> $crate::Result<$name> {
                $crate::kinds::choice_take(&mut $crate::value::Row::of([value]))?
                    .ok_or_else(|| $crate::Error::internal("no code where one is needed"))
            }
        }

        impl $crate::value::ToValue for $name {
            fn to_value(&self) -> $crate::value::Value {
                $crate::value::Value::Text($crate::kinds::Choice::code(self).to_owned())
            }
        }
    };
}

/// The column of a choice.
pub fn choice_put<T: Choice>(choice: &T) -> Vec<Value> {
    vec![choice.code().to_value()]
}

/// Reads a choice from its column.
pub fn choice_take<T: Choice>(row: &mut Row) -> Result<Option<T>> {
    one_text(row, T::from_code)
}

/// Reads a choice from a form.
pub fn choice_parse<T: Choice>(raw: &Raw<'_>) -> Result<Option<T>, Wrong> {
    raw.text()
        .map(|text| T::from_code(text).ok_or_else(|| Wrong::new("error.choice").with("typed", text.chars().take(40).collect::<String>())))
        .transpose()
}
