//! What goes out of a report: paper, tables, links, stories; and to whom.

use jiff::ToSpan;
use kernel::kinds::Multi;
use kernel::testing::on_both;
use kernel::{Id, sql, today};
use people::testing::sign_in;

use crate::ground::*;

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
        let hidden = read.rows.iter().filter(|row| text(row.cells.get(13)) == "caché").count();
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
            .says("caché")
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
        let erase = |erased: i64| {
            let query =
                sql("update person set erased = ? where id = ?").bind(erased).bind(ground.trainee.clone());
            house.given(|tx| tx.run(&query.clone().open("a test")))
        };
        erase(1);
        ground.partner.get(&page).is(200).never_says("report-photo").never_says("Tifaouine");
        erase(0);
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
