//! Single rules by hand, and what always holds with random files.

use std::collections::BTreeMap;

use jiff::civil::date;
use market::Scheme;
use proptest::prelude::*;

use super::*;
use crate::rules::Field;

fn pack() -> &'static Pack {
    static PACK: std::sync::OnceLock<Pack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| Pack::read(include_str!("../../../../packs/ma/export.toml")).unwrap())
}

fn journey(to: &str, way: Way, kind: ProductKind) -> Journey {
    Journey {
        to: to.into(),
        way,
        value: Some(1_000),
        kind,
        activities: vec![Activity::Roses],
        hs: Some("330190".into()),
        container: Some(250),
        organic: false,
        day: date(2026, 11, 28),
    }
}

fn held(meets: Need, state: State, until: Option<Date>) -> Held {
    Held { meets, state, dated: None, until, told: "told".into(), path: "/".into() }
}

fn standing(journey: &Journey, on_file: &[Held], code: &str) -> Option<Standing> {
    judge(pack(), journey, on_file).iter().find(|one| one.rule.code == code).map(|one| one.standing)
}

#[test]
fn rules_apply_to_what_they_say() {
    let food = journey("FR", Way::Consignment, ProductKind::Food);
    let craft = journey("US", Way::Parcel, ProductKind::Craft);
    assert_eq!(standing(&food, &[], "sanitary"), Some(Standing::Missing));
    assert_eq!(standing(&craft, &[], "sanitary"), None, "a carpet is not eaten");
    assert_eq!(standing(&craft, &[], "exporter_register"), Some(Standing::Missing));
    assert_eq!(standing(&food, &[], "exporter_register"), None);
    assert_eq!(standing(&craft, &[], "us_duty"), Some(Standing::Know));
    assert_eq!(standing(&food, &[], "us_duty"), None);
    assert_eq!(standing(&food, &[], "organic"), None);
    assert_eq!(standing(&Journey { organic: true, ..food }, &[], "organic"), Some(Standing::Missing));
    // A rule begins on its day.
    let parcel = journey("FR", Way::Parcel, ProductKind::Food);
    assert_eq!(standing(&parcel, &[], "parcel_ids"), Some(Standing::Missing));
    let before = Journey { day: date(2026, 10, 31), ..parcel.clone() };
    assert_eq!(standing(&before, &[], "parcel_ids"), None);
    assert_eq!(standing(&Journey { to: "CH".into(), ..parcel }, &[], "parcel_ids"), None);
}

#[test]
fn six_thousand_euros_part_two_ways_of_telling_origin() {
    let food = journey("FR", Way::Consignment, ProductKind::Food);
    for (value, small, large) in [
        (Some(6_000), Some(Standing::Know), None),
        (Some(6_001), None, Some(Standing::Know)),
        (None, Some(Standing::Depends), Some(Standing::Depends)),
    ] {
        let asked = Journey { value, ..food.clone() };
        assert_eq!(standing(&asked, &[], "origin_small"), small, "{value:?}");
        assert_eq!(standing(&asked, &[], "origin_large"), large, "{value:?}");
    }
}

#[test]
fn argan_oil_in_large_containers_asks_for_a_licence() {
    let oil = Journey {
        activities: vec![Activity::Argan],
        hs: Some("151590".into()),
        container: Some(5_000),
        ..journey("FR", Way::Consignment, ProductKind::Cosmetic)
    };
    let code = "argan_licence";
    assert_eq!(standing(&oil, &[], code), None, "five litres are not more than five");
    let drum = Journey { container: Some(5_001), ..oil.clone() };
    assert_eq!(standing(&drum, &[], code), Some(Standing::Missing));
    let licence = held(Need::Statement(code.into()), State::Valid, None);
    assert_eq!(standing(&drum, &[licence], code), Some(Standing::Ready));
    for (journey, open) in [
        (Journey { container: None, ..oil.clone() }, Open::Container),
        (Journey { hs: None, container: Some(20_000), ..oil.clone() }, Open::Hs),
    ] {
        let judged = judge(pack(), &journey, &[]);
        let one = judged.iter().find(|one| one.rule.code == code).unwrap();
        assert_eq!((one.standing, one.open), (Standing::Depends, Some(open)));
    }
    // What is known to be something else needs nothing more to be known.
    let roses = Journey { activities: vec![Activity::Roses], hs: None, container: None, ..oil };
    assert_eq!(standing(&roses, &[], code), None);
}

