//! The records of a report: the report itself, its sections, the links by which it is shared.

use jiff::civil::Date;
use kernel::kinds::{File, Long, Ref};
use kernel::{Ctx, Db, Error, Id, Lang, Record, Result, Standing, Tx, choice, record, sql};
use people::{Account, Person};
use programmes::Programme;
use registry::Organisation;

use crate::cut::Cut;
use crate::scope::{Period, Scope};

choice! {
    /// What a report began from.
    pub ReportTemplate in "report.template" { Empty = "empty", Annual = "annual", Monthly = "monthly", Committee = "committee" }
}

choice! {
    /// The language a report is written in.
    pub ReportLanguage in "report.written" { Fr = "fr", Ar = "ar", En = "en" }
}

choice! {
    /// How a report stands.
    pub ReportState in "report.state" { Draft = "draft", Frozen = "frozen" }
}

choice! {
    /// What a section shows.
    pub SectionKind in "report_section.kind" {
        Text = "text", Figures = "figures", Table = "table", Chart = "chart", Map = "map", Story = "story",
    }
}

record! {
    /// A report of a programme over a period. Once frozen, nothing in it changes.
    pub Report in "report" as "impact.report", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, template: ReportTemplate, title: String, language: ReportLanguage, since: Date,
            until: Date,
            /// Code of a province, if it tells of that alone.
            territory: Option<String>,
        }
        state(Shared, Steward) {
            state: ReportState, frozen_on: Option<Date>, frozen_by: Option<Ref<Account>>,
            /// The report that it is compared with.
            previous: Option<Ref<Report>>,
        }
    }
}

record! {
    /// A section of a report.
    pub ReportSection in "report_section" as "impact.report_section", about programme {
        main(Shared, Steward) {
            programme: Ref<Programme>, report: Ref<Report>, position: i64, kind: SectionKind, heading: Option<String>,
            body: Option<Long>,
            /// Codes of indicators, apart by spaces.
            indicators: Option<Long>,
            first_cut: Option<String>, second_cut: Option<String>,
            /// The cooperative of a story.
            organisation: Option<Ref<Organisation>>,
            /// Who agreed, for the cooperative, that its story is told.
            person: Option<Ref<Person>>,
            photo: Option<File>,
        }
    }
}

record! {
    /// A link by which anybody reads a frozen report until a day.
    pub ReportLink in "report_link" as "impact.report_link", about programme {
        main(Shared, Steward) { programme: Ref<Programme>, report: Ref<Report>, until: Date }
        end(Shared, Steward) { withdrawn_on: Option<Date> }
    }
}

impl Report {
    /// The language it is written in.
    pub(crate) fn lang(&self) -> Lang {
        match self.language {
            ReportLanguage::Fr => Lang::Fr,
            ReportLanguage::Ar => Lang::Ar,
            ReportLanguage::En => Lang::En,
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.state == ReportState::Frozen
    }

    /// Whose figures it tells.
    pub(crate) fn scope(&self) -> Scope {
        Scope { territory: self.territory.clone(), ..Scope::programme(self.programme.id) }
    }

    pub(crate) fn period(&self) -> Period {
        Period { since: self.since, until: self.until }
    }

    /// Its sections in order.
    pub(crate) fn sections(&self, db: &mut Db) -> Result<Vec<ReportSection>> {
        let query = sql(&format!(
            "select {} from report_section where report = ? order by position, id",
            ReportSection::columns("")
        ))
        .bind(self.id)
        .open("the caller checked the standing at the programme");
        db.rows(&query, ReportSection::from_row)
    }

    /// Refuses to change what is frozen, and lets one transaction after the other work on the report.
    pub(crate) fn hold(tx: &mut Tx<'_>, id: Id) -> Result<()> {
        tx.run(&sql("update report set version = version where id = ?").bind(id).open("one id"))?;
        if kernel::record::get::<Report>(tx, id)?.is_frozen() {
            return Err(Error::refused("report.is_frozen"));
        }
        Ok(())
    }
}

impl ReportSection {
    /// Codes of its indicators.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.indicators.iter().flat_map(|codes| codes.0.split_whitespace())
    }

    /// What its figures are cut by.
    pub(crate) fn cuts(&self) -> Vec<Cut> {
        let [first, second] =
            [&self.first_cut, &self.second_cut].map(|cut| cut.as_deref().and_then(Cut::from_code));
        match self.kind {
            SectionKind::Table => first.into_iter().chain(second).collect(),
            SectionKind::Chart | SectionKind::Map => first.into_iter().collect(),
            SectionKind::Text | SectionKind::Figures | SectionKind::Story => Vec::new(),
        }
    }

    /// True if something is missing without which it says nothing.
    pub(crate) fn unfinished(&self) -> bool {
        match self.kind {
            SectionKind::Text => self.body.is_none(),
            SectionKind::Figures => self.codes().next().is_none(),
            SectionKind::Table | SectionKind::Chart | SectionKind::Map => {
                self.codes().next().is_none() || self.cuts().is_empty()
            }
            SectionKind::Story => self.organisation.is_none() || self.person.is_none(),
        }
    }
}

/// The report of the address. Partners know of frozen ones only.
pub(crate) fn open(ctx: &Ctx, db: &mut Db, least: Standing) -> Result<(Report, Standing)> {
    let report = kernel::record::get::<Report>(db, ctx.id("report")?)?;
    let standing = near(ctx, db, &report, least)?;
    Ok((report, standing))
}

/// How near the viewer stands to a report.
pub(crate) fn near(ctx: &Ctx, db: &mut Db, report: &Report, least: Standing) -> Result<Standing> {
    let standing = ctx.standing(db, report.programme.id, Standing::Shared.min(least))?;
    if !report.is_frozen() && standing < Standing::File {
        return Err(Error::NotFound);
    }
    if standing < least { Err(Error::Forbidden) } else { Ok(standing) }
}

/// The reports of a programme, the latest first; drafts for its team alone.
pub(crate) fn of(db: &mut Db, programme: Id, drafts: bool) -> Result<Vec<Report>> {
    let query = sql(&format!("select {} from report where programme = ?", Report::columns("")))
        .bind(programme)
        .and(if drafts { "" } else { " and state = 'frozen'" })
        .and(" order by until desc, id desc limit 200")
        .open("the caller checked the standing at the programme");
    db.rows(&query, Report::from_row)
}
