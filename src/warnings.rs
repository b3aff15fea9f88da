//! Warnings: what was wrong with an input or an option and did not stop the work. The task that meets them reports them.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, PoisonError},
};

/// Warnings of one task that are kept: a hostile file could cause any number.
const MOST: usize = 100;

thread_local! {
    static TASK: RefCell<Warnings> = RefCell::default();
}

/// Where the warnings of a task go. A decoder takes it along to other threads.
#[derive(Debug, Clone, Default)]
pub struct Warnings(Option<Arc<Mutex<Vec<String>>>>);

impl Warnings {
    /// Those of the task that runs on this thread; outside a task they are dropped.
    pub fn of_task() -> Self {
        TASK.with_borrow(Clone::clone)
    }

    /// Adds a warning, unless the same was given before.
    pub fn push(&self, text: impl Into<String>) {
        if let Some(list) = &self.0 {
            let text = text.into();
            let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
            if list.len() < MOST && !list.contains(&text) {
                list.push(text);
            }
        }
    }
}

/// Runs a task and gives its warnings with its result.
pub fn collect<T>(task: impl FnOnce() -> T) -> (T, Vec<String>) {
    let list = Arc::default();
    TASK.set(Warnings(Some(Arc::clone(&list))));
    let result = task();
    TASK.set(Warnings::default());
    let warnings = std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner));
    (result, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_belong_to_their_task() {
        Warnings::of_task().push("before");
        let (taken, found) = collect(|| {
            let warnings = Warnings::of_task();
            std::thread::scope(|scope| scope.spawn(|| warnings.push("elsewhere")).join()).unwrap();
            warnings.push("here");
            warnings.push("here");
            warnings.clone()
        });
        assert_eq!(found, ["elsewhere", "here"]);
        taken.push("late");
        Warnings::of_task().push("after");
        assert!(collect(|| ()).1.is_empty());
    }

    #[test]
    fn there_is_an_end_to_them() {
        let (_, found) = collect(|| (0..1000).for_each(|number| Warnings::of_task().push(number.to_string())));
        assert_eq!(found.len(), MOST);
    }
}
