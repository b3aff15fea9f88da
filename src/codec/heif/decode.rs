//! Pixels: the planes of one coded image, or of the tiles of a grid, and those of its alpha plane, row by row.

use super::{
    av1_decoder::Frame,
    boxes::{Cursor, Fault, Parsed},
    file::{Failure, File},
    header::{Picture, corrupt, sentence},
    items::{Nclx, Property},
    to_rgb::{Given, ToRgb},
};
use crate::{
    codec::{Input, LoadShrink, ReadOptions},
    error::{Error, Result},
    image::{RowMut, RowSource, Rows, Spec, depth_mismatch, past_the_end},
};

/// The pixels of the pages asked for, below each other.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let file = File::open(input).map_err(|failure| corrupt(input, failure))?;
    let chosen = file.pages(options).map_err(|fault| corrupt(input, fault.into()))?.chosen;
    let mut chosen = chosen.into_iter();
    let first = chosen.next().ok_or_else(|| Error::Internal("no page".into()))?;
    let rows = page(file.again(input).map_err(pixels)?, first)?;
    if chosen.len() == 0 {
        return Ok(rows);
    }
    let frame = rows.spec();
    let height = frame.height.checked_mul(chosen.len() as u32 + 1).ok_or_else(|| pixels(SIZE.into()))?;
    Ok(Box::new(Pages { spec: frame.resized(frame.width, height), input, file, chosen, rows, left: frame.height }))
}

const SIZE: Fault =
    Fault("Invalid input: Invalid image size: Decoded image does not have the size signaled in the file.");

/// What a fault of the pixels is called.
fn pixels(failure: Failure) -> Error {
    match failure {
        Failure::Fault(fault) => Error::corrupt_pixels(sentence(fault)),
        Failure::Other(error) => error,
    }
}

/// Pages below each other; one is open at a time.
struct Pages<'a> {
    spec: Spec,
    input: &'a Input<'a>,
    file: File<'a>,
    /// Pages to come.
    chosen: std::vec::IntoIter<u32>,
    rows: Rows<'a>,
    /// Rows of the open page to come.
    left: u32,
}

impl RowSource for Pages<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.left == 0 {
            let next = self.chosen.next();
            let file = self.file.again(self.input).map_err(pixels)?;
            self.rows = page(file, next.ok_or_else(past_the_end)?)?;
            self.left = self.rows.spec().height;
        }
        self.left -= 1;
        self.rows.next_row(row)
    }
}

/// One page, cut and turned.
fn page(file: File<'_>, id: u32) -> Result<Rows<'_>> {
    let (rows, picture) = open_page(file, id).map_err(pixels)?;
    picture.turns.apply(Box::new(rows))
}

fn open_page(mut file: File<'_>, id: u32) -> Result<(PictureRows<'_>, Picture), Failure> {
    let picture = Picture::of(&file.items, id)?;
    if picture.compression != "av1" {
        return Err(Fault(unsupported(picture.compression)).into());
    }
    let colour = Layer::open(&mut file, id, picture.coded)?;
    let alpha = match picture.alpha {
        Some(alpha) => {
            let size = file.items.size(alpha).ok_or(Fault("heifload: bad dimensions"))?;
            Some(Layer::open(&mut file, alpha, size)?)
        }
        None => None,
    };
    let premultiplied = picture.alpha.is_some_and(|alpha| file.items.targets(b"prem", id).any(|to| to == alpha));
    let spec = Spec::new(picture.coded.0, picture.coded.1, picture.format());
    Ok((PictureRows { spec, file, colour, alpha, premultiplied, next: 0 }, picture))
}

/// The error for images whose metadata can be read but whose pixels cannot.
fn unsupported(compression: &str) -> &'static str {
    match compression {
        "hevc" => "Error while loading plugin: Support for this compression format has not been built in: HEVC (H.265)",
        "avc" => "Error while loading plugin: Support for this compression format has not been built in: AVC (H.264)",
        "vvc" => "Error while loading plugin: Support for this compression format has not been built in: VVC (H.266)",
        "jpeg2000" => {
            "Error while loading plugin: Support for this compression format has not been built in: JPEG 2000"
        }
        _ => "Error while loading plugin: Support for this compression format has not been built in: JPEG",
    }
}

/// The rows of one image before cuts and turns.
struct PictureRows<'a> {
    spec: Spec,
    file: File<'a>,
    colour: Layer,
    alpha: Option<Layer>,
    /// Whether colours were multiplied by alpha, which is undone.
    premultiplied: bool,
    next: u32,
}

impl RowSource for PictureRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.next == self.spec.height {
            return Err(past_the_end());
        }
        match row {
            RowMut::U8(row) => self.row(row)?,
            RowMut::U16(row) => self.row(row)?,
            RowMut::F32(_) => return Err(depth_mismatch()),
        }
        self.next += 1;
        Ok(())
    }
}

impl PictureRows<'_> {
    fn row<G: Sample>(&mut self, row: &mut [G]) -> Result<()> {
        let (y, channels) = (self.next, self.spec.format.channels());
        self.colour.row(&mut self.file, y, row, channels, Part::Colour).map_err(pixels)?;
        if let Some(alpha) = &mut self.alpha {
            alpha.row(&mut self.file, y, row, channels, Part::Alpha).map_err(pixels)?;
            if self.premultiplied {
                row.chunks_exact_mut(channels).for_each(G::unpremultiply);
            }
        }
        Ok(())
    }
}

/// A sample of a row, with what depends on its width.
trait Sample: Given {
    /// Divides the colours of an RGBA pixel by its alpha.
    fn unpremultiply(pixel: &mut [Self]);
}

