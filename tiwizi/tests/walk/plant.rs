//! What is planted for the walk: a cooperative and a programme with something to hide in every record.

use kernel::testing::House;
use kernel::{Fields, Id, Standing};

/// Planted values and the least standing that may meet them.
pub(crate) const PLANTED: &[(&str, Standing)] = &[
    ("SECRETNAME", Standing::Shared),
    ("+212699887701", Standing::Shared),
    ("SECRETREGISTER", Standing::File),
    ("SECRETDOCUMENT", Standing::File),
    ("SECRETPERSON", Standing::File),
    ("SECRETPURPOSE", Standing::File),
    ("SECRETSOURCE", Standing::Shared),
    ("SECRETPROMISE", Standing::Shared),
    ("SECRETREASON", Standing::Shared),
    ("SECRETANSWER", Standing::File),
    ("SECRETACTION", Standing::File),
    ("SECRETVENUE", Standing::Shared),
    ("SECRETTRAINEE", Standing::File),
    ("SECRETREMARK", Standing::File),
    ("SECRETQUESTION", Standing::File),
    ("SECRETINDICATOR", Standing::Shared),
    ("SECRETDRAFT", Standing::File),
    ("SECRETSECTION", Standing::File),
    ("SECRETSURVEY", Standing::File),
    ("SECRETBUYER", Standing::File),
    ("SECRETPRODUCT", Standing::File),
    ("SECRETPACK", Standing::File),
    ("SECRETLOT", Standing::File),
    ("SECRETMOVEMENT", Standing::File),
    ("SECRETLABEL", Standing::File),
    ("SECRETBUYER", Standing::File),
    ("SECRETLINE", Standing::File),
    ("SECRETQUOTE", Standing::File),
    ("SECRETPAYMENT", Standing::File),
    ("SECRETDEMAND", Standing::File),
    ("SECRETRECEPTION", Standing::File),
    ("SECRETCHARGE", Standing::File),
    ("SECRETRECEIPT", Standing::File),
    ("SECRETADVANCE", Standing::File),
    ("SECRETTAX", Standing::File),
    ("SECRETACCOUNT", Standing::File),
    ("SECRETSTATEMENT", Standing::File),
    ("SECRETMARKS", Standing::File),
    ("SECRETPALLET", Standing::File),
    ("SECRETWAYBILL", Standing::File),
    ("SECRETDUM", Standing::File),
];

pub(crate) struct Planted {
    pub(crate) organisation: Id,
    pub(crate) programme: Id,
}

