//! `/v1/projects/{programme}/datasets`: the lists beside the forms, as entities. They change through their pages and forms.

use std::collections::{BTreeSet, HashMap};

use kernel::value::Row;
use kernel::{Ctx, Db, Error, Id, Json, Reply, Result, sql};
use serde_json::json;

use super::answer::{instant, speak};
use super::options::{Options, unfiltered};
use super::{edmx, number, odata, projects, who};
use crate::openrosa::door::Asked;
use crate::openrosa::lists::{self, List};

/// The lists that stand beside the forms of whoever asks.
fn names(ctx: &Ctx, asked: &Asked) -> Result<BTreeSet<String>> {
    let forms = ctx.read(|db| asked.offered(ctx, db))?;
    Ok(forms.into_iter().flat_map(|form| form.lists).collect())
}

fn told(ctx: &Ctx, asked: &Asked, name: &str) -> Result<Json> {
    Ok(json!({
        "name": name, "projectId": number::of(&ctx.app, asked.programme.id)?, "approvalRequired": false,
        "createdAt": instant(projects::created(ctx, asked)?)?,
    }))
}

/// `GET …/datasets`.
pub(super) fn list(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let lists = names(ctx, &asked)?;
        ctx.data(&lists.iter().map(|name| told(ctx, &asked, name)).collect::<Result<Vec<_>>>()?)
    })
}

/// The list of this name, if it is offered.
fn find(ctx: &Ctx, asked: &Asked, name: &str) -> Result<List> {
    if !names(ctx, asked)?.contains(name) {
        return Err(Error::NotFound);
    }
    ctx.read(|db| lists::read(db, &asked.viewer, asked.programme.id, name, ctx.w))
}

/// `GET …/datasets/{dataset}`: what is known of it; with `.svc` its tables.
pub(super) fn one(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let name = ctx.param("dataset")?;
        if let Some(of) = name.strip_suffix(".svc") {
            find(ctx, &asked, of)?;
            return odata::listed(ctx, &odata::base(ctx, &format!("datasets/{name}"))?, &["Entities"]);
        }
        let list = find(ctx, &asked, name)?;
        let mut told = told(ctx, &asked, name)?;
        let published = told["createdAt"].clone();
        let properties = list.columns.iter().map(
            |column| json!({ "name": column, "odataName": column, "publishedAt": published, "forms": [] }),
        );
        told["properties"] = properties.collect();
        ctx.data(&told)
    })
}

/// `GET …/datasets/{dataset}/{table}`: `entities`, `entities.csv`; behind `.svc` the table of OData and what it is like.
pub(super) fn table(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let (name, table) = (ctx.param("dataset")?, ctx.param("table")?);
        match (name.strip_suffix(".svc"), table) {
            (None, "entities") => entities(ctx, &find(ctx, &asked, name)?),
            (None, "entities.csv") => {
                let body = find(ctx, &asked, name)?.csv()?.into_bytes();
                Ok(Reply::Body { status: 200, media: "text/csv; charset=utf-8", body })
            }
            (Some(name), "$metadata") => {
                let list = find(ctx, &asked, name)?;
                edmx::of_list(name, list.columns).map(odata::odata)
            }
            (Some(name), "Entities") => rows(ctx, name, &find(ctx, &asked, name)?),
            _ => Err(Error::NotFound),
        }
    })
}

/// When these records were created here, and by whom.
fn born(db: &mut Db, ids: &[Id]) -> Result<HashMap<Id, (i64, Option<Id>)>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(500) {
        let query = sql("select f.record, f.at, f.actor from fact f where f.record").within(ids);
        let query =
            query.and(" and not exists (select 1 from fact e where e.record = f.record and e.id < f.id)");
        let rows = db.rows(&query.open("records that the list shows"), |row: &mut Row| {
            Ok((row.take()?, (row.take()?, row.take()?)))
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// An entry of a list: id, label, version and the rest; when it was created and by whom.
type Entry<'a> = (&'a [String], i64, Option<Id>);

fn entries<'a>(ctx: &Ctx, list: &'a List) -> Result<Vec<Entry<'a>>> {
    let id = |row: &[String]| row.first().and_then(|id| id.parse::<Id>().ok());
    let ids: Vec<Id> = list.rows.iter().filter_map(|row| id(row)).collect();
    let born = ctx.read(|db| born(db, &ids))?;
    let of = |row: &'a Vec<String>| {
        let (at, by) = id(row).and_then(|id| born.get(&id).copied()).unwrap_or_default();
        (row.as_slice(), at, by)
    };
    Ok(list.rows.iter().map(of).collect())
}

fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map(String::as_str).unwrap_or_default()
}

/// The version of an entry.
fn version(row: &[String]) -> i64 {
    cell(row, 2).parse().unwrap_or(1)
}

fn entities(ctx: &Ctx, list: &List) -> Result<Reply> {
    let told = |(row, at, by): Entry<'_>| {
        let (creator, at) = (by.map(number::of_account).unwrap_or(0), instant(at)?);
        Ok(json!({
            "uuid": cell(row, 0), "creatorId": creator, "createdAt": at, "updatedAt": null, "deletedAt": null,
            "conflict": null,
            "currentVersion": {
                "label": cell(row, 1), "current": true, "createdAt": at, "creatorId": creator, "userAgent": "",
                "version": version(row),
            },
        }))
    };
    ctx.data(&entries(ctx, list)?.into_iter().map(told).collect::<Result<Vec<_>>>()?)
}

fn rows(ctx: &Ctx, name: &str, list: &List) -> Result<Reply> {
    let options = Options::read(ctx)?;
    unfiltered(ctx)?;
    let skip = usize::try_from(options.skip).unwrap_or(usize::MAX);
    let top = options.top.map_or(usize::MAX, |top| usize::try_from(top).unwrap_or(usize::MAX));
    let entries = entries(ctx, list)?;
    let count = entries.len();
    let asked: Vec<_> = entries.into_iter().skip(skip).take(top).collect();
    let accounts: Vec<Id> =
        asked.iter().filter_map(|(_, _, by)| *by).collect::<BTreeSet<_>>().into_iter().collect();
    let creators = ctx.read(|db| people::account_names(db, &accounts))?;
    let mut value = Vec::new();
    for (row, at, by) in asked {
        let version = version(row);
        let mut told = json!({
            "__id": cell(row, 0), "label": cell(row, 1),
            "__system": {
                "createdAt": instant(at)?, "updatedAt": null, "version": version, "updates": version - 1, "conflict": null,
                "creatorId": by.map(|by| number::of_account(by).to_string()),
                "creatorName": by.and_then(|by| creators.get(&by)),
            },
        });
        for (at, column) in list.columns.iter().enumerate() {
            told[*column] = cell(row, at + 3).into();
        }
        value.push(told);
    }
    let base = odata::base(ctx, &format!("datasets/{name}.svc"))?;
    let mut told = json!({ "@odata.context": format!("{base}/$metadata#Entities") });
    if options.count {
        told["@odata.count"] = count.into();
    }
    let after = skip.saturating_add(value.len());
    if !value.is_empty() && after < count {
        let query = ctx.query.query_with(&[("$skip", &after.to_string())]);
        told["@odata.nextLink"] = format!("{base}/Entities{query}").into();
    }
    told["value"] = value.into();
    Ok(odata::odata(ctx.data(&told)?))
}