macro_rules! sample {
    ($type:ty) => {
        impl Sample for $type {
            fn unpremultiply(pixel: &mut [Self]) {
                let Some((&mut alpha, colours)) = pixel.split_last_mut() else { return };
                let max = u32::from(<$type>::MAX);
                for colour in colours {
                    let whole = (u32::from(*colour) * max + u32::from(alpha) / 2).checked_div(alpha.into());
                    *colour = whole.unwrap_or(0).min(max) as $type;
                }
            }
        }
    };
}
sample!(u8);
sample!(u16);

/// What of a pixel a layer is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Colour,
    Alpha,
}

/// A coded image, or tiles beside and below each other. Tiles are decoded a row of them at a time.
struct Layer {
    /// Items, row by row.
    tiles: Vec<u32>,
    columns: usize,
    /// Size of a tile and of the whole, in pixels.
    tile: (u32, u32),
    size: (u32, u32),
    /// What the file says about colour, which counts before what the bit stream says.
    colour: Option<Nclx>,
    /// The row of tiles that is decoded.
    open: Option<u32>,
    frames: Vec<(Frame, ToRgb)>,
}

impl Layer {
    fn open(file: &mut File<'_>, id: u32, size: (u32, u32)) -> Result<Self, Failure> {
        let items = &file.items;
        let kind = items.get(id).map(|item| item.kind);
        let colour =
            items.property(id, |property| if let Property::Nclx(colour) = *property { Some(colour) } else { None });
        if kind != Some(*b"grid") {
            let (tiles, frames) = (vec![id], Vec::new());
            return Ok(Self { tiles, columns: 1, tile: size, size, colour, open: None, frames });
        }
        let tiles: Vec<u32> = items.targets(b"dimg", id).collect();
        let data = file.data(id)?;
        let grid = Grid::read(Cursor(&data))?;
        let missing = Fault("Invalid input: Missing grid images: Tile image is not a proper image.");
        let first = tiles.first().and_then(|&tile| file.items.size(tile)).ok_or(missing)?;
        let proper = |&tile: &u32| {
            file.items.get(tile).is_some_and(|item| &item.kind == b"av01") && file.items.size(tile) == Some(first)
        };
        if tiles.len() != grid.rows * grid.columns || !tiles.iter().all(proper) {
            return Err(missing.into());
        }
        // No tile may lie outside as a whole: decoding costs no more than the image is large.
        let covers = |tile: u32, count: usize, whole: u32| {
            let covered = |count: usize| u64::from(tile) * count as u64;
            covered(count) >= whole.into() && covered(count - 1) < whole.into()
        };
        if grid.size != size || !covers(first.0, grid.columns, size.0) || !covers(first.1, grid.rows, size.1) {
            return Err(Fault("Invalid input: Invalid grid data: Grid tiles do not cover the image").into());
        }
        Ok(Self { tiles, columns: grid.columns, tile: first, size, colour, open: None, frames: Vec::new() })
    }

    /// Writes row `y`, which must be as wide as this layer.
    fn row<G: Given>(
        &mut self,
        file: &mut File<'_>,
        y: u32,
        row: &mut [G],
        channels: usize,
        part: Part,
    ) -> Result<(), Failure> {
        if row.len() / channels != self.size.0 as usize || y >= self.size.1 {
            return Err(SIZE.into());
        }
        self.decode_tiles(file, y / self.tile.1, G::BITS)?;
        let (y, tile_samples) = ((y % self.tile.1) as usize, self.tile.0 as usize * channels);
        for ((frame, to_rgb), to) in self.frames.iter().zip(row.chunks_mut(tile_samples)) {
            let written = match (part, frame.depth()) {
                (Part::Colour, 8) => to_rgb.row::<u8, G>(frame, y, to, channels),
                (Part::Colour, _) => to_rgb.row::<u16, G>(frame, y, to, channels),
                (Part::Alpha, 8) => to_rgb.alpha_row::<u8, G>(frame, y, to, channels),
                (Part::Alpha, _) => to_rgb.alpha_row::<u16, G>(frame, y, to, channels),
            };
            written.ok_or(SIZE)?;
        }
        Ok(())
    }

    fn decode_tiles(&mut self, file: &mut File<'_>, row: u32, bits: u32) -> Result<(), Failure> {
        if self.open == Some(row) {
            return Ok(());
        }
        self.frames.clear();
        let start = row as usize * self.columns;
        for &tile in self.tiles.get(start..start + self.columns).ok_or(SIZE)? {
            let point =
                |property: &Property| if let Property::OperatingPoint(point) = *property { Some(point) } else { None };
            let point = file.items.property(tile, point).unwrap_or(0);
            let (width, height) = self.tile;
            let frame = file.frame(tile, point, u64::from(width) * u64::from(height))?;
            if (frame.width(), frame.height()) != (width as usize, height as usize) {
                return Err(SIZE.into());
            }
            let colour = self.colour.unwrap_or_else(|| frame.colour());
            let depth = frame.depth();
            self.frames.push((frame, ToRgb::new(colour, depth, bits)));
        }
        self.open = Some(row);
        Ok(())
    }
}

/// The data of a `grid` item. Source: ISO/IEC 23008-12, clause 6.6.2.3.
struct Grid {
    rows: usize,
    columns: usize,
    /// Width and height of the whole.
    size: (u32, u32),
}

impl Grid {
    fn read(mut data: Cursor<'_>) -> Parsed<Self> {
        data.u8()?;
        let wide = data.u8()? & 1 == 1;
        let (rows, columns) = (usize::from(data.u8()?) + 1, usize::from(data.u8()?) + 1);
        Ok(Self { rows, columns, size: (data.u16_or_u32(wide)?, data.u16_or_u32(wide)?) })
    }
}
