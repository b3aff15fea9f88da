//! What the decoder has to say about a file: libjpeg's sentences, kept as its error manager would keep them.

/// Sentences kept of one file; a hostile one could give millions.
const MAX_MESSAGES: usize = 16;

/// Warnings in one file after which it is not worth reading on.
const MAX_WARNINGS: u64 = 100;

/// Reading cannot go on. The reason is in the [`Report`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop;

/// Collects warnings and errors.
#[derive(Debug, Default)]
pub(super) struct Report {
    messages: Vec<String>,
    warnings: u64,
    /// No number of warnings ends the reading.
    unlimited: bool,
}

impl Report {
    pub(super) fn new(unlimited: bool) -> Self {
        Self { unlimited, ..Self::default() }
    }

    /// Counts a warning. The first one is kept; one too many ends the reading and is kept as well.
    #[cold]
    pub(super) fn warn(&mut self, sentence: impl FnOnce() -> String) -> Result<(), Stop> {
        self.warnings += 1;
        if self.warnings == 1 {
            self.note(sentence());
        } else if self.warnings >= MAX_WARNINGS && !self.unlimited {
            return Err(self.stop(sentence()));
        }
        Ok(())
    }

    /// Keeps the reason why reading ends.
    #[cold]
    pub(super) fn stop(&mut self, sentence: impl Into<String>) -> Stop {
        self.note(sentence);
        Stop
    }

    /// Keeps a sentence that is no warning by itself.
    pub(super) fn note(&mut self, sentence: impl Into<String>) {
        if self.messages.len() < MAX_MESSAGES {
            self.messages.push(sentence.into());
        }
    }

    /// Whether limits are lifted.
    pub(super) fn is_unlimited(&self) -> bool {
        self.unlimited
    }

    /// How many warnings there were.
    pub(super) fn warnings(&self) -> u64 {
        self.warnings
    }

    /// Whether there was a warning.
    pub(super) fn warned(&self) -> bool {
        self.warnings > 0
    }

    /// Everything that was kept, in order.
    pub(super) fn messages(&self) -> &[String] {
        &self.messages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_warning_is_kept_and_the_hundredth_ends_the_reading() {
        for unlimited in [false, true] {
            let mut report = Report::new(unlimited);
            let results: Vec<_> = (1..=100).map(|number| report.warn(|| number.to_string())).collect();
            assert!(results[..99].iter().all(Result::is_ok));
            assert_eq!(results[99].is_ok(), unlimited);
            assert_eq!(report.messages().len(), if unlimited { 1 } else { 2 });
            assert!(report.warned());
        }
    }

    #[test]
    fn few_sentences_are_kept() {
        let mut report = Report::new(true);
        (0..100).for_each(|_| report.note("no"));
        assert_eq!(report.messages().len(), MAX_MESSAGES);
        assert!(!report.warned());
    }
}
