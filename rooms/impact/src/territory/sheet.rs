//! The key indicators of a place as a spreadsheet.

use kernel::table::{self as sheets, Format};
use kernel::{Ctx, Error, Reply, Result};
use sheet::Out;

use super::{asked, columns, division, told};
use crate::figure::Figure;
use crate::unit;

/// Every key indicator by the divisions of the place and by sex, as a spreadsheet.
pub(super) fn download(ctx: &Ctx) -> Result<Reply> {
    let format = Format::from_code(ctx.param("format")?).ok_or(Error::NotFound)?;
    let w = ctx.w;
    let lines = ctx.read(|db| {
        let (code, asked) = asked(ctx, db)?;
        let by = division(ctx, code.as_deref())?;
        let mut lines = Vec::new();
        for indicator in columns("", by)? {
            let table = told(ctx, db, &asked, indicator, by)?;
            for (row, label) in &table.rows {
                let mut add = |sex: &str, figure: &Figure| {
                    let code = row.clone().unwrap_or_default();
                    lines.push((indicator, code, label.clone(), sex.to_owned(), figure.clone()));
                };
                if let Some(figure) = table.row_totals.get(row) {
                    add(&w.t("impact.total"), figure);
                }
                for (column, sex) in &table.columns {
                    if let Some(figure) = table.cells.get(&(row.clone(), column.clone())) {
                        add(sex, figure);
                    }
                }
            }
        }
        Ok(lines)
    })?;
    let names =
        ["impact.indicator", "territory.code", "map.division", "impact.cut.sex", "impact.value", "impact.n"];
    let header = names.iter().map(|key| w.t(key).into_owned()).collect();
    Ok(sheets::export(format, "territories", w.lang, header, move |_, rows| {
        for (indicator, code, label, sex, figure) in &lines {
            let name = indicator.name.best(w.lang);
            let said = unit::figure(w, indicator, figure);
            let n = if figure.hidden { Out::Empty } else { Out::Int(figure.n) };
            let value = unit::cell(indicator, figure, &said);
            rows(&[Out::Text(name), Out::Text(code), Out::Text(label), Out::Text(sex), value, n])?;
        }
        Ok(())
    }))
}
