//! Certificates and labels: who gave them, until when they hold, who verified them, and what they stand for. Whether one is
//! in force is worked out from dates whenever somebody asks: no job has to run for an expired one to disappear.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::kinds::{Code, File, Multi, Ref};
use kernel::{Db, Error, Id, Record, Result, Sql, Tx, Viewer, choice, record, sql};
use people::Account;
use registry::Organisation;

use crate::lot::Lot;
use crate::product::Product;

choice! {
    /// What kind of proof it is (Morocco: law 25-06 on distinctive signs, law 39-12 on organic production, law 28-07 on
    /// food safety; *Terroir du Maroc* is the collective mark of the ADA).
    pub Scheme in "quality_label.scheme" {
        Igp = "igp", Aop = "aop", Agricultural = "agricultural", Organic = "organic", Sanitary = "sanitary",
        Terroir = "terroir", Other = "other",
    }
}

record! {
    /// A certificate or label of a cooperative.
    pub Label in "quality_label" as "market.quality_label", about organisation {
        main(Public, File) {
            organisation: Ref<Organisation>, scheme: Scheme, title: Option<Multi>, body: String, number: Code, since: Date,
            until: Option<Date>,
        }
        paper(File, File) { file: Option<File> }
        proof(Shared, Steward) {
            verified: Option<Date>, verifier: Option<Ref<Account>>, withdrawn: Option<Date>, withdrawn_reason: Option<String>,
        }
    }
}

record! {
    /// What a label stands for: a product, or a lot of one. A label without any stands for the cooperative as such.
    pub Cover in "label_cover" as "market.label_cover", about organisation {
        main(Public, File) {
            organisation: Ref<Organisation>, label: Ref<Label>, product: Ref<Product>, lot: Option<Ref<Lot>>,
        }
    }
}

choice! {
    /// How a label stands on a day.
    pub Condition in "quality_label.condition" {
        Unverified = "unverified", Coming = "coming", InForce = "in_force", Ending = "ending", Expired = "expired",
        Withdrawn = "withdrawn",
    }
}

/// Days before the end at which it is told: time to ask for it anew.
pub(crate) const AHEAD: i64 = 60;

impl Label {
    /// How it stands on this day.
    pub fn condition(&self, today: Date) -> Condition {
        if self.withdrawn.is_some_and(|day| day <= today) {
            Condition::Withdrawn
        } else if self.until.is_some_and(|until| until < today) {
            Condition::Expired
        } else if self.verified.is_none() {
            Condition::Unverified
        } else if self.since > today {
            Condition::Coming
        } else if self.until.is_some_and(|until| until <= today.saturating_add(AHEAD.days())) {
            Condition::Ending
        } else {
            Condition::InForce
        }
    }

    /// A last look at what was typed. What changed is to be verified anew.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.until.is_some_and(|until| until < self.since) {
            return Err(Error::field("until", "error.dates_order"));
        }
        if self.scheme == Scheme::Other && self.title.is_none() {
            return Err(Error::field("title", "quality_label.title_needed"));
        }
        again(tx, self.id)
    }
}

impl Condition {
    /// The colour that goes with its word.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Condition::InForce => "good",
            Condition::Unverified | Condition::Ending => "wait",
            Condition::Coming => "info",
            Condition::Expired | Condition::Withdrawn => "late",
        }
    }
}

/// True if this viewer answers for the holder: then the paper is verified by somebody else.
pub fn is_holder(viewer: &Viewer, organisation: Id) -> bool {
    let scope = registry::organisation::scope(organisation);
    viewer.roles.iter().any(|role| role.role == "representative" && role.scope == scope)
}

/// The words of the condition « in force on this day »: the one place where it is written.
fn in_force(query: Sql, today: Date) -> Sql {
    query
        .and(" l.verified is not null and l.since <= ? and (l.until is null or l.until >= ?)")
        .bind(today)
        .bind(today)
        .and(" and (l.withdrawn is null or l.withdrawn > ?)")
        .bind(today)
}

fn found(db: &mut Db, condition: Sql) -> Result<Vec<Label>> {
    let query = sql(&format!("select {} from quality_label l where", Label::columns("l."))).join(condition);
    let query = query.and(" order by l.scheme, l.since desc, l.id");
    db.rows(&query.open("the caller checked the standing at the organisation"), Label::from_row)
}

/// All labels of a cooperative.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Vec<Label>> {
    found(db, sql(" l.organisation = ?").bind(organisation))
}

