//! `…/forms/{form}.svc`: submissions as tables (OData 4.0), for Excel, Power BI and whatever reads that.

use std::io::Write;

use kernel::fields::encode;
use kernel::{App, Ctx, Db, Error, Id, Json, Reply, Result, Sql, sql};
use serde_json::json;

use super::answer::{instant, speak};
use super::filter::Filter;
use super::forms;
use super::options::{Options, token, unfiltered};
use super::shape::{self, ROOT, Shape};
use super::submissions::{Kept, Place, Wanted};
use super::value::{self, Manner, Row};
use super::{edmx, number, who};
use crate::openrosa::door::Asked;
use crate::openrosa::offered::Offered;
use crate::openrosa::work;
use crate::received;

/// The address of the tables of whatever is asked.
pub(super) fn base(ctx: &Ctx, of: &str) -> Result<String> {
    Ok(ctx.link(&format!("/v1/projects/{}/{of}", ctx.param("programme")?)))
}

/// The same reply as OData.
pub(super) fn odata(reply: Reply) -> Reply {
    reply.with_header("odata-version", "4.0")
}

/// The list of tables at an address.
pub(super) fn listed(ctx: &Ctx, base: &str, tables: &[&str]) -> Result<Reply> {
    let tables: Vec<Json> =
        tables.iter().map(|name| json!({ "name": name, "kind": "EntitySet", "url": name })).collect();
    Ok(odata(ctx.data(&json!({ "@odata.context": format!("{base}/$metadata"), "value": tables }))?))
}

/// `GET …/forms/{form}.svc`: which tables there are.
pub(super) fn tables(ctx: &Ctx, form: &Offered) -> Result<Reply> {
    let shape = shape::read(&form.xml)?;
    let repeats = shape.repeats();
    let names: Vec<&str> =
        [ROOT].into_iter().chain(repeats.iter().map(|(part, _)| part.table.as_str())).collect();
    listed(ctx, &base(ctx, &format!("forms/{}.svc", encode(&form.id)))?, &names)
}

/// Whoever asks, the form of the address, and its shape.
fn opened(ctx: &Ctx) -> Result<(Asked, Offered, Shape)> {
    let asked = who::asked(ctx)?;
    let id = ctx.param("form")?.strip_suffix(".svc").ok_or(Error::NotFound)?;
    let form = forms::find(ctx, &asked, id)?;
    let shape = shape::read(&form.xml)?;
    Ok((asked, form, shape))
}

/// The number in `Submissions('…')`.
fn key(table: &str) -> Option<String> {
    let quoted = table.strip_prefix(ROOT)?.strip_prefix("('")?.strip_suffix("')")?;
    Some(quoted.replace("''", "'"))
}

/// `GET …/forms/{form}.svc/{table}`: a table, one submission, or what the tables are like.
pub(super) fn table(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let (asked, form, shape) = opened(ctx)?;
        let name = ctx.param("table")?;
        if name == "$metadata" {
            return edmx::of_form(&form.id, &shape).map(odata);
        }
        let options = Options::read(ctx)?;
        if let Some(instance) = key(name) {
            unfiltered(ctx)?;
            let wanted = Wanted::one(&asked, &form.id, &instance);
            let row = ctx.read(|db| {
                let kept = wanted.find(db)?;
                row(&ctx.app, db, &shape, &kept, options.whole)
            })?;
            let base = base(ctx, &format!("forms/{}.svc", encode(&form.id)))?;
            return Ok(odata(
                ctx.data(&json!({ "@odata.context": format!("{base}/$metadata#{ROOT}"), "value": [row] }))?,
            ));
        }
        let table = shape.table(name).ok_or(Error::NotFound)?.to_owned();
        let filter = match ctx.query.text("$filter") {
            Some(text) => Some(Filter::read(text, &ctx.read(|db| senders(db, asked.programme.id))?)?),
            None => None,
        };
        let wanted = Wanted::of(&asked, &form.id, filter);
        feed(ctx, &form, shape, wanted, table, options)
    })
}

/// `GET …/forms/{form}.svc/Submissions('…')/{part}`: what is repeated in one submission.
pub(super) fn part(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let (asked, form, shape) = opened(ctx)?;
        let instance = key(ctx.param("table")?).ok_or(Error::NotFound)?;
        let table = shape.repeat(ctx.param("part")?).ok_or(Error::NotFound)?.to_owned();
        let options = Options::read(ctx)?;
        unfiltered(ctx)?;
        let wanted = Wanted::one(&asked, &form.id, &instance);
        ctx.read(|db| wanted.find(db))?;
        feed(ctx, &form, shape, wanted, table, options)
    })
}

/// The accounts that sent something in a programme.
fn senders(db: &mut Db, programme: Id) -> Result<Vec<Id>> {
    let query: Sql = sql("select distinct account from submission where programme = ?");
    let query = query.bind(programme).open("the programme of the key; only numbers of accounts are compared");
    db.rows(&query, kernel::value::Row::take)
}

/// How many of these files belong to a submission and are there.
pub(super) fn present(app: &App, db: &mut Db, submission: Id, names: &[String]) -> Result<Vec<bool>> {
    let there = |name: &String| Ok(received::whole(app, db, work::upload(submission, name))?.is_some());
    names.iter().map(there).collect()
}

