//! A notice: that an applicant was told what the committee decided, how, and when.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::kinds::{Choice, Ref};
use kernel::{Ctx, Db, Id, Lang, Record, Result, Tx, choice, record, sql};
use people::{Account, Draft, MessageKind};

use super::application::{self, Application};
use super::call::Call;
use super::ranking::{Decision, Outcome};
use crate::Programme;

choice! {
    /// How somebody is told.
    pub Way in "notice.way" { Sms = "sms", Letter = "letter" }
}

record! {
    /// That an applicant was told of a decision.
    pub Notice in "notice" as "programmes.notice", about programme {
        main(File, Steward) {
            programme: Ref<Programme>, call: Ref<Call>, application: Ref<Application>, account: Option<Ref<Account>>, way: Way,
            outcome: Outcome, told: Date,
        }
    }
}

/// The last notice of each way to each applicant of a call.
pub fn last(db: &mut Db, call: Id) -> Result<HashMap<(Id, &'static str), Notice>> {
    let query = sql(&format!("select {} from notice where call = ? order by id", Notice::columns("")))
        .bind(call)
        .open("the caller checked the standing at the call");
    let all = db.rows(&query, Notice::from_row)?;
    Ok(all.into_iter().map(|notice| ((notice.application.id, notice.way.code()), notice)).collect())
}

/// The language in which an applicant is told: the one it applied in; else the one its name is written in.
pub fn language(application: &Application) -> Lang {
    let stated = application.language.and_then(|language| Lang::from_code(language.code()));
    stated.filter(|lang| *lang != Lang::Zgh).unwrap_or_else(|| {
        let (code, _) = application.name.best_with_lang(Lang::Fr);
        if code == "ar" { Lang::Ar } else { Lang::Fr }
    })
}

/// Id of the message that goes with a notice.
pub fn message(notice: Id) -> Id {
    people::message_id("result", notice, "")
}

/// Writes down that an applicant is told in this way, unless it was told the same already.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    there: Option<&Notice>,
    call: &Call,
    decision: &Decision,
    way: Way,
) -> Result<Option<Notice>> {
    if there.is_some_and(|notice| notice.outcome == decision.outcome) {
        return Ok(None);
    }
    let notice = Notice {
        id: Id::new(),
        version: 1,
        programme: call.programme,
        call: call.id.into(),
        application: decision.application,
        account: tx.actor.account.map(Into::into),
        way,
        outcome: decision.outcome,
        told: kernel::today(),
    };
    kernel::record::insert(tx, &notice)?;
    Ok(Some(notice))
}

/// Tells an applicant by SMS, with a link of its own; nothing happens if it was told the same already.
pub(crate) fn send(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    there: Option<&Notice>,
    call: &Call,
    application: &Application,
    decision: &Decision,
) -> Result<()> {
    let Some(phone) = &application.phone else { return Ok(()) };
    let Some(notice) = write(tx, there, call, decision, Way::Sms)? else { return Ok(()) };
    // The link it applied with is kept as a digest only, so the message brings another one; half a secret is as safe, and
    // shorter to pay for.
    let secret: String = people::fresh_secret()?.chars().take(32).collect();
    application::link(tx, application.id, &secret)?;
    let lang = language(application);
    let text = ctx.w.speak(lang).args(
        &format!("notice.sms.{}", decision.outcome.code()),
        &[
            ("call", call.title.best(lang).to_owned()),
            ("number", format!("{:03}", application.number.unwrap_or(0))),
            ("link", ctx.link(&format!("/apply/{secret}"))),
        ],
    );
    people::send_message(
        tx,
        &Draft {
            id: message(notice.id),
            kind: MessageKind::Result,
            about: call.id,
            name: application.name.best(ctx.w.lang).to_owned(),
            phone: phone.clone(),
            lang,
            text,
            secret: Some(people::LINK_LIFE),
        },
    )
}
