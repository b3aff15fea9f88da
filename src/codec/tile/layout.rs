//! Sizes and file names of levels and tiles: pure arithmetic.

use super::options::{Layout, TileDepth, TileOptions};

/// Most levels: sides are below 2^27.
const MAX_LEVELS: usize = 32;

/// Zoomify puts this many tiles into one folder.
const GROUP: u64 = 256;

/// A pyramid, resolved: its levels and where each tile goes.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) layout: Layout,
    /// Side of a tile.
    pub(super) size: u32,
    pub(super) overlap: u32,
    /// Width and height of each level, the full size first.
    pub(super) levels: Vec<(u32, u32)>,
    /// Size of the image, without Google's margin.
    pub(super) picture: (u32, u32),
    /// Where the image lies in the first level.
    pub(super) offset: (u32, u32),
    /// Tiles are filled up to their full size.
    pub(super) full_tiles: bool,
    pub(super) suffix: &'static str,
}

/// One tile and the part of its level that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) right: u32,
    pub(super) bottom: u32,
}

impl Plan {
    /// The pyramid of an image of `width` × `height`.
    pub(super) fn new(options: &TileOptions, width: u32, height: u32) -> Self {
        let (size, layout) = (options.size, options.layout);
        let google = layout == Layout::Google;
        let depth = match options.depth {
            TileDepth::ByLayout if layout == Layout::DeepZoom => TileDepth::OnePixel,
            TileDepth::ByLayout => TileDepth::OneTile,
            // Below one tile, Google's names would be the same.
            TileDepth::OnePixel if google => TileDepth::OneTile,
            depth => depth,
        };
        let mut offset = (0, 0);
        let mut full = (width, height);
        if google {
            let tiles = width.div_ceil(size).max(height.div_ceil(size));
            let side = match depth {
                TileDepth::One => (width.div_ceil(size) * size, height.div_ceil(size) * size),
                _ => (tiles.next_power_of_two().saturating_mul(size), tiles.next_power_of_two().saturating_mul(size)),
            };
            full = side;
            if options.centre {
                offset = ((full.0 - width) / 2, (full.1 - height) / 2);
            }
        }
        let mut levels = vec![full];
        while let Some(&(w, h)) = levels.last() {
            let ends = match depth {
                TileDepth::One => true,
                TileDepth::OneTile => w <= size && h <= size,
                TileDepth::OnePixel | TileDepth::ByLayout => w <= 1 && h <= 1,
            };
            if ends || levels.len() == MAX_LEVELS {
                break;
            }
            levels.push((w.div_ceil(2), h.div_ceil(2)));
        }
        let overlap = if layout == Layout::DeepZoom { options.overlap } else { 0 };
        let suffix = options.suffix();
        Self { layout, size, overlap, levels, picture: (width, height), offset, full_tiles: google, suffix }
    }

    /// Tiles across and down a level.
    pub(super) fn tiles(&self, level: usize) -> (u32, u32) {
        let (width, height) = self.levels[level];
        (width.div_ceil(self.size), height.div_ceil(self.size))
    }

    /// What the tile in a column and a row of a level shows.
    pub(super) fn tile(&self, level: usize, column: u32, row: u32) -> Tile {
        let (width, height) = self.levels[level];
        let low = |index: u32| (index * self.size).saturating_sub(self.overlap);
        let high = |index: u32, side: u32| side.min((index + 1).saturating_mul(self.size).saturating_add(self.overlap));
        Tile { left: low(column), top: low(row), right: high(column, width), bottom: high(row, height) }
    }

    /// The number in names: 0 is the smallest.
    fn number(&self, level: usize) -> usize {
        self.levels.len() - 1 - level
    }

