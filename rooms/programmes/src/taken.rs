//! What a phone takes along of a programme: the cooperatives of some places, and their equipment to look at.

use jiff::civil::Date;
use kernel::kinds::{Multi, Place};
use kernel::{Db, Id, Record, Result, Standing, Viewer, sql};

use crate::enrolment::Stage;
use crate::funding::{Inspection, Occasion, Works, next_inspection};

/// A cooperative of a programme, for whoever works on its file.
#[derive(Clone, Debug)]
pub struct Cooperative {
    /// Its id.
    pub id: Id,
    /// The version of its record.
    pub version: i64,
    /// Its name.
    pub name: Multi,
    /// Where it is.
    pub place: Place,
    /// Its telephone.
    pub phone: Option<String>,
    /// Where it stands in the programme.
    pub stage: Stage,
}

/// The cooperatives of a programme in these territories, all of them if none is named, whose files the viewer works on.
pub fn cooperatives(
    db: &mut Db,
    viewer: &Viewer,
    programme: Id,
    territories: &[String],
) -> Result<Vec<Cooperative>> {
    let mut query =
        sql("select o.id, o.version, o.name, o.place, o.place_lat, o.place_lon, o.phone, e.status
                         from enrolment e join organisation o on o.id = e.organisation
                         where e.programme = ? and e.status <> 'left' and o.status <> 'merged'")
        .bind(programme);
    for (n, territory) in territories.iter().enumerate() {
        let (from, to) = kernel::territory::range(territory);
        query = query.and(if n == 0 { " and (" } else { " or " });
        query = query.and("(o.place >= ? and o.place < ?)").bind(from).bind(to);
    }
    let query = query.and(if territories.is_empty() { " and" } else { ") and" });
    let query = query.seen_near(viewer, "o.id", Standing::File).and(" order by o.sort, o.id");
    db.rows(&query, |row| {
        Ok(Cooperative {
            id: row.take()?,
            version: row.take()?,
            name: row.take()?,
            place: Place { division: row.take()?, lat: row.take()?, lon: row.take()? },
            phone: row.take()?,
            stage: row.take()?,
        })
    })
}

/// A province with cooperatives of a programme.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Province {
    /// Its code.
    pub code: String,
    /// How many of its cooperatives the viewer works with.
    pub cooperatives: usize,
}

/// Where the cooperatives of a programme are whose files the viewer works on.
pub fn provinces(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<Vec<Province>> {
    let mut found: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for cooperative in cooperatives(db, viewer, programme, &[])? {
        let place = cooperative.place.division;
        *found.entry(kernel::territory::province(&place).unwrap_or(place)).or_default() += 1;
    }
    Ok(found.into_iter().map(|(code, cooperatives)| Province { code, cooperatives }).collect())
}

/// A piece of equipment that was handed over.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its id.
    pub id: Id,
    /// The file that brought it.
    pub funding: Id,
    /// The cooperative that has it.
    pub organisation: Id,
    /// What it is.
    pub name: Multi,
    /// How many.
    pub quantity: i64,
    /// When it was handed over.
    pub handed: Date,
    /// How it was found last.
    pub found: Option<Works>,
    /// Which inspection comes next, and when.
    pub next: Option<(Occasion, Date)>,
}

/// The equipment that a programme handed over, for whoever may look at it.
pub fn pieces_of_equipment(db: &mut Db, viewer: &Viewer, programme: Id) -> Result<Vec<Piece>> {
    let query = sql("select e.id, f.id, f.organisation, e.name, e.quantity, h.handed from equipment e
                     join funding f on f.id = e.funding join hand_over h on h.id = e.hand_over
                     where f.programme = ? and")
    .bind(programme)
    .seen_near(viewer, "f.programme", Standing::File)
    .and(" order by e.id");
    let mut pieces = db.rows(&query, |row| {
        let (id, funding, organisation) = (row.take()?, row.take()?, row.take()?);
        let (name, quantity, handed) = (row.take()?, row.take()?, row.take()?);
        Ok(Piece { id, funding, organisation, name, quantity, handed, found: None, next: None })
    })?;
    let query =
        sql(&format!("select {} from inspection i where i.programme = ? and", Inspection::columns("i.")))
            .bind(programme)
            .seen_near(viewer, "i.programme", Standing::File)
            .and(" order by i.inspected, i.id");
    let made = db.rows(&query, Inspection::from_row)?;
    for piece in &mut pieces {
        let of_it = || made.iter().filter(|inspection| inspection.equipment.id == piece.id);
        let (found, next) =
            (of_it().next_back().map(|inspection| inspection.state), next_inspection(piece.handed, of_it()));
        (piece.found, piece.next) = (found, next);
    }
    Ok(pieces)
}
