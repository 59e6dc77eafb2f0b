//! A model of the whole synchronisation: telephones that lose, repeat and reorder what they send, with clocks that are
//! wrong and people who lock them, a server that stops between keeping and applying or goes on from a backup, rights that
//! go and come. Whatever happens, every piece of work arrives, no value is overwritten in silence, and the same work ends
//! the same in whatever order it comes.
//! `TIWIZI_MODEL_HISTORIES` says how many histories are tried on each database; a failing one is shrunk.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod backup;
mod world;

use crate::house;

use field::Batch;
use house::{given, rooms};
use kernel::Id;
use kernel::testing::on_both;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use world::World;

/// Fields that telephones change.
const FIELDS: [&str; 3] = ["email", "website", "register_court"];
const PHONES: usize = 3;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody fills in a field on a telephone.
    Fill { phone: usize, field: usize },
    /// A telephone takes along what the server has.
    Prepare { phone: usize },
    /// A telephone sends what waits on it, or a part, in some order; what of it is lost, and does the server stop?
    Send { phone: usize, some: u8, backwards: bool, lost: Loss },
    /// The server takes up what it kept.
    Restart,
    /// Somebody loses the right, or has it again.
    Rights { phone: usize, held: bool },
    /// Somebody changes the field on a page, having seen what stands there.
    Page { field: usize },
    /// A telephone is put down and locked: nobody works on it and nothing leaves, until its holder has it again.
    Lock { phone: usize, locked: bool },
    /// The administrator makes a backup.
    Backup,
    /// The server goes on from the last backup.
    Restore,
    /// A telephone asks whether the server still has what it has done.
    Recall { phone: usize },
}

/// What is lost on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Loss {
    Nothing,
    Request,
    Answer,
    /// The server stops after it kept the work and before it applied it.
    Server,
}

fn step() -> impl Strategy<Value = Step> {
    let loss = prop_oneof![
        3 => Just(Loss::Nothing), 1 => Just(Loss::Request), 1 => Just(Loss::Answer), 1 => Just(Loss::Server)
    ];
    prop_oneof![
        6 => (0..PHONES, 0..FIELDS.len()).prop_map(|(phone, field)| Step::Fill { phone, field }),
        2 => (0..PHONES).prop_map(|phone| Step::Prepare { phone }),
        4 => (0..PHONES, any::<u8>(), any::<bool>(), loss)
            .prop_map(|(phone, some, backwards, lost)| Step::Send { phone, some, backwards, lost }),
        1 => Just(Step::Restart),
        1 => (0..PHONES, any::<bool>()).prop_map(|(phone, held)| Step::Rights { phone, held }),
        1 => (0..FIELDS.len()).prop_map(|field| Step::Page { field }),
        1 => (0..PHONES, any::<bool>()).prop_map(|(phone, locked)| Step::Lock { phone, locked }),
        1 => Just(Step::Backup),
        1 => Just(Step::Restore),
        1 => (0..PHONES).prop_map(|phone| Step::Recall { phone }),
    ]
}

fn histories() -> u32 {
    std::env::var("TIWIZI_MODEL_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

fn clocks() -> impl Strategy<Value = Vec<i64>> {
    // Up to a week off; an odd number is one the telephone does not know of.
    prop::collection::vec(-604_800_000_i64..604_800_000, PHONES)
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: histories(), failure_persistence: None, ..Config::default() })
}

#[test]
fn no_work_is_lost_and_no_value_is_overwritten_in_silence() {
    on_both(rooms, |house| {
        given(house);
        let strategy = (prop::collection::vec(step(), 1..25), clocks());
        let ran = runner().run(&strategy, |(steps, wrong)| {
            let mut world = World::new(house, &wrong);
            for step in steps {
                match step {
                    Step::Fill { phone, field } => world.fill(phone, field),
                    Step::Prepare { phone } => world.prepare(phone),
                    Step::Send { phone, some, backwards, lost } => {
                        world.send(phone, usize::from(some % 8), backwards, lost);
                    }
                    Step::Restart => world.restart(),
                    Step::Rights { phone, held } => world.rights(phone, held),
                    Step::Page { field } => world.page(field),
                    Step::Lock { phone, locked } => world.lock(phone, locked),
                    Step::Backup => world.back_up(),
                    Step::Restore => world.restore(),
                    Step::Recall { phone } => world.recall(phone),
                }
            }
            world.settle();
            world.nothing_is_lost()?;
            for (field, name) in FIELDS.iter().enumerate() {
                let (shown, values) = world.standing(field);
                prop_assert_eq!(&values, &world.undisputed(field), "{}", name);
                prop_assert!(shown.is_none() || shown.is_some_and(|shown| values.contains(&shown)));
            }
            Ok(())
        });
        ran.unwrap();
    });
}

#[test]
fn the_same_work_ends_the_same_in_whatever_order_it_arrives() {
    on_both(rooms, |house| {
        given(house);
        let filled = prop::collection::vec((0..PHONES, 0..FIELDS.len()), 1..10);
        let strategy = (filled, clocks(), any::<[u64; 2]>());
        let ran = runner().run(&strategy, |(filled, wrong, orders)| {
            let mut ends = Vec::new();
            for order in orders {
                let mut world = World::new(house, &wrong);
                for (phone, field) in &filled {
                    world.fill(*phone, *field);
                }
                // Each arrives alone, in an order that the number says; each a second time somewhere.
                let mut queue: Vec<usize> = (0..world.all.len()).chain(0..world.all.len()).collect();
                let mut seed = order | 1;
                while !queue.is_empty() {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let at = usize::try_from(seed >> 33).unwrap() % queue.len();
                    let (account, command) = world.all[queue.remove(at)].clone();
                    let batch =
                        Batch { id: Id::new(), device: Id::new(), sent_at: None, commands: vec![command] };
                    world.arrive(account, &batch, true);
                }
                world.nothing_is_lost()?;
                ends.push((0..FIELDS.len()).map(|field| world.standing(field)).collect::<Vec<_>>());
            }
            prop_assert_eq!(&ends[0], &ends[1]);
            Ok(())
        });
        ran.unwrap();
    });
}
