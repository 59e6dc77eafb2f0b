//! The IATI activity file of a programme, version 2.03: who takes part, where, what for, with which money, and what came
//! of it. Elements stand in the order of the schema.

use impact::Cut;
use impact::outside::{self, Outside};
use jiff::civil::Date;
use kernel::kinds::{Money, Multi};
use kernel::{Ctx, Db, Id, Lang, Reply, Result, locale};
use programmes::{Nature, PartnerRole, ProgrammeStatus, convention, partner, plan};
use registry::{Organisation, OrganisationKind};

use crate::files;
use crate::record::Told;
use crate::results;
use crate::xml::Xml;

/// The version of the standard.
pub(crate) const VERSION: &str = "2.03";

/// The identifier of a programme's activity.
pub(crate) fn identifier(told: &Told) -> String {
    format!("{}-{}", told.data.identifier, told.programme.id)
}

pub(crate) fn file(ctx: &Ctx, db: &mut Db, told: &Told) -> Result<Reply> {
    let programme = &told.programme;
    let mut xml = Xml::new()?;
    let made = files::instant(kernel::now());
    xml.element("iati-activities", &[("version", VERSION), ("generated-datetime", &made)], |xml| {
        let attributes = [("xml:lang", "fr"), ("default-currency", "MAD"), ("last-updated-datetime", &*made)];
        xml.element("iati-activity", &attributes, |xml| {
            xml.text("iati-identifier", &[], &identifier(told))?;
            reporter(xml, told)?;
            xml.told("title", &[], &programme.name)?;
            let about = programme.summary.as_ref().unwrap_or(&programme.name);
            xml.told("description", &[("type", "1")], about)?;
            if let Some(objectives) = &programme.objectives {
                xml.told("description", &[("type", "2")], objectives)?;
            }
            if programme.invented {
                xml.told("description", &[("type", "4")], &in_every(ctx, "open.invented"))?;
            }
            participants(xml, db, told.programme.id)?;
            xml.leaf("activity-status", &[("code", status(programme.status))])?;
            dates(xml, programme.since, programme.until, programme.status)?;
            xml.leaf("recipient-country", &[("code", kernel::territory::COUNTRY), ("percentage", "100")])?;
            for code in programme.territory.iter().flat_map(|territory| &territory.0) {
                let name = [Lang::Fr, Lang::Ar].map(|lang| kernel::territory::name(code, lang));
                xml.element("location", &[("ref", code)], |xml| {
                    xml.told("name", &[], &Multi::fr_ar(&name[0], &name[1]))
                })?;
            }
            xml.leaf(
                "sector",
                &[("vocabulary", "1"), ("code", told.data.sector_code()), ("percentage", "100")],
            )?;
            if told.data.money {
                budget(xml, db, programme.id, (programme.since, programme.until), "budget")?;
                transactions(xml, ctx, db, told)?;
            }
            if told.data.figures {
                results::write(xml, ctx, db, told)?;
            }
            Ok(())
        })
    })?;
    Ok(Reply::Body { status: 200, media: files::XML, body: xml.finish() })
}

/// A word in the languages that are complete.
pub(crate) fn in_every(ctx: &Ctx, key: &str) -> Multi {
    let said = [Lang::Fr, Lang::Ar, Lang::En]
        .map(|lang| (lang.code().to_owned(), ctx.w.speak(lang).t(key).into_owned()));
    Multi(said.into_iter().collect())
}

/// Who reports.
pub(crate) fn reporter(xml: &mut Xml, told: &Told) -> Result<()> {
    use kernel::kinds::Choice as _;
    let attributes = [("ref", &*told.data.identifier), ("type", told.data.publisher_kind.code())];
    xml.told("reporting-org", &attributes, &told.publisher.name)
}

/// Codes of kinds of organisations, where one follows from what the registry knows.
fn kind(kind: OrganisationKind) -> Option<&'static str> {
    match kind {
        OrganisationKind::Association => Some("22"),
        OrganisationKind::Institution => Some("10"),
        OrganisationKind::Cooperative
        | OrganisationKind::Union
        | OrganisationKind::Gie
        | OrganisationKind::SocialEnterprise
        | OrganisationKind::Company
        | OrganisationKind::Buyer => Some("70"),
        // A foundation or a company: nobody said.
        OrganisationKind::Sponsor => None,
    }
}

fn participants(xml: &mut Xml, db: &mut Db, programme: Id) -> Result<()> {
    for line in partner::of(db, programme)? {
        let role = match line.role {
            PartnerRole::Funder => "1",
            PartnerRole::Promoter | PartnerRole::Institution => "2",
            PartnerRole::Operator => "4",
        };
        let organisation = kernel::record::get::<Organisation>(db, line.organisation)?;
        let mut attributes = vec![("role", role)];
        attributes.extend(kind(organisation.kind).map(|kind| ("type", kind)));
        xml.told("participating-org", &attributes, &line.name)?;
    }
    Ok(())
}

