//! A questionnaire of the programme's own: offered to telephones, filled in, its answers and photos in the dataset.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../../../tools/xlsform/tests/book.rs"]
mod book;

use kernel::sql;
use kernel::testing::{House, Visitor, on_both};

use crate::central::{Program, basic, code};
use crate::house::collect::{Collect, filled};
use crate::house::{self, Given, given, rooms};

const FORM: &str = "# survey
type | name | label::Français (fr) | label::العربية (ar) | required | save_to | repeat_count
start | start
end | end
today | today
deviceid | deviceid
select_one_from_file cooperatives.csv | cooperative | Coopérative | التعاونية | yes
integer | members | Membres | الأعضاء | | members
select_one yes_no | sells | Vend-elle ? | هل تبيع؟
image | photo | Photo | صورة
begin_repeat | buyer | Acheteur | المشتري
text | name | Nom | الاسم
audio | voice | Message | رسالة
end_repeat
# choices
list_name | name | label::Français (fr) | label::العربية (ar)
yes_no | yes | Oui | نعم
yes_no | no | Non | لا
# settings
form_title | form_id | default_language
Suivi des ventes | ventes | Français (fr)
# entities
list_name | entity_id
cooperatives | ${cooperative}
";

fn count(house: &House, statement: &str) -> i64 {
    house.look(|db| db.one(&sql(statement).open("test")))
}

fn sheets(form: &str) -> Vec<(&str, &str)> {
    form.split("# ").filter_map(|part| part.split_once('\n')).collect()
}

/// Publishes a questionnaire; answers the address of its survey.
fn publish(who: &Visitor<'_>, given: &Given, form: &str) -> String {
    let path = format!("/programmes/{}/surveys", given.programme);
    let draft =
        who.upload(&path, &[], "file", "ventes.xlsx", &book::book(&sheets(form))).is(303).location.unwrap();
    let published = who.post(&format!("{draft}/publication"), &[]).is(303).location.unwrap();
    published.split('?').next().unwrap().to_owned()
}

/// What somebody answers, photos apart.
fn answers(given: &Given, buyers: &str) -> String {
    format!(
        "<today>2026-03-04</today><cooperative>{}</cooperative><members>31</members><sells>yes</sells>{buyers}",
        given.organisation
    )
}

fn entity(given: &Given, version: &str) -> String {
    format!(
        "<entity xmlns=\"http://www.opendatakit.org/xforms/entities\" dataset=\"cooperatives\" id=\"{}\" update=\"1\" baseVersion=\"{version}\" trunkVersion=\"{version}\" branchId=\"b\"/>",
        given.organisation
    )
}

#[test]
fn a_survey_is_offered_filled_in_and_read() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (given.manager(house, "samira"), given.coach(house, "amina"));
        let survey = publish(&samira, &given, FORM);
        let collect = Collect::of(house, &given, &amina);
        let listed = collect
            .get("/formList")
            .is(200)
            .says("<formID>ventes</formID><name>Suivi des ventes</name><version>1</version>");
        assert!(listed.text().contains("<formID>tiwizi-visit</formID>"), "the forms of the house stay");
        collect
            .get("/forms/ventes/form")
            .is(200)
            .says("<data id=\"ventes\" version=\"1\">")
            .says("العربية (ar)");
        collect.get("/forms/ventes/manifest").is(200).says("<filename>cooperatives.csv</filename>");
        let version = house::organisation(&amina, &given)["version"].to_string();
        let buyers = "<photo>etal.jpg</photo><buyer><name>Riad</name><voice>1.ogg</voice></buyer><buyer><name>Zitoun</name></buyer>";
        let xml = filled("ventes", "one", &answers(&given, buyers), &entity(&given, &version));
        let picture: Vec<u8> = [b"\xff\xd8\xff\xe0".to_vec(), vec![7; 900]].concat();
        // Documents may come in a later request: the answer waits for them, and what it saves does not.
        collect.send(&xml).is(201);
        assert_eq!(count(house, "select count(*) from survey_answer"), 0);
        collect.send_with(&xml, &[("etal.jpg", &picture), ("1.ogg", b"OggS what no browser plays")]).is(201);
        assert_eq!(count(house, "select count(*) from device_command where state <> 'done'"), 0);
        assert_eq!(count(house, "select count(*) from survey_value where file is not null"), 2);
        assert_eq!(count(house, "select count(*) from organisation where members = 31"), 1);
        let facts = count(house, "select count(*) from fact");
        collect.send_with(&xml, &[("etal.jpg", &picture)]).is(201);
        assert_eq!(count(house, "select count(*) from fact"), facts, "a repost is no news");
        collect.send(&xml.replace("Zitoun", "Autre")).is(409);
        assert_eq!(count(house, "select count(*) from fact"), facts);
        let read = amina.get(&survey).is(200).says("Tiniri").says("Une réponse.").text();
        let at = read.find("/survey-answers/").unwrap();
        let page = read[at..].split('"').next().unwrap();
        amina.get(page).is(200).says("Zitoun").says("etal.jpg").says("amina");
        amina.get("/field/collect").is(200).says("Suivi des ventes").says("Enregistré");
    });
}

