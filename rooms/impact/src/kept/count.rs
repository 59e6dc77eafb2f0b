//! Counting rows in memory: the same figures as the statement of `figure.rs` gives, by the same cuts.

use kernel::Id;
use rustc_hash::FxHashSet;

use super::codes::Codes;
use super::column::{NONE, day_number, is_nobody};
use super::groups::{Groups, add_up};
use super::hold::Frame;
use super::part::{Item, Names, Part};
use super::shape::Place;
use crate::cut::Cut;
use crate::figure::Sums;
use crate::indicator::When;
use crate::listed::Bucket;
use crate::scope::Period;

/// What is counted, of whom, over which days.
pub(super) struct Question<'a> {
    pub(super) place: Place,
    pub(super) when: When,
    pub(super) period: Period,
    pub(super) by_organisation: bool,
    /// Only what belongs to this programme.
    pub(super) programme: Option<u128>,
    /// Only what these own.
    pub(super) owners: Option<&'a FxHashSet<u128>>,
    /// Only what lies in this division.
    pub(super) territory: Option<&'a str>,
    pub(super) frame: &'a Frame,
    /// True if it matters how many items have the value 1, and how many have any.
    pub(super) met: bool,
    pub(super) valued: bool,
}

/// Rows to count: those of the base but for owners whose rows were read again since, and these.
pub(super) struct Rows<'a> {
    pub(super) base: &'a Part,
    pub(super) again: Option<(&'a Part, &'a FxHashSet<u128>)>,
    pub(super) names: &'a Names,
}

/// Takes rows that follow each other: their part, their owner, and a number for the owner.
type Visit<'a> = dyn FnMut(&Part, u128, u32, std::ops::Range<usize>) + 'a;

/// The items of one owner that are counted, for whoever lists them.
pub(super) struct Row {
    pub(super) owner: u128,
    pub(super) day: u16,
    /// The number of the item, or its id where rows are items.
    pub(super) item: u128,
}

/// Pairs of a group and an item that were seen.
#[derive(Default)]
struct Seen {
    first: Vec<u32>,
    more: FxHashSet<u64>,
}

impl Seen {
    /// True if this item is new in this group.
    fn add(&mut self, item: u32, group: u32) -> bool {
        let at = item as usize;
        if at >= self.first.len() {
            self.first.resize((at + 1).next_power_of_two(), 0);
        }
        match self.first[at] {
            0 => {
                self.first[at] = group + 1;
                true
            }
            first if first == group + 1 => false,
            _ => self.more.insert(u64::from(item) << 32 | u64::from(group)),
        }
    }
}

/// Sums by bucket of both cuts and currency.
pub(super) type Counted = Vec<([Option<String>; 3], Sums)>;

/// The figures of a question by no cut, by the first, and by both, of those that there are.
pub(super) fn count(rows: &Rows<'_>, question: &Question<'_>, cuts: &[Cut]) -> Vec<Counted> {
    let mut codes: Vec<Codes> = cuts.iter().map(|cut| Codes::new(*cut, question.period)).collect();
    let mut groups = Groups::new(cuts.len());
    let mut seen: Vec<[Seen; 3]> = (0..=cuts.len()).map(|_| Default::default()).collect();
    each(rows, question, &mut |part, owner, number, range| {
        let mut of_owner = [None; 2];
        for (codes, bucket) in codes.iter_mut().zip(&mut of_owner) {
            *bucket = is_of_owner(codes.cut, question, part).then(|| bucket_of_owner(codes, owner, question));
        }
        let value = question.place.value.map(|column| &part.values[column]);
        let base = question.place.base.map(|column| &part.bases[column]);
        let items = &part.items[question.place.item];
        for at in range {
            let mut key = [NONE; 3];
            for ((n, codes), of_owner) in codes.iter_mut().enumerate().zip(of_owner) {
                key[n] = of_owner.unwrap_or_else(|| bucket(codes, part, owner, at, rows.names, question));
            }
            key[2] = part.currency.get(at).and_then(|code| u32::try_from(code).ok()).unwrap_or(NONE);
            let group = groups.of(key) as usize;
            let places = groups.wider[group];
            let value = value.map_or(Some(1), |values| values.get(at));
            let base = base.map_or(Some(1), |bases| bases.get(at)).unwrap_or(0);
            // Sums add up from the narrowest groups, people do not.
            let narrow = cuts.len();
            let sums = &mut groups.levels[narrow][places[narrow] as usize].1;
            if let Some(value) = value {
                sums.sum += value;
                sums.base += base;
            }
            let item = match items {
                Item::Row(_) => {
                    sums.n += 1;
                    sums.met += i64::from(value == Some(1));
                    sums.valued += i64::from(value.is_some());
                    continue;
                }
                Item::Owner if is_nobody(owner) => continue,
                Item::Owner => number,
                Item::Shared(all) if all[at] == NONE => continue,
                Item::Shared(all) => all[at],
            };
            let counts = [true, question.met && value == Some(1), question.valued && value.is_some()];
            for (which, _) in counts.iter().enumerate().filter(|(_, counts)| **counts) {
                // Whoever was seen in a narrow group was seen in the wider ones too.
                for level in (0..=cuts.len()).rev() {
                    let place = places[level];
                    if !seen[level][which].add(item, place) {
                        break;
                    }
                    let sums = &mut groups.levels[level][place as usize].1;
                    *[&mut sums.n, &mut sums.met, &mut sums.valued][which] += 1;
                }
            }
        }
    });
    add_up(&mut groups, matches!(rows.base.items[question.place.item], Item::Row(_)));
    let currencies = &rows.names.currency.all;
    let code = |n: usize, number: u32| codes.get(n).and_then(|codes| codes.code(number));
    let said = |([row, column, currency], sums): ([u32; 3], Sums)| {
        ([code(0, row), code(1, column), currencies.get(currency as usize).cloned()], sums)
    };
    groups.levels.into_iter().map(|level| level.into_iter().map(said).collect()).collect()
}