#[test]
fn what_holds_longest_is_shown_and_what_ended_is_missing() {
    let food = journey("FR", Way::Consignment, ProductKind::Food);
    let sanitary = |state, until| held(Need::Label(Scheme::Sanitary), state, until);
    let (early, late) = (Some(date(2027, 1, 1)), Some(date(2028, 1, 1)));
    let on_file = [
        sanitary(State::Over, Some(date(2026, 1, 1))),
        sanitary(State::Valid, early),
        sanitary(State::Valid, late),
        sanitary(State::Waiting, None),
    ];
    let judged = judge(pack(), &food, &on_file);
    let one = judged.iter().find(|one| one.rule.code == "sanitary").unwrap();
    assert_eq!((one.standing, one.held.unwrap().until), (Standing::Ready, late));
    assert_eq!(standing(&food, &on_file[..1], "sanitary"), Some(Standing::Missing));
    assert_eq!(standing(&food, &on_file[3..], "sanitary"), Some(Standing::Waiting));
}

fn any_held() -> impl Strategy<Value = Held> {
    let statements: Vec<Need> =
        pack().statement.iter().map(|one| Need::Statement(one.code.clone())).collect();
    let fields = [
        Field::Ice,
        Field::Address,
        Field::Hs,
        Field::Origin,
        Field::Ingredients,
        Field::Lot,
        Field::Reference,
    ];
    let labels = [Scheme::Sanitary, Scheme::Organic, Scheme::Igp];
    let needs: Vec<Need> =
        statements.into_iter().chain(fields.map(Need::Field)).chain(labels.map(Need::Label)).collect();
    let states = prop::sample::select(vec![State::Over, State::Waiting, State::Valid]);
    let until = prop::option::of((2026i16..2030, 1i8..=12).prop_map(|(year, month)| date(year, month, 1)));
    (prop::sample::select(needs), states, until, 0..9u8).prop_map(|(meets, state, until, at)| Held {
        meets,
        state,
        dated: None,
        until,
        told: format!("told {at}"),
        path: format!("/{at}"),
    })
}

fn any_journey() -> impl Strategy<Value = Journey> {
    let to = prop::sample::select(vec!["FR", "DE", "US", "CH", "JP"]);
    let way = prop::sample::select(Way::ALL.to_vec());
    let kind = prop::sample::select(vec![ProductKind::Food, ProductKind::Cosmetic, ProductKind::Craft]);
    let hs = prop::option::of(prop::sample::select(vec!["151590", "330190", "570110"]));
    let activity = prop::sample::select(vec![Activity::Argan, Activity::Carpets]);
    let numbers = (prop::option::of(0..20_000i64), prop::option::of(0..20_000i64));
    (to, way, kind, hs, activity, numbers, any::<bool>()).prop_map(
        |(to, way, kind, hs, activity, (value, container), organic)| Journey {
            value,
            activities: vec![activity],
            hs: hs.map(str::to_owned),
            container,
            organic,
            ..journey(to, way, kind)
        },
    )
}

type Told = BTreeMap<String, (Standing, Option<String>, Option<Date>)>;

fn told(journey: &Journey, on_file: &[Held]) -> Told {
    let judged = judge(pack(), journey, on_file);
    let count = judged.len();
    let told: Told = judged
        .iter()
        .map(|one| {
            let held = one.held.map(|held| format!("{} {}", held.path, held.told));
            (one.rule.code.clone(), (one.standing, held, one.held.and_then(|held| held.until)))
        })
        .collect();
    assert_eq!(told.len(), count, "a rule is answered once");
    told
}

proptest! {
    #[test]
    fn the_order_of_a_file_changes_nothing(journey in any_journey(), on_file in prop::collection::vec(any_held(), 0..20)) {
        let turned: Vec<Held> = on_file.iter().rev().cloned().collect();
        prop_assert_eq!(told(&journey, &on_file), told(&journey, &turned));
        prop_assert_eq!(told(&journey, &on_file), told(&journey, &on_file));
    }

    #[test]
    fn more_on_file_makes_nothing_worse(
        journey in any_journey(),
        on_file in prop::collection::vec(any_held(), 0..20),
        more in prop::collection::vec(any_held(), 0..20),
    ) {
        let before = told(&journey, &on_file);
        let all: Vec<Held> = on_file.into_iter().chain(more).collect();
        let after = told(&journey, &all);
        prop_assert!(before.keys().eq(after.keys()), "what is on file changes no rule’s place");
        for (code, (then, ..)) in &before {
            prop_assert!(after[code].0 >= *then, "{} stood {:?} and stands {:?}", code, then, after[code].0);
        }
    }

    #[test]
    fn to_know_more_of_the_journey_answers_more(journey in any_journey(), on_file in prop::collection::vec(any_held(), 0..9)) {
        let open = judge(pack(), &journey, &on_file).iter().filter(|one| one.open.is_some()).count();
        let known = Journey {
            value: journey.value.or(Some(10)),
            hs: journey.hs.clone().or(Some("151590".into())),
            container: journey.container.or(Some(10)),
            ..journey
        };
        prop_assert!(judge(pack(), &known, &on_file).iter().all(|one| one.open.is_none()));
        prop_assert!(open <= 4);
    }
}
