//! Recordings: what of a place is recorded in which language, and where they are made, heard and removed.

use std::collections::HashMap;

use askama::Template;
use kernel::kinds::{Choice, Multi};
use kernel::room::{Route, get, post};
use kernel::web::SPOKEN as COOKIE;
use kernel::{Ctx, Error, FieldError, Fields, Html, Id, Lang, Reply, Result, Standing, Words, sql};
use schemars::JsonSchema;
use serde::Serialize;

use super::sign_in::local;
use crate::recording::{self, Recording, SPOKEN};
use crate::{Account, Tongue};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/recordings", places).role(&["administrator"]).answers::<Places>(),
        get("/recordings/words/{place}", words)
            .role(&["administrator"])
            .query(&["tongue", "missing", "from"]),
        post("/recordings", keep).upload().takes::<Recording>(),
        post("/recordings/{recording}/remove", remove),
        get("/recordings/{recording}/{digest}", hear).open(),
        post("/spoken", choose).open(),
    ]
}

/// How many texts a page lists.
const MOST: usize = 30;

#[derive(Serialize, JsonSchema)]
struct Place {
    code: &'static str,
    name: String,
    texts: usize,
    /// How many are recorded, by language.
    done: Vec<(String, i64)>,
}

impl Place {
    fn tone(&self, done: &i64) -> &'static str {
        match usize::try_from(*done) {
            Ok(done) if done == self.texts => "good",
            Ok(1..) => "wait",
            _ => "plain",
        }
    }
}

/// The places whose words can be recorded.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "people_recording_places.html")]
struct Places {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    places: Vec<Place>,
}

/// The places of the house and the keys of their words.
fn spoken(ctx: &Ctx) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut found: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for (place, keys) in ctx.app.rooms.iter().flat_map(|room| room.spoken) {
        match found.iter_mut().find(|(known, _)| known == place) {
            Some((_, all)) => all.extend(*keys),
            None => found.push((place, keys.to_vec())),
        }
    }
    found
}

fn places(ctx: &Ctx) -> Result<Reply> {
    let w = ctx.w;
    let places = ctx.read(|db| {
        let mut places = Vec::new();
        for (code, keys) in spoken(ctx) {
            let subjects: Vec<String> = keys.iter().map(|key| recording::word_subject(key)).collect();
            let mut done = Vec::new();
            for tongue in SPOKEN {
                let count = sql("select count(*) from recording where tongue = ? and subject").bind(tongue);
                let count: i64 = db.one(&count.within(&subjects).open("words are everybody's"))?;
                done.push((w.t2("recording.own_name", tongue.code()), count));
            }
            places.push(Place { code, name: w.t2("recording.place", code), texts: keys.len(), done });
        }
        Ok(places)
    })?;
    ctx.page(&w.t("recording.title"), &Places { w, places })
}

/// A text that can be recorded.
pub struct Said {
    /// What is recorded: [`recording::word_subject`] or [`recording::part_subject`].
    pub subject: String,
    /// The text to be spoken.
    pub text: Multi,
}

#[derive(Serialize, JsonSchema)]
struct Line {
    subject: String,
    text: Multi,
    recording: Option<Id>,
    speaker: Option<String>,
    since: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    player: Html,
    #[serde(skip)]
    new: Id,
}

#[derive(Serialize, JsonSchema)]
struct Tab {
    code: &'static str,
    name: String,
    done: usize,
    current: bool,
}

/// The texts of a place and their recordings in one language.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "people_recordings.html")]
struct RecordingsPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    title: String,
    #[serde(skip)]
    back: (String, String),
    tongue: Tongue,
    tabs: Vec<Tab>,
    all: usize,
    lines: Vec<Line>,
    missing: bool,
    #[serde(skip)]
    here: String,
    #[serde(skip)]
    toggle: String,
    #[serde(skip)]
    next: Option<String>,
    #[serde(skip)]
    speaker: String,
}

impl RecordingsPage {
    /// How many are recorded in the language of the page.
    fn done(&self) -> usize {
        self.tabs.iter().find(|tab| tab.current).map_or(0, |tab| tab.done)
    }
    /// The form of one text.
    fn form(&self, line: &Line) -> Html {
        let typed = Fields::of([("speaker", self.speaker.as_str())]);
        form(
            self.w,
            &line.new,
            &line.subject,
            &self.tongue,
            line.text.best(self.w.lang),
            &self.here,
            &typed,
            &[],
        )
    }
}

