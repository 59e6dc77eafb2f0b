//! The account of a cooperative with whoever takes cards for it. Its key is sealed, shown to nobody and in no backup of
//! the database that can be read without the secret of the house.

use kernel::kinds::Ref;
use kernel::secret::Secret;
use kernel::{Ctx, Db, Error, Id, Record, Result, Standing, Tx, record, sql};
use registry::Organisation;

use super::CardProvider;

record! {
    /// The account of a cooperative with a payment provider.
    pub CardMerchant in "card_merchant" as "sales.card_merchant", about organisation {
        main(File, File) {
            organisation: Ref<Organisation>, provider: CardProvider, client: String, testing: bool,
        }
    }
}

/// The right to say where money goes: who represents the cooperative has it, and stewards; a coach has not.
pub(crate) fn standing(ctx: &Ctx, db: &mut Db, organisation: Id) -> Result<Standing> {
    let holder = market::is_holder(&ctx.viewer, organisation);
    ctx.standing(db, organisation, if holder { Standing::File } else { Standing::Steward })
}

fn place(id: Id) -> String {
    format!("card_merchant {id}")
}

/// The account of a cooperative, if it has one. Whoever pays by card is told by it that they can.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Option<CardMerchant>> {
    let query = format!("select {} from card_merchant where organisation = ?", CardMerchant::columns(""));
    db.row(
        &sql(&query).bind(organisation).open("who sells by card is told to buyers"),
        CardMerchant::from_row,
    )
}

/// The key of this account. The caller sends it nowhere.
pub(crate) fn key(db: &mut Db, secret: &Secret, merchant: Id) -> Result<String> {
    let query = sql("select store_key from card_merchant where id = ?").bind(merchant);
    let sealed: Option<String> = db.row(&query.open("the house seals with it"), |row| row.take())?.flatten();
    let bytes = secret.unseal(&place(merchant), &sealed.ok_or(Error::NotFound)?)?;
    String::from_utf8(bytes).map_err(Error::internal)
}

/// Keeps the key of an account, sealed.
pub(crate) fn keep_key(tx: &mut Tx<'_>, secret: &Secret, merchant: Id, key: &str) -> Result<()> {
    let sealed = secret.seal(&place(merchant), key.as_bytes())?;
    let keep = sql("update card_merchant set store_key = ? where id = ?").bind(sealed).bind(merchant);
    tx.run(&keep.open("the caller is a steward")).map(|_| ())
}
