//! The planes path: from a decoder of planes through the resampler to an encoder of planes, when the [plan](crate::plan::planes)
//! has one.

use super::{Findings, Finished, Output, Task, blocking, destination::Destination, output, watch::watched_planes};
use crate::{
    codec::{Header, LoadShrink},
    error::Result,
    image::{PlaneSource, Planes, Spec},
    ops::arrange_planes,
    options::{Bag, Options},
    plan::{
        After, Before, Step,
        planes::{Choice, PlanesPlan, plan},
    },
    resample::planes::PlanesResampler,
};

/// Size and layout of the rows that the steps after the decoder begin with, when they are known before it: what is done
/// before the resize only moves pixels. `None` when no planes go in or out, or the sizes depend on the image.
pub(super) fn expected(destination: &Destination<'_>, header: &Header, before: &Before) -> Option<Spec> {
    header.planes?;
    destination.planes()?;
    let factor = match before.shrink {
        LoadShrink::None => 1,
        LoadShrink::Dct(factor) => u32::from(factor),
        LoadShrink::Scale(_) => return None,
    };
    let Spec { width, height, .. } = header.spec;
    let loaded = header.spec.resized(width.div_ceil(factor), height.div_ceil(factor));
    before.steps.iter().try_fold(loaded, |spec, step| match step {
        Step::Orient(turn) => {
            let (width, height) = turn.size(spec.width, spec.height);
            Some(spec.resized(width, height))
        }
        Step::Crop(rect) => Some(spec.resized(rect.width, rect.height)),
        _ => None,
    })
}

/// The plan, when this image can go by planes.
pub(super) fn choose(
    options: &Options,
    destination: &Destination<'_>,
    bag: &dyn Bag,
    header: &Header,
    (before, after): (&Before, &After),
) -> Option<PlanesPlan> {
    let planes = destination.planes()?;
    let format = after.spec.format;
    if (destination.encoder.accepts)(format, bag) != format {
        return None;
    }
    plan(&Choice {
        image: header.spec,
        input: header.planes?,
        before,
        after,
        output: (planes.accepts)(after.spec.width, after.spec.height, bag)?,
        fast_shrink: options.geometry.fast_shrink_on_load,
    })
}

/// Makes one image by planes.
pub(super) fn run(
    plan: PlanesPlan,
    spec: Spec,
    task: &Task<'_>,
    findings: &Findings,
    finished: Finished,
) -> Result<Output> {
    let source = task.inputs.opened.planes(plan.shrink)?;
    let mut planes: Box<dyn PlaneSource + '_> =
        Box::new(PlanesResampler::new(source, plan.resampled(), &plan.positions, plan.kernel)?);
    if !plan.is_direct() {
        let resampled = Planes::collect(planes.as_mut())?;
        let arranged = arrange_planes::arrange(&resampled, plan.turn, &plan.content, plan.background, plan.output)?;
        planes = Box::new(arranged.into_source());
    }
    let mut planes = watched_planes(planes);
    output::write_planes(planes.as_mut(), spec, task, findings, finished)
}

/// Fails when the caller has forbidden a step.
pub(super) fn check_steps(before: &Before, after: &After) -> Result<()> {
    before.steps.iter().chain(&after.steps).try_for_each(|step| blocking::check_operations(step.classes()))
}
