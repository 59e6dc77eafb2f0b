//! Instruments that come with Tiwizi, as text files in `instruments/`. They enter the database once; what is there
//! already stays as it is, but for what is looked into (`probe.rs`).

use kernel::kinds::Multi;
use kernel::{Error, Id, Record, Result, Tx, sql};
use serde::Deserialize;

use crate::instrument::{self, Dimension, Instrument, InstrumentStatus, Item, Remedy};
use crate::probe;

macro_rules! boussole {
    ($($file:literal),+) => {
        (include_str!("../instruments/boussole-1/instrument.toml"),
         &[$(include_str!(concat!("../instruments/boussole-1/", $file, ".toml"))),+])
    };
}

/// The text of Boussole's first edition: the instrument and its dimensions.
const BOUSSOLE: (&str, &[&str]) = boussole!("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

#[derive(Deserialize)]
struct InstrumentText {
    code: String,
    version: i64,
    name: Multi,
    about: Multi,
    licence: String,
    credit: String,
}

#[derive(Deserialize)]
struct DimensionText {
    code: String,
    name: Multi,
    about: Multi,
    item: Vec<ItemText>,
}

#[derive(Deserialize)]
struct ItemText {
    code: String,
    #[serde(default)]
    gate: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    short: bool,
    topic: Multi,
    ask: Multi,
    levels: [Multi; 5],
    #[serde(default)]
    action: Vec<ActionText>,
}

#[derive(Deserialize)]
struct ActionText {
    code: String,
    ease: i64,
    text: Multi,
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| Error::internal(format!("a shipped instrument: {error}")))
}

/// The id of Boussole's first edition, the same in every house.
pub fn boussole() -> Id {
    Id::named("instrument boussole-1")
}

/// Brings in the shipped instruments that are not there yet.
pub(crate) fn bring(tx: &mut Tx<'_>) -> Result<()> {
    let id = boussole();
    if kernel::record::find::<Instrument>(tx, id)?.is_some() {
        return look_anew(tx, id);
    }
    let (head, dimensions) = BOUSSOLE;
    let head: InstrumentText = read(head)?;
    let instrument = Instrument {
        id,
        version: 1,
        code: head.code,
        edition: head.version,
        name: head.name,
        summary: Some(head.about),
        licence: Some(head.licence),
        credit: Some(head.credit),
        status: InstrumentStatus::Published,
    };
    kernel::record::insert(tx, &instrument)?;
    for (position, text) in dimensions.iter().enumerate() {
        bring_dimension(tx, id, position as i64, read(text)?)?;
    }
    instrument::describe_new(tx, id)
}

/// An earlier version looked into fewer records.
fn look_anew(tx: &mut Tx<'_>, instrument: Id) -> Result<()> {
    let columns = Item::columns("");
    let query =
        sql(&format!("select {columns} from item where instrument = ? and probe is null")).bind(instrument);
    for item in tx.rows(&query.open("an instrument that comes with Tiwizi"), Item::from_row)? {
        if let Some(probe) = probe::of_boussole(&item.code) {
            kernel::record::update(tx, &Item { probe: Some(probe), ..item })?;
        }
    }
    Ok(())
}

fn bring_dimension(tx: &mut Tx<'_>, instrument: Id, position: i64, text: DimensionText) -> Result<()> {
    let id = Id::named(&format!("{instrument} {}", text.code));
    let dimension = Dimension {
        id,
        version: 1,
        instrument: instrument.into(),
        code: text.code,
        position,
        name: text.name,
        summary: Some(text.about),
        weight: 1,
    };
    kernel::record::insert(tx, &dimension)?;
    for (position, item) in text.item.into_iter().enumerate() {
        bring_item(tx, instrument, id, position as i64, item)?;
    }
    Ok(())
}

fn bring_item(tx: &mut Tx<'_>, instrument: Id, dimension: Id, position: i64, text: ItemText) -> Result<()> {
    let id = Id::named(&format!("{instrument} {}", text.code));
    let [level_0, level_1, level_2, level_3, level_4] = text.levels;
    let item = Item {
        id,
        version: 1,
        instrument: instrument.into(),
        dimension: dimension.into(),
        probe: probe::of_boussole(&text.code),
        code: text.code,
        position,
        topic: text.topic,
        ask: Some(text.ask),
        level_0,
        level_1,
        level_2,
        level_3,
        level_4,
        weight: if text.gate { 2 } else { 1 },
        gate: text.gate,
        optional: text.optional,
        short: text.short,
    };
    kernel::record::insert(tx, &item)?;
    for action in text.action {
        let remedy = Remedy {
            id: Id::named(&format!("{instrument} {}", action.code)),
            version: 1,
            instrument: instrument.into(),
            item: id.into(),
            name: action.text,
            ease: action.ease,
            hint: None,
        };
        kernel::record::insert(tx, &remedy)?;
    }
    Ok(())
}
