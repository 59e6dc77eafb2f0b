//! `/surveys/{survey}`: the answers, narrowed, page by page, and where they come from.

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Db, Html, Id, Reply, Result, Standing, Words, sql};
use registry::DivisionCount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::found::{self, Filter, Found, Placed};
use crate::question::{Column, Sort};
use crate::shown::Shown;
use crate::survey::{self, Survey, SurveyStatus};

/// Names of the query.
pub(crate) const QUERY: &[&str] = &["q", "organisation", "territory", "from", "to", "aside", "page"];
/// Answers on a page.
const PAGE: i64 = 30;
/// Questions that a list shows beside each answer.
const BESIDE: usize = 3;

/// The head of every page of a survey.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Head {
    pub(crate) id: Id,
    pub(crate) version: i64,
    pub(crate) title: Multi,
    pub(crate) programme: Id,
    pub(crate) programme_name: String,
    pub(crate) edition: i64,
    pub(crate) offered: bool,
    /// True if the viewer may publish and withdraw.
    pub(crate) stewards: bool,
    /// Answers with this filter, and the cooperatives that they are of.
    pub(crate) count: i64,
    pub(crate) organisations: i64,
    /// The spreadsheet of the edition in use.
    pub(crate) file: Id,
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) query: String,
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) typed: Vec<(&'static str, String)>,
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) cooperatives: Vec<(String, String)>,
}

impl Head {
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(there, _)| *there == name).map_or("", |(_, text)| text)
    }
    pub(crate) fn filtered(&self) -> bool {
        self.typed.iter().any(|(_, text)| !text.is_empty())
    }
}

/// Reads the head of a page of a survey.
pub(crate) fn head(
    ctx: &Ctx,
    db: &mut Db,
    survey: &Survey,
    standing: Standing,
    filter: &Filter,
) -> Result<Head> {
    let counts = filter.select(&ctx.viewer, "count(*), count(distinct a.organisation)", "");
    let (count, organisations) = db.row(&counts, |row| Ok((row.take()?, row.take()?)))?.unwrap_or_default();
    let file = sql("select file from survey_edition where survey = ? and number = ?").bind(survey.id);
    let file = db.one(&file.bind(survey.edition).open("the standing was checked"))?;
    let named = sql("select distinct o.id, o.name, o.sort from survey_answer a join organisation o on o.id = a.organisation
                     where a.survey = ? and")
    .bind(survey.id)
    .seen_near(&ctx.viewer, "a.owner", Standing::File)
    .and(" order by o.sort, o.id limit 500");
    let cooperatives = db.rows(&named, |row| {
        Ok((row.take::<Id>()?.to_string(), row.take::<Multi>()?.best(ctx.w.lang).to_owned()))
    })?;
    let typed = ["q", "organisation", "territory", "from", "to", "aside"];
    let typed = typed.map(|name| (name, ctx.query.text(name).unwrap_or_default().to_owned()));
    Ok(Head {
        id: survey.id,
        version: survey.version,
        title: survey.title.clone(),
        programme: survey.programme.id,
        programme_name: programmes::programme::name_of(ctx, db, survey.programme.id)?,
        edition: survey.edition,
        offered: survey.status == SurveyStatus::Offered,
        stewards: standing >= Standing::Steward,
        count,
        organisations,
        file,
        query: ctx.query.query_with(&[("page", ""), ("done", ""), ("lang", "")]),
        typed: typed.to_vec(),
        cooperatives,
    })
}

/// An answer of the list.
#[derive(Serialize, JsonSchema)]
struct Line {
    id: Id,
    day: String,
    organisation: Option<(Id, Multi)>,
    place: Option<String>,
    who: String,
    /// The first questions and what was answered.
    said: Vec<(String, String)>,
}

/// The answers to a survey.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "survey_show.html")]
pub(crate) struct ShowPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    head: Head,
    lines: Vec<Line>,
    divisions: Vec<DivisionCount>,
    #[serde(skip)]
    #[schemars(skip)]
    picture: Option<registry::Picture>,
    aside: i64,
    next: Option<String>,
    before: Option<String>,
    #[serde(skip)]
    tab: &'static str,
}

