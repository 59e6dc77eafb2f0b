//! What a figure can be cut by. Every cut has a bucket for what was not stated, so that totals agree.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::kinds::{Kind, Multi};
use kernel::value::Row;
use kernel::{Db, Result, Sql, Words, sql};
use serde::{Deserialize, Serialize};

use crate::indicator::Items;

/// The bands of `training`: children, youth of the SDGs, youth of the country, working age, older.
pub const AGES: [&str; 5] = ["0-14", "15-24", "25-35", "36-59", "60"];
/// How long the code of a région is.
pub const REGION: usize = 2;
/// How long the code of a province is.
pub const PROVINCE: usize = 6;

/// Something to cut by; its word stands under `impact.cut`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Sex of the person.
    Sex,
    /// Age band on the last day of the period.
    Age,
    /// The cooperative.
    Cooperative,
    /// Its promotion in the programme.
    Promotion,
    /// Région.
    Region,
    /// Province or prefecture.
    Province,
    /// Commune.
    Commune,
    /// Programme.
    Programme,
    /// Month in which it happened.
    Month,
    /// Quarter.
    Quarter,
    /// Year.
    Year,
    /// A code of the indicator's own, such as a theme or a reason.
    Kind,
}

impl Cut {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Cut; 12] = [
        Cut::Sex,
        Cut::Age,
        Cut::Cooperative,
        Cut::Promotion,
        Cut::Region,
        Cut::Province,
        Cut::Commune,
        Cut::Programme,
        Cut::Month,
        Cut::Quarter,
        Cut::Year,
        Cut::Kind,
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Cut::Sex => "sex",
            Cut::Age => "age",
            Cut::Cooperative => "cooperative",
            Cut::Promotion => "promotion",
            Cut::Region => "region",
            Cut::Province => "province",
            Cut::Commune => "commune",
            Cut::Programme => "programme",
            Cut::Month => "month",
            Cut::Quarter => "quarter",
            Cut::Year => "year",
            Cut::Kind => "kind",
        }
    }

    /// The cut with this code.
    pub fn from_code(code: &str) -> Option<Cut> {
        Cut::ALL.into_iter().find(|cut| cut.code() == code)
    }

    /// The bucket of an item as SQL over the alias `x`; what is not stated is null. `year` is that of the last day.
    pub(crate) fn expression(self, year: i16) -> String {
        match self {
            Cut::Sex => "x.sex".into(),
            Cut::Age => {
                let [child, young, youth, grown, old] = AGES;
                format!(
                    "case when x.birth_year is null then null when {year} - x.birth_year < 15 then '{child}'
                     when {year} - x.birth_year < 25 then '{young}' when {year} - x.birth_year < 36 then '{youth}'
                     when {year} - x.birth_year < 60 then '{grown}' else '{old}' end"
                )
            }
            Cut::Cooperative => "x.organisation".into(),
            Cut::Promotion => "(select e.promotion from enrolment e where e.organisation = x.organisation and e.programme = x.programme)".into(),
            // Codes of divisions grow from the left: region, province, cercle, commune.
            Cut::Region => format!("(select substr(o.place, 1, {REGION}) from organisation o where o.id = x.organisation)"),
            Cut::Province => format!("(select substr(o.place, 1, {PROVINCE}) from organisation o where o.id = x.organisation)"),
            Cut::Commune => "(select o.place from organisation o where o.id = x.organisation)".into(),
            Cut::Programme => "x.programme".into(),
            Cut::Month => "substr(x.day, 1, 7)".into(),
            Cut::Quarter => "substr(x.day, 1, 4) || case when substr(x.day, 6, 2) < '04' then '-1' when substr(x.day, 6, 2) < '07' then '-2'
                 when substr(x.day, 6, 2) < '10' then '-3' else '-4' end"
                .into(),
            Cut::Year => "substr(x.day, 1, 4)".into(),
            Cut::Kind => "x.kind".into(),
        }
    }

    /// True if its buckets follow each other.
    pub fn is_time(self) -> bool {
        matches!(self, Cut::Month | Cut::Quarter | Cut::Year)
    }
}

/// Names of the buckets of a cut, for a reader.
pub(crate) fn labels(
    db: &mut Db,
    w: Words,
    cut: Cut,
    items: Option<&Items>,
    codes: &[String],
) -> Result<HashMap<String, String>> {
    let mut named = HashMap::new();
    let table = match cut {
        Cut::Cooperative => Some("organisation"),
        Cut::Programme => Some("programme"),
        Cut::Promotion => Some("promotion"),
        _ => None,
    };
    if let Some(table) = table {
        for chunk in codes.chunks(400) {
            let query = sql(&format!("select id, name from {table} where id")).within(chunk);
            let rows = db.rows(&query.open("names of buckets that the viewer may count"), |row| {
                Ok((row.take::<String>()?, row.take::<Multi>()?))
            })?;
            named.extend(rows.into_iter().map(|(id, name)| (id, name.best(w.lang).to_owned())));
        }
        return Ok(named);
    }
    if let (Cut::Kind, Some(names)) = (cut, items.and_then(|items| items.kind_names.as_deref())) {
        for chunk in codes.chunks(400) {
            let query =
                sql(&format!("select k.code, k.name, k.part from ({names}) k where k.code")).within(chunk);
            named.extend(written(db, w, query.open("names of buckets that the viewer may count"))?);
        }
        return Ok(named);
    }
    for code in codes {
        let label = match cut {
            Cut::Sex => w.t2("person.sex", code),
            Cut::Age => w.t2("age", code),
            Cut::Region | Cut::Province | Cut::Commune => w.division(code),
            Cut::Month => month(w, code).unwrap_or_else(|| code.clone()),
            Cut::Quarter => {
                let (year, quarter) = code.split_once('-').unwrap_or((code, ""));
                w.args("impact.quarter", &[("n", quarter.to_owned()), ("year", year.to_owned())])
            }
            Cut::Kind => match items.and_then(|items| items.kind_words.as_deref()) {
                Some(words) => w.t2(words, code),
                None => code.clone(),
            },
            _ => code.clone(),
        };
        named.insert(code.clone(), label);
    }
    Ok(named)
}

/// Codes that programmes named, with their names: a question and what it is a part of.
pub(crate) fn written(db: &mut Db, w: Words, query: Sql) -> Result<Vec<(String, String)>> {
    db.rows(&query, |row| {
        let (code, name, part): (String, Multi, Multi) = (row.take()?, row.take()?, row.take()?);
        let (name, part) = (name.best(w.lang), part.best(w.lang));
        Ok((code, if name == part { name.to_owned() } else { format!("{part} · {name}") }))
    })
}

/// A month such as `2026-03`, in words.
fn month(w: Words, code: &str) -> Option<String> {
    let (year, month) = code.split_once('-')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    Some(format!("{} {year}", w.t2("month", month)))
}

/// Reads a label that may be text in several languages.
pub(crate) fn label(row: &mut Row, w: Words) -> Result<String> {
    let text: Option<String> = row.take()?;
    let text = text.unwrap_or_default();
    if !text.starts_with('{') {
        return Ok(text);
    }
    let multi = Multi::take(&mut Row::of([kernel::value::Value::Text(text.clone())]))?;
    Ok(multi.map_or(text, |multi| multi.best(w.lang).to_owned()))
}
