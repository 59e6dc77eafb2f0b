//! The part of a cooperative in an order: it is invited, it pledges, it is given a share, it answers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::kinds::{File, Money, Multi, Ref};
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, choice, record, sql};
use market::Lot;
use people::Account;
use registry::Organisation;

use crate::allocation::Why;
use crate::order::{self, Order, Stage};

record! {
    /// A cooperative that may pledge for an order. It is closed when it will deliver no more.
    pub Member in "pooled_part" as "pooled.part", about lead {
        main(File, File) {
            lead: Ref<Organisation>, pooled_order: Ref<Order>, organisation: Ref<Organisation>, closed: Option<Date>,
        }
    }
}

choice! {
    /// How a word of the cooperative came: by itself, or written down by somebody on its behalf.
    pub How in "pooled_pledge.how" { Own = "own", Phone = "phone", Paper = "paper", Visit = "visit" }
}

record! {
    /// What a cooperative pledges, in packs: at least, at most, from which price on, ready when.
    pub Pledge in "pooled_pledge" as "pooled.pledge", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, part: Ref<Member>, most: i64, least: Option<i64>, floor: Option<Money>,
            ready: Date, lot: Option<Ref<Lot>>, how: How, paper: Option<File>, members: i64, writer: Option<Ref<Account>>,
        }
    }
}

choice! {
    /// What a cooperative said to its share; whoever got nothing is on the reserve list.
    pub Answer in "pooled_share.answer" {
        Waiting = "waiting", Accepted = "accepted", Refused = "refused",
        Reserve = "reserve",
    }
}

record! {
    /// What a round of the allocation gave a cooperative, why, and what it said to it. `kept` is what it had said yes to
    /// before: that stays, whatever it says to more.
    pub Share in "pooled_share" as "pooled.share", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, part: Ref<Member>, round: i64, packs: i64, kept: i64, why: Why, answer: Answer,
            answered: Option<Date>, how: Option<How>, writer: Option<Ref<Account>>,
        }
    }
}

/// True if this viewer answers for the organisation itself.
pub(crate) fn is_own(ctx: &Ctx, organisation: Id) -> bool {
    let scope = registry::organisation::scope(organisation);
    ctx.viewer.roles.iter().any(|role| role.role == "representative" && role.scope == scope)
}

/// Says that the writer acts for an organisation that is not theirs.
pub(crate) fn hand(ctx: &Ctx, tx: &mut Tx<'_>, organisation: Id) {
    if !is_own(ctx, organisation) && ctx.command.is_none() {
        tx.actor.behalf = Some(organisation);
    }
}

impl Pledge {
    /// A last look, in the transaction that saves it.
    pub(crate) fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        let part = kernel::record::get::<Member>(tx, self.part.id)?;
        let order = order::hold(tx, part.pooled_order.id)?;
        order::at(&order, &[Stage::Open])?;
        if order.closes < kernel::today() {
            return Err(Error::refused("pooled_pledge.late"));
        }
        if self.most == 0 {
            return Err(Error::field("most", "pooled_order.nothing"));
        }
        if self.most > order.packs {
            return Err(Error::field("most", "pooled_pledge.above"));
        }
        if self.least.is_some_and(|least| least > self.most) {
            return Err(Error::field("least", "pooled_pledge.bounds"));
        }
        if self.floor.as_ref().is_some_and(|floor| floor.currency != order.price.currency) {
            return Err(Error::field("floor", "pooled_pledge.currency"));
        }
        if self.how == How::Paper && self.paper.is_none() {
            return Err(Error::field("paper", "pooled_pledge.paper_needed"));
        }
        if let Some(lot) = self.lot {
            let lot = kernel::record::find::<Lot>(tx, lot.id)?;
            if lot.is_none_or(|lot| lot.organisation.id != self.organisation.id || lot.unit != order.unit) {
                return Err(Error::field("lot", "pooled_pledge.lot_other"));
            }
        }
        if let Some(label) = order.label
            && !market::holds_label(tx, self.organisation.id, label, kernel::today())?
        {
            return Err(Error::refused("pooled_pledge.label"));
        }
        Ok(())
    }
}

/// Everything about one cooperative in an order.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its part.
    pub part: Member,
    /// Its name.
    pub name: Multi,
    /// What it pledged.
    pub pledge: Option<Pledge>,
    /// The share of the last round.
    pub share: Option<Share>,
    /// Packs that were accepted at collection, of the first and of the second grade.
    pub delivered: [i64; 2],
}

impl Place {
    /// Packs that were accepted at collection.
    pub fn accepted(&self) -> i64 {
        self.delivered.iter().sum()
    }

    /// Packs of the share that it said yes to.
    pub fn agreed(&self) -> i64 {
        self.share.as_ref().map_or(
            0,
            |share| {
                if share.answer == Answer::Accepted { share.packs } else { share.kept }
            },
        )
    }

