//! What a page can let its reader hear.

use std::collections::HashMap;
use std::fmt::Write;

use kernel::html::escape;
use kernel::kinds::Choice;
use kernel::{Ctx, Db, Html, Id, Lang, Result, Words, sql};

use super::{SPOKEN, part_subject, word_subject};
use crate::Tongue;

/// The recordings of a page in the reader's spoken language, by subject.
pub struct Voices {
    w: Words,
    tongue: Option<Tongue>,
    /// The languages in which anything of this page is recorded.
    tongues: Vec<Tongue>,
    found: HashMap<String, String>,
    demonstration: bool,
    path: String,
}

/// The language somebody listens to: the one they chose, else the one they read here.
pub(crate) fn tongue_of(ctx: &Ctx, db: &mut Db) -> Result<Option<Tongue>> {
    let chosen: Option<Option<Tongue>> = match ctx.viewer.account {
        Some(account) => {
            db.row(&sql("select speaks from account where id = ?").bind(account), |row| row.take())?
        }
        None => None,
    };
    let here = ctx.spoken.as_deref().and_then(Tongue::from_code);
    Ok(chosen.flatten().or(here).or(match ctx.w.lang {
        Lang::Fr => Some(Tongue::French),
        Lang::Ar => Some(Tongue::Arabic),
        Lang::En | Lang::Zgh => None,
    }))
}

impl Voices {
    /// The recorded words of the interface.
    pub fn of_words(ctx: &Ctx, db: &mut Db) -> Result<Voices> {
        Voices::under(ctx, db, &word_subject(""))
    }

    /// What is recorded of a record. The caller has checked that the reader may know of it.
    pub fn of(ctx: &Ctx, db: &mut Db, record: Id) -> Result<Voices> {
        Voices::under(ctx, db, &part_subject(record, ""))
    }

    fn under(ctx: &Ctx, db: &mut Db, start: &str) -> Result<Voices> {
        let tongue = tongue_of(ctx, db)?;
        let query =
            sql("select r.subject, r.tongue, r.id, f.digest from recording r join file f on f.id = r.file
                         where r.subject >= ? and r.subject < ?")
            .bind(start)
            .bind(format!("{start}~"))
            .open("the caller checked what is recorded; words are everybody's");
        let (mut found, mut tongues) = (HashMap::new(), Vec::new());
        db.each(&query, |row| {
            let (subject, spoken, id, digest): (String, Tongue, Id, String) =
                (row.take()?, row.take()?, row.take()?, row.take()?);
            if Some(spoken) == tongue {
                found.insert(subject, format!("/recordings/{id}/{}", digest.get(..12).unwrap_or_default()));
            }
            if !tongues.contains(&spoken) {
                tongues.push(spoken);
            }
            Ok(())
        })?;
        let demonstration = ctx.app.demonstration;
        let query = ctx.query.query_with(&[("done", ""), ("lang", "")]);
        let path = format!("{}{}", ctx.path, if query == "?" { "" } else { &query });
        Ok(Voices { w: ctx.w, tongue, tongues, found, demonstration, path })
    }

    /// A button that speaks a word of the interface; nothing where nobody recorded it.
    pub fn word(&self, key: &str) -> Html {
        self.said(&word_subject(key), &self.w.t(key))
    }

    /// A button that speaks a part of a record, labelled with its text.
    pub fn part(&self, record: Id, part: &str, text: &str) -> Html {
        self.said(&part_subject(record, part), text)
    }

    fn said(&self, subject: &str, text: &str) -> Html {
        self.found.get(subject).map(|source| player(self.w, source, text)).unwrap_or_default()
    }

    /// The languages in which this page can be heard, each one tap away; nothing where there are no recordings.
    pub fn chooser(&self) -> Html {
        if self.tongues.is_empty() {
            return Html::default();
        }
        let w = self.w;
        let mut out = format!(
            "<form class=\"tongues\" method=\"post\" action=\"/spoken\" aria-label=\"{0}\"><svg viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" aria-hidden=\"true\"><path d=\"M4 9v6h4l5 4V5L8 9z\"/><path d=\"M16 8.5a5 5 0 010 7M18.5 6a8.5 8.5 0 010 12\"/></svg><input type=\"hidden\" name=\"next\" value=\"{1}\">",
            escape(&w.t("recording.listen_in")),
            escape(&self.path)
        );
        for tongue in SPOKEN.iter().filter(|tongue| self.tongues.contains(tongue)) {
            let _ = write!(
                out,
                "<button name=\"tongue\" value=\"{}\" aria-pressed=\"{}\">{}</button>",
                tongue.code(),
                Some(*tongue) == self.tongue,
                escape(&w.t2("recording.own_name", tongue.code()))
            );
        }
        out.push_str("</form>");
        if self.demonstration {
            let _ = write!(
                out,
                "<p class=\"small\"><span class=\"chip invented\">{}</span></p>",
                escape(&w.t("recording.demonstration"))
            );
        }
        Html(out)
    }
}

/// The browser's own player; a script makes one button of it.
pub(crate) fn player(w: Words, source: &str, text: &str) -> Html {
    let label = escape(&w.with("recording.listen", "text", text));
    Html(format!(
        "<span class=\"listen\" data-sound=\"listen\"><audio controls preload=\"none\" src=\"{source}\" aria-label=\"{label}\"></audio></span>"
    ))
}
