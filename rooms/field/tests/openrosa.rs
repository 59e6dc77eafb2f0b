//! ODK Collect and its like: forms go out to whoever may see them, what was filled in comes back once.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fmt::Write;

use crate::house;

use house::collect::{Collect, filled};
use house::{given, rooms};
use kernel::testing::{House, on_both};
use kernel::{Fields, Id, Standing, sql};
use people::testing::sign_in;

fn count(house: &House, statement: &str) -> i64 {
    house.look(|db| db.one(&sql(statement).open("test")))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let at = text.find(before).unwrap() + before.len();
    text[at..].split(after).next().unwrap()
}

/// Another cooperative, which is in no programme.
fn stranger(house: &House) {
    let form =
        [("kind", "cooperative"), ("name.fr", "Ailleurs"), ("place", "08.587.11.07"), ("status", "active")];
    let fields = Fields(form.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect());
    house.given(|tx| {
        kernel::record::create::<registry::Organisation>(tx, Id::named("else"), &fields, Standing::Steward)
    });
}

#[test]
fn forms_and_lists_go_out_to_whoever_may_see_them() {
    on_both(rooms, |house| {
        let given = given(house);
        house.given(coaching::bring);
        stranger(house);
        let amina = given.coach(house, "amina");
        amina.get("/field/collect").is(200).says("Aucun téléphone");
        let collect = Collect::of(house, &given, &amina);
        let listed = collect.get("/formList").is(200);
        assert_eq!(listed.head["x-openrosa-version"], "1.0");
        assert!(listed.head.contains_key("date"));
        assert_eq!(listed.head["content-type"], "text/xml; charset=utf-8");
        let listed = listed.text();
        for entry in listed.split("<xform>").skip(1) {
            let path = |name: &str| {
                let url = between(entry, &format!("<{name}>"), "<");
                assert!(url.starts_with("http://localhost/v1/key/"), "{url} is whole");
                url["http://localhost".len()..].to_owned()
            };
            let form = collect.phone.get(&path("downloadUrl")).is(200).says("العربية (ar)");
            let hash = between(entry, "<hash>md5:", "<");
            assert_eq!(hash, format!("{:032x}", md5(&form.bytes)), "{entry}");
            assert!(form.text().contains(&format!("version=\"{}\"", between(entry, "<version>", "<"))));
            let manifest =
                house.visitor().get(&path("manifestUrl")).is(200).says("type=\"entityList\"").text();
            for file in manifest.split("<mediaFile").skip(1) {
                let url = between(file, "<downloadUrl>", "<");
                let csv = collect.phone.get(&url["http://localhost".len()..]).is(200);
                assert!(csv.text().starts_with("name,label,__version,"));
                assert_eq!(between(file, "<hash>md5:", "<"), format!("{:032x}", md5(&csv.bytes)));
            }
        }
        for form in ["tiwizi-visit", "tiwizi-cooperative", "tiwizi-roll-call"] {
            assert!(listed.contains(form), "{form}");
        }
        let one = collect.get("/formList?formID=tiwizi-visit").is(200).text();
        assert_eq!(one.matches("<xform>").count(), 1);
        collect.get("/lists/cooperatives").is(200).says("Tiniri").never_says("Ailleurs");
        collect.get("/lists/half_days").is(200).says(&given.half_day.to_string());
        let there = format!("/lists/cooperatives/integrity?id={},{}", given.organisation, Id::named("else"));
        let told = collect.get(&there).is(200).text();
        assert!(told.contains(&format!("id=\"{}\"><deleted>false", given.organisation)));
        assert!(told.contains(&format!("id=\"{}\"><deleted>true", Id::named("else"))));
        for nothing in ["/lists/members", "/forms/nothing/form", "/forms/nothing/manifest"] {
            collect.get(nothing).is(404);
        }
        let head = collect.phone.call("HEAD", &format!("{}/submission", collect.base), &[], "").is(204);
        assert_eq!(head.head["x-openrosa-accept-content-length"], (20 << 20).to_string());
        // A trainer takes roll-calls and is offered nothing else.
        let scope = format!("programme:{}", given.programme);
        let trainer = sign_in(house, "trainer", &[("trainer", &scope)]);
        let listed = Collect::of(house, &given, &trainer).get("/formList").is(200).text();
        assert!(listed.contains("tiwizi-roll-call") && !listed.contains("tiwizi-visit"));
    });
}

fn md5(bytes: &[u8]) -> u128 {
    use md5::Digest;
    u128::from_be_bytes(md5::Md5::digest(bytes).into())
}

