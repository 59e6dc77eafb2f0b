//! Reports, from a ready one to the link that ends: composed, frozen, compared, printed, tabled, shared.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use jiff::ToSpan;
use kernel::kinds::Multi;
use kernel::testing::{House, Visitor, on_both};
use kernel::{Fields, Id, Record, Room, Standing, sql, today};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![
        kernel,
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        impact::room(),
        kernel::testing::press(),
    ]
}

fn made<R: Record>(house: &House, name: &str, form: &[(&str, &str)]) -> String {
    let fields = Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    house.given(|tx| kernel::record::create::<R>(tx, Id::named(name), &fields, Standing::Steward));
    Id::named(name).to_string()
}

fn ago(days: i64) -> String {
    today().saturating_sub(days.days()).to_string()
}

struct Ground<'a> {
    manager: Visitor<'a>,
    coach: Visitor<'a>,
    partner: Visitor<'a>,
    programme: String,
    cooperative: String,
    trainee: String,
}

/// A programme with a cooperative in it, a visit, and seven people trained ten days ago: three women, three men, and one
/// who did not say.
fn ground(house: &House) -> Ground<'_> {
    let (since, until) = (ago(400), today().saturating_add(400.days()).to_string());
    let form = [("name.fr", "Programme"), ("since", &since), ("until", &until), ("status", "running")];
    let programme = made::<programmes::Programme>(house, "programme", &form);
    let form = [
        ("kind", "cooperative"),
        ("name.fr", "Coopérative Tifaouine"),
        ("place", "08.587.11.07"),
        ("status", "active"),
    ];
    let cooperative = made::<registry::Organisation>(house, "cooperative", &form);
    let form = [("programme", programme.as_str()), ("name.fr", "Promotion 1"), ("since", &since)];
    let promotion = made::<programmes::Promotion>(house, "promotion", &form);
    let form = [
        ("programme", programme.as_str()),
        ("promotion", &promotion),
        ("organisation", &cooperative),
        ("status", "active"),
        ("since", &since),
    ];
    made::<programmes::Enrolment>(house, "enrolment", &form);
    let form = [("code", "M1"), ("title.fr", "Module"), ("hours", "3")];
    let module = made::<training::Module>(house, "module", &form);
    let form = [
        ("programme", programme.as_str()),
        ("module", &module),
        ("venue", "Salle"),
        ("capacity", "30"),
        ("status", "held"),
    ];
    let session = made::<training::Session>(house, "session", &form);
    let day = ago(10);
    let form = [
        ("programme", programme.as_str()),
        ("session", &session),
        ("day", &day),
        ("part", "morning"),
        ("minutes", "180"),
    ];
    let half = made::<training::HalfDay>(house, "half", &form);
    let mut present = Vec::new();
    for (n, sex) in ["woman", "woman", "woman", "man", "man", "man", ""].into_iter().enumerate() {
        let name = format!("Personne {n}");
        let person = made::<people::Person>(house, &name, &[("name.fr", &name), ("sex", sex)]);
        let form = [
            ("programme", programme.as_str()),
            ("session", &session),
            ("person", &person),
            ("organisation", &cooperative),
            ("role", "member"),
        ];
        present.push(made::<training::Participant>(house, &format!("participant {n}"), &form));
    }
    roll(house, &half, &present);
    let scope = format!("programme:{programme}");
    Ground {
        manager: sign_in(house, "samira", &[("manager", &scope)]),
        coach: sign_in(house, "amina", &[("coach", &scope)]),
        partner: sign_in(house, "mecenat", &[("partner", &scope)]),
        trainee: Id::named("Personne 0").to_string(),
        programme,
        cooperative,
    }
}

fn roll(house: &House, half: &str, present: &[String]) {
    house.given(|tx| {
        let half = kernel::record::get::<training::HalfDay>(tx, half.parse().unwrap())?;
        let present = present.iter().map(|one| (one.parse().unwrap(), true)).collect();
        training::take(tx, &half, &present, None).map(|_| ())
    });
}

