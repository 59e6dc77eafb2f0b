//! Who asks, and how every answer to such a program is dressed.

use coaching::InstrumentStatus;
use kernel::{Ctx, Db, Error, Id, Reply, Result, Standing, Viewer};
use programmes::Programme;

use super::offered::Offered;
use super::xml::Xml;
use super::{diagnosis, forms, key};
use crate::central;

/// The media type of the protocol.
pub(crate) const XML: &str = "text/xml; charset=utf-8";
/// Most bytes of a submission, its files included.
pub(super) const MOST: usize = 20 << 20;

/// Who asks, of which programme.
pub(crate) struct Asked {
    pub(crate) account: Id,
    pub(crate) viewer: Viewer,
    pub(crate) programme: Programme,
    /// True for whoever works on the files of the programme.
    works: bool,
    /// True for whoever takes its roll-calls.
    takes: bool,
}

/// Who asks: the holder of a key, with the rights of now, who works in the programme.
pub(crate) fn asked(ctx: &Ctx) -> Result<Asked> {
    holder(ctx)?.at_work()
}

/// The holder of the key in the address, or of the one that is shown with the request, whatever rights are left: what
/// was done before they ended is taken all the same, and waits for a manager.
pub(crate) fn holder(ctx: &Ctx) -> Result<Asked> {
    let holder = match ctx.param("token") {
        Ok(token) => {
            let programme = ctx.id("programme")?;
            let found = ctx.read(|db| key::holder(db, token))?;
            found.filter(|holder| holder.programme == programme).ok_or(Error::SignIn)?
        }
        Err(_) => central::who::of_project(ctx)?,
    };
    of(ctx, &holder)
}

/// Who holds this key, with the rights of now.
pub(crate) fn of(ctx: &Ctx, holder: &key::Holder) -> Result<Asked> {
    key::used(&ctx.app, holder)?;
    let programme = holder.programme;
    ctx.read(|db| {
        let viewer = people::viewer(db, holder.account)?;
        if !viewer.signed_in() {
            return Err(Error::SignIn);
        }
        let works = viewer.standing(db, programme)? >= Some(Standing::File);
        let takes = training::takes_roll_calls(db, &viewer, programme)?;
        let programme = kernel::record::get::<Programme>(db, programme)?;
        Ok(Asked { account: holder.account, viewer, programme, works, takes })
    })
}

impl Asked {
    /// Refuses whoever does not work in the programme now.
    pub(crate) fn at_work(self) -> Result<Asked> {
        if self.works || self.takes { Ok(self) } else { Err(Error::Forbidden) }
    }

    /// The forms that this account is offered.
    pub(crate) fn offered(&self, ctx: &Ctx, db: &mut Db) -> Result<Vec<Offered>> {
        let mut sheets = Vec::new();
        if self.works {
            sheets.extend([forms::visit(ctx.w), forms::cooperative(ctx.w)]);
        }
        if self.takes {
            sheets.push(forms::roll_call(ctx.w));
        }
        if self.works {
            for line in coaching::instrument::list(db, &self.viewer)? {
                if line.status == InstrumentStatus::Published && line.items > 0 {
                    let edition = coaching::instrument::edition(db, line.id)?;
                    sheets.push(diagnosis::diagnosis(ctx.w, &edition));
                }
            }
        }
        let mut offered = sheets.iter().map(Offered::of).collect::<Result<Vec<_>>>()?;
        if self.works {
            offered.extend(Offered::surveys(db, self.programme.id)?);
        }
        Ok(offered)
    }

    /// The form of this id, if it is offered.
    pub(crate) fn form(&self, ctx: &Ctx, db: &mut Db, id: &str) -> Result<Offered> {
        self.offered(ctx, db)?.into_iter().find(|form| form.id == id).ok_or(Error::NotFound)
    }
}

/// A whole address below the one that was asked: with the key in it, or without.
pub(super) fn link(ctx: &Ctx, rest: &str) -> Result<String> {
    let key = ctx.param("token").map(|token| format!("/key/{token}")).unwrap_or_default();
    Ok(ctx.link(&format!("/v1{key}/projects/{}{rest}", ctx.param("programme")?)))
}

/// The sentence of an answer to a submission.
pub(super) fn told(ctx: &Ctx, status: u16, word: &str) -> Result<Reply> {
    let mut xml = Xml::new()?;
    xml.open("OpenRosaResponse", &[("xmlns", "http://openrosa.org/http/response")])?;
    xml.text("message", &[], &ctx.w.t(word))?;
    xml.close("OpenRosaResponse")?;
    Ok(Reply::Body { status, media: XML, body: xml.done()?.into_bytes() })
}

/// Answers in the manner of the protocol, refusals too: a program follows no way to a page where one signs in.
pub(super) fn dress(ctx: &Ctx, answer: impl FnOnce(&Ctx) -> Result<Reply>) -> Result<Reply> {
    // Nobody sends, as the form of a page, what brings forms in.
    let answered = if ctx.command.is_some() { Err(Error::NotFound) } else { answer(ctx) };
    let reply = match answered {
        Ok(reply) => reply,
        Err(Error::SignIn) if ctx.param("token").is_ok() => told(ctx, 401, "field.collect.no_key")?,
        Err(Error::SignIn) => central::who::asks_for(told(ctx, 401, "field.central.wrong")?),
        Err(Error::Forbidden) => told(ctx, 403, "error.text.403")?,
        Err(Error::NotFound) => told(ctx, 404, "error.text.404")?,
        Err(Error::TooLarge) => told(ctx, 413, "error.text.413")?,
        Err(Error::Refused(wrong)) => told(ctx, 400, &wrong.key)?,
        Err(error) => return Err(error),
    };
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&jiff::Timestamp::now())
        .map_err(Error::internal)?;
    Ok(reply.with_header("x-openrosa-version", "1.0").with_header("date", date))
}
