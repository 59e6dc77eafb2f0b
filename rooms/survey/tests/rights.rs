//! Who may see and do what.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kernel::testing::on_both;
use kernel::{Fields, Id, Standing};
use people::testing::sign_in;

use crate::house::{FORM, answers, coach, given, manager, publish, rooms};

#[test]
fn answers_are_read_by_those_who_work_on_the_file() {
    on_both(rooms, |house| {
        let given = given(house);
        let (samira, amina) = (manager(house, &given, "samira"), coach(house, &given, "amina"));
        let survey = publish(&samira, &given, FORM);
        let (id, organisation) = (Id::new().to_string(), given.organisation.to_string());
        amina.post(&format!("{survey}/answers"), &answers(&id, &organisation, "5")).is(303);
        let page = format!("/survey-answers/{id}");
        let scope = format!("programme:{}", given.programme);
        let partner = sign_in(house, "partner", &[("partner", &scope)]);
        let elsewhere =
            sign_in(house, "elsewhere", &[("coach", &format!("programme:{}", Id::named("elsewhere")))]);
        for (who, status) in [(&partner, 403), (&elsewhere, 404)] {
            for path in
                [survey.clone(), format!("{survey}/summary"), format!("{survey}/export/csv"), page.clone()]
            {
                who.get(&path).is(status);
            }
            let form = [("id", &*Id::new().to_string()), ("answer.products", "dates")];
            who.post_json(&format!("{survey}/answers"), &form).is(status);
            who.post_json(&format!("{survey}/withdrawal"), &[]).is(status);
            who.post_json(&format!("{page}/aside"), &[]).is(status);
        }
        house.visitor().get(&page).is(303);
        amina.post_json(&format!("{survey}/withdrawal"), &[]).is(403);
        // Whoever works on the file of the cooperative through another programme reads its answers, not the dataset.
        let other = Id::named("other");
        house.given(|tx| {
            let form = Fields::of([
                ("name.fr", "Autre"),
                ("since", "2026-01-01"),
                ("until", "2028-12-31"),
                ("status", "running"),
            ]);
            kernel::record::create::<programmes::Programme>(tx, other, &form, Standing::Steward)?;
            let promotion = Id::named("other promotion");
            let (o, p) = (other.to_string(), promotion.to_string());
            let form = Fields::of([("programme", &*o), ("name.fr", "P"), ("since", "2026-02-01")]);
            kernel::record::create::<programmes::Promotion>(tx, promotion, &form, Standing::Steward)?;
            let form = Fields::of([
                ("programme", &*o),
                ("promotion", &p),
                ("organisation", &organisation),
                ("status", "active"),
                ("since", "2026-02-02"),
            ]);
            kernel::record::create::<programmes::Enrolment>(
                tx,
                Id::named("other enrolment"),
                &form,
                Standing::Steward,
            )
        });
        let hassan = sign_in(house, "hassan", &[("coach", &format!("programme:{other}"))]);
        hassan.get(&page).is(200).says("Riad Amane");
        hassan.get(&survey).is(404);
    });
}

#[test]
fn a_stale_page_withdraws_nothing() {
    on_both(rooms, |house| {
        let given = given(house);
        let samira = manager(house, &given, "samira");
        let survey = publish(&samira, &given, FORM);
        publish(&samira, &given, &FORM.replace("Lieu", "Endroit"));
        samira.post_json(&format!("{survey}/withdrawal"), &[("version", "1")]).is(422);
        samira.post_json(&format!("{survey}/withdrawal"), &[("version", "2")]).is(200);
    });
}
