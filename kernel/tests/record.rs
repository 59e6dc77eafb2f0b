//! A record with every kind of field goes round on both databases: created from a form, read, changed, shown, exported,
//! refused with a sentence per field, and remembered in facts.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops where it fails")]

use jiff::civil::{Date, date};
use kernel::Record;
use kernel::kinds::{Code, Divisions, Email, File, Ice, Long, Many, Money, Multi, Names, Phone, Place, Ref};
use kernel::testing::{House, on_both};
use kernel::{Error, Fields, Form, Id, Lang, Room, Standing, choice, record, sql};
use proptest::prelude::*;

choice! {
    /// A colour of wool.
    pub Colour in "wool.colour" { Red = "red", Blue = "blue", White = "white" }
}

record! {
    /// A carpet, with a field of every kind.
    pub Carpet in "carpet" as "test.carpet" {
        seen(Public, File) {
            title: String, name: Multi, colour: Colour, colours: Option<Many<Colour>>, price: Option<Money>, woven: Option<Date>,
            story: Option<Long>, made_in: Option<Place>, sold_in: Option<Divisions>, knots: Option<i64>, single: bool,
        }
        hidden(File, Steward) {
            phone: Option<Phone>, email: Option<Email>, ice: Option<Ice>, number: Option<Code>, photo: Option<File>, copy_of: Option<Ref<Carpet>>,
        }
    }
}

const SCHEMA: &str = "
create table carpet (id TEXT not null primary key, version BIGINT not null, title TEXT not null, name TEXT not null, colour TEXT not null,
    price BIGINT, price_currency TEXT, woven TEXT, story TEXT, made_in TEXT, made_in_lat DOUBLE PRECISION, made_in_lon DOUBLE PRECISION,
    sold_in TEXT, knots BIGINT, single BIGINT, phone TEXT, email TEXT, ice TEXT, number TEXT, photo TEXT, copy_of TEXT);
create table carpet_colours (owner TEXT not null, position BIGINT not null, value TEXT not null, primary key (owner, value));";

fn rooms() -> Vec<Room> {
    let pack = atlas::Pack {
        divisions: include_str!("../../packs/ma/divisions.csv"),
        census: include_str!("../../packs/ma/census_2024.csv"),
        regions: include_str!("../../packs/ma/regions.json"),
        provinces: include_str!("../../packs/ma/provinces.json"),
        communes: include_str!("../../packs/ma/communes.json"),
    };
    kernel::territory::open(&pack, |_| String::new()).unwrap();
    vec![Room { name: "test", schema: Box::leak(Box::new([("0001_test", SCHEMA)])), ..Room::default() }]
}

fn typed() -> Fields {
    Fields::of([
        ("title", "Tapis de noces"),
        ("name.fr", "Tislit"),
        ("name.ar", "تيسليت"),
        ("colour", "red"),
        ("colours", "red"),
        ("colours", "white"),
        ("price", "1 250,50"),
        ("price.currency", "MAD"),
        ("woven", "14/11/2025"),
        ("story", "Tissé\nen hiver"),
        ("made_in", "Taznakht"),
        ("made_in.lat", "30,58"),
        ("made_in.lon", "-7.2"),
        ("sold_in", "Tinghir ; 08.401"),
        ("knots", "١٢٠٠٠"),
        ("single", "yes"),
        ("phone", "0661 00 00 01"),
        ("email", "Vente@Exemple.ma"),
        ("ice", "001 234 567 000 089"),
        ("number", "ab-12"),
    ])
}

fn make(house: &House, id: Id, fields: &Fields) -> Result<Carpet, Error> {
    house.app.write(kernel::Actor::machine("command"), |tx| {
        record::create::<Carpet>(tx, id, fields, Standing::Steward)
    })
}

fn read(house: &House, id: Id) -> Carpet {
    house.look(|db| record::get::<Carpet>(db, id))
}