/// A submission as a row.
fn row(app: &App, db: &mut Db, shape: &Shape, kept: &Kept, whole: bool) -> Result<Row> {
    let sent = value::parse(&kept.body)?;
    let files = value::files(&shape.parts, sent.root_element());
    let there = present(app, db, kept.id, &files)?.into_iter().filter(|there| *there).count();
    let address = format!("{ROOT}('{}')", encode(&kept.instance.replace('\'', "''")));
    let manner = Manner { submission: kept.id, address: Some(&address), whole };
    let mut row = Row::new();
    row.insert("__id".into(), kept.instance.as_str().into());
    let system = json!({
        "submissionDate": instant(kept.received)?, "updatedAt": null, "deletedAt": null,
        "submitterId": number::of_account(kept.account).to_string(), "submitterName": kept.submitter,
        "attachmentsPresent": there, "attachmentsExpected": files.len(),
        "status": null, "reviewState": null, "deviceId": kept.device, "edits": 0, "formVersion": kept.version,
    });
    row.insert("__system".into(), system);
    row.extend(value::columns(&shape.parts, Some(sent.root_element()), &kept.instance, &manner));
    Ok(row)
}

/// The rows of a table that a submission makes.
fn made(app: &App, db: &mut Db, shape: &Shape, table: &str, kept: &Kept, whole: bool) -> Result<Vec<Row>> {
    if table == ROOT {
        return Ok(vec![row(app, db, shape, kept, whole)?]);
    }
    let sent = value::parse(&kept.body)?;
    let manner = Manner { submission: kept.id, address: None, whole };
    Ok(value::rows(shape, table, sent.root_element(), &manner, &kept.instance))
}

/// A table, made while it is sent.
fn feed(
    ctx: &Ctx,
    form: &Offered,
    shape: Shape,
    wanted: Wanted,
    table: String,
    options: Options,
) -> Result<Reply> {
    let base = base(ctx, &format!("forms/{}.svc", encode(&form.id)))?;
    let here = ctx.link(&ctx.path);
    let query = ctx.query.clone();
    let name = format!("{table}.json");
    let produce = move |app: &App, out: &mut (dyn Write + Send)| {
        write!(out, "{{\"@odata.context\":{}", json!(format!("{base}/$metadata#{table}")))?;
        if options.count {
            write!(out, ",\"@odata.count\":{}", count(app, &shape, &wanted, &table)?)?;
        }
        out.write_all(b",\"value\":[")?;
        let next = rows(app, out, &shape, &wanted, &table, options)?;
        out.write_all(b"]")?;
        if let Some((name, text)) = next {
            let others = [("$skip", ""), ("$skiptoken", ""), (name, &text)];
            let link = format!("{here}{}", query.query_with(&others));
            write!(out, ",\"@odata.nextLink\":{}", json!(link))?;
        }
        Ok(out.write_all(b"}")?)
    };
    let media = "application/json; odata.metadata=minimal".to_owned();
    Ok(odata(Reply::Download { media, name, inline: true, produce: Box::new(produce) }))
}

/// How many rows a table has, whatever part of it is asked.
fn count(app: &App, shape: &Shape, wanted: &Wanted, table: &str) -> Result<usize> {
    if table == ROOT {
        return Ok(usize::try_from(app.read(|db| wanted.count(db))?).unwrap_or(0));
    }
    let mut found = 0;
    let rows = |db: &mut Db, kept: &Kept| made(app, db, shape, table, kept, false);
    wanted.each(app, None, 0, rows, |_, rows| {
        found += rows.len();
        Ok(true)
    })?;
    Ok(found)
}

/// Writes the rows that are asked. Answers, if others come after them, which question they answer.
fn rows(
    app: &App,
    out: &mut (dyn Write + Send),
    shape: &Shape,
    wanted: &Wanted,
    table: &str,
    options: Options,
) -> Result<Option<(&'static str, String)>> {
    // The rows of the submissions are passed over by the database; those of repeats are counted here.
    let (skip, mut past) = if table == ROOT { (options.skip, 0) } else { (0, options.skip) };
    let mut left = options.top.unwrap_or(i64::MAX);
    let (mut written, mut last, mut more) = (0_i64, options.after, false);
    let make = |db: &mut Db, kept: &Kept| made(app, db, shape, table, kept, options.whole);
    wanted.each(app, options.after, skip, make, |place: Place, rows| {
        for row in rows {
            if past > 0 {
                past -= 1;
                continue;
            }
            if left == 0 {
                more = true;
                return Ok(false);
            }
            if written > 0 {
                out.write_all(b",")?;
            }
            serde_json::to_writer(&mut *out, &row)?;
            (left, written, last) = (left - 1, written + 1, Some(place));
        }
        Ok(true)
    })?;
    Ok(match last {
        Some(place) if more && written > 0 && table == ROOT => Some(("$skiptoken", token(place))),
        Some(_) if more && written > 0 => Some(("$skip", options.skip.saturating_add(written).to_string())),
        _ => None,
    })
}
