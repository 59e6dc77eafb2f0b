//! The page of an import: the step it stands at, and what there is to do.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use kernel::kinds::Multi;
use kernel::{Ctx, Db, Id, Reply, Result, Words, sql, work};
use schemars::JsonSchema;
use serde::Serialize;

use super::mapping::{Mapping, standing_of, targets};
use super::rows::{self, Kept, Likeness};
use super::{Import, Step, open, wrong};
use crate::OrganisationKind;
use crate::pages::{Pick, picks};

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
    id: Id,
    name: String,
    /// The file as it came.
    file: Id,
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
    #[serde(skip)]
    #[schemars(skip)]
    kinds: Vec<Pick>,
    /// How many rows stand in each state.
    counts: BTreeMap<String, i64>,
    /// How many rows are ready to be applied.
    ready: i64,
    /// How many doubtful rows nobody decided yet.
    undecided: i64,
    /// The state that is listed.
    list: String,
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

/// A row of the file.
#[derive(Serialize, JsonSchema)]
struct RowLine {
    number: i64,
    title: String,
    reasons: Vec<String>,
    candidates: Vec<CandidateLine>,
    decision: Option<String>,
    organisation: Option<Id>,
    /// True if the row only met a registered organisation.
    met: bool,
    filled: bool,
}

/// What a row looks like.
#[derive(Serialize, JsonSchema)]
struct CandidateLine {
    organisation: Option<Id>,
    row: Option<i64>,
    name: String,
    place: String,
    kind: String,
    why: String,
    alike: u8,
    /// How a decision names it.
    target: String,
    chosen: bool,
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
pub(crate) fn show(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let import = open(ctx, db)?;
        page_of(ctx, db, &import, None)
    })?;
    ctx.page(&page.name.clone(), &page)
}

/// The same page with a mapping that was refused.
pub(crate) fn refused(ctx: &Ctx, import: Id, mapping: Mapping, refusal: &str) -> Result<Reply> {
    let page = ctx.read(|db| {
        let import = Import { mapping, ..super::find(db, import)?.ok_or(kernel::Error::NotFound)? };
        page_of(ctx, db, &import, Some(ctx.w.t(refusal).into_owned()))
    })?;
    ctx.page_with_status(422, &page.name.clone(), &page)
}

