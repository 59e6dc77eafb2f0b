//! Readiness and statements are those of the file: another cooperative, partners and strangers read nothing of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use crate::house::{day, given, product, represents, rooms, statement, team};
use kernel::testing::on_both;

#[test]
fn nobody_else_reads_or_writes() {
    on_both(rooms, |house| {
        let given = given(house);
        let presidente = represents(house, given.organisation, "presidente");
        let rose = product(&presidente, given.organisation, &[]);
        let version =
            presidente.get_json(&format!("/products/{rose}")).json()["product"]["version"].to_string();
        presidente.post(&format!("/products/{rose}/publication"), &[("version", &version)]).is(303);
        let kept = statement(&presidente, given.organisation, "exporter_register", &[("number", "HIDDEN-9")]);
        let pages = [
            format!("/products/{rose}/export"),
            format!("/organisations/{}/export", given.organisation),
            format!("/export-statements/{kept}/edit"),
            format!("/organisations/{}/export-statements/new", given.organisation),
        ];
        let writes = [
            format!("/organisations/{}/export-statements", given.organisation),
            format!("/export-statements/{kept}"),
        ];
        let since = day(-3);
        let form =
            [("kind", "exporter_register"), ("number", "1"), ("since", since.as_str()), ("version", "1")];
        for who in [represents(house, given.other, "autre"), team(house, &given, "partner")] {
            for page in &pages {
                let status = who.get_json(page).status;
                assert!([403, 404].contains(&status), "{page} answered {status}");
            }
            for path in &writes {
                let status = who.post_json(path, &form).status;
                assert!([403, 404].contains(&status), "POST {path} answered {status}");
            }
            let status = who.post_json(&format!("/export-statements/{kept}/remove"), &[]).status;
            assert!([403, 404].contains(&status));
            who.get(&format!("/products/{rose}")).is(200).never_says("Prêt pour l’export");
            who.get(&format!("/organisations/{}", given.organisation)).never_says("HIDDEN-9");
        }
        let nobody = house.visitor();
        for page in &pages {
            assert!([303, 401].contains(&nobody.get(page).status), "{page}");
        }
        nobody.get(&format!("/products/{rose}")).is(200).never_says("Prêt pour l’export");
        // The coach works on the file.
        team(house, &given, "coach").get(&pages[1]).is(200).says("HIDDEN-9");
    });
}
