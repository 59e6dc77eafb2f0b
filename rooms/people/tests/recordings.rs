//! Texts are spoken by those who may, heard by those who may know them, and forgotten when somebody changes their mind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::testing::{House, Visitor, on_both};
use kernel::{Id, Room, Standing, access, sql};
use people::testing::sign_in;

fn rooms() -> Vec<Room> {
    vec![people::room()]
}

/// A sound of this many bytes.
fn sound(size: usize) -> Vec<u8> {
    let mut bytes = b"RIFF\x24\0\0\0WAVEfmt ".to_vec();
    bytes.extend((0..size - bytes.len()).map(|n| (n % 251) as u8));
    bytes
}

fn record<'v>(
    who: &'v Visitor<'_>,
    subject: &str,
    tongue: &str,
    bytes: &[u8],
) -> kernel::testing::Answer<'v> {
    let form = [
        ("subject", subject),
        ("tongue", tongue),
        ("speaker", "Rqia"),
        ("agreed", "yes"),
        ("text", "Se connecter"),
        ("back", "/recordings/words/sign_in"),
    ];
    who.upload("/recordings", &form, "file", "voice.mp3", bytes)
}

/// The address of the first sound on a page.
fn source(page: &str) -> String {
    let after = page.split("<audio controls preload=\"none\" src=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

fn files(house: &House) -> i64 {
    house.look(|db| db.one(&sql("select count(*) from file")))
}

#[test]
fn a_word_of_the_interface_is_recorded_and_heard_by_everybody() {
    on_both(rooms, |house| {
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        admin.get("/recordings").is(200).says("La page de connexion");
        admin.get("/recordings/words/nowhere").is(404);
        let page = "/recordings/words/sign_in";
        admin
            .get(page)
            .is(200)
            .says("Se connecter")
            .says("manque")
            .says("Tachelhit")
            .says("data-sound=\"record\"");
        house.visitor().get("/sign-in").is(200).never_says("data-sound");
        record(&admin, "word/sign_in.title", "shi", &sound(9000)).is(303).leads_to(page);
        admin.get(page).is(200).says("Rqia").says("1 sur");
        admin.get(&format!("{page}?tongue=tzm")).is(200).says("0 sur");
        admin.get(&format!("{page}?missing=yes")).is(200).never_says("value=\"word/sign_in.title\"");
        // Nobody chose a language yet: the choice is offered, one tap away.
        let visitor = house.visitor();
        visitor.get("/sign-in").is(200).says("action=\"/spoken\"").says("Tachelhit").never_says("<audio");
        visitor.post("/spoken", &[("tongue", "shi"), ("next", "/sign-in")]).is(303).leads_to("/sign-in");
        let path = source(&visitor.get("/sign-in").is(200).says("Écouter : Se connecter").text());
        let answer = visitor.get(&path).is(200);
        assert_eq!(answer.bytes, sound(9000));
        assert_eq!(answer.head["content-type"], "audio/wav");
        assert!(answer.head["cache-control"].to_str().unwrap().contains("immutable"));
        assert_eq!(answer.head["accept-ranges"], "bytes");
        let part = visitor.get_part(&path, "bytes=100-199").is(206);
        assert_eq!(part.bytes, sound(9000)[100..200]);
        assert_eq!(part.head["content-range"], "bytes 100-199/9000");
        visitor.get_part(&path, "bytes=9000-").is(416);
        visitor.post("/spoken", &[("tongue", "en")]).is(422);
        visitor.post("/spoken", &[("tongue", "shi"), ("next", "//evil.example")]).is(303).leads_to("/");
        // An account keeps the choice, on every device.
        let coach = sign_in(house, "coach", &[]);
        coach.post("/settings", &[("name", "Coach"), ("language", "fr"), ("speaks", "shi")]).is(303);
        coach.get("/settings").is(200).says("<option value=\"shi\" selected>");
    });
}

#[test]
fn what_is_no_sound_is_refused_in_a_sentence() {
    on_both(rooms, |house| {
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        let subject = "word/sign_in.title";
        record(&admin, subject, "shi", b"%PDF-1.7 not a sound")
            .is(422)
            .says("n’est pas un son")
            .says("Se connecter");
        record(&admin, subject, "shi", &sound((5 << 20) + 1)).is(422).says("dépasse 5 Mo");
        record(&admin, subject, "en", &sound(900)).is(422);
        record(&admin, "word/account.name", "shi", &sound(900)).is(404);
        record(&admin, "nonsense", "shi", &sound(900)).is(404);
        let form = [("subject", subject), ("tongue", "shi"), ("agreed", "yes")];
        admin.post("/recordings", &form).is(422).says("Choisissez un fichier");
        admin.upload("/recordings", &form[..2], "file", "a.wav", &sound(900)).is(422).says("Sans l’accord");
        let manager = sign_in(house, "manager", &[("manager", "territory:08.587")]);
        record(&manager, subject, "shi", &sound(900)).is(403);
        manager.get("/recordings").is(403);
        record(&house.visitor(), subject, "shi", &sound(900)).is(401);
        assert_eq!(files(house), 0, "nothing that was refused is kept");
    });
}

#[test]
fn a_sound_is_replaced_and_erased_with_its_bytes() {
    on_both(rooms, |house| {
        let admin = sign_in(house, "admin", &[("administrator", "platform")]);
        let page = "/recordings/words/sign_in";
        record(&admin, "word/sign_in.title", "shi", &sound(900)).is(303);
        let first = source(&admin.get(page).text());
        record(&admin, "word/sign_in.title", "shi", &sound(1200)).is(303);
        let second = source(&admin.get(page).text());
        admin.get(&first).is(404);
        admin.get(&second).is(200);
        assert_eq!(files(house), 1);
        let id = second.split('/').nth(2).unwrap().to_owned();
        let manager = sign_in(house, "manager", &[("manager", "territory:08.587")]);
        manager.post(&format!("/recordings/{id}/remove"), &[]).is(403);
        admin.post(&format!("/recordings/{id}/remove"), &[("back", page)]).is(303).leads_to(page);
        admin.get(&second).is(404);
        admin.get(page).is(200).never_says("Effacer cet enregistrement");
        assert_eq!(files(house), 0);
        let speaker: i64 =
            house.look(|db| db.one(&sql("select count(*) from fact where changes like '%Rqia%'")));
        assert_eq!(speaker, 0, "who spoke is forgotten");
        let left = std::fs::read_dir(&house.app.files).unwrap().flatten();
        let left = left.filter(|entry| std::fs::read_dir(entry.path()).unwrap().next().is_some()).count();
        assert_eq!(left, 0, "no bytes are left");
    });
}

#[test]
fn what_a_record_says_is_heard_by_those_who_may_know_it() {
    on_both(rooms, |house| {
        let module = Id::named("module");
        house.given(|tx| access::grant(tx, module, "territory:08.587", Standing::Steward, None));
        let manager = sign_in(house, "manager", &[("manager", "territory:08.587")]);
        let coach = sign_in(house, "coach", &[("coach", "territory:08.587")]);
        let stranger = sign_in(house, "stranger", &[]);
        let subject = people::part_subject(module, "title");
        record(&coach, &subject, "shi", &sound(900)).is(403);
        record(&stranger, &subject, "shi", &sound(900)).is(404);
        record(&manager, &subject, "shi", &sound(900)).is(303);
        let (id, digest): (String, String) = house
            .look(|db| {
                let query =
                    sql("select r.id, f.digest from recording r join file f on f.id = r.file").open("a test");
                db.row(&query, |row| Ok((row.take()?, row.take()?)))
            })
            .unwrap();
        let path = format!("/recordings/{id}/{}", &digest[..12]);
        assert!(coach.get(&path).is(200).head["cache-control"].to_str().unwrap().starts_with("private"));
        stranger.get(&path).is(404);
        house.visitor().get_json(&path).is(401);
    });
}
