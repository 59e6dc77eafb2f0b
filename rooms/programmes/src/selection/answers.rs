//! The questions that a call adds: how they are asked, read and saved.

use kernel::html::escape;
use kernel::kinds::{Kind, Long, Raw};
use kernel::{Ctx, Error, FieldError, Fields, Html, Id, Result, Tx, Wrong};

use super::application::{self, Application, Replies, Reply};
use super::call::{CallQuestion, QuestionKind};

/// The questions of the call as inputs.
pub(super) fn ask(
    ctx: &Ctx,
    questions: &[CallQuestion],
    replies: &Replies,
    typed: &Fields,
    errors: &[FieldError],
) -> Html {
    let w = ctx.w;
    let mut out = String::new();
    for question in questions {
        let name = format!("q.{}", question.id);
        let value = typed
            .get(&name)
            .map(str::to_owned)
            .or_else(|| replies.get(&question.id).map(|reply| reply.value.0.clone()))
            .unwrap_or_default();
        let error =
            errors.iter().find(|error| error.field == name).map(|error| escape(&w.wrong(&error.wrong)));
        let needed = if question.needed {
            format!(" <span class=\"needed\">{}</span>", escape(&w.t("form.needed")))
        } else {
            String::new()
        };
        let bad = if error.is_some() { " bad" } else { "" };
        out.push_str(&format!(
            "<div class=\"field wide{bad}\" id=\"f-{name}\"><label for=\"i-{name}\">{}{needed}</label>",
            w.multi(&question.label)
        ));
        if let Some(hint) = &question.hint {
            out.push_str(&format!("<p class=\"help\">{}</p>", w.multi(hint)));
        }
        let line = |kind: &str, more: &str| {
            format!(
                "<input id=\"i-{name}\" name=\"{name}\" type=\"{kind}\" value=\"{}\"{more}>",
                escape(&value)
            )
        };
        let select = |options: Vec<(String, String)>| {
            let options: String = options
                .iter()
                .map(|(code, label)| {
                    let chosen = if *code == value { " selected" } else { "" };
                    format!("<option value=\"{code}\"{chosen}>{}</option>", escape(label))
                })
                .collect();
            let choose = escape(&w.t("form.choose"));
            format!(
                "<select id=\"i-{name}\" name=\"{name}\"><option value=\"\">{choose}</option>{options}</select>"
            )
        };
        out.push_str(&match question.kind {
            QuestionKind::Text => format!(
                "<textarea id=\"i-{name}\" name=\"{name}\" rows=\"3\" dir=\"auto\" maxlength=\"4000\">{}</textarea>",
                escape(&value)
            ),
            QuestionKind::Number => line("text", " inputmode=\"numeric\" dir=\"ltr\""),
            QuestionKind::Date => line("date", ""),
            QuestionKind::Yes => select(vec![
                ("yes".into(), w.t("yes").into_owned()),
                ("no".into(), w.t("no").into_owned()),
            ]),
            QuestionKind::Choice => select(
                question.offered(w.lang).into_iter().enumerate().map(|(i, label)| (i.to_string(), label)).collect(),
            ),
            QuestionKind::File => {
                let there = if value.is_empty() {
                    String::new()
                } else {
                    format!("<p class=\"help\">{}</p>", escape(&w.t("apply.file_there")))
                };
                format!("<input id=\"i-{name}\" name=\"{name}\" type=\"file\">{there}")
            }
        });
        if let Some(error) = error {
            out.push_str(&format!("<p class=\"error\">{error}</p>"));
        }
        out.push_str("</div>");
    }
    Html(out)
}

/// What was answered to a question, as it is kept; nothing if nothing was.
fn read(ctx: &Ctx, tx: &mut Tx<'_>, question: &CallQuestion, programme: Id) -> Result<Option<String>, Error> {
    let name = format!("q.{}", question.id);
    let wrong = |wrong: Wrong| Error::Invalid(vec![FieldError { field: name.clone(), wrong }]);
    if question.kind == QuestionKind::File {
        let Some(upload) = ctx.uploads.iter().find(|upload| upload.field == name) else { return Ok(None) };
        return Ok(Some(kernel::files::keep(&ctx.app, tx, upload, programme)?.to_string()));
    }
    typed(question, &Raw { fields: &ctx.form, name: &name }).map_err(wrong)
}

/// What was typed as the answer to a question that is no document, as it is kept.
fn typed(question: &CallQuestion, raw: &Raw<'_>) -> Result<Option<String>, Wrong> {
    Ok(match question.kind {
        QuestionKind::Number => i64::parse(raw)?.map(|n| n.to_string()),
        QuestionKind::Date => jiff::civil::Date::parse(raw)?.map(|date| date.to_string()),
        QuestionKind::Yes => match raw.text() {
            Some(text @ ("yes" | "no")) => Some(text.to_owned()),
            None => None,
            Some(_) => return Err(Wrong::new("error.yes_no")),
        },
        QuestionKind::Choice => match raw.text().map(str::parse::<usize>) {
            Some(Ok(i)) if i < question.offered(kernel::Lang::Fr).len() => Some(i.to_string()),
            None => None,
            Some(_) => return Err(Wrong::new("error.reference")),
        },
        _ => Long::parse(raw)?.map(|text| text.0),
    })
}

/// The same for what a list says in words: *oui*, or one of the answers to choose from, in any language.
pub(super) fn written(question: &CallQuestion, text: &str) -> Result<Option<String>, Wrong> {
    let said = fold::fold(text);
    let typed_as = match question.kind {
        QuestionKind::File => return Ok(None),
        QuestionKind::Yes => match said.as_str() {
            "oui" | "yes" | "نعم" => "yes".to_owned(),
            "non" | "no" | "لا" => "no".to_owned(),
            other => other.to_owned(),
        },
        QuestionKind::Choice => {
            let at = |lang| question.offered(lang).iter().position(|answer| fold::fold(answer) == said);
            kernel::Lang::ALL.into_iter().find_map(at).map_or(said, |at| at.to_string())
        }
        _ => text.to_owned(),
    };
    let fields = Fields::of([("answer", typed_as.as_str())]);
    typed(question, &Raw { fields: &fields, name: "answer" })
}

/// Saves what was answered; every refusal at once. An answer that was emptied is removed.
pub(super) fn save_replies(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    application: &Application,
    questions: &[CallQuestion],
) -> Result<()> {
    let (there, mut errors) = (application::replies(tx, application.id)?, Vec::new());
    for question in questions {
        let value = match read(ctx, tx, question, application.programme.id) {
            Ok(value) => value,
            Err(Error::Invalid(found)) => {
                errors.extend(found);
                continue;
            }
            Err(error) => return Err(error),
        };
        match (there.get(&question.id), value) {
            // A document that was sent before stays unless another one comes.
            (Some(_), None) if question.kind == QuestionKind::File => {}
            (Some(reply), None) => kernel::record::remove(tx, reply)?,
            (Some(reply), Some(value)) => {
                kernel::record::update(tx, &Reply { value: Long(value), ..reply.clone() })?;
            }
            (None, Some(value)) => {
                let reply = Reply {
                    id: Id::new(),
                    version: 1,
                    programme: application.programme,
                    application: application.id.into(),
                    question: question.id.into(),
                    value: Long(value),
                };
                kernel::record::insert(tx, &reply)?;
            }
            (None, None) => {}
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