/// Composes a report of the last year with this title, from a template.
fn compose(ground: &Ground<'_>, template: &str, title: &str, more: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let (since, until) = (ago(364), today().to_string());
    let mut form = vec![
        ("id", id.as_str()),
        ("template", template),
        ("title", title),
        ("language", "fr"),
        ("since", &since),
        ("until", &until),
    ];
    form.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    form.extend(more);
    let path = format!("/programmes/{}/reports", ground.programme);
    ground.manager.post(&path, &form).is(303).leads_to(&format!("/reports/{id}"));
    ground.manager.post(&path, &form).is(303);
    id
}

/// Adds a section of this kind and fills it.
fn section(ground: &Ground<'_>, report: &str, kind: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let add = [("id", id.as_str()), ("kind", kind)];
    ground.manager.post(&format!("/reports/{report}/sections"), &add).is(303);
    ground.manager.post(&format!("/reports/{report}/sections"), &add).is(303);
    ground.manager.get(&format!("/report-sections/{id}/edit")).is(200);
    let mut all = vec![("version", "1")];
    all.extend(form);
    ground.manager.post(&format!("/report-sections/{id}"), &all).is(303);
    id
}

fn version(ground: &Ground<'_>, report: &str) -> String {
    ground.manager.get_json(&format!("/reports/{report}")).is(200).json()["version"].to_string()
}

fn freeze(ground: &Ground<'_>, report: &str) {
    let version = version(ground, report);
    ground.manager.post(&format!("/reports/{report}/freeze"), &[("version", &version)]).is(303);
}

/// What the first tile with this code says.
fn tile(page: &kernel::Json, code: &str) -> String {
    let parts = page["report"]["parts"].as_array().unwrap();
    let tiles = parts.iter().flat_map(|part| part["tiles"].as_array().unwrap());
    let found = tiles.into_iter().find(|tile| tile["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}: {page}"))["said"].as_str().unwrap().to_owned()
}

fn facts(house: &House) -> i64 {
    house.look(|db| db.one(&sql("select count(*) from fact")))
}

#[test]
fn a_frozen_figure_stays_and_the_next_report_says_what_was_corrected() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let first = compose(&ground, "empty", "Premier rapport", &[]);
        let page = format!("/reports/{first}");
        ground.manager.post(&format!("{page}/freeze"), &[("version", "1")]).is(409).says("section");
        let figures = section(
            &ground,
            &first,
            "figures",
            &[
                ("heading", "En bref"),
                ("indicators", "people-trained"),
                ("indicators", "cooperatives-supported"),
            ],
        );
        ground.manager.get(&page).is(200).says("En bref").says("Brouillon");
        assert_eq!(tile(&ground.manager.get_json(&page).json(), "people-trained"), "7");
        // A stale page freezes nothing; a repeat changes nothing.
        ground.manager.post(&page, &[("version", "1"), ("title", "Rapport d’ouverture")]).is(303);
        ground.manager.post(&format!("{page}/freeze"), &[("version", "1")]).is(409);
        freeze(&ground, &first);
        let before = facts(house);
        freeze(&ground, &first);
        assert_eq!(facts(house), before, "a repeat changed something");
        let kept = ground.manager.get_json(&page).is(200).json();
        assert_eq!(tile(&kept, "people-trained"), "7");
        let source = &kept["report"]["sources"][0];
        assert_eq!((source["n"].as_str(), source["items"].as_str().unwrap().len()), (Some("7"), 64));

        // The record of an eighth person comes late: the frozen figure stays as it was.
        let form = [("name.fr", "Personne 8"), ("sex", "woman")];
        let person = made::<people::Person>(house, "Personne 8", &form);
        let form = [
            ("programme", ground.programme.as_str()),
            ("session", &Id::named("session").to_string()),
            ("person", &person),
            ("organisation", &ground.cooperative),
            ("role", "member"),
        ];
        let late = made::<training::Participant>(house, "participant 8", &form);
        let all: Vec<String> =
            (0..7).map(|n| Id::named(&format!("participant {n}")).to_string()).chain([late]).collect();
        roll(house, &Id::named("half").to_string(), &all);
        assert_eq!(tile(&ground.manager.get_json(&page).json(), "people-trained"), "7");

        let second = compose(&ground, "empty", "Deuxième rapport", &[("since", &ago(300))]);
        section(
            &ground,
            &second,
            "figures",
            &[("indicators", "people-trained"), ("indicators", "cooperatives-supported")],
        );
        for frozen in [false, true] {
            if frozen {
                freeze(&ground, &second);
            }
            let told = ground.manager.get_json(&format!("/reports/{second}")).is(200).json();
            let last = &told["report"]["last"];
            assert_eq!(last["title"], "Rapport d’ouverture");
            let line = &last["lines"][0];
            let said = [&line["then"], &line["again"], &line["now"]].map(|text| text.as_str().unwrap());
            assert_eq!(said, ["7", "8", "8"]);
            let why = line["why"].to_string();
            assert!(why.contains("Autre période") && why.contains("+1"), "{why}");
            assert!(last["lines"][1]["why"].to_string().contains("n’a pas changé"));
        }

        // What is frozen is not changed, by no way.
        let section = format!("/report-sections/{figures}");
        ground.manager.post(&section, &[("version", "2"), ("heading", "x")]).is(409);
        ground.manager.post(&format!("{section}/place"), &[("to", "1")]).is(409);
        ground.manager.post(&format!("{section}/remove"), &[]).is(409);
        ground.manager.post(&page, &[("version", "3"), ("title", "x")]).is(409);
        ground.manager.post(&format!("{page}/remove"), &[]).is(409);
        let id = Id::new().to_string();
        ground.manager.post(&format!("{page}/sections"), &[("id", &id), ("kind", "text")]).is(409);
    });
}

