//! What is read in cells: actors, amounts, identifiers, and the sheet they stand in.

use kernel::testing::on_both;
use people::testing::sign_in;

use crate::place::{
    ICE, Place, act, brought, confirm, counts, lines, path, place, record, registered, rooms,
};

#[test]
fn an_actor_is_named_exactly_or_proposed() {
    on_both(rooms, |house| {
        let Place { hanane, ayyur, .. } = place(house);
        let boss = sign_in(house, "boss", &[("administrator", "platform")]);
        registered(&boss, "company", "Amal", &[("published", "yes")]);
        registered(&boss, "sponsor", "AMAL", &[("published", "yes")]);
        registered(&boss, "institution", "Agence cachée", &[]);
        let row = |actor: &str| format!("{ayyur};{actor};Finance;2026-06-01\n");
        let list = ["Deux", "Amal", "Agence cachée", "association une"].map(row).concat();
        let list = format!("Identifiant Tiwizi;Acteur;Thème;Date\n{list}");
        let import = brought(house, &hanane, "l.csv", list.as_bytes());
        let wrong = lines(&hanane, &import, "wrong");
        let reason = |at: usize| wrong[at]["reasons"][0]["sentence"].as_str().unwrap().to_owned();
        assert!(
            reason(0).contains("écrivez son nom entier : Office Deux (Ikniouen, Tinghir)"),
            "{}",
            reason(0)
        );
        assert!(reason(1).contains("Plusieurs organisations s’appellent ainsi"), "{}", reason(1));
        assert!(reason(2).contains("Vous ne connaissez aucune organisation"), "{}", reason(2));
        assert_eq!(counts(&hanane, &import), serde_json::json!({"good": 1, "wrong": 3}));
    });
}

#[test]
fn amounts_come_with_their_currency_and_merged_files_under_their_old_id() {
    on_both(rooms, |house| {
        let Place { hanane, ayyur, tiniri, .. } = place(house);
        let same = [("other", tiniri.as_str()), ("verdict", "same")];
        hanane.post(&format!("/organisations/{ayyur}/duplicates"), &same).is(303);
        let amounts = ["1 200 euros", "500 USD", "12.500 dhs.", "40", "cinq cents", "500 CHF"];
        let row = |(day, amount): (usize, &&str)| {
            format!("{tiniri};OD;Finance;2026-06-0{};{amount};XOF\n", day + 1)
        };
        let rows: String = amounts.iter().enumerate().map(row).collect();
        let list = format!("Identifiant Tiwizi;Acteur;Thème;Date;Montant;Devise\n{rows}");
        let import = brought(house, &hanane, "l.csv", list.as_bytes());
        act(house, &hanane, &import, "apply");
        assert_eq!(counts(&hanane, &import), serde_json::json!({"done": 4, "wrong": 2}));
        let made: Vec<_> = lines(&hanane, &import, "done").iter().map(|line| record(house, line)).collect();
        assert!(made.iter().all(|made| made.organisation.id.to_string() == ayyur));
        let amounts: Vec<_> = made.into_iter().map(|made| made.amount.unwrap()).collect();
        let amounts: Vec<_> = amounts.iter().map(|a| (a.minor, a.currency.as_str())).collect();
        assert_eq!(amounts, [(120_000, "EUR"), (50_000, "USD"), (1_250_000, "MAD"), (40, "XOF")]);
    });
}

#[test]
fn what_was_exported_is_known_when_it_comes_back() {
    on_both(rooms, |house| {
        let Place { hanane, .. } = place(house);
        for ending in ["xlsx", "csv"] {
            let file = hanane.get(&format!("/convergence/export/{ending}?lang=ar")).is(200).bytes;
            let import = brought(house, &hanane, &format!("l.{ending}"), &file);
            assert_eq!(counts(&hanane, &import), serde_json::json!({"known": 1}));
        }
    });
}

/// A workbook whose rows go on in a second sheet.
fn workbook(header: &[&str], rows: &[&[&str]], sheet_rows: u32) -> Vec<u8> {
    let style = sheet::XlsxStyle { sheet: "Liste", right_to_left: false, sheet_rows: Some(sheet_rows) };
    let mut writer = sheet::XlsxWriter::new(Vec::new(), style, header).unwrap();
    for row in rows {
        let cells: Vec<_> = row.iter().map(|text| sheet::Out::Text(text)).collect();
        writer.row(&cells).unwrap();
    }
    writer.finish().unwrap().0
}

#[test]
fn the_sheet_of_a_workbook_is_chosen() {
    on_both(rooms, |house| {
        let Place { hanane, .. } = place(house);
        let rows: [&[&str]; 3] = [
            &[ICE, "OD", "Finance", "2026-06-01"],
            &[ICE, "OD", "Finance", "2026-07-01"],
            &[ICE, "OD", "Finance", "2026-08-01"],
        ];
        let book = workbook(&["ICE", "Acteur", "Thème", "Date"], &rows, 3);
        let import = brought(house, &hanane, "l.xlsx", &book);
        let page = hanane.get_json(&import).json();
        assert_eq!(
            (&page["sheets"], &page["sheet"]),
            (&serde_json::json!(["Liste", "Liste (2)"]), &"Liste".into())
        );
        assert_eq!(counts(&hanane, &import), serde_json::json!({"good": 2}));
        hanane.get(&import).is(200).says("Prendre une autre feuille");
        let sheet = format!("{import}/sheet");
        hanane.post(&sheet, &[("sheet", "Autre")]).is(409);
        hanane.post(&sheet, &[("sheet", "Liste (2)")]).is(303);
        let page = hanane.get_json(&import).json();
        assert_eq!((page["step"].as_str(), page["rows"].as_i64()), (Some("mapping"), Some(1)));
        confirm(house, &hanane, &import);
        act(house, &hanane, &import, "apply");
        assert_eq!(counts(&hanane, &import), serde_json::json!({"done": 1}));
        assert_eq!(record(house, &lines(&hanane, &import, "done")[0]).since.to_string(), "2026-08-01");
        hanane.post(&sheet, &[("sheet", "Liste")]).is(409);

        // Organisations come from a workbook in the same way.
        let book = workbook(&["Nom", "Commune"], &[&["A", "Ikniouen"], &["B", "Ikniouen"]], 2);
        let import = path(&hanane.upload("/imports", &[], "file", "l.xlsx", &book).is(303));
        hanane.post(&format!("{import}/sheet"), &[("sheet", "Liste (2)")]).is(303);
        assert_eq!(hanane.get_json(&import).json()["columns"][0]["samples"][0], "B");
    });
}
