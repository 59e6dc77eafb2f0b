//! A correction that somebody asks for: what is wrong in the file, and what was done about it.

use kernel::kinds::{Long, Multi, Ref};
use kernel::room::{Route, Task, post};
use kernel::{Ctx, Db, Error, Id, Reply, Result, Standing, choice, record, sql};
use people::Account;

use crate::{Organisation, TEAM};

choice! {
    /// What a correction is about.
    pub Part in "correction.part" {
        Identity = "identity", Contact = "contact", Members = "members", Documents = "documents", Support = "support",
        Diagnosis = "diagnosis", Training = "training", Other = "other",
    }
}

choice! {
    /// What became of a correction.
    pub CorrectionStatus in "correction.status" { Open = "open", Done = "done", Declined = "declined" }
}

record! {
    /// A correction that somebody asks for.
    pub Correction in "correction" as "registry.correction", about organisation {
        main(File, File) { organisation: Ref<Organisation>, part: Part, text: Long }
        outcome(File, File) { account: Option<Ref<Account>>, status: CorrectionStatus, answer: Option<Long> }
    }
}

/// A correction with who asked.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Line {
    /// Id.
    pub id: Id,
    /// What it is about.
    pub part: Part,
    /// What is wrong.
    pub text: String,
    /// Who asked.
    pub who: Option<String>,
    /// What became of it.
    pub status: CorrectionStatus,
    /// The answer.
    pub answer: Option<String>,
}

/// The corrections of an organisation, the open ones first.
pub(crate) fn of(db: &mut Db, organisation: Id) -> Result<Vec<Line>> {
    let query = sql("select c.id, c.part, c.text, a.name, c.status, c.answer from correction c left join account a on a.id = c.account
                     where c.organisation = ? order by case c.status when 'open' then 0 else 1 end, c.id desc limit 10")
        .bind(organisation)
        .open("the caller checked the standing at the organisation");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            part: row.take()?,
            text: row.take()?,
            who: row.take()?,
            status: row.take()?,
            answer: row.take()?,
        })
    })
}

pub(crate) fn routes() -> Vec<Route> {
    vec![post("/corrections/{correction}/answer", answer).role(TEAM)]
}

/// The team says what became of it.
fn answer(ctx: &Ctx) -> Result<Reply> {
    let organisation = ctx.write(|tx| {
        let correction = kernel::record::get::<Correction>(tx, ctx.id("correction")?)?;
        let standing = ctx.standing(tx, correction.organisation.id, Standing::File)?;
        let status = ctx.form.text("status").unwrap_or_default();
        if status == "declined" && ctx.form.text("answer").is_none() {
            return Err(Error::refused("correction.why"));
        }
        let mut form = kernel::Fields::of([("status", status)]);
        form.push("answer", ctx.form.text("answer").unwrap_or_default());
        kernel::record::change::<Correction>(tx, correction.id, correction.version, &form, standing)?;
        Ok(correction.organisation.id)
    })?;
    ctx.done(&format!("/organisations/{organisation}#corrections"), "saved")
}

/// Corrections that wait for the team.
pub(crate) fn tasks(ctx: &Ctx, db: &mut Db) -> Result<Vec<Task>> {
    if !ctx.viewer.has_role(TEAM) {
        return Ok(Vec::new());
    }
    let query =
        sql("select c.part, o.id, o.name from correction c join organisation o on o.id = c.organisation
                     where c.status = 'open' and")
        .seen_near(&ctx.viewer, "c.organisation", Standing::File)
        .and(" order by c.id limit 5");
    db.rows(&query, |row| {
        let (part, id, name): (Part, Id, Multi) = (row.take()?, row.take()?, row.take()?);
        Ok(Task {
            tone: "wait",
            text: ctx.w.with("task.correction", "part", &ctx.w.choice(&part)),
            detail: name.best(ctx.w.lang).to_owned(),
            path: format!("/organisations/{id}#corrections"),
        })
    })
}