#[test]
fn sections_are_put_in_order_and_belong_to_their_report() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let (one, other) = (compose(&ground, "empty", "Un", &[]), compose(&ground, "empty", "Autre", &[]));
        let text = |report: &str, heading: &str| {
            section(&ground, report, "text", &[("heading", heading), ("body", "Une phrase.\nUne autre.")])
        };
        let (first, second) = (text(&one, "Premier"), text(&one, "Second"));
        let foreign = text(&other, "Ailleurs");
        let order = || -> Vec<String> {
            let page = ground.manager.get_json(&format!("/reports/{one}")).json();
            let parts = page["report"]["parts"].as_array().unwrap().clone();
            parts.iter().map(|part| part["heading"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(order(), ["Premier", "Second"]);
        for _ in 0..2 {
            ground.manager.post(&format!("/report-sections/{second}/place"), &[("to", "1")]).is(303);
            assert_eq!(order(), ["Second", "Premier"]);
        }
        // A section of another report is not taken over, neither by its id nor by a field.
        ground
            .manager
            .post(&format!("/reports/{one}/sections"), &[("id", &foreign), ("kind", "text")])
            .is(409);
        let forged = [("version", "2"), ("heading", "Ailleurs"), ("report", one.as_str()), ("position", "9")];
        ground.manager.post(&format!("/report-sections/{foreign}"), &forged).is(303);
        assert_eq!(order(), ["Second", "Premier"]);
        ground.manager.get(&format!("/reports/{one}/photos/{foreign}")).is(404);
        // Two who change the same field differently: the second is told what stands there.
        let path = format!("/report-sections/{first}");
        ground.manager.post(&path, &[("version", "2"), ("heading", "Premier point")]).is(303);
        ground
            .manager
            .post(&path, &[("version", "2"), ("heading", "Autre titre")])
            .is(422)
            .says("Premier point");
        // What does not fit is refused at its field.
        let chart = Id::new().to_string();
        ground
            .manager
            .post(&format!("/reports/{one}/sections"), &[("id", &chart), ("kind", "chart")])
            .is(303);
        ground.manager.get(&format!("/reports/{one}")).says("pas encore remplie");
        ground
            .manager
            .post(&format!("/reports/{one}/freeze"), &[("version", "1")])
            .is(409)
            .says("pas remplie");
        let path = format!("/report-sections/{chart}");
        let wrong = [("version", "1"), ("indicators", "received"), ("first_cut", "commune")];
        ground.manager.post(&path, &wrong).is(422);
        ground
            .manager
            .post(&path, &[("version", "1"), ("indicators", "nothing"), ("first_cut", "year")])
            .is(422);
        ground.manager.post(&format!("{path}/remove"), &[]).is(303);
        assert_eq!(order().len(), 2);
        let version = version(&ground, &other);
        ground.manager.post(&format!("/reports/{other}/remove"), &[("version", &version)]).is(303);
        ground.manager.get(&format!("/reports/{other}")).is(404);
    });
}

