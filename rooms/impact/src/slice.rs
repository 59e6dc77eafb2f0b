//! One bucket of a cut, such as women, or a province: what a filter keeps, and what a target can be set for.

use kernel::form::Options;
use kernel::kinds::{Input, Kind, Names, Raw};
use kernel::value::{Row, ToValue, Value};
use kernel::{Ctx, Db, Html, Id, Result, Words, Wrong, sql};
use serde_json::Value as Json;

use crate::cut::{self, AGES, Cut};
use crate::indicator::{Indicator, Items};

/// A bucket that was stated. It is typed and kept as `cut:code`, and chosen by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// What it cuts by.
    pub cut: Cut,
    /// The code of the bucket.
    pub code: String,
}

impl Slice {
    /// The bucket of a cut with this code.
    pub fn of(cut: Cut, code: impl Into<String>) -> Slice {
        Slice { cut, code: code.into() }
    }

    fn read(text: &str) -> Option<Slice> {
        let (cut, code) = text.split_once(':')?;
        (!code.is_empty()).then_some(Slice::of(Cut::from_code(cut)?, code))
    }

    /// Its name, such as *Province : Zagora*. `items` name the codes of an indicator's own.
    pub(crate) fn label(&self, db: &mut Db, w: Words, items: Option<&Items>) -> Result<String> {
        let names = cut::labels(db, w, self.cut, items, std::slice::from_ref(&self.code))?;
        Ok(titled(w, self.cut, names.get(&self.code).unwrap_or(&self.code)))
    }
}

fn titled(w: Words, cut: Cut, name: &str) -> String {
    w.args("impact.slice", &[("cut", w.t2("impact.cut", cut.code())), ("name", name.to_owned())])
}

impl std::fmt::Display for Slice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.cut.code(), self.code)
    }
}

impl Kind for Slice {
    const INPUT: Input = Input::Line;
    fn put(&self) -> Vec<Value> {
        vec![self.to_string().to_value()]
    }
    fn take(row: &mut Row) -> Result<Option<Slice>> {
        Ok(row.take::<Option<String>>()?.as_deref().and_then(Slice::read))
    }
    fn parse(raw: &Raw<'_>) -> Result<Option<Slice>, Wrong> {
        let wrong = || Wrong::new("error.reference");
        raw.text().map(|text| Slice::read(text).ok_or_else(wrong)).transpose()
    }
    fn json(&self) -> Json {
        self.to_string().into()
    }
    fn typed(&self) -> Vec<(String, String)> {
        vec![(String::new(), self.to_string())]
    }
    fn show(&self, w: &Words, _: &Names) -> Html {
        // A history has no database at hand: divisions and choices have words, the rest keeps its code.
        let name = match self.cut {
            Cut::Sex => w.t2("person.sex", &self.code),
            Cut::Age => w.t2("age", &self.code),
            Cut::Region | Cut::Province | Cut::Commune => w.division(&self.code),
            _ => self.code.clone(),
        };
        kernel::html::text(&titled(*w, self.cut, &name))
    }
}

/// Cuts whose buckets can be named before anything is counted; time is a question of the period.
const NAMED: [Cut; 8] = [
    Cut::Sex,
    Cut::Age,
    Cut::Region,
    Cut::Province,
    Cut::Commune,
    Cut::Promotion,
    Cut::Cooperative,
    Cut::Kind,
];

/// What can be chosen within a programme: of the cuts of an indicator, or of all where none is chosen yet.
pub(crate) fn offers(
    ctx: &Ctx,
    db: &mut Db,
    programme: Id,
    indicator: Option<&Indicator>,
) -> Result<Options> {
    let items = indicator.and_then(|indicator| indicator.items.as_ref());
    let enrolled = programmes::enrolment::board(db, programme, kernel::today())?;
    let mut offered = Options::new();
    for cut in NAMED {
        if indicator.is_some_and(|indicator| !indicator.cuts.contains(&cut)) {
            continue;
        }
        let places = |long: usize| {
            let cut_off = |place: &String| place.get(..long).unwrap_or(place).to_owned();
            enrolled.iter().map(|one| cut_off(&one.place)).collect::<Vec<String>>()
        };
        let mut codes: Vec<String> = match cut {
            Cut::Sex => choices(ctx, "person.sex"),
            Cut::Age => AGES.iter().map(|age| (*age).to_owned()).collect(),
            Cut::Region => places(cut::REGION),
            Cut::Province => places(cut::PROVINCE),
            Cut::Commune => places(usize::MAX),
            Cut::Promotion => {
                let promotions = programmes::enrolment::promotions(db, programme)?;
                promotions.iter().map(|promotion| promotion.id.to_string()).collect()
            }
            Cut::Cooperative => enrolled.iter().map(|one| one.organisation.to_string()).collect(),
            Cut::Kind if items.is_some_and(|items| items.kind_names.is_some()) => {
                let names = items.and_then(|items| items.kind_names.as_deref()).unwrap_or_default();
                let query = sql(&format!(
                    "select k.code, k.name, k.part from ({names}) k where k.programme = ? order by k.code"
                ));
                let query = query.bind(programme).open("the caller checked the standing at the programme");
                cut::written(db, ctx.w, query)?.into_iter().map(|(code, _)| code).collect()
            }
            Cut::Kind => items
                .and_then(|items| items.kind_words.as_deref())
                .map_or_else(Vec::new, |words| choices(ctx, words)),
            Cut::Programme | Cut::Month | Cut::Quarter | Cut::Year => Vec::new(),
        };
        if matches!(cut, Cut::Region | Cut::Province | Cut::Commune) {
            codes.sort();
            codes.dedup();
        }
        let names = cut::labels(db, ctx.w, cut, items, &codes)?;
        offered.extend(codes.into_iter().map(|code| {
            let label = titled(ctx.w, cut, names.get(&code).unwrap_or(&code));
            (Slice::of(cut, code).to_string(), label)
        }));
    }
    Ok(offered)
}

/// True if a slice is among those that were offered.
pub(crate) fn is_offered(offered: &Options, slice: &Slice) -> bool {
    let text = slice.to_string();
    offered.iter().any(|(there, _)| *there == text)
}

/// The codes of a choice that a record of the house declares, by where its words stand.
fn choices(ctx: &Ctx, at: &str) -> Vec<String> {
    let declared = ctx.app.rooms.iter().flat_map(|room| &room.records).flat_map(|declared| declared.fields);
    let codes = declared.filter_map(|field| match field.ops.input {
        Input::Choice { codes, words } | Input::Choices { codes, words } if words == at => Some(codes),
        _ => None,
    });
    codes.into_iter().next().into_iter().flatten().map(|code| (*code).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cut, Slice};

    #[test]
    fn what_is_no_bucket_is_not_read() {
        for wrong in ["", "sex", "sex:", "nothing:woman", ":woman"] {
            assert_eq!(Slice::read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_slice_is_read_as_it_was_written(at in 0..Cut::ALL.len(), code in "[a-z0-9:. '%-]{1,40}") {
            let slice = Slice::of(Cut::ALL[at], code);
            prop_assert_eq!(Slice::read(&slice.to_string()), Some(slice));
        }
    }
}