#[test]
fn a_key_holds_for_a_programme_until_it_is_withdrawn() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let collect = Collect::of(house, &given, &amina);
        let answers = format!(
            "<organisation>{}</organisation><held>{}</held><minutes>90</minutes>",
            given.organisation,
            kernel::today()
        );
        let visit = filled("tiwizi-visit", "1", &answers, "");
        // Another programme, another key, no right, no account.
        let elsewhere =
            sign_in(house, "elsewhere", &[("coach", &format!("programme:{}", Id::named("other")))]);
        let asked = [("name", "x"), ("programme", &*given.programme.to_string())];
        elsewhere.post("/field/collect", &asked).is(404);
        let base = collect.base.clone();
        let other = base.replace(&given.programme.to_string(), &Id::named("other").to_string());
        house.visitor().get(&format!("{other}/formList")).is(401);
        let key = between(&base, "/key/", "/");
        house.visitor().get(&format!("{}/formList", base.replace(key, &"0".repeat(64)))).is(401);
        let page = amina.get("/field/collect").is(200).never_says(key).says("Téléphone").text();
        assert!(count(house, "select count(*) from collect_key where used_at is not null") == 0);
        collect.get("/formList").is(200);
        assert!(count(house, "select count(*) from collect_key where used_at is not null") == 1);
        house.given(|tx| tx.run(&sql("update role set role = 'sponsor'").open("test")));
        collect.get("/formList").is(403).says("<OpenRosaResponse");
        // What was done before the right ended is taken, and waits for a manager.
        collect.send(&visit).is(201);
        assert_eq!(count(house, "select count(*) from device_command where state = 'held'"), 1);
        assert_eq!(count(house, "select count(*) from visit"), 0);
        house.given(|tx| tx.run(&sql("update role set role = 'coach'").open("test")));
        collect.get("/formList").is(200);
        let end = format!("/field/collect/{}/end", between(&page, "action=\"/field/collect/", "/end"));
        elsewhere.post(&end, &[]).is(404);
        amina.post(&end, &[]).is(303);
        collect.get("/formList").is(401).says("<OpenRosaResponse");
        collect.send(&visit).is(401);
        assert_eq!(count(house, "select count(*) from submission"), 1);
    });
}

#[test]
fn a_visit_is_kept_once_with_its_photo() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let collect = Collect::of(house, &given, &amina);
        let answers = format!(
            "<organisation>{}</organisation><held>{}</held><minutes>90</minutes><met/><seen>Cahier à jour</seen><photo>four.jpg</photo>",
            given.organisation,
            kernel::today()
        );
        let xml = filled("tiwizi-visit", "v", &answers, "");
        let picture: Vec<u8> = [b"\xff\xd8\xff\xe0".to_vec(), vec![7; 5_000]].concat();
        // The photo comes in a later request, as large ones do.
        collect.send(&xml).is(201).says("<OpenRosaResponse");
        assert_eq!(count(house, "select count(*) from visit where status = 'planned'"), 1);
        amina.get("/field/collect").is(200).says("attend la suite");
        collect.send_with(&xml, &[("four.jpg", &picture)]).is(201);
        assert_eq!(count(house, "select count(*) from visit where status = 'done' and minutes = 90"), 1);
        assert_eq!(count(house, "select count(*) from file where size = 5004"), 1);
        let facts = count(house, "select count(*) from fact");
        collect.send_with(&xml, &[("four.jpg", &picture)]).is(201);
        assert_eq!(count(house, "select count(*) from fact"), facts, "a repost is no news");
        // The same number with other content changes nothing.
        collect.send(&xml.replace("Cahier", "Rien")).is(409).says("<OpenRosaResponse");
        assert_eq!(count(house, "select count(*) from fact"), facts);
        let kept: String = house.look(|db| db.one(&sql("select body from batch")));
        assert_eq!(kept, xml, "byte for byte");
        amina.get("/field/collect").is(200).says("Compte rendu de visite").says("Enregistré");
        // What is no form is refused, and nothing but 201 is success.
        let bad = filled("tiwizi-visit", "bad", "<organisation>nobody</organisation>", "");
        for (xml, status) in [("<data", 400), (&*bad, 400), (&*filled("unknown", "u", "", ""), 404)] {
            collect.send(xml).is(status).says("<OpenRosaResponse");
        }
        let kind = [("content-type", "multipart/form-data; boundary=edge")];
        collect.phone.call("POST", &format!("{}/submission", collect.base), &kind, "--edge--\r\n").is(400);
        collect.send(&" ".repeat((1 << 20) + 1)).is(413);
        assert_eq!(count(house, "select count(*) from submission"), 1);
    });
}

