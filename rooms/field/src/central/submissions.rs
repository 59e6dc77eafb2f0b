//! What was sent with a form, as far as whoever asks may read it: all of it for who answers for the programme; else
//! one's own, and what is about records whose files one works on now. What was erased is not there.

use kernel::{App, Db, Error, Id, Result, Sql, Standing, Viewer, sql};

use super::filter::Filter;
use crate::openrosa::door::Asked;
use crate::openrosa::submission;
use crate::received::TOMBSTONE;

/// Submissions that are read at once.
const CHUNK: i64 = 200;

/// Which submissions are wanted, and by whom.
pub(super) struct Wanted {
    viewer: Viewer,
    account: Id,
    programme: Id,
    form: String,
    filter: Option<Filter>,
    one: Option<Id>,
}

/// The place of a submission in the list: what comes after is older.
pub(super) type Place = (i64, Id);

/// A submission as it is kept.
pub(super) struct Kept {
    pub(super) id: Id,
    pub(super) account: Id,
    /// The name of whoever sent it.
    pub(super) submitter: String,
    pub(super) instance: String,
    pub(super) version: String,
    pub(super) device: Option<String>,
    /// Milliseconds since 1970.
    pub(super) received: i64,
    /// Its bytes.
    pub(super) body: String,
}

impl Wanted {
    /// Everything of a form.
    pub(super) fn of(asked: &Asked, form: &str, filter: Option<Filter>) -> Wanted {
        let (account, programme) = (asked.account, asked.programme.id);
        Wanted { viewer: asked.viewer.clone(), account, programme, form: form.into(), filter, one: None }
    }

    /// The one that gives itself this number.
    pub(super) fn one(asked: &Asked, form: &str, instance: &str) -> Wanted {
        let id = submission::id(asked.programme.id, form, instance);
        Wanted { one: Some(id), ..Wanted::of(asked, form, None) }
    }

    fn select(&self, columns: &str) -> Sql {
        // A batch of the same id and other content may be there, sent by somebody else.
        let text = format!(
            "select {columns} from submission s join batch b on b.id = s.id and b.digest = s.digest and b.account = s.account
             where s.programme = ? and s.form = ? and b.body <> ? and (s.account = ? or"
        );
        let near = |query: Sql, column: &str| query.seen_near(&self.viewer, column, Standing::File);
        let query =
            sql(&text).bind(self.programme).bind(self.form.as_str()).bind(TOMBSTONE).bind(self.account);
        let query = query.seen_near(&self.viewer, "s.programme", Standing::Steward);
        let query = query.and("or (exists (select 1 from device_command c where c.batch = b.key and");
        let query = near(query, "c.about").and(") and not exists (select 1 from device_command c where c.batch = b.key and (c.about is null or not (");
        let query = near(query, "c.about").and(")))))").and_if(" and s.id = ?", self.one);
        match &self.filter {
            Some(filter) => filter.add(query.and(" and ")),
            None => query,
        }
    }

    /// How many there are.
    pub(super) fn count(&self, db: &mut Db) -> Result<i64> {
        db.one(&self.select("count(*)"))
    }

    /// Some of them, from a place on, the newest first.
    fn page(&self, db: &mut Db, after: Option<Place>, skip: i64, most: i64) -> Result<Vec<Kept>> {
        let columns = "s.id, s.account, coalesce((select a.name from account a where a.id = s.account), ''), s.instance, s.version, s.device, s.received_at, b.body";
        let mut query = self.select(columns);
        if let Some((at, id)) = after {
            query = query.and(" and (s.received_at < ? or (s.received_at = ? and s.id < ?))");
            query = query.bind(at).bind(at).bind(id);
        }
        let query =
            query.and(" order by s.received_at desc, s.id desc limit ? offset ?").bind(most).bind(skip);
        db.rows(&query, |row| {
            Ok(Kept {
                id: row.take()?,
                account: row.take()?,
                submitter: row.take()?,
                instance: row.take()?,
                version: row.take()?,
                device: Some(row.take::<String>()?).filter(|device| !device.is_empty()),
                received: row.take()?,
                body: row.take()?,
            })
        })
    }

    /// The one that is wanted.
    pub(super) fn find(&self, db: &mut Db) -> Result<Kept> {
        self.page(db, None, 0, 1)?.into_iter().next().ok_or(Error::NotFound)
    }

    /// Each of them after a place, past so many: what is made of it is read with it, and given on when no connection to
    /// the database is held. Ends with the last one, or when `give` says that it is enough.
    pub(super) fn each<T>(
        &self,
        app: &App,
        mut after: Option<Place>,
        mut skip: i64,
        mut make: impl FnMut(&mut Db, &Kept) -> Result<T>,
        mut give: impl FnMut(Place, T) -> Result<bool>,
    ) -> Result<()> {
        loop {
            let made = app.read(|db| {
                let page = self.page(db, after, skip, CHUNK)?;
                page.iter().map(|kept| Ok((kept.place(), make(db, kept)?))).collect::<Result<Vec<_>>>()
            })?;
            let last = (made.len() as i64) < CHUNK;
            skip = 0;
            for (place, thing) in made {
                after = Some(place);
                if !give(place, thing)? {
                    return Ok(());
                }
            }
            if last {
                return Ok(());
            }
        }
    }
}

impl Kept {
    /// A submission of whoever asks of which nothing is known.
    pub(super) fn blank(asked: &Asked) -> Kept {
        let text = String::new;
        Kept {
            id: Id::default(),
            account: asked.account,
            submitter: asked.viewer.name.clone(),
            instance: text(),
            version: text(),
            device: None,
            received: 0,
            body: text(),
        }
    }

    fn place(&self) -> Place {
        (self.received, self.id)
    }
}
