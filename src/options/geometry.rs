//! Options of the geometry: resize, extract, trim, rotate, extend, affine.

use super::{Canvas, ExtendWith, Interpolator, Kernel, bag};

/// Longest side of any image that is made.
pub const MAX_SIDE: u32 = 100_000_000;

bag! {
    /// Size, position and orientation: resize, extract, trim, rotate, extend, affine.
    pub struct GeometryOptions {
        /// Top of the extract before resize, -1 is none.
        "topOffsetPre" => top_offset_pre: i32 = -1, -1..=100_000_000;
        /// Left of the extract before resize.
        "leftOffsetPre" => left_offset_pre: i32 = -1, -1..=100_000_000;
        /// Width of the extract before resize.
        "widthPre" => width_pre: i32 = -1, -1..=100_000_000;
        /// Height of the extract before resize.
        "heightPre" => height_pre: i32 = -1, -1..=100_000_000;
        /// Top of the extract after resize, -1 is none.
        "topOffsetPost" => top_offset_post: i32 = -1, -1..=100_000_000;
        /// Left of the extract after resize.
        "leftOffsetPost" => left_offset_post: i32 = -1, -1..=100_000_000;
        /// Width of the extract after resize.
        "widthPost" => width_post: i32 = -1, -1..=100_000_000;
        /// Height of the extract after resize.
        "heightPost" => height_post: i32 = -1, -1..=100_000_000;
        /// Width to resize to, -1 is by the height's scale.
        "width" => width: i32 = -1, -1..=100_000_000;
        /// Height to resize to, -1 is by the width's scale.
        "height" => height: i32 = -1, -1..=100_000_000;
        /// How to fit when both are given.
        "canvas" => canvas: Canvas = Canvas::Crop;
        /// 0 to 8 is centre, N, E, S, W, NE, SE, SW, NW; 16 is entropy, 17 is attention.
        "position" => position: u32 = 0, 0..=17;
        /// Fill of `contain`.
        "resizeBackground" => resize_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// Clockwise rotation in degrees, a multiple of 90.
        "angle" => angle: i32 = 0;
        /// Clockwise rotation in degrees, any other.
        "rotationAngle" => rotation_angle: f64 = 0.0;
        /// Fill of the corners that a rotation opens.
        "rotationBackground" => rotation_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// Rotate before resize and extract.
        "rotateBefore" => rotate_before: bool = false;
        /// Apply the EXIF orientation before the first extract.
        "orientBefore" => orient_before: bool = false;
        /// Mirror top to bottom.
        "flip" => flip: bool = false;
        /// Mirror left to right.
        "flop" => flop: bool = false;
        /// Rows added at the top.
        "extendTop" => extend_top: u32 = 0, 0..=100_000_000;
        /// Rows added at the bottom.
        "extendBottom" => extend_bottom: u32 = 0, 0..=100_000_000;
        /// Columns added on the left.
        "extendLeft" => extend_left: u32 = 0, 0..=100_000_000;
        /// Columns added on the right.
        "extendRight" => extend_right: u32 = 0, 0..=100_000_000;
        /// Fill of the added edges.
        "extendBackground" => extend_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// What the added edges show.
        "extendWith" => extend_with: ExtendWith = ExtendWith::Background;
        /// Never make a side longer.
        "withoutEnlargement" => without_enlargement: bool = false;
        /// Never make a side shorter.
        "withoutReduction" => without_reduction: bool = false;
        /// Two rows of two factors, empty is none.
        "affineMatrix" => affine_matrix: Vec<f64> = Vec::new();
        /// Fill of what the transform opens.
        "affineBackground" => affine_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// Input offset across.
        "affineIdx" => affine_idx: f64 = 0.0;
        /// Input offset down.
        "affineIdy" => affine_idy: f64 = 0.0;
        /// Output offset across.
        "affineOdx" => affine_odx: f64 = 0.0;
        /// Output offset down.
        "affineOdy" => affine_ody: f64 = 0.0;
        /// Interpolation of the transform.
        "affineInterpolator" => affine_interpolator: Interpolator = Interpolator::Bilinear;
        /// Kernel of resize.
        "kernel" => kernel: Kernel = Kernel::Lanczos3;
        /// Let the decoder shrink as far as it can.
        "fastShrinkOnLoad" => fast_shrink_on_load: bool = true;
        /// Colour that trim removes, empty is that of the top-left pixel.
        "trimBackground" => trim_background: Vec<f64> = Vec::new();
        /// Distance from that colour that trim still removes, below 0 is no trim.
        "trimThreshold" => trim_threshold: f64 = -1.0;
        /// The image is line art: no smoothing before trim looks for edges.
        "trimLineArt" => trim_line_art: bool = false;
        /// Pixels that trim leaves around the found area.
        "trimMargin" => trim_margin: u32 = 0, 0..=10_000_000;
    }
}