fn status(status: ProgrammeStatus) -> &'static str {
    match status {
        ProgrammeStatus::Preparing => "1",
        ProgrammeStatus::Running => "2",
        ProgrammeStatus::Closed => "4",
    }
}

/// First and last day: planned, or actual where they are past.
fn dates(xml: &mut Xml, since: Date, until: Date, status: ProgrammeStatus) -> Result<()> {
    let today = kernel::today();
    let began = since <= today && status != ProgrammeStatus::Preparing;
    let ended = until <= today && status == ProgrammeStatus::Closed;
    for (kind, day) in [(if began { "2" } else { "1" }, since), (if ended { "4" } else { "3" }, until)] {
        xml.leaf("activity-date", &[("type", kind), ("iso-date", &day.to_string())])?;
    }
    Ok(())
}

/// An amount with a decimal point.
fn amount(money: &Money) -> String {
    files::decimal(money.minor, locale::exponent(&money.currency))
}

fn value(xml: &mut Xml, money: &Money, day: Date) -> Result<()> {
    let attributes = [("currency", &*money.currency), ("value-date", &day.to_string())];
    xml.text("value", &attributes, &amount(money))
}

/// The planned budget, a phase at a time: `budget` of an activity, `recipient-country-budget` of an organisation.
pub(crate) fn budget(
    xml: &mut Xml,
    db: &mut Db,
    programme: Id,
    whole: (Date, Date),
    name: &str,
) -> Result<()> {
    let phases = plan::phases(db, programme)?;
    let mut sums: Vec<((Date, Date), Money)> = Vec::new();
    for line in plan::budget(db, programme)? {
        let phase = line.phase.and_then(|phase| phases.iter().find(|there| there.id == phase.id));
        let days = phase.map_or(whole, |phase| (phase.since, phase.until));
        match sums.iter_mut().find(|(there, sum)| *there == days && sum.currency == line.planned.currency) {
            Some((_, sum)) => sum.minor += line.planned.minor,
            None => sums.push((days, line.planned)),
        }
    }
    // A budget of no length is none: the rules want its first day before its last.
    for ((since, until), sum) in sums.into_iter().filter(|((since, until), _)| since < until) {
        let indicative: &[_] =
            if name == "budget" { &[("type", "1"), ("status", "1")] } else { &[("status", "1")] };
        xml.element(name, indicative, |xml| {
            if name != "budget" {
                xml.leaf("recipient-country", &[("code", kernel::territory::COUNTRY)])?;
            }
            xml.leaf("period-start", &[("iso-date", &since.to_string())])?;
            xml.leaf("period-end", &[("iso-date", &until.to_string())])?;
            value(xml, &sum, since)
        })?;
    }
    Ok(())
}

/// One movement of money: its code in IATI, its day, its amount, from whom.
fn transaction(xml: &mut Xml, code: &str, day: Date, money: &Money, from: Option<&Multi>) -> Result<()> {
    xml.element("transaction", &[], |xml| {
        xml.leaf("transaction-type", &[("code", code)])?;
        xml.leaf("transaction-date", &[("iso-date", &day.to_string())])?;
        value(xml, money, day)?;
        match from {
            Some(name) => xml.told("provider-org", &[], name),
            None => Ok(()),
        }
    })
}

/// What was promised and received in cash, and what was paid to cooperatives, a sum a year. Givers who are no partners
/// of the programme are not named.
fn transactions(xml: &mut Xml, ctx: &Ctx, db: &mut Db, told: &Told) -> Result<()> {
    let (programme, today) = (told.programme.id, kernel::today());
    let partners = partner::of(db, programme)?;
    let conventions = convention::of(db, programme)?;
    for promise in convention::promises(db, programme)? {
        if promise.nature != Nature::Cash {
            continue;
        }
        let giver =
            partners.iter().find(|line| line.organisation == promise.organisation).map(|line| &line.name);
        let convention = conventions.iter().find(|convention| convention.id == promise.convention);
        let signed = convention.and_then(|convention| convention.signed.or(convention.since));
        let signed = signed.unwrap_or(told.programme.since).min(today);
        transaction(xml, "11", signed, &promise.promised, giver)?;
        for receipt in convention::receipts(db, promise.id)? {
            if receipt.received <= today {
                transaction(xml, "1", receipt.received, &receipt.amount, giver)?;
            }
        }
    }
    let outside = Outside::of(ctx.w, &told.programme);
    let paid = &*impact::shipped("grants-paid")?;
    for bucket in outside.table(ctx, db, paid, &[Cut::Year])? {
        let year = bucket.figure.row.as_deref().and_then(|year| year.parse().ok());
        let (Some(year), Some((minor, _))) = (year, outside::number(paid, &bucket.figure)) else { continue };
        let last = Date::new(year, 12, 31).map_err(kernel::Error::internal)?.min(today);
        let currency = bucket.figure.currency.unwrap_or_else(|| "MAD".into());
        transaction(xml, "3", last, &Money { minor, currency }, None)?;
    }
    Ok(())
}
