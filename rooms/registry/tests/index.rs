//! Lists and counts through the index are those that the rows themselves give, whatever happened to them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use kernel::access::{self, PUBLIC, Role, Standing};
use kernel::kinds::{Many, Multi, Place};
use kernel::testing::{House, on_both};
use kernel::{Id, Room, Tx, Viewer, now, record, sql};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use registry::{Activity, Filter, Organisation, OrganisationKind, Status, organisation};

fn rooms() -> Vec<Room> {
    vec![people::room(), registry::room()]
}

const NAMES: &[&str] = &["Tifawin", "Aït Baha", "آيت باها", "Tiniri n'Tafukt", "Argane du Souss", "taznakht"];
const PLACES: &[&str] = &["09.001.01.03", "09.001.05.07", "09.273.01.01", "05.081.01.01"];
const PROGRAMMES: &[&str] = &["programme:one", "programme:two"];

/// Something that happens to one of a few organisations.
#[derive(Clone, Debug)]
enum Event {
    Named(usize, usize),
    Moved(usize, usize),
    Published(usize, bool),
    Activities(usize, Vec<bool>),
    Women(usize, i64),
    Status(usize, usize),
    Enrolled(usize, usize, Option<i64>),
    Left(usize, usize),
    Removed(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let who = 0..6usize;
    let event = prop_oneof![
        1 => (who.clone(), 0..NAMES.len()).prop_map(|(o, n)| Event::Named(o, n)),
        1 => (who.clone(), 0..PLACES.len()).prop_map(|(o, n)| Event::Moved(o, n)),
        1 => (who.clone(), any::<bool>()).prop_map(|(o, yes)| Event::Published(o, yes)),
        1 => (who.clone(), prop::collection::vec(any::<bool>(), 3))
            .prop_map(|(o, some)| Event::Activities(o, some)),
        1 => (who.clone(), 0..10i64).prop_map(|(o, n)| Event::Women(o, n)),
        1 => (who.clone(), 0..3usize).prop_map(|(o, n)| Event::Status(o, n)),
        4 => (who.clone(), 0..2usize, prop_oneof![Just(None), Just(Some(-1000)), Just(Some(1_000_000))])
            .prop_map(|(o, p, until)| Event::Enrolled(o, p, until)),
        4 => (who.clone(), 0..2usize).prop_map(|(o, p)| Event::Left(o, p)),
        1 => who.prop_map(Event::Removed),
    ];
    prop::collection::vec(event, 1..80)
}

const ACTIVITIES: [Activity; 3] = [Activity::Dates, Activity::Saffron, Activity::Roses];

fn fr(name: &str) -> Multi {
    Multi([("fr".to_owned(), name.to_owned())].into())
}

fn fresh(id: Id) -> Organisation {
    Organisation {
        id,
        version: 1,
        kind: OrganisationKind::Cooperative,
        name: fr(NAMES[0]),
        acronym: None,
        place: Place { division: PLACES[0].into(), lat: None, lon: None },
        activities: None,
        founded: None,
        presentation: None,
        published: false,
        members: Some(9),
        women: None,
        young: None,
        active: None,
        phone: None,
        phone_2: None,
        email: None,
        address: None,
        website: None,
        register_number: None,
        register_court: None,
        national_number: None,
        ice: None,
        tax_number: None,
        social_number: None,
        year_end: None,
        status: Status::Active,
        status_reason: None,
        invented: true,
    }
}

/// What an event does to an organisation.
type Edit = Box<dyn Fn(&mut Organisation)>;

fn happens(tx: &mut Tx<'_>, ids: &mut [Id], event: Event) -> kernel::Result<()> {
    let (which, change): (usize, Edit) = match event {
        Event::Enrolled(o, p, until) => {
            let until = until.map(|ms| now() + ms);
            return access::grant(tx, ids[o], PROGRAMMES[p], Standing::File, until);
        }
        Event::Left(o, p) => return access::revoke(tx, ids[o], PROGRAMMES[p]),
        Event::Removed(o) => {
            let gone = record::get::<Organisation>(tx, ids[o])?;
            record::remove(tx, &gone)?;
            tx.run(&sql("delete from reach where record = ?").bind(gone.id))?;
            ids[o] = Id::new();
            return record::insert(tx, &fresh(ids[o]));
        }
        Event::Named(o, n) => (o, Box::new(move |it| it.name = fr(NAMES[n]))),
        Event::Moved(o, n) => (o, Box::new(move |it| it.place.division = PLACES[n].into())),
        Event::Published(o, yes) => (o, Box::new(move |it| it.published = yes)),
        Event::Women(o, n) => (o, Box::new(move |it| it.women = Some(n))),
        Event::Status(o, n) => {
            let status = [Status::Active, Status::Dissolved, Status::Merged][n];
            (o, Box::new(move |it| it.status = status))
        }
        Event::Activities(o, some) => {
            let chosen: Vec<_> = ACTIVITIES
                .iter()
                .zip(&some)
                .filter(|(_, yes)| **yes)
                .map(|(activity, _)| *activity)
                .collect();
            (o, Box::new(move |it| it.activities = (!chosen.is_empty()).then(|| Many(chosen.clone()))))
        }
    };
    let mut it = record::get::<Organisation>(tx, ids[which])?;
    change(&mut it);
    record::update(tx, &it)
}

fn viewers() -> Vec<Viewer> {
    let holding = |scopes: &[&str]| {
        let roles =
            scopes.iter().map(|scope| Role { role: "coach".into(), scope: (*scope).into() }).collect();
        Viewer::new(Id::new(), "somebody".into(), roles, |_| Standing::File)
    };
    vec![
        Viewer::default(),
        Viewer::system(),
        holding(&[]),
        holding(&["programme:one"]),
        holding(&["programme:one", "programme:two"]),
        holding(&["territory:09.001"]),
        holding(&["territory:09"]),
    ]
}

fn filters() -> Vec<Filter> {
    let all = Filter::default;
    vec![
        all(),
        Filter { text: Some("ait".into()), ..all() },
        Filter { text: Some("تا".into()), ..all() },
        Filter { text: Some("coopérative".into()), ..all() },
        Filter { activity: Some("saffron".into()), ..all() },
        Filter { territory: Some("09.001".into()), women_led: true, ..all() },
        Filter { through: Some("programme:one".into()), ..all() },
        Filter { published: true, working: true, ..all() },
    ]
}

/// The same rules said once more, over the rows, one by one.
fn expected(house: &House, ids: &[Id], viewer: &Viewer, filter: &Filter) -> Vec<(String, Id)> {
    let mut found = Vec::new();
    for id in ids {
        let (it, scopes) = house.look(|db| {
            let reach = sql("select scope, until from reach where record = ?").bind(*id);
            let reach: Vec<(String, Option<i64>)> = db.rows(&reach, |row| Ok((row.take()?, row.take()?)))?;
            let open = reach.into_iter().filter(|(_, until)| until.is_none_or(|until| until > now()));
            Ok((record::get::<Organisation>(db, *id)?, open.map(|(scope, _)| scope).collect::<BTreeSet<_>>()))
        });
        let knows = viewer.is_administrator()
            || scopes.contains(PUBLIC)
            || viewer.roles.iter().any(|role| scopes.contains(&role.scope));
        let typed = |text: &str| match text {
            "coopérative" => true,
            "ait" => ["Aït Baha", "آيت باها"].contains(&it.name.best(kernel::Lang::Fr)),
            _ => it.name.all().flat_map(fold::words).chain(it.name.all().flat_map(fold::name_keys)).any(
                |word| {
                    word.starts_with(&fold::fold(text))
                        || fold::keys(text).iter().any(|key| key.chars().count() > 1 && word.starts_with(key))
                },
            ),
        };
        let fits = it.status != Status::Merged
            && filter.text.as_deref().is_none_or(typed)
            && filter.activity.as_deref().is_none_or(|_| {
                it.activities.as_ref().is_some_and(|many| many.0.contains(&Activity::Saffron))
            })
            && filter.territory.as_ref().is_none_or(|code| it.place.division.starts_with(code.as_str()))
            && filter.through.as_ref().is_none_or(|scope| scopes.contains(scope))
            && (!filter.women_led || it.is_led_by_women())
            && (!filter.working || it.status != Status::Dissolved)
            && (!filter.published || it.published);
        if knows && fits {
            found.push((fold::fold(it.name.best(kernel::Lang::Fr)), *id));
        }
    }
    found.sort();
    found
}

/// Every page of a list, in its order.
fn listed(house: &House, viewer: &Viewer, filter: &Filter) -> (i64, Vec<(String, Id)>) {
    house.look(|db| {
        let (found, mut after, mut lines) = (filter.found(db, viewer)?, None, Vec::new());
        loop {
            let page = found.page(db, after.as_deref(), 2)?;
            let some = organisation::lines(db, &page)?;
            lines
                .extend(some.into_iter().map(|line| (fold::fold(line.name.best(kernel::Lang::Fr)), line.id)));
            after = page.next;
            if after.is_none() {
                return Ok((found.count(), lines));
            }
        }
    })
}

#[test]
fn lists_and_counts_are_those_of_the_rows() {
    on_both(rooms, |house| {
        let mut runner =
            TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
        let ran = runner.run(&events(), |events| {
            let mut ids = house.given(|tx| {
                let ids: Vec<Id> = (0..6).map(|_| Id::new()).collect();
                for id in &ids {
                    record::insert(tx, &fresh(*id))?;
                }
                Ok(ids)
            });
            for event in events {
                house.given(|tx| happens(tx, &mut ids, event.clone()));
            }
            for viewer in viewers() {
                for filter in filters() {
                    let (count, lines) = listed(house, &viewer, &filter);
                    prop_assert_eq!(count as usize, lines.len());
                    let names: Vec<_> = lines.iter().map(|(name, _)| name.clone()).collect();
                    prop_assert!(names.is_sorted(), "{:?}", names);
                    let mut lines = lines;
                    lines.sort();
                    prop_assert_eq!(
                        lines,
                        expected(house, &ids, &viewer, &filter),
                        "{:?} {:?}",
                        &viewer,
                        &filter
                    );
                }
            }
            house.given(|tx| {
                for id in &ids {
                    let gone = record::get::<Organisation>(tx, *id)?;
                    record::remove(tx, &gone)?;
                    tx.run(&sql("delete from reach where record = ?").bind(*id))?;
                }
                Ok(())
            });
            Ok(())
        });
        ran.unwrap_or_else(|error| panic!("{error}"));
    });
}
