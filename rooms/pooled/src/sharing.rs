//! Sharing: the allocation of an order from what was pledged, and again when somebody refuses or brings less.

use std::collections::BTreeMap;

use kernel::{Db, Error, Id, Result, Tx, sql};

use crate::allocation::{Claim, Why, allocate};
use crate::order::{self, Order, Stage};
use crate::part::{Answer, Place, Share, places};
use crate::reserve;
use crate::settlement::{self, draw};

/// Shares the order anew: those who said yes keep what they have, those who are closed count with what they brought, those
/// who refused get nothing, and the rest goes by the rule of the order.
///
/// # Errors
/// With a sentence, when nobody pledged or the order is at another stage.
pub fn share(tx: &mut Tx<'_>, order: Id) -> Result<()> {
    let order = order::hold(tx, order)?;
    order::at(&order, &[Stage::Open, Stage::Shared, Stage::Confirmed])?;
    settlement::check_open(tx, order.id)?;
    let places = places(tx, order.id)?;
    if places.iter().all(|place| place.pledge.is_none()) {
        return Err(Error::refused("pooled_share.no_pledge"));
    }
    let round = 1 + places.iter().filter_map(|place| Some(place.share.as_ref()?.round)).max().unwrap_or(0);
    let missed = missed(tx, &order)?;
    for (place, (packs, why)) in places.iter().zip(worked_out(&order, &places, &missed)) {
        if place.pledge.is_none() {
            continue;
        }
        let before = place.share.as_ref();
        // A yes or a no to the same number stands.
        let refused = before.is_some_and(|share| share.answer == Answer::Refused && share.kept == 0);
        let answer = match packs {
            _ if refused => Answer::Refused,
            _ if place.part.closed.is_some() => Answer::Accepted,
            0 => Answer::Reserve,
            same if same == place.agreed() => Answer::Accepted,
            _ => Answer::Waiting,
        };
        let kept = before.filter(|_| !matches!(answer, Answer::Waiting | Answer::Reserve));
        let share = Share {
            id: Id::named(&format!("{} round {round}", place.part.id)),
            version: 1,
            organisation: place.part.organisation,
            part: place.part.id.into(),
            round,
            packs,
            kept: place.agreed().min(packs),
            why,
            answer,
            answered: kept.and_then(|share| share.answered),
            how: kept.and_then(|share| share.how),
            writer: kept.and_then(|share| share.writer),
        };
        kernel::record::insert(tx, &share)?;
    }
    let id = order.id;
    if order.stage == Stage::Open {
        kernel::record::update(tx, &Order { stage: Stage::Shared, ..order })?;
    }
    reserve::follow(tx, id)
}

/// What each gets, in the order of the places.
pub(crate) fn worked_out(order: &Order, places: &[Place], missed: &BTreeMap<Id, i64>) -> Vec<(i64, Why)> {
    let closed: i64 = places.iter().filter(|place| place.part.closed.is_some()).map(Place::accepted).sum();
    let claim = |place: &Place| -> Claim {
        let organisation = place.part.organisation.id;
        let refused = place.share.as_ref().is_some_and(|share| share.answer == Answer::Refused);
        let dear = |price: &kernel::kinds::Money| price.minor > order.price.minor;
        let out = place.part.closed.is_some() || (refused && place.agreed() == 0);
        let pledge = place.pledge.as_ref().filter(|_| !out);
        let pledge = pledge.filter(|pledge| !pledge.floor.as_ref().is_some_and(dear));
        let least = pledge.and_then(|pledge| pledge.least).unwrap_or(0);
        // Whoever said no to more keeps what there was.
        let most = pledge.map_or(0, |pledge| if refused { place.agreed() } else { pledge.most });
        Claim {
            floor: if pledge.is_some() { least.max(place.agreed()).min(most) } else { 0 },
            ceiling: most,
            firm: place.agreed() > 0,
            members: pledge.map_or(0, |pledge| pledge.members),
            missed: missed.get(&organisation).copied().unwrap_or(0),
            draw: draw(order.id, organisation),
        }
    };
    let claims: Vec<Claim> = places.iter().map(claim).collect();
    let rest = (order.wanted() - closed).max(0);
    let parts = allocate(rest, order.rule, order.guarantee.unwrap_or(0), &claims);
    let told = |(place, part): (&Place, crate::allocation::Part)| {
        let dear = place.pledge.as_ref().and_then(|pledge| pledge.floor.as_ref());
        if place.part.closed.is_some() {
            (place.accepted(), Why::Delivered)
        } else if place.share.as_ref().is_some_and(|share| share.answer == Answer::Refused && share.kept == 0)
        {
            (0, Why::Refused)
        } else if dear.is_some_and(|floor| floor.minor > order.price.minor) {
            (0, Why::Price)
        } else if part.packs > 0 && part.packs == place.agreed() && part.why == Why::Lifted {
            (part.packs, Why::Kept)
        } else {
            (part.packs, part.why)
        }
    };
    places.iter().zip(parts).map(told).collect()
}