#[test]
fn ready_reports_fill_themselves_and_hide_small_cells() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let list = format!("/programmes/{}/reports", ground.programme);
        ground.manager.get(&list).is(200).says("Rapport annuel aux partenaires");
        ground
            .manager
            .get(&format!("{list}/new?template=annual"))
            .is(200)
            .says("Rapport annuel aux partenaires");
        let annual = compose(&ground, "annual", "Rapport annuel", &[]);
        let page = ground.manager.get_json(&format!("/reports/{annual}")).is(200).json();
        assert_eq!(tile(&page, "people-trained"), "7");
        let parts = page["report"]["parts"].as_array().unwrap();
        let table = parts.iter().find(|part| part["kind"] == "table").unwrap();
        // Three women, three men, one who did not say: none of the three cells may be told, nor found by difference.
        assert_eq!(table["grid"]["rows"][0]["cells"], serde_json::json!(["< 5", "< 5", "< 5"]));
        assert_eq!(table["grid"]["rows"][0]["total"], "7");
        ground
            .manager
            .get(&format!("/reports/{annual}"))
            .is(200)
            .says("<svg")
            .says("&#60; 5")
            .never_says("Personne 0");

        let arabic = compose(&ground, "monthly", "البطاقة الشهرية", &[("language", "ar")]);
        ground.manager.get(&format!("/reports/{arabic}")).is(200).says("dir=\"rtl\"").says("أُنجز هذا الشهر");

        // The sheet of a committee tells of one province, and says where a figure is wider than that.
        let path = format!("/programmes/{}/reports", ground.programme);
        let (since, until) = (ago(300), today().to_string());
        let form = [
            ("template", "committee"),
            ("title", "x"),
            ("language", "fr"),
            ("since", &since),
            ("until", &until),
        ];
        ground.manager.post(&path, &form).is(422);
        for (place, supported) in [("08.587", "1"), ("08.401", "0")] {
            let sheet = compose(&ground, "committee", "Comité", &[("territory", place)]);
            let page = ground.manager.get_json(&format!("/reports/{sheet}")).is(200).json();
            assert_eq!(tile(&page, "cooperatives-supported"), supported);
        }
        let turned =
            [("template", "empty"), ("title", "x"), ("language", "fr"), ("since", &until), ("until", &since)];
        ground.manager.post(&path, &turned).is(422);
    });
}

#[test]
fn a_report_goes_out_as_paper_table_and_link() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let report = compose(&ground, "annual", "Rapport annuel", &[]);
        let page = format!("/reports/{report}");
        ground.manager.get(&format!("{page}/pdf")).is(200).says("fr {").says("Brouillon");
        ground.manager.get(&format!("{page}/links")).is(409);
        freeze(&ground, &report);
        ground
            .manager
            .get(&format!("{page}/pdf"))
            .is(200)
            .says("Arrêté le")
            .says("Personnes formées")
            .never_says("Personne 0");
        let table = ground.manager.get(&format!("{page}/xlsx")).is(200);
        let read = sheet::read("rapport.xlsx", &table.bytes, sheet::Limits::default()).unwrap();
        let text = |cell: Option<&sheet::Cell>| cell.map(|cell| cell.text.clone()).unwrap_or_default();
        let row = read.rows.iter().find(|row| text(row.cells.get(2)) == "people-trained").unwrap();
        assert_eq!((text(row.cells.get(10)), text(row.cells.get(12))), ("7".into(), "7".into()));
        assert_eq!((text(row.cells.get(14)).len(), text(row.cells.get(15)).len()), (64, 64));
        let hidden = read.rows.iter().filter(|row| text(row.cells.get(13)) == "< 5").count();
        assert!(hidden >= 3, "{hidden} hidden");

        // A link is made once however often the form is sent, and shows the report to anybody.
        let (id, secret) = (Id::new().to_string(), "5a".repeat(32));
        let until = today().saturating_add(30.days()).to_string();
        let form = [("id", id.as_str()), ("secret", &secret), ("until", &until)];
        let links = format!("{page}/links");
        ground.manager.post(&links, &form).is(303);
        let before = facts(house);
        ground.manager.post(&links, &form).is(303).follow().is(200).says(&format!("/shared/{secret}"));
        assert_eq!(facts(house), before);
        for wrong in [ago(1), "2199-01-01".into(), "x".into()] {
            let id = Id::new().to_string();
            assert!(
                ground
                    .manager
                    .post(&links, &[("id", &id), ("secret", &"6b".repeat(32)), ("until", &wrong)])
                    .status
                    >= 400
            );
        }
        let anybody = house.visitor();
        let shared = format!("/shared/{secret}");
        anybody
            .get(&shared)
            .is(200)
            .says("Rapport annuel")
            .says("&#60; 5")
            .never_says("Personne 0")
            .never_says("/indicators/people");
        anybody.get(&format!("{shared}/pdf")).is(200).says("Arrêté le");
        anybody.get(&format!("/shared/{}", "00".repeat(32))).is(404);
        anybody.get(&page).is(303);
        let kept: i64 = house
            .look(|db| db.one(&sql("select count(*) from report_key where digest = ?").bind(secret.clone())));
        assert_eq!(kept, 0, "the secret itself is kept");

        // It ends with its day; and it is withdrawn.
        let over = |day: String| {
            house
                .given(|tx| tx.run(&sql("update report_link set until = ?").bind(day.clone()).open("a test")))
        };
        over(ago(1));
        anybody.get(&shared).is(404);
        over(until.clone());
        anybody.get(&shared).is(200);
        for _ in 0..2 {
            ground.manager.post(&format!("/report-links/{id}/withdraw"), &[]).is(303);
        }
        anybody.get(&shared).is(404);
        ground.manager.post(&links, &form).is(303);
        anybody.get(&shared).is(404);
    });
}

