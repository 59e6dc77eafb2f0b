//! What rooms hold in memory for as long as the house is open: never the only copy of anything.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One value of each type.
#[derive(Default)]
pub struct Held(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Held {
    /// The value of this type, made the first time it is asked for.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(held).downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::Held;

    #[test]
    fn what_is_held_is_there_the_next_time() {
        let held = Held::default();
        held.of::<AtomicU8>().store(7, Ordering::Relaxed);
        assert_eq!(held.of::<AtomicU8>().load(Ordering::Relaxed), 7);
    }
}
