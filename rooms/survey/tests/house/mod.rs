//! What the tests of this room begin with: a programme, a cooperative enrolled in it, people with roles.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part; a test stops where it fails"
)]

#[path = "../../../../tools/xlsform/tests/book.rs"]
mod book;

use kernel::testing::{Answer, House, Visitor};
use kernel::{Fields, Id, Room, Standing};
use people::testing::sign_in;

pub(crate) fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../../../packs/ma/divisions.csv"),
        census: include_str!("../../../../packs/ma/census_2024.csv"),
        regions: include_str!("../../../../packs/ma/regions.json"),
        provinces: include_str!("../../../../packs/ma/provinces.json"),
        communes: include_str!("../../../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| "HCP".to_owned()).unwrap();
    let kernel = Room { name: "kernel", routes: kernel::web::own_routes(), ..Room::default() };
    vec![kernel, people::room(), registry::room(), programmes::room(), survey::room()]
}

/// Ids of what stands there when a test begins.
pub(crate) struct Given {
    pub(crate) programme: Id,
    pub(crate) organisation: Id,
}

/// A running programme with one enrolled cooperative.
pub(crate) fn given(house: &House) -> Given {
    kernel::work::begin_day(&house.app).unwrap();
    let (programme, organisation, promotion) =
        (Id::named("programme"), Id::named("tiniri"), Id::named("promotion"));
    house.given(|tx| {
        let form = Fields::of([
            ("name.fr", "Programme"),
            ("since", "2026-01-01"),
            ("until", "2028-12-31"),
            ("status", "running"),
        ]);
        kernel::record::create::<programmes::Programme>(tx, programme, &form, Standing::Steward)?;
        let form = Fields::of([
            ("kind", "cooperative"),
            ("name.fr", "Tiniri"),
            ("place", "08.587.11.07"),
            ("status", "active"),
        ]);
        kernel::record::create::<registry::Organisation>(tx, organisation, &form, Standing::Steward)?;
        let form = Fields::of([
            ("programme", &*programme.to_string()),
            ("name.fr", "Promotion 1"),
            ("since", "2026-02-01"),
        ]);
        kernel::record::create::<programmes::Promotion>(tx, promotion, &form, Standing::Steward)?;
        let form = Fields::of([
            ("programme", &*programme.to_string()),
            ("promotion", &promotion.to_string()),
            ("organisation", &organisation.to_string()),
            ("status", "active"),
            ("since", "2026-02-02"),
        ]);
        kernel::record::create::<programmes::Enrolment>(tx, Id::named("enrolment"), &form, Standing::Steward)
    });
    Given { programme, organisation }
}

/// A manager of the programme.
pub(crate) fn manager<'a>(house: &'a House, given: &Given, name: &str) -> Visitor<'a> {
    sign_in(house, name, &[("manager", &format!("programme:{}", given.programme))])
}

/// A coach of the programme.
pub(crate) fn coach<'a>(house: &'a House, given: &Given, name: &str) -> Visitor<'a> {
    sign_in(house, name, &[("coach", &format!("programme:{}", given.programme))])
}

/// The workbook of a text: sheets begin with `# name`, cells stand between `|`.
pub(crate) fn book(text: &str) -> Vec<u8> {
    let sheets: Vec<(&str, &str)> = text.split("# ").filter_map(|part| part.split_once('\n')).collect();
    book::book(&sheets)
}

/// A small questionnaire with a repeat.
pub(crate) const FORM: &str = "# survey
type | name | label::Français (fr) | label::العربية (ar) | required | relevant | repeat_count
today | today
select_one_from_file cooperatives.csv | cooperative | Coopérative | التعاونية
select_multiple products | products | Produits | المنتوجات | yes
decimal | amount | Ventes | المبيعات
geopoint | place | Lieu | المكان
image | photo | Photo | صورة
text | phone | Téléphone de secours | هاتف بديل
begin_repeat | buyer | Acheteur | المشتري
text | name | Nom de l’acheteur | اسم المشتري
integer | orders | Commandes | الطلبيات
end_repeat
# choices
list_name | name | label::Français (fr) | label::العربية (ar)
products | carpets | Tapis | زرابي
products | dates | Dattes | تمور
# settings
form_title | form_id | default_language
Suivi des ventes | ventes | Français (fr)
";

/// Sends a questionnaire and publishes it; answers the address of its survey.
pub(crate) fn publish(who: &Visitor<'_>, given: &Given, form: &str) -> String {
    let draft = send(who, given, form).is(303).location.unwrap();
    let published = who.post(&format!("{draft}/publication"), &[]).is(303).location.unwrap();
    published.split('?').next().unwrap().to_owned()
}

/// Sends a questionnaire.
pub(crate) fn send<'a>(who: &'a Visitor<'_>, given: &Given, form: &str) -> Answer<'a> {
    let path = format!("/programmes/{}/surveys", given.programme);
    who.upload(&path, &[], "file", "ventes.xlsx", &book(form))
}

/// What somebody answers, beside the cooperative.
pub(crate) fn answers<'a>(id: &'a str, organisation: &'a str, amount: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id", id),
        ("answer.today", "2026-03-04"),
        ("answer.cooperative", organisation),
        ("answer.products", "carpets dates"),
        ("answer.amount", amount),
        ("answer.place", "30.92 -6.91 1100 5"),
        ("answer.buyer/name", "Riad Amane"),
        ("answer.buyer/orders", "2"),
        ("answer.buyer[2]/name", "Épicerie Zitoun"),
        ("answer.buyer[2]/orders", "5"),
    ]
}
