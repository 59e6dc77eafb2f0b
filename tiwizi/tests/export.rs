//! Every record leaves when whoever operates the house wants it, and no secret does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fs;

use kernel::room::Leaves;
use kernel::testing::on_both;
use kernel::{Json, Room, sql};
use tiwizi::export;
use tiwizi::tables;

fn rooms() -> Vec<Room> {
    tiwizi::open_pack().unwrap();
    tiwizi::rooms()
}

/// Columns that leave though their name sounds like a secret, and why they are none.
const SOUND: &[(&str, &str)] = &[
    // Digests of documents and of what was sent: they open nothing.
    ("file", "digest"),
    ("adx_push", "digest"),
    // Whether a text was a secret; the text stays.
    ("message", "secret"),
    ("signing_key", "id"),
    // The id of a token; its text is kept nowhere.
    ("field_device", "token"),
];

/// Parts of names of columns that hold what somebody could sign in, sign or open a link with.
const SECRETS: &[&str] =
    &["digest", "password", "secret", "totp", "token", "seed", "key", "hash", "salt", "pin"];

#[test]
fn every_table_leaves_or_is_said_to_stay() {
    on_both(rooms, |house| {
        let there = house.look(kernel::Db::columns);
        let known = tables::of(&house.app.rooms);
        for table in there.iter().map(|(table, _)| table).collect::<BTreeSet<_>>() {
            assert!(
                export::leaves(&house.app.rooms, table).is_some(),
                "say in `leaves` of its room whether {table} leaves with an export of every record"
            );
            // The table of migrations is made before any file is read.
            let Some(read) = known.iter().find(|known| known.name == *table) else {
                assert_eq!(table, "migration");
                continue;
            };
            let columns: Vec<_> = there.iter().filter(|(name, _)| name == table).map(|(_, c)| c).collect();
            assert_eq!(
                read.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
                columns,
                "{table}"
            );
        }
        for (table, said) in house.app.rooms.iter().flat_map(|room| room.leaves) {
            let columns: Vec<_> = there.iter().filter(|(name, _)| name == table).collect();
            assert!(!columns.is_empty(), "{table} is said to leave or to stay, and there is none");
            if let Leaves::Without(secrets) = said {
                for secret in *secrets {
                    assert!(columns.iter().any(|(_, column)| column == secret), "{table} has no {secret}");
                }
            }
        }
        for table in export::leaving(&house.app.rooms) {
            assert!(!table.key.is_empty(), "{} has no key to be ordered by", table.name);
            for column in &table.columns {
                let sounds = SECRETS.iter().any(|part| column.name.split('_').any(|word| word == *part));
                let sound = SOUND.contains(&(table.name.as_str(), column.name.as_str()));
                assert!(!sounds || sound, "{}.{} would leave: is it a secret?", table.name, column.name);
            }
        }
    });
}

/// What fills every place of a secret with something to look for.
const PLANT: &[&str] = &[
    "update secret set password = 'planted', totp = 'planted', totp_waiting = 'planted'",
    "update message set text = 'planted'",
    "update signing_key set seed = 'planted'",
    "insert into half_way (digest, account, expires) select 'planted', id, 9 from account limit 1",
    "insert into session (digest, account, at, expires, device) select 'planted', id, 1, 9, 'x' from account limit 1",
    "insert into invitation (digest, account, at, expires) select 'planted', id, 1, 9 from account limit 1",
    "insert into token (id, digest, account, name, writes, at, expires) select 'planted', 'planted', id, 'x', 0, 1, 9 from account limit 1",
    "insert into application_link (digest, application, at) select 'planted', id, 1 from application limit 1",
    "insert into report_link (id, version, programme, report, until) select 'sound', 1, programme, id, '2027-01-01' from report limit 1",
    "insert into report_key (digest, link) values ('planted', 'sound')",
    "insert into figure_link (id, version, programme, indicator, account, until) select 'sound', 1, p.id, 'jobs', a.id, '2027-01-01' from programme p, account a limit 1",
    "insert into figure_key (digest, link) values ('planted', 'sound')",
];

#[test]
fn the_files_hold_every_row_and_no_secret() {
    on_both(rooms, |house| {
        tiwizi::demo::fill(&house.app).unwrap();
        house.given(|tx| {
            for statement in PLANT {
                assert!(tx.run(&sql(statement).open("the test"))? > 0, "{statement}");
            }
            Ok(())
        });
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("records");
        export::records(&house.app, &to).unwrap();
        let package: Json = serde_json::from_slice(&fs::read(to.join("datapackage.json")).unwrap()).unwrap();
        let mut all = String::new();
        for resource in package["resources"].as_array().unwrap() {
            let (table, path) = (resource["name"].as_str().unwrap(), resource["path"].as_str().unwrap());
            let mut reader = csv::Reader::from_path(to.join(path)).unwrap();
            let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
            let told = resource["schema"]["fields"].as_array().unwrap().iter();
            assert_eq!(told.map(|field| field["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
            let count: i64 =
                house.look(|db| db.one(&sql(&format!("select count(*) from {table}")).open("the test")));
            assert_eq!(reader.records().map(Result::unwrap).count() as i64, count, "{table}");
            all += &fs::read_to_string(to.join(path)).unwrap();
        }
        assert_eq!(fs::read_dir(&to).unwrap().count(), package["resources"].as_array().unwrap().len() + 1);
        assert!(!all.contains("planted"), "a secret leaves");
        assert!(all.contains("sound"));
    });
}

#[test]
fn nothing_is_written_over_and_nothing_half() {
    on_both(rooms, |house| {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("mine.txt"), "mine").unwrap();
        let refused = export::records(&house.app, &taken).unwrap_err().to_string();
        assert!(refused.contains("holds something already"), "{refused}");
        let file = folder.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(export::records(&house.app, &file).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        let fresh = folder.path().join("fresh");
        fs::create_dir(&fresh).unwrap();
        export::records(&house.app, &fresh).unwrap();
        // What could not be finished leaves nothing behind.
        assert!(export::records(&house.app, &folder.path().join("no such folder/records")).is_err());
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["file", "fresh", "taken"]);
    });
}
