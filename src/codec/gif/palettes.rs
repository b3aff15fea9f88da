//! Which palette each frame is drawn with: the file's own, which grows while colours are exact, or one for the frame.

use super::options::GifOptions;
use crate::{
    codec::palette::{Known, Pixels, Search},
    error::{LimitError, Result},
};

/// Rounds of the palette search for one unit of effort, in those of PNG: a palette is all that GIF has.
const EFFORT: u32 = 2;

/// Part of the usual error diffusion: more of it costs bytes, as LZW finds fewer repeats.
const DITHER: f32 = 0.5;

/// How much farther from the input's palette colours may be than from the palette of another frame: it was made for them.
const INPUT_FITS: f32 = 2.0;

/// A frame as indices.
pub(super) struct Mapped {
    /// Width × height, row by row.
    pub(super) indices: Vec<u8>,
    /// The index of pixels that show what is below.
    pub(super) transparent: Option<u8>,
    /// The frame's own palette, when it is not that of the file.
    pub(super) local: Option<Vec<[u8; 4]>>,
}

/// The palettes of a file.
pub(super) struct Palettes<'o> {
    options: &'o GifOptions,
    /// The input's palette, until the first frame has been looked at.
    input: Vec<[u8; 4]>,
    file: Option<FilePalette>,
    /// Pixels of the largest frame so far.
    area: usize,
    /// Colours of the file's palette at most; less than there are indices when one may be needed for transparency.
    most: usize,
}

struct FilePalette {
    known: Known,
    /// Root mean square distance of the colours that it was made for.
    error: f32,
}

impl<'o> Palettes<'o> {
    /// `input` is the palette of a GIF that was read, empty if there is none; `transparency` whether any frame may need it.
    pub(super) fn new(options: &'o GifOptions, input: &[[u8; 3]], transparency: bool) -> Self {
        let room = (1 << options.bit_depth).min(options.colours as usize);
        let most = room - usize::from(transparency);
        let input = if options.reuse && input.len() <= room { input } else { &[] };
        let opaque = input.iter().take(most).map(|[red, green, blue]| [*red, *green, *blue, 255]).collect();
        Self { options, input: opaque, file: None, area: 0, most }
    }

    /// The colours of the file's palette, when all frames were mapped.
    pub(super) fn colours(&self) -> &[[u8; 4]] {
        self.file.as_ref().map_or(&[], |file| &file.known.colours)
    }

    /// Maps a frame of RGBA pixels. Those that cannot be seen show what is below.
    pub(super) fn map(&mut self, samples: &[u8], width: usize) -> Result<Mapped> {
        let pixels = Pixels { samples, channels: 4 };
        let count = samples.len() / 4;
        let mut indices = Vec::new();
        indices.try_reserve_exact(count).map_err(|_| LimitError::Memory { bytes: count as u64 })?;
        let any_clear = samples.as_chunks::<4>().0.iter().any(|pixel| pixel[3] == 0);
        // While colours are added, the highest index stands for transparency.
        let highest = any_clear.then_some(((1 << self.options.bit_depth) - 1) as u8);
        let most = self.most;

        let known = self.file.get_or_insert_with(|| FilePalette { known: Known::new(&[]), error: 0.0 });
        let is_first = known.known.colours.is_empty();
        if known.known.map(&pixels, most, highest, &mut indices) {
            let transparent = any_clear.then_some(known.known.colours.len() as u8);
            return Ok(Mapped { indices: renumber(indices, highest, transparent), transparent, local: None });
        }
        indices.clear();
        let histogram = pixels.histogram(true);
        let search = Search { most, quality: 100, effort: self.options.effort * EFFORT };
        // The smaller the part that changes, the less a palette of its own is worth its bytes.
        let share = (histogram.count() / self.area.max(count) as f32).powf(0.25);
        self.area = self.area.max(count);
        let reuse = self.options.inter_palette_max_error as f32;
        if is_first {
            let input = std::mem::take(&mut self.input);
            let fits = !input.is_empty() && histogram.error(&input) <= INPUT_FITS * reuse;
            let colours = if fits { input } else { histogram.palette(search) };
            *known = FilePalette { known: Known::new(&colours), error: histogram.error(&colours) };
        }
        // The option is the distance in one channel, as sharp counts it; errors are distances in all three.
        let most_error = known.error.max(reuse * 3f32.sqrt());
        let (colours, local) = if is_first || histogram.error(&known.known.colours) * share <= most_error {
            (known.known.colours.clone(), false)
        } else {
            let mut own = Known::new(&[]);
            if own.map(&pixels, most, highest, &mut indices) {
                let transparent = any_clear.then_some(own.colours.len() as u8);
                let indices = renumber(indices, highest, transparent);
                return Ok(Mapped { indices, transparent, local: Some(own.colours) });
            }
            indices.clear();
            (histogram.palette(search), true)
        };
        let transparent = any_clear.then_some(colours.len() as u8);
        pixels.map(&colours, width, self.options.dither as f32 * DITHER, transparent, &mut indices)?;
        Ok(Mapped { indices, transparent, local: local.then_some(colours) })
    }
}

/// Puts one index in place of another.
fn renumber(mut indices: Vec<u8>, from: Option<u8>, to: Option<u8>) -> Vec<u8> {
    if let (Some(from), Some(to)) = (from, to)
        && from != to
    {
        indices.iter_mut().filter(|index| **index == from).for_each(|index| *index = to);
    }
    indices
}
