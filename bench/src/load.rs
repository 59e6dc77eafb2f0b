//! Sixteen connections that ask as fast as they are answered.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::Result;
use crate::dice::Dice;
use crate::http::Browser;
use crate::server::Server;

/// How many ask at once.
pub(crate) const CONNECTIONS: usize = 16;

/// What a while of load came to.
pub(crate) struct Load {
    /// Requests a second.
    pub(crate) rate: f64,
    /// Milliseconds within which so many in a hundred were answered, in order.
    times: Vec<f64>,
    /// Milliseconds of processor time of the server for each request.
    pub(crate) cpu: f64,
}

impl Load {
    /// Milliseconds within which this share of the requests was answered.
    pub(crate) fn within(&self, share: f64) -> f64 {
        let at = (self.times.len() as f64 * share) as usize;
        self.times.get(at.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// Lets each of the usual connections do `ask` again and again for `time`; the argument is the number of the connection.
pub(crate) fn run<T: Send>(
    server: &Server,
    time: Duration,
    begin: impl Fn(usize) -> Result<T> + Sync,
    ask: impl Fn(&mut T) -> Result + Sync,
) -> Result<(Load, Vec<T>)> {
    run_over(CONNECTIONS, server, time, begin, ask)
}

/// The same over so many connections.
pub(crate) fn run_over<T: Send>(
    connections: usize,
    server: &Server,
    time: Duration,
    begin: impl Fn(usize) -> Result<T> + Sync,
    ask: impl Fn(&mut T) -> Result + Sync,
) -> Result<(Load, Vec<T>)> {
    let ready = Barrier::new(connections + 1);
    let worker = |n: usize| -> Result<(Vec<f64>, T)> {
        let state = begin(n);
        ready.wait();
        let mut state = state?;
        let mut times = Vec::new();
        let began = Instant::now();
        while began.elapsed() < time {
            let asked = Instant::now();
            ask(&mut state)?;
            times.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        Ok((times, state))
    };
    let worker = &worker;
    let (mut before, mut began) = (Ok(0.0), Instant::now());
    let done: Vec<Result<(Vec<f64>, T), String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|n| scope.spawn(move || worker(n).map_err(|error| error.to_string())))
            .collect();
        ready.wait();
        (before, began) = (server.cpu(), Instant::now());
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a connection panicked".into())))
            .collect()
    });
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), server.cpu()? - before?);
    let (mut times, mut states) = (Vec::new(), Vec::new());
    for done in done {
        let (some, state) = done?;
        times.extend(some);
        states.push(state);
    }
    times.sort_by(f64::total_cmp);
    let requests = times.len().max(1) as f64;
    Ok((Load { rate: requests / seconds, times, cpu: cpu * 1000.0 / requests }, states))
}

/// Reads these pages in any order, as the browser of somebody who signed in, or of anybody.
pub(crate) fn read(server: &Server, time: Duration, who: Option<&str>, paths: &[String]) -> Result<Load> {
    let begin = |n: usize| {
        Ok((Browser::open(&server.address, who, "Accept-Encoding: gzip\r\n")?, Dice::new(n as u64)))
    };
    let ask = |(browser, dice): &mut (Browser, Dice)| {
        let path = dice.pick(paths);
        let answer = browser.count(path)?;
        if answer.status == 200 { Ok(()) } else { Err(format!("{} from {path}", answer.status).into()) }
    };
    // What is read for the first time is not measured.
    run(server, time.min(Duration::from_secs(1)), begin, ask)?;
    Ok(run(server, time, begin, ask)?.0)
}
