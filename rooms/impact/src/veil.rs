//! What is hidden of figures from whoever may not read the records
//! ([decision 21](../../../decisions/0021-small-cells.md)): one decision for all pages that tell of the same people.
//!
//! A figure is a bucket of at most two families of cuts, whichever page it stands on: the total of a province is the row of
//! that province, the figure of March is its month. First the whole is decided, then each family with all of its cuts, then two
//! families together, whose margins are told or hidden already. What lies in three families is not told.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kernel::{Ctx, Db, Result};

use crate::cut::Cut;
use crate::days;
use crate::family::{self, Family, Node};
use crate::figure::{self, Figure};
use crate::indicator::{Indicator, Measure, When, shipped};
use crate::kept;
use crate::scope::{Eyes, Period, Scope};
use crate::small::{self, Lines};

/// Currency, whose number, and the buckets that it lies in.
type Cell = (Option<String>, usize, Vec<Node>);

/// The number of whoever asks; programmes beside it follow, and then what is left of their whole.
const OWN: usize = 0;
const REST: usize = usize::MAX;
/// The way in which a whole is divided by programmes.
const BY_PROGRAMME: u8 = u8::MAX;

/// What is asked: an indicator of a scope, in these eyes.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// Where figures are held in memory; without it the statement counts.
    pub(crate) ctx: Option<&'a Ctx>,
    pub(crate) indicator: &'a Indicator,
    pub(crate) scope: &'a Scope,
    pub(crate) period: Period,
    /// The days of which the period is a unit, or which it is.
    pub(crate) whole: Period,
    pub(crate) eyes: Eyes<'a>,
}

/// A programme whose figures the viewer may see beside those of all: its days until now, and whether its records are open.
pub(crate) struct Beside {
    pub(crate) scope: Scope,
    pub(crate) whole: Period,
    pub(crate) reads: bool,
}

/// Numbers of which it is decided what is hidden; whether any of them may be told.
struct Decided {
    lines: Lines<Cell>,
    safe: bool,
}

/// What is decided of an indicator over a whole, family by family.
struct Veil<'a> {
    ctx: Option<&'a Ctx>,
    indicator: &'a Indicator,
    scope: Scope,
    whole: Period,
    eyes: Eyes<'a>,
    /// True if cooperatives stand under their communes.
    deep: bool,
    /// The bucket of time that the whole of others is here, if it is a part of it.
    time: Option<Node>,
    reads: bool,
    beside: Vec<Veil<'a>>,
    counted: HashMap<Vec<Cut>, Arc<[Figure]>>,
    decided: HashMap<Vec<Family>, Decided>,
}

/// True if figures of an indicator are of the days of a period, not of its last day.
fn flows(indicator: &Indicator) -> bool {
    match (&indicator.items, &indicator.over) {
        (Some(items), _) => indicator.period == When::During && items.day.is_some(),
        (None, Some(parts)) => parts.iter().any(|code| shipped(code).is_ok_and(|part| flows(&part))),
        (None, None) => false,
    }
}

/// Hides what may not be told of figures by these cuts. False if nothing by these cuts may be told, not even what there is.
pub(crate) fn hide(
    db: &mut Db,
    asked: Question<'_>,
    beside: &[Beside],
    cuts: &[Cut],
    figures: &mut [Figure],
) -> Result<bool> {
    let told = tell(db, asked, beside, cuts, figures)?;
    for figure in figures {
        figure.hidden |= !told || small::few(figure.fewest(asked.indicator));
    }
    Ok(told)
}

