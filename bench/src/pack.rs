//! What a telephone takes along: the bytes of the first time, and those of the next when little changed. A slow line of a
//! village carries fifty kilobits a second.

use serde_json::Value;

use crate::Result;
use crate::engine::{Engine, Run};
use crate::http::Browser;
use crate::server::Server;

/// Bits a second of the line.
const LINE: f64 = 50_000.0;
/// Cooperatives of the programme that the target speaks of.
const COOPERATIVES: f64 = 60.0;

/// A telephone that takes leaves along.
struct Telephone {
    browser: Browser,
    programme: String,
    held: String,
}

impl Telephone {
    /// Takes along what it lacks; answers the bytes on the wire in both directions, and the leaves that came.
    fn take(&mut self) -> Result<(usize, Vec<Value>)> {
        let (mut bytes, mut leaves) = (0, Vec::new());
        loop {
            let path = format!("/field/pack?programme={}&since={}&lang=fr", self.programme, self.held);
            let answer = self.browser.get(&path)?;
            bytes += path.len() + answer.bytes;
            let pack: Value = serde_json::from_slice(&unpacked(&answer.body)?)?;
            let came = pack["leaves"].as_array().ok_or("no leaves")?.clone();
            for leaf in &came {
                self.held.push_str(leaf[1].as_str().unwrap_or_default());
            }
            leaves.extend(came);
            if pack["more"] == 0 {
                return Ok((bytes, leaves));
            }
        }
    }
}

fn unpacked(body: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(body), &mut out)?;
    Ok(out)
}

/// Takes along the programme of the first coach, twice; between the two one cooperative changes.
pub(crate) fn measure(run: &mut Run<'_>, engine: &Engine, server: &Server) -> Result {
    let browser = Browser::open(
        &server.address,
        Some("coach-0"),
        "Accept: application/json\r\nAccept-Encoding: gzip\r\n",
    )?;
    let programme = engine.known.programme.clone();
    let mut telephone = Telephone { browser, programme, held: String::new() };
    let (first, leaves) = telephone.take()?;
    let cooperatives =
        leaves.iter().filter(|leaf| leaf[0].as_str().is_some_and(|key| key.starts_with('c'))).count();
    let people: usize = leaves.iter().filter_map(|leaf| leaf[2]["m"].as_array()).map(Vec::len).sum();
    let (nothing, _) = telephone.take()?;
    let id = engine.known.of_coach.first().ok_or("the coach has no cooperative")?;
    let mut coach = Browser::open(&server.address, Some("coach-0"), "Accept: application/json\r\n")?;
    let page: Value = serde_json::from_slice(&coach.get(&format!("/organisations/{id}"))?.body)?;
    let form = format!(
        "version={}&phone=0661{:06}",
        page["organisation"]["version"],
        std::process::id() % 1_000_000
    );
    coach.post(&format!("/organisations/{id}"), &form)?;
    let (delta, _) = telephone.take()?;
    let seconds = |bytes: f64| bytes * 8.0 / LINE;
    let share = COOPERATIVES / (cooperatives.max(1) as f64);
    let name = format!("first preparation of 60 cooperatives, {:.0} persons", people as f64 * share);
    let report = &mut run.report;
    report.add(engine.name, &format!("{name}: bytes"), first as f64 * share / 1000.0, "kB", None, None);
    report.add(
        engine.name,
        &format!("{name}: at 50 kbit/s"),
        seconds(first as f64 * share),
        "s",
        Some(60.0),
        None,
    );
    report.add(
        engine.name,
        "preparation when nothing changed: at 50 kbit/s",
        seconds(nothing as f64),
        "s",
        Some(5.0),
        None,
    );
    report.add(
        engine.name,
        "preparation when one changed: at 50 kbit/s",
        seconds(delta as f64),
        "s",
        Some(5.0),
        None,
    );
    report.note(format!("prepared: {cooperatives} cooperatives with {people} persons in {first} bytes, brought to {COOPERATIVES} cooperatives"));
    Ok(())
}
