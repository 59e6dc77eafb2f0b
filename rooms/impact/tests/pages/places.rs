//! Territories beside their census, promotions side by side, who waits.

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, sql};
use people::testing::sign_in;

use super::{Place, ago, place, put, rooms};

#[test]
fn a_territory_tells_what_came_of_support_beside_its_census() {
    on_both(rooms, |house| {
        let Place { boss, partner, .. } = place(house);
        let country = boss.get_json("/territories").is(200).json();
        assert_eq!(country["coverage"]["reached"], 2);
        assert_eq!(country["coverage"]["communes"], 1503);
        let rows = country["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 12, "every région stands there, reached or not");
        assert_eq!((&rows[0]["code"], &rows[0]["cells"][0]["figure"]["value"]), (&"08".into(), &2.into()));
        assert_eq!(rows[1]["cells"][0]["figure"]["value"], 0);
        // Down to a commune, whose table is its cooperatives.
        boss.get("/territories/08").is(200).says("Drâa-Tafilalet").says("Zagora");
        let zagora = boss.get_json("/territories/08.587").is(200).json();
        assert_eq!((&zagora["coverage"]["reached"], &zagora["by"]), (&1.into(), &"commune".into()));
        boss.get("/territories/08.587.11.07").is(200).says("Coopérative Targa").never_says("Ayyur");
        let members = boss.get("/territories/table/csv?by=province").is(200).text();
        assert!(members.contains("08.577") && members.contains("08.587"), "{members}");
        // Whoever sees no cooperative counts none, and may still look.
        let stranger = sign_in(house, "driss", &[]);
        let empty = stranger.get_json("/territories/08").is(200).json();
        assert_eq!(
            (&empty["coverage"]["reached"], empty["programmes"].as_array().unwrap().len()),
            (&0.into(), 0)
        );
        stranger.get("/territories").is(200).says("le droit de voir une à une");
        boss.get("/territories").never_says("le droit de voir une à une");
        assert_eq!(partner.get_json("/territories/08").is(200).json()["coverage"]["reached"], 2);
        house.visitor().get("/territories").is(303).leads_to("/sign-in");
        for wrong in ["/territories/99", "/territories/08?by=rien", "/territories/08?theme=rien"] {
            boss.get(wrong).is(404);
        }
        boss.get("/territories/08/table/pdf").is(404);
    });
}

/// A cooperative that applied and stands on the reserve list.
fn waits(house: &House, boss: &Visitor<'_>, programme: &str) -> String {
    let form =
        [("kind", "cooperative"), ("name", "Coopérative Assif"), ("place", "08.587.11.07"), ("force", "yes")];
    let cooperative = put(boss, "/organisations", &form);
    let (call, application) = (Id::new(), Id::new());
    house.given(|tx| {
        let programme: Id = programme.parse().map_err(kernel::Error::internal)?;
        for statement in [
            sql("insert into call (id, version, programme, title, opens, closes, places, status) values (?, 1, ?, '{\"fr\":\"A\"}', '2026-01-01', '2026-02-01', 2, 'decided')")
                .bind(call)
                .bind(programme),
            sql("insert into application (id, version, programme, call, organisation, name, place, status, number) values (?, 1, ?, ?, ?, '{\"fr\":\"B\"}', '08.587.11.07', 'submitted', 1)")
                .bind(application)
                .bind(programme)
                .bind(call)
                .bind(cooperative.as_str()),
            sql("insert into call_decision (id, version, programme, call, application, outcome, position, decided) values (?, 1, ?, ?, ?, 'reserve', 3, '2026-02-10')")
                .bind(Id::new())
                .bind(programme)
                .bind(call)
                .bind(application),
        ] {
            tx.run(&statement.open("a test"))?;
        }
        Ok(())
    });
    cooperative
}

fn works(boss: &Visitor<'_>, cooperative: &str, people: &str) {
    let (since, until) = (ago(90), ago(3));
    let form = [
        ("since", since.as_str()),
        ("until", &until),
        ("people", people),
        ("standing", "employee"),
        ("days", "10"),
        ("evidence", "seen"),
    ];
    put(boss, &format!("/organisations/{cooperative}/work-records"), &form);
}

/// What a row of the page says, column by column.
fn row(page: &serde_json::Value, code: &str) -> Vec<Option<i64>> {
    let rows = page["themes"].as_array().unwrap().iter().flat_map(|theme| theme["rows"].as_array().unwrap());
    let row = rows.into_iter().find(|row| row["code"] == code).unwrap();
    row["cells"].as_array().unwrap().iter().map(|cell| cell["figure"]["value"].as_i64()).collect()
}

#[test]
fn promotions_stand_side_by_side_with_those_who_still_wait() {
    on_both(rooms, |house| {
        let Place { boss, partner, programme, cooperatives, .. } = place(house);
        let path = format!("/programmes/{programme}/cohorts");
        let second = put(
            &boss,
            &format!("/programmes/{programme}/promotions"),
            &[("name.fr", "Seconde"), ("since", &*ago(20))],
        );
        works(&boss, &cooperatives[0], "8");
        let page = boss.get_json(&path).is(200).json();
        assert_eq!(page["columns"].as_array().unwrap().len(), 3, "two promotions and the whole");
        assert_eq!(row(&page, "cooperatives-supported"), [Some(2), Some(0), Some(2)], "{second}");
        // Work belongs to a cooperative, not to a programme; here it counts for its promotion in this one.
        assert_eq!(row(&page, "jobs"), [Some(8), Some(0), Some(8)]);
        let waiting = waits(house, &boss, &programme);
        works(&boss, &waiting, "6");
        let page = boss.get_json(&path).is(200).json();
        assert_eq!(page["waiting"], 1);
        assert_eq!(row(&page, "jobs"), [Some(8), Some(0), Some(8), Some(6)]);
        assert_eq!(row(&page, "cooperatives-supported")[3], None, "nobody supports it: nothing is compared");
        boss.get(&path).is(200).says("Liste d’attente").says("ne prouve rien");
        // A sponsor does not see who waits: that file is not theirs.
        assert_eq!(partner.get_json(&path).is(200).json()["waiting"], 0);
        sign_in(house, "driss", &[]).get(&path).is(403);
        // Once it is in a promotion, it waits no more.
        let form = [("promotion", second.as_str()), ("organisation", &waiting)];
        boss.post(&format!("/programmes/{programme}/enrol"), &form).is(303);
        assert_eq!(boss.get_json(&path).json()["waiting"], 0);
    });
}

#[test]
fn the_team_sees_who_waits_and_what_is_due() {
    on_both(rooms, |house| {
        let Place { boss, manager, partner, programme, cooperatives } = place(house);
        let path = format!("/programmes/{programme}/impact");
        let page = manager.get_json(&path).is(200).json();
        assert_eq!(page["lags"].as_array().unwrap().len(), 2, "nobody visited them");
        assert_eq!(page["due"].as_array().unwrap().len(), 0);
        let due = kernel::today().saturating_add(jiff::ToSpan::days(5)).to_string();
        for (title, due) in [("Tenir la caisse", due.as_str()), ("Réunir l’assemblée", &*ago(5))] {
            let form = [("title.fr", title), ("due", due), ("status", "agreed"), ("programme", &programme)];
            put(&boss, &format!("/organisations/{}/actions", cooperatives[1]), &form);
        }
        put(
            &manager,
            &format!("/programmes/{programme}/targets"),
            &[("indicator", "cooperatives-supported"), ("target", "4"), ("due", &due)],
        );
        let page = manager.get_json(&path).is(200).json();
        assert_eq!(page["lags"][0]["why"].as_array().unwrap().len(), 2, "{page}");
        assert_eq!(page["due"].as_array().unwrap().len(), 2, "the late one is no longer to come");
        manager.get(&path).is(200).says("Tenir la caisse").says("1 action en retard").says("Cible");
        // A sponsor reads figures, not the team's list.
        partner.get(&path).is(200).never_says("Tenir la caisse").never_says("Qui attend");
    });
}

#[test]
fn a_table_is_taken_away_as_a_picture_that_hides_what_the_page_hides() {
    on_both(rooms, |house| {
        let Place { manager, partner, programme, .. } = place(house);
        let path = |format: &str| {
            format!("/indicators/members-registered/chart/{format}?programme={programme}&by=cooperative")
        };
        let drawn = manager.get(&path("svg")).is(200).text();
        assert!(
            drawn.starts_with("<svg xmlns=")
                && drawn.contains("Coopérative Targa")
                && drawn.contains("\u{2066}7\u{2069}")
        );
        assert!(drawn.contains("/indicators/members-registered"), "it says where it comes from");
        partner.get(&path("svg")).is(200).says("caché").never_says("\u{2066}2\u{2069}");
        manager.get(&path("bmp")).is(404);
        manager.get(&format!("/indicators/members-registered/chart/svg?programme={programme}")).is(404);
        sign_in(house, "driss", &[]).get(&path("svg")).is(403);
    });
}

#[test]
fn a_passport_is_for_whoever_reads_the_file() {
    on_both(
        || rooms().into_iter().chain([kernel::testing::press()]).collect(),
        |house| {
            let Place { boss, manager, partner, programme, cooperatives, .. } = place(house);
            let path = format!("/organisations/{}/passport", cooperatives[0]);
            manager.get(&path).is(200).says("Coopérative Ayyur").says("Aucun soutien");
            let form = [
                ("actor", cooperatives[1].as_str()),
                ("theme", "equipment"),
                ("title.fr", "Un moulin"),
                ("since", &*ago(40)),
                ("status", "running"),
                ("programme", &programme),
            ];
            put(&boss, &format!("/organisations/{}/interventions", cooperatives[0]), &form);
            works(&boss, &cooperatives[0], "3");
            let page = manager.get_json(&path).is(200).json();
            assert_eq!(page["supports"][0]["title"], "Un moulin");
            let jobs =
                page["figures"].as_array().unwrap().iter().find(|told| told["code"] == "jobs").unwrap();
            assert_eq!(jobs["said"], "3", "its own people are not hidden from itself");
            let president =
                sign_in(house, "fadma", &[("representative", &format!("organisation:{}", cooperatives[0]))]);
            president.get(&path).is(200).says("Un moulin");
            president.get(&format!("{path}/pdf")).is(200).says("Un moulin");
            // A sponsor reads figures of the programme, not the file; another cooperative knows nothing of it.
            for visitor in [&partner, &sign_in(house, "driss", &[])] {
                let answer = visitor.get(&path);
                assert!([403, 404].contains(&answer.status), "{}", answer.status);
                answer.never_says("Un moulin");
            }
            president.get(&format!("/organisations/{}/passport", cooperatives[1])).never_says("Targa");
            house.visitor().get(&path).is(303).leads_to("/sign-in");
        },
    );
}
