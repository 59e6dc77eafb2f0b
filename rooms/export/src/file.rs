//! What is on file for a product: of its cooperative, of itself, labels, documents, statements; and where what is missing is
//! filled in.

use jiff::civil::Date;
use kernel::kinds::{Choice, Multi};
use kernel::{Db, Id, Result, Words};
use market::{Condition, Pack, Product, Unit};
use registry::{Document, Organisation};

use crate::ready::{Held, Journey, State};
use crate::rules::{Field, Need, Way, pack};
use crate::statement::{self, Statement};

/// A product with everything that export may ask for. The caller checked the standing at its cooperative.
pub(crate) struct OnFile {
    pub(crate) product: Product,
    pub(crate) holder: Organisation,
    pub(crate) packs: Vec<Pack>,
    /// True if it has an organic label, whatever its condition: then it is sold as organic.
    pub(crate) organic: bool,
    pub(crate) held: Vec<Held>,
}

/// What somebody asks of a product.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) to: String,
    pub(crate) way: Way,
    /// Whole euros.
    pub(crate) value: Option<i64>,
    /// The pack it is sent in.
    pub(crate) pack: Option<Id>,
    /// Nothing leaves it to the labels.
    pub(crate) organic: Option<bool>,
}

impl OnFile {
    /// Reads what is on file for a product.
    pub(crate) fn read(w: Words, db: &mut Db, product: Product, day: Date) -> Result<OnFile> {
        let holder = kernel::record::get::<Organisation>(db, product.organisation.id)?;
        let packs = market::packs_of(db, product.id)?;
        let labels = market::labels_of(db, &product)?;
        let mut held = fields(w, &holder, &product, &packs);
        if let Some(lot) = market::sale::lots(db, product.id, day)?.into_iter().next() {
            held.push(whole(Field::Lot, lot.number, format!("/lots/{}", lot.id)));
        }
        held.extend(labels.iter().map(|label| Held {
            meets: Need::Label(label.scheme),
            state: match label.condition(day) {
                Condition::InForce | Condition::Ending => State::Valid,
                Condition::Unverified | Condition::Coming => State::Waiting,
                Condition::Expired | Condition::Withdrawn => State::Over,
            },
            dated: Some(label.since),
            until: label.until,
            told: format!("{} · {}", label.number.0, label.body),
            path: format!("/labels/{}", label.id),
        }));
        held.extend(registry::documents(db, holder.id)?.iter().map(|document| of_document(w, document, day)));
        for one in statement::of(db, holder.id)? {
            if one.product.is_none_or(|of| of.id == product.id) {
                held.push(of_statement(&one, day));
            }
        }
        let organic = labels.iter().any(|label| label.scheme == market::Scheme::Organic);
        Ok(OnFile { product, holder, packs, organic, held })
    }

    /// The journey that is asked about.
    pub(crate) fn journey(&self, asked: &Asked, day: Date) -> Journey {
        let chosen = self.packs.iter().filter(|pack| asked.pack.is_none_or(|id| id == pack.id));
        let container = match self.product.unit {
            Unit::Millilitre => chosen.map(|pack| pack.quantity).max(),
            Unit::Gram | Unit::Piece => Some(0),
        };
        Journey {
            to: asked.to.clone(),
            way: asked.way,
            value: asked.value,
            kind: self.product.kind,
            activities: self.holder.activities.as_ref().map(|all| all.0.clone()).unwrap_or_default(),
            hs: self.product.hs.as_ref().map(|hs| hs.0.clone()),
            container,
            organic: asked.organic.unwrap_or(self.organic),
            day,
        }
    }

    /// Where a need of this product is filled in; nothing where a record of the house cannot hold it.
    pub(crate) fn fill(&self, need: &Need) -> Option<String> {
        let (product, holder) = (self.product.id, self.holder.id);
        Some(match need {
            Need::Field(Field::Ice | Field::Address) => format!("/organisations/{holder}/edit"),
            Need::Field(Field::Hs | Field::Origin | Field::Ingredients) => {
                format!("/products/{product}/edit")
            }
            Need::Field(Field::Lot) => format!("/products/{product}/lots/new"),
            Need::Field(Field::Reference) => match self.packs.iter().find(|pack| pack.reference.is_none()) {
                Some(pack) => format!("/packs/{}/edit", pack.id),
                None => format!("/products/{product}/packs/new"),
            },
            Need::Label(scheme) => format!("/organisations/{holder}/labels/new?scheme={}", scheme.code()),
            Need::Document(kind) => format!("/organisations/{holder}/documents/new?kind={}", kind.code()),
            Need::Statement(code) => {
                let of = pack().ok()?.stated(code)?.of;
                let product = match of {
                    crate::rules::Of::Product => format!("&product={product}"),
                    crate::rules::Of::Organisation => String::new(),
                };
                format!("/organisations/{holder}/export-statements/new?kind={code}{product}")
            }
            Need::Nothing => return None,
        })
    }
}

fn whole(field: Field, told: String, path: String) -> Held {
    Held { meets: Need::Field(field), state: State::Valid, dated: None, until: None, told, path }
}

/// What the files of the cooperative and of the product state.
fn fields(w: Words, holder: &Organisation, product: &Product, packs: &[Pack]) -> Vec<Held> {
    let (file, page) = (format!("/organisations/{}", holder.id), format!("/products/{}", product.id));
    let named = |text: &Multi| text.best(w.lang).to_owned();
    let place = |origin: &kernel::kinds::Divisions| {
        let places: Vec<String> = origin.0.iter().map(|code| w.division(code)).collect();
        places.join(&w.t("comma"))
    };
    let references: Option<Vec<String>> =
        packs.iter().map(|pack| pack.reference.as_ref().map(|code| code.0.clone())).collect();
    [
        holder.ice.as_ref().map(|ice| whole(Field::Ice, ice.0.clone(), file.clone())),
        holder.address.as_ref().map(|address| whole(Field::Address, address.0.clone(), file)),
        product.hs.as_ref().map(|hs| whole(Field::Hs, hs.0.clone(), page.clone())),
        product.origin.as_ref().map(|origin| whole(Field::Origin, place(origin), page.clone())),
        product.ingredients.as_ref().map(|all| whole(Field::Ingredients, named(all), page.clone())),
        references
            .filter(|all| !all.is_empty())
            .map(|all| whole(Field::Reference, all.join(&w.t("comma")), format!("{page}#prices"))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_document(w: Words, document: &Document, day: Date) -> Held {
    let over = document.expires.is_some_and(|expires| expires < day);
    Held {
        meets: Need::Document(document.kind),
        state: if over { State::Over } else { State::Valid },
        dated: document.issued,
        until: document.expires,
        told: document.title.clone().unwrap_or_else(|| w.choice(&document.kind)),
        path: format!("/organisations/{}#documents", document.organisation.id),
    }
}

fn of_statement(statement: &Statement, day: Date) -> Held {
    let said = [statement.number.as_ref().map(|number| number.0.clone()), statement.named.clone()];
    let said: Vec<String> = said.into_iter().flatten().collect();
    Held {
        meets: Need::Statement(statement.kind.clone()),
        state: statement.state(day),
        dated: Some(statement.since),
        until: statement.until,
        told: said.join(" · "),
        path: format!("/export-statements/{}/edit", statement.id),
    }
}