#[test]
fn every_kind_goes_round() {
    on_both(rooms, |house| {
        let id = Id::new();
        make(house, id, &typed()).unwrap();
        let carpet = read(house, id);
        assert_eq!(carpet.name, Multi::fr_ar("Tislit", "تيسليت"));
        assert_eq!(carpet.colours, Some(Many(vec![Colour::Red, Colour::White])));
        assert_eq!(carpet.price, Some(Money { minor: 125_050, currency: "MAD".into() }));
        assert_eq!(carpet.woven, Some(date(2025, 11, 14)));
        assert_eq!(
            carpet.made_in,
            Some(Place { division: "08.401.01.09".into(), lat: Some(30.58), lon: Some(-7.2) })
        );
        assert_eq!(carpet.sold_in, Some(Divisions(vec!["08.401".into(), "08.577".into()])));
        assert_eq!((carpet.knots, carpet.single), (Some(12_000), true));
        assert_eq!(carpet.phone, Some(Phone("+212661000001".into())));
        assert_eq!(carpet.email, Some(Email("vente@exemple.ma".into())));
        assert_eq!(carpet.ice, Some(Ice("001234567000089".into())));
        // What would have to be typed says the same again, and JSON too.
        let again = record::parse::<Carpet>(&record::typed(&carpet), Standing::Steward, None).unwrap();
        assert_eq!(again, carpet.cells());
        let from_json = record::parse::<Carpet>(
            &Fields::from_json(&carpet.json(Standing::Steward)),
            Standing::Steward,
            None,
        )
        .unwrap();
        assert_eq!(from_json, carpet.cells());
        // A reader sees their own fields only.
        let public = carpet.json(Standing::Public);
        assert_eq!(public["price"]["minor"], 125_050);
        assert!(public.get("phone").is_none() && public.get("ice").is_none());
    });
}

#[test]
fn a_bad_form_is_refused_whole_with_a_sentence_for_each_field() {
    on_both(rooms, |house| {
        let mut fields = typed();
        for (name, text) in [
            ("title", " "),
            ("colour", "green"),
            ("price", "beaucoup"),
            ("woven", "31/02/2025"),
            ("made_in", "Atlantide"),
            ("phone", "12"),
            ("ice", "12"),
            ("email", "a@b"),
        ] {
            fields.set(name, text);
        }
        let id = Id::new();
        let Err(Error::Invalid(errors)) = make(house, id, &fields) else { panic!("it was saved") };
        let named: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(named, ["title", "colour", "price", "woven", "made_in", "phone", "email", "ice"]);
        let w = house.app.words.speak(Lang::Fr);
        assert!(errors.iter().all(|e| w.wrong(&e.wrong).ends_with('.')), "every refusal is a sentence");
        let form = Form::of::<Carpet>(w, fields, Standing::Steward).refused(errors);
        assert!(form.summary().0.contains("8 réponses sont à corriger"));
        assert!(
            form.group("seen").0.contains("id=\"e-price\"")
                && form.group("hidden").0.contains("aria-invalid=\"true\"")
        );
        assert_eq!(house.look(|db| db.one::<i64>(&sql("select count(*) from carpet"))), 0);
    });
}

#[test]
fn a_repeat_is_harmless_and_another_content_under_the_same_id_is_refused() {
    on_both(rooms, |house| {
        let id = Id::new();
        make(house, id, &typed()).unwrap();
        make(house, id, &typed()).unwrap();
        let mut other = typed();
        other.set("title", "Autre");
        assert!(
            matches!(make(house, id, &other), Err(Error::Refused(wrong)) if wrong.key == "error.id_taken")
        );
        assert_eq!(
            house.look(|db| db.one::<i64>(&sql("select count(*) from fact where record = ?").bind(id))),
            1
        );
    });
}

