//! What leaves together and what of it is packed, article by article and lot by lot: nothing is packed that was not prepared.

use kernel::kinds::Multi;
use kernel::{Db, Error, FieldError, Id, Result, Words, Wrong};

use super::consignment::{Article, Consignment, Maker, Origin, Taken};
use super::package::{self, Content, Packed, Typed};

/// What leaves together, with its packages.
pub(crate) struct Prepared {
    pub(crate) origin: Origin,
    pub(crate) consignment: Consignment,
    pub(crate) packed: Vec<Packed>,
}

/// Something that can be packed: an article of one lot, or of none where no lots are kept.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) article: Id,
    pub(crate) name: Multi,
    pub(crate) lot: Option<(Id, String)>,
    pub(crate) maker: Option<Maker>,
    /// So many of the article are not packed yet; below zero where too many are.
    pub(crate) left: i64,
}

impl Place {
    fn is(&self, article: Id, lot: Option<Id>) -> bool {
        self.article == article && self.lot.as_ref().map(|(lot, _)| *lot) == lot
    }

    /// The name of its input.
    pub(crate) fn field(&self) -> String {
        field(self.article, self.lot.as_ref().map(|(lot, _)| *lot))
    }
}

/// The name of the input for an article of a lot.
pub(crate) fn field(article: Id, lot: Option<Id>) -> String {
    format!("hold.{article}.{}", lot.map(|lot| lot.to_string()).unwrap_or_default())
}

impl Prepared {
    /// What leaves together, with its packages; nothing before something was prepared or accepted. The caller checked the
    /// right to it.
    pub(crate) fn find(w: Words, db: &mut Db, origin: Origin) -> Result<Option<Prepared>> {
        let Some(consignment) = origin.consignment(w, db)? else { return Ok(None) };
        Ok(Some(Prepared { origin, consignment, packed: package::of(db, origin)? }))
    }

    /// The same, where nothing can be done without it.
    ///
    /// # Errors
    /// Refused before something was prepared or accepted.
    pub(crate) fn read(w: Words, db: &mut Db, origin: Origin) -> Result<Prepared> {
        Prepared::find(w, db, origin)?.ok_or_else(|| Error::refused(origin.waits()))
    }

    /// What is packed.
    pub(crate) fn articles(&self) -> &[Article] {
        &self.consignment.articles
    }

    /// A lot of what leaves.
    pub(crate) fn lot(&self, lot: Id) -> Option<&Taken> {
        self.articles().iter().flat_map(|article| &article.lots).find(|taken| taken.lot == lot)
    }

    /// Of which article something in a package is.
    pub(crate) fn article_of(&self, content: &Content) -> Id {
        content.sale_line.map_or(self.origin.id(), |line| line.id)
    }

    /// Everything that is packed, each with how many of it in all.
    fn contents(&self) -> impl Iterator<Item = (Id, Option<Id>, i128)> {
        self.packed.iter().flat_map(move |packed| {
            let packages = i128::from(packed.package.count);
            packed.contents.iter().map(move |content| {
                let count = packages * i128::from(content.count);
                (self.article_of(content), content.lot.map(|lot| lot.id), count)
            })
        })
    }

    /// So much of a lot is not packed, in its smallest unit, of all articles together; below zero where too much is.
    fn left_of_lot(&self, lot: &Taken) -> i128 {
        let holds = |article: Id| {
            self.articles().iter().find(|one| one.id == article).map_or(0, |one| i128::from(one.content))
        };
        let packed: i128 = self
            .contents()
            .filter(|(_, of, _)| *of == Some(lot.lot))
            .map(|(article, _, count)| count * holds(article))
            .sum();
        i128::from(lot.quantity) - packed
    }

    /// So many of an article are packed in no package. What is packed of a lot beyond what was taken from it does not count.
    fn left_of_article(&self, article: &Article) -> i128 {
        let packed: i128 =
            self.contents().filter(|(of, ..)| *of == article.id).map(|(.., count)| count).sum();
        let beyond: i128 = article.lots.iter().map(|lot| self.left_of_lot(lot).min(0)).sum();
        i128::from(article.count) - packed - beyond.div_euclid(i128::from(article.content.max(1)))
    }

    /// What can be packed, and how much of it is left to pack.
    pub(crate) fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for article in self.articles() {
            let left = self.left_of_article(article);
            let place = |lot: Option<&Taken>| {
                let of_lot =
                    lot.map(|lot| self.left_of_lot(lot).div_euclid(i128::from(article.content.max(1))));
                let left = of_lot.map_or(left, |of_lot| of_lot.min(left));
                Place {
                    article: article.id,
                    name: article.name.clone(),
                    lot: lot.map(|lot| (lot.lot, lot.number.clone())),
                    maker: lot.and_then(|lot| lot.maker.clone()),
                    left: i64::try_from(left).unwrap_or(i64::MIN),
                }
            };
            if article.lots.is_empty() {
                places.push(place(None));
            }
            places.extend(article.lots.iter().map(|lot| place(Some(lot))));
        }
        places
    }

    /// So many of what leaves are not packed yet.
    pub(crate) fn left(&self) -> i64 {
        let left = |article| i64::try_from(self.left_of_article(article).max(0)).unwrap_or(0);
        self.articles().iter().map(left).sum()
    }

    /// Refuses what is no article of it, or of a lot that was not taken for it, at its field.
    pub(crate) fn check_known(&self, typed: &[Typed]) -> Result<()> {
        let places = self.places();
        let known = |article: Id, lot: Option<Id>| places.iter().any(|place| place.is(article, lot));
        let unknown = typed.iter().filter(|(article, lot, _)| !known(*article, *lot));
        let wrong: Vec<FieldError> = unknown
            .map(|(article, lot, _)| FieldError {
                field: field(*article, *lot),
                wrong: Wrong::new("error.reference"),
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }

    /// Refuses more than was prepared, at its field. What lay there too much before may stay, or become less: whoever takes
    /// it out package by package is not held up.
    pub(crate) fn check(&self, before: &Prepared) -> Result<()> {
        let were = before.places();
        let worse = |place: &Place| {
            let was = were.iter().find(|one| one.field() == place.field()).map_or(0, |one| one.left.min(0));
            place.left < was
        };
        let packed = |place: &Place| self.contents().any(|(article, lot, _)| place.is(article, lot));
        let over = self.places().into_iter().filter(|place| worse(place) && packed(place));
        let wrong: Vec<FieldError> = over
            .map(|place| FieldError {
                field: place.field(),
                wrong: Wrong::new(self.origin.too_many()).with("n", -place.left),
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}