/// Rows in these buckets, for a list.
pub(super) fn list(rows: &Rows<'_>, question: &Question<'_>, buckets: &[Bucket], visit: &mut dyn FnMut(Row)) {
    let mut codes: Vec<(Codes, &Option<String>)> =
        buckets.iter().map(|(cut, code)| (Codes::new(*cut, question.period), code)).collect();
    each(rows, question, &mut |part, owner, number, range| {
        let days = part.day.as_ref().or(part.since.as_ref());
        let lies = |codes: &Codes, number: u32, wanted: &Option<String>| {
            codes.all.get(number as usize) == wanted.as_ref()
        };
        let mut of_owner = codes.iter_mut().filter(|(codes, _)| is_of_owner(codes.cut, question, part));
        if !of_owner.all(|(codes, wanted)| {
            let number = bucket_of_owner(codes, owner, question);
            lies(codes, number, wanted)
        }) {
            return;
        }
        for at in range {
            let inside = codes.iter_mut().all(|(codes, wanted)| {
                is_of_owner(codes.cut, question, part) || {
                    let number = bucket(codes, part, owner, at, rows.names, question);
                    lies(codes, number, wanted)
                }
            });
            let item = match &part.items[question.place.item] {
                Item::Row(Some(ids)) => ids[at],
                // Not listed one by one: they are only counted.
                Item::Row(None) => u128::MAX,
                Item::Owner if is_nobody(owner) => continue,
                Item::Owner => u128::from(number),
                Item::Shared(all) if all[at] == NONE => continue,
                Item::Shared(all) => u128::from(all[at]),
            };
            if inside {
                visit(Row { owner, day: days.map_or(0, |days| days[at]), item });
            }
        }
    });
}

/// True if a cut is the same for all rows of an owner.
fn is_of_owner(cut: Cut, question: &Question<'_>, part: &Part) -> bool {
    match cut {
        Cut::Cooperative | Cut::Region | Cut::Province | Cut::Commune => true,
        Cut::Programme => !question.by_organisation || part.programmes.is_none(),
        Cut::Promotion => part.programmes.is_none(),
        _ => false,
    }
}

fn bucket_of_owner(codes: &mut Codes, owner: u128, question: &Question<'_>) -> u32 {
    let of_programme = codes.cut == Cut::Programme;
    if is_nobody(owner) || codes.cut == Cut::Promotion || of_programme == question.by_organisation {
        return NONE;
    }
    codes.of_owner(owner, question.frame)
}

