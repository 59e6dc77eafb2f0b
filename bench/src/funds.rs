//! The money of an invented programme: partners, a convention, what they promised, the budget.

use jiff::civil::date;
use kernel::Id;
use kernel::access::{Standing, scope};
use kernel::kinds::{Money, Multi};
use programmes::partner::{Partner, PartnerRole};
use programmes::{BudgetLine, Contribution, Convention, Nature, Phase, Signatory, Theme};

use crate::Result;
use crate::dice::Dice;
use crate::pen::{Beside, Pen};

/// Writes the partners, phases, convention and budget of a programme.
pub(crate) fn write(pen: &mut impl Pen, dice: &mut Dice, actors: &[Id], programme: Id) -> Result<()> {
    let (since, until) = (date(2025, 1, 1), date(2027, 12, 31));
    let first = dice.below(actors.len());
    let partners = [actors[first], actors[(first + 1) % actors.len()]];
    for (organisation, role) in partners.into_iter().zip([PartnerRole::Promoter, PartnerRole::Funder]) {
        let partner = Partner {
            id: pen.id()?,
            version: 1,
            programme: programme.into(),
            organisation: organisation.into(),
            role,
        };
        let reach = vec![(programme, scope("organisation", organisation), Standing::Shared)];
        pen.put(partner, Beside { reach, ..Beside::default() })?;
    }
    for (name, since, until) in [("Phase 1", since, date(2025, 12, 31)), ("Phase 2", date(2026, 1, 1), until)]
    {
        let phase = Phase {
            id: pen.id()?,
            version: 1,
            programme: programme.into(),
            name: Multi::fr_ar(name, ""),
            since,
            until,
        };
        pen.put(phase, Beside::default())?;
    }
    let convention = pen.id()?;
    let title = Multi::fr_ar("Convention de partenariat", "اتفاقية شراكة");
    let (signed, file, territory) = (Some(since), None, None);
    pen.put(
        Convention {
            id: convention,
            version: 1,
            programme: programme.into(),
            title,
            territory,
            signed,
            since: signed,
            until: Some(until),
            file,
        },
        Beside::default(),
    )?;
    for organisation in partners {
        let id = pen.id()?;
        let (programme, convention, organisation) =
            (programme.into(), convention.into(), organisation.into());
        pen.put(Signatory { id, version: 1, programme, convention, organisation }, Beside::default())?;
    }
    for organisation in partners {
        let id = pen.id()?;
        let promised = Money::whole(100_000 + dice.below(900_000) as i64, "MAD");
        let (programme, convention, organisation) =
            (programme.into(), convention.into(), organisation.into());
        let contribution = Contribution {
            id,
            version: 1,
            programme,
            convention,
            organisation,
            nature: Nature::Cash,
            subject: None,
            promised,
            due: Some(until),
        };
        pen.put(contribution, Beside::default())?;
    }
    for theme in [Theme::Governance, Theme::Marketing] {
        let line = BudgetLine {
            id: pen.id()?,
            version: 1,
            programme: programme.into(),
            name: Multi::fr_ar("Formations", "تكوينات"),
            theme: Some(theme),
            phase: None,
            planned: Money::whole(200_000, "MAD"),
        };
        pen.put(line, Beside::default())?;
    }
    Ok(())
}