#[test]
fn what_was_filled_in_before_is_taken_after() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (given.manager(house, "samira"), given.coach(house, "amina"));
        let survey = publish(&samira, &given, FORM);
        let collect = Collect::of(house, &given, &amina);
        publish(&samira, &given, &FORM.replace("Vend-elle ?", "Vend-elle au souk ?"));
        collect.get("/formList").is(200).says("<version>2</version>");
        samira.post(&format!("{survey}/withdrawal"), &[]).is(303);
        let listed = collect.get("/formList").is(200).text();
        assert!(!listed.contains("ventes"), "a withdrawn survey is not offered");
        collect.get("/forms/ventes/form").is(404);
        // Sent after the withdrawal, filled in on the first edition: nothing is lost.
        collect.send(&filled("ventes", "late", &answers(&given, ""), "")).is(201);
        assert_eq!(count(house, "select count(*) from survey_answer where edition = 1"), 1);
        // Whose right ended waits for a manager.
        house.given(|tx| tx.run(&sql("update role set role = 'sponsor' where role = 'coach'").open("test")));
        collect.send(&filled("ventes", "held", &answers(&given, ""), "")).is(201);
        assert_eq!(count(house, "select count(*) from device_command where state = 'held'"), 1);
        // A trainer takes roll-calls and is offered no survey.
        let rachid = people::testing::sign_in(
            house,
            "rachid",
            &[("trainer", &format!("programme:{}", given.programme))],
        );
        samira.post(&format!("{survey}/offer"), &[]).is(303);
        let listed = Collect::of(house, &given, &rachid).get("/formList").is(200).text();
        assert!(!listed.contains("ventes"), "{listed}");
    });
}

#[test]
fn a_program_publishes_a_survey_and_reads_its_repeats() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (given.manager(house, "samira"), given.coach(house, "amina"));
        let (manager, coach) = (Program::of(house, &given, &samira), Program::of(house, &given, &amina));
        let publish = |program: &Program<'_>, rest: &str, bytes: Vec<u8>| {
            let shown = basic(&program.login, &program.key);
            let head = [("authorization", shown.as_str()), ("content-type", "application/vnd.ms-excel")];
            program.visitor.call("POST", &format!("{}/forms{rest}", program.base), &head, bytes).json()
        };
        let book = book::book(&sheets(FORM));
        assert_eq!(publish(&coach, "?publish=true", book.clone())["code"], "403.1");
        assert_eq!(publish(&coach, "", book.clone())["code"], "403.1");
        // As pyodk does: it waits, then it is published.
        let waits = publish(&manager, "", book.clone());
        assert_eq!((&waits["xmlFormId"], &waits["publishedAt"]), (&"ventes".into(), &kernel::Json::Null));
        assert_eq!(count(house, "select count(*) from survey"), 0);
        assert_eq!(code(&coach.post("/forms/ventes/draft/publish", "")), "403.1");
        assert_eq!(code(&manager.post("/forms/nothing/draft/publish", "")), "404.1");
        assert_eq!(publish(&manager, "/nothing/draft", book.clone())["code"], "400.2");
        assert_eq!(publish(&manager, "?publish=true", b"PK nothing".to_vec())["code"], "400.2");
        let wrong = book::book(&sheets(&FORM.replace("${cooperative}", "${nobody}")));
        let refusal = publish(&manager, "?publish=true", wrong);
        assert!(refusal["message"].as_str().unwrap().contains("entities"), "{refusal}");
        assert_eq!(count(house, "select count(*) from survey"), 0);
        let told = publish(&manager, "?publish=true", book.clone());
        assert_eq!((&told["xmlFormId"], &told["version"]), (&"ventes".into(), &"1".into()), "{told}");
        assert_eq!(publish(&manager, "?publish=true", book)["version"], "1", "the same bytes are no edition");
        let next = book::book(&sheets(&FORM.replace("Vend-elle ?", "Vend-elle au souk ?")));
        assert_eq!(publish(&manager, "/ventes/draft", next)["success"], true);
        manager.post("/forms/ventes/draft/publish", "").is(200);
        assert_eq!(manager.get("/forms/ventes").is(200).json()["version"], "2");
        let buyers = "<buyer><name>Riad</name></buyer><buyer><name>Zitoun</name></buyer>";
        coach.send("ventes", &filled("ventes", "one", &answers(&given, buyers), "")).is(200);
        let rows = manager.rows("/forms/ventes.svc/Submissions_buyer");
        let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!(names, ["Riad", "Zitoun"]);
        assert_eq!(manager.rows("/forms/ventes.svc/Submissions")[0]["members"], 31);
    });
}
