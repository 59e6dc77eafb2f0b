//! Accounts that tests sign in with, without typing passwords.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use kernel::kinds::Choice;
use kernel::testing::{House, Visitor};
use kernel::{Fields, Id, today, web};

use crate::{RoleKind, session};

/// The account of this name, made with these roles (`("coach", "programme:…")`) if it does not exist yet.
pub fn account(house: &House, name: &str, roles: &[(&str, &str)]) -> Id {
    let id = Id::named(name);
    if house.look(|db| kernel::record::find::<crate::Account>(db, id)).is_some() {
        return id;
    }
    house.given(|tx| {
        let email = format!("{name}@example.org");
        crate::create_account(tx, id, &Fields::of([("name", name), ("email", &email)]))?;
        for (role, scope) in roles {
            let kind = RoleKind::from_code(role).unwrap_or_else(|| panic!("there is no role {role}"));
            crate::grant_role(tx, Id::new(), id, kind, scope, today(), None)?;
        }
        Ok(id)
    })
}

/// A browser in which the account of this name has signed in.
pub fn sign_in<'a>(house: &'a House, name: &str, roles: &[(&str, &str)]) -> Visitor<'a> {
    let id = account(house, name, roles);
    let secret = house.given(|tx| session::open(tx, id, "page"));
    house.visitor().cookie(web::SESSION, &secret)
}

/// The code that a telephone shows for this key in so many steps of thirty seconds from now.
pub fn code(key: &str, steps: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(key).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate((kernel::now() / 1000 + steps * 30).unsigned_abs()).to_string()
}
