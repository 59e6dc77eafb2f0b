//! `/surveys/{survey}/summary`: what was answered to each question, counted under the rights of whoever looks.

use std::collections::HashMap;

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Db, Html, Id, Reply, Result, Standing, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::show::{Head, bar, head};
use crate::found::Filter;
use crate::question::{Column, Sort};
use crate::shown::{Shown, decimal};
use crate::survey;

/// Choices that are shown of a question.
const MOST: usize = 40;

/// How often something was answered.
#[derive(Serialize, JsonSchema)]
struct Counted {
    label: String,
    n: i64,
    /// Share of those who answered, in percent.
    percent: i64,
    #[serde(skip)]
    #[schemars(skip)]
    bar: Html,
}

/// Numbers that were answered.
#[derive(Serialize, JsonSchema)]
struct Numbers {
    mean: String,
    least: String,
    most: String,
    sum: String,
}

/// A question and what was answered.
#[derive(Serialize, JsonSchema)]
struct Asked {
    path: String,
    label: Multi,
    sort: Sort,
    /// How many answers it has: entries of repeats each count.
    n: i64,
    counted: Vec<Counted>,
    numbers: Option<Numbers>,
    /// First and last day.
    days: Option<(String, String)>,
    /// True for what was asked in earlier editions only.
    earlier: bool,
}

/// What was answered to each question.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "survey_summary.html")]
pub(crate) struct SummaryPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    asked: Vec<Asked>,
    #[serde(skip)]
    tab: &'static str,
}

impl SummaryPage {
    /// True if more is told of a question than how often it was answered.
    fn tells(&self, asked: &Asked) -> bool {
        asked.n > 0 && (!asked.counted.is_empty() || asked.numbers.is_some() || asked.days.is_some())
    }
    fn others(&self) -> usize {
        self.asked.iter().filter(|asked| !self.tells(asked)).count()
    }
}

/// Sums over the answers to a question.
#[derive(Default)]
struct Sums {
    rows: i64,
    numbers: i64,
    /// The sum, and in ten-thousandths what is left of it: many large numbers together are more than one can hold.
    whole: i64,
    part: i64,
    least: Option<i64>,
    most: Option<i64>,
    first: Option<String>,
    last: Option<String>,
}

const JOINED: &str = "join survey_value v on v.answer = a.id";

fn sums(db: &mut Db, ctx: &Ctx, filter: &Filter) -> Result<HashMap<Id, Sums>> {
    // One row a choice: whoever chose several answered once.
    let what = "v.question, count(case when v.position = 0 then 1 end), count(v.number),
                cast(coalesce(sum(v.number / 10000), 0) as bigint), cast(coalesce(sum(v.number % 10000), 0) as bigint),
                min(v.number), max(v.number), min(v.text), max(v.text)";
    let query = filter.select(&ctx.viewer, what, JOINED).and(" group by v.question");
    let rows = db.rows(&query, |row| {
        let question: Id = row.take()?;
        let sums = Sums {
            rows: row.take()?,
            numbers: row.take()?,
            whole: row.take()?,
            part: row.take()?,
            least: row.take()?,
            most: row.take()?,
            first: row.take()?,
            last: row.take()?,
        };
        Ok((question, sums))
    })?;
    Ok(rows.into_iter().collect())
}

fn counts(db: &mut Db, ctx: &Ctx, filter: &Filter) -> Result<HashMap<Id, HashMap<String, i64>>> {
    let joined =
        format!("{JOINED} join survey_question q on q.id = v.question and q.kind in ('one', 'several')");
    let query = filter.select(&ctx.viewer, "v.question, v.text, count(*)", &joined);
    let rows: Vec<(Id, String, i64)> = db.rows(&query.and(" group by v.question, v.text"), |row| {
        Ok((row.take()?, row.take()?, row.take()?))
    })?;
    let mut found: HashMap<Id, HashMap<String, i64>> = HashMap::new();
    for (question, code, n) in rows {
        found.entry(question).or_default().insert(code, n);
    }
    Ok(found)
}

fn counted(
    w: Words,
    shown: &Shown,
    column: &Column,
    n: i64,
    mut found: HashMap<String, i64>,
) -> Vec<Counted> {
    let mut all: Vec<(String, i64)> = Vec::new();
    for (code, label) in shown.choices(column.id) {
        all.push((label.best(w.lang).to_owned(), found.remove(code).unwrap_or(0)));
    }
    // What no edition offers and was answered all the same.
    let mut rest: Vec<(String, i64)> = found.into_iter().collect();
    rest.sort();
    all.extend(rest);
    if all.len() > MOST {
        // Those that were chosen most often; what the others come to is told as well.
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let others = all.split_off(MOST);
        let count = others.iter().map(|(_, count)| count).sum();
        all.push((w.n("survey.more_choices", others.len()), count));
    }
    let line = |(label, count): (String, i64)| Counted {
        label,
        n: count,
        percent: if n > 0 { (count * 100 + n / 2) / n } else { 0 },
        bar: bar(w, count, n),
    };
    all.into_iter().map(line).collect()
}

fn asked(w: Words, shown: &Shown, column: &Column, sums: &Sums, found: HashMap<String, i64>) -> Asked {
    let all_numbers = column.sort == Sort::Number || (column.sort == Sort::Text && column.quiet);
    let numbers = (all_numbers
        && sums.numbers > 0
        && (column.sort == Sort::Number || sums.numbers == sums.rows))
        .then(|| {
            let all = sums.whole as f64 * 100.0 + sums.part as f64 / 100.0;
            let mean = (all / sums.numbers as f64).round() as i64;
            let sum = sums.whole.checked_mul(10_000).and_then(|whole| whole.checked_add(sums.part));
            Numbers {
                mean: decimal(w, mean * 100),
                least: decimal(w, sums.least.unwrap_or(0)),
                most: decimal(w, sums.most.unwrap_or(0)),
                sum: sum.map_or_else(|| w.num(sums.whole), |sum| decimal(w, sum)),
            }
        });
    let day = |text: &Option<String>| text.as_deref().and_then(crate::value::day).map(|day| w.date(&day));
    let days =
        matches!(column.sort, Sort::Date | Sort::Instant).then(|| day(&sums.first).zip(day(&sums.last)));
    Asked {
        path: column.path.clone(),
        label: column.label.clone(),
        sort: column.sort,
        n: sums.rows,
        counted: match column.sort {
            Sort::One | Sort::Several => counted(w, shown, column, sums.rows, found),
            _ => Vec::new(),
        },
        numbers,
        days: days.flatten(),
        earlier: column.is_earlier(),
    }
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let (survey, standing) = survey::open(ctx, db, Standing::File)?;
        let filter = Filter::of(ctx, survey.id);
        let head = head(ctx, db, &survey, standing, &filter)?;
        let shown = Shown::of(w, db, survey.id)?;
        let (sums, mut found) = (sums(db, ctx, &filter)?, counts(db, ctx, &filter)?);
        let none = Sums::default();
        let lines = shown.columns.iter().map(|column| {
            let sums = sums.get(&column.id).unwrap_or(&none);
            asked(w, &shown, column, sums, found.remove(&column.id).unwrap_or_default())
        });
        // What the form works out is worth a line if it is a number.
        let lines: Vec<Asked> = lines.collect();
        let worth = |(column, line): &(&Column, Asked)| !column.quiet || line.numbers.is_some();
        let lines = shown.columns.iter().zip(lines).filter(worth).map(|(_, line)| line).collect();
        Ok(SummaryPage { w, head, asked: lines, tab: "summary" })
    })?;
    ctx.page(page.head.title.best(w.lang), &page)
}