fn tell(
    db: &mut Db,
    asked: Question<'_>,
    beside: &[Beside],
    cuts: &[Cut],
    figures: &mut [Figure],
) -> Result<bool> {
    let Question { indicator, scope, period, .. } = asked;
    if scope.organisation.is_some() || scope.waiting.is_some() {
        // Cooperatives are compared in a table that hides what it must; one alone would get around it.
        return Ok(false);
    }
    let whole = if flows(indicator) { asked.whole } else { period };
    let (place, of_cut) = match &scope.territory {
        Some(code) if indicator.knows_places() => {
            (family::place(code), cuts.contains(&Cut::Cooperative) || cuts.contains(&Cut::Commune))
        }
        _ => (None, true),
    };
    let time = days::bucket(period, whole);
    let fits = (period == whole || time.is_some()) && (place.is_some() || of_cut);
    let narrowed: Vec<Node> =
        place.into_iter().chain(time.clone().map(|(cut, code)| (cut, Some(code)))).collect();
    let nodes = |figure: &Figure| {
        let buckets = cuts.iter().zip([&figure.row, &figure.column]).map(|(cut, code)| (*cut, code.clone()));
        family::narrowest(narrowed.iter().cloned().chain(buckets))
    };
    let Some(families) = nodes(&Figure::default()).filter(|_| fits) else { return Ok(false) };
    let families: Vec<Family> = families.iter().map(|(cut, _)| Family::of(*cut)).collect();
    let ages = families.contains(&Family::Alone(Cut::Age)) && period.until.year() != whole.until.year();
    let moves = indicator.measure == Measure::Change && time.is_some();
    let everywhere = scope.programme.is_none();
    // Of cooperatives of a whole country no second cut is told, and their promotions are those of many programmes.
    let too_wide = everywhere
        && (cuts.contains(&Cut::Promotion) || (cuts.contains(&Cut::Cooperative) && families.len() > 1));
    if families.len() > 2 || ages || moves || too_wide {
        return Ok(false);
    }
    let mut veil = Veil {
        ctx: asked.ctx,
        indicator,
        scope: Scope { territory: None, ..scope.clone() },
        whole,
        eyes: asked.eyes,
        deep: !everywhere || cuts.contains(&Cut::Cooperative),
        time: None,
        reads: false,
        beside: Vec::new(),
        counted: HashMap::new(),
        decided: HashMap::new(),
    };
    veil.beside = beside.iter().map(|one| veil.of_programme(one)).collect();
    if families.is_empty() && veil.beside.is_empty() {
        // Nothing stands above the whole.
        return Ok(true);
    }
    veil.decide(db, &families)?;
    let Some(decided) = veil.decided.get(&families).filter(|decided| decided.safe) else { return Ok(false) };
    for figure in figures {
        let cell = (figure.currency.clone(), OWN, nodes(figure).unwrap_or_default());
        figure.hidden |= decided.lines.hides(&cell).unwrap_or(figure.n > 0);
    }
    Ok(true)
}

