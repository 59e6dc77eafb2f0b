//! Bytes over the wire, heads included, for a browser that accepts compressed answers.

use crate::Result;
use crate::engine::{Engine, Run};
use crate::http::Browser;
use crate::server::Server;

/// The first visit with everything its page asks for, then pages of somebody at work.
pub(crate) fn measure(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let gzip = "Accept-Encoding: gzip\r\n";
    let mut nobody = Browser::open(&server.address, None, gzip)?;
    let plain = String::from_utf8(Browser::open(&server.address, None, "")?.get("/")?.body)?;
    let mut bytes = nobody.get("/")?.bytes;
    let mut seen: Vec<&str> = Vec::new();
    for asset in plain.split('"').filter(|text| text.starts_with("/assets/")) {
        let asset = asset.split('#').next().unwrap_or(asset);
        if !seen.contains(&asset) {
            seen.push(asset);
            bytes += nobody.get(asset)?.bytes;
        }
    }
    run.report.add(engine.name, "first visit over the wire", bytes as f64 / 1024.0, "KB", Some(50.0), None);
    let mut coach = Browser::open(&server.address, Some("coach-0"), gzip)?;
    let organisation = engine.known.of_coach.first().ok_or("the coach has no cooperative")?;
    for (name, path) in [
        ("list", "/organisations".to_owned()),
        ("a cooperative's page", format!("/organisations/{organisation}")),
        ("a programme's page", format!("/programmes/{}", engine.known.programme)),
    ] {
        let bytes = coach.get(&path)?.bytes;
        run.report.add(
            engine.name,
            &format!("following page over the wire: {name}"),
            bytes as f64 / 1024.0,
            "KB",
            Some(15.0),
            None,
        );
    }
    Ok(())
}
