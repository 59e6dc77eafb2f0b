//! What programs read: forms, submissions, tables, lists.

use super::{Program, code, visit};
use crate::house::{given, rooms};
use kernel::sql;
use kernel::testing::on_both;

const FORM: &str = "tiwizi-visit";
const TABLE: &str = "/forms/tiwizi-visit.svc/Submissions";

#[test]
fn forms_and_submissions_are_told_as_central_tells_them() {
    on_both(rooms, |house| {
        let given = given(house);
        house.given(coaching::bring);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let forms = program.get("/forms").is(200).json();
        let ids: Vec<&str> =
            forms.as_array().unwrap().iter().map(|form| form["xmlFormId"].as_str().unwrap()).collect();
        assert!(ids.len() >= 4 && ids.contains(&FORM), "{ids:?}");
        for id in ids {
            let form = program.get(&format!("/forms/{id}")).is(200).json();
            assert_eq!(
                (form["projectId"].as_i64(), form["state"].as_str()),
                (Some(program.project), Some("open"))
            );
            let xml = program.get(&format!("/forms/{id}.xml")).is(200).text();
            assert!(xml.contains(&format!("version=\"{}\"", form["version"].as_str().unwrap())));
            let service = program.get(&format!("/forms/{id}.svc")).is(200);
            assert_eq!(service.head["odata-version"], "4.0");
            assert_eq!(service.json()["value"][0]["name"], "Submissions");
            program
                .get(&format!("/forms/{id}.svc/$metadata"))
                .is(200)
                .says("<EntitySet Name=\"Submissions\"");
            assert!(program.rows(&format!("/forms/{id}.svc/Submissions")).is_empty());
            assert_eq!(program.get(&format!("/forms/{id}/submissions")).is(200).text(), "[]");
        }
        program.send(FORM, &visit(given.organisation, "a", "=cmd|' /C calc'!A0")).is(200);
        let list = program.get(&format!("/forms/{FORM}/submissions")).is(200).json();
        assert_eq!(
            (list[0]["instanceId"].as_str(), list[0]["deviceId"].as_str()),
            (Some("uuid:a"), Some("collect:1"))
        );
        assert!(list[0]["reviewState"].is_null());
        assert_eq!(program.get(&format!("/forms/{FORM}/submissions/uuid:a")).is(200).json(), list[0]);
        let csv = program.get(&format!("/forms/{FORM}/submissions.csv")).is(200).text();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(
            lines[0].starts_with("SubmissionDate,start,end,deviceid,organisation,held,minutes,met,seen,"),
            "{csv}"
        );
        assert!(lines[0].contains(",meta-instanceID,") && lines[1].contains(",uuid:a,"), "{csv}");
        assert!(!csv.contains(",=cmd") && !csv.contains(",\"=cmd"), "{csv}");
        for nothing in ["nothing", "tiwizi-visit'--", "%00"] {
            for rest in
                ["", ".xml", ".svc", ".svc/$metadata", ".svc/Submissions", "/submissions", "/submissions/x"]
            {
                assert_eq!(code(&program.get(&format!("/forms/{nothing}{rest}")).is(404)), "404.1");
            }
        }
        for nothing in ["uuid:b", "uuid:b.xml", "uuid:b/attachments", "' or '1'='1"] {
            program.get(&format!("/forms/{FORM}/submissions/{}", nothing.replace(' ', "%20"))).is(404);
        }
    });
}