impl<'a> Veil<'a> {
    /// The same of one programme, over all of its days.
    fn of_programme(&self, one: &Beside) -> Veil<'a> {
        let flows = flows(self.indicator);
        Veil {
            ctx: self.ctx,
            indicator: self.indicator,
            scope: one.scope.clone(),
            whole: if flows { one.whole } else { self.whole },
            eyes: Eyes::Checked,
            deep: true,
            time: flows.then(|| (Cut::Year, Some(format!("{:04}", self.whole.since.year())))),
            reads: one.reads,
            beside: Vec::new(),
            counted: HashMap::new(),
            decided: HashMap::new(),
        }
    }

    fn count(&mut self, db: &mut Db, cuts: &[Cut]) -> Result<Arc<[Figure]>> {
        if let Some(there) = self.counted.get(cuts) {
            return Ok(Arc::clone(there));
        }
        let (indicator, scope, whole) = (self.indicator, &self.scope, self.whole);
        let found: Arc<[Figure]> = match self.ctx {
            Some(ctx) => kept::figures(ctx, db, indicator, scope, whole, cuts, self.eyes)?,
            None => figure::figures(db, indicator, scope, whole, cuts, self.eyes)?,
        }
        .into();
        self.counted.insert(cuts.to_vec(), Arc::clone(&found));
        Ok(found)
    }

    fn fewest(&self, figure: &Figure) -> i64 {
        figure.fewest(self.indicator)
    }

    /// The cuts of a family, each before those that divide it.
    fn levels(&self, family: Family) -> Vec<Cut> {
        match family {
            Family::Place => {
                let mut all = vec![Cut::Region, Cut::Province, Cut::Commune];
                let more = [Cut::Promotion, Cut::Cooperative].into_iter();
                all.extend(more.filter(|cut| {
                    self.deep
                        && figure::allows(self.indicator, *cut)
                        && (*cut != Cut::Promotion || self.scope.programme.is_some())
                }));
                all
            }
            Family::Time => days::UNITS.to_vec(),
            Family::Alone(cut) => vec![cut],
        }
    }

    /// Which bucket of a family lies in which; nothing is the whole.
    fn tree(&mut self, db: &mut Db, family: Family) -> Result<BTreeSet<(Option<Node>, u8, Node)>> {
        let levels = self.levels(family);
        let mut tree = BTreeSet::new();
        for cut in &levels {
            if *cut == Cut::Cooperative {
                for (way, above) in [Cut::Commune, Cut::Promotion].into_iter().enumerate() {
                    if !levels.contains(&above) {
                        continue;
                    }
                    for pair in self.count(db, &[Cut::Cooperative, above])?.iter() {
                        let part = (Cut::Cooperative, pair.row.clone());
                        tree.insert((Some((above, pair.column.clone())), way as u8, part));
                    }
                }
                continue;
            }
            let way = u8::from(*cut == Cut::Promotion);
            for figure in self.count(db, &[*cut])?.iter() {
                let node = (*cut, figure.row.clone());
                tree.insert((family::around(&node), way, node));
            }
        }
        Ok(tree)
    }

    /// Decides what is hidden of these families together, and of each of them before.
    fn decide(&mut self, db: &mut Db, families: &[Family]) -> Result<()> {
        if self.decided.contains_key(families) {
            return Ok(());
        }
        let mut lines = Lines::default();
        let mut safe = true;
        match families {
            [] => {
                for figure in self.count(db, &[])?.iter() {
                    lines.cell((figure.currency.clone(), OWN, Vec::new()), self.fewest(figure));
                }
            }
            [one] => {
                self.decide(db, &[])?;
                safe &= self.margin(&[], &mut lines);
                for cut in self.levels(*one) {
                    for figure in self.count(db, &[cut])?.iter() {
                        let nodes = vec![(cut, figure.row.clone())];
                        lines.cell((figure.currency.clone(), OWN, nodes), self.fewest(figure));
                    }
                }
                self.along(db, *one, None, &mut lines)?;
            }
            [one, other, ..] => {
                for family in [one, other] {
                    self.decide(db, &[*family])?;
                    safe &= self.margin(&[*family], &mut lines);
                }
                for first in self.levels(*one) {
                    for second in self.levels(*other) {
                        for figure in self.count(db, &[first, second])?.iter() {
                            let mut nodes =
                                vec![(first, figure.row.clone()), (second, figure.column.clone())];
                            nodes.sort();
                            lines.cell((figure.currency.clone(), OWN, nodes), self.fewest(figure));
                        }
                    }
                }
                self.along(db, *one, Some(*other), &mut lines)?;
                self.along(db, *other, Some(*one), &mut lines)?;
            }
        }
        self.beside_programmes(db, families.len(), &mut lines)?;
        safe &= lines.hide();
        self.decided.insert(families.to_vec(), Decided { lines, safe });
        Ok(())
    }

    /// Takes over what was decided before; false if nothing of it may be told.
    fn margin(&self, families: &[Family], lines: &mut Lines<Cell>) -> bool {
        let Some(before) = self.decided.get(families) else { return false };
        for (cell, n, hidden) in before.lines.all().filter(|(cell, ..)| cell.1 == OWN) {
            lines.fixed(cell.clone(), n, hidden);
        }
        before.safe
    }

    /// The lines along a family: of the whole, or of each bucket of another one.
    fn along(
        &mut self,
        db: &mut Db,
        family: Family,
        other: Option<Family>,
        lines: &mut Lines<Cell>,
    ) -> Result<()> {
        let tree = self.tree(db, family)?;
        let cells: Vec<Cell> = lines.all().map(|(cell, ..)| cell.clone()).collect();
        let is_part = |node: &Node| Family::of(node.0) == family;
        let mut around: HashMap<&Node, Vec<(&Option<Node>, u8)>> = HashMap::new();
        for (whole, way, part) in &tree {
            around.entry(part).or_default().push((whole, *way));
        }
        for cell in &cells {
            let (currency, _, nodes) = cell;
            if nodes.len() != 1 + usize::from(other.is_some()) {
                continue;
            }
            let Some(part) = nodes.iter().find(|node| is_part(node)) else { continue };
            for (whole, way) in around.get(part).into_iter().flatten() {
                let mut wide: Vec<Node> = nodes.iter().filter(|node| !is_part(node)).cloned().collect();
                wide.extend((*whole).clone());
                wide.sort();
                // Ways of the one family and of the other are two divisions of the same whole.
                let way = way + if other.is_some_and(|other| other < family) { 8 } else { 0 };
                lines.part((currency.clone(), OWN, wide), way, cell.clone());
            }
        }
        Ok(())
    }

    /// Where programmes are told beside their whole: what they hide it may not betray.
    fn beside_programmes(&mut self, db: &mut Db, long: usize, lines: &mut Lines<Cell>) -> Result<()> {
        let mut beside = std::mem::take(&mut self.beside);
        let own: Vec<(Cell, i64)> = lines
            .all()
            .filter(|(cell, ..)| cell.1 == OWN && cell.2.len() == long)
            .map(|(cell, n, _)| (cell.clone(), n))
            .collect();
        for (cell, n) in own {
            let (currency, _, nodes) = &cell;
            let mut rest = n;
            for (at, veil) in beside.iter_mut().enumerate() {
                let Some(inner) = family::narrowest(nodes.iter().cloned().chain(veil.time.clone())) else {
                    continue;
                };
                let families: Vec<Family> = inner.iter().map(|(cut, _)| Family::of(*cut)).collect();
                if families.len() > 2 {
                    continue;
                }
                veil.decide(db, &families)?;
                let Some(there) = veil.decided.get(&families).filter(|there| there.safe || veil.reads) else {
                    continue;
                };
                let inner = (currency.clone(), OWN, inner);
                let Some(part) = there.lines.n(&inner).filter(|part| *part > 0) else { continue };
                let hidden = there.lines.hides(&inner).unwrap_or(true) && !veil.reads;
                let place = (currency.clone(), at + 1, nodes.clone());
                lines.fixed(place.clone(), part, hidden);
                lines.part(cell.clone(), BY_PROGRAMME, place);
                rest -= part;
            }
            if rest > 0 && rest < n {
                let place = (currency.clone(), REST, nodes.clone());
                lines.cell(place.clone(), rest);
                lines.part(cell, BY_PROGRAMME, place);
            }
        }
        self.beside = beside;
        Ok(())
    }
}
