//! Every figure, every list of records and every table in the eyes of people with different rights, over the demonstration
//! and over a programme that none of its people may know of.

use std::collections::{BTreeMap, BTreeSet};

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Json, sql};
use people::testing::sign_in;

use super::plant::{PLANTED, plant};
use super::rooms;

/// Who looks, besides the manager, who may see everything of the demonstration.
const STRANGE: [&str; 3] = ["nobody", "stranger", "elsewhere"];

fn cooperative(n: usize) -> Id {
    Id::named(&format!("demonstration cooperative {n}"))
}

fn programme() -> Id {
    Id::named("demonstration programme")
}

fn walker<'a>(house: &'a House, name: &str) -> Visitor<'a> {
    let here = format!("programme:{}", programme());
    let elsewhere = format!("programme:{}", Id::named("walked programme"));
    let group = format!("organisation:{}", Id::named("demonstration group"));
    let own = format!("organisation:{}", cooperative(0));
    match name {
        "nobody" => house.visitor(),
        "stranger" => sign_in(house, "stranger", &[]),
        "elsewhere" => sign_in(house, "elsewhere", &[("coach", &elsewhere)]),
        "sponsor" => sign_in(house, "sponsor", &[("partner", &group)]),
        "partner" => sign_in(house, "partner", &[("partner", &here)]),
        "own" => sign_in(house, "own", &[("representative", &own)]),
        _ => sign_in(house, "manager", &[("manager", &here)]),
    }
}

/// What stands in the file of a cooperative: ids of its records, ids and names of its people, each with the cooperatives
/// whose files hold it.
fn files(house: &House) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let people = "select person as person, organisation as organisation from membership
         union select person, organisation from participant where organisation is not null";
    let mut statements = vec![
        people.to_owned(),
        "select t.id, t.organisation from participant t where t.organisation is not null".to_owned(),
        "select c.id, t.organisation from certificate c join participant t on t.id = c.participant
         where t.organisation is not null"
            .to_owned(),
    ];
    for table in
        ["visit", "work_record", "plan_action", "assessment", "document", "mandate", "membership", "funding"]
    {
        statements.push(format!("select id, organisation from {table}"));
    }
    house.look(|db| {
        for statement in &statements {
            db.each(&sql(statement).open("the walk"), |row| {
                let (id, organisation) = (row.take()?, row.take()?);
                found.entry(id).or_default().insert(organisation);
                Ok(())
            })?;
        }
        let names =
            format!("select p.name, m.organisation from person p join ({people}) m on m.person = p.id");
        db.each(&sql(&names).open("the walk"), |row| {
            let (name, organisation): (kernel::kinds::Multi, String) = (row.take()?, row.take()?);
            for text in name.0.values() {
                found.entry(text.clone()).or_default().insert(organisation.clone());
            }
            Ok(())
        })
    });
    found
}

/// Every string of an answer, and every id in it, also where two are written as one.
fn said(json: &Json, all: &mut Vec<String>) {
    match json {
        Json::String(text) => {
            all.push(text.clone());
            for run in text.split(|c: char| !c.is_ascii_hexdigit() && c != '-') {
                all.extend(
                    run.as_bytes()
                        .chunks(36)
                        .filter(|id| id.len() == 36)
                        .map(|id| String::from_utf8_lossy(id).into_owned()),
                );
            }
        }
        Json::Array(list) => list.iter().for_each(|each| said(each, all)),
        Json::Object(fields) => fields.values().for_each(|each| said(each, all)),
        _ => {}
    }
}

/// The pages of every shipped indicator in a scope: the whole and its records; then the table to take along, and the cuts two
/// by two.
fn pages(scope: &str, table: bool, cuts: bool) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for indicator in impact::all().unwrap() {
        let code = &indicator.code;
        let mut page = |path: String| all.push((code.clone(), path));
        page(format!("/indicators/{code}?{scope}"));
        page(format!("/indicators/{code}/records?{scope}"));
        let Some(first) = indicator.cuts.first().filter(|_| table) else { continue };
        page(format!("/indicators/{code}/table/csv?{scope}&by={}", first.code()));
        for pair in indicator.cuts.chunks(2).filter(|_| cuts) {
            let and = pair.get(1).map(|cut| format!("&and={}", cut.code())).unwrap_or_default();
            page(format!("/indicators/{code}?{scope}&by={}{and}", pair[0].code()));
        }
    }
    all
}

