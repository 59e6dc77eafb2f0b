//! A consent: what a person agreed to, under which text, said or signed, and until when.

use jiff::civil::Date;
use kernel::kinds::{Code, Ref};
use kernel::{
    Db, Error, FieldError, Fields, Id, Record, Result, Standing, Tx, Wrong, choice, record, sql, today,
};

use crate::Person;

choice! {
    /// What a person is asked to agree to.
    pub Purpose in "consent.purpose" { Photo = "photo", Story = "story", DataSharing = "data_sharing", Contact = "contact" }
}

choice! {
    /// How the person agreed. Half of the members do not read: what is said before a witness counts.
    pub Form in "consent.form" { Oral = "oral", Written = "written" }
}

record! {
    /// What a person agreed to, until it is withdrawn.
    pub Consent in "consent" as "people.consent", about person {
        whose(File, Steward) { person: Ref<Person> }
        main(File, File) { purpose: Purpose, text_version: Code, form: Form, witness: Option<String>, given_on: Date }
        end(File, Steward) { withdrawn_on: Option<Date> }
    }
}

/// Writes down a consent of a person.
pub(crate) fn give(tx: &mut Tx<'_>, id: Id, person: Id, form: &Fields) -> Result<Consent> {
    let mut form = form.clone();
    form.set("person", person.to_string());
    form.set("withdrawn_on", "");
    let cells = kernel::record::parse::<Consent>(&form, Standing::Steward, None)?;
    let consent = Consent::from_cells(id, 1, cells)?;
    let mut errors = Vec::new();
    if consent.form == Form::Oral && consent.witness.is_none() {
        errors.push(FieldError { field: "witness".into(), wrong: Wrong::new("consent.witness.needed") });
    }
    if consent.given_on > today() {
        errors.push(FieldError { field: "given_on".into(), wrong: Wrong::new("consent.given_on.future") });
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    kernel::record::insert(tx, &consent)?;
    Ok(consent)
}

/// Ends a consent of this person today.
pub(crate) fn withdraw(tx: &mut Tx<'_>, person: Id, id: Id) -> Result<()> {
    let consent = kernel::record::get::<Consent>(tx, id)?;
    if consent.person.id != person {
        return Err(Error::NotFound);
    }
    if consent.withdrawn_on.is_none() {
        kernel::record::update(tx, &Consent { withdrawn_on: Some(today()), ..consent })?;
    }
    Ok(())
}

/// The consents of a person, newest first. The caller has checked the viewer's standing at the person.
pub(crate) fn of(db: &mut Db, person: Id) -> Result<Vec<Consent>> {
    let columns = Consent::columns("");
    let query =
        sql(&format!("select {columns} from consent where person = ? order by given_on desc, id desc"));
    db.rows(&query.bind(person).open("the standing at the person was checked"), Consent::from_row)
}

/// True if the person agrees to this today.
pub fn consents_to(db: &mut Db, person: Id, purpose: Purpose) -> Result<bool> {
    let query = sql("select count(*) from consent where person = ? and purpose = ? and withdrawn_on is null");
    Ok(db.one::<i64>(&query.bind(person).bind(purpose).open("a yes or no for whoever shows the person"))? > 0)
}

/// Forgets who witnessed the consents of a person.
pub(crate) fn erase_witnesses(tx: &mut Tx<'_>, person: Id) -> Result<()> {
    for consent in of(tx, person)? {
        let id = consent.id;
        kernel::record::update(tx, &Consent { witness: None, ..consent })?;
        kernel::facts::erase_values(tx, id, &["witness"])?;
    }
    Ok(())
}
