//! `/field/pack`: what a phone takes along of a programme, in leaves: one for each cooperative, session and instrument.
//!
//! A leaf is named by a digest of what it says. The phone says which digests it holds (`since`) and is given the next
//! leaves it lacks, and the digests of all: what is named no more is dropped. So one question begins, resumes and
//! refreshes a pack, and rights are those of the moment, whatever the phone held before.

use std::collections::HashSet;

use kernel::{Ctx, Error, Id, Json, Reply, Result};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{device, leaves};

/// Letters of a digest: forty bits tell a few hundred leaves apart.
const DIGEST: usize = 10;

/// Bytes of leaves in one answer, about two seconds of a slow line once compressed.
const PAGE: usize = 64 << 10;

/// Leaves that the phone lacks.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Pack {
    /// When it was read; milliseconds since 1970.
    at: i64,
    /// The digests of every leaf, one after the other.
    all: String,
    /// Leaves: key, digest, content.
    leaves: Vec<(String, String, Json)>,
    /// How many leaves still lack after these.
    more: usize,
}

fn digest(key: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(key.as_bytes());
    hash.update(text.as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).take(DIGEST / 2).collect()
}

/// The digests that `since` names.
fn held(since: &str) -> HashSet<&str> {
    (0..since.len() / DIGEST).filter_map(|n| since.get(n * DIGEST..(n + 1) * DIGEST)).collect()
}

pub(super) fn pack(ctx: &Ctx) -> Result<Reply> {
    let programme: Id = ctx.query.parse("programme").ok_or(Error::NotFound)?;
    let territories: Vec<String> = ctx.query.all("territory").map(str::to_owned).collect();
    let all = ctx.read(|db| leaves::of(ctx, db, programme, &territories))?;
    if let Some(phone) = ctx.query.parse::<Id>("device") {
        ctx.write(|tx| device::seen(tx, &ctx.viewer, phone))?;
    }
    let held = held(ctx.query.get("since").unwrap_or_default());
    let mut pack = Pack { at: kernel::now(), all: String::new(), leaves: Vec::new(), more: 0 };
    let mut bytes = 0;
    for (key, leaf) in all {
        let text = serde_json::to_string(&leaf)?;
        let digest = digest(&key, &text);
        pack.all.push_str(&digest);
        if held.contains(digest.as_str()) {
            continue;
        }
        if pack.more > 0 || (bytes > 0 && bytes + text.len() > PAGE) {
            pack.more += 1;
            continue;
        }
        bytes += text.len();
        pack.leaves.push((key, digest, leaf));
    }
    ctx.data(&pack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_names_what_it_holds_by_digests() {
        let (one, other) = (digest("c1", "{}"), digest("c2", "{}"));
        assert_ne!(one, other);
        assert_eq!(one.len(), DIGEST);
        let since = format!("{one}{other}abc");
        assert_eq!(held(&since), HashSet::from([one.as_str(), other.as_str()]));
        assert!(held("").is_empty());
    }
}