#[test]
fn figures_name_nobody_to_whom_they_are_not_open() {
    on_both(rooms, |house| {
        tiwizi::demo::fill(&house.app).unwrap();
        // What one may not know of changes nothing of what one sees of everything.
        let everywhere = |name: &str| -> Vec<String> {
            let visitor = walker(house, name);
            let all = pages("until=2027-01-01&since=2024-01-01", false, false).into_iter();
            let figures = all.filter(|(_, path)| !path.contains("/records"));
            figures.map(|(_, path)| visitor.get_json(&path).text()).collect()
        };
        let watched = ["stranger", "sponsor", "partner", "own", "manager"];
        let before: Vec<_> = watched.iter().map(|name| everywhere(name)).collect();
        let planted = plant(house);
        for (name, before) in watched.iter().zip(&before) {
            for (then, now) in before.iter().zip(everywhere(name)) {
                assert_eq!(*then, now, "{name} sees that a programme of others exists");
            }
        }

        let files = files(house);
        let scopes = [
            format!("programme={}", programme()),
            format!("organisation={}", cooperative(0)),
            format!("organisation={}", cooperative(1)),
            format!("programme={}", planted.programme),
            "since=2024-01-01".to_owned(),
        ];
        let opens = |name: &str, scope: usize| match name {
            "manager" => scope != 3,
            // Through their organisation alone they see the programme, not the page of each cooperative.
            "sponsor" => [0, 4].contains(&scope),
            "partner" => scope != 3,
            "own" => [1, 4].contains(&scope),
            "elsewhere" => scope >= 3,
            "stranger" => scope == 4,
            _ => false,
        };
        let mut met = BTreeSet::new();
        for name in STRANGE.into_iter().chain(["sponsor", "partner", "own", "manager"]) {
            let visitor = walker(house, name);
            for (at, scope) in scopes.iter().enumerate() {
                let open = opens(name, at);
                // The manager reads everything here, which shows that the walk would notice; to strangers both cooperatives
                // are the same.
                if (name == "manager" && [1, 2].contains(&at)) || (STRANGE.contains(&name) && at == 2) {
                    continue;
                }
                for (code, path) in pages(scope, open, open && name == "own") {
                    let answer = visitor.get_json(&path);
                    assert!(answer.status < 500, "{name} {path}: {}", answer.text());
                    assert_eq!(answer.status == 200, open, "{name} {path} answered {}", answer.status);
                    let mut words = Vec::new();
                    if path.contains("/table/") || !open {
                        said(&Json::String(answer.text()), &mut words);
                    } else {
                        said(&answer.json(), &mut words);
                    }
                    for word in &words {
                        let Some(whose) = files.get(word) else { continue };
                        let mine = match name {
                            "manager" => !whose.contains(&planted.organisation.to_string()),
                            "own" => whose.contains(&cooperative(0).to_string()),
                            "elsewhere" => whose.contains(&planted.organisation.to_string()),
                            _ => false,
                        };
                        assert!(mine, "{name} reads {word} at {path}");
                        met.insert((name, code.clone()));
                    }
                    if name != "elsewhere" {
                        let text = answer.text();
                        let leak = PLANTED.iter().find(|(secret, _)| text.contains(secret));
                        assert!(leak.is_none(), "{name} meets {leak:?} at {path}");
                    }
                }
            }
        }
        for name in ["manager", "own"] {
            let many = met.iter().filter(|(who, _)| *who == name).count();
            assert!(
                many > 10,
                "{name} reads the records of {many} figures: the walk would not notice a leak"
            );
        }
    });
}

/// The fewest people that a figure tells of, as somebody sees it who may see everything.
fn fewest(figure: &Json, share: bool) -> i64 {
    let n = figure["n"].as_i64().unwrap();
    let met = figure["value"].as_i64().filter(|_| share && n < 1000).map(|value| (value * n + 500) / 1000);
    let parts = [Some(n), met, met.map(|met| n - met)];
    parts.into_iter().flatten().filter(|n| *n > 0).min().unwrap_or(0)
}

/// Complains if a hidden number of a line can be told from the others, whose whole is shown.
fn line(at: &str, numbers: &[(i64, bool)]) {
    for (n, hidden) in numbers {
        assert!(*hidden || !(1..5).contains(n), "{at} shows {n} people");
    }
    let gone: Vec<i64> = numbers.iter().filter(|(n, hidden)| *hidden && *n > 0).map(|(n, _)| *n).collect();
    let rest = numbers.iter().any(|(n, hidden)| !hidden && *n > 0);
    let safe = gone.is_empty() || !rest || (gone.len() > 1 && gone.iter().sum::<i64>() >= 5);
    assert!(safe, "{at} betrays {gone:?} by what it shows");
}

