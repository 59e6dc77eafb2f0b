//! What was sent to telephones: the results of the first call, told by SMS or by letter, and a few codes. All of it was
//! sent in the story only; a demonstration never sends.

use kernel::{Id, Result, Tx, sql};
use programmes::selection::notice::{Way, language, message};
use programmes::selection::{Notice, application, ranking};

use super::selection::DECIDED;
use super::{ago, cooperatives, id, put};

pub(super) fn tell(tx: &mut Tx<'_>) -> Result<()> {
    let call = id("call 1");
    let decisions = ranking::decisions(tx, call)?;
    for application in application::sent(tx, call)? {
        let Some(decision) = decisions.iter().find(|decision| decision.application.id == application.id)
        else {
            continue;
        };
        let n = application.number.unwrap_or(0);
        // A few are not told yet, and a few were told by letter alone.
        let ways: &[Way] = match n % 10 {
            3 => &[],
            7 => &[Way::Letter],
            _ if n % 4 == 0 => &[Way::Sms, Way::Letter],
            _ => &[Way::Sms],
        };
        for way in ways {
            let notice = Notice {
                id: Id::named(&format!("{} told by {way:?}", application.id)),
                version: 1,
                programme: decision.programme,
                call: call.into(),
                application: application.id.into(),
                account: Some(id("account manager").into()),
                way: *way,
                outcome: decision.outcome,
                told: ago(DECIDED - 2),
            };
            put(tx, &notice, DECIDED - 2)?;
            if *way == Way::Sms {
                let (state, reason, status) = match n {
                    11 => ("failed", Some("refused"), Some(400)),
                    26 => ("passed", None, None),
                    _ => ("sent", None, None),
                };
                let phone = application.phone.as_ref().map(|phone| phone.0.clone()).unwrap_or_default();
                let line = Line {
                    id: message(notice.id),
                    kind: "result",
                    about: call,
                    name: application.name.best(kernel::Lang::Fr).to_owned(),
                    phone,
                    lang: language(&application).code(),
                    days: DECIDED - 2,
                };
                write(tx, &line, state, reason, status)?;
            }
        }
    }
    for (n, days) in [(0, 160), (3, 41), (5, 3)] {
        let about = id(&cooperatives::key(n));
        let line = Line {
            id: id(&format!("code {n}")),
            kind: "code",
            about,
            name: format!("{} (fictive)", cooperatives::ALL[n].fr),
            phone: format!("+2126000{:05}", 90 + n),
            lang: "ar",
            days,
        };
        write(tx, &line, "sent", None, None)?;
    }
    Ok(())
}

struct Line {
    id: Id,
    kind: &'static str,
    about: Id,
    name: String,
    phone: String,
    lang: &'static str,
    days: i64,
}

fn write(tx: &mut Tx<'_>, line: &Line, state: &str, reason: Option<&str>, status: Option<i64>) -> Result<()> {
    let at = kernel::now() - line.days * 86_400_000;
    let insert = sql(
        "insert into message (id, kind, about, name, phone, lang, secret, state, reason, status, tries, account, at, tried, changed)
         values (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 1, ?, ?, ?, ?) on conflict (id) do nothing",
    );
    let insert = insert.bind(line.id).bind(line.kind).bind(line.about).bind(&line.name).bind(&line.phone);
    let insert = insert.bind(line.lang).bind(state).bind(reason).bind(status).bind(id("account manager"));
    if tx.run(&insert.bind(at).bind(at + 4_000).bind(at + 5_000))? > 0 {
        tx.dated = Some(at);
        tx.fact(&format!("people.message.{state}"), line.id, line.about, serde_json::Map::new())?;
    }
    Ok(())
}