/// The page of a place: what of these texts is recorded, and what is missing. The caller has checked that the viewer may
/// record them; `back` is a path and its label.
pub fn recordings_page(ctx: &Ctx, title: String, back: (String, String), texts: Vec<Said>) -> Result<Reply> {
    let w = ctx.w;
    let page = ctx.read(|db| {
        let tongue = match ctx.query.text("tongue").and_then(Tongue::from_code).filter(|t| SPOKEN.contains(t)) {
            Some(tongue) => tongue,
            None => SPOKEN[0],
        };
        let mut done: HashMap<(String, Tongue), (Recording, String)> = HashMap::new();
        for part in texts.chunks(200) {
            let subjects: Vec<&str> = part.iter().map(|said| said.subject.as_str()).collect();
            let columns = <Recording as kernel::Record>::columns("r.");
            let query = sql(&format!(
                "select {columns}, f.digest from recording r join file f on f.id = r.file where r.subject"
            ));
            let query = query.within(&subjects).open("the caller checked the right to record");
            for (found, digest) in
                db.rows(&query, |row| Ok((<Recording as kernel::Record>::from_row(row)?, row.take::<String>()?)))?
            {
                done.insert((found.subject.clone(), found.tongue), (found, digest));
            }
        }
        let has = |said: &Said, tongue: Tongue| done.contains_key(&(said.subject.clone(), tongue));
        let tabs = SPOKEN.map(|each| Tab {
            code: each.code(),
            name: w.t2("recording.own_name", each.code()),
            done: texts.iter().filter(|said| has(said, each)).count(),
            current: each == tongue,
        });
        let (all, missing) = (texts.len(), ctx.query.text("missing").is_some());
        let from: usize = ctx.query.parse("from").unwrap_or(0);
        let shown: Vec<&Said> = texts.iter().filter(|said| !(missing && has(said, tongue))).collect();
        let last = "select r.speaker from recording r join file f on f.id = r.file where f.account = ? and r.tongue = ? order by f.at desc limit 1";
        let last = sql(last).bind(ctx.viewer.account).bind(tongue).open("what one wrote oneself");
        let speaker: Option<Option<String>> = db.row(&last, |row| row.take())?;
        let lines = shown.iter().skip(from).take(MOST).map(|said| {
            let found = done.get(&(said.subject.clone(), tongue));
            let source = |(recording, digest): &(Recording, String)| {
                format!("/recordings/{}/{}", recording.id, digest.get(..12).unwrap_or_default())
            };
            Line {
                subject: said.subject.clone(),
                player: found
                    .map(|found| recording::player(w, &source(found), said.text.best(w.lang)))
                    .unwrap_or_default(),
                recording: found.map(|(recording, _)| recording.id),
                speaker: found.and_then(|(recording, _)| recording.speaker.clone()),
                since: found.map(|(recording, _)| w.date(&recording.since)),
                text: said.text.clone(),
                new: Id::new(),
            }
        });
        let query = |changes: &[(&str, &str)]| {
            let mut all = vec![("done", ""), ("lang", "")];
            all.extend(changes);
            format!("{}{}", ctx.path, ctx.query.query_with(&all)).trim_end_matches('?').to_owned()
        };
        Ok(RecordingsPage {
            w,
            back,
            tongue,
            tabs: tabs.into(),
            all,
            missing,
            here: query(&[]),
            toggle: query(&[("missing", if missing { "" } else { "yes" }), ("from", "")]),
            next: (shown.len() > from + MOST).then(|| query(&[("from", &(from + MOST).to_string())])),
            lines: lines.collect(),
            speaker: speaker.flatten().unwrap_or_default(),
            title: title.clone(),
        })
    })?;
    ctx.page(&title, &page)
}

fn words(ctx: &Ctx) -> Result<Reply> {
    let place = ctx.param("place")?;
    let (code, keys) = spoken(ctx).into_iter().find(|(code, _)| *code == place).ok_or(Error::NotFound)?;
    let texts = keys.into_iter().map(|key| {
        let said = |lang: Lang| (lang.code().to_owned(), ctx.w.speak(lang).t(key).into_owned());
        Said {
            subject: recording::word_subject(key),
            text: Multi([Lang::Fr, Lang::Ar, Lang::En].map(said).into()),
        }
    });
    let title = ctx.w.t2("recording.place", code);
    let back = ("/recordings".to_owned(), ctx.w.t("recording.title").into_owned());
    recordings_page(ctx, title, back, texts.collect())
}

/// The form that takes a sound for a text.
#[derive(Template)]
#[template(path = "people_recording_form.html")]
struct Form<'a> {
    w: Words,
    id: &'a Id,
    subject: &'a str,
    tongue: &'a Tongue,
    text: &'a str,
    here: &'a str,
    typed: &'a Fields,
    errors: Vec<(String, String)>,
}

