//! Which answers of a survey are shown: those that the viewer may read, narrowed by what was asked for.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::kinds::{Multi, Place};
use kernel::{Ctx, Db, Id, Result, Sql, Standing, Viewer, sql};

/// What answers are narrowed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) survey: Id,
    text: Option<String>,
    organisation: Option<Id>,
    territory: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    aside: bool,
}

impl Filter {
    /// What the query of a page asks for.
    pub(crate) fn of(ctx: &Ctx, survey: Id) -> Filter {
        let territory = ctx.query.text("territory");
        let code = |text: &str| kernel::territory::resolve_widest(text).ok();
        Filter {
            survey,
            text: ctx
                .query
                .text("q")
                .map(|text| text.chars().take(100).collect::<String>().to_ascii_lowercase()),
            organisation: ctx.query.parse("organisation"),
            // A place that nobody knows finds nothing.
            territory: territory.map(|text| code(text).unwrap_or_else(|| "-".to_owned())),
            from: ctx.query.parse("from"),
            to: ctx.query.parse("to"),
            aside: ctx.query.text("aside").is_some(),
        }
    }

    /// `select` what of the answers `a`, with their cooperatives `o`, if the viewer may read them.
    pub(crate) fn select(&self, viewer: &Viewer, what: &str, joined: &str) -> Sql {
        let aside = if self.aside { "not null" } else { "null" };
        let mut query = sql(&format!(
            "select {what} from survey_answer a left join organisation o on o.id = a.organisation {joined}
             where a.survey = ? and a.aside is {aside}"
        ))
        .bind(self.survey)
        .and_if(" and a.organisation = ?", self.organisation)
        .and_if(" and a.day >= ?", self.from)
        .and_if(" and a.day <= ?", self.to);
        if let Some(territory) = &self.territory {
            let (from, to) = kernel::territory::range(territory);
            query = query.and(" and o.place >= ? and o.place < ?").bind(from).bind(to);
        }
        if let Some(text) = &self.text {
            let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let like = format!("%{plain}%");
            query = query
                .and(
                    // Both databases make only ASCII lower here.
                    " and (lower(o.name) like ? escape '\\' or exists (select 1 from survey_value f
                     where f.answer = a.id and lower(f.text) like ? escape '\\'))",
                )
                .bind(like.clone())
                .bind(like);
        }
        query.and(" and").seen_near(viewer, "a.owner", Standing::File)
    }
}

/// An answer in a list.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) id: Id,
    pub(crate) edition: i64,
    pub(crate) organisation: Option<(Id, Multi)>,
    pub(crate) place: Option<Place>,
    pub(crate) day: Date,
    pub(crate) account: Option<Id>,
    pub(crate) point: Option<(i64, i64)>,
}

/// Answers after so many, the latest first.
pub(crate) fn some(
    db: &mut Db,
    viewer: &Viewer,
    filter: &Filter,
    skip: i64,
    most: i64,
) -> Result<Vec<Found>> {
    let what = "a.id, a.edition, a.organisation, o.name, o.place, a.day, a.account, a.lat, a.lon";
    let query = filter.select(viewer, what, "").and(" order by a.day desc, a.id desc limit ? offset ?");
    db.rows(&query.bind(most).bind(skip), |row| {
        let (id, edition): (Id, i64) = (row.take()?, row.take()?);
        let (organisation, name): (Option<Id>, Option<Multi>) = (row.take()?, row.take()?);
        let place: Option<String> = row.take()?;
        Ok(Found {
            id,
            edition,
            organisation: organisation.zip(name),
            place: place.map(|division| Place { division, lat: None, lon: None }),
            day: row.take()?,
            account: row.take()?,
            point: row.take::<Option<i64>>()?.zip(row.take::<Option<i64>>()?),
        })
    })
}

/// A value of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) answer: Id,
    pub(crate) question: Id,
    pub(crate) entry: String,
    pub(crate) text: String,
    pub(crate) number: Option<i64>,
    pub(crate) file: Option<Id>,
}

/// The values of these answers, in order; the caller found them under the rights of the viewer.
pub(crate) fn values(db: &mut Db, answers: &[Id]) -> Result<Vec<Value>> {
    let query = sql("select answer, question, entry, text, number, file from survey_value where answer")
        .within(answers)
        .and(" order by answer, entry, question, position")
        .open("answers that the viewer may read");
    db.rows(&query, |row| {
        Ok(Value {
            answer: row.take()?,
            question: row.take()?,
            entry: row.take()?,
            text: row.take()?,
            number: row.take()?,
            file: row.take()?,
        })
    })
}

/// Values by where they stand: of answers with thousands of entries, each is found at once.
pub(crate) struct Placed<'a>(HashMap<(Id, Id, &'a str), Vec<&'a Value>>);

impl<'a> Placed<'a> {
    pub(crate) fn of(values: &'a [Value]) -> Placed<'a> {
        let mut placed: HashMap<_, Vec<&Value>> = HashMap::new();
        for value in values {
            placed.entry((value.answer, value.question, value.entry.as_str())).or_default().push(value);
        }
        Placed(placed)
    }

    /// What an answer says to a question in an entry; in none is the questionnaire itself.
    pub(crate) fn at(&self, answer: Id, question: Id, entry: &'a str) -> &[&'a Value] {
        self.0.get(&(answer, question, entry)).map_or(&[], Vec::as_slice)
    }
}

/// Orders entries of repeats as they were asked: `clients/2` before `clients/10`.
pub(crate) fn in_order(entry: &str) -> Vec<(String, u32)> {
    let mut order = Vec::new();
    for part in entry.split('/').filter(|part| !part.is_empty()) {
        match (part.parse::<u32>(), order.last_mut()) {
            (Ok(number), Some((_, last))) => *last = number,
            _ => order.push((part.to_owned(), 0)),
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn entries_stand_in_the_order_of_their_numbers() {
        let mut entries = ["clients/10", "clients/2", "clients/2/achats/1", ""];
        entries.sort_by_key(|entry| in_order(entry));
        assert_eq!(entries, ["", "clients/2", "clients/2/achats/1", "clients/10"]);
    }
}