/// A programme and a cooperative nobody published, with something to hide in every record.
pub(crate) fn plant(house: &House) -> Planted {
    let (programme, organisation) = (Id::named("walked programme"), Id::named("walked cooperative"));
    house.given(|tx| {
        let form = Fields::of([
            ("name.fr", "Programme SECRETNAME"),
            ("since", "2026-01-01"),
            ("until", "2027-12-31"),
            ("status", "running"),
            ("territory", "08.587"),
        ]);
        kernel::record::create::<programmes::Programme>(tx, programme, &form, Standing::Steward)?;
        let form = Fields::of([
            ("kind", "cooperative"),
            ("name.fr", "Coopérative SECRETNAME"),
            ("place", "08.587.11.07"),
            ("phone", "+212699887701"),
            ("register_number", "SECRETREGISTER"),
            ("status", "active"),
            ("members", "20"),
            ("women", "12"),
        ]);
        kernel::record::create::<registry::Organisation>(tx, organisation, &form, Standing::Steward)?;
        let actor = Id::named("walked actor");
        let form = Fields::of([
            ("kind", "association"),
            ("name.fr", "Acteur public"),
            ("place", "08.587.01.13"),
            ("status", "active"),
            ("published", "yes"),
        ]);
        kernel::record::create::<registry::Organisation>(tx, actor, &form, Standing::Steward)?;
        let person = Id::named("walked person");
        kernel::record::create::<people::Person>(
            tx,
            person,
            &Fields::of([("name.fr", "SECRETPERSON"), ("sex", "woman")]),
            Standing::Steward,
        )?;
        let (o, p, a, w) =
            (organisation.to_string(), programme.to_string(), actor.to_string(), person.to_string());
        let create = |tx: &mut kernel::Tx<'_>, fields: &[(&str, &str)]| -> Fields {
            let _ = tx;
            Fields(fields.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect())
        };
        let form = create(tx, &[("organisation", &o), ("person", &w), ("active", "yes")]);
        kernel::record::create::<registry::Membership>(
            tx,
            Id::named("walked membership"),
            &form,
            Standing::Steward,
        )?;
        let form = create(
            tx,
            &[("organisation", &o), ("person", &w), ("role", "president"), ("since", "2026-01-01")],
        );
        kernel::record::create::<registry::Mandate>(
            tx,
            Id::named("walked mandate"),
            &form,
            Standing::Steward,
        )?;
        let form = create(tx, &[("organisation", &o), ("kind", "statutes"), ("title", "SECRETDOCUMENT")]);
        kernel::record::create::<registry::Document>(
            tx,
            Id::named("walked document"),
            &form,
            Standing::Steward,
        )?;
        let form = create(
            tx,
            &[
                ("organisation", &o),
                ("partner", &a),
                ("purpose", "SECRETPURPOSE"),
                ("extent", "profile"),
                ("since", "2026-01-01"),
                ("until", "2027-01-01"),
            ],
        );
        kernel::record::create::<registry::Agreement>(
            tx,
            Id::named("walked agreement"),
            &form,
            Standing::Steward,
        )?;
        let form = create(tx, &[("programme", &p), ("name.fr", "Promotion"), ("since", "2026-01-01")]);
        kernel::record::create::<programmes::Promotion>(
            tx,
            Id::named("walked promotion"),
            &form,
            Standing::Steward,
        )?;
        let promotion = Id::named("walked promotion").to_string();
        let form = create(
            tx,
            &[
                ("programme", &p),
                ("promotion", &promotion),
                ("organisation", &o),
                ("status", "active"),
                ("since", "2026-01-02"),
                ("reason", "SECRETREASON"),
            ],
        );
        kernel::record::create::<programmes::Enrolment>(
            tx,
            Id::named("walked enrolment"),
            &form,
            Standing::Steward,
        )?;
        let form = create(
            tx,
            &[
                ("organisation", &o),
                ("actor", &a),
                ("theme", "quality"),
                ("title.fr", "SECRETSOURCE"),
                ("since", "2026-02-01"),
                ("status", "running"),
            ],
        );
        kernel::record::create::<programmes::Intervention>(
            tx,
            Id::named("walked intervention"),
            &form,
            Standing::Steward,
        )?;
        let form = create(tx, &[("programme", &p), ("title.fr", "Convention")]);
        kernel::record::create::<programmes::Convention>(
            tx,
            Id::named("walked convention"),
            &form,
            Standing::Steward,
        )?;
        let convention = Id::named("walked convention").to_string();
        let form = create(
            tx,
            &[
                ("programme", &p),
                ("convention", &convention),
                ("organisation", &a),
                ("nature", "cash"),
                ("subject", "SECRETPROMISE"),
                ("promised", "1000"),
            ],
        );
        kernel::record::create::<programmes::Contribution>(
            tx,
            Id::named("walked contribution"),
            &form,
            Standing::Steward,
        )?;
        super::training::plant(tx, &p, &o)?;
        super::reports::plant(tx, &p)?;
        super::market_planted::plant(tx, &o)?;
        super::sales_planted::plant(tx, &o)?;
        super::pooled_planted::plant(tx, &o)?;
        super::invoices_planted::plant(tx, house.app.words.speak(kernel::Lang::Fr), &o)?;
        super::exports_planted::plant(tx, &o)?;
        super::surveys::plant(house, tx, programme, organisation)?;
        plant_diagnosis(tx, organisation)
    });
    Planted { organisation, programme }
}

/// A diagnosis that somebody began, and an action of the plan.
fn plant_diagnosis(tx: &mut kernel::Tx<'_>, organisation: Id) -> kernel::Result<()> {
    coaching::bring(tx)?;
    let (o, boussole) = (organisation.to_string(), coaching::boussole().to_string());
    let assessment = Id::named("walked assessment");
    let form = Fields::of([
        ("organisation", o.as_str()),
        ("instrument", boussole.as_str()),
        ("extent", "short"),
        ("held", "2026-03-01"),
    ]);
    kernel::record::create::<coaching::Assessment>(tx, assessment, &form, Standing::Steward)?;
    let (a, item) = (assessment.to_string(), Id::named(&format!("{boussole} A1")).to_string());
    let form = Fields::of([
        ("organisation", o.as_str()),
        ("assessment", a.as_str()),
        ("item", item.as_str()),
        ("level", "3"),
        ("evidence", "seen"),
        ("note", "SECRETANSWER"),
    ]);
    kernel::record::create::<coaching::Answer>(tx, Id::named("walked answer"), &form, Standing::Steward)?;
    let form = Fields::of([("organisation", o.as_str()), ("title.fr", "SECRETACTION"), ("status", "agreed")]);
    kernel::record::create::<coaching::Action>(
        tx,
        Id::named("walked plan_action"),
        &form,
        Standing::Steward,
    )?;
    Ok(())
}
