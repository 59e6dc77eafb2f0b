//! Equipment and co-financing, from the request to the last inspection.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use jiff::ToSpan;
use kernel::testing::{Answer, House, Visitor, on_both};
use kernel::{Id, Room, sql};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../packs/ma/divisions.csv"),
        census: include_str!("../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../packs/ma/regions.json"),
        provinces: include_str!("../../../packs/ma/provinces.json"),
        communes: include_str!("../../../packs/ma/communes.json"),
    };
    programmes::selection::open_packs(include_str!("../../../packs/ma/eligibility.toml"));
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![kernel, people::room(), registry::room(), programmes::room()]
}

fn ago(days: i64) -> String {
    kernel::today().saturating_sub(days.days()).to_string()
}

fn put(visitor: &Visitor<'_>, path: &str, form: &[(&str, &str)]) -> String {
    let id = Id::new().to_string();
    let mut all = vec![("id", id.as_str())];
    all.extend(form);
    visitor.post(path, &all).is(303);
    id
}

const PAPER: &[u8] = b"%PDF-1.7 a paper";

/// Sends a form with a paper.
fn hand<'a>(visitor: &'a Visitor<'_>, path: &str, form: &[(&str, &str)]) -> Answer<'a> {
    visitor.upload(path, form, "file", "piece.pdf", PAPER)
}

struct Opened<'a> {
    manager: Visitor<'a>,
    coach: Visitor<'a>,
    programme: String,
    cooperative: String,
    call: String,
    line: String,
    contribution: String,
    funding: String,
}

/// A programme with the INDH rules, a budget line, a contribution of 100 000 of which 50 000 came, an enrolled
/// cooperative, and its request: 100 000, of which 60 000 asked, 30 000 in cash, 10 000 in kind.
fn opened(house: &House) -> Opened<'_> {
    let nadia = sign_in(house, "nadia", &[("administrator", "platform")]);
    let form =
        [("name.fr", "Programme"), ("since", "2026-01-01"), ("until", "2028-12-31"), ("status", "running")];
    let programme = put(&nadia, "/programmes", &form);
    let scope = format!("programme:{programme}");
    let manager = sign_in(house, "samira", &[("manager", &scope)]);
    let coach = sign_in(house, "amina", &[("coach", &scope)]);
    let of = |path: &str| format!("/programmes/{programme}/{path}");
    let register = |kind, name| {
        let form =
            [("kind", kind), ("name", name), ("place", "08.587.11.07"), ("force", "yes"), ("members", "20")];
        put(&nadia, "/organisations", &form)
    };
    let (cooperative, sponsor) =
        (register("cooperative", "Coopérative Tifaouine"), register("sponsor", "Groupe Adrar"));
    let promotion = put(&manager, &of("promotions"), &[("name.fr", "Promotion 1"), ("since", "2026-02-01")]);
    nadia
        .post(
            &of("enrol"),
            &[("promotion", &promotion), ("organisation", &cooperative), ("since", "2026-02-01")],
        )
        .is(303);
    let form = [
        ("title.fr", "Appel"),
        ("opens", "2026-01-02"),
        ("closes", "2026-01-30"),
        ("places", "9"),
        ("status", "draft"),
    ];
    let call = put(&manager, &of("calls"), &form);
    manager.post(&format!("/calls/{call}/rule-packs"), &[("pack", "indh-3")]).is(303);
    let line = put(
        &manager,
        &of("budget-lines"),
        &[("name.fr", "Équipements"), ("planned", "55 000"), ("theme", "equipment")],
    );
    let convention = put(&manager, &of("conventions"), &[("title.fr", "Convention")]);
    let form = [("organisation", sponsor.as_str()), ("nature", "cash"), ("promised", "100 000")];
    let contribution = put(&nadia, &format!("/conventions/{convention}/contributions"), &form);
    put(
        &manager,
        &format!("/contributions/{contribution}/receipts"),
        &[("amount", "50 000"), ("received", &ago(90))],
    );
    let form = request(&cooperative, &call, &line);
    let funding = put(&coach, &of("funding"), &pairs(&form));
    Opened { manager, coach, programme, cooperative, call, line, contribution, funding }
}

