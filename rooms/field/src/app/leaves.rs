//! What stands in the leaves of a pack, in short keys: whoever reads this reads `app/model.js` beside it.

use std::collections::{BTreeMap, HashMap};

use coaching::scoring::Outcome;
use coaching::{Edition, InstrumentStatus, Item};
use jiff::ToSpan;
use kernel::kinds::{CURRENCIES, Choice, Kind as _, Money, Multi};
use kernel::{Ctx, Db, Error, Id, Json, Lang, Result, Standing, today};
use programmes::selection::{CallQuestion, TakenCall};
use serde_json::json;

/// A leaf: its key (what it is, and of what), and what it says.
pub(super) type Leaf = (String, Json);

/// A text as short as can be: alone where it is in the reader's language, with the code of its language where not.
fn said(text: &Multi, lang: Lang) -> Json {
    match text.best_with_lang(lang) {
        (code, text) if code == lang.code() => json!(text),
        (code, text) => json!([text, code]),
    }
}

/// Every leaf of a programme in these places that the viewer may take along; "not found" for who does not work in it.
pub(super) fn of(ctx: &Ctx, db: &mut Db, programme: Id, territories: &[String]) -> Result<Vec<Leaf>> {
    let trains = ctx.viewer.holds(&["trainer"], &programmes::programme::scope(programme));
    match ctx.viewer.standing(db, programme)? {
        Some(standing) if standing >= Standing::File || trains => {}
        Some(_) => return Err(Error::Forbidden),
        None => return Err(Error::NotFound),
    }
    let editions: Vec<Id> = coaching::instrument::list(db, &ctx.viewer)?
        .into_iter()
        .filter(|line| line.status == InstrumentStatus::Published && line.items > 0)
        .map(|line| line.id)
        .collect();
    let mut leaves = vec![programme_leaf(ctx, db, programme, territories)?];
    let cooperatives = cooperatives(ctx, db, programme, territories, &editions)?;
    // Whoever only trains takes no file along, and so no instrument.
    let coaches = !cooperatives.is_empty();
    leaves.extend(sessions(ctx, db, programme)?);
    leaves.extend(cooperatives);
    for taken in programmes::selection::calls(db, &ctx.viewer, programme)? {
        leaves.push((format!("a{}", taken.call.id), call(&taken, ctx.w.lang)));
    }
    for edition in editions.into_iter().filter(|_| coaches) {
        let edition = coaching::instrument::edition(db, edition)?;
        leaves.push((format!("i{}", edition.instrument.id), instrument(&edition, ctx.w.lang)));
    }
    Ok(leaves)
}

/// The programme, and the communes in which somebody new may be met.
fn programme_leaf(ctx: &Ctx, db: &mut Db, programme: Id, territories: &[String]) -> Result<Leaf> {
    let name = kernel::record::get::<programmes::Programme>(db, programme)?.name;
    let places: Vec<String> = if territories.is_empty() {
        programmes::provinces(db, &ctx.viewer, programme)?.into_iter().map(|place| place.code).collect()
    } else {
        territories.to_vec()
    };
    let lang = ctx.w.lang;
    let mut communes: Vec<(String, String)> = Vec::new();
    if let Some(atlas) = kernel::territory::atlas() {
        for division in atlas.level(atlas::Level::Commune) {
            if kernel::territory::ancestors(&division.code).iter().any(|code| places.contains(code)) {
                communes.push((division.code.clone(), kernel::territory::name(&division.code, lang)));
            }
        }
    }
    let leaf = json!({ "id": programme, "n": said(&name, lang), "a": ctx.viewer.account, "pl": communes });
    Ok((format!("p{programme}"), leaf))
}

