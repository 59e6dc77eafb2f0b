//! The page of an import: the step it stands at, and what there is to do.

use std::collections::BTreeMap;

use askama::Template;
use kernel::{Ctx, Db, Id, Reply, Result, Standing, Words, Wrong, sql, work};
use schemars::JsonSchema;
use serde::Serialize;

use super::lines::{RowLine, lines};
use super::mapping::standing_of;
use super::rows;
use super::subject::Face;
use super::{Import, Step, Subject, apply, open, wrong};
use crate::pages::Pick;

/// Rows on one page.
const PAGE: usize = 50;
/// Rows from which a column shows what it holds.
const SAMPLED: i64 = 40;
/// The states of rows, in the order of the tabs.
const STATES: [&str; 7] = ["maybe", "wrong", "good", "known", "done", "kept", "undone"];

/// An import.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_import.html")]
pub(crate) struct ImportPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    #[serde(skip)]
    #[schemars(skip)]
    face: Face,
    id: Id,
    name: String,
    /// The file as it came.
    file: Id,
    /// The sheets of the workbook that have rows.
    sheets: Vec<String>,
    /// The sheet that is read.
    sheet: Option<String>,
    rows: i64,
    step: Step,
    /// State of the work in the background: `waiting`, `running`, `done`, `failed`; empty while there was none.
    state: String,
    /// Rows it has done.
    done: i64,
    /// Rows it has to do.
    total: i64,
    /// The sentence of its failure.
    failure: Option<String>,
    refusal: Option<String>,
    /// The columns, while they are being mapped.
    columns: Vec<ColumnLine>,
    /// What a column can hold.
    targets: Vec<(String, String)>,
    /// What rows get that do not state it: the field, its label and the choices.
    #[serde(skip)]
    #[schemars(skip)]
    rest: (&'static str, String, Vec<Pick>),
    /// How many rows stand in each state.
    counts: BTreeMap<String, i64>,
    /// How many rows are ready to be applied.
    ready: i64,
    /// How many doubtful rows nobody decided yet.
    undecided: i64,
    /// The state that is listed.
    list: String,
    /// What a person can decide about the listed rows.
    decisions: Vec<&'static str>,
    /// What rows are called by.
    #[serde(skip)]
    called: String,
    lines: Vec<RowLine>,
    next: Option<String>,
    #[serde(skip)]
    after: String,
}

/// A column of the file.
#[derive(Serialize, JsonSchema)]
struct ColumnLine {
    header: String,
    samples: Vec<String>,
    target: String,
}

impl ImportPage {
    fn at(&self, step: Step) -> bool {
        self.step == step
    }

    fn working(&self) -> bool {
        matches!(self.step, Step::Checking | Step::Applying | Step::Undoing)
    }

    /// True where the mapping can be chosen: before anything is applied, and after a check that failed.
    fn maps(&self) -> bool {
        let again = self.step == Step::Checking && self.state == "failed";
        again || matches!(self.step, Step::Mapping | Step::Checked)
    }

    fn say(&self, last: &str) -> String {
        self.face.say(self.w, last)
    }

    fn say2(&self, prefix: &str, last: &str) -> String {
        self.say(&format!("{prefix}.{last}"))
    }

    /// The sign between a column and what is wrong with it.
    fn colon(&self) -> &'static str {
        wrong::colon(self.w)
    }

    /// True for the sheet that is read.
    fn reads(&self, sheet: &str) -> bool {
        self.sheet.as_deref() == Some(sheet)
    }

    /// The page of this import.
    fn path(&self) -> String {
        format!("{}/{}", self.face.base, self.id)
    }

    /// True if the decision is marked for this row; what is known already stays out unless somebody says otherwise.
    fn decided(&self, line: &RowLine, decision: &str) -> bool {
        let taken = line.decision.as_deref();
        taken == Some(decision) || (taken.is_none() && self.list == "known" && decision == "skip")
    }

    /// Choices after the candidates.
    fn endings(&self) -> impl Iterator<Item = &&'static str> {
        self.decisions.iter().filter(|decision| **decision != "same")
    }

    fn count(&self, state: &str) -> i64 {
        self.counts.get(state).copied().unwrap_or(0)
    }

    /// The tabs: states that some row is in.
    fn tabs(&self) -> Vec<(&'static str, i64)> {
        STATES.into_iter().map(|state| (state, self.count(state))).filter(|(_, n)| *n > 0).collect()
    }

    /// How a step of the journey stands: done, current, or to come.
    fn mark(&self, at: usize) -> &'static str {
        let now = match self.step {
            Step::Mapping => 0,
            Step::Checking | Step::Checked => 1,
            Step::Applying | Step::Applied | Step::Undoing | Step::Undone => 2,
        };
        if at < now {
            "done"
        } else if at == now {
            "now"
        } else {
            ""
        }
    }
}

/// `GET /imports/{import}`.
pub(crate) fn show<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let import = open::<S>(ctx, db)?;
        page_of::<S>(ctx, db, &import, None)
    })?;
    ctx.page(&page.name.clone(), &page)
}

