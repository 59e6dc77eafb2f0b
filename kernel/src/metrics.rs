//! What the administrator's monitoring reads: counts and times, in the Prometheus text format.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct Line {
    count: u64,
    micros: u64,
}

/// Counters since the start of the process.
#[derive(Default)]
pub struct Metrics {
    by_route: Mutex<BTreeMap<(&'static str, u16), Line>>,
    open: AtomicU64,
    levels: Mutex<BTreeMap<&'static str, u64>>,
}

impl Metrics {
    /// A request begins.
    pub fn begin(&self) {
        self.open.fetch_add(1, Relaxed);
    }

    /// A request ended with this status.
    pub fn end(&self, route: &'static str, status: u16, took: Duration) {
        self.open.fetch_sub(1, Relaxed);
        let mut routes = self.by_route.lock().unwrap_or_else(PoisonError::into_inner);
        let line = routes.entry((route, status)).or_default();
        line.count += 1;
        line.micros += u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    }

    /// Says how much of something there is now; rooms name what they tell.
    pub fn level(&self, name: &'static str, now: u64) {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner).insert(name, now);
    }

    /// All of them as text, with the number of waiting jobs.
    pub fn text(&self, jobs_waiting: i64) -> String {
        let mut out = String::from(
            "# TYPE tiwizi_requests_total counter\n# TYPE tiwizi_request_seconds_total counter\n",
        );
        for ((route, status), line) in self.by_route.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(
                out,
                "tiwizi_requests_total{{route=\"{route}\",status=\"{status}\"}} {}",
                line.count
            );
            let _ = writeln!(
                out,
                "tiwizi_request_seconds_total{{route=\"{route}\",status=\"{status}\"}} {:.6}",
                line.micros as f64 / 1e6
            );
        }
        let _ = writeln!(
            out,
            "# TYPE tiwizi_requests_open gauge\ntiwizi_requests_open {}",
            self.open.load(Relaxed)
        );
        let _ = writeln!(out, "# TYPE tiwizi_jobs_waiting gauge\ntiwizi_jobs_waiting {jobs_waiting}");
        for (name, level) in self.levels.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(out, "# TYPE {name} gauge\n{name} {level}");
        }
        out
    }
}