fn cooperatives(
    ctx: &Ctx,
    db: &mut Db,
    programme: Id,
    territories: &[String],
    editions: &[Id],
) -> Result<Vec<Leaf>> {
    let lang = ctx.w.lang;
    let found = programmes::cooperatives(db, &ctx.viewer, programme, territories)?;
    let ids: Vec<Id> = found.iter().map(|cooperative| cooperative.id).collect();
    let mut members: HashMap<Id, Vec<Json>> = HashMap::new();
    for member in registry::named_members(db, &ctx.viewer, &ids, today())? {
        // A telephone is needed of those who answer for the cooperative, not of everybody.
        let phone = member.phone.filter(|_| member.office.is_some());
        let mut line = vec![json!(member.person), said(&member.name, lang)];
        if member.office.is_some() {
            line.extend([json!(member.office), json!(phone)]);
        }
        members.entry(member.organisation).or_default().push(Json::Array(line));
    }
    let mut equipment: HashMap<Id, Vec<Json>> = HashMap::new();
    for piece in programmes::pieces_of_equipment(db, &ctx.viewer, programme)? {
        let next = piece.next.map(|(occasion, day)| json!([occasion.code(), day.to_string()]));
        equipment.entry(piece.organisation).or_default().push(json!([
            piece.id,
            piece.funding,
            said(&piece.name, lang),
            piece.quantity,
            piece.handed.to_string(),
            piece.found.map(|state| state.code()),
            next,
        ]));
    }
    let mut sells: HashMap<Id, Vec<Json>> = HashMap::new();
    for offer in market::counter::offers(db, &ids)? {
        sells.entry(offer.organisation).or_default().push(sold(&offer, lang));
    }
    let mut leaves = Vec::new();
    for cooperative in found {
        let taken = coaching::taken(ctx, db, cooperative.id, editions)?;
        let mut leaf = json!({
            "id": cooperative.id, "v": cooperative.version, "n": said(&cooperative.name, lang),
            "pl": cooperative.place.division, "at": kernel::territory::path(&cooperative.place.division, lang),
            "s": cooperative.stage.code(),
        });
        let mut put = |key: &str, value: Json| {
            let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if !empty && let Some(leaf) = leaf.as_object_mut() {
                leaf.insert(key.to_owned(), value);
            }
        };
        if let Some((code, text)) = cooperative.name.other(lang) {
            put("o", json!([text, code]));
        }
        put("ph", json!(cooperative.phone));
        put("g", cooperative.place.lat.zip(cooperative.place.lon).map_or(Json::Null, |at| json!(at)));
        put("m", Json::Array(members.remove(&cooperative.id).unwrap_or_default()));
        put("eq", Json::Array(equipment.remove(&cooperative.id).unwrap_or_default()));
        put("se", Json::Array(sells.remove(&cooperative.id).unwrap_or_default()));
        put("ac", taken.actions.iter().map(|action| action_line(action, lang)).collect());
        put("vi", taken.visits.iter().map(visit_line).collect());
        put("ro", taken.rounds.iter().map(round_line).collect());
        put("pr", taken.proposed.iter().map(|(item, level)| json!([item, level])).collect());
        put("la", taken.last.map_or(Json::Null, |(round, outcome)| last_line(&round, &outcome)));
        leaves.push((format!("c{}", cooperative.id), leaf));
    }
    Ok(leaves)
}

/// An article on the counter, with what individuals pay as it is typed, and how many there can be of it at the most.
fn sold(offer: &market::counter::Offer, lang: Lang) -> Json {
    let price = offer.price.as_ref().map(Money::typed).unwrap_or_default();
    let typed = |part: &str| price.iter().find(|(name, _)| name == part).map(|(_, text)| text.clone());
    let currency = typed("currency").unwrap_or_else(|| CURRENCIES[0].to_owned());
    let places = kernel::locale::exponent(&currency);
    let mut line = vec![json!(offer.article), said(&offer.name, lang), json!(typed("").unwrap_or_default())];
    line.extend([json!(currency), json!(places)]);
    if offer.unique {
        line.push(json!(1));
    }
    Json::Array(line)
}

fn action_line(action: &coaching::Action, lang: Lang) -> Json {
    let due = action.due.map(|due| due.to_string());
    json!([action.id, action.version, said(&action.title, lang), action.owner, due, action.status.code()])
}

fn visit_line(visit: &coaching::Visit) -> Json {
    json!([
        visit.id,
        visit.version,
        visit.held.to_string(),
        visit.status.code(),
        visit.purpose,
        visit.coach.id
    ])
}

fn round_line(round: &coaching::Round) -> Json {
    // In the order of ids: the digest of the leaf follows from it.
    let answers: BTreeMap<String, Json> = round
        .answers
        .iter()
        .map(|(item, answer)| {
            let note = answer.note.as_ref().map(|note| note.0.clone());
            (item.to_string(), json!([answer.level, answer.evidence.code(), answer.version, note]))
        })
        .collect();
    let assessment = &round.assessment;
    json!([
        assessment.id,
        assessment.instrument.id,
        assessment.extent.code(),
        assessment.held.to_string(),
        answers,
    ])
}