/// The same page with a mapping or a sheet that was refused.
pub(crate) fn refused<S: Subject>(ctx: &Ctx, import: Import, refusal: &Wrong) -> Result<Reply> {
    let page = ctx.read(|db| page_of::<S>(ctx, db, &import, Some(ctx.w.wrong(refusal))))?;
    ctx.page_with_status(422, &page.name.clone(), &page)
}

fn page_of<S: Subject>(
    ctx: &Ctx,
    db: &mut Db,
    import: &Import,
    refusal: Option<String>,
) -> Result<ImportPage> {
    let w = ctx.w;
    let job = import.job.map(|job| work::find(db, job)).transpose()?.flatten();
    let failed = job
        .as_ref()
        .filter(|job| job.state == "failed")
        .and_then(|job| job.result.as_ref()?["error"].as_str());
    let called =
        S::targets(Standing::Steward).iter().find(|target| target.code == S::NAME).map(|t| t.said(w));
    let mut page = ImportPage {
        w,
        face: Face::of::<S>(),
        id: import.id,
        name: import.name.clone(),
        file: import.file,
        sheets: import.sheets.clone(),
        sheet: import.sheet.clone(),
        rows: import.rows,
        step: import.step,
        state: job.as_ref().map(|job| job.state.clone()).unwrap_or_default(),
        done: job.as_ref().map_or(0, |job| job.done),
        total: job.as_ref().map_or(0, |job| job.total),
        failure: failed.map(|key| w.t(key).into_owned()),
        refusal,
        columns: Vec::new(),
        targets: Vec::new(),
        rest: ("", String::new(), Vec::new()),
        counts: BTreeMap::new(),
        ready: 0,
        undecided: 0,
        list: String::new(),
        decisions: Vec::new(),
        called: called.unwrap_or_default(),
        lines: Vec::new(),
        next: None,
        after: ctx.query.text("after").unwrap_or_default().to_owned(),
    };
    if page.maps() {
        let targets = S::targets(standing_of(ctx.viewer.is_administrator()));
        page.targets = targets.iter().map(|target| (target.code.clone(), target.said(w))).collect();
        let pick =
            |(code, label): (String, String)| Pick { chosen: import.mapping.rest == code, code, label };
        let rest = S::rest(db, &ctx.viewer, w)?;
        page.rest = (S::REST.0, page.say("mapping.rest"), rest.into_iter().map(pick).collect());
        page.columns = columns(db, import)?;
    }
    if matches!(import.step, Step::Checked | Step::Applied | Step::Undone) {
        list::<S>(ctx, db, import, &mut page)?;
    }
    Ok(page)
}

fn columns(db: &mut Db, import: &Import) -> Result<Vec<ColumnLine>> {
    let first = rows::read(db, import.id, sql(" order by number limit ?").bind(SAMPLED))?;
    let samples = |at: usize| {
        let texts = first.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.text().into_owned());
        let short = texts.filter(|text| !text.is_empty()).map(|text| text.chars().take(60).collect());
        short.take(3).collect()
    };
    let columns = import.header.iter().zip(&import.mapping.columns).enumerate();
    Ok(columns
        .map(|(at, (header, target))| ColumnLine {
            header: header.clone(),
            samples: samples(at),
            target: target.clone(),
        })
        .collect())
}

/// One state's rows, a page of them.
fn list<S: Subject>(ctx: &Ctx, db: &mut Db, import: &Import, page: &mut ImportPage) -> Result<()> {
    page.counts = rows::counts(db, import.id)?;
    let mut count = |condition: &str| {
        let query = sql("select count(*) from import_row where import = ?").bind(import.id);
        db.one::<i64>(&query.open("rows of one import, its standing is checked").and(condition))
    };
    page.ready = count(apply::READY)?;
    page.undecided = count(" and state = 'maybe' and decision is null")?;
    let first = page.tabs().first().map_or("good", |(state, _)| *state);
    let asked = ctx.query.text("list").and_then(|asked| STATES.into_iter().find(|state| *state == asked));
    let state = asked.unwrap_or(first);
    let tail = sql(" and state = ? and number > ? order by number limit ?")
        .bind(state)
        .bind(ctx.query.parse::<i64>("after").unwrap_or(0))
        .bind(PAGE as i64 + 1);
    let mut kept = rows::read(db, import.id, tail)?;
    page.next = kept
        .get(PAGE - 1)
        .filter(|_| kept.len() > PAGE)
        .map(|last| format!("?list={state}&after={}", last.number));
    kept.truncate(PAGE);
    page.lines = lines::<S>(db, import, &kept, ctx.w)?;
    let open = import.step != Step::Undone && !page.lines.is_empty();
    let decisions = S::DECISIONS.iter().find(|(of, _)| *of == state && open);
    page.decisions = decisions.map(|(_, allowed)| allowed.to_vec()).unwrap_or_default();
    state.clone_into(&mut page.list);
    Ok(())
}
