//! What is published, to whom, and what never leaves.

use kernel::Id;
use kernel::sql;
use kernel::testing::on_both;
use people::testing::sign_in;

use crate::{day, place, rooms};

const FILES: &[&str] =
    &["3w.csv", "figures.csv", "iati-activity.xml", "iati-organisation.xml", "datapackage.json"];

#[test]
fn nothing_is_published_until_the_team_and_the_programme_say_so() {
    on_both(rooms, |house| {
        let here = place(house);
        let nobody = house.visitor();
        let nowhere = || {
            for file in FILES {
                nobody.get(&here.file(file)).is(404);
                here.partner.get(&here.file(file)).is(404);
            }
            nobody.get(&here.page()).is(404);
            nobody.get("/open-data").is(200).says("Aucun programme ne publie").never_says("Drâa");
            nobody.get("/open-data/catalogue.jsonld").is(200).never_says(&here.programme);
        };
        nowhere();
        assert_eq!(here.declare("0", &[("published", "")]), 303);
        nowhere();
        // The team looks before it opens.
        here.manager.get(&here.file("3w.csv")).is(200).says("#org+name");
        here.manager.get(&here.page()).is(200).says("Fermé");
        assert_eq!(here.declare("1", &[]), 303);
        for file in FILES {
            nobody.get(&here.file(file)).is(200);
        }
        nobody.get(&here.page()).is(200).says("3w.csv").never_says("Choisir ce qui est publié");
        nobody.get("/open-data").is(200).says("Association Tamghart");
        nobody.get(&format!("/programmes/{}", here.programme)).is(200).says("Ce programme publie ses totaux");
        // A file that was not chosen is none, and a programme that is closed again closes its files.
        assert_eq!(here.declare("2", &[("who_where", "")]), 303);
        nobody.get(&here.file("3w.csv")).is(404);
        nobody.get(&here.file("figures.csv")).is(200);
        assert_eq!(here.declare("3", &[]), 303);
        let form = [("version", "1"), ("_fields", "published")];
        here.boss.post(&format!("/programmes/{}", here.programme), &form).is(303);
        nowhere();
    });
}

#[test]
fn only_stewards_say_what_is_published() {
    on_both(rooms, |house| {
        let here = place(house);
        let edit = here.file("edit");
        here.manager.get(&edit).is(200).says("Association Tamghart").never_says("Association Inconnue");
        here.partner.get(&edit).is(403);
        house.visitor().get(&edit).is(303).leads_to("/sign-in");
        here.partner.post(&here.page(), &[("published", "yes")]).is(403);
        sign_in(house, "far", &[]).post(&here.page(), &[("published", "yes")]).is(403);
        // Mistakes are told at their fields.
        for (field, typed, sentence) in [
            ("identifier", "tamghart", "Un identifiant IATI s’écrit"),
            ("identifier", "MA-ICE-1/2", "Un identifiant IATI s’écrit"),
            ("publisher", &*here.stranger, "Choisissez un partenaire du programme"),
        ] {
            let issued = day(0);
            let mut form = vec![
                ("publisher", &*here.publisher),
                ("publisher_kind", "22"),
                ("identifier", "MA-ICE-001"),
                ("sector", "31194"),
                ("licence", "cc_by"),
                ("issued", &*issued),
            ];
            form.retain(|(name, _)| *name != field);
            form.push((field, typed));
            here.manager.post(&here.page(), &form).is(422).says(sentence);
        }
        assert_eq!(here.declare("0", &[]), 303);
        // Two who changed the same field meet; different fields merge.
        assert_eq!(here.declare("1", &[("licence", "odbl")]), 303);
        assert_eq!(here.declare("1", &[("licence", "cc_zero")]), 422);
        let data = here.manager.get_json(&here.page()).is(200).json();
        assert!(data["licence"].as_str().unwrap().starts_with("ODbL"), "{data}");
    });
}

