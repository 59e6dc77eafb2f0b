//! The groups that rows fall into while they are counted, narrow and wide.

use rustc_hash::FxHashMap;

use super::column::NONE;
use crate::figure::Sums;

/// Groups that rows fall into: by all cuts, and the wider groups that each lies in.
pub(super) struct Groups {
    /// By the numbers of both buckets and of the currency; what has no currency stands in a table.
    table: Vec<Vec<u32>>,
    others: FxHashMap<[u32; 3], u32>,
    /// For each number of cuts: buckets and sums.
    pub(super) levels: Vec<Vec<([u32; 3], Sums)>>,
    /// Of each group by all cuts, where it lies by fewer.
    pub(super) wider: Vec<[u32; 3]>,
    known: FxHashMap<(usize, [u32; 3]), u32>,
}

impl Groups {
    pub(super) fn new(cuts: usize) -> Groups {
        Groups {
            table: Vec::new(),
            others: FxHashMap::default(),
            levels: vec![Vec::new(); cuts + 1],
            wider: Vec::new(),
            known: FxHashMap::default(),
        }
    }

    /// The group of these buckets.
    pub(super) fn of(&mut self, key: [u32; 3]) -> u32 {
        if key[2] != NONE {
            return match self.others.get(&key) {
                Some(group) => *group,
                None => {
                    let group = self.add(key);
                    self.others.insert(key, group);
                    group
                }
            };
        }
        // Nothing, which is the largest number, stands first.
        let [row, column] = [key[0].wrapping_add(1) as usize, key[1].wrapping_add(1) as usize];
        if row >= self.table.len() {
            self.table.resize_with(row + 1, Vec::new);
        }
        if column >= self.table[row].len() {
            self.table[row].resize(column + 1, NONE);
        }
        if self.table[row][column] == NONE {
            self.table[row][column] = self.add(key);
        }
        self.table[row][column]
    }

    fn add(&mut self, key: [u32; 3]) -> u32 {
        let cuts = self.levels.len() - 1;
        let mut places = [0; 3];
        for (level, place) in places.iter_mut().enumerate().take(cuts + 1) {
            let wide = [if level > 0 { key[0] } else { NONE }, if level > 1 { key[1] } else { NONE }, key[2]];
            let all = &mut self.levels[level];
            *place = *self.known.entry((level, wide)).or_insert_with(|| {
                all.push((wide, Sums::default()));
                all.len() as u32 - 1
            });
        }
        self.wider.push(places);
        self.wider.len() as u32 - 1
    }
}

/// What adds up is carried from the narrowest groups to the wider ones: sums, and counts where each row is an item.
pub(super) fn add_up(groups: &mut Groups, rows_are_items: bool) {
    let last = groups.levels.len() - 1;
    let (wide, narrow) = groups.levels.split_at_mut(last);
    for places in &groups.wider {
        for (level, all) in wide.iter_mut().enumerate() {
            let sums = &narrow[0][places[last] as usize].1;
            let to = &mut all[places[level] as usize].1;
            to.sum += sums.sum;
            to.base += sums.base;
            if rows_are_items {
                to.n += sums.n;
                to.met += sums.met;
                to.valued += sums.valued;
            }
        }
    }
}