fn request(cooperative: &str, call: &str, line: &str) -> Vec<(&'static str, String)> {
    [
        ("organisation", cooperative),
        ("title.fr", "Séchoir"),
        ("asked", &ago(60)),
        ("cost", "100 000"),
        ("grant_asked", "60 000"),
        ("own_cash", "30 000"),
        ("own_kind", "10 000"),
        ("call", call),
        ("budget_line", line),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .to_vec()
}

fn pairs<'a>(form: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, text)| (*name, text.as_str())).collect()
}

fn with<'a>(form: &'a [(&'static str, String)], name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    pairs(form).into_iter().map(|(n, t)| (n, if n == name { text } else { t })).collect()
}

#[test]
fn a_request_adds_up_and_stays_in_its_programme() {
    on_both(rooms, |house| {
        let o = opened(house);
        let path = format!("/programmes/{}/funding", o.programme);
        let form = request(&o.cooperative, &o.call, &o.line);
        for (field, text) in [("cost", "90 000"), ("asked", "2999-01-01")] {
            let answer = o.coach.post_json(&path, &with(&form, field, text)).is(422);
            assert_eq!(answer.json()["errors"][0]["field"], field);
        }
        for field in ["organisation", "call", "budget_line"] {
            o.coach.post(&path, &with(&form, field, &o.contribution)).is(409);
        }
        let mut euro = pairs(&form);
        euro.push(("grant_asked.currency", "EUR"));
        o.coach.post(&path, &euro).is(422).says("même monnaie");
        // Sent again with its id, it stands once.
        let mut again = pairs(&form);
        again.push(("id", &o.funding));
        let _ = o.coach.post(&path, &again);
        assert_eq!(o.coach.get_json(&path).json()["rows"].as_array().unwrap().len(), 1);
        // A stranger learns nothing; who has no account signs in.
        let stranger = sign_in(house, "driss", &[]);
        stranger.get(&path).is(404);
        stranger.get(&format!("/funding/{}", o.funding)).is(404);
        stranger.get(&format!("/funding/{}/quotations/new", o.funding)).is(404);
        house.visitor().get(&format!("/funding/{}", o.funding)).is(303).leads_to("/sign-in");
    });
}

#[test]
fn quotations_are_compared_and_a_dearer_one_says_why() {
    on_both(rooms, |house| {
        let o = opened(house);
        let path = format!("/funding/{}/quotations", o.funding);
        let quotation = |supplier, amount, chosen, reason| {
            [
                ("supplier", supplier),
                ("amount", amount),
                ("dated", "2026-05-01"),
                ("chosen", chosen),
                ("reason", reason),
                ("amount.currency", "MAD"),
            ]
        };
        o.coach.post(&path, &quotation("Atlas", "90 000", "no", "")).is(422);
        o.coach.upload(&path, &quotation("Atlas", "90 000", "no", ""), "file", "x.exe", b"MZ\x90").is(422);
        hand(&o.coach, &path, &quotation("Atlas", "90 000", "no", "")).is(303);
        hand(&o.coach, &path, &quotation("Sud", "95 000", "yes", "")).is(422).says("moins cher");
        hand(&o.coach, &path, &quotation("Sud", "95 000", "yes", "Livre au village")).is(303);
        hand(&o.coach, &path, &quotation("Nord", "80 000", "yes", "")).is(422).says("déjà retenu");
        let page = o.coach.get_json(&format!("/funding/{}", o.funding)).is(200).json();
        assert_eq!(page["quotations"].as_array().unwrap().len(), 2);
        assert_eq!(page["steps"][1], serde_json::json!(["quotations", "done"]));
        // The paper opens for the team and for the cooperative, for nobody else; a partner sees the money alone.
        let file = page["quotations"][0]["file"].as_str().unwrap().to_owned();
        let paper = format!("/files/{file}");
        let scope = format!("organisation:{}", o.cooperative);
        let president = sign_in(house, "fadma", &[("representative", &scope)]);
        let partner = sign_in(house, "karim", &[("partner", &format!("programme:{}", o.programme))]);
        o.coach.get(&paper).is(200);
        president.get(&paper).is(200);
        partner.get(&paper).is(404);
        sign_in(house, "driss", &[]).get(&paper).is(404);
        let page = partner.get_json(&format!("/funding/{}", o.funding)).is(200).json();
        assert!(page["quotations"].as_array().unwrap().is_empty());
        // The cooperative reads its file and writes nothing in it.
        president
            .get(&format!("/funding/{}", o.funding))
            .is(200)
            .says("Séchoir")
            .never_says("quotations/new");
        president.get(&format!("/funding/{}/quotations/new", o.funding)).is(404);
        hand(&president, &path, &quotation("Moi", "1", "no", "")).is(404);
    });
}

fn decide<'a>(o: &'a Opened<'_>, outcome: &str, granted: &str, reason: &str) -> Answer<'a> {
    let form = [
        ("outcome", outcome),
        ("decided", &*ago(50)),
        ("body", "Comité"),
        ("granted", granted),
        ("reason", reason),
    ];
    o.manager.post(&format!("/funding/{}/grant-decisions", o.funding), &form)
}

#[test]
fn a_grant_stays_within_what_was_asked_and_is_paid_by_milestones() {
    on_both(rooms, |house| {
        let o = opened(house);
        let of = |path: &str| format!("/funding/{}/{path}", o.funding);
        // Nothing is tied to a milestone before the decision, and a coach decides nothing.
        let form = [("milestone", "Dépôt"), ("amount", "30 000")];
        o.manager.post(&of("tranches"), &form).is(422).says("accordée");
        o.coach.get(&of("grant-decisions/new")).is(403);
        decide(&o, "granted", "", "").is(422);
        decide(&o, "granted", "70 000", "").is(422).says("dépasse");
        decide(&o, "refused", "", "").is(422);
        decide(&o, "refused", "10 000", "Non").is(422);
        // The members' share of women and young is not known: no rule fails, so that no reason is needed.
        decide(&o, "granted", "50 000", "").is(422).says("Moins que");
        decide(&o, "granted", "50 000", "Sans le transport").is(303);
        let first = put(&o.manager, &of("tranches"), &[("milestone", "Dépôt"), ("amount", "30 000")]);
        o.manager
            .post(&of("tranches"), &[("milestone", "Livraison"), ("amount", "30 000")])
            .is(422)
            .says("dépassent");
        let second = put(&o.manager, &of("tranches"), &[("milestone", "Livraison"), ("amount", "20 000")]);
        // Nothing is paid before its milestone, nor beyond its tranche.
        let pay = |tranche: &str, amount: &str, paid: &str| {
            let form = [
                ("tranche", tranche),
                ("amount", amount),
                ("paid", paid),
                ("contribution", &*o.contribution),
            ];
            o.manager.post(&of("grant-payments"), &form).status
        };
        assert_eq!(pay(&first, "30 000", &ago(10)), 422);
        let reach = [("version", "1"), ("reached", &*ago(20)), ("_fields", "reached")];
        o.manager.post(&format!("/tranches/{first}"), &reach).is(303);
        assert_eq!(pay(&first, "30 000", &ago(25)), 422);
        assert_eq!(pay(&first, "31 000", &ago(10)), 422);
        assert_eq!(pay(&second, "20 000", &ago(10)), 422);
        assert_eq!(pay(&Id::new().to_string(), "20 000", &ago(10)), 409);
        assert_eq!(pay(&first, "30 000", &ago(10)), 303);
        assert_eq!(pay(&first, "1", &ago(10)), 422);
        // What was paid holds what it stands on.
        o.manager.post(&format!("/tranches/{first}/remove"), &[]).is(409);
        let less = [("version", "2"), ("amount", "10 000"), ("_fields", "amount")];
        o.manager.post(&format!("/tranches/{first}"), &less).is(422).says("versé plus");
        // The budget and the contribution know it.
        let money = o.manager.get_json(&format!("/programmes/{}/money", o.programme)).json();
        assert_eq!(money["budget"][0]["granted"]["minor"], 5_000_000);
        assert_eq!(money["budget"][0]["paid"]["minor"], 3_000_000);
        assert_eq!(money["promises"][0]["paid_out"]["minor"], 3_000_000);
        let page = o.manager.get_json(&format!("/funding/{}", o.funding)).json();
        assert_eq!(page["untied"], serde_json::Value::Null);
        assert_eq!(page["paid"]["minor"], 3_000_000);
    });
}

#[test]
fn a_rule_that_fails_is_told_and_granted_only_with_a_reason() {
    on_both(rooms, |house| {
        let o = opened(house);
        let form = request(&o.cooperative, &o.call, &o.line);
        let mut form = with(&form, "grant_asked", "68 000");
        form.retain(|(name, _)| *name != "own_cash");
        form.push(("own_cash", "22 000"));
        let funding = put(&o.coach, &format!("/programmes/{}/funding", o.programme), &form);
        o.coach.get(&format!("/funding/{funding}")).is(200).says("8\u{202f}000\u{a0}MAD de trop");
        let decision = |reason: &str| {
            let form = [
                ("outcome", "granted"),
                ("decided", &*ago(50)),
                ("body", "Comité"),
                ("granted", "68 000"),
                ("reason", reason),
            ];
            o.manager.post(&format!("/funding/{funding}/grant-decisions"), &form).status
        };
        assert_eq!(decision(""), 422);
        assert_eq!(decision("Zone enclavée, dérogation du comité provincial"), 303);
        // More is granted than the line of the budget holds.
        o.manager.get(&format!("/programmes/{}/funding", o.programme)).is(200).says("Budget dépassé");
    });
}

#[test]
fn what_is_handed_over_is_inspected_after_six_and_twelve_months() {
    on_both(rooms, |house| {
        let o = opened(house);
        let of = |path: &str| format!("/funding/{}/{path}", o.funding);
        let receive = |day: &str, equipment: &str| {
            let form = [("handed", day), ("receiver", "Fadma, présidente"), ("equipment", equipment)];
            hand(&o.coach, &of("hand-overs"), &form).status
        };
        assert_eq!(receive(&ago(200), ""), 422);
        let dryer = put(&o.coach, &of("equipment"), &[("name.fr", "Séchoir"), ("quantity", "1")]);
        let scale = put(&o.coach, &of("equipment"), &[("name.fr", "Balance"), ("quantity", "2")]);
        o.coach.post(&of("equipment"), &[("name.fr", "Rien"), ("quantity", "0")]).is(422);
        let look = |equipment: &str, day: &str, state: &str, note: &str, occasion: &str| {
            let form = [
                ("equipment", equipment),
                ("inspected", day),
                ("state", state),
                ("note", note),
                ("occasion", occasion),
            ];
            o.coach.post(&of("inspections"), &form).status
        };
        assert_eq!(look(&dryer, &ago(1), "works", "", "six_months"), 422);
        o.coach.post(&of("hand-overs"), &[("handed", &ago(200)), ("receiver", "Fadma")]).is(422);
        assert_eq!(receive(&ago(200), &dryer), 303);
        assert_eq!(receive(&ago(200), &dryer), 422);
        assert_eq!(receive(&ago(100), ""), 303);
        assert_eq!(receive(&ago(100), ""), 422);
        assert_eq!(look(&dryer, &ago(210), "works", "", "six_months"), 422);
        assert_eq!(look(&dryer, &ago(2), "broken", "", "six_months"), 422);
        assert_eq!(look(&dryer, &ago(2), "broken", "Le moteur ne tourne plus", "six_months"), 303);
        let page = o.coach.get_json(&format!("/funding/{}", o.funding)).json();
        assert_eq!(page["pieces"][0]["inspections"][0]["state"], "broken");
        assert_eq!(page["pieces"][0]["next"][2], "twelve_months");
        assert_eq!(page["pieces"][1]["next"][2], "six_months");
        // What was inspected keeps its hand-over; what was not can be taken back.
        o.coach.post(&format!("/equipment/{dryer}/remove"), &[]).is(409);
        let [first, second] = [0, 1].map(|n| page["hand_overs"][n]["id"].as_str().unwrap().to_owned());
        o.coach.post(&format!("/hand-overs/{first}/remove"), &[]).is(409);
        o.coach.post(&format!("/hand-overs/{second}/remove"), &[]).is(303);
        o.coach.post(&format!("/equipment/{scale}/remove"), &[]).is(303);
        o.coach.post(&format!("/funding/{}/remove", o.funding), &[]).is(409);
        let line = o.coach.get_json(&format!("/programmes/{}/funding", o.programme)).json();
        assert_eq!(line["pieces"], 1);
        assert_eq!(line["working"], 0);
        let facts = house.look(|db| {
            db.one::<i64>(
                &sql("select count(*) from fact where kind = 'programmes.inspection.created'").open("all"),
            )
        });
        assert_eq!(facts, 1);
        // The cooperative sees it on its page and in its own space.
        let scope = format!("organisation:{}", o.cooperative);
        let president = sign_in(house, "fadma", &[("representative", &scope)]);
        president.get("/space").is(200).says("équipements reçus");
        president.get(&format!("/organisations/{}", o.cooperative)).is(200).says("Séchoir");
    });
}