#[test]
fn who_may_compose_who_reads_and_who_knows_of_nothing() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let report = compose(&ground, "annual", "Rapport annuel", &[]);
        let page = format!("/reports/{report}");
        let list = format!("/programmes/{}/reports", ground.programme);
        let stranger = sign_in(house, "stranger", &[]);
        // A draft is for the team; a partner does not learn that it exists.
        ground.coach.get(&page).is(200).never_says("/freeze");
        ground.partner.get(&page).is(404);
        ground.partner.get(&format!("{page}/pdf")).is(404);
        ground.partner.get(&format!("{page}/xlsx")).is(404);
        ground.partner.get(&list).is(200).never_says("Rapport annuel");
        stranger.get(&page).is(404);
        stranger.get(&list).is(404);
        house.visitor().get(&page).is(303).leads_to("/sign-in");
        let sections = ground.manager.get_json(&page).json();
        let one = sections["report"]["parts"][0]["id"].as_str().unwrap().to_owned();
        let before = facts(house);
        for path in [
            list.clone(),
            page.clone(),
            format!("{page}/freeze"),
            format!("{page}/remove"),
            format!("{page}/sections"),
            format!("{page}/links"),
            format!("/report-sections/{one}"),
            format!("/report-sections/{one}/place"),
            format!("/report-sections/{one}/remove"),
        ] {
            let id = Id::new().to_string();
            let form = [
                ("id", id.as_str()),
                ("version", "1"),
                ("title", "x"),
                ("kind", "text"),
                ("to", "2"),
                ("language", "fr"),
                ("since", "2026-01-01"),
                ("until", "2026-02-01"),
                ("secret", &"7c".repeat(32)),
            ];
            for visitor in [&ground.coach, &ground.partner, &stranger] {
                let status = visitor.post(&path, &form).status;
                assert!([403, 404].contains(&status), "{path} answered {status}");
            }
        }
        assert_eq!(facts(house), before);
        freeze(&ground, &report);
        ground.partner.get(&page).is(200).says("Rapport annuel").never_says("/links");
        ground.partner.get(&list).is(200).says("Rapport annuel");
        ground.partner.get(&format!("{page}/pdf")).is(200);
        ground.partner.get(&format!("{page}/xlsx")).is(200);
        ground.partner.get(&format!("{page}/links")).is(403);
        stranger.get(&page).is(404);
    });
}

/// A picture of four points with the position of a telephone beside it, as JPEG files carry it.
fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 20).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let mut bytes = bytes.into_inner();
    let note = b"\xff\xfe\x00\x12GPS 30.57,-7.20\0";
    bytes.splice(2..2, note.iter().copied());
    bytes
}

