//! The photo of a story: chosen among those of visits, brought to the size of a page, without what the telephone wrote
//! into it. It is shown while the person in it agrees.

use kernel::room::{Route, get};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Standing, Tx, Upload, Words, sql};
use people::Purpose;

use super::link;
use super::record::{self, Report, ReportSection};
use super::story::agreed;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/reports/{report}/photos/{report_section}", show),
        get("/shared/{secret}/photos/{report_section}", shared).open(),
    ]
}

/// Photos of the visits of a cooperative within a programme, by file and day.
pub(crate) fn offered(db: &mut Db, w: Words, organisation: Id) -> Result<Vec<(String, String)>> {
    let query = sql("select f.id, v.held, f.name from visit v join file f on f.id = v.photo
                     where v.organisation = ? and f.media in ('image/jpeg', 'image/png')
                     union select f.id, v.held, f.name from visit_photo x join visit v on v.id = x.visit
                     join file f on f.id = x.file where x.organisation = ? and f.media in ('image/jpeg', 'image/png')
                     order by 2 desc, 1 limit 100")
    .bind(organisation)
    .bind(organisation)
    .open("the caller stewards the programme that the cooperative is in");
    db.rows(&query, |row| {
        let (id, held, name): (Id, jiff::civil::Date, String) = (row.take()?, row.take()?, row.take()?);
        Ok((id.to_string(), format!("{} · {name}", w.date(&held))))
    })
}

/// Keeps a visit's photo for a section, as it will be shown.
pub(crate) fn take(ctx: &Ctx, tx: &mut Tx<'_>, section: Id, file: Id) -> Result<Id> {
    let original = kernel::files::read(&ctx.app, tx, file)?;
    let bytes = kernel::picture::small(&original.bytes, "photo")?;
    let upload = Upload { field: "photo".into(), name: "photo.jpg".into(), bytes };
    kernel::files::keep_as(&ctx.app, tx, &upload, section, "image/jpeg")
}

/// The photo of a section of this report, while the person in it agrees.
pub(crate) fn of(db: &mut Db, report: &Report, section: Id) -> Result<Option<Id>> {
    let section = kernel::record::get::<ReportSection>(db, section)?;
    if section.report.id != report.id {
        return Err(Error::NotFound);
    }
    let agrees = agreed(db, &section, Purpose::Photo)? && agreed(db, &section, Purpose::Story)?;
    Ok(section.photo.filter(|_| agrees).and_then(|photo| photo.0.parse().ok()))
}

fn answer(ctx: &Ctx, open: impl FnOnce(&mut Db) -> Result<Report>) -> Result<Reply> {
    ctx.read(|db| {
        let report = open(db)?;
        let file = of(db, &report, ctx.id("report_section")?)?.ok_or(Error::NotFound)?;
        let (path, media, _) = kernel::files::stored(&ctx.app, db, file)?;
        Ok(Reply::file(path, media, "photo.jpg".into()))
    })
}

fn show(ctx: &Ctx) -> Result<Reply> {
    answer(ctx, |db| Ok(record::open(ctx, db, Standing::Shared)?.0))
}

fn shared(ctx: &Ctx) -> Result<Reply> {
    answer(ctx, |db| link::opened(db, ctx.param("secret")?))
}
