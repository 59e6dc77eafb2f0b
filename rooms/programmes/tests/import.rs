//! The import of a list of interventions, from the file to its undoing, as a team meets it.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "import/cells.rs"]
mod cells;
#[path = "import/place.rs"]
mod place;

use kernel::testing::on_both;
use kernel::{Id, sql};
use people::testing::sign_in;

use place::{
    ICE, IMPORTS, Place, act, brought, confirm, counts, interventions, lines, path, place, record, rooms,
    targets,
};

const HEADER: &str =
    "Coopérative;Commune;ICE;Tél;Acteur;Thème;Action;Début;Fin;Quantité;Unité;Montant;État;Programme\n";

/// Two good rows, one with a name to confirm, three wrong ones, one that is known, one that stands twice.
const LIST: &str = ";;001234567000089;;Office Deux;Formation en gestion;;01/03/2026;31/03/2026;٣;jours;12 500,50 DH;Réalisé;programme atlas\n\
    Autre nom;;;0661-000002;OD;الجودة والعلامات;Audit;١٥ أبريل ٢٠٢٦;;;;500 €;En cours;\n\
    Coop. Tiniri;Ikniouen;;;association une;equipment;Moulin;2026-05-01;;;;;;\n\
    Nulle part;Ikniouen;;;Association Une;Qualité;;2026-05-01;;;;;;\n\
    ;;001234567000089;;Fondation Personne;cuisine;;hier;;beaucoup;;;;\n\
    ;;;0661000003;Office Deux;Production;;2026-05-01;;;;;;\n\
    ;;001234567000089;;Association Une;Qualité;;10/01/2026;;;;;;\n\
    Ayyur;;001234567000089;;Office Deux;management;;2026-03-01;;;;;;\n";

#[test]
fn a_list_is_brought_checked_decided_applied_and_taken_back() {
    on_both(rooms, |house| {
        let Place { hanane, ayyur, tiniri, programme } = place(house);
        hanane.get("/convergence").is(200).says("Importer des interventions");
        hanane.get(&format!("/organisations/{ayyur}")).is(200).says(IMPORTS);
        hanane.get(&format!("/organisations/{ayyur}/interventions/new")).is(200).says(IMPORTS);
        hanane.get(IMPORTS).is(200).says("encore importé aucune intervention");
        hanane.upload(IMPORTS, &[], "file", "l.pdf", b"%PDF-1.4 nothing").is(422).says("pdf");
        let list = format!("{HEADER}{LIST}");
        let import = path(&hanane.upload(IMPORTS, &[], "file", "liste.csv", list.as_bytes()).is(303));
        assert_eq!(
            targets(&hanane, &import).join(" "),
            "organisation organisation.place organisation.ice organisation.phone actor theme title.fr since until \
             quantity unit amount status programme"
        );
        let refused = |form: &[(&str, &str)], words: &str| {
            hanane.post(&format!("{import}/mapping"), form).is(422).says(words);
        };
        refused(&[("column.0", "organisation"), ("column.4", "actor")], "son nom et sa commune");
        refused(&[("column.2", "organisation.ice")], "ajoutez-y une colonne");
        refused(&[("column.3", "organisation.phone"), ("column.4", "actor")], "le thème");
        confirm(house, &hanane, &import);
        assert_eq!(
            counts(&hanane, &import),
            serde_json::json!({"good": 2, "maybe": 1, "wrong": 3, "known": 2})
        );
        assert_eq!(interventions(house), 1, "nothing is created before it was seen");

        hanane.get(&format!("{import}?list=good")).is(200).says("Sera ajoutée").says("Coopérative Ayyur");
        let wrong = hanane.get(&format!("{import}?list=wrong")).is(200).says("Aucune coopérative connue");
        let wrong = wrong
            .says("Fondation Personne")
            .says("<bdi>Début</bdi> : « hier »")
            .says("<bdi>Quantité</bdi> : ");
        drop(
            wrong
                .says("cuisine")
                .says("Au choix : Gouvernance · Formation en gestion")
                .says("pas de celles que vous suivez"),
        );
        let maybe = hanane.get(&format!("{import}?list=maybe")).is(200).says("Coopérative Tiniri");
        drop(maybe.says("Il s’agit de").never_says("C’est une autre"));
        let known = hanane.get(&format!("{import}?list=known")).is(200).says("La ligne 2 du même fichier");
        drop(known.says("Voir l’intervention connue"));

        for list in ["good", "wrong", "maybe", "known"] {
            let page = hanane.get(&format!("{import}?list={list}")).is(200);
            drop(page.never_says("registry.import.").never_says("intervention.import."));
        }

        let decisions = format!("{import}/decisions");
        hanane.post(&decisions, &[("row.4", "new")]).is(409);
        hanane.post(&decisions, &[("row.4", &format!("same:{ayyur}"))]).is(409);
        hanane.post(&decisions, &[("row.4", &format!("same:{tiniri}"))]).is(303);
        for _ in 0..2 {
            act(house, &hanane, &import, "apply");
        }
        assert_eq!(counts(&hanane, &import), serde_json::json!({"done": 3, "wrong": 3, "known": 2}));
        let done = lines(&hanane, &import, "done");
        let first = record(house, &done[0]);
        assert_eq!(first.organisation.id.to_string(), ayyur);
        assert_eq!((first.quantity, first.unit.as_deref()), (Some(3), Some("jours")));
        let amount = first.amount.clone().unwrap();
        assert_eq!((amount.minor, amount.currency.as_str()), (1_250_050, "MAD"));
        assert_eq!(first.programme.unwrap().id.to_string(), programme);
        assert_eq!(first.title.0["ar"], "التكوين في التدبير", "what has no title is called by its theme");
        let second = record(house, &done[1]);
        assert_eq!(second.organisation.id.to_string(), tiniri);
        assert_eq!((second.since.to_string(), second.until), ("2026-04-15".into(), None));
        assert_eq!(second.amount.clone().unwrap().currency, "EUR");
        assert_eq!(second.status, programmes::InterventionStatus::Running);
        assert_eq!(record(house, &done[2]).status, programmes::InterventionStatus::Done);
        hanane.get(&format!("/organisations/{tiniri}")).is(200).says("Moulin");
        hanane.get(&format!("/organisations/{tiniri}/history")).is(200).says("hanane");

        let book = hanane.get(&format!("{import}/wrong")).is(200);
        let again = sheet::read("again.xlsx", &book.bytes, sheet::Limits::default()).unwrap();
        assert_eq!((again.rows.len(), again.header.len()), (3, 15));
        assert!(again.rows[1].cells[14].text.contains("Thème : « cuisine »"), "{:?}", again.rows[1]);

        // Somebody decides that the known one is another all the same; one is changed by hand, and stays.
        let all = [("list", "known"), ("row.8", "again"), ("row.9", "skip")];
        hanane.post(&decisions, &all).is(303);
        act(house, &hanane, &import, "apply");
        assert_eq!(counts(&hanane, &import), serde_json::json!({"done": 4, "wrong": 3, "known": 1}));
        assert_eq!(interventions(house), 5);
        let form = [("version", "1"), ("_fields", "status"), ("status", "cancelled")];
        hanane.post(&format!("/interventions/{}", first.id), &form).is(303);
        for _ in 0..2 {
            act(house, &hanane, &import, "undo");
        }
        assert_eq!(
            counts(&hanane, &import),
            serde_json::json!({"kept": 1, "undone": 3, "wrong": 3, "known": 1})
        );
        hanane.get(&format!("{import}?list=kept")).is(200).says("modifiée depuis");
        assert_eq!(interventions(house), 2);
    });
}

