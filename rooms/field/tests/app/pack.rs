//! The pack: whose it is, that it resumes and is refreshed by what changed, and what it weighs.

use std::io::Write;

use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Json, Standing};

use super::house::{cooperative, programme, rooms, session, someone};

/// A phone: what it holds, by key, and what came over the line.
#[derive(Default)]
struct Phone {
    held: Vec<(String, String, Json)>,
    bytes: usize,
    pages: usize,
}

fn gzip(bytes: &[u8]) -> usize {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap().len()
}

impl Phone {
    /// One question; true if something still lacks.
    fn ask(&mut self, visitor: &Visitor<'_>, question: &str) -> bool {
        let since: String = self.held.iter().map(|(_, digest, _)| digest.as_str()).collect();
        let answer = visitor.get_json(&format!("{question}&since={since}")).is(200);
        self.bytes += gzip(&answer.bytes);
        self.pages += 1;
        let page = answer.json();
        for leaf in page["leaves"].as_array().unwrap() {
            let (key, digest) = (leaf[0].as_str().unwrap().to_owned(), leaf[1].as_str().unwrap().to_owned());
            self.held.retain(|(there, ..)| *there != key);
            self.held.push((key, digest, leaf[2].clone()));
        }
        let more = page["more"].as_i64().unwrap() > 0;
        if !more {
            let all = page["all"].as_str().unwrap().to_owned();
            self.held
                .retain(|(_, digest, _)| all.as_bytes().chunks(10).any(|named| named == digest.as_bytes()));
        }
        more
    }

    fn fetch(&mut self, visitor: &Visitor<'_>, question: &str) {
        while self.ask(visitor, question) {}
    }

    fn keys(&self, letter: char) -> usize {
        self.held.iter().filter(|(key, ..)| key.starts_with(letter)).count()
    }

    fn leaf(&self, key: &str) -> Option<&Json> {
        self.held.iter().find(|(there, ..)| there == key).map(|(.., leaf)| leaf)
    }
}

fn question(programme: Id) -> String {
    format!("/field/pack?programme={programme}")
}

fn say(house: &House, organisation: Id, name: &str) {
    house.given(|tx| {
        let form = Fields::of([("name.fr", name)]);
        kernel::record::change::<registry::Organisation>(tx, organisation, 1, &form, Standing::Steward)
    });
}

#[test]
fn a_phone_takes_along_what_its_holder_works_on_and_nobody_else() {
    on_both(rooms, |house| {
        let (south, north) = (programme(house, "Sud", 4, 3), programme(house, "Nord", 2, 2));
        let taught = session(house, "Sud", 3);
        let coach = someone(house, "hanane", "coach", south);
        let mut phone = Phone::default();
        phone.fetch(&coach, &question(south));
        assert_eq!((phone.keys('c'), phone.keys('s'), phone.keys('p')), (4, 1, 1));
        assert!(phone.keys('i') >= 1, "the instrument in use comes along");
        let first = phone.leaf(&format!("c{}", cooperative("Sud", 0))).unwrap();
        assert_eq!(first["m"].as_array().unwrap().len(), 3);
        assert_eq!(first["m"][0][2], "president", "offices come first");
        assert_eq!(first["ac"].as_array().unwrap().len(), 1);
        let list = phone.leaf(&format!("s{taught}")).unwrap();
        assert_eq!(list["p"].as_array().unwrap().len(), 3);

        // Places narrow it to the cooperatives there.
        let mut narrowed = Phone::default();
        narrowed.fetch(&coach, &format!("{}&territory=08.577", question(south)));
        assert_eq!(narrowed.keys('c'), 2);

        // Of another programme a coach gets nothing; a partner may know of the programme and takes nothing along.
        coach.get_json(&question(north)).is(404).never_says("Nord");
        someone(house, "karim", "partner", south)
            .get_json(&question(south))
            .is(403)
            .never_says("Coopérative");
        house.visitor().get_json(&question(south)).is(401);

        // A trainer takes the roll-calls along, and no cooperative's file.
        let trainer = someone(house, "youssef", "trainer", south);
        let mut theirs = Phone::default();
        theirs.fetch(&trainer, &question(south));
        assert_eq!((theirs.keys('s'), theirs.keys('c'), theirs.keys('i')), (1, 0, 0));
        trainer.get_json(&question(south)).is(200).never_says("0661000000");
    });
}

#[test]
fn a_phone_is_told_what_changed_and_what_is_gone() {
    on_both(rooms, |house| {
        let south = programme(house, "Sud", 4, 2);
        let coach = someone(house, "hanane", "coach", south);
        let mut phone = Phone::default();
        phone.fetch(&coach, &question(south));
        let before = phone.bytes;
        phone.fetch(&coach, &question(south));
        assert!(
            phone.bytes - before < 1_000,
            "what did not change does not travel: {}",
            phone.bytes - before
        );

        say(house, cooperative("Sud", 1), "Coopérative Tamounte");
        phone.fetch(&coach, &question(south));
        let renamed = phone.leaf(&format!("c{}", cooperative("Sud", 1))).unwrap();
        assert_eq!(renamed["n"], "Coopérative Tamounte");

        // Who left the programme leaves the phone.
        house.given(|tx| {
            let form = Fields::of([("status", "left"), ("reason", "fin")]);
            let enrolment = Id::named("enrolment 2 of Sud");
            kernel::record::change::<programmes::Enrolment>(tx, enrolment, 1, &form, Standing::Steward)
        });
        phone.fetch(&coach, &question(south));
        assert_eq!(phone.keys('c'), 3);
        assert!(phone.leaf(&format!("c{}", cooperative("Sud", 2))).is_none());
    });
}

#[test]
fn sixty_cooperatives_with_fifteen_hundred_persons_come_within_a_minute() {
    let house = House::open(rooms());
    let south = programme(&house, "Sud", 60, 25);
    session(&house, "Sud", 25);
    let coach = someone(&house, "hanane", "coach", south);
    let (mut phone, began) = (Phone::default(), std::time::Instant::now());
    // A line that breaks after a page costs that page only: the next question goes on.
    assert!(phone.ask(&coach, &question(south)), "it comes in pages");
    phone.fetch(&coach, &question(south));
    assert_eq!(phone.keys('c'), 60);
    let persons: usize =
        phone.held.iter().filter_map(|(_, _, leaf)| leaf["m"].as_array()).map(Vec::len).sum();
    assert_eq!(persons, 1_500);
    let took = began.elapsed();
    println!("60 cooperatives and 1500 persons: {} bytes in {} pages, {took:?}", phone.bytes, phone.pages);
    assert!(phone.bytes <= 375_000, "{} bytes take more than a minute at 50 kbit/s", phone.bytes);
}
