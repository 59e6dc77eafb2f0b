//! Is this organisation known already? Candidates by identifier, phone, and name within a commune.
//! A name alone never makes two organisations the same: homonyms are real.
//!
//! One function, [`candidates`], hides how they are found; a linkage engine can take its place.

use askama::Template;
use kernel::kinds::{Code, Ice, Kind, Multi, Phone, Place, Raw, Ref};
use kernel::room::{Route, get, post};
use kernel::{Ctx, Db, Fields, Id, Lang, Reply, Result, Sql, Words, choice, record, sql};
use schemars::JsonSchema;
use serde::Serialize;

use crate::organisation::{self, Organisation, OrganisationKind};
use crate::{TEAM, merge};

choice! {
    /// What somebody found when comparing two organisations.
    pub Verdict in "comparison.verdict" { Same = "same", Different = "different" }
}

record! {
    /// Two organisations that somebody compared; the smaller id stands first.
    pub Comparison in "comparison" as "registry.comparison", about one {
        main(File, File) { one: Ref<Organisation>, other: Ref<Organisation>, verdict: Verdict, reason: Option<String> }
    }
}

/// What is known of an organisation that may be a duplicate.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// Its own id, if it is registered.
    pub id: Option<Id>,
    /// Names in any language.
    pub names: Vec<String>,
    /// Code of its commune.
    pub place: Option<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Identifiers: ICE, register number, national number.
    pub identifiers: Vec<String>,
}

/// An organisation that may be the same.
#[derive(Clone, Debug, Serialize, serde::Deserialize, JsonSchema)]
pub struct Candidate {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Commune and province.
    pub place: String,
    /// Kind, in words.
    pub kind: String,
    /// `identifier`, `phone` or `name`.
    pub why: String,
    /// How alike the names are, 0 to 100.
    pub alike: u8,
}

/// How alike two names in one commune must be to be shown to a person.
pub(crate) const ALIKE: u8 = 75;

/// Organisations that may be the one described, the likeliest first. Whoever registers learns the name, kind and
/// commune of a candidate, nothing else of a file that is not theirs.
pub fn candidates(db: &mut Db, described: &Description, lang: Lang) -> Result<Vec<Candidate>> {
    const REASON: &str = "whoever registers learns that it is known";
    let mut found: Vec<Candidate> = Vec::new();
    let registered = |condition: &str| {
        sql(" from organisation o where o.merged_into is null and").and(condition).open(REASON)
    };
    let mut add = |db: &mut Db, some: Sql, why: &str| -> Result<()> {
        let query = sql("select o.id, o.name, o.place, o.kind").join(some);
        let rows = db.rows(&query, |row| {
            Ok((
                row.take::<Id>()?,
                row.take::<Multi>()?,
                row.take::<String>()?,
                row.take::<OrganisationKind>()?,
            ))
        })?;
        for (id, name, place, kind) in rows {
            let alike = name
                .all()
                .flat_map(|a| described.names.iter().map(move |b| fold::similarity(a, b)))
                .max()
                .unwrap_or(0);
            if described.id == Some(id)
                || found.iter().any(|c| c.id == id)
                || (why == "name" && alike < ALIKE)
            {
                continue;
            }
            found.push(Candidate {
                id,
                name: name.best(lang).to_owned(),
                place: kernel::territory::path(&place, lang),
                kind: kernel::kinds::Choice::code(&kind).to_owned(),
                why: why.to_owned(),
                alike,
            });
        }
        Ok(())
    };
    if !described.identifiers.is_empty() {
        let given = &described.identifiers;
        let condition = registered(" (o.ice")
            .within(given)
            .and(" or o.register_number")
            .within(given)
            .and(" or o.national_number")
            .within(given)
            .and(") limit 200");
        add(db, condition, "identifier")?;
    }
    if !described.phones.is_empty() {
        add(db, registered(" o.phone").within(&described.phones).and(" limit 200"), "phone")?;
    }
    if let Some(place) = &described.place {
        let keys: Vec<String> = described
            .names
            .iter()
            .flat_map(|name| fold::name_keys(name))
            .filter(|key| key.chars().count() >= 3)
            .collect();
        if !keys.is_empty() {
            let alike = organisation::sounding(db, place, &keys, REASON)?.page(db, None, 200)?;
            add(db, alike.rows("organisation o"), "name")?;
        }
    }
    if let Some(id) = described.id {
        let known =
            sql("select one, other from comparison where verdict = 'different' and (one = ? or other = ?)")
                .bind(id)
                .bind(id)
                .open("comparisons of one organisation");
        let apart: Vec<Id> = db.rows(&known, |row| {
            let (one, other): (Id, Id) = (row.take()?, row.take()?);
            Ok(if one == id { other } else { one })
        })?;
        found.retain(|candidate| !apart.contains(&candidate.id));
    }
    found.sort_by_key(|c| (c.why == "name", 100 - c.alike));
    found.truncate(10);
    Ok(found)
}