/// The packs each cooperative missed in settled orders of the same lead, counted in the same unit: its part by pledge of
/// what was delivered, less what was accepted from it. What one got more takes from it.
pub(crate) fn missed(db: &mut Db, order: &Order) -> Result<BTreeMap<Id, i64>> {
    type Row = (Id, Id, i64, i64, i64);
    let query = sql(
        "select g.id, p.organisation, g.pack, p.most, cast(coalesce((select sum(r.accepted) from pooled_reception r
         where r.part = p.part), 0) as bigint) from pooled_order g join pooled_part m on m.pooled_order = g.id
         join pooled_pledge p on p.part = m.id where g.lead = ? and g.unit = ? and g.stage = 'settled' and g.id <> ?",
    )
    .bind(order.lead.id)
    .bind(order.unit)
    .bind(order.id)
    .open("the caller works on the file of the lead");
    let rows: Vec<Row> =
        db.rows(&query, |row| Ok((row.take()?, row.take()?, row.take()?, row.take()?, row.take()?)))?;
    let mut sums = BTreeMap::<Id, [i128; 2]>::new();
    for (past, _, _, most, accepted) in &rows {
        let sum = sums.entry(*past).or_default();
        sum[0] += i128::from(*most);
        sum[1] += i128::from(*accepted);
    }
    let mut units = BTreeMap::<Id, i128>::new();
    for (past, organisation, pack, most, accepted) in rows {
        let [pledged, delivered] = sums.get(&past).copied().unwrap_or_default();
        let part = (delivered * i128::from(most) / pledged.max(1)).min(i128::from(most));
        *units.entry(organisation).or_default() += (part - i128::from(accepted)) * i128::from(pack);
    }
    let packs = |units: i128| i64::try_from((units / i128::from(order.pack)).max(0)).unwrap_or(0);
    Ok(units.into_iter().map(|(organisation, units)| (organisation, packs(units))).collect())
}

/// What a cooperative answers to its share.
pub(crate) fn answer(tx: &mut Tx<'_>, part: Id, order: Id, told: &Share) -> Result<()> {
    let order = order::hold(tx, order)?;
    order::at(&order, &[Stage::Shared, Stage::Confirmed])?;
    settlement::check_open(tx, order.id)?;
    let place = places(tx, order.id)?.into_iter().find(|place| place.part.id == part);
    let share = place.and_then(|place| place.share).ok_or_else(|| Error::refused("pooled_order.not_now"))?;
    if share.answer == told.answer && share.round == told.round {
        return Ok(());
    }
    // What was read is what is answered; a yes is not taken back here, it was counted on.
    if share.round != told.round || share.answer != Answer::Waiting {
        return Err(Error::refused("pooled_share.stale"));
    }
    let (answer, answered, how, writer) = (told.answer, told.answered, told.how, told.writer);
    kernel::record::update(tx, &Share { answer, answered, how, writer, ..share })?;
    reserve::follow(tx, order.id)
}