/// Complains if an answer tells more of few people than it may; `truth` is the same page for who may read everything.
fn hides(at: &str, seen: &Json, truth: &Json, share: bool) -> usize {
    let mut hidden = 0;
    let mut look = |seen: &Json, said: &Json, truth: &Json| -> (i64, bool) {
        if seen["hidden"] == true {
            hidden += 1;
            assert!(seen["value"].is_null() && seen["n"] == 0 && seen["interval"].is_null(), "{at}: {seen}");
            assert!(!said.as_str().unwrap().chars().any(char::is_numeric), "{at}: {said}");
        }
        (fewest(truth, share), seen["hidden"] == true)
    };
    let whole = look(&seen["total"], &seen["said"], &truth["total"]);
    line(at, &[whole]);
    let by_code = |page: &Json| -> BTreeMap<String, Json> {
        let rows = page["rows"].as_array().unwrap().iter();
        rows.map(|row| (row["total"]["figure"]["row"].to_string(), row.clone())).collect()
    };
    let (ours, theirs) = (by_code(truth), by_code(seen));
    // What would betray people by two cuts together, whatever is hidden, has no columns, or no rows either.
    let refused = seen["refused"] == true;
    if refused && theirs.is_empty() {
        return hidden;
    }
    assert!(ours.keys().eq(theirs.keys()), "{at} has other rows");
    let columns = if refused { &Json::Array(Vec::new()) } else { &truth["columns"] };
    assert_eq!(&seen["columns"], columns, "{at}");
    let mut totals = Vec::new();
    let mut columns: BTreeMap<usize, Vec<(i64, bool)>> = BTreeMap::new();
    for (code, row) in &theirs {
        let total = look(&row["total"]["figure"], &row["total"]["said"], &ours[code]["total"]["figure"]);
        totals.push(total);
        let mut cells = Vec::new();
        // Columns stand in one order for everybody.
        let pairs = row["cells"].as_array().unwrap().iter().zip(ours[code]["cells"].as_array().unwrap());
        for (column, (cell, truth)) in pairs.enumerate() {
            let number = look(&cell["figure"], &cell["said"], &truth["figure"]);
            cells.push(number);
            columns.entry(column).or_default().push(number);
        }
        // Cells that are all shown would add up to a hidden total.
        let told =
            cells.iter().any(|(n, hidden)| *n > 0 && !hidden) && cells.iter().all(|(_, hidden)| !hidden);
        assert!(!total.1 || !told, "{at} adds up to a hidden total of {}", total.0);
        line(&format!("{at} row {code}"), &cells);
    }
    line(at, &totals);
    columns.iter().for_each(|(code, cells)| line(&format!("{at} column {code}"), cells));
    hidden
}

#[test]
fn few_people_are_told_by_no_answer_and_by_none_beside_another() {
    on_both(rooms, |house| {
        tiwizi::demo::fill(&house.app).unwrap();
        let (sponsor, manager) = (walker(house, "partner"), walker(house, "manager"));
        let mut hidden = 0;
        for indicator in impact::all().unwrap().iter().filter(|indicator| indicator.people) {
            let share = indicator.measure == impact::Measure::Share;
            let scope = format!("programme={}", programme());
            for pair in indicator.cuts.chunks(2) {
                let and = pair.get(1).map(|cut| format!("&and={}", cut.code())).unwrap_or_default();
                let path = format!("/indicators/{}?{scope}&by={}{and}", indicator.code, pair[0].code());
                let (seen, truth) = (sponsor.get_json(&path).json(), manager.get_json(&path).json());
                hidden += hides(&path, &seen, &truth, share);
            }
            // What a table keeps to itself is not told by asking for that cooperative or that place alone either.
            for (cut, name) in
                [("cooperative", "organisation"), ("province", "territory"), ("commune", "territory")]
            {
                let page = format!("/indicators/{}?{scope}&by={cut}", indicator.code);
                let answer = sponsor.get_json(&page);
                if answer.status == 404 {
                    continue;
                }
                let page = answer.json();
                let gone = page["rows"].as_array().unwrap().iter().map(|row| &row["total"]["figure"]);
                for code in
                    gone.filter(|figure| figure["hidden"] == true).filter_map(|figure| figure["row"].as_str())
                {
                    let path = format!("/indicators/{}?{scope}&{name}={code}&by={cut}", indicator.code);
                    let alone = sponsor.get_json(&path);
                    // One that left the programme is no longer open to its partners.
                    if alone.status == 403 {
                        continue;
                    }
                    let alone = alone.is(200).json();
                    let rows = alone["rows"].as_array().unwrap();
                    let shown = rows.iter().any(|row| row["total"]["figure"]["hidden"] == false);
                    assert!(alone["total"]["hidden"] == true && !shown, "{path} tells what its table hides");
                }
            }
        }
        assert!(hidden > 100, "{hidden} numbers are hidden: the test would notice nothing");
    });
}
