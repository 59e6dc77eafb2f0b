//! From a fact to the cooperatives and programmes whose figures it may change.

use std::collections::BTreeSet;

use kernel::value::Row;
use kernel::{Fact, Id, Result, Sql, Tx, now, sql};

/// Rows without a cooperative are nobody's in a programme: its id after this.
pub(super) const NOBODY: &str = "-";
/// Every row may be another.
pub(super) const EVERYTHING: &str = "*";

/// How a record leads to whose rows it changes, beside the cooperatives and programmes that its fact names itself.
enum Way {
    /// They are all named.
    Named,
    /// A column of its row that names them; it may be empty.
    Column(&'static str),
    /// Through the funding that it belongs to.
    Funding,
    /// Through the participant that it tells of.
    Participant,
    /// Everybody who takes part in its session, wherever else they took part.
    Session,
    /// This statement, by its id.
    Rows(&'static str),
    /// No figure counts it.
    Nothing,
    /// Whoever it may be.
    Everything,
}

/// Wherever a person is counted, and what else is counted of those.
const OF_PERSON: &str = "select coalesce(organisation, '-' || programme) from participant where person = ? union select organisation from membership where person = ?
     union select organisation from work_record where person = ?";

fn way(noun: &str) -> Way {
    match noun {
        "registry.organisation" => Way::Rows("select organisation from intervention where actor = ?"),
        "registry.document"
        | "registry.membership"
        | "registry.agreement"
        | "coaching.assessment"
        | "coaching.answer"
        | "coaching.plan_action"
        | "coaching.visit"
        | "coaching.work_record"
        | "programmes.contribution"
        | "programmes.receipt"
        | "programmes.convention"
        | "training.training_session"
        | "training.training_reaction"
        | "sales.sale_order"
        | "sales.sale_quotation"
        | "sales.sale_payment"
        | "pooled.payment" => Way::Named,
        "pooled.settlement" => Way::Rows("select organisation from pooled_payment where settlement = ?"),
        "pooled.order" => Way::Rows(
            "select y.organisation from pooled_payment y join pooled_settlement t on t.id = y.settlement where t.pooled_order = ?",
        ),
        "programmes.enrolment" => Way::Column("enrolment"),
        "programmes.intervention" => Way::Column("intervention"),
        "programmes.application" => Way::Column("application"),
        "programmes.call_decision" => Way::Rows(
            "select coalesce(a.organisation, '-' || a.programme) from call_decision d join application a on a.id = d.application where d.id = ?",
        ),
        "programmes.promotion" => Way::Rows("select organisation from enrolment where promotion = ?"),
        "programmes.funding" => Way::Column("funding"),
        "programmes.equipment"
        | "programmes.hand_over"
        | "programmes.inspection"
        | "programmes.grant_payment"
        | "programmes.own_part" => Way::Funding,
        "training.participant" => Way::Column("participant"),
        "training.test_score" | "training.certificate" => Way::Participant,
        "training.attendance" | "training.half_day" => Way::Session,
        "survey.survey_answer" => {
            Way::Rows("select coalesce(organisation, '-' || programme) from survey_answer where id = ?")
        }
        "people.person" => Way::Rows(OF_PERSON),
        // Whether an item is a gate.
        "coaching.item" => Way::Everything,
        _ => match noun.split_once('.') {
            // What else these rooms keep is about rights, plans, words and papers.
            Some((room, _)) if ROOMS.contains(&room) => Way::Nothing,
            Some(("sales", "sale_line" | "sale_price" | "card_merchant" | "card_attempt")) => Way::Nothing,
            Some(("pooled", rest)) if POOLING.contains(&rest) => Way::Nothing,
            Some(("programmes", rest)) if PLANS.contains(&rest) => Way::Nothing,
            Some(("training", rest)) if TEACHING.contains(&rest) => Way::Nothing,
            Some(("coaching", rest)) if ADVICE.contains(&rest) => Way::Nothing,
            _ => Way::Everything,
        },
    }
}

/// Rooms of which no figure counts anything beside what is named above.
const ROOMS: &[&str] =
    &["people", "impact", "open", "desk", "registry", "survey", "market", "field", "invoicing", "export"];
const PLANS: &[&str] = &[
    "programme",
    "phase",
    "partner",
    "signatory",
    "budget_line",
    "assignment",
    "call",
    "call_question",
    "call_rule",
    "criterion",
    "assessor",
    "mark_sheet",
    "declared_interest",
    "application_answer",
    "quotation",
    "grant_decision",
    "tranche",
    "purchase",
    "notice",
    "others_file",
];
const TEACHING: &[&str] = &[
    "module",
    "module_material",
    "training_question",
    "session_trainer",
    "training_invitation",
    "attendance_sheet",
    "signing_key",
    "certificates",
];
const ADVICE: &[&str] = &["instrument", "dimension", "remedy", "visit_photo", "souk", "legal_rule"];

const POOLING: &[&str] = &["part", "pledge", "share", "reception", "charge", "receipt", "advance"];

/// True if it is declared whose figures a record of this kind changes; of any other it is everybody's.
pub fn leads(noun: &str) -> bool {
    noun == "coaching.item" || !matches!(way(noun), Way::Everything)
}

/// Notes whose rows a fact changes, in its transaction.
pub(crate) fn hears(tx: &mut Tx<'_>, fact: &Fact) -> Result<()> {
    let owners = touched(tx, fact)?;
    if owners.is_empty() {
        return Ok(());
    }
    let stamp = tx.stamp("impact_touch");
    // One statement, so that all bear the same stamp.
    let owners: Vec<String> = owners.into_iter().collect();
    for some in owners.chunks(200) {
        let rows = some.iter().map(|_| format!("({stamp}, ?, ?)")).collect::<Vec<_>>().join(", ");
        let mut insert = sql(&format!("insert into impact_touch (stamp, owner, at) values {rows}"));
        for owner in some {
            insert = insert.bind(owner.clone()).bind(now());
        }
        tx.run(&insert)?;
    }
    Ok(())
}

fn touched(tx: &mut Tx<'_>, fact: &Fact) -> Result<BTreeSet<String>> {
    let (noun, verb) = fact.kind.rsplit_once('.').unwrap_or((&fact.kind, ""));
    let way = match (noun, verb) {
        ("registry.organisation", "glimpsed") => Way::Nothing,
        _ => way(noun),
    };
    let mut owners = BTreeSet::new();
    let query = match way {
        Way::Nothing => return Ok(owners),
        Way::Everything => return Ok(BTreeSet::from([EVERYTHING.to_owned()])),
        Way::Named => None,
        Way::Column(table) => {
            let of_row = format!("select coalesce(organisation, '-' || programme) from {table} where id = ?");
            let person = if table == "participant" { named(fact, "person") } else { Vec::new() };
            for person in person {
                ask(tx, by(OF_PERSON, &person), &mut owners)?;
            }
            if matches!(table, "participant" | "application") {
                // It may have had no cooperative before.
                owners.insert(format!("{NOBODY}{}", fact.about));
            }
            if table == "participant" {
                let others = sql(
                    "select coalesce(o.organisation, '-' || o.programme) from participant t join participant o on o.person = t.person where t.id = ?",
                );
                ask(tx, others.bind(fact.record), &mut owners)?;
            }
            Some(sql(&of_row).bind(fact.record))
        }
        Way::Funding => {
            for funding in named(fact, "funding") {
                ask(tx, by("select organisation from funding where id = ?", &funding), &mut owners)?;
            }
            let table = noun.rsplit('.').next().unwrap_or_default();
            let of_row = format!(
                "select f.organisation from {table} r join funding f on f.id = r.funding where r.id = ?"
            );
            Some(sql(&of_row).bind(fact.record))
        }
        Way::Participant => {
            for participant in named(fact, "participant") {
                ask(
                    tx,
                    by(
                        "select coalesce(organisation, '-' || programme) from participant where id = ?",
                        &participant,
                    ),
                    &mut owners,
                )?;
            }
            let table = noun.rsplit('.').next().unwrap_or_default();
            let of_row = format!(
                "select coalesce(t.organisation, '-' || t.programme) from {table} r join participant t on t.id = r.participant where r.id = ?"
            );
            Some(sql(&of_row).bind(fact.record))
        }
        Way::Session => {
            let of_session = "select coalesce(o.organisation, '-' || o.programme) from participant t join participant o on o.person = t.person where t.session";
            for session in named(fact, "session") {
                ask(tx, by(&format!("{of_session} = ?"), &session), &mut owners)?;
            }
            let of_row = format!("{of_session} = (select session from half_day where id = ?)");
            Some(sql(&of_row).bind(fact.record))
        }
        Way::Rows(text) => Some(by(text, &fact.record.to_string())),
    };
    if let Some(query) = query {
        ask(tx, query, &mut owners)?;
    }
    if noun != "people.person" {
        owners.insert(fact.about.to_string());
    }
    for field in ["organisation", "programme"] {
        owners.extend(named(fact, field));
    }
    for other in named(fact, "merged") {
        ask(tx, by("select organisation from intervention where actor = ?", &other), &mut owners)?;
        owners.insert(other);
    }
    Ok(owners)
}

/// A statement that asks for the same id in each of its places.
fn by(text: &str, id: &str) -> Sql {
    (0..text.matches('?').count()).fold(sql(text), |query, _| query.bind(id))
}

fn ask(tx: &mut Tx<'_>, query: Sql, owners: &mut BTreeSet<String>) -> Result<()> {
    let query = query.open("whose figures changed is told to nobody");
    owners.extend(tx.rows(&query, Row::take::<Option<String>>)?.into_iter().flatten());
    Ok(())
}

/// Ids that stood in a field before the change and that stand there now.
fn named(fact: &Fact, field: &str) -> Vec<String> {
    let change = fact.changes.get(field).and_then(|change| change.as_array());
    let ids = change.into_iter().flatten().filter_map(|value| value.as_str());
    ids.filter(|text| text.parse::<Id>().is_ok()).map(str::to_owned).collect()
}

/// Forgets what is older than any figures in memory; the last row stays, so that stamps go on.
pub(crate) fn forget(tx: &mut Tx<'_>) -> Result<()> {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let old = sql("delete from impact_touch where at < ? and stamp < (select max(stamp) from impact_touch)");
    tx.run(&old.bind(now() - DAY))?;
    Ok(())
}
