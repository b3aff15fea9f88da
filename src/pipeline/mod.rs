//! Runs a plan: reads the options, opens the input, and sends its rows through the steps into an encoder.

mod ahead;
mod bands;
pub mod blocking;
mod destination;
mod gain_map;
mod metadata;
mod open;
mod operands;
mod output;
mod overlay;
mod planes;
mod report;
mod stats;
mod steps;
mod watch;

pub use metadata::{brief_metadata, metadata};
pub use report::{Info, Report};
pub use stats::stats;

use std::{
    borrow::Cow,
    thread::{self, Scope},
};

use ahead::read_ahead;
use destination::Destination;
use gain_map::OpenedGainMap;
use open::Opened;
use operands::OpenedOperands;
use report::{Attention, CropOffset, Number, TrimOffset};
use watch::watched_result;

use crate::{
    codec::DecodedGainMap,
    error::Result,
    image::ColourSpace,
    interrupt::{self, Interrupt},
    options::{Bag, Options},
    plan::{self, Loaded, Step, after_load, before_resize, icc::Management},
    threads,
};

/// Input of a task.
pub struct Job<'a> {
    /// The options bag.
    pub bag: &'a dyn Bag,
    /// The bytes that the bag's `Value::Bytes` stand for, by handle.
    pub buffers: &'a [&'a [u8]],
}

/// Result of a task.
#[derive(Debug)]
pub struct Output {
    /// The encoded image, unless it went to a file.
    pub data: Option<Vec<u8>>,
    pub info: Info,
}

/// What the steps found out and the caller gets in the report.
#[derive(Debug, Default)]
struct Findings {
    /// Pixels of the file in one pixel as it was loaded.
    load_factor: f64,
    crop_offset: Option<(i64, i64)>,
    attention: Option<(u32, u32)>,
    trim_offset: Option<(i64, i64)>,
    /// Dots per inch of text that was drawn.
    text_dpi: Option<u32>,
}

impl Findings {
    /// The entries of a report that steps decide.
    fn info(&self) -> Info {
        let place = |at: u32| Number((f64::from(at) * self.load_factor).trunc());
        Info {
            crop_offset: self.crop_offset.map(|(x, y)| CropOffset { crop_offset_left: x, crop_offset_top: y }),
            attention: self.attention.map(|(x, y)| Attention { attention_x: place(x), attention_y: place(y) }),
            trim_offset: self.trim_offset.map(|(x, y)| TrimOffset { trim_offset_left: x, trim_offset_top: y }),
            text_autofit_dpi: self.text_dpi,
            ..Info::default()
        }
    }
}

/// One image to write: the opened inputs, and where the output goes.
#[derive(Clone, Copy)]
struct Task<'a> {
    inputs: Inputs<'a>,
    destination: &'a Destination<'a>,
}

/// What accompanies the rows when all steps are done.
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

/// Processes one image.
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
    let destination = Destination::resolve(&options.output, opened.codec(), job.bag);
    let deep = opened.header.spec.format.space.is_16_bit() && destination.as_ref().is_ok_and(Destination::is_deep);
    if deep && options.operation.colourspace == "srgb" {
        // sRGB is the default, and what 10 and 12 bits are asked for is not to lose levels.
        options.operation.colourspace = ColourSpace::Rgb16.name().into();
    }
    let operands = OpenedOperands::open(&options.operation, job.buffers)?;
    let gain_map = OpenedGainMap::open(&opened, &options)?;
    plan::gain_map::check(&options, gain_map.is_some())?;
    let inputs = Inputs { job, options: &options, opened: &opened, gain_map: gain_map.as_ref(), operands: &operands };
    thread::scope(|scope| run_opened(inputs, destination, scope))
}

/// What the caller gave, opened.
#[derive(Clone, Copy)]
struct Inputs<'a> {
    job: &'a Job<'a>,
    options: &'a Options,
    opened: &'a Opened<'a>,
    gain_map: Option<&'a OpenedGainMap<'a>>,
    operands: &'a OpenedOperands<'a>,
}

/// Runs the work on opened inputs; the threads that read ahead belong to `scope`. An error of the destination is reported after
/// those of the input and of the steps before it, as sharp does.
fn run_opened<'s>(
    inputs: Inputs<'s>,
    destination: Result<Destination<'_>>,
    scope: &'s Scope<'s, '_>,
) -> Result<Output> {
    let Inputs { job, options, opened, gain_map, operands } = inputs;
    let mut findings = Findings { text_dpi: opened.text_dpi(), ..Findings::default() };
    let keeps = options.output.keep_gain_map;
    let applied = gain_map.filter(|_| !keeps);
    let has_room = destination.as_ref().is_ok_and(|destination| destination.encoder.gain_map);
    let kept = gain_map.filter(|_| keeps && has_room);
    let header = applied.map_or(Cow::Borrowed(&opened.header), |map| Cow::Owned(map.applied_header()));
    let frames = header.frames();
    let before = before_resize(options, &header)?;
    findings.load_factor = before.shrink.factor();
    let icc = Management::new(options, &header);
    let expected = destination.as_ref().ok().and_then(|destination| planes::expected(destination, &header, &before));
    // What cannot be done is reported when the rows are there.
    let planned = expected.filter(|_| applied.is_none()).and_then(|spec| {
        let loaded = Loaded { spec, premultiplied: false, shrink: before.shrink };
        after_load(options, &header, loaded, &icc, &operands.specs()).ok()
    });
    if let (Some(after), Ok(destination)) = (&planned, &destination)
        && let Some(plan) = planes::choose(options, destination, job.bag, &header, (&before, after))
    {
        planes::check_steps(&before, after)?;
        destination.check_size(&opened.header, &after.spec)?;
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
        return planes::run(plan, after.spec, &Task { inputs, destination }, &findings, finished);
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
        rows = steps::apply(step, rows, frames, job.buffers, &mut findings, operands)?;
    }
    if threads::workers(rows.spec().samples()?) > 1 {
        rows = read_ahead(rows, scope)?;
    }
    for step in steps {
        rows = steps::apply(step, rows, frames, job.buffers, &mut findings, operands)?;
    }
    let input = Loaded { spec: rows.spec(), premultiplied: opened.premultiplied(), shrink: before.shrink };
    let after = match planned.filter(|_| expected == Some(input.spec)) {
        Some(after) => after,
        None => after_load(options, &header, input, &icc, &operands.specs())?,
    };
    let destination = destination?;
    destination.check_size(&opened.header, &after.spec)?;
    map_plan.as_mut().map_or(Ok(()), |plan| plan.follow(&after.steps))?;
    changed |= after.steps.iter().any(Step::changes_image);
    for step in after.steps {
        rows = steps::apply(step, rows, frames, job.buffers, &mut findings, operands)?;
    }
    rows = watched_result(rows);
    if threads::workers(rows.spec().samples()?) > 2 {
        rows = read_ahead(rows, scope)?;
    }
    let gain_map = kept.zip(map_plan).map(|(map, plan)| map.run(plan.finish(), operands)).transpose()?;
    let finished = Finished { premultiplied: after.premultiplied, icc: after.icc, gain_map, changed };
    output::write(rows, &Task { inputs, destination: &destination }, &findings, finished)
}
