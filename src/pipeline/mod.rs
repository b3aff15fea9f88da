//! Runs a plan: reads the options, opens the image, sends its rows through the steps and into an encoder.

mod ahead;
mod bands;
pub mod blocking;
mod gain_map;
mod metadata;
mod open;
mod operands;
mod output;
mod overlay;
mod planes;
mod stats;
mod steps;
mod watch;

pub use metadata::{brief_metadata, metadata};
pub use stats::stats;

use std::{
    borrow::Cow,
    thread::{self, Scope},
};

use ahead::read_ahead;
use gain_map::OpenedGainMap;
use open::Opened;
use operands::OpenedOperands;
use watch::watched_result;

use crate::{
    codec::DecodedGainMap,
    error::Result,
    image::ColourSpace,
    interrupt::{self, Interrupt},
    options::{Bag, Options, Value},
    plan::{self, Loaded, Step, after_load, before_resize, icc::Management},
    threads,
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
    /// The encoded image, unless it went to a file.
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

/// What goes with the rows when all steps are done.
struct Finished {
    /// Colours were multiplied by alpha while the image was resized.
    premultiplied: bool,
    /// The ICC profile to write into the file.
    icc: Option<Vec<u8>>,
    /// The gain map to write beside the image.
    gain_map: Option<DecodedGainMap>,
    /// The pixels are not those of the input.
    changed: bool,
}

/// Makes one image.
pub fn run(job: &Job<'_>) -> Result<Output> {
    let options = Options::read(job.bag)?;
    let seconds = options.output.timeout_seconds;
    interrupt::within((seconds > 0).then(|| Interrupt::after(seconds)), || run_with(job, options))
}

fn run_with(job: &Job<'_>, mut options: Options) -> Result<Output> {
    output::check_same_file(&options)?;
    let opened = if options.join.is_empty() {
        open::open_with(&options.input, job.buffers, options.output.uses_gain_map())?
    } else {
        open::open_joined(&options.join, &options.input, job.buffers)?
    };
    let deep = opened.header.spec.format.space.is_16_bit() && output::writes_deep(&options, &opened, job.bag);
    if deep && options.operation.colourspace == "srgb" {
        // sRGB is the default, and what 10 and 12 bits are asked for is not to lose levels.
        options.operation.colourspace = ColourSpace::Rgb16.name().into();
    }
    let operands = OpenedOperands::open(&options.operation, job.buffers)?;
    let gain_map = OpenedGainMap::open(&opened, &options)?;
    plan::gain_map::check(&options, gain_map.is_some())?;
    thread::scope(|scope| run_opened(job, &options, &opened, gain_map.as_ref(), &operands, scope))
}

/// The same of what is open; the threads that read ahead belong to `scope`.
fn run_opened<'s>(
    job: &'s Job<'_>,
    options: &'s Options,
    opened: &'s Opened<'_>,
    gain_map: Option<&'s OpenedGainMap<'_>>,
    operands: &'s OpenedOperands<'_>,
    scope: &'s Scope<'s, '_>,
) -> Result<Output> {
    let mut report = Report { text_dpi: opened.text_dpi(), ..Report::default() };
    let keeps = options.output.keep_gain_map;
    let applied = gain_map.filter(|_| !keeps);
    let kept = gain_map.filter(|_| keeps && output::holds_gain_map(options, opened, job.bag));
    let header = applied.map_or(Cow::Borrowed(&opened.header), |map| Cow::Owned(map.applied_header()));
    let frames = header.frames();
    let before = before_resize(options, &header)?;
    report.load_factor = before.shrink.factor();
    let icc = Management::new(options, &header);
    let expected = planes::expected(options, opened, job, &header, &before);
    // What cannot be done is reported when the rows are there.
    let planned = expected.filter(|_| applied.is_none()).and_then(|spec| {
        let loaded = Loaded { spec, premultiplied: false, shrink: before.shrink };
        after_load(options, &header, loaded, &icc, &operands.specs()).ok()
    });
    if let Some(after) = &planned
        && let Some(plan) = planes::choose(options, opened, job, &header, (&before, after))
    {
        planes::check_steps(&before, after)?;
        output::check_size(options, opened, job.bag, &after.spec)?;
        let gain_map = kept
            .map(|map| {
                let mut plan = map.plan();
                plan.follow(&before.steps)?;
                plan.follow(&after.steps)?;
                map.run(plan.finish(), operands)
            })
            .transpose()?;
        let changed = before.shrink.factor() != 1.0 || before.steps.iter().chain(&after.steps).any(Step::changes_image);
        let finished = Finished { premultiplied: after.premultiplied, icc: after.icc.clone(), gain_map, changed };
        return planes::run(plan, after.spec, opened, options, job, &report, finished);
    }
    let mut rows = opened.rows(before.shrink)?;
    if let Some(map) = applied {
        rows = map.apply(rows, options)?;
    }
    let mut map_plan = kept.map(OpenedGainMap::plan);
    map_plan.as_mut().map_or(Ok(()), |plan| plan.follow(&before.steps))?;
    let mut changed = before.shrink.factor() != 1.0 || before.steps.iter().any(Step::changes_image);
    let mut steps = before.steps.into_iter().peekable();
    // Decoders pass over what is cut off.
    while let Some(step) = steps.next_if(|step| matches!(step, Step::Crop(..))) {
        rows = steps::apply(step, rows, frames, job.buffers, &mut report, operands)?;
    }
    if threads::workers(rows.spec().samples()?) > 1 {
        rows = read_ahead(rows, scope)?;
    }
    for step in steps {
        rows = steps::apply(step, rows, frames, job.buffers, &mut report, operands)?;
    }
    let input = Loaded { spec: rows.spec(), premultiplied: opened.premultiplied(), shrink: before.shrink };
    let after = match planned.filter(|_| expected == Some(input.spec)) {
        Some(after) => after,
        None => after_load(options, &header, input, &icc, &operands.specs())?,
    };
    output::check_size(options, opened, job.bag, &after.spec)?;
    map_plan.as_mut().map_or(Ok(()), |plan| plan.follow(&after.steps))?;
    changed |= after.steps.iter().any(Step::changes_image);
    for step in after.steps {
        rows = steps::apply(step, rows, frames, job.buffers, &mut report, operands)?;
    }
    rows = watched_result(rows);
    if threads::workers(rows.spec().samples()?) > 2 {
        rows = read_ahead(rows, scope)?;
    }
    let gain_map = kept.zip(map_plan).map(|(map, plan)| map.run(plan.finish(), operands)).transpose()?;
    let finished = Finished { premultiplied: after.premultiplied, icc: after.icc, gain_map, changed };
    output::write(rows, opened, options, job, &report, finished)
}
