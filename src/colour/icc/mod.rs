//! ICC profiles: which one an image's colours are in, which they are to be in, and the way between.
//!
//! Parsing and lookup tables of profiles are `moxcms`'; 8-bit images with a matrix profile, which is nearly all of them,
//! take a shorter way of our own ([`shaper`]).

mod clut;
pub(crate) mod coded;
mod convert;
mod device;
mod inks;
mod link;
mod press;
mod shaper;
mod standard;

pub use convert::{Conversion, Light, Target};
pub use standard::Standard;

#[cfg(test)]
mod tests;

use moxcms::{ColorProfile, DataColorSpace, ProfileClass};

/// A profile that was understood.
#[derive(Debug)]
pub struct Profile {
    bytes: Vec<u8>,
    colour: ColorProfile,
}

impl Profile {
    /// Reads a profile of grey, RGB or CMYK images; `None` when it is damaged or of another kind.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        // Some writers leave bytes after the profile, or state a size past its end.
        space(bytes)?;
        let colour = ColorProfile::new_from_slice(bytes).ok()?;
        let describes_pictures = matches!(
            colour.profile_class,
            ProfileClass::InputDevice
                | ProfileClass::DisplayDevice
                | ProfileClass::OutputDevice
                | ProfileClass::ColorSpace
        );
        describes_pictures.then(|| Self { bytes: bytes.to_vec(), colour })
    }

    /// As it stands in files.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The major version of the specification that it follows.
    fn version(&self) -> u8 {
        self.bytes[8]
    }

    /// Colour channels of the images it describes: 1, 3 or 4.
    pub fn channels(&self) -> usize {
        match self.colour.color_space {
            DataColorSpace::Gray => 1,
            DataColorSpace::Rgb => 3,
            _ => 4,
        }
    }
}

/// Colour channels that the header of a profile speaks of; `None` when it is no profile of grey, RGB or CMYK images.
pub fn space(bytes: &[u8]) -> Option<usize> {
    let header = bytes.get(..132)?;
    let size = u32::from_be_bytes([header[0], header[1], header[2], header[3]]);
    if &header[36..40] != b"acsp" || (size as usize) < header.len() {
        return None;
    }
    match &header[16..20] {
        b"GRAY" => Some(1),
        b"RGB " => Some(3),
        b"CMYK" => Some(4),
        _ => None,
    }
}
