//! `/field/choices`: what somebody may take along: their programmes, and the provinces in which those work.

use kernel::{Ctx, Id, Reply, Result, Standing};
use schemars::JsonSchema;
use serde::Serialize;

/// A province to choose.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Place {
    code: String,
    name: String,
    /// Cooperatives that would be taken along.
    cooperatives: usize,
}

/// A programme to choose.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Programme {
    id: Id,
    name: String,
    places: Vec<Place>,
}

/// What can be taken along, and by whom.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Choices {
    account: Option<Id>,
    name: String,
    programmes: Vec<Programme>,
}

pub(super) fn choices(ctx: &Ctx) -> Result<Reply> {
    let lang = ctx.w.lang;
    let programmes = ctx.read(|db| {
        let mut found = Vec::new();
        for line in programmes::programme::list(db, &ctx.viewer)? {
            let works = ctx.viewer.standing(db, line.id)? >= Some(Standing::File)
                || ctx.viewer.holds(&["trainer"], &programmes::programme::scope(line.id));
            if !works {
                continue;
            }
            let places = programmes::provinces(db, &ctx.viewer, line.id)?.into_iter().map(|province| Place {
                name: kernel::territory::name(&province.code, lang),
                code: province.code,
                cooperatives: province.cooperatives,
            });
            found.push(Programme {
                id: line.id,
                name: line.name.best(lang).to_owned(),
                places: places.collect(),
            });
        }
        Ok(found)
    })?;
    ctx.data(&Choices { account: ctx.viewer.account, name: ctx.viewer.name.clone(), programmes })
}
