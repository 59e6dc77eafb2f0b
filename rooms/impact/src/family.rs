//! Cuts that divide each other: a place into smaller places and these into cooperatives, a year into quarters and months.
//! Whoever reads figures by several of one family can add them up, so what is hidden of one is decided with the others.

use crate::cut::{Cut, PROVINCE, REGION};
use crate::days;
use crate::small::Code;

/// Cuts that divide each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// Région, province, commune, cooperative; promotions of cooperatives.
    Place,
    /// Year, quarter, month.
    Time,
    /// A cut that divides nothing else.
    Alone(Cut),
}

/// A bucket of a cut.
pub(crate) type Node = (Cut, Code);

impl Family {
    /// The family of a cut.
    pub(crate) fn of(cut: Cut) -> Family {
        match cut {
            Cut::Region | Cut::Province | Cut::Commune | Cut::Cooperative | Cut::Promotion => Family::Place,
            Cut::Year | Cut::Quarter | Cut::Month => Family::Time,
            Cut::Sex | Cut::Age | Cut::Programme | Cut::Kind => Family::Alone(cut),
        }
    }
}

/// The bucket around another one, for cuts whose codes say it; nothing for those that stand right under the whole.
pub(crate) fn around((cut, code): &Node) -> Option<Node> {
    let cut_off = |long: usize| code.as_ref().map(|code| code.get(..long).unwrap_or(code).to_owned());
    match cut {
        Cut::Province => Some((Cut::Region, cut_off(REGION))),
        Cut::Commune => Some((Cut::Province, cut_off(PROVINCE))),
        Cut::Quarter => Some((Cut::Year, code.as_deref().and_then(|code| days::around(*cut, code)))),
        Cut::Month => Some((Cut::Quarter, code.as_deref().and_then(|code| days::around(*cut, code)))),
        _ => None,
    }
}

/// What several narrow a figure to: one bucket of each family, the finest. Nothing where no bucket is just that, as of a
/// promotion within a province.
pub(crate) fn narrowest(nodes: impl IntoIterator<Item = Node>) -> Option<Vec<Node>> {
    let mut all: Vec<Node> = Vec::new();
    for node in nodes {
        match all.iter_mut().find(|there| Family::of(there.0) == Family::of(node.0)) {
            None => all.push(node),
            Some(there) if there.0 == node.0 => {}
            Some(there) => {
                let (coarse, fine) = (depth(there.0)?, depth(node.0)?);
                let mixed = [there.0, node.0].contains(&Cut::Promotion)
                    && ![there.0, node.0].contains(&Cut::Cooperative);
                if mixed {
                    return None;
                }
                if fine > coarse {
                    *there = node;
                }
            }
        }
    }
    all.sort();
    Some(all)
}

fn depth(cut: Cut) -> Option<u8> {
    match cut {
        Cut::Region | Cut::Year => Some(1),
        Cut::Province | Cut::Quarter | Cut::Promotion => Some(2),
        Cut::Commune | Cut::Month => Some(4),
        Cut::Cooperative => Some(5),
        _ => None,
    }
}

/// The bucket that a territory is; nothing for one that no cut counts, such as a cercle.
pub(crate) fn place(code: &str) -> Option<Node> {
    let cut = match code.matches('.').count() {
        0 => Cut::Region,
        1 => Cut::Province,
        3 => Cut::Commune,
        _ => return None,
    };
    Some((cut, Some(code.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(cut: Cut, code: &str) -> Node {
        (cut, Some(code.to_owned()))
    }

    #[test]
    fn a_bucket_lies_in_the_next_larger_one() {
        assert_eq!(around(&node(Cut::Commune, "08.577.05.21")), Some(node(Cut::Province, "08.577")));
        assert_eq!(around(&node(Cut::Province, "08.577")), Some(node(Cut::Region, "08")));
        assert_eq!(
            around(&node(Cut::Province, "08")),
            Some(node(Cut::Region, "08")),
            "no more is known of it"
        );
        assert_eq!(around(&(Cut::Commune, None)), Some((Cut::Province, None)));
        assert_eq!(around(&node(Cut::Month, "2026-03")), Some(node(Cut::Quarter, "2026-1")));
        assert_eq!(around(&node(Cut::Sex, "woman")), None);
    }

    #[test]
    fn of_each_family_the_finest_bucket_counts() {
        let (region, commune) = (node(Cut::Region, "08"), node(Cut::Commune, "08.577.05.21"));
        let (sex, promotion) = (node(Cut::Sex, "woman"), node(Cut::Promotion, "p"));
        let found = narrowest([commune.clone(), sex.clone(), region.clone()]);
        assert_eq!(found, Some(vec![sex, commune]));
        assert_eq!(narrowest([region, promotion.clone()]), None);
        let cooperative = node(Cut::Cooperative, "c");
        assert_eq!(narrowest([cooperative.clone(), promotion]), Some(vec![cooperative]));
        assert_eq!(place("08.577.05"), None);
    }
}