#[test]
fn answers_stand_in_a_table_with_types() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        program.send(FORM, &visit(given.organisation, "it's", "Cahier « à jour » \"x\"")).is(200);
        let answer = program.get(&format!("{TABLE}?$count=true&%24expand=*")).is(200);
        assert!(answer.head["content-type"].to_str().unwrap().starts_with("application/json"));
        let told = answer.json();
        assert_eq!(told["@odata.count"], 1);
        let context =
            format!("http://localhost{}/forms/tiwizi-visit.svc/$metadata#Submissions", program.base);
        assert_eq!(told["@odata.context"], context);
        let row = &told["value"][0];
        assert_eq!((row["__id"].as_str(), row["minutes"].as_i64()), (Some("uuid:it's"), Some(90)));
        assert_eq!(row["seen"], "Cahier « à jour » \"x\"");
        assert_eq!(row["held"], kernel::today().to_string());
        assert!(row["met"].is_null() && row["photo"].is_null());
        assert_eq!(row["meta"]["instanceID"], "uuid:it's");
        assert_eq!(row["__system"]["submitterName"], "amina");
        assert!(row["end"].as_str().unwrap().ends_with('Z'));
        // Every column is described, and nothing else.
        let metadata = program.get("/forms/tiwizi-visit.svc/$metadata").is(200).text();
        for name in row.as_object().unwrap().keys() {
            assert!(metadata.contains(&format!("Name=\"{name}\"")), "{name} is not described");
        }
        assert!(metadata.contains("Name=\"minutes\" Type=\"Edm.Int64\""));
        let one = program.get(&format!("{TABLE}('uuid%3Ait''s')")).is(200).json();
        assert_eq!(one["value"][0], *row);
        program.get(&format!("{TABLE}('uuid%3Ait''s')/Submissions")).is(404);
        program.get(&format!("{TABLE}('x')")).is(404);
        program.get(&format!("{TABLE}('x')?$filter=__system/submitterId%20eq%201")).is(501);
        program.get("/forms/tiwizi-visit.svc/Submissions_meta").is(404);
    });
}

#[test]
fn a_long_table_is_read_page_by_page() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        for n in 0..7 {
            program.send(FORM, &visit(given.organisation, &n.to_string(), "Vu")).is(200);
        }
        // Two that came at the same instant stand in one order.
        house.given(|tx| tx.run(&sql("update submission set received_at = 1790000000000 where instance in ('uuid:2', 'uuid:3', 'uuid:4')")));
        let ids = |rows: &[kernel::Json]| -> Vec<String> {
            rows.iter().map(|row| row["__id"].as_str().unwrap().to_owned()).collect()
        };
        let all = ids(&program.rows(TABLE));
        assert_eq!((all.len(), all[0].as_str()), (7, "uuid:6"), "the newest first");
        for size in [1, 2, 3, 7, 100] {
            let mut found = Vec::new();
            let mut next = Some(format!("{}{TABLE}?$top={size}&$count=true", program.base));
            while let Some(path) = next {
                let page = program.at(&path).is(200).json();
                assert_eq!(page["@odata.count"], 7);
                found.extend(ids(page["value"].as_array().unwrap()));
                next = page["@odata.nextLink"].as_str().map(|link| link.replace("http://localhost", ""));
            }
            assert_eq!(found, all, "by {size}");
        }
        assert_eq!(ids(&program.rows(&format!("{TABLE}?$skip=2&$top=3"))), all[2..5]);
        assert!(program.rows(&format!("{TABLE}?$skip=7")).is_empty());
        assert!(program.rows(&format!("{TABLE}?$top=0")).is_empty());
        let most = i64::MAX;
        assert!(program.rows(&format!("{TABLE}?$skip={most}&$top={most}")).is_empty());
        assert_eq!(program.rows(&format!("{TABLE}?$top={most}")).len(), 7);
        for wrong in [
            "$top=-1",
            "$skip=-5",
            "$top=x",
            "$top=99999999999999999999",
            "$skip=1.5",
            "$count=maybe",
            "$skiptoken=x",
            "$skiptoken=1.'",
        ] {
            assert_eq!(code(&program.get(&format!("{TABLE}?{wrong}")).is(400)), "400.2", "{wrong}");
        }
        for unknown in [
            "$orderby=seen",
            "$select=seen",
            "$search=x",
            "$expand=meta",
            "$apply=x",
            "$wkt=true",
            "$format=xml",
            "$x",
        ] {
            assert_eq!(code(&program.get(&format!("{TABLE}?{unknown}")).is(501)), "501.1", "{unknown}");
        }
        // As pyodk writes them.
        program.get(&format!("{TABLE}?%24count=True&%24wkt=False")).is(200).says("@odata.count");
    });
}

