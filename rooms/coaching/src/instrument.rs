//! An instrument: the questions of a diagnosis, in dimensions and items, each level described by a sentence. An edition
//! that was published never changes; answers always belong to one edition.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::access::{self, PUBLIC, Standing};
use kernel::kinds::{Long, Multi, Ref};
use kernel::value::Row;
use kernel::{Db, Error, Id, Record, Result, Tx, Viewer, choice, record, sql};
use programmes::finding::{self, Subject};

use crate::probe::Probe;

choice! {
    /// How an edition stands: in the making, in use, or replaced.
    pub InstrumentStatus in "instrument.status" { Draft = "draft", Published = "published", Retired = "retired" }
}

record! {
    /// An edition of an instrument.
    pub Instrument in "instrument" as "coaching.instrument", then saved {
        main(Public, Steward) {
            code: String, edition: i64, name: Multi, summary: Option<Multi>, licence: Option<String>, credit: Option<String>,
        }
        state(Public, Steward) { status: InstrumentStatus }
    }
}

record! {
    /// A dimension of an instrument: what its items have in common.
    pub Dimension in "dimension" as "coaching.dimension", about instrument {
        main(Public, Steward) {
            instrument: Ref<Instrument>, code: String, position: i64, name: Multi, summary: Option<Multi>, weight: i64,
        }
    }
}

record! {
    /// An item of an instrument: what is asked, and what each level looks like.
    pub Item in "item" as "coaching.item", about instrument {
        main(Public, Steward) {
            instrument: Ref<Instrument>, dimension: Ref<Dimension>, code: String, position: i64, topic: Multi, ask: Option<Multi>,
        }
        levels(Public, Steward) { level_0: Multi, level_1: Multi, level_2: Multi, level_3: Multi, level_4: Multi }
        rules(Public, Steward) {
            weight: i64, gate: bool, optional: bool, short: bool,
            /// Name of the look into the records that proposes its level.
            probe: Option<Probe>,
        }
    }
}

record! {
    /// Something that would raise an item: the library from which a plan is proposed.
    pub Remedy in "remedy" as "coaching.remedy", about instrument {
        main(Public, Steward) { instrument: Ref<Instrument>, item: Ref<Item>, name: Multi, ease: i64, hint: Option<Long> }
    }
}

/// The texts of an edition that can be listened to: each item's question and levels, then what would raise it. The part
/// after the edition's id, and the text.
pub fn spoken(edition: &Edition, remedies: &[Remedy]) -> Vec<(String, Multi)> {
    let mut texts = Vec::new();
    for item in &edition.items {
        texts.push((item.spoken("ask"), item.ask.clone().unwrap_or_else(|| item.topic.clone())));
        for (level, text) in item.levels().into_iter().enumerate() {
            texts.push((item.spoken(&format!("level/{level}")), text.clone()));
        }
        for remedy in remedies.iter().filter(|remedy| remedy.item.id == item.id) {
            texts.push((format!("remedy/{}", remedy.id), remedy.name.clone()));
        }
    }
    texts
}

impl Item {
    /// Under which part of its edition a text of this item is recorded.
    pub fn spoken(&self, what: &str) -> String {
        format!("item/{}/{what}", self.id)
    }

    /// What a level looks like, from 0 to 4.
    pub fn levels(&self) -> [&Multi; 5] {
        [&self.level_0, &self.level_1, &self.level_2, &self.level_3, &self.level_4]
    }
}

/// A published edition is open to everybody; a draft to those who answer for it.
fn saved(instrument: &Instrument, tx: &mut Tx<'_>) -> Result<()> {
    if instrument.status == InstrumentStatus::Draft {
        access::revoke(tx, instrument.id, PUBLIC)
    } else {
        access::grant(tx, instrument.id, PUBLIC, Standing::Public, None)
    }
}

/// An edition with all that belongs to it, in order.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The edition itself.
    pub instrument: Instrument,
    /// Its dimensions.
    pub dimensions: Vec<Dimension>,
    /// Its items, those of the first dimension first.
    pub items: Vec<Item>,
}

