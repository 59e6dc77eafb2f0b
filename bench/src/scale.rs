//! What a page costs as the country grows a hundredfold.

use crate::country::{LARGE, SMALL};
use crate::engine::Run;
use crate::names;
use crate::server::Server;
use crate::{Result, dice::Dice, engine, http::encode, load, seed};

/// Processor time of the same pages with 6,000 and with 600,000 organisations.
pub(crate) fn measure(run: &mut Run<'_>) -> Result {
    let mut costs = Vec::new();
    for size in [SMALL, LARGE] {
        let data = seed::sqlite(&run.folder, size)?;
        let known = engine::known(&data, None)?;
        let server = Server::start(&run.program, &data, None)?;
        let pages: Vec<String> = known.of_coach.iter().map(|id| format!("/organisations/{id}")).collect();
        let mut dice = Dice::new(7);
        let typed =
            (0..200).map(|_| format!("/organisations/suggest?q={}", encode(&names::typed(&mut dice))));
        let asked = [
            ("a cooperative's page, coach", pages),
            ("list, coach", vec!["/organisations".to_owned()]),
            ("suggestions, coach", typed.collect()),
        ];
        for (name, paths) in asked {
            costs.push((name, load::read(&server, run.asked.time, Some("coach-0"), &paths)?.cpu));
        }
    }
    let (small, large) = costs.split_at(costs.len() / 2);
    for ((name, small), (_, large)) in small.iter().zip(large) {
        let target = name.starts_with("a cooperative").then_some(1.3);
        run.report.add(
            "sqlite",
            &format!("6,000 → 600,000 organisations: {name}"),
            large / small,
            "times",
            target,
            None,
        );
    }
    Ok(())
}
