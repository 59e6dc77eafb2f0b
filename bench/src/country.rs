//! An invented country: its cooperatives, their members, and everybody who helps them.

use atlas::Level;
use jiff::civil::{Date, date};
use kernel::access::{PUBLIC, Standing, scope, territory_scope, via};
use kernel::kinds::{Code, Ice, Many, Money, Multi, Phone, Place};
use kernel::value::{ToValue, Value};
use kernel::{Id, Lang};
use people::{Account, Language, Person, Role, RoleKind, Sex, Year};
use programmes::programme::Programme;
use programmes::{
    Assignment, Enrolment, Intervention, InterventionStatus, ProgrammeStatus, Promotion, Stage, Theme,
};
use registry::{
    Activity, Document, DocumentKind, Mandate, Membership, Office, Organisation, OrganisationKind, Status,
};

use crate::dice::Dice;
use crate::pen::{Beside, Pen};
use crate::{Result, funds, goods, names};

/// How much of everything there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) organisations: usize,
    pub(crate) persons: usize,
    pub(crate) programmes: usize,
    /// Changes in the history of each cooperative.
    pub(crate) changes: usize,
    /// Products in the public catalogue.
    pub(crate) products: usize,
}

/// The country that the targets speak of.
pub(crate) const WHOLE: Size =
    Size { organisations: 60_000, persons: 760_000, programmes: 2_000, changes: 15, products: 200_000 };
/// A tenth of it with thin files, to compare with [`LARGE`].
pub(crate) const SMALL: Size =
    Size { organisations: 6_000, persons: 12_000, programmes: 200, changes: 2, products: 0 };
/// Ten times as many organisations, with the same thin files as [`SMALL`].
pub(crate) const LARGE: Size =
    Size { organisations: 600_000, persons: 1_200_000, programmes: 20_000, changes: 2, products: 0 };
/// As much as the rooms themselves write in a moment.
pub(crate) const SAMPLE: Size =
    Size { organisations: 12, persons: 40, programmes: 2, changes: 3, products: 5 };

/// Products of a cooperative with a public page, as long as there are any: a third of them have one.
const OFFERED: usize = 12;

/// The first administrator.
pub(crate) fn administrator() -> Id {
    Id::named("bench administrator")
}

/// Somebody who signs in in the measures: the secret of a session that never ends.
pub(crate) fn secret(who: &str) -> String {
    format!("bench-{who}")
}

/// Scopes that hold enough organisations to weigh: the most populous province and region of Morocco.
pub(crate) const PROVINCE: &str = "06.141";
pub(crate) const REGION: &str = "06";

fn day(dice: &mut Dice, from: i16, years: usize) -> Result<Date> {
    Ok(date(from + dice.below(years) as i16, 1, 1)
        .checked_add(jiff::Span::new().days(dice.below(365) as i64))?)
}

