//! Who does what, where: a table with a row of HXL hashtags, which coordination platforms read. Cooperatives and people
//! are counted, never named.

use std::collections::HashMap;

use impact::outside::{Bucket, Outside};
use impact::{Cut, Figure};
use jiff::civil::Date;
use kernel::{Ctx, Db, Reply, Result};
use programmes::{PartnerRole, intervention, partner};
use sheet::{CsvStyle, CsvWriter, Out};

use crate::files;
use crate::record::Told;

/// Key of a column's word under `open.column`, and its hashtag.
pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("actor", "#org+name"),
    ("funder", "#org+funder"),
    ("sector", "#sector+code+v_dac"),
    ("theme", "#sector+name"),
    ("programme", "#activity+name"),
    ("region", "#adm1+name"),
    ("region_code", "#adm1+code"),
    ("province", "#adm2+name"),
    ("province_code", "#adm2+code"),
    ("since", "#date+start"),
    ("until", "#date+end"),
    ("status", "#status"),
    ("cooperatives", "#reached+org"),
    ("people", "#reached+ind"),
    ("women", "#reached+ind+f"),
];

/// A row.
struct Row {
    actor: String,
    theme: String,
    province: String,
    since: Date,
    until: Option<Date>,
    status: String,
    cooperatives: Option<i64>,
    people: Option<i64>,
    women: Option<i64>,
}

pub(crate) fn file(ctx: &Ctx, db: &mut Db, told: &Told) -> Result<Reply> {
    let w = ctx.w;
    let id = told.programme.id;
    let partners = partner::of(db, id)?;
    let named = |role: PartnerRole| {
        let names = partners.iter().filter(|line| line.role == role).map(|line| line.name.best(w.lang));
        names.collect::<Vec<_>>().join(" | ")
    };
    let mut rows = Vec::new();
    for line in intervention::who_where(db, id)? {
        let other = || w.t("open.other_actor").into_owned();
        rows.push(Row {
            actor: line.actor.map_or_else(other, |name| name.best(w.lang).to_owned()),
            theme: w.choice(&line.theme),
            province: line.province,
            since: line.since,
            until: line.until,
            status: w.choice(&line.status),
            cooperatives: Some(line.organisations),
            people: None,
            women: None,
        });
    }
    rows.extend(trained(ctx, db, told, &named(PartnerRole::Operator))?);
    let funder = named(PartnerRole::Funder);
    let programme = told.programme.name.best(w.lang);
    let header: Vec<String> = COLUMNS.iter().map(|(word, _)| w.t2("open.column", word)).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut out = CsvWriter::new(Vec::new(), CsvStyle::PROGRAM, &header).map_err(kernel::Error::internal)?;
    let tags: Vec<Out<'_>> = COLUMNS.iter().map(|(_, tag)| Out::Text(tag)).collect();
    out.row(&tags).map_err(kernel::Error::internal)?;
    for row in &rows {
        let region = row.province.get(..impact::REGION).unwrap_or_default();
        let (region_name, province_name) = (w.division(region), w.division(&row.province));
        let count = |n: Option<i64>| n.map_or(Out::Empty, Out::Int);
        out.row(&[
            Out::Text(&row.actor),
            Out::Text(&funder),
            Out::Text(told.data.sector_code()),
            Out::Text(&row.theme),
            Out::Text(programme),
            Out::Text(&region_name),
            Out::Text(region),
            Out::Text(&province_name),
            Out::Text(&row.province),
            files::day(row.since),
            row.until.map_or(Out::Empty, files::day),
            Out::Text(&row.status),
            count(row.cooperatives),
            count(row.people),
            count(row.women),
        ])
        .map_err(kernel::Error::internal)?;
    }
    let (bytes, _) = out.finish().map_err(kernel::Error::internal)?;
    Ok(Reply::Body { status: 200, media: files::CSV, body: bytes })
}

/// Training, a row a province, with how many people and women took part, where they are not too few.
fn trained(ctx: &Ctx, db: &mut Db, told: &Told, operators: &str) -> Result<Vec<Row>> {
    let outside = Outside::of(ctx.w, &told.programme);
    let period = outside.period();
    let by_province = |buckets: Vec<Bucket>| -> HashMap<Option<String>, Figure> {
        buckets.into_iter().map(|bucket| (bucket.figure.row.clone(), bucket.figure)).collect()
    };
    let cooperatives = &*impact::shipped("cooperatives-trained")?;
    let cooperatives = by_province(outside.table(ctx, db, cooperatives, &[Cut::Province])?);
    let people = &*impact::shipped("people-trained")?;
    // One table for both, so that what one hides the other does not betray.
    let (totals, sexes): (Vec<_>, Vec<_>) = outside
        .table(ctx, db, people, &[Cut::Province, Cut::Sex])?
        .into_iter()
        .partition(|bucket| bucket.labels.len() == 1);
    let women = by_province(
        sexes.into_iter().filter(|cell| cell.figure.column.as_deref() == Some("woman")).collect(),
    );
    let shown =
        |figure: Option<&Figure>| figure.filter(|figure| !figure.hidden).and_then(|figure| figure.value);
    let ended = told.programme.until < kernel::today();
    let actor = if operators.is_empty() {
        told.publisher.name.best(ctx.w.lang).to_owned()
    } else {
        operators.to_owned()
    };
    let mut rows = Vec::new();
    for bucket in totals {
        let Some(province) = bucket.figure.row.clone() else { continue };
        rows.push(Row {
            actor: actor.clone(),
            theme: ctx.w.t("open.training").into_owned(),
            since: period.since,
            until: ended.then_some(told.programme.until),
            status: ctx.w.t2("intervention.status", if ended { "done" } else { "running" }),
            cooperatives: shown(cooperatives.get(&bucket.figure.row)),
            people: shown(Some(&bucket.figure)),
            women: shown(women.get(&bucket.figure.row)),
            province,
        });
    }
    rows.sort_by(|a, b| a.province.cmp(&b.province));
    Ok(rows)
}
