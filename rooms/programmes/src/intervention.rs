//! An intervention: what any actor does for a cooperative, run in Tiwizi or reported to it. Together they answer
//! who does what, where, with whom, and where two do the same.

use jiff::civil::Date;
use kernel::kinds::{Money, Multi, Ref};
use kernel::{Db, Id, Result, Sql, Standing, Tx, Viewer, choice, record, sql};
use registry::Organisation;

use crate::{Programme, Theme};

choice! {
    /// How an intervention stands.
    pub InterventionStatus in "intervention.status" {
        Planned = "planned", Running = "running", Done = "done", Cancelled = "cancelled",
    }
}

record! {
    /// What an actor does for a cooperative.
    pub Intervention in "intervention" as "programmes.intervention", about organisation, then saved {
        main(Shared, File) {
            organisation: Ref<Organisation>, actor: Ref<Organisation>, programme: Option<Ref<Programme>>, theme: Theme,
            title: Multi, since: Date, until: Option<Date>, status: InterventionStatus,
        }
        measure(Shared, File) {
            quantity: Option<i64>, unit: Option<String>, amount: Option<Money>, source: Option<String>,
        }
    }
}

/// The commune of the cooperative stands beside, so that territories are counted without a look at each file.
fn saved(intervention: &Intervention, tx: &mut Tx<'_>) -> Result<()> {
    tx.run(
        &sql("update intervention set place = (select place from organisation where id = ?) where id = ?")
            .bind(intervention.organisation.id)
            .bind(intervention.id),
    )?;
    Ok(())
}

/// An intervention as lists and time lines show it.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// For whom.
    pub organisation: Id,
    /// Its name.
    pub organisation_name: Multi,
    /// Code of its commune.
    pub place: String,
    /// By whom.
    pub actor: Id,
    /// Its name.
    pub actor_name: Multi,
    /// About what.
    pub theme: Theme,
    /// What.
    pub title: Multi,
    /// From.
    #[schemars(with = "String")]
    pub since: Date,
    /// To.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// How it stands.
    pub status: InterventionStatus,
    /// How many.
    pub quantity: Option<i64>,
    /// Of what.
    pub unit: Option<String>,
    /// At what cost.
    pub amount: Option<Money>,
}

/// What interventions are narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// For this cooperative.
    pub organisation: Option<Id>,
    /// By this actor.
    pub actor: Option<Id>,
    /// About this theme.
    pub theme: Option<String>,
    /// In this territory.
    pub territory: Option<String>,
    /// Of this programme.
    pub programme: Option<Id>,
    /// Under way at some time from this day on.
    pub from: Option<Date>,
    /// Under way at some time up to this day.
    pub to: Option<Date>,
}

impl Filter {
    /// The end of a statement from `from intervention i …` on, under the viewer's rights at the cooperatives.
    pub fn condition(&self, viewer: &Viewer) -> Sql {
        let mut query = sql(" from intervention i join organisation o on o.id = i.organisation join organisation a on a.id = i.actor where")
            .seen_near(viewer, "i.organisation", Standing::Shared)
            .and_if(" and i.organisation = ?", self.organisation)
            .and_if(" and i.actor = ?", self.actor)
            .and_if(" and i.theme = ?", self.theme.as_deref())
            .and_if(" and i.programme = ?", self.programme)
            .and_if(" and (i.until is null or i.until >= ?)", self.from)
            .and_if(" and i.since <= ?", self.to);
        if let Some(territory) = &self.territory {
            let (from, to) = kernel::territory::range(territory);
            query = query.and(" and i.place >= ? and i.place < ?").bind(from).bind(to);
        }
        query
    }
}

const LINE: &str = "select i.id, o.id, o.name, i.place, a.id, a.name, i.theme, i.title, i.since, i.until, i.status, i.quantity, i.unit, i.amount, i.amount_currency";

/// The interventions a viewer may know of, the latest first.
pub fn list(db: &mut Db, viewer: &Viewer, filter: &Filter, most: i64) -> Result<Vec<Line>> {
    let query =
        sql(LINE).join(filter.condition(viewer)).and(" order by i.since desc, i.id limit ?").bind(most);
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            organisation: row.take()?,
            organisation_name: row.take()?,
            place: row.take()?,
            actor: row.take()?,
            actor_name: row.take()?,
            theme: row.take()?,
            title: row.take()?,
            since: row.take()?,
            until: row.take()?,
            status: row.take()?,
            quantity: row.take()?,
            unit: row.take()?,
            amount: {
                let (minor, currency): (Option<i64>, Option<String>) = (row.take()?, row.take()?);
                minor.zip(currency).map(|(minor, currency)| Money { minor, currency })
            },
        })
    })
}

/// How many interventions a viewer may know of.
pub fn count(db: &mut Db, viewer: &Viewer, filter: &Filter) -> Result<i64> {
    db.one(&sql("select count(*)").join(filter.condition(viewer)))
}

/// Two interventions of different actors for the same cooperative, on the same theme, at the same time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Overlap {
    /// The intervention that began first.
    pub first: Id,
    /// The one that began while the first ran.
    pub second: Id,
    /// The cooperative.
    pub organisation: Id,
    /// About what.
    pub theme: Theme,
    /// First common day.
    #[schemars(with = "String")]
    pub since: Date,
    /// Last common day; `None` while both go on.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

