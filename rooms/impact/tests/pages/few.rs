//! A sponsor who reads every page, and takes figures from each other, learns of no group of fewer than five people.

use std::collections::{BTreeMap, BTreeSet};

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Json, sql};
use people::testing::sign_in;

use super::{put, rooms};

/// Somebody who was trained: cooperative, month, sex.
type Who = (usize, &'static str, Option<people::Sex>);

/// Where the cooperatives are, and in which promotion.
const COOPERATIVES: [(&str, usize); 7] = [
    ("08.577.05.21", 0),
    ("08.577.05.21", 1),
    ("08.577.05.29", 0),
    ("08.587.11.07", 0),
    ("08.587.11.07", 1),
    ("08.587.11.31", 1),
    ("09.001.01.01", 1),
];
const MONTHS: [&str; 5] = ["2024-02", "2024-03", "2024-05", "2024-11", "2025-01"];
const WHOLE: (&str, &str) = ("2024-01-01", "2025-06-30");

/// A programme of cooperatives whose people were trained month by month.
struct World {
    programme: String,
    cooperatives: Vec<String>,
    promotions: Vec<String>,
}

fn world(house: &House, boss: &Visitor<'_>, name: &str, people: &[(Who, i64)]) -> World {
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
fn trained(house: &House, programme: &str, cooperatives: &[String], people: &[(Who, i64)]) {
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
fn people(seed: u64) -> Vec<(Who, i64)> {
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

const CUTS: [&str; 9] =
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
struct Reader<'a> {
    world: &'a World,
    visitor: &'a Visitor<'a>,
    /// Kinds of people that there may be.
    kinds: Vec<Who>,
    people: BTreeMap<(usize, &'static str, bool), i64>,
    told: Vec<(Vec<bool>, i64)>,
    shown: usize,
}

impl<'a> Reader<'a> {
    fn new(world: &'a World, visitor: &'a Visitor<'a>, people: &[(Who, i64)]) -> Reader<'a> {
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
    fn read(&mut self, narrowed: &[(&str, &str)], query: &str, by: &[&str]) {
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
    fn recovers(&self) -> Vec<String> {
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

/// Places and days that pages are narrowed to.
const TERRITORIES: [&str; 5] = ["08", "08.577", "08.587", "08.577.05.21", "08.587.11.31"];
const DAYS: [(&str, &str, &str, &str); 5] = [
    ("year", "2024", "2024-01-01", "2024-12-31"),
    ("quarter", "2024-1", "2024-01-01", "2024-03-31"),
    ("month", "2024-02", "2024-02-01", "2024-02-29"),
    ("month", "2024-03", "2024-03-01", "2024-03-31"),
    ("year", "2025", "2025-01-01", "2025-06-30"),
];

fn level(code: &str) -> &'static str {
    match code.len() {
        2 => "region",
        6 => "province",
        _ => "commune",
    }
}

#[test]
fn whoever_reads_every_page_recovers_no_small_group() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        for seed in [3] {
            let people = people(seed);
            let world = world(house, &boss, &format!("Programme {seed}"), &people);
            let scope = format!("programme:{}", world.programme);
            let partner = sign_in(house, &format!("sponsor{seed}"), &[("partner", &scope)]);
            let mut reader = Reader::new(&world, &partner, &people);
            reader.read(&[], "", &[]);
            for (at, cut) in CUTS.iter().enumerate() {
                reader.read(&[], "", &[cut]);
                for other in &CUTS[at + 1..] {
                    reader.read(&[], "", &[cut, other]);
                }
            }
            for territory in TERRITORIES {
                let query = format!("&territory={territory}");
                for cut in CUTS {
                    reader.read(&[(level(territory), territory)], &query, &[cut]);
                }
            }
            for (cut, code, since, until) in DAYS {
                let query = format!("&since={since}&until={until}");
                for by in CUTS {
                    reader.read(&[(cut, code)], &query, &[by]);
                }
                for territory in TERRITORIES {
                    let query = format!("{query}&territory={territory}");
                    reader.read(&[(cut, code), (level(territory), territory)], &query, &[]);
                }
            }
            let found = reader.recovers();
            assert!(found.is_empty(), "{seed}: {found:#?}");
            assert!(reader.shown > 60, "only {} figures are shown", reader.shown);
        }
    });
}

/// The rows of a page by their codes: what is told of each.
fn rows(visitor: &Visitor<'_>, query: &str) -> BTreeMap<String, Option<i64>> {
    let page = visitor.get_json(&format!("/indicators/people-trained?{query}")).is(200).json();
    let rows = page["rows"].as_array().unwrap().iter().map(|row| &row["total"]["figure"]);
    rows.map(|figure| (figure["row"].as_str().unwrap_or_default().to_owned(), figure["value"].as_i64()))
        .collect()
}

#[test]
fn all_programmes_together_do_not_betray_what_one_of_them_leaves() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let (woman, month) = (Some(people::Sex::Woman), "2025-01");
        let here = world(
            house,
            &boss,
            "Ici",
            &[((0, month, woman), 10), ((3, month, woman), 12), ((6, month, woman), 9)],
        );
        let there = world(house, &boss, "Ailleurs", &[]);
        trained(
            house,
            &there.programme,
            &here.cooperatives,
            &[((0, month, woman), 3), ((3, month, woman), 8)],
        );
        let scope = format!("programme:{}", here.programme);
        let partner = sign_in(house, "karim", &[("partner", &scope)]);
        let of_one = rows(
            &partner,
            &format!("programme={}&since=2025-01-01&until=2025-06-30&by=commune", here.programme),
        );
        assert_eq!(of_one["08.577.05.21"], Some(10));
        let days = "since=2025-01-01&until=2025-12-31";
        let of_all = rows(&partner, &format!("{days}&by=commune"));
        // Thirteen less ten are three; and what would tell the thirteen goes with them.
        assert_eq!(of_all["08.577.05.21"], None);
        assert_eq!(of_all["08.587.11.07"], None);
        assert_eq!(of_all["09.001.01.01"], Some(9));
        let total = |visitor: &Visitor<'_>, more: &str| {
            let path = format!("/indicators/people-trained?{days}{more}");
            visitor.get_json(&path).is(200).json()["total"]["value"].as_i64()
        };
        assert_eq!(total(&partner, ""), Some(42));
        assert_eq!(total(&partner, "&territory=08.577.05.21"), None);
        partner.get(&format!("/territories/08.577.05.21?{days}&theme=training")).is(200).never_says(">13<");
        assert_eq!(rows(&boss, &format!("{days}&by=commune"))["08.577.05.21"], Some(13));
        // One who is left of all of them is not told by their whole either.
        trained(house, &there.programme, &here.cooperatives, &[((5, "2024-02", woman), 2)]);
        trained(house, &here.programme, &here.cooperatives, &[((6, "2024-02", woman), 9)]);
        let early = "/indicators/people-trained?since=2024-01-01&until=2024-12-31";
        assert_eq!(partner.get_json(early).is(200).json()["total"]["hidden"], true);
        assert_eq!(boss.get_json(early).is(200).json()["total"]["value"], 11);
    });
}

#[test]
fn whoever_reads_no_records_asks_for_days_that_lie_within_each_other() {
    on_both(rooms, |house| {
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        let women = |n: i64, month: &'static str| ((0, month, Some(people::Sex::Woman)), n);
        let men = |n: i64, month: &'static str| ((3, month, Some(people::Sex::Man)), n);
        let here = world(
            house,
            &boss,
            "Ici",
            &[women(8, "2024-02"), women(3, "2024-03"), men(9, "2024-03"), men(7, "2024-05")],
        );
        let scope = format!("programme:{}", here.programme);
        let manager = sign_in(house, "samira", &[("manager", &scope)]);
        let partner = sign_in(house, "karim", &[("partner", &scope)]);
        let ask = |visitor: &Visitor<'_>, since: &str, until: &str| {
            let days = format!("since={since}&until={until}");
            let path = format!("/indicators/people-trained?programme={}&{days}", here.programme);
            let page = visitor.get_json(&path).is(200).json();
            let text = |name: &str| page[name].as_str().unwrap_or_default().to_owned();
            (text("since"), text("until"), page["total"]["value"].as_i64())
        };
        let told = |since: &str, until: &str, value| (since.to_owned(), until.to_owned(), value);
        // Until the day before, and one day more: the difference would be whoever came on that day.
        for until in ["2024-03-10", "2024-03-11"] {
            assert_eq!(ask(&partner, "2024-02-01", until), told("2024-01-01", "2024-03-31", Some(20)));
        }
        assert_eq!(ask(&manager, "2024-02-01", "2024-03-10"), told("2024-02-01", "2024-03-10", Some(8)));
        assert_eq!(ask(&partner, "2020-01-01", "2040-01-01"), told(WHOLE.0, WHOLE.1, Some(27)));
        let base = format!("programme={}&since=2024-02-03&until=2024-03-10", here.programme);
        let paths = [
            format!("/indicators/people-trained?{base}"),
            format!("/programmes/{}/impact?{base}", here.programme),
            format!("/programmes/{}/cohorts?{base}", here.programme),
            "/territories?since=2024-02-03&until=2024-03-10".to_owned(),
        ];
        for path in &paths {
            partner.get(path).is(200).says("Vous voyez du");
        }
        manager.get(&paths[0]).is(200).never_says("Vous voyez du");
        let sheet = format!("/indicators/people-trained/table/csv?{base}");
        partner.get(&sheet).is(200).says("2024-01-01 – 2024-03-31");
        manager.get(&sheet).is(200).says("2024-02-03 – 2024-03-10");
        // March of one commune is three women: its place in the quarter is silent, and so are the places beside it.
        let march = format!("programme={}&since=2024-03-01&until=2024-03-31&by=commune", here.programme);
        assert!(rows(&partner, &march).values().all(Option::is_none));
        assert_eq!(rows(&manager, &march)["08.577.05.21"], Some(3));
        // A place, days and a cut at once are too narrow, and the page says so.
        for more in ["&by=month&and=sex", "&by=sex"] {
            let days = if more.len() < 10 { "&since=2024-03-01&until=2024-03-31" } else { "" };
            let query = format!("programme={}&territory=08.577{days}{more}", here.programme);
            partner.get(&format!("/indicators/people-trained?{query}")).is(200).says("Croisées ainsi");
            manager.get(&format!("/indicators/people-trained?{query}")).is(200).never_says("Croisées ainsi");
        }
        let drawn =
            format!("programme={}&territory=08.577&since=2024-03-01&until=2024-03-31&by=sex", here.programme);
        partner.get(&format!("/indicators/people-trained/chart/svg?{drawn}")).is(200).says("Croisées ainsi");
        // Whoever reads the records of one programme reads no more of the country by naming it.
        let path = format!("/territories?programme={}", here.programme);
        assert_eq!(manager.get_json(&path).is(200).json()["partly"], true);
        assert_eq!(boss.get_json(&path).is(200).json()["partly"], false);
    });
}
