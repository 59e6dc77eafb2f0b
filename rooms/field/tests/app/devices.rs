//! Phones: enrolled by who sits before them, signed out from afar.

use kernel::Id;
use kernel::testing::on_both;
use people::testing::sign_in;

use super::house::{programme, rooms, someone};

#[test]
fn a_phone_works_for_its_holder_until_it_is_signed_out() {
    on_both(rooms, |house| {
        let south = programme(house, "Sud", 1, 1);
        let coach = someone(house, "hanane", "coach", south);
        let phone = Id::new().to_string();
        let told = coach.post_json("/field/devices", &[("id", &phone), ("name", "Android 8")]).is(200).json();
        let token = told["token"].as_str().unwrap();
        assert_eq!(
            (told["device"].as_str().unwrap(), told["name"].as_str().unwrap()),
            (phone.as_str(), "hanane")
        );

        let program = house.program(token);
        program.get_json(&format!("/field/pack?programme={south}&device={phone}")).is(200);
        program.post_json("/field/devices", &[("name", "another")]).is(403);
        coach.get("/field/devices").is(200).says("Android 8").says("/end");

        // Somebody else neither sees it nor ends it; an administrator does both.
        let other = someone(house, "samira", "manager", south);
        other.get("/field/devices").is(200).never_says("Android 8");
        other.post(&format!("/field/devices/{phone}/end"), &[]).is(404);
        let administrator = sign_in(house, "admin", &[("administrator", "platform")]);
        administrator.get("/field/devices").is(200).says("Android 8").says("hanane");
        administrator.post(&format!("/field/devices/{phone}/end"), &[]).is(303);
        program.get_json(&format!("/field/pack?programme={south}")).is(401);
        administrator.post(&format!("/field/devices/{phone}/end"), &[]).is(303);

        // Enrolled again, the same phone has another token.
        let again =
            coach.post_json("/field/devices", &[("id", &phone), ("name", "Android 8")]).is(200).json();
        assert_ne!(again["token"], told["token"]);
        // What opens its work when the PIN was forgotten is the same, and lies nowhere in the clear.
        let spare = told["spare"].as_str().unwrap();
        assert_eq!((again["spare"].as_str().unwrap(), spare.len()), (spare, 64));
        let query = kernel::sql("select spare from field_device").open("a test");
        let kept: Option<String> = house.app.read(|db| db.row(&query, |row| row.take())).unwrap().unwrap();
        assert!(!kept.unwrap().contains(spare));
        let second = coach.post_json("/field/devices", &[("name", "Tablet")]).is(200).json();
        assert_ne!(second["spare"].as_str().unwrap(), spare);
        house.program(again["token"].as_str().unwrap()).get_json("/field/choices").is(200).says("Sud");
        other.post_json("/field/devices", &[("id", &phone), ("name", "stolen")]).is(409);
    });
}
