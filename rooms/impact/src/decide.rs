//! Deciding what is hidden: of a whole, of a family of cuts, of two families whose margins are decided.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Ctx, Db, Result};

use crate::cut::Cut;
use crate::days;
use crate::family::{self, Family, Node};
use crate::figure::{self, Figure};
use crate::indicator::Indicator;
use crate::kept;
use crate::scope::{Eyes, Period, Scope};
use crate::small::Lines;
use crate::veil::{Beside, Question};

/// Currency, whose number, and the buckets that it lies in.
pub(crate) type Cell = (Option<String>, usize, Vec<Node>);

/// The number of whoever asks; programmes beside it follow, and then what is left of their whole.
pub(crate) const OWN: usize = 0;
const REST: usize = usize::MAX;
/// The way in which a whole is divided by programmes.
const BY_PROGRAMME: u8 = u8::MAX;

/// Numbers of which it is decided what is hidden.
pub(crate) struct Decided {
    pub(crate) lines: Lines<Cell>,
    /// True if any of them may be told.
    pub(crate) safe: bool,
}

/// What was decided, by what was asked. A page asks several times for the same.
#[derive(Default)]
pub(crate) struct Memo(Mutex<HashMap<String, Arc<Decided>>>);

impl Memo {
    /// So many numbers are remembered: some 40 MB.
    const MOST: usize = 300_000;

    fn get(&self, key: &str) -> Option<Arc<Decided>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, key: String, decided: &Arc<Decided>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let there: usize = all.values().map(|decided| decided.lines.len()).sum();
        if there + decided.lines.len() > Memo::MOST {
            all.clear();
        }
        all.insert(key, Arc::clone(decided));
    }
}

/// What is decided of an indicator over a whole, family by family.
pub(crate) struct Veil<'a> {
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
    pub(crate) beside: Vec<Veil<'a>>,
    counted: HashMap<Vec<Cut>, Arc<[Figure]>>,
    memo: &'a Memo,
}

impl<'a> Veil<'a> {
    /// Over the whole days of a question.
    pub(crate) fn of(asked: Question<'a>, whole: Period, deep: bool) -> Veil<'a> {
        Veil {
            ctx: asked.ctx,
            indicator: asked.indicator,
            scope: Scope { territory: None, ..asked.scope.clone() },
            whole,
            eyes: asked.eyes,
            deep,
            time: None,
            reads: false,
            beside: Vec::new(),
            counted: HashMap::new(),
            memo: asked.memo,
        }
    }

    /// The same of one programme, over all of its days if figures are of days.
    pub(crate) fn of_programme(&self, one: &Beside, flows: bool) -> Veil<'a> {
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
            memo: self.memo,
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

    /// What is hidden of these families together, decided after each of them.
    pub(crate) fn decide(&mut self, db: &mut Db, families: &[Family]) -> Result<Arc<Decided>> {
        let Period { since, until } = self.whole;
        let whose = self.scope.programme;
        let key = format!("{} {whose:?} {since} {until} {} {families:?}", self.indicator.code, self.deep);
        if let Some(there) = self.memo.get(&key) {
            return Ok(there);
        }
        // A programme whose rows are held is decided once for all pages, until something changes.
        let held = match (self.ctx, self.eyes, whose) {
            (Some(ctx), Eyes::Checked, Some(_)) => kept::stamp(ctx, db, self.indicator, self.whole)?
                .map(|stamp| (ctx.app.held.of::<Memo>(), format!("{key} {stamp}"))),
            _ => None,
        };
        let found = match held.as_ref().and_then(|(memo, key)| memo.get(key)) {
            Some(there) => there,
            None => Arc::new(self.decide_anew(db, families)?),
        };
        self.memo.put(key, &found);
        if let Some((memo, key)) = held {
            memo.put(key, &found);
        }
        Ok(found)
    }

    fn decide_anew(&mut self, db: &mut Db, families: &[Family]) -> Result<Decided> {
        let mut lines = Lines::default();
        let mut safe = true;
        match families {
            [] => {
                for figure in self.count(db, &[])?.iter() {
                    lines.cell((figure.currency.clone(), OWN, Vec::new()), self.fewest(figure));
                }
            }
            [one] => {
                safe &= margin(&*self.decide(db, &[])?, &mut lines);
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
                    safe &= margin(&*self.decide(db, &[*family])?, &mut lines);
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
        Ok(Decided { lines, safe })
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
                let there = veil.decide(db, &families)?;
                if !there.safe && !veil.reads {
                    continue;
                }
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

/// Takes over what was decided before; false if nothing of it may be told.
fn margin(before: &Decided, lines: &mut Lines<Cell>) -> bool {
    for (cell, n, hidden) in before.lines.all().filter(|(cell, ..)| cell.1 == OWN) {
        lines.fixed(cell.clone(), n, hidden);
    }
    before.safe
}
