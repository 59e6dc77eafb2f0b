//! A questionnaire of the planted programme, and what the planted cooperative answered.

use kernel::testing::House;
use kernel::{Fields, Id, Lang, Result, Tx, Upload};

pub(crate) fn plant(house: &House, tx: &mut Tx<'_>, programme: Id, organisation: Id) -> Result<()> {
    let w = house.app.words.speak(Lang::Fr);
    let upload = Upload { field: "file".into(), name: "enquete.xlsx".into(), bytes: survey::example(w)? };
    let published = survey::import(&house.app, tx, w, programme, &upload)?;
    let form = Fields::of([
        ("id", &*Id::named("walked survey_answer").to_string()),
        ("answer.today", "2026-03-01"),
        ("answer.cooperative", &organisation.to_string()),
        ("answer.sales/products", "carpets"),
        ("answer.buyer/name", "SECRETBUYER"),
        ("answer.remarks", "SECRETSURVEY"),
    ]);
    survey::put(&house.app, tx, w, published.survey, None, &form)
}
