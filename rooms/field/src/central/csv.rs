//! `…/submissions.csv`: the submissions of a form as one table, without what is repeated in them.

use std::io::Write;

use kernel::{App, Ctx, Db, Error, Json, Reply, Result};
use sheet::{CsvStyle, CsvWriter, Out};

use super::answer::{instant, speak};
use super::shape::{self, Part, Shape, What};
use super::submissions::{Kept, Wanted};
use super::value::{self, Manner, Row};
use super::{forms, number, odata, who};

/// The columns after the answers.
const KNOWN: [&str; 10] = [
    "KEY",
    "SubmitterID",
    "SubmitterName",
    "AttachmentsPresent",
    "AttachmentsExpected",
    "Status",
    "ReviewState",
    "DeviceID",
    "Edits",
    "FormVersion",
];

fn header(parts: &[Part], before: &str, names: &mut Vec<String>) {
    for part in parts {
        let name = format!("{before}{}", part.element);
        match &part.what {
            What::Answer(_) => names.push(name),
            What::Group(inner) => header(inner, &format!("{name}-"), names),
            What::Repeat(_) => {}
        }
    }
}

fn answers(parts: &[Part], row: &Row, cells: &mut Vec<String>) {
    for part in parts {
        match (&part.what, row.get(&part.name)) {
            (What::Answer(_), Some(Json::String(text))) => cells.push(text.clone()),
            (What::Answer(_), None | Some(Json::Null)) => cells.push(String::new()),
            (What::Answer(_), Some(other)) => cells.push(other.to_string()),
            (What::Group(inner), Some(Json::Object(row))) => answers(inner, row, cells),
            _ => {}
        }
    }
}

fn line(app: &App, db: &mut Db, shape: &Shape, kept: &Kept) -> Result<Vec<String>> {
    let sent = value::parse(&kept.body)?;
    let manner = Manner { submission: kept.id, address: None, whole: false };
    let row = value::columns(&shape.parts, Some(sent.root_element()), &kept.instance, &manner);
    let files = value::files(&shape.parts, sent.root_element());
    let present = odata::present(app, db, kept.id, &files)?.into_iter().filter(|there| *there).count();
    let mut cells = vec![instant(kept.received)?];
    answers(&shape.parts, &row, &mut cells);
    cells.extend([
        kept.instance.clone(),
        number::of_account(kept.account).to_string(),
        kept.submitter.clone(),
        present.to_string(),
        files.len().to_string(),
        String::new(),
        String::new(),
        kept.device.clone().unwrap_or_default(),
        "0".into(),
        kept.version.clone(),
    ]);
    Ok(cells)
}

/// `GET …/submissions.csv`. No cell runs as a formula where it is opened.
pub(super) fn all(ctx: &Ctx) -> Result<Reply> {
    speak(ctx, |ctx| {
        let asked = who::asked(ctx)?;
        let form = forms::find(ctx, &asked, ctx.param("form")?)?;
        let (shape, wanted) = (shape::read(&form.xml)?, Wanted::of(&asked, &form.id, None));
        let produce = move |app: &App, out: &mut (dyn Write + Send)| {
            let mut names = vec!["SubmissionDate".to_owned()];
            header(&shape.parts, "", &mut names);
            let names: Vec<&str> = names.iter().map(String::as_str).chain(KNOWN).collect();
            let mut table = CsvWriter::new(out, CsvStyle::PROGRAM, &names).map_err(Error::internal)?;
            let make = |db: &mut Db, kept: &Kept| line(app, db, &shape, kept);
            wanted.each(app, None, 0, make, |_, cells| {
                let cells: Vec<Out<'_>> = cells.iter().map(|cell| Out::Text(cell)).collect();
                table.row(&cells).map_err(Error::internal)?;
                Ok(true)
            })?;
            table.finish().map(|_| ()).map_err(Error::internal)
        };
        let (media, name) = ("text/csv; charset=utf-8".to_owned(), format!("{}.csv", form.id));
        Ok(Reply::Download { media, name, inline: false, produce: Box::new(produce) })
    })
}
