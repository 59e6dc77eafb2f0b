//! Work and income of three seasons, as it was told at visits; a few cooperatives keep a list.

use coaching::{Evidence, FULL_TIME, Rhythm, Told, Work, WorkStanding};
use kernel::kinds::Money;
use kernel::{Result, Tx};
use people::Sex;

use super::{ago, cooperatives, id, put, story};

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    for n in 0..cooperatives::ALL.len() {
        let (_, joined) = story::joined(n);
        // Two cooperatives have told nothing yet, one has left.
        if matches!(n, 13 | 18 | 21) {
            continue;
        }
        for season in 0..3 {
            let since = joined - 40 - season * 120;
            if since - 90 > 10 {
                tell_season(tx, n, season, since)?;
            }
        }
    }
    Ok(())
}

fn tell_season(tx: &mut Tx<'_>, n: usize, season: i64, since: i64) -> Result<()> {
    let size = 4 + (n as i64 * 5) % 9;
    let grown = size + season * (1 + n as i64 % 3) / 2;
    line(
        tx,
        n,
        season,
        since,
        Line {
            what: "members",
            people: grown,
            days_each: 38,
            paid: 72,
            standing: WorkStanding::WorkerMember,
            sex: Sex::Woman,
            before: Told::Yes,
        },
    )?;
    if season > 0 && n % 3 != 2 {
        let people = 1 + n as i64 % 3;
        line(
            tx,
            n,
            season,
            since,
            Line {
                what: "new",
                people,
                days_each: 60,
                paid: 86,
                standing: WorkStanding::Employee,
                sex: if n.is_multiple_of(4) { Sex::Man } else { Sex::Woman },
                before: Told::No,
            },
        )?;
    }
    if n.is_multiple_of(2) {
        line(
            tx,
            n,
            season,
            since,
            Line {
                what: "suppliers",
                people: 6 + n as i64 % 11,
                days_each: 0,
                paid: 900,
                standing: WorkStanding::SupplierMember,
                sex: Sex::Woman,
                before: Told::Yes,
            },
        )?;
    }
    Ok(())
}

struct Line {
    what: &'static str,
    people: i64,
    days_each: i64,
    /// Dirhams for a day, or for the season where no days are counted.
    paid: i64,
    standing: WorkStanding,
    sex: Sex,
    before: Told,
}

fn line(tx: &mut Tx<'_>, n: usize, season: i64, since: i64, told: Line) -> Result<()> {
    let days = told.people * told.days_each;
    let employed = told.standing == WorkStanding::Employee;
    let work = Work {
        id: id(&format!("work {n} {season} {}", told.what)),
        version: 1,
        organisation: id(&cooperatives::key(n)).into(),
        visit: None,
        since: ago(since),
        until: ago(since - 89),
        person: None,
        people: told.people,
        sex: Some(told.sex),
        standing: told.standing,
        rhythm: Some(if employed { Rhythm::Permanent } else { Rhythm::Seasonal }),
        days,
        full_time: FULL_TIME,
        pay: (n % 5 != 3).then(|| Money::whole(told.paid * if days > 0 { days } else { told.people }, "MAD")),
        before: Some(told.before),
        evidence: match n % 4 {
            0 => Evidence::Confirmed,
            1 => Evidence::Seen,
            _ => Evidence::Said,
        },
        proof: None,
        minimum: (told.paid > 0).then_some(if told.paid >= 85 { Told::Yes } else { Told::No }),
        protected: employed.then_some(if n.is_multiple_of(3) { Told::Yes } else { Told::No }),
        lawful: None,
        safe: Some(Told::Yes),
        written: employed.then_some(if n.is_multiple_of(2) { Told::Yes } else { Told::No }),
        voice: Some(if employed { Told::No } else { Told::Yes }),
    };
    put(tx, &work, since - 89)?;
    Ok(())
}
