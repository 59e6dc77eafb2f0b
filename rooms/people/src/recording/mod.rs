//! A recording: a text that somebody spoke, so that whoever does not read can listen to it.

pub(crate) mod sound;
mod voices;

use kernel::kinds::File;
use kernel::{Ctx, Db, Error, Fields, Id, Record, Result, Standing, Tx, Upload, record, sql};

pub use voices::Voices;
pub(crate) use voices::player;

use crate::Tongue;

record! {
    /// A text as somebody spoke it.
    pub Recording in "recording" as "people.recording" {
        main(Public, Steward) { subject: String, tongue: Tongue, file: File, since: jiff::civil::Date }
        voice(File, Steward) { speaker: Option<String>, agreed: bool }
    }
}

/// Languages in which texts are recorded: those spoken where Tiwizi started, and the two of its papers.
pub const SPOKEN: [Tongue; 5] =
    [Tongue::Tachelhit, Tongue::Tamazight, Tongue::Darija, Tongue::Arabic, Tongue::French];

/// Largest recording, in bytes: two minutes of anything a telephone records.
pub(crate) const LARGEST: usize = 5 << 20;

/// What a recording says.
#[derive(Debug, PartialEq)]
pub(crate) enum Subject<'a> {
    /// A word of the interface, by its key.
    Word(&'a str),
    /// A text of the record with this id.
    Of(Id),
}

impl Subject<'_> {
    /// Reads a subject: `word/space.members`, or an id and the part of the record after it.
    pub(crate) fn read(text: &str) -> Option<Subject<'_>> {
        let good = |part: &str| {
            (1..=120).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b))
        };
        let (of, part) = text.split_once('/').filter(|(_, part)| good(part))?;
        if of == "word" { Some(Subject::Word(part)) } else { of.parse().ok().map(Subject::Of) }
    }
}

/// The subject of a word of the interface.
pub fn word_subject(key: &str) -> String {
    format!("word/{key}")
}

/// The subject of a part of a record: its title, a level of one of its items.
pub fn part_subject(record: Id, part: &str) -> String {
    format!("{record}/{part}")
}

/// Refuses whoever may not record a subject: words are recorded by administrators, what a record says by those who
/// answer for it.
pub(crate) fn may_record(ctx: &Ctx, db: &mut Db, subject: &str) -> Result<()> {
    match Subject::read(subject) {
        Some(Subject::Word(key)) => {
            let mut known = ctx.app.rooms.iter().flat_map(|room| room.spoken).flat_map(|(_, keys)| *keys);
            match (ctx.viewer.is_administrator(), known.any(|known| *known == key)) {
                (true, true) => Ok(()),
                (true, false) => Err(Error::NotFound),
                (false, _) => Err(Error::Forbidden),
            }
        }
        Some(Subject::Of(record)) => ctx.standing(db, record, Standing::Steward).map(|_| ()),
        None => Err(Error::NotFound),
    }
}

/// Refuses whoever may not listen: words are everybody's, the rest follows what it says.
pub(crate) fn may_listen(ctx: &Ctx, db: &mut Db, recording: &Recording) -> Result<bool> {
    match Subject::read(&recording.subject) {
        Some(Subject::Word(_)) => Ok(true),
        Some(Subject::Of(record)) => ctx.standing(db, record, Standing::Public).map(|_| false),
        None => Err(Error::NotFound),
    }
}

/// The recording of a subject in a language.
pub(crate) fn find(db: &mut Db, subject: &str, tongue: Tongue) -> Result<Option<Recording>> {
    let query =
        sql(&format!("select {} from recording where subject = ? and tongue = ?", Recording::columns("")));
    db.row(&query.bind(subject).bind(tongue).open("the caller checks the subject"), Recording::from_row)
}

/// Keeps a recording; one of the same text in the same language is replaced, and its sound forgotten. Answers the digest
/// of what was forgotten, to be swept.
pub(crate) fn keep(ctx: &Ctx, tx: &mut Tx<'_>, upload: &Upload, form: &Fields) -> Result<Option<String>> {
    let media = sound::media_of(&upload.bytes).ok_or_else(|| Error::field("file", "recording.file.kind"))?;
    if upload.bytes.len() > LARGEST {
        return Err(Error::field("file", "recording.file.large"));
    }
    let subject = form.text("subject").unwrap_or_default();
    let there = match form.text("tongue").and_then(<Tongue as kernel::kinds::Choice>::from_code) {
        Some(tongue) if SPOKEN.contains(&tongue) => find(tx, subject, tongue)?,
        _ => return Err(Error::field("tongue", "error.needed")),
    };
    let id = there.as_ref().map_or_else(|| ctx.new_id(), |there| there.id);
    let file = kernel::files::keep_as(&ctx.app, tx, upload, id, media)?;
    let mut form = form.clone();
    form.set("file", file.to_string());
    form.set("since", kernel::today().to_string());
    let Some(there) = there else {
        kernel::record::create::<Recording>(tx, id, &form, Standing::Steward)?;
        return Ok(None);
    };
    let cells = kernel::record::parse::<Recording>(&form, Standing::Steward, None)?;
    kernel::record::update(tx, &Recording::from_cells(id, there.version, cells)?)?;
    forget_sound(tx, &there)
}

/// Removes a recording with its sound; who spoke is forgotten in every fact.
pub(crate) fn remove(tx: &mut Tx<'_>, recording: &Recording) -> Result<Option<String>> {
    kernel::record::remove(tx, recording)?;
    kernel::facts::erase_values(tx, recording.id, &["speaker"])?;
    forget_sound(tx, recording)
}

fn forget_sound(tx: &mut Tx<'_>, recording: &Recording) -> Result<Option<String>> {
    match recording.file.0.parse() {
        Ok(file) => kernel::files::forget(tx, file),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_names_a_word_or_a_part_of_a_record() {
        assert_eq!(Subject::read("word/space.members"), Some(Subject::Word("space.members")));
        let id = Id::named("module");
        assert_eq!(Subject::read(&part_subject(id, "A1/level/2")), Some(Subject::Of(id)));
        for bad in ["", "word/", "word", "word/<b>", "module/title", &format!("{id}/")] {
            assert_eq!(Subject::read(bad), None, "{bad}");
        }
    }
}