/// Finds overlaps among interventions, cancelled ones apart. Pure: the order of the lines does not matter.
pub fn overlaps(lines: &[Line]) -> Vec<Overlap> {
    let mut sorted: Vec<&Line> =
        lines.iter().filter(|line| line.status != InterventionStatus::Cancelled).collect();
    sorted.sort_by_key(|line| (line.organisation, line.theme, line.since, line.id));
    let mut found = Vec::new();
    for (i, first) in sorted.iter().enumerate() {
        let same = |other: &&&Line| other.organisation == first.organisation && other.theme == first.theme;
        for second in sorted.iter().skip(i + 1).take_while(same) {
            let apart = first.until.is_some_and(|until| until < second.since);
            if !apart && first.actor != second.actor {
                let until = match (first.until, second.until) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                found.push(Overlap {
                    first: first.id,
                    second: second.id,
                    organisation: first.organisation,
                    theme: first.theme,
                    since: second.since,
                    until,
                });
            }
        }
    }
    found
}

/// A cell of the matrix of actors, territories and themes.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Cell {
    /// By whom.
    pub actor: Id,
    /// Its name.
    pub actor_name: Multi,
    /// Code of the commune.
    pub place: String,
    /// About what.
    pub theme: Theme,
    /// Interventions.
    pub count: i64,
    /// Different cooperatives.
    pub organisations: i64,
}

/// Who does what, where: interventions by actor, commune and theme.
pub fn matrix(db: &mut Db, viewer: &Viewer, filter: &Filter) -> Result<Vec<Cell>> {
    let query = sql("select a.id, a.name, i.place, i.theme, count(*), count(distinct i.organisation)")
        .join(filter.condition(viewer))
        .and(" and i.status <> 'cancelled' group by a.id, a.name, i.place, i.theme order by a.id, i.place, i.theme");
    db.rows(&query, |row| {
        Ok(Cell {
            actor: row.take()?,
            actor_name: row.take()?,
            place: row.take()?,
            theme: row.take()?,
            count: row.take()?,
            organisations: row.take()?,
        })
    })
}

/// What an actor does about a theme in a province, for a programme. Cooperatives are counted, not named.
#[derive(Clone, Debug)]
pub struct Where {
    /// By whom; nothing for an actor that is neither published nor a partner.
    pub actor: Option<Multi>,
    /// About what.
    pub theme: Theme,
    /// Code of the province.
    pub province: String,
    /// How it stands.
    pub status: InterventionStatus,
    /// First day.
    pub since: Date,
    /// Last day; nothing while some of it goes on without an end.
    pub until: Option<Date>,
    /// Different cooperatives.
    pub organisations: i64,
}

/// Who does what, where, in a programme that is told to everybody: the caller checked that it is.
pub fn who_where(db: &mut Db, programme: Id) -> Result<Vec<Where>> {
    let query = sql("with w as (select case when a.published = 1 or exists (select 1 from partner p where p.programme = i.programme and p.organisation = a.id)
                     then a.name end as actor, i.theme as theme, substr(i.place, 1, 6) as province, i.status as status, i.since as since,
                     i.until as until, i.organisation as organisation
                     from intervention i join organisation a on a.id = i.actor where i.programme = ? and i.status <> 'cancelled')
                     select actor, theme, province, status, min(since), case when count(*) = count(until) then max(until) end,
                     count(distinct organisation) from w group by actor, theme, province, status order by province, theme, status, actor")
        .bind(programme)
        .open("what the programme's team published");
    db.rows(&query, |row| {
        Ok(Where {
            actor: row.take()?,
            theme: row.take()?,
            province: row.take()?,
            status: row.take()?,
            since: row.take()?,
            until: row.take()?,
            organisations: row.take()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(n: u8, actor: u8, organisation: u8, theme: Theme, since: i64, length: Option<i64>) -> Line {
        let day = |days: i64| jiff::civil::date(2026, 1, 1).saturating_add(jiff::ToSpan::days(days));
        let id = |kind: &str, n: u8| Id::named(&format!("{kind} {n}"));
        Line {
            id: id("intervention", n),
            organisation: id("organisation", organisation),
            organisation_name: Multi::default(),
            place: String::new(),
            actor: id("actor", actor),
            actor_name: Multi::default(),
            theme,
            title: Multi::default(),
            since: day(since),
            until: length.map(|length| day(since + length)),
            status: InterventionStatus::Running,
            quantity: None,
            unit: None,
            amount: None,
        }
    }

    fn any_line(n: u8) -> impl Strategy<Value = Line> {
        let theme = prop::sample::select(vec![Theme::Quality, Theme::Management]);
        (0..3_u8, 0..2_u8, theme, 0..40_i64, prop::option::of(0..20_i64)).prop_map(
            move |(actor, organisation, theme, since, length)| {
                line(n, actor, organisation, theme, since, length)
            },
        )
    }

    proptest! {
        #[test]
        fn overlaps_are_exactly_the_pairs_with_a_common_day(lines in prop::collection::vec(any::<u8>(), 0..10).prop_flat_map(|ns| {
            (0..ns.len()).map(|n| any_line(n as u8)).collect::<Vec<_>>()
        })) {
            let common = |a: &Line, b: &Line| {
                a.organisation == b.organisation && a.theme == b.theme && a.actor != b.actor
                    && a.until.is_none_or(|until| until >= b.since) && b.until.is_none_or(|until| until >= a.since)
            };
            let mut expected = 0;
            for (i, a) in lines.iter().enumerate() {
                expected += lines.iter().skip(i + 1).filter(|b| common(a, b)).count();
            }
            let found = overlaps(&lines);
            prop_assert_eq!(found.len(), expected);
            let mut reversed = lines;
            reversed.reverse();
            prop_assert_eq!(overlaps(&reversed), found, "the order of the lines does not matter");
        }
    }
}