fn last_line(round: &coaching::Assessment, outcome: &Outcome) -> Json {
    let stage = outcome.stage.map(|stage| stage.code());
    json!([
        round.held.to_string(),
        outcome.verified.overall,
        stage,
        outcome.verified.dimensions,
        round.instrument.id
    ])
}

fn instrument(edition: &Edition, lang: Lang) -> Json {
    let dimensions: Vec<Json> =
        edition.dimensions.iter().map(|d| json!([d.code, said(&d.name, lang), d.weight])).collect();
    let item = |item: &Item| {
        let levels: Vec<Json> = item.levels().into_iter().map(|text| said(text, lang)).collect();
        // Bits: 1 a gate, 2 may not apply, 4 is asked in the short form.
        let bits = i64::from(item.gate) + 2 * i64::from(item.optional) + 4 * i64::from(item.short);
        let ask = item.ask.as_ref().map(|text| said(text, lang));
        json!([
            item.id,
            edition.dimension_of(item),
            item.code,
            said(&item.topic, lang),
            ask,
            levels,
            item.weight,
            bits,
        ])
    };
    let items: Vec<Json> = edition.items.iter().map(item).collect();
    let (name, number) = (said(&edition.instrument.name, lang), edition.instrument.edition);
    json!({ "id": edition.instrument.id, "n": name, "e": number, "d": dimensions, "it": items })
}

fn call(taken: &TakenCall, lang: Lang) -> Json {
    let question = |question: &CallQuestion| {
        let hint = question.hint.as_ref().map(|hint| said(hint, lang));
        let kind = question.kind.code();
        json!([question.id, said(&question.label, lang), kind, question.needed, question.offered(lang), hint])
    };
    let questions: Vec<Json> = taken.questions.iter().map(question).collect();
    let call = &taken.call;
    json!({
        "id": call.id, "n": said(&call.title, lang), "o": call.opens.to_string(), "cl": call.closes.to_string(),
        "q": questions, "ap": taken.applied,
    })
}

/// Days before and after today in which a session is taken along.
const SESSION_DAYS: (i32, i32) = (45, 120);

fn sessions(ctx: &Ctx, db: &mut Db, programme: Id) -> Result<Vec<Leaf>> {
    let (before, after) = SESSION_DAYS;
    let (from, to) = (today().saturating_sub(before.days()), today().saturating_add(after.days()));
    let taken = training::taken(db, &ctx.viewer, programme, from, to)?;
    Ok(taken.into_iter().map(|session| session_leaf(&session, ctx.w.lang)).collect())
}

fn listed(one: &training::Listed, lang: Lang) -> Vec<Json> {
    let organisation = one.organisation.as_ref().map(|name| said(name, lang));
    vec![json!(one.id), said(&one.name, lang), json!(organisation), json!(one.role.map(|role| role.code()))]
}

fn session_leaf(taken: &training::Taken, lang: Lang) -> Leaf {
    let days: Vec<Json> = taken
        .days
        .iter()
        .map(|half| json!([half.id, half.day.to_string(), half.part.code(), half.minutes]))
        .collect();
    let people: Vec<Json> = taken
        .people
        .iter()
        .map(|one| {
            // A letter for each half-day: there, away, or nothing written down.
            let marks: String = taken
                .days
                .iter()
                .map(|half| match taken.marks.get(&(half.id, one.id)) {
                    Some(mark) if mark.present => '1',
                    Some(_) => '0',
                    None => '-',
                })
                .collect();
            let mut line = listed(one, lang);
            line.push(json!(marks));
            Json::Array(line)
        })
        .collect();
    let expected: Vec<Json> = taken.expected.iter().map(|one| Json::Array(listed(one, lang))).collect();
    let hosts: Vec<Json> = taken.hosts.iter().map(|(id, name)| json!([id, said(name, lang)])).collect();
    let place = taken.session.place.as_ref().map(|place| kernel::territory::name(&place.division, lang));
    let leaf = json!({
        "id": taken.session.id, "n": said(&taken.name, lang), "at": place, "ve": taken.session.venue,
        "d": days, "p": people, "x": expected, "h": hosts,
    });
    (format!("s{}", taken.session.id), leaf)
}
