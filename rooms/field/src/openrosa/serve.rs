//! What programs like ODK Collect ask: which forms there are, the forms, the lists beside them.

use kernel::{Ctx, Reply, Result};

use super::door::{self, XML, dress};
use super::lists;
use super::xform::md5;
use super::xml::Xml;

fn document(xml: Xml) -> Result<Reply> {
    Ok(Reply::Body { status: 200, media: XML, body: xml.done()?.into_bytes() })
}

/// `GET …/formList`.
pub(crate) fn form_list(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        let asked = door::asked(ctx)?;
        let forms = ctx.read(|db| asked.offered(ctx, db))?;
        let wanted = ctx.query.text("formID");
        let mut xml = Xml::new()?;
        xml.open("xforms", &[("xmlns", "http://openrosa.org/xforms/xformsList")])?;
        for form in forms.iter().filter(|form| wanted.is_none_or(|id| id == form.id)) {
            let at = door::link(ctx, &format!("/forms/{}", form.id))?;
            xml.open("xform", &[])?;
            xml.text("formID", &[], &form.id)?;
            xml.text("name", &[], &form.title)?;
            xml.text("version", &[], &form.version)?;
            xml.text("hash", &[], &format!("md5:{}", md5(&form.xml)))?;
            xml.text("downloadUrl", &[], &format!("{at}/form"))?;
            xml.text("manifestUrl", &[], &format!("{at}/manifest"))?;
            xml.close("xform")?;
        }
        xml.close("xforms")?;
        document(xml)
    })
}

/// `GET …/forms/{form}/form`.
pub(crate) fn form(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        let asked = door::asked(ctx)?;
        let form = ctx.read(|db| asked.form(ctx, db, ctx.param("form")?))?;
        Ok(Reply::Body { status: 200, media: XML, body: form.xml.into_bytes() })
    })
}

/// `GET …/forms/{form}/manifest`.
pub(crate) fn manifest(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        let asked = door::asked(ctx)?;
        let mut xml = Xml::new()?;
        xml.open("manifest", &[("xmlns", "http://openrosa.org/xforms/xformsManifest")])?;
        ctx.read(|db| {
            for list in asked.form(ctx, db, ctx.param("form")?)?.lists {
                let csv = lists::read(db, &asked.viewer, asked.programme.id, &list, ctx.w)?.csv()?;
                let at = door::link(ctx, &format!("/lists/{list}"))?;
                xml.open("mediaFile", &[("type", "entityList")])?;
                xml.text("filename", &[], &format!("{list}.csv"))?;
                xml.text("hash", &[], &format!("md5:{}", md5(&csv)))?;
                xml.text("downloadUrl", &[], &at)?;
                xml.text("integrityUrl", &[], &format!("{at}/integrity"))?;
                xml.close("mediaFile")?;
            }
            Ok(())
        })?;
        xml.close("manifest")?;
        document(xml)
    })
}

/// `GET …/lists/{list}`.
pub(crate) fn list(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        let asked = door::asked(ctx)?;
        let name = ctx.param("list")?;
        let list = ctx.read(|db| lists::read(db, &asked.viewer, asked.programme.id, name, ctx.w))?;
        Ok(Reply::Body { status: 200, media: "text/csv; charset=utf-8", body: list.csv()?.into_bytes() })
    })
}

/// `GET …/lists/{list}/integrity?id=a,b`: which of these entries are there no more.
pub(crate) fn integrity(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        let asked = door::asked(ctx)?;
        let name = ctx.param("list")?;
        let list = ctx.read(|db| lists::read(db, &asked.viewer, asked.programme.id, name, ctx.w))?;
        let ids = ctx.query.get("id").unwrap_or_default();
        let mut xml = Xml::new()?;
        xml.open("data", &[])?;
        xml.open("entities", &[])?;
        for id in ids.split(',').filter(|id| !id.is_empty()).take(1_000) {
            xml.open("entity", &[("id", id)])?;
            xml.text("deleted", &[], if list.holds(id) { "false" } else { "true" })?;
            xml.close("entity")?;
        }
        xml.close("entities")?;
        xml.close("data")?;
        document(xml)
    })
}

/// `HEAD …/submission`: yes, and so many bytes.
pub(crate) fn submission_head(ctx: &Ctx) -> Result<Reply> {
    dress(ctx, |ctx| {
        door::asked(ctx)?;
        let most = door::MOST.to_string();
        Ok(Reply::Body { status: 204, media: XML, body: Vec::new() }
            .with_header("x-openrosa-accept-content-length", most))
    })
}
