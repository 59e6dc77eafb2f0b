//! Counts attempts, so that passwords and public forms cannot be tried at will.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{Error, Result};

const WINDOW: Duration = Duration::from_secs(60);

/// Attempts of the last minute by name.
#[derive(Default)]
pub struct Limiter(Mutex<HashMap<String, (Instant, u32)>>);

impl Limiter {
    /// Counts one attempt; refuses when there were more than `most` within a minute.
    pub fn attempt(&self, name: &str, most: u32) -> Result<()> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if seen.len() > 100_000 {
            seen.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        }
        let (since, count) = seen.entry(name.to_owned()).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        if *count > most {
            let wait = WINDOW.saturating_sub(now.duration_since(*since)).as_secs() + 1;
            return Err(Error::TooMany(wait));
        }
        Ok(())
    }

    /// Forgets the attempts under this name: it succeeded.
    pub fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_of_five_is_refused_and_success_forgets() {
        let limiter = Limiter::default();
        for _ in 0..5 {
            limiter.attempt("a", 5).unwrap();
        }
        assert!(matches!(limiter.attempt("a", 5), Err(Error::TooMany(1..=61))));
        limiter.attempt("b", 5).unwrap();
        limiter.forget("a");
        limiter.attempt("a", 5).unwrap();
    }
}