/// The questions whose answers a list shows: the first that say something in a few words.
fn beside(columns: &[Column]) -> Vec<&Column> {
    let short = |column: &&Column| {
        let asked = matches!(column.sort, Sort::Number | Sort::One | Sort::Several | Sort::Date | Sort::Text);
        asked && column.is_asked() && !column.path.contains('/')
    };
    let grouped = |column: &&Column| {
        matches!(column.sort, Sort::Number | Sort::One | Sort::Several)
            && !column.quiet
            && column.path.contains('/')
    };
    columns.iter().filter(short).chain(columns.iter().filter(grouped)).take(BESIDE).collect()
}

fn lines(ctx: &Ctx, db: &mut Db, shown: &Shown, found: Vec<Found>) -> Result<Vec<Line>> {
    let ids: Vec<Id> = found.iter().map(|answer| answer.id).collect();
    let values = found::values(db, &ids)?;
    let names = shown.names(&ctx.viewer, db, &values)?;
    let accounts: Vec<Id> = found.iter().filter_map(|answer| answer.account).collect();
    let accounts = people::account_names(db, &accounts)?;
    let (columns, placed) = (beside(&shown.columns), Placed::of(&values));
    let line = |answer: Found| {
        let said = columns.iter().filter_map(|column| {
            let text = shown.joined(column, placed.at(answer.id, column.id, ""), &names);
            (!text.is_empty()).then(|| (column.label.best(ctx.w.lang).to_owned(), text))
        });
        Line {
            id: answer.id,
            day: ctx.w.date(&answer.day),
            said: said.collect(),
            place: answer.place.map(|place| ctx.w.place(&place.division)),
            organisation: answer.organisation,
            who: answer.account.and_then(|id| accounts.get(&id).cloned()).unwrap_or_default(),
        }
    };
    Ok(found.into_iter().map(line).collect())
}

pub(super) fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (survey, standing) = survey::open(ctx, db, Standing::File)?;
        let filter = Filter::of(ctx, survey.id);
        let head = head(ctx, db, &survey, standing, &filter)?;
        let at = ctx.query.parse::<i64>("page").unwrap_or(0).clamp(0, 1_000_000);
        let shown = Shown::of(ctx.w, db, survey.id)?;
        let found = found::some(db, &ctx.viewer, &filter, at * PAGE, PAGE)?;
        let lines = lines(ctx, db, &shown, found)?;
        let places = filter
            .select(&ctx.viewer, "o.place, count(*)", "")
            .and(" and o.place is not null group by o.place");
        let communes: Vec<(String, i64)> = db.rows(&places, |row| Ok((row.take()?, row.take()?)))?;
        let here = ctx.query.query_with(&[("territory", ""), ("page", ""), ("done", ""), ("lang", "")]);
        let (divisions, picture) =
            registry::value_map(ctx, &communes, &format!("/surveys/{}{here}", survey.id))?;
        let aside =
            sql("select count(*) from survey_answer a where a.survey = ? and a.aside is not null and")
                .bind(survey.id)
                .seen_near(&ctx.viewer, "a.owner", Standing::File);
        let to = |at: i64| ctx.query.query_with(&[("page", &at.to_string()), ("done", ""), ("lang", "")]);
        Ok(ShowPage {
            w: ctx.w,
            next: (head.count > (at + 1) * PAGE).then(|| to(at + 1)),
            before: (at > 0).then(|| to(at - 1)),
            head,
            lines,
            divisions,
            picture,
            aside: db.one(&aside)?,
            tab: "answers",
        })
    })?;
    ctx.page(page.head.title.best(ctx.w.lang), &page)
}

/// Keeps templates short: a bar as long as its share.
pub(crate) fn bar(w: Words, part: i64, whole: i64) -> Html {
    let part = (whole > 0).then(|| part as f64 / whole as f64);
    Html(atlas::bar(part, None, w.lang.dir() == "rtl"))
}
