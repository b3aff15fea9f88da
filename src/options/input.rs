//! Descriptors in the bag: where an image comes from and how it is read, and how an overlay is laid over.

use super::{Align, Blend, Bytes, FailOn, OptionValue, RawDepth, TextWrap, Value, bag};

/// Pixels that are read unless the caller says otherwise: a square with a side of 2^14 - 1.
pub const LIMIT_INPUT_PIXELS: u64 = 0x3FFF * 0x3FFF;

/// Channels that are read unless the caller says otherwise.
pub const LIMIT_INPUT_CHANNELS: u64 = 5;

bag! {
    /// Where an image comes from: bytes, a file, or nothing but a description; and how it is read.
    pub struct InputDescriptor {
        /// Path.
        "file" => file: Option<String> = None;
        /// Encoded bytes or raw pixels.
        "buffer" => buffer: Option<Bytes> = None;
        /// Apply the EXIF orientation.
        "autoOrient" => auto_orient: bool = false;
        /// Damage that makes reading fail.
        "failOn" => fail_on: FailOn = FailOn::Warning;
        /// Most pixels, width × height; 0 is no limit.
        "limitInputPixels" => limit_input_pixels: u64 = LIMIT_INPUT_PIXELS;
        /// Most channels; 0 is no limit.
        "limitInputChannels" => limit_input_channels: u64 = LIMIT_INPUT_CHANNELS;
        /// Do not convert from the embedded ICC profile.
        "ignoreIcc" => ignore_icc: bool = false;
        /// Lift the decoders' safety limits.
        "unlimited" => unlimited: bool = false;
        /// Read from top to bottom only.
        "sequentialRead" => sequential_read: bool = true;
        /// Dots per inch that vector images are drawn at.
        "density" => density: f64 = 72.0, 1.0..=100_000.0;
        /// Pages to read, -1 is all.
        "pages" => pages: i32 = 1, -1..=100_000;
        /// First page to read.
        "page" => page: Option<u32> = None;
        /// Width of raw pixels.
        "rawWidth" => raw_width: u32 = 0, 0..=100_000_000;
        /// Height of raw pixels.
        "rawHeight" => raw_height: u32 = 0, 0..=100_000_000;
        /// Channels of raw pixels, 0 is that the bytes are no raw pixels.
        "rawChannels" => raw_channels: u32 = 0, 0..=4;
        /// Sample type of raw pixels.
        "rawDepth" => raw_depth: RawDepth = RawDepth::Uchar;
        /// Raw pixels are premultiplied by their alpha.
        "rawPremultiplied" => raw_premultiplied: bool = false;
        /// Rows of one frame of raw pixels, 0 is that there is only one.
        "rawPageHeight" => raw_page_height: u32 = 0, 0..=100_000_000;
        /// CSS for SVG.
        "svgStylesheet" => svg_stylesheet: Option<String> = None;
        /// Draw SVG with 32 bits a channel.
        "svgHighBitdepth" => svg_high_bitdepth: bool = false;
        /// Level of a slide.
        "openSlideLevel" => open_slide_level: u32 = 0, 0..=256;
        /// Sub-directory of a TIFF, -1 is the main one.
        "tiffSubifd" => tiff_subifd: i32 = -1, -1..=100_000;
        /// Paper colour of PDF.
        "pdfBackground" => pdf_background: [f64; 4] = [255.0; 4];
        /// Decode JPEG 2000 in one go.
        "jp2Oneshot" => jp2_oneshot: bool = false;
        /// Width of an image to make.
        "createWidth" => create_width: u32 = 0, 0..=100_000_000;
        /// Height of an image to make.
        "createHeight" => create_height: u32 = 0, 0..=100_000_000;
        /// Channels of an image to make, 0 is that none is made.
        "createChannels" => create_channels: u32 = 0, 0..=4;
        /// Rows of one frame of it, 0 is that there is only one.
        "createPageHeight" => create_page_height: u32 = 0, 0..=100_000_000;
        /// Its colour.
        "createBackground" => create_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// `gaussian`, or absent for a plain colour.
        "createNoiseType" => create_noise_type: Option<String> = None;
        /// Mean of the noise.
        "createNoiseMean" => create_noise_mean: f64 = 128.0, 0.0..=10_000.0;
        /// Standard deviation of the noise.
        "createNoiseSigma" => create_noise_sigma: f64 = 30.0, 0.0..=10_000.0;
        /// Text to draw, with Pango markup.
        "textValue" => text_value: Option<String> = None;
        "textFont" => text_font: Option<String> = None;
        "textFontfile" => text_fontfile: Option<String> = None;
        /// Width to wrap at, 0 is none.
        "textWidth" => text_width: u32 = 0, 0..=1_000_000;
        /// Height to fill by choice of resolution, 0 is none.
        "textHeight" => text_height: u32 = 0, 0..=1_000_000;
        "textAlign" => text_align: Align = Align::Low;
        "textJustify" => text_justify: bool = false;
        /// Dots per inch.
        "textDpi" => text_dpi: u32 = 72, 0..=1_000_000;
        /// Draw in colour rather than as a mask.
        "textRgba" => text_rgba: bool = false;
        /// Points between lines.
        "textSpacing" => text_spacing: i32 = 0, -1_000_000..=1_000_000;
        "textWrap" => text_wrap: TextWrap = TextWrap::Word;
        /// Join as frames of an animation.
        "joinAnimated" => join_animated: bool = false;
        /// Images in one row.
        "joinAcross" => join_across: u32 = 1, 1..=1_000_000;
        /// Pixels between them.
        "joinShim" => join_shim: u32 = 0, 0..=1_000_000;
        /// Fill between and around them.
        "joinBackground" => join_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        "joinHalign" => join_halign: Align = Align::Low;
        "joinValign" => join_valign: Align = Align::Low;
    }
}

