//! Whatever happens, in whatever order: figures held in memory are those that the records give when they are asked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use impact::{Cut, Eyes, Figure, Indicator, Period, Scope, all, figures};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Code, Multi};
use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room, Standing};
use people::testing::sign_in;
use programmes::{Programme, ProgrammeStatus, Promotion};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use training::Module;

#[path = "kept/steps.rs"]
mod steps;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    vec![
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        survey::room(),
        market::room(),
        sales::room(),
        pooled::room(),
        impact::room(),
    ]
}

fn ago(days: usize) -> Date {
    kernel::today().saturating_sub((days as i64).days())
}

fn multi(text: &str) -> Multi {
    Multi::fr_ar(text, "")
}

/// What a step adds to, and a person who may do everything.
struct World<'a> {
    house: &'a House,
    boss: Visitor<'a>,
    programmes: Vec<(Id, Id)>,
    module: Id,
    coach: Id,
    step: usize,
}

impl World<'_> {
    /// Every figure; if asked, by no cut and by every two, in the eyes of whoever sees all and of whoever sees some.
    fn agrees(&self, thorough: bool) {
        let period = Period::year_to(kernel::today());
        let (programme, _) = self.programmes[0];
        let viewer = kernel::Viewer::new(
            self.coach,
            "K".into(),
            vec![kernel::access::Role {
                role: "coach".into(),
                scope: kernel::access::scope("programme", programme),
            }],
            |_| Standing::File,
        );
        let territory = Scope { territory: Some("08".into()), ..Scope::default() };
        let scopes = [
            (Scope::default(), Eyes::Checked),
            (Scope::default(), Eyes::Viewer(&viewer, Standing::Shared)),
            (territory, Eyes::Checked),
            (Scope::programme(programme), Eyes::Checked),
        ];
        self.house.look(|db| {
            // After a step some of them, each in its turn.
            let asked = all()?.iter().enumerate().filter(|(n, _)| thorough || n % 4 == self.step % 4);
            let asked = asked.map(|(_, indicator)| indicator);
            for indicator in asked.filter(|indicator| indicator.over.is_none()) {
                for (scope, eyes) in &scopes[..if thorough { scopes.len() } else { 1 }] {
                    for cuts in cuts(indicator, thorough, *scope == Scope::default()) {
                        let there =
                            impact::held(&self.house.app, db, indicator, (scope, period), &cuts, *eyes)?;
                        let Some(there) = there else {
                            let held = impact::holds(indicator, scope, period, &cuts);
                            assert!(!held, "{} is not held", indicator.code);
                            continue;
                        };
                        let mut stated = figures(db, indicator, scope, period, &cuts, *eyes)?;
                        stated.retain(|figure| figure.n > 0 || !cuts.is_empty() || !there.is_empty());
                        let step = self.step;
                        assert_eq!(
                            ordered(there),
                            ordered(stated),
                            "{} {scope:?} {cuts:?} after step {step}",
                            indicator.code
                        );
                    }
                }
            }
            Ok(())
        });
    }
}

fn cuts(indicator: &Indicator, thorough: bool, whole: bool) -> Vec<Vec<Cut>> {
    let mut all = vec![Vec::new()];
    if thorough {
        let most = if whole { indicator.cuts.len() } else { 2.min(indicator.cuts.len()) };
        all.extend(indicator.cuts[..most].chunks(2).map(<[Cut]>::to_vec));
    }
    all
}

fn ordered(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort_by(|a, b| (&a.row, &a.column, &a.currency).cmp(&(&b.row, &b.column, &b.currency)));
    figures
}

