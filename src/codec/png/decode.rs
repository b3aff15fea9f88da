//! Header and pixels of a file, still or animated.

use super::{
    animation::{self, Animation},
    chunks::Head,
    frames,
    header::{self, PngHeader},
    still::{self, Part},
};
use crate::{
    codec::{Header, Input, LoadShrink, ReadOptions, ShrinkOnLoad},
    error::{Error, Result},
    image::RowSource,
    options::FailOn,
    warnings::Warnings,
};

/// Size, layout and metadata.
pub(super) fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let (mut header, (mut chunks, length)) = header::open(input, options)?;
    let mut spec = header.spec();
    if let Some(animation) = Animation::index(&header, &mut chunks, length, options.fail_on)? {
        if animation::is_asked(options) {
            let (canvas, frames) = frames::spec(&header, &animation, options, input.origin())?;
            header.metadata.page_height = (frames.height > canvas.height).then_some(canvas.height);
            spec = frames;
        }
        header.metadata.pages = Some(animation.frames.len() as u32);
        header.metadata.loop_count = Some(animation.plays);
        header.metadata.delay = animation.frames.iter().map(|frame| frame.control.delay).collect();
    }
    Ok(Header { spec, metadata: header.metadata, shrink: ShrinkOnLoad::None, planes: None })
}

/// The rows of a PNG. Memory is a few rows and a window of the inflater; an interlaced image is read whole here.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let (header, (mut chunks, length)) = header::open(input, options)?;
    check_checksums(&header, options.fail_on)?;
    if animation::is_asked(options)
        && let Some(animation) = Animation::index(&header, &mut chunks, length, options.fail_on)?
    {
        return frames::rows(input, header, animation, options);
    }
    still::rows(&header, Part { chunks, head: Head { length, name: *b"IDAT" } }, options.fail_on)
}

/// A damaged chunk before the pixels, which the header alone can live with.
fn check_checksums(header: &PngHeader, fail_on: FailOn) -> Result<()> {
    match (header.damaged, fail_on) {
        (Some(name), FailOn::Warning) => {
            Err(Error::corrupt_pixels(format!("Warning treated as error due to failOn setting\n{name}: CRC error")))
        }
        (Some(name), FailOn::Error) => Err(Error::corrupt_pixels(format!("{name}: CRC error"))),
        (Some(name), _) => {
            Warnings::of_task().push(format!("{name}: CRC error"));
            Ok(())
        }
        (None, _) => Ok(()),
    }
}
