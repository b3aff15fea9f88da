//! Images of text with Pango's markup, drawn by the shaper and the rasteriser that SVG brings.

mod draw;
mod layout;
mod markup;
mod style;

pub use draw::Drawn;

use crate::{
    error::{InputError, Result},
    options::{Align, InputDescriptor, TextWrap},
};

/// Dots per inch unless the caller says otherwise.
pub const USUAL_DPI: u32 = 72;

/// Longest text, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// What the caller asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct TextInput {
    /// Text with markup.
    pub text: String,
    /// Family, style and size as Pango writes them, `Sans Bold 12`.
    pub font: String,
    /// A font to take into account beside those of the system.
    pub fontfile: Option<String>,
    /// Pixels to wrap at, 0 is none.
    pub width: u32,
    /// Pixels to fill by choice of resolution, 0 is none; only with a width.
    pub height: u32,
    pub align: Align,
    pub justify: bool,
    /// Dots per inch.
    pub dpi: u32,
    /// In colour, rather than as a mask.
    pub rgba: bool,
    /// Pixels between lines, beside those of the font.
    pub spacing: i32,
    pub wrap: TextWrap,
}

impl TextInput {
    /// The text that a descriptor has.
    pub fn new(text: String, descriptor: &InputDescriptor) -> Self {
        Self {
            text,
            font: descriptor.text_font.clone().unwrap_or_default(),
            fontfile: descriptor.text_fontfile.clone(),
            width: descriptor.text_width,
            height: descriptor.text_height,
            align: descriptor.text_align,
            justify: descriptor.text_justify,
            dpi: if descriptor.text_dpi == 0 { USUAL_DPI } else { descriptor.text_dpi },
            rgba: descriptor.text_rgba,
            spacing: descriptor.text_spacing,
            wrap: descriptor.text_wrap,
        }
    }

    /// Draws it: grey when it is a mask, RGBA when it is in colour, as large as what is drawn.
    pub fn draw(&self) -> Result<Drawn> {
        if self.text.len() > MAX_TEXT {
            return Err(InputError::Text("text is too long").into());
        }
        draw::draw(self)
    }
}
