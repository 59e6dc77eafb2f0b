//! What a person decides about the rows that look like something known: another one, the same, or leave it out.

use kernel::{Ctx, Error, Reply, Result, Tx, sql};

use super::rows::{self, Kept};
use super::{Import, Step, open};

/// `POST /imports/{import}/decisions`: `row.12=new`, `row.13=skip`, `row.14=same:ID`, or `all=…` for every row that
/// nobody decided yet.
pub(crate) fn decide(ctx: &Ctx) -> Result<Reply> {
    let import = ctx.write(|tx| {
        let import = open(ctx, tx)?;
        if !matches!(import.step, Step::Checked | Step::Applied) {
            return Err(Error::refused("registry.import.not_now"));
        }
        match ctx.form.text("all") {
            Some(all) => {
                for row in rows::read(tx, import.id, sql(" and state = 'maybe' and decision is null"))? {
                    save(tx, &import, &row, all)?;
                }
            }
            None => one_by_one(ctx, tx, &import)?,
        }
        Ok(import)
    })?;
    let after = ctx
        .form
        .text("after")
        .map(|after| format!("&after={}", kernel::fields::encode(after)))
        .unwrap_or_default();
    ctx.done(&format!("/imports/{}?list=maybe{after}", import.id), "import_decided")
}

fn one_by_one(ctx: &Ctx, tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    let decided = ctx
        .form
        .0
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("row.")?.parse::<i64>().ok()?, text)));
    let decided: Vec<(i64, &String)> = decided.collect();
    let numbers: Vec<i64> = decided.iter().map(|(number, _)| *number).collect();
    for chunk in numbers.chunks(500) {
        let tail = sql(" and state = 'maybe' and number").within(chunk);
        for row in rows::read(tx, import.id, tail)? {
            if let Some((_, text)) = decided.iter().find(|(number, _)| *number == row.number) {
                save(tx, import, &row, text)?;
            }
        }
    }
    Ok(())
}

/// `same` alone means the likeliest candidate.
fn save(tx: &mut Tx<'_>, import: &Import, row: &Kept, text: &str) -> Result<()> {
    let (decision, target) = match text.split_once(':').unwrap_or((text, "")) {
        ("new", _) => (Some("new"), None),
        ("skip", _) => (Some("skip"), None),
        ("same", "") => (Some("same"), row.candidates.first().map(super::rows::Likeness::target)),
        ("same", named) => {
            let known =
                row.candidates.iter().map(super::rows::Likeness::target).find(|target| target == named);
            (Some("same"), Some(known.ok_or_else(|| Error::refused("error.reference"))?))
        }
        ("", _) => (None, None),
        _ => return Err(Error::refused("error.form")),
    };
    let update = sql("update import_row set decision = ?, target = ? where import = ? and number = ?");
    let update = update.bind(decision).bind(target).bind(import.id).bind(row.number);
    tx.run(&update.open("a row of one import")).map(drop)
}