#[test]
fn work_that_runs_twice_adds_nothing_twice() {
    on_both(rooms, |house| {
        let Place { hanane, .. } = place(house);
        let list =
            format!("{HEADER};;{ICE};;OD;Finance;;2026-06-01;;;;;;\n;;{ICE};;OD;Finance;;2026-07-01;;;;;;\n");
        let import = brought(house, &hanane, "l.csv", list.as_bytes());
        act(house, &hanane, &import, "apply");
        // A process died after the rows were written, another after the first of them only.
        for rows in ["number = 0", "number = 3"] {
            house.given(|tx| tx.run(&sql(&format!("update import_row set state = 'good' where {rows}"))));
            house.given(|tx| tx.run(&sql("update import set state = 'applying'")));
            house.given(|tx| {
                tx.run(&sql("update job set state = 'waiting' where kind = 'programmes.import.apply'"))
            });
            house.work();
            assert_eq!(interventions(house), 3);
        }
        assert_eq!(counts(&hanane, &import), serde_json::json!({"done": 1, "known": 1}));
        let again = brought(house, &hanane, "l.csv", list.as_bytes());
        assert_eq!(counts(&hanane, &again), serde_json::json!({"known": 2}));
    });
}

#[test]
fn rights_are_those_held_when_the_work_is_done() {
    on_both(rooms, |house| {
        let Place { hanane, programme, .. } = place(house);
        let list = format!("{HEADER};;{ICE};;OD;Finance;;2026-06-01;;;;;;\n");
        let import = brought(house, &hanane, "l.csv", list.as_bytes());
        let (kept, late) = (import.clone(), brought(house, &hanane, "l.csv", list.as_bytes()));
        act(house, &hanane, &kept, "apply");
        // Hanane goes to another programme: she keeps her imports, no more the cooperatives.
        house.given(|tx| {
            tx.run(&sql("update role set scope = ?").bind(format!("programme:{}", Id::named("elsewhere"))))
        });
        act(house, &hanane, &late, "apply");
        assert_eq!(counts(&hanane, &late), serde_json::json!({"wrong": 1}));
        hanane.get(&late).is(200).says("pas de celles que vous suivez");
        act(house, &hanane, &kept, "undo");
        assert_eq!(counts(&hanane, &kept), serde_json::json!({"kept": 1}));
        hanane.get(&kept).is(200).says("vous ne suivez plus cette coopérative");
        assert_eq!(interventions(house), 2);

        let other = sign_in(house, "other", &[("coach", &format!("programme:{programme}"))]);
        other.get(&import).is(404);
        for action in ["sheet", "mapping", "decisions", "apply", "undo"] {
            other.post(&format!("{import}/{action}"), &[]).is(404);
        }
        // An import of interventions is none of organisations.
        let id = import.rsplit('/').next().unwrap();
        hanane.get(&format!("/imports/{id}")).is(404);
        assert!(hanane.get_json("/imports").json()["imports"].as_array().unwrap().is_empty());
        assert_eq!(hanane.get_json(IMPORTS).json()["imports"].as_array().unwrap().len(), 2);
        let partner = sign_in(house, "partner", &[("partner", &format!("programme:{programme}"))]);
        partner.get(IMPORTS).is(403);
        partner.get("/convergence").is(200).never_says(IMPORTS);
        house.visitor().get(IMPORTS).leads_to("/sign-in");
    });
}