impl Edition {
    /// Position of the dimension of an item.
    pub fn dimension_of(&self, item: &Item) -> usize {
        self.dimensions.iter().position(|dimension| dimension.id == item.dimension.id).unwrap_or(0)
    }

    /// Weights of the dimensions.
    pub fn weights(&self) -> Vec<i64> {
        self.dimensions.iter().map(|dimension| dimension.weight).collect()
    }

    /// The name under which other rooms know an item.
    pub fn subject(&self, item: &Item) -> String {
        format!("{}/{}", self.list(), item.code)
    }

    fn list(&self) -> String {
        format!("{}-{}", self.instrument.code, self.instrument.edition)
    }
}

/// Editions that were read lately. One that was published never changes: its version names its very words.
static LATELY: Mutex<Vec<Arc<Edition>>> = Mutex::new(Vec::new());

/// How many editions are kept in memory, a few hundred kilobytes each.
const KEPT: usize = 8;

/// An edition whole. One in use is read and taken apart once, whoever asks for it; a draft each time.
pub fn edition(db: &mut Db, id: Id) -> Result<Arc<Edition>> {
    let instrument = kernel::record::get::<Instrument>(db, id)?;
    if instrument.status == InstrumentStatus::Draft {
        return Ok(Arc::new(read(db, instrument)?));
    }
    let same =
        |kept: &Arc<Edition>| kept.instrument.id == id && kept.instrument.version == instrument.version;
    let kept = LATELY.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|kept| same(kept)).cloned();
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let edition = Arc::new(read(db, instrument)?);
    let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    lately.retain(|kept| kept.instrument.id != id);
    if lately.len() >= KEPT {
        lately.remove(0);
    }
    lately.push(edition.clone());
    Ok(edition)
}

/// Reads an edition from the database. What a transaction just published may still be undone: there, only this is asked.
fn read(db: &mut Db, instrument: Instrument) -> Result<Edition> {
    let dimensions = pieces::<Dimension>(db, instrument.id)?;
    let mut items = pieces::<Item>(db, instrument.id)?;
    let place: BTreeMap<Id, usize> = dimensions.iter().enumerate().map(|(i, d)| (d.id, i)).collect();
    items.sort_by_key(|item| (place.get(&item.dimension.id).copied(), item.position, item.id));
    Ok(Edition { instrument, dimensions, items })
}

/// Makes the items of an edition that comes with Tiwizi known to other rooms.
pub(crate) fn describe_new(tx: &mut Tx<'_>, instrument: Id) -> Result<()> {
    let instrument = kernel::record::get::<Instrument>(tx, instrument)?;
    let edition = read(tx, instrument)?;
    describe(tx, &edition)
}

fn pieces<R: Record>(db: &mut Db, instrument: Id) -> Result<Vec<R>> {
    let query =
        format!("select {} from {} where instrument = ? order by position, id", R::columns(""), R::TABLE);
    db.rows(&sql(&query).bind(instrument).open("the caller checked the instrument"), R::from_row)
}

/// The remedies of an edition, the easiest first.
pub fn remedies(db: &mut Db, instrument: Id) -> Result<Vec<Remedy>> {
    let query = format!(
        "select {} from remedy where instrument = ? order by item, ease desc, id",
        Remedy::columns("")
    );
    db.rows(&sql(&query).bind(instrument).open("the caller checked the instrument"), Remedy::from_row)
}

/// An edition in a list.
#[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Code of the instrument.
    pub code: String,
    /// Number of the edition.
    pub edition: i64,
    /// Name.
    pub name: Multi,
    /// How it stands.
    pub status: InstrumentStatus,
    /// How many items.
    pub items: i64,
}

