//! The lists that come beside forms, as entities: what the account may see of the programme, now.

use kernel::kinds::Multi;
use kernel::{Db, Error, Id, Result, Standing, Viewer, Words, sql};

use super::forms::{COOPERATIVES, HALF_DAYS, PARTICIPANTS};

/// A list: the file is named after it.
pub(crate) struct List {
    pub(crate) columns: &'static [&'static str],
    /// Name, label and version, then the columns.
    pub(crate) rows: Vec<Vec<String>>,
}

impl List {
    /// As a table of text.
    pub(crate) fn csv(&self) -> Result<String> {
        let mut out = csv::Writer::from_writer(Vec::new());
        let head = ["name", "label", "__version"].iter().chain(self.columns);
        out.write_record(head).map_err(Error::internal)?;
        self.rows.iter().try_for_each(|row| out.write_record(row)).map_err(Error::internal)?;
        let bytes = out.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        String::from_utf8(bytes).map_err(Error::internal)
    }

    /// True if this id is of the list.
    pub(crate) fn holds(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row.first().is_some_and(|name| name == id))
    }
}

/// The list of this name.
pub(crate) fn read(db: &mut Db, viewer: &Viewer, programme: Id, name: &str, w: Words) -> Result<List> {
    match name {
        COOPERATIVES => cooperatives(db, viewer, programme, w),
        HALF_DAYS => half_days(db, viewer, programme, w),
        PARTICIPANTS => participants(db, viewer, programme, w),
        _ => Err(Error::NotFound),
    }
}

fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn cooperatives(db: &mut Db, viewer: &Viewer, programme: Id, w: Words) -> Result<List> {
    let query = sql("select o.id, o.name, o.version, o.place, o.phone, o.email, o.members, o.women, o.young
         from organisation o where o.id in (select organisation from enrolment where programme = ?
         and status in ('selected', 'active')) and")
    .bind(programme)
    .seen_near(viewer, "o.id", Standing::File)
    .and(" order by o.sort, o.id");
    let rows = db.rows(&query, |row| {
        let (id, name, version): (Id, Multi, i64) = (row.take()?, row.take()?, row.take()?);
        let place: String = row.take()?;
        let (phone, email): (Option<String>, Option<String>) = (row.take()?, row.take()?);
        Ok(vec![
            id.to_string(),
            name.best(w.lang).to_owned(),
            version.to_string(),
            w.place(&place),
            phone.unwrap_or_default(),
            email.unwrap_or_default(),
            number(row.take()?),
            number(row.take()?),
            number(row.take()?),
        ])
    })?;
    Ok(List { columns: &["place", "phone", "email", "members", "women", "young"], rows })
}

fn half_days(db: &mut Db, viewer: &Viewer, programme: Id, w: Words) -> Result<List> {
    let joined = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>().join(" ");
    let (half_days, _) = training::roster(db, viewer, programme, w)?;
    let rows = half_days.iter().map(|half| {
        vec![
            half.half_day.to_string(),
            format!("{} – {}", half.name.best(w.lang), half.when),
            half.version.to_string(),
            half.session.to_string(),
            joined(&half.present),
            joined(&half.absent),
        ]
    });
    Ok(List { columns: &["session", "present", "absent"], rows: rows.collect() })
}

fn participants(db: &mut Db, viewer: &Viewer, programme: Id, w: Words) -> Result<List> {
    let (_, listed) = training::roster(db, viewer, programme, w)?;
    let rows = listed.iter().map(|listed| {
        let name = listed.name.best(w.lang);
        let label = match &listed.organisation {
            Some(organisation) => format!("{name} – {}", organisation.best(w.lang)),
            None => name.to_owned(),
        };
        // Her place on a list never changes; her name is read anew each time.
        vec![listed.id.to_string(), label, "1".into(), listed.session.to_string()]
    });
    Ok(List { columns: &["session"], rows: rows.collect() })
}