/// Labels in force of the cooperative as such.
pub(crate) fn of_holder(db: &mut Db, organisation: Id, today: Date) -> Result<Vec<Label>> {
    let own =
        sql(" l.organisation = ? and not exists (select 1 from label_cover c where c.label = l.id) and");
    found(db, in_force(own.bind(organisation), today))
}

/// Labels in force of a product, or of one of its lots: what covers the product covers each of its lots.
pub(crate) fn of_product(db: &mut Db, product: Id, lot: Option<Id>, today: Date) -> Result<Vec<Label>> {
    let covered =
        sql(" exists (select 1 from label_cover c where c.label = l.id and c.product = ? and (c.lot is null")
            .bind(product)
            .and_if(" or c.lot = ?", lot)
            .and(")) and");
    found(db, in_force(covered, today))
}

/// What a label stands for, as its page tells it.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct CoverLine {
    pub(crate) id: Id,
    pub(crate) product: Id,
    pub(crate) name: Multi,
    /// The number of the lot, if it is one alone.
    pub(crate) lot: Option<String>,
}

/// What a label stands for.
pub(crate) fn covers(db: &mut Db, label: Id) -> Result<Vec<CoverLine>> {
    let query =
        sql("select c.id, p.id, p.name, t.number from label_cover c join product p on p.id = c.product
                     left join lot t on t.id = c.lot where c.label = ? order by c.id")
        .bind(label)
        .open("the caller works on the file");
    db.rows(&query, |row| {
        Ok(CoverLine { id: row.take()?, product: row.take()?, name: row.take()?, lot: row.take()? })
    })
}

/// True if a label names this lot.
pub(crate) fn covers_lot(db: &mut Db, lot: Id) -> Result<bool> {
    let query = sql("select count(*) from label_cover where lot = ?").bind(lot);
    Ok(db.one::<i64>(&query.open("the caller works on the file"))? > 0)
}

/// What a label stands for belongs to its holder, and is named once.
pub(crate) fn check_cover(tx: &mut Tx<'_>, cover: &Cover) -> Result<()> {
    let product = kernel::record::find::<Product>(tx, cover.product.id)?;
    if product.is_none_or(|product| product.organisation.id != cover.organisation.id) {
        return Err(Error::field("product", "error.reference"));
    }
    if let Some(lot) = cover.lot
        && kernel::record::find::<Lot>(tx, lot.id)?.is_none_or(|lot| lot.product.id != cover.product.id)
    {
        return Err(Error::field("lot", "label_cover.other_product"));
    }
    let query = sql("select count(*) from label_cover where label = ? and product = ? and coalesce(lot, '') = ? and id <> ?")
        .bind(cover.label.id)
        .bind(cover.product.id)
        .bind(cover.lot.map(|lot| lot.id.to_string()).unwrap_or_default())
        .bind(cover.id)
        .open("the caller works on the file");
    if tx.one::<i64>(&query)? > 0 {
        return Err(Error::field("product", "label_cover.taken"));
    }
    again(tx, cover.label.id)
}

/// What a label says or stands for has changed: it is to be verified again.
pub(crate) fn again(tx: &mut Tx<'_>, label: Id) -> Result<()> {
    let label = kernel::record::get::<Label>(tx, label)?;
    if label.verified.is_some() {
        kernel::record::update(tx, &Label { verified: None, verifier: None, ..label })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_label_stands_by_its_dates_alone() {
        let today = date(2026, 11, 27);
        let label = |verified: bool, since: Date, until: Option<Date>, withdrawn: Option<Date>| Label {
            id: Id::named("label"),
            version: 1,
            organisation: Id::named("holder").into(),
            scheme: Scheme::Igp,
            title: None,
            body: "Organisme".into(),
            number: Code("1".into()),
            since,
            until,
            file: None,
            verified: verified.then_some(since),
            verifier: None,
            withdrawn,
            withdrawn_reason: None,
        };
        let then = date(2026, 1, 1);
        for (label, condition) in [
            (label(true, then, None, None), Condition::InForce),
            (label(true, then, Some(date(2026, 11, 27)), None), Condition::Ending),
            (label(true, then, Some(date(2026, 11, 26)), None), Condition::Expired),
            (label(false, then, None, None), Condition::Unverified),
            (label(true, date(2026, 12, 1), None, None), Condition::Coming),
            (label(true, then, None, Some(today)), Condition::Withdrawn),
        ] {
            assert_eq!(label.condition(today), condition);
        }
    }
}