fn bucket(
    codes: &mut Codes,
    part: &Part,
    owner: u128,
    at: usize,
    names: &Names,
    question: &Question<'_>,
) -> u32 {
    let programme = || part.programmes.as_ref().map(|all| all[at]).filter(|number| *number != NONE);
    match codes.cut {
        Cut::Sex => codes.of_text(part.sex.get(at), &names.sex.all),
        Cut::Kind => codes.of_text(part.kind.get(at), &names.kind.all),
        Cut::Age => codes.of_age(part.birth_year.get(at)),
        Cut::Month | Cut::Quarter | Cut::Year => {
            let days = part.day.as_ref().or(part.since.as_ref());
            days.map_or(NONE, |days| codes.of_day(days[at]))
        }
        Cut::Programme => programme().map_or(NONE, |number| {
            let id = || Id::from_number(names.programmes.get(number)).to_string();
            codes.known(number as usize, |_| Some(id()))
        }),
        Cut::Promotion => {
            let promotion =
                programme().and_then(|number| question.frame.promotion(owner, names.programmes.get(number)));
            promotion.map_or(NONE, |id| codes.number(Id::from_number(id).to_string()))
        }
        Cut::Cooperative | Cut::Region | Cut::Province | Cut::Commune => NONE,
    }
}

/// Hands the rows of each owner who counts to `visit`, without those of other days and programmes: the part, the owner,
/// a number for the owner, and rows that follow each other.
fn each(rows: &Rows<'_>, question: &Question<'_>, visit: &mut Visit<'_>) {
    // A programme of which nothing is kept has a number that no row bears.
    let programme = question.programme.map(|id| rows.names.programmes.find(id).unwrap_or(NONE - 1));
    let stale = |owner: &u128| rows.again.is_some_and(|(_, owners)| owners.contains(owner));
    for n in asked(rows.base, question, programme) {
        if !stale(&rows.base.owners[n]) {
            of_owner(rows.base, question, programme, n, n as u32, visit);
        }
    }
    if let Some((again, _)) = rows.again {
        for n in asked(again, question, programme) {
            of_owner(again, question, programme, n, (rows.base.owners.len() + n) as u32, visit);
        }
    }
}

/// Places of the owners who may have something to count.
fn asked(part: &Part, question: &Question<'_>, programme: Option<u32>) -> Vec<usize> {
    let all = part.owners.len();
    match (programme, question.owners) {
        (Some(programme), _) if part.programmes.is_some() => part
            .holders
            .get(&programme)
            .map_or_else(Vec::new, |at| at.iter().map(|at| *at as usize).collect()),
        (_, Some(owners)) if owners.len() * 8 < all => {
            let mut found: Vec<usize> =
                owners.iter().filter_map(|owner| part.owners.binary_search(owner).ok()).collect();
            found.sort_unstable();
            found
        }
        _ => (0..all).collect(),
    }
}

fn of_owner(
    part: &Part,
    question: &Question<'_>,
    programme: Option<u32>,
    n: usize,
    number: u32,
    visit: &mut Visit<'_>,
) {
    let owner = part.owners[n];
    if !counts(owner, question) {
        return;
    }
    let last = day_number(question.period.until).unwrap_or(u16::MAX);
    let first = day_number(question.period.since).unwrap_or(1);
    let during = question.when == When::During;
    let mut range = part.rows(n);
    if let (true, Some(days)) = (during, &part.day) {
        let days = &days[range.clone()];
        let low = days.partition_point(|day| *day < first);
        let high = days.partition_point(|day| *day <= last).max(low);
        range = range.start + low..range.start + high;
    }
    let programme = programme.and_then(|programme| Some((part.programmes.as_ref()?, programme)));
    if programme.is_none() && during {
        if !range.is_empty() {
            visit(part, owner, number, range);
        }
        return;
    }
    let since = |at: usize| part.since.as_ref().is_none_or(|days| days[at] == 0 || days[at] <= last);
    let until = |at: usize| part.until.as_ref().is_none_or(|days| days[at] == 0 || days[at] >= last);
    let mut start = None;
    for at in range.clone() {
        let holds =
            programme.is_none_or(|(all, wanted)| all[at] == wanted) && (during || (since(at) && until(at)));
        match (holds, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                visit(part, owner, number, from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        visit(part, owner, number, from..range.end);
    }
}

fn counts(owner: u128, question: &Question<'_>) -> bool {
    if is_nobody(owner) && question.place.owned {
        return false;
    }
    if question.owners.is_some_and(|owners| !owners.contains(&owner)) {
        return false;
    }
    match question.territory {
        Some(code) if question.by_organisation => question.frame.place(owner).is_some_and(|place| {
            place == code || place.strip_prefix(code).is_some_and(|rest| rest.starts_with('.'))
        }),
        _ => true,
    }
}
