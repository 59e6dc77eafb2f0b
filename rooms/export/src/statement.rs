//! What export asks for and no other record holds: a number, a name, dates and a file, of an organisation or of a product.

use jiff::civil::Date;
use kernel::form::Options;
use kernel::kinds::{Code, File, Long, Ref};
use kernel::piece::Piece;
use kernel::{Ctx, Db, Error, Id, Record, Result, Tx, record, sql};
use market::Product;
use registry::Organisation;

use crate::ready::State;
use crate::rules::{Asks, Of, pack};

record! {
    /// Something that is stated for export. Its kind is one of the country pack.
    pub Statement in "export_statement" as "export.export_statement", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, kind: String, product: Option<Ref<Product>>, number: Option<Code>,
            named: Option<String>, since: Date, until: Option<Date>, note: Option<Long>, file: Option<File>,
        }
    }
}

impl Statement {
    /// How it stands on a day.
    pub(crate) fn state(&self, day: Date) -> State {
        if self.until.is_some_and(|until| until < day) {
            State::Over
        } else if self.since > day {
            State::Waiting
        } else {
            State::Valid
        }
    }

    /// A last look at what was typed, in the transaction that saves it.
    fn check_sound(&self, tx: &mut Tx<'_>) -> Result<()> {
        let kind = pack()?.stated(&self.kind);
        let kind = kind.ok_or_else(|| Error::field("kind", "export_statement.kind_unknown"))?;
        match (kind.of, self.product) {
            (Of::Product, None) => return Err(Error::field("product", "export_statement.product_needed")),
            (Of::Organisation, Some(_)) => {
                return Err(Error::field("product", "export_statement.of_the_whole"));
            }
            _ => {}
        }
        if let Some(product) = self.product {
            let product = kernel::record::find::<Product>(tx, product.id)?;
            if product.is_none_or(|product| product.organisation.id != self.organisation.id) {
                return Err(Error::field("product", "error.reference"));
            }
        }
        if kind.asks == Asks::Number && self.number.is_none() {
            return Err(Error::field("number", "export_statement.number_needed"));
        }
        if kind.asks == Asks::Named && self.named.is_none() {
            return Err(Error::field("named", "export_statement.named_needed"));
        }
        if self.until.is_some_and(|until| until < self.since) {
            return Err(Error::field("until", "error.dates_order"));
        }
        Ok(())
    }
}

/// Statements of an organisation, the latest first. The caller checked the standing.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Vec<Statement>> {
    let columns = Statement::columns("");
    let query = sql(&format!(
        "select {columns} from export_statement where organisation = ? order by kind, since desc, id desc"
    ));
    db.rows(&query.bind(organisation).open("the caller checked the standing"), Statement::from_row)
}

impl Piece for Statement {
    const PLURAL: &'static str = "export-statements";
    const OWNER: &'static str = "organisation";

    fn owner(&self) -> Id {
        self.organisation.id
    }

    fn owner_name(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<String> {
        registry::organisation::name_of(ctx, db, owner)
    }

    fn home(owner: Id) -> String {
        format!("/organisations/{owner}/export#statements")
    }

    fn hand(ctx: &Ctx, tx: &mut Tx<'_>, rights: Id) -> Result<()> {
        market::hand(ctx, tx, rights);
        Ok(())
    }

    fn offers(ctx: &Ctx, db: &mut Db, owner: Id) -> Result<Vec<(&'static str, Options)>> {
        let kinds = pack()?.statement.iter();
        let kinds = kinds.map(|kind| (kind.code.clone(), kind.name.best(ctx.w.lang).to_owned()));
        let products = market::products_of(db, owner)?;
        let products = products.iter().map(|(id, name)| (id.to_string(), name.best(ctx.w.lang).to_owned()));
        Ok(vec![("kind", kinds.collect()), ("product", products.collect())])
    }

    fn check(&self, _: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
        self.check_sound(tx)
    }
}
