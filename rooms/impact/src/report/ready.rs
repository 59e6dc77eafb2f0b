//! Ready reports: what they hold and say, in three languages, from `reports/*.toml`.

use std::sync::OnceLock;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Choice, Long, Multi};
use kernel::{Error, Id, Lang, Result, Tx};
use programmes::Programme;
use serde::Deserialize;

use super::record::{Report, ReportSection, ReportTemplate, SectionKind};
use crate::scope::Period;

const FILES: &[(ReportTemplate, &str)] = &[
    (ReportTemplate::Annual, include_str!("../../reports/annual.toml")),
    (ReportTemplate::Monthly, include_str!("../../reports/monthly.toml")),
    (ReportTemplate::Committee, include_str!("../../reports/committee.toml")),
];

/// A ready report.
#[derive(Deserialize)]
pub(crate) struct Ready {
    pub(crate) title: Multi,
    pub(crate) summary: Multi,
    span: Span,
    /// True if it tells of one province.
    #[serde(default)]
    pub(crate) place: bool,
    /// True for a sheet of one page.
    #[serde(default)]
    pub(crate) one_page: bool,
    section: Vec<ReadySection>,
}

/// Over which days a report goes if nobody says otherwise.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Span {
    /// The twelve months that end today.
    Year,
    /// The last whole month.
    Month,
    /// From the beginning of the programme until today.
    Programme,
}

#[derive(Deserialize)]
struct ReadySection {
    kind: String,
    heading: Option<Multi>,
    body: Option<Multi>,
    #[serde(default)]
    indicators: Vec<String>,
    by: Option<String>,
    and: Option<String>,
}

/// The ready report of a template; nothing for an empty one.
pub(crate) fn find(template: ReportTemplate) -> Result<Option<&'static Ready>> {
    static READ: OnceLock<Vec<(ReportTemplate, Ready)>> = OnceLock::new();
    if READ.get().is_none() {
        let mut read = Vec::new();
        for (template, text) in FILES {
            let wrong = |error| Error::internal(format!("report {}: {error}", template.code()));
            read.push((*template, toml::from_str(text).map_err(wrong)?));
        }
        let _ = READ.set(read);
    }
    let found = READ.get().into_iter().flatten().find(|(other, _)| *other == template);
    Ok(found.map(|(_, ready)| ready))
}

/// Over which days a report of this template goes if nobody says otherwise.
pub(crate) fn period(template: ReportTemplate, programme: &Programme) -> Result<Period> {
    let today = kernel::today();
    Ok(match find(template)?.map_or(Span::Year, |ready| ready.span) {
        Span::Year => Period::year_to(today),
        Span::Month => {
            let until = today.first_of_month().saturating_sub(1.day());
            Period { since: until.first_of_month(), until }
        }
        Span::Programme => Period { since: programme.since, until: today.clamp(programme.since, Date::MAX) },
    })
}

/// Saves a new report with the sections of its template, in its language. Done twice, it is one.
pub fn prepare(tx: &mut Tx<'_>, report: &Report) -> Result<()> {
    let there = kernel::record::find::<Report>(tx, report.id)?.is_some();
    kernel::record::insert(tx, report)?;
    if there {
        return Ok(());
    }
    let lang = report.lang();
    let sections = find(report.template)?.map(|ready| &ready.section);
    for (at, ready) in sections.into_iter().flatten().enumerate() {
        kernel::record::insert(tx, &section(report, lang, at as i64 + 1, ready)?)?;
    }
    Ok(())
}

fn section(report: &Report, lang: Lang, position: i64, ready: &ReadySection) -> Result<ReportSection> {
    let text = |text: &Option<Multi>| text.as_ref().map(|text| text.best(lang).to_owned());
    Ok(ReportSection {
        id: Id::named(&format!("section {position} of report {}", report.id)),
        version: 1,
        programme: report.programme,
        report: report.id.into(),
        position,
        kind: SectionKind::from_code(&ready.kind).ok_or_else(|| Error::internal(&ready.kind))?,
        heading: text(&ready.heading),
        body: text(&ready.body).map(Long),
        indicators: (!ready.indicators.is_empty()).then(|| Long(ready.indicators.join(" "))),
        first_cut: ready.by.clone(),
        second_cut: ready.and.clone(),
        organisation: None,
        person: None,
        photo: None,
    })
}

#[cfg(test)]
mod tests {
    use kernel::kinds::Choice;

    use super::{FILES, find};
    use crate::report::record::SectionKind;

    #[test]
    fn ready_reports_name_indicators_and_cuts_that_exist() {
        for (template, _) in FILES {
            let ready = find(*template).unwrap().unwrap();
            for section in &ready.section {
                assert!(SectionKind::from_code(&section.kind).is_some(), "{}", section.kind);
                for code in &section.indicators {
                    let indicator =
                        crate::indicator::shipped(code).unwrap_or_else(|_| panic!("{code} is no indicator"));
                    for cut in section.by.iter().chain(&section.and) {
                        let cut = crate::Cut::from_code(cut).unwrap();
                        assert!(indicator.cuts.contains(&cut), "{code} is not cut by {}", cut.code());
                    }
                }
                let texts = section.heading.iter().chain(&section.body).chain([&ready.title, &ready.summary]);
                for text in texts {
                    assert_eq!(text.0.len(), 3, "{text:?} lacks a language");
                }
            }
        }
    }
}