    /// Packs that it will deliver as things stand: what it said yes to, or what it brought when it brings no more.
    pub fn counts(&self) -> i64 {
        if self.part.closed.is_some() { self.accepted() } else { self.agreed() }
    }
}

/// The cooperatives of an order, by name. The caller checked the standing.
///
/// # Errors
/// When the database fails.
pub fn places(db: &mut Db, order: Id) -> Result<Vec<Place>> {
    const WHY: &str = "the caller checked the standing at the order";
    let columns = Member::columns("m.");
    let query = sql(&format!(
        "select {columns} from pooled_part m join organisation o on o.id = m.organisation
         where m.pooled_order = ? order by o.sort, m.id"
    ));
    let members = db.rows(&query.bind(order).open(WHY), Member::from_row)?;
    let ids: Vec<Id> = members.iter().map(|member| member.id).collect();
    let query = sql(&format!("select {} from pooled_pledge where part", Pledge::columns("")));
    let pledges = db.rows(&query.within(&ids).open(WHY), Pledge::from_row)?;
    let query = sql(&format!("select {} from pooled_share where part", Share::columns("")));
    let shares = db.rows(&query.within(&ids).and(" order by round").open(WHY), Share::from_row)?;
    let mut delivered = BTreeMap::<Id, [i64; 2]>::new();
    let query = sql(
        "select part, grade, cast(coalesce(sum(accepted), 0) as bigint) from pooled_reception where part",
    );
    db.each(&query.within(&ids).and(" group by part, grade").open(WHY), |row| {
        let (part, grade, packs): (Id, String, i64) = (row.take()?, row.take()?, row.take()?);
        delivered.entry(part).or_default()[usize::from(grade == "second")] += packs;
        Ok(())
    })?;
    let names = names(db, &members)?;
    let place = |part: Member| Place {
        name: names.get(&part.organisation.id).cloned().unwrap_or_default(),
        pledge: pledges.iter().find(|pledge| pledge.part.id == part.id).cloned(),
        share: shares.iter().rfind(|share| share.part.id == part.id).cloned(),
        delivered: delivered.get(&part.id).copied().unwrap_or_default(),
        part,
    };
    Ok(members.into_iter().map(place).collect())
}

fn names(db: &mut Db, members: &[Member]) -> Result<BTreeMap<Id, Multi>> {
    let ids: Vec<Id> = members.iter().map(|member| member.organisation.id).collect();
    let query = sql("select id, name from organisation where id").within(&ids);
    let query = query.open("whoever takes part in an order is known to its lead and to itself");
    Ok(db.rows(&query, |row| Ok((row.take()?, row.take()?)))?.into_iter().collect())
}

/// The part, for whoever works on the file of its cooperative or of the lead: `true` for the first.
pub(crate) fn open(ctx: &Ctx, db: &mut Db) -> Result<(Member, Order, bool)> {
    let part = kernel::record::get::<Member>(db, ctx.id("pooled_part")?)?;
    let own = ctx.viewer.standing(db, part.organisation.id)? >= Some(Standing::File);
    if !own {
        // The refusal is that of the cooperative's file, so that nobody learns who takes part in what.
        if ctx.viewer.standing(db, part.lead.id)? < Some(Standing::File) {
            ctx.standing(db, part.organisation.id, Standing::File)?;
        }
    }
    let order = kernel::record::get::<Order>(db, part.pooled_order.id)?;
    if own && order.stage == Stage::Draft && ctx.viewer.standing(db, part.lead.id)? < Some(Standing::File) {
        return Err(Error::NotFound);
    }
    Ok((part, order, own))
}

/// Members of a union or a GIE that the registry knows.
pub(crate) fn affiliated(db: &mut Db, lead: Id) -> Result<Vec<Id>> {
    let today = kernel::today();
    let query = sql("select member from affiliation where union_of = ? and (since is null or since <= ?)
                     and (until is null or until >= ?) order by member")
    .bind(lead)
    .bind(today)
    .bind(today);
    db.rows(&query.open("the caller works on the file of the union"), kernel::value::Row::take)
}

/// Invites a cooperative, once.
pub(crate) fn invite(tx: &mut Tx<'_>, order: &Order, organisation: Id) -> Result<()> {
    let query = sql("select count(*) from pooled_part where pooled_order = ? and organisation = ?");
    let query = query.bind(order.id).bind(organisation).open("the caller works on the file of the lead");
    if organisation == order.lead.id || tx.one::<i64>(&query)? > 0 {
        return Ok(());
    }
    let part = Member {
        id: Id::new(),
        version: 1,
        lead: order.lead,
        pooled_order: order.id.into(),
        organisation: organisation.into(),
        closed: None,
    };
    kernel::record::insert(tx, &part)
}