fn page_of(ctx: &Ctx, db: &mut Db, import: &Import, refusal: Option<String>) -> Result<ImportPage> {
    let w = ctx.w;
    let job = import.job.map(|job| work::find(db, job)).transpose()?.flatten();
    let failed = job
        .as_ref()
        .filter(|job| job.state == "failed")
        .and_then(|job| job.result.as_ref()?["error"].as_str());
    let mut page = ImportPage {
        w,
        id: import.id,
        name: import.name.clone(),
        file: import.file,
        rows: import.rows,
        step: import.step,
        state: job.as_ref().map(|job| job.state.clone()).unwrap_or_default(),
        done: job.as_ref().map_or(0, |job| job.done),
        total: job.as_ref().map_or(0, |job| job.total),
        failure: failed.map(|key| w.t(key).into_owned()),
        refusal,
        columns: Vec::new(),
        targets: Vec::new(),
        kinds: Vec::new(),
        counts: BTreeMap::new(),
        ready: 0,
        undecided: 0,
        list: String::new(),
        lines: Vec::new(),
        next: None,
        after: ctx.query.text("after").unwrap_or_default().to_owned(),
    };
    if page.maps() {
        let standing = standing_of(ctx.viewer.is_administrator());
        page.targets = targets(standing).iter().map(|target| (target.code.clone(), target.said(w))).collect();
        page.kinds = picks::<OrganisationKind>(w, Some(&import.mapping.kind));
        page.columns = columns(db, import)?;
    }
    if matches!(import.step, Step::Checked | Step::Applied | Step::Undone) {
        list(ctx, db, import, &mut page)?;
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
fn list(ctx: &Ctx, db: &mut Db, import: &Import, page: &mut ImportPage) -> Result<()> {
    page.counts = rows::counts(db, import.id)?;
    let decided = sql("select coalesce(decision, ''), count(*) from import_row where import = ? and state = 'maybe' group by 1")
        .bind(import.id)
        .open("rows of one import, its standing is checked");
    let decided: HashMap<String, i64> =
        db.rows(&decided, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect();
    let of = |decision: &str| decided.get(decision).copied().unwrap_or(0);
    page.ready = page.count("good") + of("new") + of("same");
    page.undecided = of("");
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
    let shown = Candidates::read(db, import, &kept)?;
    page.lines = kept.iter().map(|row| line(row, import, &shown, ctx.w)).collect();
    state.clone_into(&mut page.list);
    Ok(())
}

fn line(row: &Kept, import: &Import, shown: &Candidates, w: Words) -> RowLine {
    let chosen = |like: &Likeness| row.target.as_deref() == Some(like.target().as_str());
    RowLine {
        number: row.number,
        title: title(row, &import.mapping),
        reasons: wrong::reasons(row, &import.header, &import.mapping, w),
        candidates: row.candidates.iter().map(|like| shown.line(like, chosen(like), w)).collect(),
        decision: row.decision.clone(),
        organisation: row.organisation,
        met: row.decision.as_deref() == Some("same"),
        filled: row.filled.is_some(),
    }
}

/// The name in a row, or whatever stands first in it.
pub(crate) fn title(row: &Kept, mapping: &Mapping) -> String {
    let texts = || row.cells.iter().zip(&mapping.columns).map(|(cell, target)| (cell.text(), target));
    let named =
        texts().find(|(text, target)| !text.is_empty() && (*target == "name" || target.starts_with("name.")));
    let found = named.or_else(|| texts().find(|(text, _)| !text.is_empty()));
    found.map(|(text, _)| text.chars().take(120).collect()).unwrap_or_default()
}

/// Names of the candidates of some rows.
struct Candidates {
    organisations: HashMap<Id, (Multi, String, OrganisationKind)>,
    rows: HashMap<i64, String>,
}

impl Candidates {
    fn read(db: &mut Db, import: &Import, kept: &[Kept]) -> Result<Candidates> {
        let all = || kept.iter().flat_map(|row| &row.candidates);
        let ids: Vec<Id> = all().filter_map(|like| like.organisation).collect();
        let numbers: Vec<i64> = all().filter_map(|like| like.row).collect();
        let query = sql("select id, name, place, kind from organisation where id")
            .within(&ids)
            .open("whoever registers learns that it is known");
        let found =
            db.rows(&query, |row| Ok((row.take::<Id>()?, (row.take()?, row.take()?, row.take()?))))?;
        let earlier = if numbers.is_empty() {
            Vec::new()
        } else {
            rows::read(db, import.id, sql(" and number").within(&numbers))?
        };
        Ok(Candidates {
            organisations: found.into_iter().collect(),
            rows: earlier.iter().map(|row| (row.number, title(row, &import.mapping))).collect(),
        })
    }

    fn line(&self, like: &Likeness, chosen: bool, w: Words) -> CandidateLine {
        let known = like.organisation.and_then(|id| self.organisations.get(&id));
        let (name, place, kind) = match (known, like.row) {
            (Some((name, place, kind)), _) => {
                let code = kernel::kinds::Choice::code(kind);
                (
                    name.best(w.lang).to_owned(),
                    kernel::territory::path(place, w.lang),
                    w.t2("organisation.kind", code),
                )
            }
            (None, Some(number)) => {
                (self.rows.get(&number).cloned().unwrap_or_default(), String::new(), String::new())
            }
            (None, None) => Default::default(),
        };
        CandidateLine {
            organisation: like.organisation,
            row: like.row,
            name,
            place,
            kind,
            why: w.t2("duplicates.why", &like.why),
            alike: like.alike,
            target: like.target(),
            chosen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::Cell;

    #[test]
    fn a_row_is_called_by_its_name() {
        let mapping =
            Mapping { columns: vec!["place".into(), "name.fr".into(), "name.ar".into()], kind: "gie".into() };
        let row = |cells: [&str; 3]| Kept {
            number: 2,
            cells: cells.map(|text| Cell::Text(text.into())).to_vec(),
            problems: vec![],
            candidates: vec![],
            decision: None,
            target: None,
            fills: false,
            organisation: None,
            filled: None,
        };
        assert_eq!(title(&row(["Tinghir", "", "تينيري"]), &mapping), "تينيري");
        assert_eq!(title(&row(["Tinghir", "", ""]), &mapping), "Tinghir");
    }
}
