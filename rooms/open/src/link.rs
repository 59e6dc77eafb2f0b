//! A link by which a spreadsheet reads the figures of an indicator until a day. What is kept of its secret is a digest.
//! It gives what its maker may see as a reader from outside, and nothing once the maker may see it no more.

use std::sync::Arc;

use impact::{Cut, Indicator};
use jiff::civil::Date;
use kernel::kinds::Ref;
use kernel::{Db, Error, Id, Record as _, Result, Standing, Tx, record, sql};
use people::Account;
use programmes::Programme;

record! {
    /// A link to the figures of an indicator of a programme, whole and by a cut.
    pub FigureLink in "figure_link" as "open.figure_link", about programme {
        main(Shared, Shared) {
            programme: Ref<Programme>, indicator: String, cut: Option<String>, account: Ref<Account>, until: Date,
        }
        end(Shared, Shared) { withdrawn_on: Option<Date> }
    }
}

/// What a secret opens.
pub(crate) struct Opened {
    pub(crate) programme: Programme,
    pub(crate) indicator: Arc<Indicator>,
    pub(crate) cut: Option<Cut>,
}

/// The figures behind a secret, while its link holds and its maker may see them.
pub(crate) fn opened(db: &mut Db, secret: &str) -> Result<Opened> {
    let query = sql(&format!(
        "select {} from figure_key k join figure_link l on l.id = k.link
         where k.digest = ? and l.withdrawn_on is null and l.until >= ?",
        FigureLink::columns("l.")
    ))
    .bind(people::secret_digest(secret))
    .bind(kernel::today())
    .open("whoever holds the link holds the right");
    let link = db.row(&query, FigureLink::from_row)?.ok_or(Error::NotFound)?;
    let maker = people::viewer(db, link.account.id)?;
    if maker.standing(db, link.programme.id)? < Some(Standing::Shared) {
        return Err(Error::NotFound);
    }
    let (indicator, cut) = asked(&link.indicator, link.cut.as_deref())?;
    Ok(Opened { programme: kernel::record::get(db, link.programme.id)?, indicator, cut })
}

/// The indicator and the cut of these codes, if it is told by it.
fn asked(indicator: &str, cut: Option<&str>) -> Result<(Arc<Indicator>, Option<Cut>)> {
    let indicator = impact::shipped(indicator).map_err(|_| Error::field("indicator", "error.reference"))?;
    let Some(code) = cut else { return Ok((indicator, None)) };
    match Cut::from_code(code).filter(|cut| impact::outside::tells(&indicator, *cut)) {
        Some(cut) => Ok((indicator, Some(cut))),
        None => Err(Error::field("cut", "figure_link.cut.untold")),
    }
}

/// Makes a link. Made twice with one id and secret, it is one.
pub(crate) fn make(tx: &mut Tx<'_>, link: &FigureLink, secret: &str) -> Result<()> {
    impact::check_link(link.until, secret)?;
    asked(&link.indicator, link.cut.as_deref())?;
    if let Some(there) = kernel::record::find::<FigureLink>(tx, link.id)?
        && there.withdrawn_on.is_some()
    {
        return Ok(());
    }
    kernel::record::insert(tx, link)?;
    let digest = people::secret_digest(secret);
    let keep = sql("insert into figure_key (digest, link) values (?, ?) on conflict (digest) do nothing");
    tx.run(&keep.bind(&digest).bind(link.id))?;
    // A secret that opens another link already would hand out that one.
    let query = sql("select link from figure_key where digest = ?").bind(&digest);
    if tx.one::<Id>(&query)? == link.id { Ok(()) } else { Err(Error::refused("error.id_taken")) }
}

/// The links of a programme, the latest first: all of them, or those of one maker.
pub(crate) fn of(db: &mut Db, programme: Id, maker: Option<Id>) -> Result<Vec<FigureLink>> {
    let query = sql(&format!("select {} from figure_link where programme = ?", FigureLink::columns("")))
        .bind(programme);
    let query = query
        .and_if(" and account = ?", maker)
        .and(" order by until desc, id desc limit 200")
        .open("the caller checked the standing at the programme");
    db.rows(&query, FigureLink::from_row)
}

/// True if this secret opens a link that this account made for this programme.
pub(crate) fn is_of(db: &mut Db, programme: Id, maker: Option<Id>, secret: &str) -> Result<bool> {
    let query = sql("select count(*) from figure_key k join figure_link l on l.id = k.link
                     where k.digest = ? and l.programme = ? and l.account = ? and l.withdrawn_on is null")
    .bind(people::secret_digest(secret))
    .bind(programme)
    .bind(maker)
    .open("the caller checked the standing at the programme");
    Ok(db.one::<i64>(&query)? > 0)
}
