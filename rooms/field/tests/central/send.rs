//! What programs send: through the same engine as telephones.

use super::{Program, basic, code, visit};
use crate::house::{given, rooms};
use kernel::sql;
use kernel::testing::{House, on_both};

const FORM: &str = "tiwizi-visit";

fn count(house: &House, statement: &str) -> i64 {
    house.look(|db| db.one(&sql(statement).open("test")))
}

#[test]
fn a_visit_is_taken_once_and_applied() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let xml = visit(given.organisation, "v", "Cahier à jour");
        let told = program.send(FORM, &xml).is(200).json();
        assert_eq!(told["instanceId"], "uuid:v");
        assert!(told["submitterId"].as_i64().unwrap() > 0 && told["createdAt"].is_string());
        assert_eq!(count(house, "select count(*) from visit where status = 'done' and minutes = 90"), 1);
        let facts = count(house, "select count(*) from fact");
        assert_eq!(program.send(FORM, &xml).is(200).json(), told, "a repeat is harmless");
        let altered = program.send(FORM, &xml.replace("Cahier", "Rien")).is(409);
        assert_eq!(code(&altered), "409.3");
        assert_eq!(count(house, "select count(*) from fact"), facts);
        assert_eq!(program.get(&format!("/forms/{FORM}/submissions/uuid:v.xml")).is(200).text(), xml);
    });
}

#[test]
fn what_is_no_form_of_this_address_is_refused_and_leaves_nothing() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let good = visit(given.organisation, "x", "Vu");
        let bomb = "<!DOCTYPE d [<!ENTITY a \"b\">]><data id=\"tiwizi-visit\">&a;</data>";
        let deep = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
        for wrong in
            ["", "<data", "{}", bomb, &deep, &good.replace("uuid:x", ""), &good.replace("<held>", "<held")]
        {
            assert_eq!(code(&program.send(FORM, wrong).is(400)), "400.2", "{wrong:.60}");
        }
        program.send("tiwizi-cooperative", &good).is(404);
        program.send("nothing", &good).is(404);
        let large = format!("{good}{}", " ".repeat(1 << 20));
        program.send(FORM, &large).is(413);
        let shown = basic(&program.login, &program.key);
        let path = format!("{}/forms/{FORM}/submissions", program.base);
        let head = [("authorization", shown.as_str()), ("content-type", "application/xml")];
        program
            .visitor
            .call("POST", &path, &head, b"<data id=\"tiwizi-visit\">\xff\xfe</data>".to_vec())
            .is(400);
        assert_eq!(count(house, "select count(*) from submission"), 0);
        assert_eq!(count(house, "select count(*) from batch"), 0);
    });
}

#[test]
fn a_photo_that_was_promised_is_brought_by_whoever_promised_it() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, samira) = (given.coach(house, "amina"), given.manager(house, "samira"));
        let (program, hers) = (Program::of(house, &given, &amina), Program::of(house, &given, &samira));
        let xml = visit(given.organisation, "f", "Vu").replace("<meta>", "<photo>four 1.jpg</photo><meta>");
        program.send(FORM, &xml).is(200);
        let files = format!("/forms/{FORM}/submissions/uuid:f/attachments");
        let list = |exists: bool| format!("[{{\"name\":\"four 1.jpg\",\"exists\":{exists}}}]");
        assert_eq!(program.get(&files).is(200).text(), list(false));
        program.get(&format!("{files}/four%201.jpg")).is(404);
        let row = &program.rows(&format!("/forms/{FORM}.svc/Submissions"))[0];
        assert_eq!(row["__system"]["attachmentsExpected"], 1);
        assert_eq!(row["__system"]["attachmentsPresent"], 0);
        let picture = [b"\xff\xd8\xff\xe0".to_vec(), vec![7; 5_000]].concat();
        let bring = |who: &Program<'_>, name: &str, bytes: Vec<u8>| {
            let (path, shown) = (format!("{}{files}/{name}", who.base), basic(&who.login, &who.key));
            let head = [("authorization", shown.as_str()), ("content-type", "image/jpeg")];
            who.visitor.call("POST", &path, &head, bytes).status
        };
        assert_eq!(
            bring(&hers, "four%201.jpg", picture.clone()),
            403,
            "a manager reads it and sends nothing for her"
        );
        assert_eq!(bring(&program, "other.jpg", picture.clone()), 404);
        assert_eq!(bring(&program, "..%2F..%2Ftiwizi.db", picture.clone()), 404);
        assert_eq!(bring(&program, "four%201.jpg", vec![7; (20 << 20) + 1]), 413);
        assert_eq!(count(house, "select count(*) from visit where status = 'planned'"), 1);
        assert_eq!(bring(&program, "four%201.jpg", picture.clone()), 200);
        assert_eq!(bring(&program, "four%201.jpg", picture.clone()), 200);
        assert_eq!(bring(&program, "four%201.jpg", vec![1; 9]), 409);
        assert_eq!(count(house, "select count(*) from visit where status = 'done'"), 1);
        assert_eq!(program.get(&files).is(200).text(), list(true));
        let got = hers.get(&format!("{files}/four%201.jpg")).is(200);
        assert_eq!((got.head["content-type"].to_str().unwrap(), &got.bytes), ("image/jpeg", &picture));
    });
}