#[test]
fn no_person_leaves_and_few_people_are_hidden() {
    on_both(rooms, |house| {
        let here = place(house);
        assert_eq!(here.declare("0", &[]), 303);
        let nobody = house.visitor();
        let machine = "/open-data/catalogue.jsonld".to_owned();
        for path in
            FILES.iter().map(|file| here.file(file)).chain([here.page(), "/open-data".into(), machine])
        {
            for lang in ["fr", "ar", "en"] {
                nobody
                    .get(&format!("{path}?lang={lang}"))
                    .is(200)
                    .never_says("Zahra")
                    .never_says("661998877")
                    .never_says("Ayyur")
                    .never_says("Inconnue")
                    .never_says("Discret")
                    .never_says("778899")
                    .never_says("samira");
            }
        }
        let figures = nobody.get(&format!("{}?lang=en", here.file("figures.csv"))).is(200).text();
        let lines: Vec<_> = figures.lines().filter(|line| line.contains(",members-registered,")).collect();
        assert!(lines.iter().any(|line| line.contains(",Total,,9,people,,9,false")), "{lines:#?}");
        // Seven women and two men: neither may be told from the whole.
        let sexes: Vec<_> =
            lines.iter().filter(|line| line.contains(",woman,") || line.contains(",man,")).collect();
        assert!(sexes.len() == 2 && sexes.iter().all(|line| line.ends_with(",,people,,,true")), "{lines:#?}");
        let activity = nobody.get(&here.file("iati-activity.xml")).is(200).text();
        assert!(
            activity.contains("<actual value=\"9\">") && !activity.contains("<actual value=\"7\">"),
            "{activity}"
        );
        assert!(
            activity.contains("<target value=\"40\"")
                && activity.contains("Programme &lt;Atlas&gt; &amp; Drâa")
        );
        assert!(!activity.contains("<transaction>"), "{activity}");
        // An actor that is neither published nor a partner stays unnamed; so does a giver where money is told.
        let nobody = house.visitor();
        nobody
            .get(&here.file("3w.csv"))
            .is(200)
            .says("Autre acteur")
            .says("Association Tamghart")
            .says("#adm2+code");
        assert_eq!(here.declare("1", &[("money", "yes")]), 303);
        nobody
            .get(&here.file("iati-activity.xml"))
            .is(200)
            .says("778899")
            .says("<transaction>")
            .never_says("Discret");
    });
}

#[test]
fn a_link_gives_a_spreadsheet_what_an_outside_reader_may_see_until_it_ends() {
    on_both(rooms, |house| {
        let here = place(house);
        let nobody = house.visitor();
        let (mine, other) = ("a1".repeat(32), "b2".repeat(32));
        let table = |secret: &str| nobody.get(&format!("/shared-figures/{secret}"));
        table(&mine).is(404);
        assert_eq!(here.link(&here.partner, &mine, &[]), 303);
        assert_eq!(here.link(&here.partner, &mine, &[]), 303, "sent twice it is one");
        let page = format!("/programmes/{}/figure-links", here.programme);
        here.partner.get(&format!("{page}?link={mine}")).is(200).says(&format!("/shared-figures/{mine}"));
        here.partner
            .get(&format!("{page}?link={other}"))
            .is(200)
            .never_says(&format!("/shared-figures/{other}"));
        let text = table(&mine).is(200).text();
        assert!(text.starts_with('\u{feff}') && text.contains(";9;"), "{text}");
        assert!(!text.contains(";7;") && text.matches(";true").count() == 2, "{text}");
        // The manager reads the records; her link does not.
        assert_eq!(here.link(&here.manager, &other, &[]), 303);
        assert!(!table(&other).is(200).text().contains(";7;"));
        // Only the digest is kept.
        let kept: Vec<String> =
            house.look(|db| db.rows(&sql("select digest from figure_key"), |row| row.take()));
        assert!(kept.len() == 2 && !kept.contains(&mine) && kept.contains(&people::secret_digest(&mine)));
        // What cannot be told, for too long, or with a secret that nobody drew.
        let fresh = "c3".repeat(32);
        for form in [
            [("indicator", "nothing-such")],
            [("cut", "cooperative")],
            [("cut", "colour")],
            [("until", &*day(-1))],
            [("until", &*day(900))],
        ] {
            assert!([409, 422].contains(&here.link(&here.partner, &fresh, &form)), "{form:?}");
        }
        assert!([409, 422].contains(&here.link(&here.partner, "short", &[])));
        // A stranger makes none and sees none; a partner ends none of the manager's.
        let far = sign_in(house, "far", &[]);
        assert_eq!(here.link(&far, &fresh, &[]), 403);
        far.get(&page).is(403);
        house.visitor().get(&page).is(303).leads_to("/sign-in");
        here.partner.get(&page).is(200).never_says("samira");
        let of_manager = Id::named(&other).to_string();
        here.partner.post(&format!("/figure-links/{of_manager}/withdraw"), &[]).is(403);
        table(&other).is(200);
        here.manager.post(&format!("/figure-links/{of_manager}/withdraw"), &[]).is(303);
        table(&other).is(404);
        // It ends on its day, and with the right of whoever made it.
        let id = Id::named(&mine);
        house.given(|tx| tx.run(&sql("update figure_link set until = '2020-01-01' where id = ?").bind(id)));
        table(&mine).is(404);
        house.given(|tx| tx.run(&sql("update figure_link set until = '2099-01-01' where id = ?").bind(id)));
        table(&mine).is(200);
        house.given(|tx| {
            tx.run(
                &sql("update role set since = '2019-01-01', until = '2020-01-01' where account = ?")
                    .bind(Id::named("karim")),
            )
        });
        table(&mine).is(404);
    });
}