/// Communes, each as often as people live there.
struct Communes(Vec<(u64, &'static atlas::Division)>);

impl Communes {
    fn read() -> Result<Communes> {
        let atlas = kernel::territory::atlas().ok_or("no territory")?;
        let mut sum = 0;
        let weighed = atlas.level(Level::Commune).map(|commune| {
            sum += commune.population.unwrap_or(1).max(1);
            (sum, commune)
        });
        Ok(Communes(weighed.collect()))
    }

    fn pick(&self, dice: &mut Dice) -> &'static atlas::Division {
        let at = dice.roll() % self.0.last().map_or(1, |(sum, _)| *sum);
        self.0[self.0.partition_point(|(sum, _)| *sum <= at)].1
    }
}

/// Writes the whole country.
pub(crate) fn build(pen: &mut impl Pen, size: Size) -> Result<()> {
    let mut dice = Dice::new(size.organisations as u64);
    let communes = Communes::read()?;
    for (who, role, scope) in [
        ("administrator", RoleKind::Administrator, "platform".to_owned()),
        ("province", RoleKind::Manager, territory_scope(PROVINCE)),
        ("region", RoleKind::Manager, territory_scope(REGION)),
    ] {
        let id = if who == "administrator" { administrator() } else { pen.id()? };
        account(pen, id, who, &[(role, scope)])?;
    }
    let actors = (0..(size.organisations / 100).max(3))
        .map(|_| {
            let name = names::institution(&mut dice);
            let made = organisation(pen, &mut dice, &communes, name, OrganisationKind::Institution, 0)?;
            Ok(made.0)
        })
        .collect::<Result<Vec<Id>>>()?;
    let mut programmes = Vec::new();
    for n in 0..size.programmes {
        programmes.push(programme(pen, &mut dice, &actors, n)?);
    }
    let cooperatives = size.organisations - actors.len();
    let mut products = size.products;
    for n in 0..cooperatives {
        let programme = &programmes[n % programmes.len()];
        let name = names::cooperative(&mut dice);
        let (id, place, published) =
            organisation(pen, &mut dice, &communes, name, OrganisationKind::Cooperative, size.changes)?;
        let members = (n + 1) * size.persons / cooperatives - n * size.persons / cooperatives;
        file(pen, &mut dice, id, members)?;
        help(pen, &mut dice, programme, &actors, id, &place)?;
        if published {
            let some = products.min(OFFERED);
            goods::write(pen, &mut dice, id, some)?;
            products -= some;
        }
    }
    Ok(())
}

fn account(pen: &mut impl Pen, id: Id, who: &str, roles: &[(RoleKind, String)]) -> Result<()> {
    let account = Account {
        id,
        version: 1,
        name: format!("Compte {who}"),
        email: Some(kernel::kinds::Email(format!("{who}@tiwizi.example"))),
        phone: None,
        language: Some(Language::French),
        speaks: None,
        disabled: false,
    };
    let beside = Beside {
        columns: vec![("sort", fold::fold(&account.name).to_value())],
        found: Some(("account", vec![account.name.clone()])),
        reach: Vec::new(),
    };
    pen.put(account, beside)?;
    for (role, scope) in roles {
        let id_of_role = pen.id()?;
        let role = Role {
            id: id_of_role,
            version: 1,
            account: id.into(),
            role: *role,
            scope: scope.clone(),
            since: date(2024, 6, 1),
            until: None,
        };
        pen.put(role, Beside::default())?;
    }
    let session = vec![
        kernel::migrate::digest(&secret(who)).to_value(),
        id.to_value(),
        0_i64.to_value(),
        4_102_444_800_000_i64.to_value(),
        "page".to_value(),
    ];
    pen.row("session", "digest, account, at, expires, device", session)
}

struct Helped {
    id: Id,
    promotion: Id,
    coach: Id,
}

fn programme(pen: &mut impl Pen, dice: &mut Dice, actors: &[Id], n: usize) -> Result<Helped> {
    let (id, promotion, coach) = (pen.id()?, pen.id()?, pen.id()?);
    let (since, until) = (date(2025, 1, 1), date(2027, 12, 31));
    let programme = Programme {
        id,
        version: 1,
        name: names::programme(dice, n),
        summary: Some(Multi::fr_ar("Accompagner des coopératives vers l'autonomie.", "")),
        objectives: None,
        themes: Some(Many(vec![Theme::Governance, Theme::Marketing])),
        territory: None,
        since,
        until,
        status: ProgrammeStatus::Running,
        follow_up: None,
        published: n.is_multiple_of(4),
        invented: true,
    };
    let mut reach = vec![(id, scope("programme", id), Standing::Steward)];
    if programme.published {
        reach.push((id, PUBLIC.to_owned(), Standing::Public));
    }
    pen.put(programme, Beside { reach, ..Beside::default() })?;
    account(pen, coach, &format!("coach-{n}"), &[(RoleKind::Coach, scope("programme", id))])?;
    funds::write(pen, dice, actors, id)?;
    let name = Multi::fr_ar("Promotion 1", "الفوج 1");
    pen.put(
        Promotion { id: promotion, version: 1, programme: id.into(), phase: None, name, since, until: None },
        Beside::default(),
    )?;
    Ok(Helped { id, promotion, coach })
}

fn organisation(
    pen: &mut impl Pen,
    dice: &mut Dice,
    communes: &Communes,
    name: Multi,
    kind: OrganisationKind,
    changes: usize,
) -> Result<(Id, String, bool)> {
    let (id, commune) = (pen.id()?, communes.pick(dice));
    let place = Place { division: commune.code.clone(), lat: commune.lat, lon: commune.lon };
    let phone = |dice: &mut Dice| Some(Phone(format!("+2126{:08}", dice.below(100_000_000))));
    let members = 5 + dice.below(40) as i64;
    let women = dice.below(members as usize + 1) as i64;
    let mut versions = vec![Organisation {
        id,
        version: 1,
        kind,
        name,
        acronym: None,
        place,
        activities: Some(Many(vec![*dice.pick(&[
            Activity::Saffron,
            Activity::Dates,
            Activity::Carpets,
            Activity::Argan,
            Activity::Honey,
            Activity::Milk,
        ])])),
        founded: Some(day(dice, 2005, 18)?),
        presentation: None,
        published: dice.chance(30),
        members: Some(members),
        women: Some(women),
        young: Some(members / 3),
        active: Some(members / 2),
        phone: phone(dice),
        phone_2: None,
        email: None,
        address: None,
        website: None,
        register_number: Some(Code(format!("{}", 10_000_000 + dice.below(80_000_000)))),
        register_court: Some("Tribunal".into()),
        national_number: None,
        ice: Some(Ice(format!("{:015}", dice.below(1_000_000_000_000_000)))),
        tax_number: None,
        social_number: None,
        year_end: None,
        status: Status::Active,
        status_reason: None,
        invented: true,
    }];
    for version in 1..=changes {
        let before = &versions[version - 1];
        versions.push(Organisation { version: version as i64, phone: phone(dice), ..before.clone() });
    }
    let (name, published, place) = (&versions[0].name, versions[0].published, commune.code.clone());
    let mut reach: Vec<_> = kernel::territory::ancestors(&place)
        .iter()
        .map(|code| (id, territory_scope(code), Standing::Steward))
        .collect();
    reach.push((id, scope("organisation", id), Standing::File));
    if published {
        reach.push((id, PUBLIC.to_owned(), Standing::Public));
    }
    let beside =
        Beside { columns: vec![("sort", fold::fold(name.best(Lang::Fr)).to_value())], found: None, reach };
    pen.write(&versions, beside)?;
    Ok((id, place, published))
}

/// Members, mandates, documents.
fn file(pen: &mut impl Pen, dice: &mut Dice, organisation: Id, members: usize) -> Result<()> {
    let mut offices = [Office::President, Office::Treasurer, Office::Secretary].into_iter();
    for _ in 0..members {
        let (id, woman) = (pen.id()?, dice.chance(60));
        let person = Person {
            id,
            version: 1,
            name: names::person(dice, woman),
            sex: Some(if woman { Sex::Woman } else { Sex::Man }),
            birth_year: Some(Year(1950 + dice.below(55) as i64)),
            position: None,
            phone: None,
            speaks: None,
            reads: None,
            erased: false,
        };
        let beside = Beside {
            columns: vec![("sort", fold::fold(person.name.best(Lang::Fr)).to_value())],
            found: Some(("person", person.name.all().map(str::to_owned).collect())),
            reach: vec![(id, via(organisation), Standing::File)],
        };
        pen.put(person, beside)?;
        let membership = Membership {
            id: pen.id()?,
            version: 1,
            organisation: organisation.into(),
            person: id.into(),
            since: Some(day(dice, 2015, 9)?),
            until: None,
            active: dice.chance(70),
        };
        pen.put(membership, Beside::default())?;
        if let Some(role) = offices.next() {
            let mandate = Mandate {
                id: pen.id()?,
                version: 1,
                organisation: organisation.into(),
                person: id.into(),
                role,
                since: day(dice, 2023, 2)?,
                until: Some(date(2029, 12, 31)),
            };
            pen.put(mandate, Beside::default())?;
        }
    }
    for kind in [DocumentKind::Statutes, DocumentKind::TaxCertificate] {
        let document = Document {
            id: pen.id()?,
            version: 1,
            organisation: organisation.into(),
            kind,
            title: None,
            file: None,
            issued: Some(day(dice, 2022, 3)?),
            expires: Some(day(dice, 2026, 4)?),
        };
        pen.put(document, Beside::default())?;
    }
    Ok(())
}

/// The programme it is in, and what others do for it.
fn help(
    pen: &mut impl Pen,
    dice: &mut Dice,
    programme: &Helped,
    actors: &[Id],
    organisation: Id,
    place: &str,
) -> Result<()> {
    let enrolment = Enrolment {
        id: pen.id()?,
        version: 1,
        programme: programme.id.into(),
        promotion: programme.promotion.into(),
        organisation: organisation.into(),
        status: Stage::Active,
        since: day(dice, 2025, 1)?,
        reason: None,
    };
    let reach = vec![(organisation, scope("programme", programme.id), Standing::Steward)];
    pen.put(enrolment, Beside { reach, ..Beside::default() })?;
    let assignment = Assignment {
        id: pen.id()?,
        version: 1,
        programme: programme.id.into(),
        organisation: organisation.into(),
        account: programme.coach.into(),
        since: date(2025, 1, 1),
        until: None,
    };
    pen.put(assignment, Beside::default())?;
    for (n, theme) in [Theme::Marketing, *dice.pick(&[Theme::Marketing, Theme::Quality, Theme::Equipment])]
        .into_iter()
        .enumerate()
    {
        let since = day(dice, 2025, 1)?;
        let intervention = Intervention {
            id: pen.id()?,
            version: 1,
            organisation: organisation.into(),
            actor: (*dice.pick(actors)).into(),
            programme: (n == 0).then(|| programme.id.into()),
            theme,
            title: Multi::fr_ar("Formation à la vente", "تكوين في البيع"),
            since,
            until: Some(since.checked_add(jiff::Span::new().days(60))?),
            status: InterventionStatus::Running,
            quantity: Some(3),
            unit: Some("jours".into()),
            amount: Some(Money::whole(12_000, "MAD")),
            source: None,
        };
        let columns: Vec<(&str, Value)> = vec![("place", place.to_value())];
        pen.put(intervention, Beside { columns, ..Beside::default() })?;
    }
    Ok(())
}
