//! A link by which anybody reads a frozen report until a day. What is kept of its secret is a digest.

use jiff::civil::Date;
use kernel::{Db, Error, Id, Record, Result, Tx, sql};

use super::record::{Report, ReportLink};

/// The report behind a secret, while its link holds.
pub(crate) fn opened(db: &mut Db, secret: &str) -> Result<Report> {
    let query = sql("select l.report from report_key k join report_link l on l.id = k.link
                     where k.digest = ? and l.withdrawn_on is null and l.until >= ?")
    .bind(people::secret_digest(secret))
    .bind(kernel::today())
    .open("whoever holds the link holds the right");
    let report: Id = db.row(&query, |row| row.take())?.ok_or(Error::NotFound)?;
    let report = kernel::record::get::<Report>(db, report)?;
    if report.is_frozen() { Ok(report) } else { Err(Error::NotFound) }
}

/// Makes a link to a frozen report. Made twice with one id and secret, it is one.
pub(crate) fn make(tx: &mut Tx<'_>, report: &Report, id: Id, secret: &str, until: Date) -> Result<()> {
    if !report.is_frozen() {
        return Err(Error::refused("report.not_frozen"));
    }
    crate::link::check(until, secret)?;
    if let Some(there) = kernel::record::find::<ReportLink>(tx, id)?
        && there.withdrawn_on.is_some()
    {
        return Ok(());
    }
    let link = ReportLink {
        id,
        version: 1,
        programme: report.programme,
        report: report.id.into(),
        until,
        withdrawn_on: None,
    };
    kernel::record::insert(tx, &link)?;
    let keep = sql("insert into report_key (digest, link) values (?, ?) on conflict (digest) do nothing");
    tx.run(&keep.bind(people::secret_digest(secret)).bind(id))?;
    // A secret that opens another link already would hand out that one.
    let query = sql("select link from report_key where digest = ?").bind(people::secret_digest(secret));
    if tx.one::<Id>(&query)? == id { Ok(()) } else { Err(Error::refused("error.id_taken")) }
}

/// The links of a report, the latest first.
pub(crate) fn of(db: &mut Db, report: Id) -> Result<Vec<ReportLink>> {
    let query = sql(&format!(
        "select {} from report_link where report = ? order by until desc, id desc",
        ReportLink::columns("")
    ))
    .bind(report)
    .open("the caller stewards the programme");
    db.rows(&query, ReportLink::from_row)
}

/// True if this secret opens a link of this report.
pub(crate) fn is_of(db: &mut Db, report: Id, secret: &str) -> Result<bool> {
    let query = sql("select count(*) from report_key k join report_link l on l.id = k.link
                     where k.digest = ? and l.report = ? and l.withdrawn_on is null")
    .bind(people::secret_digest(secret))
    .bind(report)
    .open("the caller stewards the programme");
    Ok(db.one::<i64>(&query)? > 0)
}
