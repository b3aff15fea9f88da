//! Runs a plan: reads the options, opens the picture, sends its rows through the steps and into an encoder.

mod deadline;
mod join;
mod metadata;
mod open;
mod operands;
mod output;
mod overlay;
mod stats;
mod steps;

pub use metadata::metadata;
pub use stats::stats;

use crate::{
    api::{Bag, Options, Value},
    colour::icc::Management,
    error::Result,
    plan::{Loaded, after_load, before_resize},
};

/// What a task is given.
pub struct Job<'a> {
    /// The options bag.
    pub bag: &'a dyn Bag,
    /// The bytes that the bag's `Value::Bytes` stand for, by handle.
    pub buffers: &'a [&'a [u8]],
}

/// What a task gives.
#[derive(Debug)]
pub struct Output {
    /// The encoded picture, unless it went to a file.
    pub data: Option<Vec<u8>>,
    /// What is told about it, in the order of the public `info` object.
    pub info: Vec<(&'static str, Value)>,
}

/// What the steps found out that the caller is told.
#[derive(Debug, Default)]
struct Report {
    /// Pixels of the file in one pixel as it was loaded.
    load_factor: f64,
    crop_offset: Option<(i64, i64)>,
    attention: Option<(u32, u32)>,
    trim_offset: Option<(i64, i64)>,
    /// Dots per inch of text that was drawn.
    text_dpi: Option<u32>,
}

/// Makes one picture.
pub fn run(job: &Job<'_>) -> Result<Output> {
    let options = Options::read(job.bag)?;
    let opened = if options.join.is_empty() {
        open::open(&options.input, job.buffers)?
    } else {
        open::open_joined(&options.join, &options.input, job.buffers)?
    };
    let operands = operands::OpenedOperands::open(&options.operation, job.buffers)?;
    let mut report = Report { text_dpi: opened.text_dpi(), ..Report::default() };

    let before = before_resize(&options, &opened.header)?;
    report.load_factor = before.shrink.factor();
    let mut rows = opened.rows(before.shrink)?;
    for step in before.steps {
        rows = steps::apply(step, rows, job.buffers, &mut report, &operands)?;
    }
    let icc = Management::new(&options, &opened.header);
    let input = Loaded { spec: rows.spec(), premultiplied: opened.premultiplied() };
    let after = after_load(&options, &opened.header, input, &icc, &operands.specs())?;
    output::check_size(&options, &opened, job.bag, &after.spec)?;
    for step in after.steps {
        rows = steps::apply(step, rows, job.buffers, &mut report, &operands)?;
    }
    let rows = deadline::until(rows, options.output.timeout_seconds);
    output::write(rows, &opened, &options, job, &report, after.premultiplied, after.icc)
}
