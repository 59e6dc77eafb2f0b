//! Interventions of a list: who helped which cooperative, with what, from when to when. The journey is that of every
//! import of the registry; here stands what a row says and which cooperative and actor it means.

mod named;
mod words;

pub(crate) use words::THEMES;

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::kinds::{Choice, Code, Ice, Kind, Phone, Raw};
use kernel::record::{self, Record};
use kernel::words::Catalogue;
use kernel::{Db, Error, FieldError, Fields, Id, Lang, Result, Standing, Tx, Viewer, Wrong, sql};
use registry::import::{
    Found, Import, Kept, Likeness, Mapping, Meanings, Outcome, Reader, Subject, Target, declared,
};
use registry::{Description, Organisation, Status, candidates};

use crate::intervention::Intervention;
use crate::programme::Theme;

/// Interventions of a list.
pub(crate) struct Interventions {
    words: &'static Catalogue,
    reader: Reader,
    viewer: Viewer,
    /// What the rows above say, with their numbers.
    above: HashMap<(Id, Id, Theme, Date), i64>,
    /// Actors and programmes, each looked up once.
    named: HashMap<(&'static str, String), Result<Id, Wrong>>,
}

/// Which cooperative a row is about.
enum About {
    One(Id),
    Maybe(Vec<Likeness>),
    Nobody(Vec<FieldError>),
}

impl Subject for Interventions {
    type Record = Intervention;
    const BASE: &'static str = "/convergence/imports";
    const WORK: &'static str = "programmes.import";
    const WORDS: &'static str = "intervention.import";
    const ABOVE: (&'static str, &'static str) = ("/convergence", "nav.convergence");
    const NAME: &'static str = "organisation";
    const TELLS: &'static [&'static str] = &["actor", "theme", "since"];
    const REST: (&'static str, &'static str) = ("status", "done");
    const HEADERS: Meanings = words::HEADERS;
    const ALSO: &'static [(&'static str, Meanings)] = &[("theme", words::THEMES), ("status", words::STATES)];
    const DECISIONS: Meanings = &[("maybe", &["same", "skip"]), ("known", &["skip", "again"])];

    fn targets(standing: Standing) -> Vec<Target> {
        let part = |code: &str, label: &str| Target::of(code, &["intervention.organisation", label]);
        let mut targets = vec![
            part("organisation.id", "registry.export.id"),
            part("organisation.ice", "organisation.ice"),
            part("organisation.number", "intervention.import.number"),
            part("organisation.phone", "organisation.phone"),
            part("organisation.place", "organisation.place"),
            part("organisation.in", "registry.export.province"),
        ];
        targets.extend(declared::<Intervention>(standing));
        targets
    }

    fn lacks(mapping: &Mapping) -> Option<&'static str> {
        let certain = ["organisation.id", "organisation.ice", "organisation.number", "organisation.phone"];
        let by_name = mapping.has("organisation")
            && (mapping.has("organisation.place") || mapping.has("organisation.in"));
        if !by_name && !certain.iter().any(|target| mapping.has(target)) {
            Some("intervention.import.mapping.no_organisation")
        } else if !mapping.has("actor") {
            Some("intervention.import.mapping.no_actor")
        } else if !mapping.has("theme") {
            Some("intervention.import.mapping.no_theme")
        } else if !mapping.has("since") {
            Some("intervention.import.mapping.no_since")
        } else {
            None
        }
    }

    fn path(record: Id) -> String {
        format!("/interventions/{record}/edit")
    }

    fn reading(words: &'static Catalogue, import: &Import, viewer: Viewer) -> Interventions {
        let reader = Reader::of::<Interventions>(words, &import.mapping);
        Interventions { words, reader, viewer, above: HashMap::new(), named: HashMap::new() }
    }

    fn check(&mut self, db: &mut Db, row: &Kept) -> Result<Found> {
        let form = self.reader.form(&row.cells);
        let about = self.about(db, &form)?;
        let target = if let About::One(id) = about { id } else { Id::new() };
        let made = self.read(db, form, target)?;
        let made = match (about, made) {
            (About::Nobody(mut errors), made) => {
                errors.extend(made.err().unwrap_or_default());
                return Ok(Found::wrong(errors));
            }
            (_, Err(errors)) => return Ok(Found::wrong(errors)),
            (About::Maybe(candidates), _) => return Ok(Found::maybe(candidates)),
            (About::One(_), Ok(made)) => made,
        };
        if let Some(there) = same(db, &made)? {
            return Ok(Found::known(Some(there)).about(target));
        }
        let says = (target, made.actor.id, made.theme, made.since);
        if let Some(first) = self.above.get(&says) {
            let twice = Wrong::new("intervention.import.twice").with("row", first);
            return Ok(Found::known(None).about(target).because(twice));
        }
        self.above.insert(says, row.number);
        Ok(Found::good().about(target))
    }

    fn apply(&mut self, tx: &mut Tx<'_>, row: &Kept) -> Result<Outcome> {
        let target = row.target.as_deref().and_then(|target| target.parse().ok()).ok_or(Error::NotFound)?;
        if record::get::<Organisation>(tx, target)?.status == Status::Merged {
            return Err(Error::NotFound);
        }
        if !self.may_add(tx, target)? {
            return Err(Error::Invalid(vec![no_right()]));
        }
        let form = self.reader.form(&row.cells);
        let made = self.read(tx, form, target)?.map_err(Error::Invalid)?;
        if row.decision.as_deref() != Some("again")
            && let Some(there) = same(tx, &made)?
        {
            return Ok(Outcome::Known(there));
        }
        record::insert(tx, &made)?;
        Ok(Outcome::Made(made.id))
    }

    fn undo(
        tx: &mut Tx<'_>,
        _: &Import,
        viewer: &Viewer,
        rows: &[Kept],
    ) -> Result<Vec<Option<&'static str>>> {
        let mut reasons = Vec::with_capacity(rows.len());
        for row in rows {
            let there = row.record.map(|id| record::find::<Intervention>(tx, id)).transpose()?.flatten();
            reasons.push(match there {
                None => None,
                Some(there) if there.version > 1 => Some("intervention.import.kept.changed"),
                Some(there) if viewer.standing(tx, there.organisation.id)? < Some(Standing::File) => {
                    Some("intervention.import.kept.rights")
                }
                Some(there) => {
                    record::remove(tx, &there)?;
                    None
                }
            });
        }
        Ok(reasons)
    }
}

