//! Metadata: what a file holds beside the pixels.

mod density;
pub mod exif;
pub mod gain_map;
pub mod photoshop;
pub mod xmp;

pub use density::{Density, DensityUnit};
pub use gain_map::{GainMap, GainMapInfo};

/// Metadata as a decoder found it, each block as raw bytes in the form the public API hands out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// EXIF orientation, 1 to 8, when there is one.
    pub orientation: Option<u8>,
    pub density: Option<Density>,
    /// `4:2:0`, `4:4:4`, `4:2:0:4`, `4:4:4:4`.
    pub chroma_subsampling: Option<&'static str>,
    pub progressive: bool,
    pub palette: bool,
    /// Bits per sample where the format has several (PNG, GIF, HEIF).
    pub bits_per_sample: Option<u8>,
    /// Frames or pages in the file, when the format has them.
    pub pages: Option<u32>,
    /// Name of the format, where one codec reads several.
    pub format: Option<&'static str>,
    /// Media type where it is not the usual one of the format.
    pub media_type: Option<&'static str>,
    /// Number of the page that is shown first, when the format has one (HEIF).
    pub page_primary: Option<u32>,
    /// How pixels are coded, where the format has several ways (HEIF).
    pub compression: Option<&'static str>,
    /// Rows of one frame when several are read into one tall image.
    pub page_height: Option<u32>,
    /// Times an animation is shown, 0 is forever.
    pub loop_count: Option<u32>,
    /// Milliseconds each frame is shown.
    pub delay: Vec<u32>,
    /// Default background: one value for grey, three for colour, on the scale of the pixels.
    pub background: Vec<f64>,
    /// The palette of a GIF that has one for all frames, as red, green and blue.
    pub colour_table: Vec<[u8; 3]>,
    /// With the `Exif\0\0` prefix.
    pub exif: Option<Vec<u8>>,
    pub icc: Option<Vec<u8>>,
    /// The profile was made from code points in the file.
    pub icc_is_coded: bool,
    pub iptc: Option<Vec<u8>>,
    pub xmp: Option<Vec<u8>>,
    /// Read only when it is asked for.
    pub gain_map: Option<GainMap>,
    /// Photoshop's image resources, as TIFF has them.
    pub photoshop: Option<Vec<u8>>,
    /// Sub-directories of a TIFF page.
    pub subifds: u32,
    /// How the samples are stored, when the decoder gives them in another layout.
    pub stored: Option<Stored>,
    /// Keyword and text of PNG text chunks.
    pub comments: Vec<(String, String)>,
}

/// The layout of samples in a file, in the public names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub space: &'static str,
    pub depth: &'static str,
    /// Samples of a pixel, alpha included.
    pub channels: u32,
}
