//! The field app: a page that works without a network, what it takes along, the phones it runs on, and what is rescued
//! from one that cannot send.

mod choices;
pub(crate) mod device;
mod leaves;
mod numbers;
mod pack;
pub(crate) mod rescue;
mod rescue_page;
mod shell;
mod spare;
mod told;

use kernel::room::{Declared, Route, declared, get, post};

pub(crate) use device::{Device, seen};

/// Roles that work in the field.
pub(crate) const WORKERS: &[&str] = &["manager", "coach", "trainer"];

/// Roles that bring in what was rescued from somebody's phone.
const MANAGERS: &[&str] = &["administrator", "manager"];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/field", shell::enter).open(),
        get("/field/", shell::page).open(),
        get("/field/manifest.webmanifest", shell::manifest).open(),
        get("/field/worker.js", shell::worker).open(),
        get("/field/app/{version}/{name}", shell::file).open(),
        get("/field/choices", choices::choices).answers::<choices::Choices>(),
        get("/field/pack", pack::pack)
            .query(&["programme", "territory", "since", "device"])
            .answers::<pack::Pack>(),
        post("/field/numbers", numbers::reserve).answers::<numbers::Reserved>(),
        get("/field/devices", device::page).answers::<device::DevicesPage>(),
        post("/field/devices", device::enrol),
        post("/field/devices/{device}/end", device::end),
        get("/field/rescue", rescue_page::page).role(MANAGERS),
        post("/field/rescue", rescue_page::bring).role(MANAGERS).upload(),
    ]
}

pub(crate) fn records() -> Vec<Declared> {
    vec![declared::<Device>()]
}
