//! The house: its rooms, in the order of the stairs, and its country pack.

pub mod backup;
pub mod check;
pub mod demo;
pub mod export;
pub mod press;
pub mod tables;

use kernel::room::Leaves;
use kernel::{Lang, Result, Room};

/// Every room, from the bottom of the stairs to the top. A new room is one line here and one in `Cargo.toml`.
pub fn rooms() -> Vec<Room> {
    vec![
        kernel_room(),
        people::room(),
        registry::room(),
        programmes::room(),
        training::room(),
        coaching::room(),
        survey::room(),
        market::room(),
        sales::room(),
        field::room(),
        pooled::room(),
        invoicing::room(),
        ::export::room(),
        impact::room(),
        open::room(),
        desk::room(),
    ]
}

/// Why the index stays.
const INDEX: &str = "the index, worked out from the records";

/// What the kernel itself answers: documents, suggestions of places, the description of the interface.
fn kernel_room() -> Room {
    Room {
        name: "kernel",
        routes: kernel::web::own_routes(),
        press: Some(press::PRESS),
        leaves: &[
            ("fact", Leaves::Whole),
            ("file", Leaves::Whole),
            ("fact_command", Leaves::Whole),
            ("conflict", Leaves::Whole),
            ("conflict_side", Leaves::Whole),
            ("command_receipt", Leaves::Stays("which work from elsewhere was applied")),
            ("restoration", Leaves::Stays("how versions are counted since a backup was restored")),
            ("reach", Leaves::Stays("rights, worked out from the records")),
            ("entry", Leaves::Stays(INDEX)),
            ("ordering", Leaves::Stays(INDEX)),
            ("posting", Leaves::Stays(INDEX)),
            ("search", Leaves::Stays(INDEX)),
            ("job", Leaves::Stays("work in the background of this house")),
            ("migration", Leaves::Stays("which schema this house has")),
        ],
        ..Room::default()
    }
}

/// Opens the country pack of Morocco.
pub fn open_pack() -> Result<()> {
    let pack = atlas::Pack {
        divisions: include_str!("../../packs/ma/divisions.csv"),
        census: include_str!("../../packs/ma/census_2024.csv"),
        regions: include_str!("../../packs/ma/regions.json"),
        provinces: include_str!("../../packs/ma/provinces.json"),
        communes: include_str!("../../packs/ma/communes.json"),
    };
    programmes::selection::open_packs(include_str!("../../packs/ma/eligibility.toml"));
    coaching::open_rules(include_str!("../../packs/ma/legal.toml"));
    invoicing::open_rules(include_str!("../../packs/ma/invoicing.toml"));
    ::export::open_rules(include_str!("../../packs/ma/export.toml"));
    kernel::territory::open(&pack, |lang| {
        match lang {
            Lang::Ar => {
                "المجالات الترابية والإحصاء: المندوبية السامية للتخطيط، الإحصاء العام 2024 (CC BY 4.0)، بتعديلات"
            }
            Lang::En => "Divisions and census: HCP, RGPH 2024 (CC BY 4.0), adapted",
            Lang::Fr | Lang::Zgh => "Divisions et recensement : HCP, RGPH 2024 (CC BY 4.0), adaptés",
        }
        .to_owned()
    })
}