fn world(house: &House) -> World<'_> {
    let boss = sign_in(house, "boss", &[("administrator", "platform")]);
    let coach = people::testing::account(house, "coach", &[]);
    house.given(|tx| coaching::bring(tx).map(|_| ()));
    let module = Id::new();
    let programmes = house.given(|tx| {
        kernel::record::insert(
            tx,
            &Module {
                id: module,
                version: 1,
                code: Code("M1".into()),
                title: multi("Tenir la caisse"),
                objectives: None,
                content: None,
                hours: 3,
                pass_mark: None,
                languages: None,
                themes: None,
                subjects: None,
                published: true,
                invented: true,
            },
        )?;
        let mut all = Vec::new();
        for n in 0..2 {
            let (programme, promotion) = (Id::new(), Id::new());
            kernel::record::insert(
                tx,
                &Programme {
                    id: programme,
                    version: 1,
                    name: multi(&format!("Programme {n}")),
                    summary: None,
                    objectives: None,
                    themes: None,
                    territory: None,
                    since: ago(600),
                    until: kernel::today().saturating_add(600.days()),
                    status: ProgrammeStatus::Running,
                    follow_up: None,
                    published: false,
                    invented: true,
                },
            )?;
            kernel::record::insert(
                tx,
                &Promotion {
                    id: promotion,
                    version: 1,
                    programme: programme.into(),
                    phase: None,
                    name: multi("Promotion"),
                    since: ago(300),
                    until: None,
                },
            )?;
            all.push((programme, promotion));
        }
        Ok(all)
    });
    World { house, boss, programmes, module, coach, step: 0 }
}

/// Waits until no transaction that is older than what was written goes on in the server, be it in the database of another test:
/// until then nobody knows that all was seen, and after a change of everything nothing is held.
fn quiet(house: &House) {
    for _ in 0..600 {
        let seen = house.look(|db| {
            let last: i64 = db.one(&kernel::sql("select coalesce(max(stamp), 0) from impact_touch"))?;
            Ok(last < db.horizon("impact_touch")?)
        });
        if seen {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("an old transaction goes on for a minute");
}

#[test]
fn what_is_held_agrees_with_the_records_after_anything() {
    on_both(rooms, |house| {
        let mut world = world(house);
        quiet(house);
        impact::tend(&house.app).unwrap();
        let steps = prop::collection::vec((any::<u8>(), 0_usize..500, 0_usize..500), 12..24);
        let config = Config { cases: 2, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
        let world = std::cell::RefCell::new(&mut world);
        TestRunner::new_with_rng(
            config,
            prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
        )
        .run(&steps, |steps| {
            let mut world = world.borrow_mut();
            for step in steps {
                world.do_one(step);
                world.agrees(false);
            }
            world.agrees(true);
            // What was read again is put among the rest, and the next steps go on from there.
            impact::settle(&house.app).unwrap();
            world.agrees(true);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn pages_say_the_same_whether_their_figures_are_held_or_not() {
    on_both(rooms, |house| {
        let mut world = world(house);
        for step in 0..60_usize {
            world.do_one(([0, 2, 2, 3, 6, 7, 8, 9, 10, 12][step % 10], step * 37, step * 53));
        }
        let mut paths = vec![format!("/programmes/{}/impact", world.programmes[0].0)];
        for indicator in all().unwrap().iter().step_by(3) {
            let code = &indicator.code;
            let [first, second] = [0, 1].map(|at| indicator.cuts.get(at).copied().unwrap_or(Cut::Programme));
            paths.push(format!("/indicators/{code}?by={}&and={}", first.code(), second.code()));
            paths.push(format!("/indicators/{code}/records"));
            paths.push(format!("/indicators/{code}/records?cut.{}=", first.code()));
            for sex in ["woman", "man"].into_iter().filter(|_| first == Cut::Sex) {
                paths.push(format!("/indicators/{code}/records?cut.sex={sex}"));
            }
        }
        let partner = sign_in(
            house,
            "karim",
            &[("partner", &kernel::access::scope("programme", world.programmes[0].0))],
        );
        let read = |path: &String| {
            [&world.boss, &partner].map(|reader| {
                let answer = reader.get_json(path);
                (answer.status, answer.text())
            })
        };
        let before: Vec<_> = paths.iter().map(read).collect();
        impact::tend(&house.app).unwrap();
        for (path, before) in paths.iter().zip(before) {
            assert_eq!(read(path), before, "{path}");
        }
    });
}