impl Interventions {
    /// True if the account may add interventions to this file by hand.
    fn may_add(&self, db: &mut Db, organisation: Id) -> Result<bool> {
        Ok(self.viewer.standing(db, organisation)? >= Some(Standing::File))
    }

    /// The cooperative: by its Tiwizi id, an official number or a telephone, which decide by themselves; by its name in
    /// its commune, which a person confirms.
    fn about(&mut self, db: &mut Db, form: &Fields) -> Result<About> {
        let wrong = |field: &str, key: &str| {
            About::Nobody(vec![FieldError { field: field.to_owned(), wrong: Wrong::new(key) }])
        };
        if let Some(text) = form.text("organisation.id") {
            match text.parse().ok().map(|id| registered(db, id)).transpose()?.flatten() {
                Some(id) => return self.allowed(db, id),
                None => return Ok(wrong("organisation.id", "intervention.import.unknown_id")),
            }
        }
        let mut errors = Vec::new();
        let mut described = Description::default();
        let mut take =
            |field: &str, read: &dyn Fn(&Raw<'_>) -> Result<Option<String>, Wrong>| match read(&Raw {
                fields: form,
                name: field,
            }) {
                Ok(text) => text,
                Err(wrong) => {
                    errors.push(FieldError { field: field.to_owned(), wrong });
                    None
                }
            };
        let ice = take("organisation.ice", &|raw| Ok(Ice::parse(raw)?.map(|ice| ice.0)));
        let number = take("organisation.number", &|raw| Ok(Code::parse(raw)?.map(|code| code.0)));
        let phone = take("organisation.phone", &|raw| Ok(Phone::parse(raw)?.map(|phone| phone.0)));
        if !errors.is_empty() {
            return Ok(About::Nobody(errors));
        }
        described.identifiers.extend(ice.into_iter().chain(number));
        described.phones.extend(phone);
        described.names.extend(form.text("organisation").map(str::to_owned));
        let place = self.reader.place(form, "organisation.place", "organisation.in");
        described.place = place.clone().and_then(Result::ok);
        let numbers = !described.identifiers.is_empty() || !described.phones.is_empty();
        let all = candidates(db, &described, Lang::Fr)?;
        let mut found = Vec::new();
        for why in ["identifier", "phone"] {
            let these: Vec<_> = all.iter().filter(|candidate| candidate.why == why).collect();
            if let [only] = these[..] {
                return self.allowed(db, only.id);
            }
            if !these.is_empty() {
                found = these;
                break;
            }
        }
        if found.is_empty() {
            found = all.iter().collect();
        }
        match (place, described.names.is_empty()) {
            _ if !found.is_empty() => {}
            (Some(Err(error)), false) => return Ok(About::Nobody(vec![error])),
            (_, true) if !numbers => return Ok(wrong("organisation", "intervention.import.who")),
            (None, false) if !numbers => return Ok(wrong("organisation", "intervention.import.only_a_name")),
            _ => return Ok(wrong("organisation", "intervention.import.unknown")),
        }
        let mut mine = Vec::new();
        for candidate in found {
            if self.may_add(db, candidate.id)? {
                mine.push(Likeness {
                    organisation: Some(candidate.id),
                    row: None,
                    why: candidate.why.clone(),
                    alike: candidate.alike,
                });
            }
        }
        Ok(if mine.is_empty() { About::Nobody(vec![no_right()]) } else { About::Maybe(mine) })
    }

    fn allowed(&self, db: &mut Db, id: Id) -> Result<About> {
        Ok(if self.may_add(db, id)? { About::One(id) } else { About::Nobody(vec![no_right()]) })
    }

    /// The intervention that a row says of this cooperative, or everything that is wrong with it.
    fn read(
        &mut self,
        db: &mut Db,
        mut form: Fields,
        organisation: Id,
    ) -> Result<Result<Intervention, Vec<FieldError>>> {
        form.set("organisation", organisation.to_string());
        let mut errors = Vec::new();
        for (field, find) in [("actor", named::actor as named::Find), ("programme", named::programme)] {
            let Some(text) = form.text(field).map(str::to_owned) else { continue };
            let key = (field, text.clone());
            let found = match self.named.get(&key) {
                Some(found) => found.clone(),
                None => {
                    let found = find(db, &self.viewer, &text)?;
                    self.named.entry(key).or_insert(found).clone()
                }
            };
            match found {
                Ok(id) => form.set(field, id.to_string()),
                Err(wrong) => {
                    errors.push(FieldError { field: field.to_owned(), wrong });
                    form.set(field, "");
                }
            }
        }
        if !form.carries("title") {
            self.call_by_theme(&mut form);
        }
        let cells = match record::parse::<Intervention>(&form, Standing::File, None) {
            Ok(cells) => cells,
            Err(Error::Invalid(more)) => {
                let new = |error: &FieldError| !errors.iter().any(|there| there.field == error.field);
                let more: Vec<_> = more.into_iter().filter(new).collect();
                errors.extend(more);
                return Ok(Err(errors));
            }
            Err(error) => return Err(error),
        };
        let made = Intervention::from_cells(Id::new(), 1, cells)?;
        if made.until.is_some_and(|until| until < made.since) {
            let wrong = Wrong::new("intervention.until.order");
            errors.push(FieldError { field: "until".into(), wrong });
        }
        Ok(if errors.is_empty() { Ok(made) } else { Err(errors) })
    }

    /// A row that does not say what was done is called by its theme.
    fn call_by_theme(&self, form: &mut Fields) {
        let theme = form.text("theme").unwrap_or_default().to_owned();
        if Theme::from_code(&theme).is_some() {
            for lang in [Lang::Fr, Lang::Ar, Lang::En] {
                let said = self.words.speak(lang).t2("theme", &theme);
                form.set(&format!("title.{}", lang.code()), said);
            }
        } else {
            // Only the theme is wrong then.
            form.set("title", "–");
        }
    }
}

/// The file is not one that the account adds interventions to.
fn no_right() -> FieldError {
    FieldError { field: "organisation".into(), wrong: Wrong::new("intervention.import.no_right") }
}

/// The organisation with this id, or the one that it was merged into.
fn registered(db: &mut Db, id: Id) -> Result<Option<Id>> {
    let query = sql(
        "select coalesce(k.id, o.id) from organisation o left join organisation k on k.id = o.merged_into
                     where o.id = ? and coalesce(k.merged_into, o.merged_into, '') in ('', k.id)",
    )
    .bind(id)
    .open("the caller checks the standing at what is found");
    db.row(&query, kernel::value::Row::take)
}

/// The registered intervention that says the same: same cooperative, actor, theme and first day.
fn same(db: &mut Db, made: &Intervention) -> Result<Option<Id>> {
    let query = sql(
        "select min(id) from intervention where organisation = ? and theme = ? and since = ? and actor = ?",
    )
    .bind(made.organisation.id)
    .bind(made.theme)
    .bind(made.since)
    .bind(made.actor.id)
    .open("the caller works on the file of this cooperative");
    Ok(db.row(&query, |row| row.take::<Option<Id>>())?.flatten())
}
