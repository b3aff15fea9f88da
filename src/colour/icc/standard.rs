//! The profiles that have a name, written from their definition.

use std::sync::OnceLock;

use super::{Profile, press};

/// A colour space that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// IEC 61966-2-1.
    Srgb,
    /// The primaries of SMPTE EG 432-1 with the white and the transfer curve of sRGB.
    DisplayP3,
    /// Four inks as images without a profile are taken to be in.
    Cmyk,
}

/// XYZ of red, green and blue, one row each, adapted from D65 to the D50 of the profile connection space with the Bradford
/// matrix, in the steps of a profile. Source: the chromaticities in the standards above, ICC.1:2022 annex E.
pub(super) type Colorants = [[f64; 3]; 3];
const ONE: f64 = 65536.0;
const SRGB: Colorants = [
    [28576.0 / ONE, 14578.0 / ONE, 911.0 / ONE],
    [25238.0 / ONE, 46985.0 / ONE, 6362.0 / ONE],
    [9376.0 / ONE, 3973.0 / ONE, 46788.0 / ONE],
];
/// As sharp's profile has them, which rounds the Z of red up to 0: other numbers, though nearer, would be other blues.
const DISPLAY_P3: Colorants = [
    [33759.0 / ONE, 15807.0 / ONE, 0.0 / ONE],
    [19135.0 / ONE, 45367.0 / ONE, 2741.0 / ONE],
    [10296.0 / ONE, 4362.0 / ONE, 51320.0 / ONE],
];

/// White of the profile connection space.
pub(super) const D50: [f64; 3] = [0.9642, 1.0, 0.8249];
/// The Bradford adaptation from D65 to D50, by rows.
const D65_TO_D50: [f64; 9] = [1.04789, 0.02292, -0.05022, 0.02958, 0.99048, -0.01708, -0.00925, 0.01507, 0.75168];
/// Exponent, slope, offset, slope of the linear part, and where that ends: `parametricCurveType` function 3.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];

impl Standard {
    /// What `withIccProfile` calls it.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "srgb" => Some(Self::Srgb),
            "p3" => Some(Self::DisplayP3),
            "cmyk" => Some(Self::Cmyk),
            _ => None,
        }
    }

    /// The profile: version 4, that of inks version 2.
    pub fn profile(self) -> &'static Profile {
        static SRGB_PROFILE: OnceLock<Profile> = OnceLock::new();
        static DISPLAY_P3_PROFILE: OnceLock<Profile> = OnceLock::new();
        static CMYK_PROFILE: OnceLock<Profile> = OnceLock::new();
        let cell = match self {
            Self::Srgb => &SRGB_PROFILE,
            Self::DisplayP3 => &DISPLAY_P3_PROFILE,
            Self::Cmyk => &CMYK_PROFILE,
        };
        cell.get_or_init(|| {
            let bytes = match self {
                Self::Srgb => display("sRGB", &SRGB, &curve()),
                // A name that programs compare.
                Self::DisplayP3 => display("sP3C", &DISPLAY_P3, &curve()),
                Self::Cmyk => press::profile(),
            };
            Profile::parse(&bytes).expect("a profile of our own")
        })
    }
}

/// A display profile of three primaries and one curve, as it stands in a tag. Source: ICC.1:2022, 7.2, 7.3, 9.2, 10.
pub(super) fn display(description: &str, colorants: &Colorants, curve: &[u8]) -> Vec<u8> {
    let tags: [(&[&[u8; 4]], Vec<u8>); 8] = [
        (&[b"desc"], localized(description)),
        (&[b"cprt"], localized("CC0")),
        (&[b"wtpt"], numbers(b"XYZ ", &D50)),
        (&[b"chad"], numbers(b"sf32", &D65_TO_D50)),
        (&[b"rXYZ"], numbers(b"XYZ ", &colorants[0])),
        (&[b"gXYZ"], numbers(b"XYZ ", &colorants[1])),
        (&[b"bXYZ"], numbers(b"XYZ ", &colorants[2])),
        (&[b"rTRC", b"gTRC", b"bTRC"], curve.to_vec()),
    ];
    assemble(header(*b"mntr", *b"RGB ", *b"XYZ ", 4, 0), &tags)
}

/// A profile of a header and tags; tags with several names share their data.
pub(super) fn assemble(mut profile: Vec<u8>, tags: &[(&[&[u8; 4]], Vec<u8>)]) -> Vec<u8> {
    let count: usize = tags.iter().map(|(names, _)| names.len()).sum();
    let mut table = (count as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (names, bytes) in tags {
        let offset = (HEADER + 4 + 12 * count + data.len()) as u32;
        for name in *names {
            table.extend([name.as_slice(), &offset.to_be_bytes(), &(bytes.len() as u32).to_be_bytes()].concat());
        }
        data.extend(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    profile.extend(table);
    profile.extend(data);
    let size = (profile.len() as u32).to_be_bytes();
    profile[..4].copy_from_slice(&size);
    profile
}

const HEADER: usize = 128;

/// A header whose size is still to be written: class, colour space, connection space, major version, rendering intent.
pub(super) fn header(class: [u8; 4], space: [u8; 4], connection: [u8; 4], version: u8, intent: u8) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(8, &[version, 0x40, 0, 0]);
    put(12, &[class, space, connection].concat());
    // Year, month, day: a date is required and must not make two outputs differ.
    put(24, &[7, 0xea, 0, 1, 0, 1]);
    put(36, b"acsp");
    put(67, &[intent]);
    put(68, &numbers(b"XYZ ", &D50)[8..]);
    header
}

/// Signed 15.16 fixed point.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

pub(super) fn numbers(kind: &[u8; 4], values: &[f64]) -> Vec<u8> {
    let mut bytes = [kind.as_slice(), &[0; 4]].concat();
    bytes.extend(values.iter().flat_map(|&value| fixed(value)));
    bytes
}

/// The sRGB curve.
pub(super) fn curve() -> Vec<u8> {
    let mut bytes = numbers(b"para", &CURVE);
    bytes.splice(8..8, [0, 3, 0, 0]);
    bytes
}

/// One text, in English.
fn localized(text: &str) -> Vec<u8> {
    let text: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let records = [1, 12u32].map(u32::to_be_bytes).concat();
    let place = [text.len() as u32, 28].map(u32::to_be_bytes).concat();
    [b"mluc\0\0\0\0".as_slice(), &records, b"enUS", &place, &text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_profiles() {
        assert_eq!(Standard::by_name("p3"), Some(Standard::DisplayP3));
        assert_eq!(Standard::by_name("cmyk"), Some(Standard::Cmyk));
        assert_eq!(Standard::Cmyk.profile().channels(), 4);
        assert_eq!(Standard::by_name("adobe"), None);
    }

    #[test]
    fn profiles_are_small_and_whole() {
        for standard in [Standard::Srgb, Standard::DisplayP3] {
            let profile = standard.profile();
            assert!(profile.bytes().len() <= 512, "{}", profile.bytes().len());
            assert_eq!(profile.bytes()[..4], (profile.bytes().len() as u32).to_be_bytes());
            assert_eq!(profile.channels(), 3);
        }
    }

    #[test]
    fn primaries_add_up_to_white() {
        for colorants in [SRGB, DISPLAY_P3] {
            for (axis, white) in D50.into_iter().enumerate() {
                let sum: f64 = colorants.iter().map(|colour| colour[axis]).sum();
                assert!((sum - white).abs() < 2e-4, "{sum} is not {white}");
            }
        }
    }
}
