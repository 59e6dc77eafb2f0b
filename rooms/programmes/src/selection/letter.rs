//! The letter that tells an applicant what was decided, each in the applicant's language; one by one or all in one file.

use kernel::kinds::Choice;
use kernel::room::{Route, get, post};
use kernel::{Ctx, Id, Json, Paper, Reply, Result, Words};
use serde_json::json;

use super::application::Application;
use super::call::{self, Call};
use super::notice::{self, Way};
use super::notices::{chosen, decided};
use super::ranking::{Decision, Outcome};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/calls/{call}/letters", write),
        get("/calls/{call}/letters/pdf", print).query(&["application"]),
    ]
}

/// Writes down that the letters are printed, then shows them.
fn write(ctx: &Ctx) -> Result<Reply> {
    let one: Option<Id> = ctx.form.parse("application");
    let id = ctx.write(|tx| {
        let call = decided(ctx, tx)?;
        call::hold(tx, call.id)?;
        let notices = notice::last(tx, call.id)?;
        for (application, decision) in chosen(tx, call.id, one)? {
            let there = notices.get(&(application.id, Way::Letter.code()));
            notice::write(tx, there, &call, &decision, Way::Letter)?;
        }
        Ok(call.id)
    })?;
    let one = one.map(|one| format!("?application={one}")).unwrap_or_default();
    ctx.done(&format!("/calls/{id}/letters/pdf{one}"), "")
}

fn print(ctx: &Ctx) -> Result<Reply> {
    let one: Option<Id> = ctx.query.parse("application");
    let (call, programme, letters) = ctx.read(|db| {
        let call = decided(ctx, db)?;
        let programme = kernel::record::get::<crate::Programme>(db, call.programme.id)?;
        let letters = chosen(db, call.id, one)?;
        Ok((call, programme.name, letters))
    })?;
    let told = |(application, decision): &(Application, Decision)| {
        let w = ctx.w.speak(notice::language(application));
        letter(w, &call, programme.best(w.lang), application, decision)
    };
    let lang = match (one, letters.first()) {
        (Some(_), Some((application, _))) => notice::language(application),
        _ => ctx.w.lang,
    };
    let paper = Paper {
        template: include_str!("../../templates/letter.typ"),
        title: ctx.w.speak(lang).t("letter.title").into_owned(),
        lang,
        data: json!({ "letters": letters.iter().map(told).collect::<Vec<_>>() }),
        pictures: Vec::new(),
    };
    let number = letters.first().filter(|_| one.is_some()).and_then(|(application, _)| application.number);
    let number = number.map(|n| format!("-{n:03}")).unwrap_or_default();
    ctx.paper(&paper, &format!("{}{number}.pdf", ctx.w.t("letter.file")))
}

/// What one letter says.
fn letter(w: Words, call: &Call, programme: &str, application: &Application, decision: &Decision) -> Json {
    let outcome = decision.outcome.code();
    let number = format!("{:03}", application.number.unwrap_or(0));
    let mut says = vec![w.t(&format!("letter.says.{outcome}")).into_owned()];
    if decision.outcome == Outcome::Reserve {
        says.push(w.with("letter.position", "n", &w.num(decision.position)));
    }
    says.push(w.t(&format!("letter.next.{outcome}")).into_owned());
    json!({
        "lang": w.lang.code(),
        "heading": w.t("letter.title"),
        "name": application.name.best(w.lang),
        "contact": application.contact,
        "place": w.place(&application.place.division),
        "hello": w.t("letter.hello"),
        "outcome": w.choice(&decision.outcome),
        "good": decision.outcome == Outcome::Selected,
        "says": says,
        "facts": [
            [w.t("letter.programme"), programme],
            [w.t("letter.call"), call.title.best(w.lang)],
            [w.t("minutes.number"), number],
            [w.t("letter.decided"), w.long_date(&decision.decided)],
            [w.t("mark.score_short"), decision.score.map(|score| w.decimal(score, 1))],
            [w.t("call_decision.reason"), decision.reason.as_ref().map(|reason| reason.0.clone())],
        ],
        "regards": w.t("letter.regards"),
        "signs": w.t("letter.signs"),
    })
}
