//! `/training/keys`: the keys that sign certificates, for administrators.

use askama::Template;
use jiff::civil::Date;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Error, Id, Reply, Result, Words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::issuer;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/training/keys", show).role(&["administrator"]).answers::<KeysPage>(),
        post("/training/keys", rotate).role(&["administrator"]),
        post("/training/keys/{signing_key}/theft", declare_stolen).role(&["administrator"]),
    ]
}

/// A key in the list of keys; instants in milliseconds.
#[derive(Serialize, JsonSchema)]
struct KeyLine {
    id: Id,
    /// As it is published.
    public: String,
    made: i64,
    /// When it was replaced.
    retired: Option<i64>,
    /// Since when nothing is believed that it signs.
    stolen: Option<i64>,
}

/// The keys that sign certificates.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "training_keys.html")]
struct KeysPage {
    #[serde(skip)]
    #[schemars(skip)]
    w: Words,
    keys: Vec<KeyLine>,
    #[serde(skip)]
    #[schemars(skip)]
    next: Id,
    #[serde(skip)]
    #[schemars(skip)]
    today: String,
}

impl KeysPage {
    fn day(&self, instant: &i64) -> String {
        kernel::locale::date_of(*instant).to_string()
    }
    fn said(&self, instant: &i64) -> String {
        self.w.long_date(&kernel::locale::date_of(*instant))
    }
}

fn show(ctx: &Ctx) -> Result<Reply> {
    let line = |key: issuer::Kept| KeyLine {
        id: key.id,
        public: key.public.multibase(),
        made: key.made,
        retired: key.retired,
        stolen: key.stolen,
    };
    let keys = ctx.read(issuer::keys)?.into_iter().map(line).collect();
    let today = kernel::today().to_string();
    ctx.page(&ctx.w.t("keys.title"), &KeysPage { w: ctx.w, keys, next: Id::new(), today })
}

fn rotate(ctx: &Ctx) -> Result<Reply> {
    ctx.write(|tx| issuer::rotate(tx, &ctx.app.secret, ctx.new_id()))?;
    ctx.done("/training/keys", "key_made")
}

fn declare_stolen(ctx: &Ctx) -> Result<Reply> {
    let since: Date = ctx.form.parse("since").ok_or_else(|| Error::refused("keys.stolen_when"))?;
    ctx.write(|tx| issuer::declare_stolen(tx, &ctx.app.secret, ctx.id("signing_key")?, since))?;
    ctx.done("/training/keys", "key_stolen")
}
