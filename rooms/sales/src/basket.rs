//! A basket: what somebody chose before they said who they are. It travels in a cookie, and holds nothing but ids and counts.

use kernel::Id;

/// Most articles of a basket: its cookie stays small.
pub(crate) const MOST: usize = 30;
/// Most of one article.
pub(crate) const MOST_OF_ONE: i64 = 1_000_000;

/// Articles and how many of each, in the order they were chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Basket(pub(crate) Vec<(Id, i64)>);

impl Basket {
    /// Reads a cookie; what cannot be read is left out.
    pub(crate) fn read(text: &str) -> Basket {
        let mut basket = Basket::default();
        for part in text.split('_').filter_map(|part| part.split_once('.')) {
            if let (Ok(id), Ok(count)) = (part.0.parse(), part.1.parse()) {
                basket.put(id, count);
            }
        }
        basket
    }

    /// What the cookie says.
    pub(crate) fn write(&self) -> String {
        let parts: Vec<_> = self.0.iter().map(|(id, count)| format!("{id}.{count}")).collect();
        parts.join("_")
    }

    /// Sets how many of an article there are; none takes it out. False if there is no room for one more article.
    pub(crate) fn put(&mut self, id: Id, count: i64) -> bool {
        let count = count.min(MOST_OF_ONE);
        let at = self.0.iter().position(|(there, _)| *there == id);
        match at {
            Some(at) if count <= 0 => {
                self.0.remove(at);
            }
            Some(at) => self.0[at].1 = count,
            None if count <= 0 => {}
            None if self.0.len() >= MOST => return false,
            None => self.0.push((id, count)),
        }
        true
    }

    /// How many of an article there are.
    pub(crate) fn count(&self, id: Id) -> i64 {
        self.0.iter().find(|(there, _)| *there == id).map_or(0, |(_, count)| *count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basket_says_again_what_it_was_told() {
        let (honey, carpet) = (Id::named("honey"), Id::named("carpet"));
        let mut basket = Basket::default();
        assert!(basket.put(honey, 3) && basket.put(carpet, 1) && basket.put(honey, 5));
        assert_eq!(Basket::read(&basket.write()), basket);
        assert_eq!((basket.count(honey), basket.count(carpet)), (5, 1));
        assert!(basket.put(honey, 0));
        assert_eq!(basket.0, [(carpet, 1)]);
    }

    #[test]
    fn nonsense_is_left_out_and_the_cookie_stays_small() {
        let id = Id::named("honey");
        assert_eq!(Basket::read(&format!("x_{id}.two_{id}.-4_.3__{id}.2")).0, [(id, 2)]);
        let mut basket = Basket::default();
        let all = (0..40).filter(|n| basket.put(Id::named(&n.to_string()), i64::MAX)).count();
        assert_eq!(all, MOST);
        assert!(basket.write().len() < 2_000);
    }
}