    /// The tile's name below the folder of tiles.
    pub(super) fn name(&self, level: usize, column: u32, row: u32) -> String {
        let (number, suffix) = (self.number(level), self.suffix);
        match self.layout {
            Layout::DeepZoom => format!("{number}/{column}_{row}.{suffix}"),
            Layout::Google => format!("{number}/{row}/{column}.{suffix}"),
            Layout::Zoomify => {
                let smaller: u64 = (level + 1..self.levels.len()).map(|level| self.count(level)).sum();
                let index = smaller + u64::from(row) * u64::from(self.tiles(level).0) + u64::from(column);
                format!("TileGroup{}/{number}-{column}-{row}.{suffix}", index / GROUP)
            }
            Layout::Iiif | Layout::Iiif3 => self.iiif(level, column, row),
        }
    }

    /// Tiles of a level.
    fn count(&self, level: usize) -> u64 {
        let (across, down) = self.tiles(level);
        u64::from(across) * u64::from(down)
    }

    /// Region in pixels of the full size, size in pixels of the tile, no rotation. Source: IIIF Image API, 4.
    fn iiif(&self, level: usize, column: u32, row: u32) -> String {
        let tile = self.tile(level, column, row);
        let (width, height) = (tile.right - tile.left, tile.bottom - tile.top);
        let region = if self.tiles(level) == (1, 1) {
            "full".to_owned()
        } else {
            let scale = 1u64 << level;
            let full = self.levels[0];
            let (left, top) = (u64::from(tile.left) * scale, u64::from(tile.top) * scale);
            let across = (u64::from(self.size) * scale).min(u64::from(full.0) - left);
            let down = (u64::from(self.size) * scale).min(u64::from(full.1) - top);
            format!("{left},{top},{across},{down}")
        };
        let height = if self.layout == Layout::Iiif3 { height.to_string() } else { String::new() };
        format!("{region}/{width},{height}/0/default.{}", self.suffix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(layout: Layout, depth: TileDepth) -> Plan {
        Plan::new(&TileOptions { layout, depth, ..TileOptions::default() }, 700, 500)
    }

    #[test]
    fn levels_end_where_they_should() {
        let sizes = |layout, depth| plan(layout, depth).levels.len();
        assert_eq!(sizes(Layout::DeepZoom, TileDepth::ByLayout), 11);
        assert_eq!(sizes(Layout::DeepZoom, TileDepth::OneTile), 3);
        assert_eq!(sizes(Layout::DeepZoom, TileDepth::One), 1);
        assert_eq!(sizes(Layout::Zoomify, TileDepth::ByLayout), 3);
        assert_eq!(plan(Layout::Google, TileDepth::OnePixel).levels, [(1024, 1024), (512, 512), (256, 256)]);
        assert_eq!(plan(Layout::Google, TileDepth::One).levels, [(768, 512)]);
    }

    #[test]
    fn names_are_those_of_the_layout() {
        let name = |layout, level, column, row| plan(layout, TileDepth::ByLayout).name(level, column, row);
        assert_eq!(name(Layout::DeepZoom, 0, 2, 1), "10/2_1.jpeg");
        assert_eq!(name(Layout::Google, 0, 2, 1), "2/1/2.jpg");
        assert_eq!(name(Layout::Zoomify, 1, 1, 0), "TileGroup0/1-1-0.jpg");
        assert_eq!(name(Layout::Iiif, 0, 2, 1), "512,256,188,244/188,/0/default.jpg");
        assert_eq!(name(Layout::Iiif, 1, 1, 0), "512,0,188,500/94,/0/default.jpg");
        assert_eq!(name(Layout::Iiif3, 2, 0, 0), "full/175,125/0/default.jpg");
    }

    #[test]
    fn neighbours_overlap() {
        let options = TileOptions { overlap: 3, ..TileOptions::default() };
        let plan = Plan::new(&options, 700, 500);
        assert_eq!(plan.tile(0, 1, 0), Tile { left: 253, top: 0, right: 515, bottom: 259 });
        assert_eq!(plan.tile(0, 2, 1), Tile { left: 509, top: 253, right: 700, bottom: 500 });
    }
}
