//! Somebody who reads every page and takes figures from each other.

use std::collections::{BTreeMap, BTreeSet};

use kernel::testing::{House, Visitor};
use kernel::{Id, Json, sql};

use crate::put;

/// Somebody who was trained: cooperative, month, sex.
pub(crate) type Who = (usize, &'static str, Option<people::Sex>);

/// Where the cooperatives are, and in which promotion.
pub(crate) const COOPERATIVES: [(&str, usize); 7] = [
    ("08.577.05.21", 0),
    ("08.577.05.21", 1),
    ("08.577.05.29", 0),
    ("08.587.11.07", 0),
    ("08.587.11.07", 1),
    ("08.587.11.31", 1),
    ("09.001.01.01", 1),
];
pub(crate) const MONTHS: [&str; 5] = ["2024-02", "2024-03", "2024-05", "2024-11", "2025-01"];
pub(crate) const WHOLE: (&str, &str) = ("2024-01-01", "2025-06-30");

/// A programme of cooperatives whose people were trained month by month.
pub(crate) struct World {
    pub(crate) programme: String,
    pub(crate) cooperatives: Vec<String>,
    pub(crate) promotions: Vec<String>,
}

pub(crate) fn world(house: &House, boss: &Visitor<'_>, name: &str, people: &[(Who, i64)]) -> World {
    let form = [("name.fr", name), ("since", WHOLE.0), ("until", WHOLE.1), ("status", "running")];
    let programme = put(boss, "/programmes", &form);
    let promotions: Vec<String> = ["Une", "Deux"]
        .iter()
        .map(|name| {
            put(
                boss,
                &format!("/programmes/{programme}/promotions"),
                &[("name.fr", name), ("since", WHOLE.0)],
            )
        })
        .collect();
    let mut cooperatives = Vec::new();
    for (at, (place, promotion)) in COOPERATIVES.iter().enumerate() {
        let named = format!("Coopérative {at} {name}");
        let form = [("kind", "cooperative"), ("name", &*named), ("place", place), ("force", "yes")];
        let cooperative = put(boss, "/organisations", &form);
        let form = [("promotion", promotions[*promotion].as_str()), ("organisation", &cooperative)];
        boss.post(&format!("/programmes/{programme}/enrol"), &form).is(303);
        cooperatives.push(cooperative);
    }
    trained(house, &programme, &cooperatives, people);
    World { programme, cooperatives, promotions }
}

/// So many people of each kind are trained.
pub(crate) fn trained(house: &House, programme: &str, cooperatives: &[String], people: &[(Who, i64)]) {
    house.given(|tx| {
        let programme: Id = programme.parse().map_err(kernel::Error::internal)?;
        let (module, session) = (Id::new(), Id::new());
        let mut run = |query: kernel::Sql| tx.run(&query.open("a test"));
        run(sql("insert into module (id, version, code, title, hours, published, invented) values (?, 1, ?, '{\"fr\":\"M\"}', 3, 1, 0)")
            .bind(module)
            .bind(module.to_string()))?;
        run(sql("insert into training_session (id, version, programme, module, capacity, status) values (?, 1, ?, ?, 100, 'held')")
            .bind(session)
            .bind(programme)
            .bind(module))?;
        let mut halves = BTreeMap::new();
        for month in MONTHS {
            let half = Id::new();
            run(sql("insert into half_day (id, version, programme, session, day, part, minutes) values (?, 1, ?, ?, ?, 'morning', 180)")
                .bind(half)
                .bind(programme)
                .bind(session)
                .bind(format!("{month}-11")))?;
            halves.insert(month, half);
        }
        for ((cooperative, month, sex), n) in people {
            for _ in 0..*n {
                let person = people::Person {
                    id: Id::new(),
                    version: 1,
                    name: kernel::kinds::Multi::fr_ar("Personne", ""),
                    sex: *sex,
                    birth_year: None,
                    position: None,
                    phone: None,
                    speaks: None,
                    reads: None,
                    erased: false,
                };
                kernel::record::insert(tx, &person)?;
                let participant = Id::new();
                let mut run = |query: kernel::Sql| tx.run(&query.open("a test"));
                run(sql("insert into participant (id, version, programme, session, person, organisation, at_the_door) values (?, 1, ?, ?, ?, ?, 0)")
                    .bind(participant)
                    .bind(programme)
                    .bind(session)
                    .bind(person.id)
                    .bind(cooperatives[*cooperative].as_str()))?;
                run(sql("insert into attendance (half_day, participant, present, at) values (?, ?, 1, 1)")
                    .bind(halves[month])
                    .bind(participant))?;
            }
        }
        Ok(())
    });
}

/// Numbers that follow from a seed: many small ones.
pub(crate) fn people(seed: u64) -> Vec<(Who, i64)> {
    let mut state = seed;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut all = Vec::new();
    for cooperative in 0..COOPERATIVES.len() {
        for month in MONTHS {
            for sex in [Some(people::Sex::Woman), Some(people::Sex::Man)] {
                let n = match next(6) {
                    0 => next(4) + 1,
                    1 => next(20) + 5,
                    2 => next(9) + 4,
                    _ => 0,
                };
                if n > 0 {
                    all.push(((cooperative, month, sex), n as i64));
                }
            }
        }
    }
    all
}

pub(crate) const CUTS: [&str; 9] =
    ["region", "province", "commune", "cooperative", "promotion", "year", "quarter", "month", "sex"];

impl World {
    /// The bucket of a cut in which somebody lies.
    fn bucket(&self, cut: &str, (cooperative, month, sex): &Who) -> String {
        let place = COOPERATIVES[*cooperative].0;
        match cut {
            "region" => place[..2].to_owned(),
            "province" => place[..6].to_owned(),
            "commune" => place.to_owned(),
            "cooperative" => self.cooperatives[*cooperative].clone(),
            "promotion" => self.promotions[COOPERATIVES[*cooperative].1].clone(),
            "year" => month[..4].to_owned(),
            "quarter" => {
                let quarter = (month[5..].parse::<i32>().unwrap() - 1) / 3 + 1;
                format!("{}-{quarter}", &month[..4])
            }
            "month" => (*month).to_owned(),
            _ => if *sex == Some(people::Sex::Woman) { "woman" } else { "man" }.to_owned(),
        }
    }
}

/// What somebody knows who reads pages: sums over kinds of people, as lines of a system that is kept reduced.
#[derive(Default)]
struct Known {
    lines: Vec<(usize, Vec<u64>)>,
}

/// Sums are reckoned in whole numbers of a field, so that nothing is rounded.
const PRIME: u64 = (1 << 61) - 1;

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn inverse(a: u64) -> u64 {
    let (mut base, mut power, mut out) = (a, PRIME - 2, 1);
    while power > 0 {
        if power & 1 == 1 {
            out = times(out, base);
        }
        base = times(base, base);
        power >>= 1;
    }
    out
}

impl Known {
    fn reduce(&self, mut line: Vec<u64>) -> Vec<u64> {
        for (lead, known) in &self.lines {
            let factor = line[*lead];
            if factor != 0 {
                for (a, b) in line.iter_mut().zip(known) {
                    *a = (*a + PRIME - times(factor, *b)) % PRIME;
                }
            }
        }
        line
    }
    fn learn(&mut self, line: Vec<u64>) {
        let mut line = self.reduce(line);
        let Some(lead) = line.iter().position(|a| *a != 0) else { return };
        let factor = inverse(line[lead]);
        line.iter_mut().for_each(|a| *a = times(*a, factor));
        self.lines.push((lead, line));
    }
    fn knows(&self, line: Vec<u64>) -> bool {
        self.reduce(line).iter().all(|a| *a == 0)
    }
}

/// Reads pages as somebody, and remembers what they say.
pub(crate) struct Reader<'a> {
    world: &'a World,
    visitor: &'a Visitor<'a>,
    /// Kinds of people that there may be.
    kinds: Vec<Who>,
    people: BTreeMap<(usize, &'static str, bool), i64>,
    told: Vec<(Vec<bool>, i64)>,
    pub(crate) shown: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(world: &'a World, visitor: &'a Visitor<'a>, people: &[(Who, i64)]) -> Reader<'a> {
        let mut kinds = Vec::new();
        for cooperative in 0..COOPERATIVES.len() {
            for month in MONTHS {
                for sex in [Some(people::Sex::Woman), Some(people::Sex::Man)] {
                    kinds.push((cooperative, month, sex));
                }
            }
        }
        let key = |who: &Who| (who.0, who.1, who.2 == Some(people::Sex::Woman));
        let people = people.iter().map(|(who, n)| (key(who), *n)).collect();
        Reader { world, visitor, kinds, people, told: Vec::new(), shown: 0 }
    }

    fn n(&self, line: &[bool]) -> i64 {
        let of = |who: &Who| {
            self.people.get(&(who.0, who.1, who.2 == Some(people::Sex::Woman))).copied().unwrap_or(0)
        };
        self.kinds.iter().zip(line).filter(|(_, is)| **is).map(|(who, _)| of(who)).sum()
    }

    fn line(&self, buckets: &[(&str, &str)]) -> Vec<bool> {
        let inside = |who: &Who| buckets.iter().all(|(cut, code)| self.world.bucket(cut, who) == *code);
        self.kinds.iter().map(inside).collect()
    }

    fn codes(&self, cut: &str) -> BTreeSet<String> {
        self.kinds.iter().map(|who| self.world.bucket(cut, who)).collect()
    }

    fn remember(&mut self, buckets: &[(&str, &str)], figure: Option<&Json>) {
        let line = self.line(buckets);
        let truth = self.n(&line);
        match figure {
            Some(figure) if figure["hidden"] == true => {
                assert_eq!(figure["value"], Json::Null);
                return;
            }
            Some(figure) => assert_eq!(figure["value"].as_i64().unwrap_or(0), truth, "{buckets:?}"),
            None => assert_eq!(truth, 0, "{buckets:?} is left out"),
        }
        assert!(!(1..5).contains(&truth), "{buckets:?} is told");
        self.shown += usize::from(truth > 0);
        self.told.push((line, truth));
    }

    /// Reads a page: its total, its rows, its cells. `narrowed` says which people it is about.
    pub(crate) fn read(&mut self, narrowed: &[(&str, &str)], query: &str, by: &[&str]) {
        let mut path = format!("/indicators/people-trained?programme={}{query}", self.world.programme);
        for (name, cut) in ["by", "and"].iter().zip(by) {
            path.push_str(&format!("&{name}={cut}"));
        }
        let page = self.visitor.get_json(&path).is(200).json();
        self.remember(narrowed, Some(&page["total"]));
        let Some(first) = by.first() else { return };
        let rows = page["rows"].as_array().unwrap();
        if page["refused"] == true && rows.is_empty() {
            return;
        }
        for code in self.codes(first) {
            let row = rows.iter().find(|row| row["total"]["figure"]["row"] == code.as_str());
            let here: Vec<(&str, &str)> = narrowed.iter().copied().chain([(*first, &*code)]).collect();
            self.remember(&here, row.map(|row| &row["total"]["figure"]));
            let Some(second) = by.get(1).filter(|_| page["refused"] != true) else { continue };
            for other in self.codes(second) {
                let cells = row.into_iter().flat_map(|row| row["cells"].as_array().unwrap());
                let cell = cells.map(|cell| &cell["figure"]).find(|f| f["column"] == other.as_str());
                let here: Vec<(&str, &str)> = here.iter().copied().chain([(*second, &*other)]).collect();
                self.remember(&here, cell);
            }
        }
    }

    /// What follows from all that was read: groups of few people that are known.
    pub(crate) fn recovers(&self) -> Vec<String> {
        // Who is counted nowhere is nobody.
        let nobody: Vec<bool> =
            (0..self.kinds.len()).map(|at| self.told.iter().any(|(line, n)| *n == 0 && line[at])).collect();
        let numbers = |line: &[bool]| -> Vec<u64> {
            line.iter().zip(&nobody).map(|(is, nobody)| u64::from(*is && !nobody)).collect()
        };
        let mut known = Known::default();
        for (line, n) in &self.told {
            if *n > 0 {
                known.learn(numbers(line));
            }
        }
        let mut found = Vec::new();
        for first in CUTS {
            for second in CUTS {
                for one in self.codes(first) {
                    for other in self.codes(second) {
                        let line = self.line(&[(first, &one), (second, &other)]);
                        let n = self.n(&line);
                        if (1..5).contains(&n) && known.knows(numbers(&line)) {
                            found.push(format!("{first} {one} {second} {other}: {n}"));
                        }
                    }
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}