/// Candidates for what a form says; what cannot be read yet is left out, the form will be refused for it.
pub(crate) fn candidates_of_form(db: &mut Db, form: &Fields, lang: Lang) -> Result<Vec<Candidate>> {
    candidates(db, &describe(form), lang)
}

/// What a form says of an organisation.
pub(crate) fn describe(form: &Fields) -> Description {
    let raw = |name| Raw { fields: form, name };
    let phone = |name| Phone::parse(&raw(name)).ok().flatten().map(|phone| phone.0);
    let code = |name| Code::parse(&raw(name)).ok().flatten().map(|code| code.0);
    Description {
        id: form.parse("id"),
        names: Multi::parse(&raw("name"))
            .ok()
            .flatten()
            .map(|name| name.all().map(str::to_owned).collect())
            .unwrap_or_default(),
        place: Place::parse(&raw("place")).ok().flatten().map(|place| place.division),
        phones: [phone("phone"), phone("phone_2")].into_iter().flatten().collect(),
        identifiers: [
            Ice::parse(&raw("ice")).ok().flatten().map(|ice| ice.0),
            code("register_number"),
            code("national_number"),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// What is registered of an organisation.
pub(crate) fn description_of(organisation: &Organisation) -> Description {
    let codes = [
        organisation.ice.as_ref().map(|c| &c.0),
        organisation.register_number.as_ref().map(|c| &c.0),
        organisation.national_number.as_ref().map(|c| &c.0),
    ];
    Description {
        id: Some(organisation.id),
        names: organisation.name.all().map(str::to_owned).collect(),
        place: Some(organisation.place.division.clone()),
        phones: [&organisation.phone, &organisation.phone_2]
            .into_iter()
            .flatten()
            .map(|phone| phone.0.clone())
            .collect(),
        identifiers: codes.into_iter().flatten().cloned().collect(),
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/organisations/{organisation}/duplicates", page).role(TEAM).answers::<DuplicatesPage>(),
        post("/organisations/{organisation}/duplicates", decide).role(TEAM),
        post("/merges/{merge}/undo", merge::undo_page).role(TEAM),
    ]
}

/// Candidates of a registered organisation, and the merges that can be undone.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "registry_duplicates.html")]
pub(crate) struct DuplicatesPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    id: Id,
    name: String,
    place: String,
    candidates: Vec<Candidate>,
    merges: Vec<merge::Line>,
}

fn page(ctx: &Ctx) -> Result<Reply> {
    let page = ctx.read(|db| {
        let (organisation, _) =
            crate::organisation::open(db, ctx, ctx.id("organisation")?, kernel::Standing::File)?;
        Ok(DuplicatesPage {
            w: ctx.w,
            id: organisation.id,
            name: organisation.name.best(ctx.w.lang).to_owned(),
            place: kernel::territory::path(&organisation.place.division, ctx.w.lang),
            candidates: candidates(db, &description_of(&organisation), ctx.w.lang)?,
            merges: merge::of(db, organisation.id, ctx.w)?,
        })
    })?;
    ctx.page(&ctx.w.with("duplicates.title", "name", &page.name), &page)
}

/// "Same" merges the other into this one; "different" is remembered. Both files must be the decider's to work on.
fn decide(ctx: &Ctx) -> Result<Reply> {
    let (id, other) = (
        ctx.id("organisation")?,
        ctx.form.parse::<Id>("other").ok_or_else(|| kernel::Error::refused("error.reference"))?,
    );
    let same = match ctx.form.get("verdict") {
        Some("same") => true,
        Some("different") => false,
        _ => return Err(kernel::Error::refused("error.form")),
    };
    ctx.write(|tx| {
        ctx.standing(tx, id, kernel::Standing::File)?;
        if same {
            // What is not one's own is first asked for, with a reason: a merge changes both files.
            ctx.standing(tx, other, kernel::Standing::File)?;
            merge::merge(tx, id, other)?;
        }
        remember(
            tx,
            id,
            other,
            if same { Verdict::Same } else { Verdict::Different },
            ctx.form.text("reason"),
        )
    })?;
    ctx.done(&format!("/organisations/{id}/duplicates"), if same { "merged" } else { "kept_apart" })
}

/// Remembers what somebody found.
pub(crate) fn remember(
    tx: &mut kernel::Tx<'_>,
    a: Id,
    b: Id,
    verdict: Verdict,
    reason: Option<&str>,
) -> Result<()> {
    let (one, other) = if a < b { (a, b) } else { (b, a) };
    let known = sql("select id from comparison where one = ? and other = ?")
        .bind(one)
        .bind(other)
        .open("one comparison");
    let reason = reason.map(|reason| reason.chars().take(300).collect());
    match tx.row(&known, |row| row.take::<Id>())? {
        Some(id) => {
            let there = kernel::record::get::<Comparison>(tx, id)?;
            kernel::record::update(tx, &Comparison { verdict, reason, ..there })
        }
        None => kernel::record::insert(
            tx,
            &Comparison { id: Id::new(), version: 1, one: one.into(), other: other.into(), verdict, reason },
        ),
    }
}
