//! The people trained as a spreadsheet: whoever may read the list takes it away.

use kernel::table::{self, Format};
use kernel::{Ctx, Error, Reply, Result};
use sheet::Out;

use super::programme::scope;
use crate::figures::{self, NOT_STATED, Trained};
use crate::hand::{self, Hand};

pub(super) fn export(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let programme = ctx.id("programme")?;
    ctx.read(|db| hand::on(ctx, db, programme, Hand::Takes))?;
    let (w, scope, query) = (ctx.w, scope(ctx, programme), ctx.query.clone());
    let names = [
        "trained.id",
        "person.name",
        "cut.organisation",
        "cut.role",
        "cut.sex",
        "person.birth_year",
        "cut.age",
        "cut.first",
        "figures.participations",
        "trained.minutes",
    ];
    let header = names.iter().map(|key| w.t(key).into_owned()).collect();
    Ok(table::export(format, &w.t("trained.export"), w.lang, header, move |db, rows| {
        let mut people = figures::trained(db, &scope)?;
        figures::narrow(&mut people, &query);
        for line in &people {
            let texts = texts(w, line);
            let [id, name, organisation, role, sex, age, first] = texts.each_ref().map(|text| text.as_str());
            rows(&[
                Out::Text(id),
                Out::Text(name),
                Out::Text(organisation),
                Out::Text(role),
                Out::Text(sex),
                line.birth_year.map_or(Out::Empty, Out::Int),
                Out::Text(age),
                Out::Text(first),
                Out::Int(line.participations),
                Out::Int(line.minutes),
            ])?;
        }
        Ok(())
    }))
}

fn texts(w: kernel::Words, line: &Trained) -> [String; 7] {
    let stated = |text: Option<String>| text.unwrap_or_else(|| w.t("not_stated").into_owned());
    [
        line.person.to_string(),
        line.name.best(w.lang).to_owned(),
        stated(line.organisation_name.as_ref().map(|name| name.best(w.lang).to_owned())),
        stated(line.role.map(|role| w.choice(&role))),
        stated(line.sex.as_ref().map(|sex| w.t2("person.sex", sex))),
        stated((line.age != NOT_STATED).then(|| w.t2("age", line.age))),
        w.t(if line.first { "yes" } else { "no" }).into_owned(),
    ]
}
