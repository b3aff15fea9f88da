//! Several images as one: in a grid of cells that are as large as the largest of them.

use super::{Opened, open};
use crate::{
    codec::LoadShrink,
    colour,
    error::{Error, LimitError, OperationError, Result},
    image::{ColourSpace, PixelFormat, RowMut, RowSource, Rows, Samples, Spec, aside::aside, channels},
    meta::Metadata,
    options::{Align, InputDescriptor, LIMIT_INPUT_PIXELS},
    plan::background::Background,
};

/// Pixels that the grid may have when the images in it have less: as many as are read by default.
const MAX_PIXELS: u64 = LIMIT_INPUT_PIXELS;

/// Images whose headers were read, and where they go.
pub(super) struct Joined<'a> {
    parts: Vec<Opened<'a>>,
    spec: Spec,
    cell: (u32, u32),
    across: usize,
    shim: u32,
    halign: Align,
    valign: Align,
    background: Vec<f64>,
}

impl<'a> Joined<'a> {
    /// Opens the images; `how` has the options of the grid.
    pub(super) fn open(pictures: &[InputDescriptor], how: &InputDescriptor, buffers: &[&'a [u8]]) -> Result<Self> {
        let parts = pictures.iter().map(|picture| open(picture, buffers)).collect::<Result<Vec<_>>>()?;
        let specs = || parts.iter().map(|part| part.header.spec);
        let cell = specs().fold((0, 0), |(width, height), spec| (spec.width.max(width), spec.height.max(height)));
        let across = how.join_across.max(1);
        let down = (parts.len() as u64).div_ceil(u64::from(across));
        let side = |cell: u32, count: u64| {
            u64::from(cell).saturating_mul(count).saturating_add(u64::from(how.join_shim).saturating_mul(count - 1))
        };
        let (width, height) = (side(cell.0, across.into()), side(cell.1, down));
        let area = |spec: Spec| u64::from(spec.width) * u64::from(spec.height);
        let too_large = || Error::from(LimitError::Dimensions { width, height });
        if width.saturating_mul(height) > MAX_PIXELS.max(specs().map(area).sum()) {
            return Err(too_large());
        }
        let format = layout(&specs().map(|spec| spec.format.with_named_alpha()).collect::<Vec<_>>())?;
        let size = |side: u64| u32::try_from(side).map_err(|_| too_large());
        let spec = Spec::new(size(width)?, size(height)?, format);
        let mut colour = how.join_background;
        if !format.alpha {
            colour[3] = 255.0;
        }
        let background = Background::new(colour, format, false).channels;
        let (halign, valign) = (how.join_halign, how.join_valign);
        Ok(Self { parts, spec, cell, across: across as usize, shim: how.join_shim, halign, valign, background })
    }

    pub(super) const fn spec(&self) -> Spec {
        self.spec
    }

    /// That of the first image, and the frames that an animation of all has.
    pub(super) fn metadata(&self, how: &InputDescriptor) -> Metadata {
        let first = self.parts.first().map(|part| part.header.metadata.clone()).unwrap_or_default();
        let count = u32::try_from(self.parts.len()).ok();
        let frames = count.filter(|&count| how.join_animated && self.spec.height.is_multiple_of(count));
        Metadata {
            pages: frames,
            page_height: frames.map(|frames| self.spec.height / frames),
            // For ever, when the frames are told to be read.
            loop_count: frames.filter(|_| how.pages == -1).map(|_| 0),
            delay: Vec::new(),
            ..first
        }
    }

    /// The rows of the grid.
    pub(super) fn rows(&self) -> Result<Rows<'_>> {
        let mut empty = Samples::row_of(&self.spec)?;
        let channels = self.spec.format.channels();
        let mut row = empty.all_mut();
        for at in 0..self.spec.row_samples() {
            row.set(at, self.background[at % channels]);
        }
        let mut cells = Vec::with_capacity(self.parts.len());
        for (at, part) in self.parts.iter().enumerate() {
            let (column, line) = (at % self.across, at / self.across);
            let spec = part.header.spec;
            let place = |cell: u32, count: usize, own: u32, align: Align| {
                let before = match align {
                    Align::Low => 0,
                    Align::Centre => (cell - own) / 2,
                    Align::High => cell - own,
                };
                // What the whole image has room for, so that nothing overflows.
                (cell + self.shim) * count as u32 + before
            };
            cells.push(Cell {
                rows: self.part(part)?,
                left: place(self.cell.0, column, spec.width, self.halign),
                top: place(self.cell.1, line, spec.height, self.valign),
                width: spec.width,
                height: spec.height,
            });
        }
        Ok(Box::new(JoinRows { spec: self.spec, cells, empty, next: 0 }))
    }

    /// One image in the layout of all.
    fn part<'s>(&'s self, part: &'s Opened<'a>) -> Result<Rows<'s>> {
        let space = self.spec.format.space;
        let rows = channels::name_alpha(part.rows(LoadShrink::None)?)?;
        let inks = rows.spec().format.space == ColourSpace::Cmyk && space != ColourSpace::Cmyk;
        let rows = colour::convert(if inks { colour::from_inks(rows)? } else { rows }, space)?;
        if self.spec.format.alpha { aside(rows, |rows| channels::ensure_alpha(rows, 1.0)) } else { Ok(rows) }
    }
}

/// The layout that holds images of all these: colour when one has it, alpha too, the depth of the first. All must have the
/// same number of extra channels.
fn layout(formats: &[PixelFormat]) -> Result<PixelFormat> {
    let extra = formats.first().map_or(0, |format| format.extra);
    if formats.iter().any(|format| format.extra != extra) {
        let largest = formats.iter().map(|format| format.channels()).max().unwrap_or(0);
        return Err(OperationError::JoinChannels(largest).into());
    }
    let all = |test: fn(&PixelFormat) -> bool| formats.iter().all(test);
    let deep = formats.first().is_some_and(|format| format.space.is_16_bit());
    let space = match (all(|format| format.space.is_grey()), deep) {
        (true, false) => ColourSpace::Grey,
        (true, true) => ColourSpace::Grey16,
        (false, true) => ColourSpace::Rgb16,
        (false, false) if all(|format| format.space == ColourSpace::Cmyk) => ColourSpace::Cmyk,
        (false, false) => ColourSpace::Srgb,
    };
    let alpha = formats.iter().any(|format| format.alpha);
    Ok(PixelFormat { extra, ..PixelFormat::new(space, space.depth(), alpha) })
}

struct Cell<'a> {
    rows: Rows<'a>,
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

struct JoinRows<'a> {
    spec: Spec,
    cells: Vec<Cell<'a>>,
    /// A row of background.
    empty: Samples,
    next: u32,
}

impl RowSource for JoinRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        row.reborrow().copy_from(self.empty.all())?;
        let channels = self.spec.format.channels();
        let y = self.next;
        self.next += 1;
        for cell in &mut self.cells {
            if (cell.top..cell.top + cell.height).contains(&y) {
                let start = cell.left as usize * channels;
                cell.rows.next_row(row.reborrow().slice_mut(start..start + cell.width as usize * channels))?;
            }
        }
        // Those that are done give their memory back.
        self.cells.retain(|cell| cell.top + cell.height > y + 1);
        Ok(())
    }
}