#[test]
fn a_diagnosis_is_answered_and_concluded() {
    on_both(rooms, |house| {
        let given = given(house);
        house.given(coaching::bring);
        let amina = given.coach(house, "amina");
        let collect = Collect::of(house, &given, &amina);
        let listed = collect.get("/formList").is(200).text();
        let form = format!("tiwizi-diagnosis-{}", coaching::boussole());
        assert!(listed.contains(&form));
        let xml = collect.get(&format!("/forms/{form}/form")).is(200).text();
        let mut answers = format!(
            "<organisation>{}</organisation><held>{}</held><extent>full</extent>",
            given.organisation,
            kernel::today()
        );
        let mut groups = 0;
        for group in xml.split("<group ref=\"/data/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            write!(answers, "<{group}><level>2</level><evidence>seen</evidence><note>Vu</note></{group}>")
                .unwrap();
            groups += 1;
        }
        answers.push_str("<conclude>yes</conclude>");
        collect.send(&filled(&form, "d", &answers, "")).is(201);
        let undone = "select count(*) from device_command where state <> 'done'";
        assert_eq!(count(house, undone), 0);
        assert!(groups > 20);
        assert_eq!(count(house, "select count(*) from answer where level = 2"), groups);
        assert_eq!(count(house, "select count(*) from assessment where concluded is not null"), 1);
    });
}

#[test]
fn a_roll_call_is_taken() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let door = format!("/training/sessions/{}/roll-call/people", given.session);
        for name in ["Fatima", "Aicha"] {
            let id = Id::named(name).to_string();
            let half = given.half_day.to_string();
            let form =
                [("id", &*id), ("half_day", &half), ("name", name), ("sex", "woman"), ("role", "member")];
            amina.post_json(&door, &form).is(200);
        }
        let collect = Collect::of(house, &given, &amina);
        let listed = collect.get("/lists/participants").is(200).says("Fatima").text();
        let ids: Vec<&str> = listed.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        let answers = format!(
            "<half_day>{}</half_day><session>{}</session><listed>{}</listed><was_present>{}</was_present><present>{}</present>",
            given.half_day,
            given.session,
            ids.join(" "),
            ids.join(" "),
            ids[0]
        );
        collect.send(&filled("tiwizi-roll-call", "r", &answers, "")).is(201);
        assert_eq!(count(house, "select count(*) from attendance where present = 1"), 1);
        assert_eq!(count(house, "select count(*) from attendance where present = 0"), 1);
    });
}

#[test]
fn two_who_change_a_cooperative_are_both_kept() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let collect = Collect::of(house, &given, &amina);
        let version = house::organisation(&amina, &given)["version"].to_string();
        let samira = given.manager(house, "samira");
        samira.post(&given.page(), &[("phone", "0661000001"), ("version", &version)]).is(303);
        let entity = |base: &str| {
            format!(
                "<entity xmlns=\"http://www.opendatakit.org/xforms/entities\" dataset=\"cooperatives\" id=\"{}\" update=\"1\" baseVersion=\"{base}\" trunkVersion=\"{version}\" branchId=\"9e0f\"/>",
                given.organisation
            )
        };
        let answers = |phone: &str, email: &str| {
            format!(
                "<organisation>{}</organisation><was_phone/><was_email/><phone>{phone}</phone><email>{email}</email><members/>",
                given.organisation
            )
        };
        let form = "tiwizi-cooperative";
        collect
            .send(&filled(form, "c", &answers("0661000002", "tiniri@example.org"), &entity(&version)))
            .is(201);
        amina.get("/conflicts").is(200).says("Téléphone");
        assert_eq!(count(house, "select count(*) from conflict where closed is null"), 1);
        assert_eq!(count(house, "select count(*) from organisation where email = 'tiniri@example.org'"), 1);
        // The next change of the same telephone knows its own: no other conflict.
        let again = answers("0661000002", "autre@example.org")
            .replace("<was_phone/>", "<was_phone>0661000002</was_phone>");
        collect.send(&filled(form, "c2", &again, &entity("9"))).is(201);
        assert_eq!(count(house, "select count(*) from conflict where closed is null"), 1);
        assert_eq!(count(house, "select count(*) from organisation where email = 'autre@example.org'"), 1);
        // Nothing changed, nothing said.
        collect
            .send(&filled(
                form,
                "c3",
                &format!("<organisation>{}</organisation>", given.organisation),
                &entity("9"),
            ))
            .is(201);
    });
}