bag! {
    /// An image to lay over, and where.
    pub struct Overlay {
        "input" => input: InputDescriptor = InputDescriptor::default();
        "blend" => blend: Blend = Blend::Over;
        /// Repeat over the whole image.
        "tile" => tile: bool = false;
        /// Offset from the left, when `has_offset`.
        "left" => left: i32 = 0, -100_000_000..=100_000_000;
        /// Offset from the top, when `has_offset`.
        "top" => top: i32 = 0, -100_000_000..=100_000_000;
        "hasOffset" => has_offset: bool = false;
        /// 0 to 8 as in `GeometryOptions::position`, when not `has_offset`.
        "gravity" => gravity: u32 = 0, 0..=8;
        /// Both images are premultiplied already.
        "premultiplied" => premultiplied: bool = false;
    }
}

/// A descriptor as an option: an object in the bag.
macro_rules! object_option {
    ($type:ty, $expected:literal) => {
        impl OptionValue for $type {
            const EXPECTED: &'static str = $expected;
            fn from_value(value: &Value) -> Option<Self> {
                matches!(value, Value::Map(_)).then(|| Self::read(value).ok()).flatten()
            }
            fn to_value(&self) -> Value {
                Value::Map(self.entries().into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }
        }
    };
}
object_option!(InputDescriptor, "input descriptor");
object_option!(Overlay, "overlay");

impl OptionValue for Bytes {
    const EXPECTED: &'static str = "Buffer";
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(*bytes) } else { None }
    }
    fn to_value(&self) -> Value {
        Value::Bytes(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_survives_the_bag() {
        let bytes = Bytes { kind: super::super::BytesKind::Buffer, len: 3, handle: 7 };
        let descriptor =
            InputDescriptor { buffer: Some(bytes), fail_on: FailOn::None, pages: -1, ..InputDescriptor::default() };
        assert_eq!(InputDescriptor::from_value(&descriptor.to_value()), Some(descriptor));
        let overlay = Overlay { blend: Blend::DestIn, left: -5, ..Overlay::default() };
        assert_eq!(Overlay::from_value(&overlay.to_value()), Some(overlay));
    }

    #[test]
    fn nothing_but_an_object_is_a_descriptor() {
        assert_eq!(InputDescriptor::from_value(&Value::List(vec![])), None);
        assert_eq!(InputDescriptor::from_value(&Value::Map(vec![("pages".to_owned(), 0.5.into())])), None);
    }
}