impl Form<'_> {
    fn tongue(&self) -> &'static str {
        self.tongue.code()
    }
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).unwrap_or_default()
    }
    fn error(&self, name: &str) -> Option<&String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence)
    }
}

#[expect(clippy::too_many_arguments, reason = "one form, made in two places of this file")]
fn form(
    w: Words,
    id: &Id,
    subject: &str,
    tongue: &Tongue,
    text: &str,
    here: &str,
    typed: &Fields,
    errors: &[FieldError],
) -> Html {
    let errors = errors.iter().map(|e| (e.field.clone(), w.wrong(&e.wrong))).collect();
    Html(Form { w, id, subject, tongue, text, here, typed, errors }.render().unwrap_or_default())
}

/// The form again, with what was refused.
#[derive(Template, Serialize)]
#[template(path = "people_recording.html")]
struct Refused {
    #[serde(skip)]
    w: Words,
    #[serde(skip)]
    form: Html,
    text: String,
    here: String,
}

fn keep(ctx: &Ctx) -> Result<Reply> {
    ctx.attempt("recording", 60)?;
    let here = local(ctx.form.text("back"));
    let mut given = ctx.form.clone();
    given.push("_fields", "subject,tongue,file,since,speaker,agreed");
    let kept = ctx.write(|tx| {
        recording::may_record(ctx, tx, ctx.form.text("subject").unwrap_or_default())?;
        if ctx.form.text("agreed") != Some("yes") {
            return Err(Error::field("agreed", "recording.agreed.needed"));
        }
        let upload = ctx.uploads.iter().find(|upload| upload.field == "file");
        let upload = upload.ok_or_else(|| Error::field("file", "recording.file.needed"))?;
        recording::keep(ctx, tx, upload, &given)
    });
    match kept {
        Ok(old) => {
            if let Some(old) = old {
                kernel::files::sweep(&ctx.app, &old)?;
            }
            ctx.done(&here, "recorded")
        }
        Err(Error::Invalid(errors)) if !ctx.json => {
            let typed = |name: &str| ctx.form.get(name).unwrap_or_default();
            let tongue = Tongue::from_code(typed("tongue")).unwrap_or(SPOKEN[0]);
            let text = typed("text").to_owned();
            let form =
                form(ctx.w, &ctx.new_id(), typed("subject"), &tongue, &text, &here, &ctx.form, &errors);
            ctx.page_with_status(422, &ctx.w.t("recording.new"), &Refused { w: ctx.w, form, text, here })
        }
        Err(error) => Err(error),
    }
}

fn remove(ctx: &Ctx) -> Result<Reply> {
    let here = local(ctx.form.text("back"));
    let old = ctx.write(|tx| {
        let recording = kernel::record::get::<Recording>(tx, ctx.id("recording")?)?;
        recording::may_record(ctx, tx, &recording.subject)?;
        recording::remove(tx, &recording)
    })?;
    if let Some(old) = old {
        kernel::files::sweep(&ctx.app, &old)?;
    }
    ctx.done(&here, "removed")
}

/// The sound. Its address holds a part of its digest, so it is kept until it is replaced.
fn hear(ctx: &Ctx) -> Result<Reply> {
    let digest = ctx.param("digest")?;
    ctx.read(|db| {
        let recording =
            kernel::record::find::<Recording>(db, ctx.id("recording")?)?.ok_or(Error::NotFound)?;
        let everybody = recording::may_listen(ctx, db, &recording)?;
        let file = recording.file.0.parse().map_err(Error::internal)?;
        let (path, media, whole) = kernel::files::stored(&ctx.app, db, file)?;
        if whole.get(..12) != Some(digest) {
            return Err(Error::NotFound);
        }
        let keep = if everybody { "public, max-age=31536000, immutable" } else { "private, max-age=86400" };
        Ok(Reply::Stored { path, media, tag: whole, keep })
    })
}

/// The language in which a reader listens: on this device, and in the account if there is one.
fn choose(ctx: &Ctx) -> Result<Reply> {
    let next = local(ctx.form.text("next"));
    let tongue = ctx.form.text("tongue").and_then(Tongue::from_code).filter(|tongue| SPOKEN.contains(tongue));
    let tongue = tongue.ok_or_else(|| Error::field("tongue", "error.needed"))?;
    if let Some(account) = ctx.viewer.account {
        ctx.write(|tx| {
            let version = kernel::record::get::<Account>(tx, account)?.version;
            let own = Fields::of([("speaks", tongue.code())]);
            kernel::record::change::<Account>(tx, account, version, &own, Standing::Steward).map(|_| ())
        })?;
    }
    Ok(ctx.done(&next, "")?.with_cookie(COOKIE, tongue.code(), 31_536_000))
}
