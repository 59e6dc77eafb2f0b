//! A questionnaire of a programme's own that was filled in, as the forms of pages.

use survey::{ANSWER, CHANGED, Collected};

use super::work::{Form, Work, change, pair};

/// The path of a question without which entry of a repeat it is.
fn question(path: &str) -> String {
    let parts = path.split('/').map(|part| part.split_once('[').map_or(part, |(name, _)| name));
    parts.collect::<Vec<_>>().join("/")
}

/// Every answer goes to the survey; what the form saves to its cooperative goes there.
pub(super) fn answered(work: &mut Work<'_>, survey: &Collected) {
    let filled = work.filled;
    let (mut form, mut files) =
        (vec![pair("id", work.id("answer")), pair("edition", survey.edition())], Vec::new());
    for (path, text) in &filled.answers {
        let field = format!("{ANSWER}{path}");
        if survey.media().contains(&question(path)) {
            files.extend(work.file(path, &field));
        }
        form.push((field, text.clone()));
    }
    work.put("answer", format!("/surveys/{}/answers", survey.survey), form, files, vec![]);
    let Some(entity) = filled.entity.clone().filter(|_| filled.updates) else { return };
    let saved = survey.saves().iter().filter(|(_, property)| CHANGED.contains(&property.as_str()));
    let changed: Form =
        saved.filter_map(|(path, property)| Some(pair(property, filled.get(path)?))).collect();
    if let (Ok(organisation), false) = (entity.id.parse(), changed.is_empty()) {
        change(work, &entity, organisation, changed);
    }
}
