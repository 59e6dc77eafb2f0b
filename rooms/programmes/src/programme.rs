//! A programme: what several actors do together for cooperatives, where, from when to when.

use jiff::civil::Date;
use kernel::access::{self, PUBLIC};
use kernel::kinds::{Divisions, Many, Multi};
use kernel::{Ctx, Db, Id, Result, Standing, Tx, Viewer, choice, record, sql};

choice! {
    /// What support is about. Overlaps are sought within a theme.
    pub Theme in "theme" {
        Governance = "governance", Management = "management", Accounting = "accounting", Marketing = "marketing",
        Production = "production", Quality = "quality", Equipment = "equipment", Finance = "finance",
        Literacy = "literacy", Digital = "digital", Environment = "environment", Coaching = "coaching", Other = "other",
    }
}

choice! {
    /// How a programme stands.
    pub ProgrammeStatus in "programme.status" { Preparing = "preparing", Running = "running", Closed = "closed" }
}

record! {
    /// What several actors do together for cooperatives.
    pub Programme in "programme" as "programmes.programme", then saved {
        main(Public, Steward) {
            name: Multi, summary: Option<Multi>, objectives: Option<Multi>, themes: Option<Many<Theme>>,
            territory: Option<Divisions>, since: Date, until: Date, status: ProgrammeStatus,
            /// Months during which each cooperative is accompanied; 24 where nothing is said.
            follow_up: Option<i64>,
        }
        publication(Public, Steward) { published: bool }
        origin(Public, Steward) { invented: bool }
    }
}

/// The scope of a programme: whoever holds a role in it reaches it and the cooperatives enrolled in it.
pub fn scope(programme: Id) -> String {
    access::scope("programme", programme)
}

fn saved(programme: &Programme, tx: &mut Tx<'_>) -> Result<()> {
    access::grant(tx, programme.id, &scope(programme.id), Standing::Steward, None)?;
    if programme.published {
        access::grant(tx, programme.id, PUBLIC, Standing::Public, None)
    } else {
        access::revoke(tx, programme.id, PUBLIC)
    }
}

/// The name of a programme in the language of the reader, for the way back to it; the caller checked the standing.
pub fn name_of(ctx: &Ctx, db: &mut Db, id: Id) -> Result<String> {
    Ok(kernel::record::get::<Programme>(db, id)?.name.best(ctx.w.lang).to_owned())
}

/// The programme, if the viewer stands near enough.
pub fn open(db: &mut Db, ctx: &Ctx, id: Id, least: Standing) -> Result<(Programme, Standing)> {
    let standing = ctx.standing(db, id, least)?;
    Ok((kernel::record::get::<Programme>(db, id)?, standing))
}

/// A programme in a list, with how many cooperatives it supports now.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: Multi,
    /// Begin.
    #[schemars(with = "String")]
    pub since: Date,
    /// End.
    #[schemars(with = "String")]
    pub until: Date,
    /// How it stands.
    pub status: ProgrammeStatus,
    /// True if it is made up.
    pub invented: bool,
    /// Cooperatives selected, active or paused.
    pub enrolled: i64,
}

/// The programmes a viewer knows of, those that run first.
pub fn list(db: &mut Db, viewer: &Viewer) -> Result<Vec<Line>> {
    let query = sql("select p.id, p.name, p.since, p.until, p.status, p.invented,
                     (select count(*) from enrolment e where e.programme = p.id and e.status in ('selected', 'active', 'paused'))
                     from programme p where").seen(viewer, "p.id")
        .and(" order by case p.status when 'running' then 0 when 'preparing' then 1 else 2 end, p.since desc, p.id limit 200");
    db.rows(&query, |row| {
        Ok(Line {
            id: row.take()?,
            name: row.take()?,
            since: row.take()?,
            until: row.take()?,
            status: row.take()?,
            invented: row.take()?,
            enrolled: row.take()?,
        })
    })
}