#[test]
fn two_people_change_different_fields_and_both_stay_the_same_field_is_refused() {
    on_both(rooms, |house| {
        let id = Id::new();
        make(house, id, &typed()).unwrap();
        let change = |base: i64, name: &str, text: &str| {
            house.app.write(kernel::Actor::machine("command"), |tx| {
                record::change::<Carpet>(tx, id, base, &Fields::of([(name, text)]), Standing::Steward)
            })
        };
        change(1, "title", "Premier").unwrap();
        change(1, "knots", "5").unwrap();
        assert_eq!(
            (read(house, id).title.as_str(), read(house, id).knots, read(house, id).version),
            ("Premier", Some(5), 3)
        );
        let Err(Error::Invalid(errors)) = change(1, "title", "Second") else {
            panic!("the first was overwritten")
        };
        assert_eq!((errors[0].field.as_str(), errors[0].wrong.args[0].1.as_str()), ("title", "Premier"));
        change(3, "title", "Second").unwrap();
        change(4, "title", "Second").unwrap();
        assert_eq!(read(house, id).version, 4, "what changes nothing makes no version");
        let history = house.look(|db| kernel::facts::read(db, sql(" f.record = ? order by f.id").bind(id)));
        assert_eq!(history.len(), 4);
        assert_eq!(history[3].changes["title"], serde_json::json!(["Premier", "Second"]));
    });
}

#[test]
fn a_field_above_ones_standing_is_neither_written_nor_emptied() {
    on_both(rooms, |house| {
        let id = Id::new();
        make(house, id, &typed()).unwrap();
        let forged = Fields::of([("phone", "0677777777"), ("knots", "7"), ("_fields", "phone,knots")]);
        house
            .app
            .write(kernel::Actor::machine("command"), |tx| {
                record::change::<Carpet>(tx, id, 1, &forged, Standing::File)
            })
            .unwrap();
        assert_eq!(
            (read(house, id).phone, read(house, id).knots),
            (Some(Phone("+212661000001".into())), Some(7))
        );
    });
}

#[test]
fn what_is_shown_is_escaped_and_isolated() {
    on_both(rooms, |house| {
        let mut fields = typed();
        fields.set("title", "<script>alert(1)</script>");
        let id = Id::new();
        make(house, id, &fields).unwrap();
        let w = house.app.words.speak(Lang::Ar);
        let shown = kernel::form::show_group(&read(house, id), "seen", Standing::Public, &w, &Names::new()).0;
        assert!(!shown.contains("<script>") && shown.contains("&lt;script&gt;"));
        assert!(shown.contains("<bdi dir=\"ltr\">"), "an amount keeps its direction: {shown}");
    });
}

proptest! {
    #[test]
    fn no_form_makes_the_parsers_panic(name in "[a-z_.]{1,12}", text in ".{0,80}") {
        let _ = rooms();
        for field in ["title", "name", "colour", "colours", "price", "woven", "made_in", "sold_in", "knots", "phone", "email", "ice", "number"] {
            let fields = Fields(vec![(field.to_owned(), text.clone()), (format!("{field}.{name}"), text.clone())]);
            let _ = record::parse::<Carpet>(&fields, Standing::Steward, None);
        }
    }

    #[test]
    fn money_reads_back_what_it_types(minor in 0_i64..1_000_000_000_000, currency in prop::sample::select(vec!["MAD", "XOF", "TND"])) {
        let money = Money { minor, currency: currency.to_owned() };
        let mut fields = Fields::default();
        for (part, text) in kernel::kinds::Kind::typed(&money) {
            fields.push(if part.is_empty() { "price".to_owned() } else { format!("price.{part}") }, text);
        }
        let read = <Money as kernel::kinds::Kind>::parse(&kernel::kinds::Raw { fields: &fields, name: "price" }).unwrap();
        prop_assert_eq!(read, Some(money));
    }

    #[test]
    fn a_date_reads_back_in_every_style(days in 0_i64..60_000) {
        let day = date(1950, 1, 1).saturating_add(jiff::ToSpan::days(days));
        for text in [day.to_string(), day.strftime("%d/%m/%Y").to_string(), day.strftime("%d-%m-%Y").to_string(), day.strftime("%d.%m.%Y").to_string()] {
            let fields = Fields::of([("woven", text.as_str())]);
            let read = <Date as kernel::kinds::Kind>::parse(&kernel::kinds::Raw { fields: &fields, name: "woven" }).unwrap();
            prop_assert_eq!(read, Some(day), "{}", text);
        }
    }
}
