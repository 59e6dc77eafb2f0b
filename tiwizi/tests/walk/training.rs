//! What is planted in the room of training: a session with somebody whom only its programme's team may know.

use kernel::{Fields, Id, Record, Result, Standing, Tx};

fn create<R: Record>(tx: &mut Tx<'_>, table: &str, form: &[(&str, &str)]) -> Result<String> {
    let id = Id::named(&format!("walked {table}"));
    let form = Fields(form.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
    kernel::record::create::<R>(tx, id, &form, Standing::Steward)?;
    Ok(id.to_string())
}

pub(crate) fn plant(tx: &mut Tx<'_>, programme: &str, organisation: &str) -> Result<()> {
    let module = [("code", "WALK"), ("title.fr", "Module"), ("hours", "3")];
    let module = create::<training::Module>(tx, "module", &module)?;
    let question = [
        ("module", module.as_str()),
        ("position", "1"),
        ("wording.fr", "SECRETQUESTION"),
        ("choice_a.fr", "Oui"),
        ("choice_b.fr", "Non"),
        ("correct", "a"),
    ];
    create::<training::Question>(tx, "training_question", &question)?;
    let session = [
        ("programme", programme),
        ("module", &module),
        ("venue", "SECRETVENUE"),
        ("capacity", "20"),
        ("status", "held"),
    ];
    let session = create::<training::Session>(tx, "training_session", &session)?;
    let of_session = [("programme", programme), ("session", session.as_str())];
    let with = |more: &[(&'static str, &str)]| -> Vec<(String, String)> {
        of_session.iter().chain(more).map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect()
    };
    let made = |fields: &[(String, String)]| Fields(fields.to_vec());
    let half = with(&[("day", "2026-03-02"), ("part", "morning"), ("minutes", "180")]);
    let half_day = Id::named("walked half_day");
    kernel::record::create::<training::HalfDay>(tx, half_day, &made(&half), Standing::Steward)?;
    let invited = with(&[
        ("organisation", organisation),
        ("places", "3"),
        ("status", "confirmed"),
        ("asked", "2026-02-01"),
    ]);
    let id = Id::named("walked training_invitation");
    kernel::record::create::<training::Invitation>(tx, id, &made(&invited), Standing::Steward)?;
    let trainee = [("name.fr", "SECRETTRAINEE"), ("sex", "woman")];
    let trainee = create::<people::Person>(tx, "trainee", &trainee)?;
    let came = with(&[("person", trainee.as_str()), ("organisation", organisation), ("role", "member")]);
    let participant = Id::named("walked participant");
    kernel::record::create::<training::Participant>(tx, participant, &made(&came), Standing::Steward)?;
    let half = kernel::record::get::<training::HalfDay>(tx, half_day)?;
    training::take(tx, &half, &[(participant, true)].into_iter().collect(), None)?;
    let said = with(&[("useful", "5"), ("remark", "SECRETREMARK")]);
    let id = Id::named("walked reaction");
    kernel::record::create::<training::Reaction>(tx, id, &made(&said), Standing::Steward)?;
    Ok(())
}
