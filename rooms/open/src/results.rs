//! The results of an IATI activity: the impact room's figures, whole and by sex, age and province, with the programme's
//! targets and where it began. A figure of few people is left out.

use impact::outside::{self, Outside, TOLD};
use impact::{Cut, Figure, Indicator, Target, Unit};
use kernel::{Ctx, Db, Id, Lang, Result};

use crate::activity::in_every;
use crate::files;
use crate::record::Told;
use crate::xml::Xml;

/// What figures are told by.
pub(crate) const CUTS: &[Cut] = &[Cut::Sex, Cut::Age, Cut::Province];

/// Of these, less is better.
const DESCENDING: &[&str] = &[
    "cooperatives-lost",
    "left-alone",
    "never-inspected",
    "actions-late",
    "overlaps",
    "cost-per-cooperative",
    "cost-per-person-hour",
];

/// The indicators that a programme tells everybody: what every programme tells, and what it has targets for.
pub(crate) fn indicators(db: &mut Db, programme: Id) -> Result<Vec<(&'static Indicator, Vec<Target>)>> {
    let targets = impact::targets(db, programme)?;
    let of =
        |code: &str| targets.iter().filter(|target| target.indicator == code).cloned().collect::<Vec<_>>();
    let all = impact::all()?.iter().map(|indicator| (&**indicator, of(&indicator.code)));
    Ok(all
        .filter(|(indicator, targets)| TOLD.contains(&indicator.code.as_str()) || !targets.is_empty())
        .collect())
}

pub(crate) fn write(xml: &mut Xml, ctx: &Ctx, db: &mut Db, told: &Told) -> Result<()> {
    let outside = Outside::of(ctx.w, &told.programme);
    for (indicator, targets) in indicators(db, told.programme.id)? {
        let total = outside.total(ctx, db, indicator)?;
        let mut cells = Vec::new();
        for cut in CUTS {
            let buckets = outside.table(ctx, db, indicator, std::slice::from_ref(cut))?;
            cells.extend(buckets.into_iter().map(|bucket| (*cut, bucket.figure)));
        }
        result(xml, ctx, indicator, &outside, &targets, &total, &cells)?;
    }
    Ok(())
}

/// What is reached at once, or what follows from it.
fn kind(indicator: &Indicator) -> &'static str {
    let follows =
        ["diagnosis", "members"].contains(&indicator.theme.as_str()) || indicator.unit == Unit::Points;
    if follows { "2" } else { "1" }
}

fn result(
    xml: &mut Xml,
    ctx: &Ctx,
    indicator: &Indicator,
    outside: &Outside,
    targets: &[Target],
    total: &Figure,
    cells: &[(Cut, Figure)],
) -> Result<()> {
    let measure = if indicator.unit == Unit::Percent { "2" } else { "1" };
    let ascending = if DESCENDING.contains(&&*indicator.code) { "0" } else { "1" };
    xml.element("result", &[("type", kind(indicator)), ("aggregation-status", "0")], |xml| {
        xml.told("title", &[], &indicator.name)?;
        xml.element(
            "indicator",
            &[("measure", measure), ("ascending", ascending), ("aggregation-status", "0")],
            |xml| {
                xml.told("title", &[], &indicator.name)?;
                xml.told("description", &[], &indicator.definition)?;
                let whole = targets.iter().filter(|target| target.slice.is_none());
                let began = whole.clone().find_map(|target| target.baseline);
                let period = outside.period();
                if let Some(value) = began {
                    let year = period.since.year().to_string();
                    let attributes = [
                        ("year", &*year),
                        ("iso-date", &period.since.to_string()),
                        ("value", &value.to_string()),
                    ];
                    xml.leaf("baseline", &attributes)?;
                }
                let last = targets.iter().map(|target| target.due).max().unwrap_or(period.until);
                xml.element("period", &[], |xml| {
                    xml.leaf("period-start", &[("iso-date", &period.since.to_string())])?;
                    // The rules want its first day before its last.
                    let last = last.max(period.until).max(period.since.saturating_add(jiff::ToSpan::days(1)));
                    xml.leaf("period-end", &[("iso-date", &last.to_string())])?;
                    // Of one thing there is one target: the last that is due.
                    for target in targets.iter().rev() {
                        if targets
                            .iter()
                            .rev()
                            .find(|other| other.slice == target.slice)
                            .is_some_and(|t| t.id == target.id)
                        {
                            measured(
                                xml,
                                "target",
                                &target.target.to_string(),
                                target.slice.as_ref().map(|slice| (slice.cut.code(), &*slice.code)),
                                None,
                            )?;
                        }
                    }
                    let counted = |lang: Lang| {
                        ctx.w.speak(lang).with("open.counted_until", "date", &period.until.to_string())
                    };
                    let mut comment = in_every(ctx, "open.counted_until");
                    for lang in [Lang::Fr, Lang::Ar, Lang::En] {
                        comment.0.insert(lang.code().into(), counted(lang));
                    }
                    if let Some(value) = number(indicator, total) {
                        measured(xml, "actual", &value, None, Some(&comment))?;
                    }
                    for (cut, figure) in cells {
                        let Some(value) = number(indicator, figure) else { continue };
                        let bucket = figure.row.as_deref().unwrap_or("not-stated");
                        measured(xml, "actual", &value, Some((cut.code(), bucket)), None)?;
                    }
                    Ok(())
                })
            },
        )
    })
}

/// A target or a figure, of the whole or of one bucket.
fn measured(
    xml: &mut Xml,
    name: &str,
    value: &str,
    dimension: Option<(&str, &str)>,
    comment: Option<&kernel::kinds::Multi>,
) -> Result<()> {
    xml.element(name, &[("value", value)], |xml| {
        if let Some((name, value)) = dimension {
            xml.leaf("dimension", &[("name", name), ("value", value)])?;
        }
        match comment {
            Some(comment) => xml.told("comment", &[], comment),
            None => Ok(()),
        }
    })
}

fn number(indicator: &Indicator, figure: &Figure) -> Option<String> {
    outside::number(indicator, figure).map(|(minor, decimals)| files::decimal(minor, decimals))
}