#[test]
fn a_filter_chooses_by_time_and_sender() {
    on_both(rooms, |house| {
        let given = given(house);
        let (amina, samira) = (given.coach(house, "amina"), given.manager(house, "samira"));
        let (program, hers) = (Program::of(house, &given, &amina), Program::of(house, &given, &samira));
        program.send(FORM, &visit(given.organisation, "old", "Vu")).is(200);
        hers.send(FORM, &visit(given.organisation, "new", "Vu")).is(200);
        house.given(|tx| {
            tx.run(&sql("update submission set received_at = 1790000000000 where instance = 'uuid:old'"))
        });
        let number =
            |program: &Program<'_>| program.at("/v1/users/current").is(200).json()["id"].as_i64().unwrap();
        let found = |filter: &str| -> Vec<String> {
            let rows = program.rows(&format!("{TABLE}?$filter={}", kernel::fields::encode(filter)));
            rows.iter().map(|row| row["__id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found("__system/submissionDate lt 2026-10-01"), ["uuid:old"]);
        assert_eq!(found("__system/submissionDate ge 2026-10-01T00:00:00.000Z"), ["uuid:new"]);
        assert_eq!(found("__system/submissionDate eq 2026-09-21T14:13:20Z"), ["uuid:old"]);
        assert_eq!(found(&format!("__system/submitterId eq {}", number(&hers))), ["uuid:new"]);
        assert_eq!(found(&format!("not (__system/submitterId eq '{}')", number(&hers))), ["uuid:old"]);
        assert_eq!(found("__system/reviewState eq null and __system/updatedAt eq null").len(), 2);
        assert!(found("__system/submitterId eq 1").is_empty());
        let filtered =
            format!("{TABLE}?$count=true&$top=1&$filter=__system/submissionDate%20gt%202020-01-01");
        let page = program.get(&filtered).is(200).json();
        assert_eq!(page["@odata.count"], 2);
        let next = page["@odata.nextLink"].as_str().unwrap().replace("http://localhost", "");
        let page = program.at(&next).is(200).json();
        assert_eq!((page["@odata.count"].as_i64(), page["value"].as_array().unwrap().len()), (Some(2), 1));
        for wrong in [
            "seen eq 'Vu'",
            "1 eq 1 or 1 eq 1",
            "'; drop table submission",
            "__system/submitterId eq 1 or 1=1",
        ] {
            let path = format!("{TABLE}?$filter={}", kernel::fields::encode(wrong));
            assert_eq!(code(&program.get(&path).is(501)), "501.4", "{wrong}");
        }
    });
}

#[test]
fn lists_are_read_as_entities() {
    on_both(rooms, |house| {
        let given = given(house);
        let amina = given.coach(house, "amina");
        let program = Program::of(house, &given, &amina);
        let lists = program.get("/datasets").is(200).json();
        let names: Vec<&str> =
            lists.as_array().unwrap().iter().map(|list| list["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["cooperatives", "half_days", "participants"]);
        let list = program.get("/datasets/cooperatives").is(200).json();
        assert_eq!(list["properties"][0]["name"], "place");
        let entities = program.get("/datasets/cooperatives/entities").is(200).json();
        assert_eq!(entities[0]["uuid"], given.organisation.to_string());
        assert_eq!(entities[0]["currentVersion"]["label"], "Tiniri");
        let rows = program.rows("/datasets/cooperatives.svc/Entities?$count=true");
        assert_eq!(
            (rows[0]["label"].as_str(), rows[0]["__system"]["version"].as_i64()),
            (Some("Tiniri"), Some(1))
        );
        assert_eq!(program.rows("/datasets/cooperatives.svc/Entities?$skip=1").len(), 0);
        program.get("/datasets/cooperatives.svc").is(200).says("Entities");
        program.get("/datasets/cooperatives.svc/$metadata").is(200).says("Name=\"phone\"");
        program.get("/datasets/cooperatives/entities.csv").is(200).says("name,label,__version");
        program.get("/datasets/cooperatives.svc/Entities?$filter=x").is(501);
        for nothing in [
            "members",
            "account",
            "members/entities",
            "members.svc/Entities",
            "cooperatives/x",
            "cooperatives.svc/x",
        ] {
            program.get(&format!("/datasets/{nothing}")).is(404);
        }
        // A trainer is offered what a roll-call takes, and nothing else.
        let scope = format!("programme:{}", given.programme);
        let trainer = people::testing::sign_in(house, "trainer", &[("trainer", &scope)]);
        let hers = Program::of(house, &given, &trainer);
        hers.get("/datasets/cooperatives").is(404);
        hers.get("/datasets/half_days/entities").is(200);
        hers.get(TABLE).is(404);
        assert_eq!(hers.get("/forms").is(200).json().as_array().unwrap().len(), 1);
        let form = [("name", "x"), ("programme", &*given.programme.to_string())];
        trainer.post("/field/collect", &form).is(200).says("forms/tiwizi-roll-call.svc");
        amina.post("/field/collect", &form).is(200).says("forms/tiwizi-visit.svc");
    });
}