#[test]
fn a_story_is_told_while_its_people_agree() {
    on_both(rooms, |house| {
        let ground = ground(house);
        let membership =
            [("organisation", ground.cooperative.as_str()), ("person", &ground.trainee), ("active", "yes")];
        made::<registry::Membership>(house, "membership", &membership);
        let report = compose(&ground, "empty", "Rapport", &[]);
        let story = Id::new().to_string();
        let path = format!("/report-sections/{story}");
        ground
            .manager
            .post(&format!("/reports/{report}/sections"), &[("id", &story), ("kind", "story")])
            .is(303);
        ground.manager.post(&path, &[("version", "1"), ("organisation", &ground.cooperative)]).is(303);
        // Nobody agreed: nobody is offered, and nobody can be named.
        ground.manager.get(&format!("{path}/edit")).is(200).says("donné son accord").never_says("Personne 0");
        ground.manager.post(&path, &[("version", "2"), ("person", &ground.trainee)]).is(422);
        ground.manager.post(&format!("/reports/{report}/freeze"), &[("version", "1")]).is(409);
        for purpose in ["story", "photo"] {
            let form = [
                ("person", ground.trainee.as_str()),
                ("purpose", purpose),
                ("text_version", "1"),
                ("form", "written"),
                ("given_on", &ago(5)),
            ];
            made::<people::Consent>(house, &format!("consent {purpose}"), &form);
        }
        // A photo of a visit, with the place where it was taken written into it.
        let coach = house.look(|db| people::by_login(db, "amina@example.org")).unwrap().id;
        let file = house.given(|tx| {
            let upload = kernel::Upload { field: "photo".into(), name: "visite.jpg".into(), bytes: photo() };
            kernel::files::keep(&house.app, tx, &upload, ground.cooperative.parse().unwrap())
        });
        let form = [
            ("organisation", ground.cooperative.as_str()),
            ("held", &ago(20)),
            ("coach", &coach.to_string()),
            ("programme", &ground.programme),
            ("status", "done"),
        ];
        made::<coaching::Visit>(house, "visit", &form);
        house.given(|tx| {
            let query = sql("update visit set photo = ? where id = ?").bind(file).bind(Id::named("visit"));
            tx.run(&query.open("a test"))
        });
        let foreign = Id::new().to_string();
        let wrong = [("version", "2"), ("person", ground.trainee.as_str()), ("photo", &foreign)];
        ground.manager.post(&path, &wrong).is(422);
        let right = [
            ("version", "2"),
            ("person", ground.trainee.as_str()),
            ("photo", &file.to_string()),
            ("body", "Elles vendent."),
        ];
        ground.manager.post(&path, &right).is(303);
        let page = format!("/reports/{report}");
        ground
            .manager
            .get(&page)
            .is(200)
            .says("Coopérative Tifaouine")
            .says("report-photo")
            .never_says("Personne 0");
        freeze(&ground, &report);
        let picture = ground.partner.get(&format!("{page}/photos/{story}")).is(200);
        assert!(picture.bytes.starts_with(b"\xff\xd8\xff"));
        assert!(!picture.bytes.windows(3).any(|some| some == b"GPS"), "the photo tells where it was taken");
        // A renamed cooperative keeps its name in what is frozen.
        house.given(|tx| {
            let id = ground.cooperative.parse().unwrap();
            let known = kernel::record::get::<registry::Organisation>(tx, id)?;
            let name = Multi::fr_ar("Nouveau nom", "");
            kernel::record::update(tx, &registry::Organisation { name, ..known })
        });
        ground.partner.get(&page).is(200).says("Coopérative Tifaouine").says("Elles vendent");
        let end = |purpose: &str| {
            house.given(|tx| {
                let id = Id::named(&format!("consent {purpose}"));
                let consent = kernel::record::get::<people::Consent>(tx, id)?;
                kernel::record::update(tx, &people::Consent { withdrawn_on: Some(today()), ..consent })
            });
        };
        end("photo");
        ground.partner.get(&page).is(200).says("Elles vendent").never_says("report-photo");
        ground.partner.get(&format!("{page}/photos/{story}")).is(404);
        end("story");
        ground
            .partner
            .get(&page)
            .is(200)
            .says("accord a été retiré")
            .never_says("Elles vendent")
            .never_says("Tifaouine");
        ground
            .partner
            .get(&format!("{page}/pdf"))
            .is(200)
            .never_says("Elles vendent")
            .never_says("Tifaouine");
    });
}
