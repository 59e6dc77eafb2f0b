//! What a person decides about the rows that look like something known: another one, the same, or leave it out.

use kernel::{Ctx, Error, Reply, Result, Tx, sql};

use super::rows::{self, Kept, Likeness};
use super::{Import, Step, Subject, open};

/// `POST /imports/{import}/decisions`: `row.12=new`, `row.13=skip`, `row.14=same:ID`, or `all=…` for every row that
/// nobody decided yet; `list` says in which state these rows are.
pub(crate) fn decide<S: Subject>(ctx: &Ctx) -> Result<Reply> {
    let asked = ctx.form.text("list").unwrap_or("maybe");
    let Some((state, allowed)) = S::DECISIONS.iter().find(|(state, _)| *state == asked) else {
        return Err(Error::refused("error.form"));
    };
    let import = ctx.write(|tx| {
        let import = open::<S>(ctx, tx)?;
        if !matches!(import.step, Step::Checked | Step::Applied) {
            return Err(Error::refused("registry.import.not_now"));
        }
        match ctx.form.text("all") {
            Some(all) => {
                let open = sql(" and decision is null and state = ?").bind(*state);
                for row in rows::read(tx, import.id, open)? {
                    save(tx, &import, &row, (state, allowed), all)?;
                }
            }
            None => one_by_one(ctx, tx, &import, (state, allowed))?,
        }
        Ok(import)
    })?;
    let after = ctx
        .form
        .text("after")
        .map(|after| format!("&after={}", kernel::fields::encode(after)))
        .unwrap_or_default();
    ctx.done(&format!("{}?list={state}{after}", import.path::<S>()), "import_decided")
}

fn one_by_one(ctx: &Ctx, tx: &mut Tx<'_>, import: &Import, decisions: (&str, &[&str])) -> Result<()> {
    let decided = ctx
        .form
        .0
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("row.")?.parse::<i64>().ok()?, text)));
    let decided: Vec<(i64, &String)> = decided.collect();
    let numbers: Vec<i64> = decided.iter().map(|(number, _)| *number).collect();
    for chunk in numbers.chunks(500) {
        let tail = sql(" and state = ? and number").bind(decisions.0).within(chunk);
        for row in rows::read(tx, import.id, tail)? {
            if let Some((_, text)) = decided.iter().find(|(number, _)| *number == row.number) {
                save(tx, import, &row, decisions, text)?;
            }
        }
    }
    Ok(())
}

/// `same` alone means the likeliest candidate. What a row in another state than doubtful is about stays as it is.
fn save(
    tx: &mut Tx<'_>,
    import: &Import,
    row: &Kept,
    (state, allowed): (&str, &[&str]),
    text: &str,
) -> Result<()> {
    let (decision, named) = text.split_once(':').unwrap_or((text, ""));
    if !decision.is_empty() && !allowed.contains(&decision) {
        return Err(Error::refused("error.form"));
    }
    let mut known = row.candidates.iter().map(Likeness::target);
    let target = match (decision, named) {
        ("same", "") => known.next(),
        ("same", named) => {
            Some(known.find(|target| target == named).ok_or_else(|| Error::refused("error.reference"))?)
        }
        _ if state == "maybe" => None,
        _ => row.target.clone(),
    };
    let update = sql("update import_row set decision = ?, target = ? where import = ? and number = ?")
        .bind(Some(decision).filter(|decision| !decision.is_empty()))
        .bind(target)
        .bind(import.id)
        .bind(row.number);
    tx.run(&update.open("a row of one import")).map(drop)
}