/// The editions that a viewer may know of, the ones in use first.
pub fn list(db: &mut Db, viewer: &Viewer) -> Result<Vec<Line>> {
    let query = sql("select i.id, i.code, i.edition, i.name, i.status, (select count(*) from item t where t.instrument = i.id)
                     from instrument i where").seen(viewer, "i.id")
        .and(" order by case i.status when 'published' then 0 when 'draft' then 1 else 2 end, i.code, i.edition desc");
    db.rows(&query, |row: &mut Row| {
        Ok(Line {
            id: row.take()?,
            code: row.take()?,
            edition: row.take()?,
            name: row.take()?,
            status: row.take()?,
            items: row.take()?,
        })
    })
}

/// Refuses to touch an edition that was published: answers were given to its very words.
pub fn still_draft(db: &mut Db, id: Id) -> Result<Instrument> {
    let instrument = kernel::record::get::<Instrument>(db, id)?;
    if instrument.status == InstrumentStatus::Draft {
        Ok(instrument)
    } else {
        Err(Error::refused("instrument.fixed"))
    }
}

/// Puts an edition in use and retires the one before it. Refuses one that cannot be answered.
pub fn publish(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let instrument = still_draft(tx, id)?;
    let found = read(tx, instrument.clone())?;
    let empty = |dimension: &Dimension| !found.items.iter().any(|item| item.dimension.id == dimension.id);
    if found.items.is_empty() || found.dimensions.iter().any(empty) {
        return Err(Error::refused("instrument.empty"));
    }
    let earlier = sql(&format!(
        "select {} from instrument where code = ? and status = 'published'",
        Instrument::columns("")
    ))
    .bind(&instrument.code)
    .open("editions of the same instrument");
    for before in tx.rows(&earlier, Instrument::from_row)? {
        kernel::record::update(tx, &Instrument { status: InstrumentStatus::Retired, ..before })?;
    }
    kernel::record::update(tx, &Instrument { status: InstrumentStatus::Published, ..instrument })?;
    describe(tx, &found)
}

/// Makes the items known to other rooms.
fn describe(tx: &mut Tx<'_>, edition: &Edition) -> Result<()> {
    let subjects: Vec<Subject> = edition
        .items
        .iter()
        .map(|item| Subject {
            code: edition.subject(item),
            name: item.topic.clone(),
            group: edition.dimensions[edition.dimension_of(item)].name.clone(),
        })
        .collect();
    finding::describe(tx, &edition.list(), &subjects)
}

/// Begins the next edition as a copy of this one.
pub fn next_edition(tx: &mut Tx<'_>, id: Id, copy: Id, account: Option<Id>) -> Result<()> {
    if kernel::record::find::<Instrument>(tx, copy)?.is_some() {
        return Ok(());
    }
    let old = kernel::record::get::<Instrument>(tx, id)?;
    let old = read(tx, old)?;
    let latest = sql("select cast(max(edition) as bigint) from instrument where code = ?")
        .bind(&old.instrument.code)
        .open("numbers of editions");
    let number: i64 = tx.one(&latest)?;
    let instrument = Instrument {
        id: copy,
        version: 1,
        edition: number + 1,
        status: InstrumentStatus::Draft,
        ..old.instrument.clone()
    };
    kernel::record::insert(tx, &instrument)?;
    answer_for(tx, copy, account)?;
    let mut dimensions = BTreeMap::new();
    for dimension in old.dimensions {
        let new = Id::new();
        dimensions.insert(dimension.id, new);
        kernel::record::insert(tx, &Dimension { id: new, version: 1, instrument: copy.into(), ..dimension })?;
    }
    let mut items = BTreeMap::new();
    for item in old.items {
        let (new, dimension) =
            (Id::new(), dimensions.get(&item.dimension.id).copied().unwrap_or(item.dimension.id));
        items.insert(item.id, new);
        let item = Item { id: new, version: 1, instrument: copy.into(), dimension: dimension.into(), ..item };
        kernel::record::insert(tx, &item)?;
    }
    for remedy in remedies(tx, id)? {
        let Some(item) = items.get(&remedy.item.id).copied() else { continue };
        let remedy =
            Remedy { id: Id::new(), version: 1, instrument: copy.into(), item: item.into(), ..remedy };
        kernel::record::insert(tx, &remedy)?;
    }
    Ok(())
}

/// Whoever makes a draft answers for it.
pub(crate) fn answer_for(tx: &mut Tx<'_>, instrument: Id, account: Option<Id>) -> Result<()> {
    match account {
        Some(account) => {
            access::grant(tx, instrument, &access::scope("account", account), Standing::Steward, None)
        }
        None => Ok(()),
    }
}
