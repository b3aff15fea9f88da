//! Colour management: what is converted where, and which profile the output carries.

use std::{fs::File, io::Read};

use crate::{
    codec::Header,
    colour::icc::{self, Conversion, Profile, Standard, Target},
    image::{ColourSpace, Depth, PixelFormat},
    options::{Keep, Options},
    warnings::Warnings,
};

/// No file with a profile is larger.
const MAX_PROFILE_LEN: u64 = 10 << 20;

/// Colour management of one image, by what the caller said and what its header says.
#[derive(Debug)]
pub struct Management<'a> {
    embedded: Option<&'a [u8]>,
    /// The embedded profile was made from numbers, which sharp does not look at.
    is_coded: bool,
    /// The embedded profile is not looked at.
    ignored: bool,
    /// The embedded profile is neither used nor replaced before the output, unless colours leave its space.
    passes_through: bool,
    /// What the output is converted to.
    output: Option<Output>,
    attach: bool,
    /// CMYK stays CMYK.
    keeps_inks: bool,
}

#[derive(Debug)]
enum Output {
    Standard(Standard),
    Profile(Box<Profile>),
}

/// The profile that colours are in on their way through the pipeline.
#[derive(Debug, Clone, Copy)]
pub struct Working<'a> {
    /// What to take colours for where the profile is missing or does not fit them.
    fallback: Standard,
    carried: Carried<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Carried<'a> {
    Nothing,
    Standard(Standard),
    /// As it was in the file; it may be no valid profile at all.
    Embedded(&'a [u8]),
}

impl<'a> Management<'a> {
    /// Reads the output's profile when it is a file. A file that is missing or holds no profile counts for nothing, as with
    /// sharp.
    pub fn new(options: &Options, header: &'a Header) -> Self {
        let name = options.output.with_icc_profile.as_str();
        let output = match (name, Standard::by_name(name)) {
            ("", _) => None,
            (_, Some(standard)) => Some(Output::Standard(standard)),
            (path, None) => {
                let profile = read(path);
                if profile.is_none() {
                    Warnings::of_task().push("Invalid profile");
                }
                profile.map(|profile| Output::Profile(Box::new(profile)))
            }
        };
        let attach = options.output.keep().has(Keep::ICC);
        // A profile is kept as it is: with the numbers that it describes.
        let inks = |bytes: &Vec<u8>| icc::space(bytes) == Some(4);
        let keeps = attach && name.is_empty() && options.operation.colourspace == "cmyk" && !options.input.ignore_icc;
        let keeps_inks = keeps && header.metadata.icc.as_ref().is_some_and(inks);
        Self {
            embedded: header.metadata.icc.as_deref(),
            is_coded: header.metadata.icc_is_coded,
            ignored: options.input.ignore_icc,
            passes_through: attach && name.is_empty(),
            output,
            attach,
            keeps_inks: keeps_inks || options.operation.colourspace_pipeline == "cmyk",
        }
    }

    /// Whether inks stay as they are.
    pub const fn keeps_inks(&self) -> bool {
        self.keeps_inks
    }

    /// The first conversion, from the embedded profile to sRGB (Display P3 for 16-bit colour, as with sharp), for a
    /// image of `format`; and the profile that colours are in from there on.
    pub fn import(&self, format: PixelFormat) -> (Option<Conversion>, Working<'a>) {
        let deep = format.space == ColourSpace::Rgb16 && !self.is_coded;
        let fallback = if deep { Standard::DisplayP3 } else { Standard::Srgb };
        let converted = Working { fallback, carried: Carried::Standard(fallback) };
        let managed =
            matches!(format.space, ColourSpace::Srgb | ColourSpace::Rgb16 | ColourSpace::Grey | ColourSpace::Cmyk);
        // Inks become colours by their own profile, or not at all.
        let passes = self.ignored || (self.passes_through && format.space != ColourSpace::Cmyk);
        if let Some(bytes) = self.embedded.filter(|_| managed && !passes && !self.keeps_inks) {
            let source = Profile::parse(bytes);
            if let Some(conversion) = source.and_then(|it| Conversion::new(&it, Target::Standard(fallback), format)) {
                return (Some(conversion), converted);
            }
        }
        if format.space == ColourSpace::Cmyk && !self.keeps_inks {
            // Converted without a profile.
            return (None, converted);
        }
        (None, Working { fallback, carried: self.embedded.map_or(Carried::Nothing, Carried::Embedded) })
    }

    /// The last conversion, to the profile asked for, for an image of `format`, and the profile to attach. Where the
    /// conversion starts from colour and the image is grey, it is to be made colour first.
    pub fn export(&self, format: PixelFormat, working: Working<'a>) -> Export {
        let kept = match working.carried {
            // Inks that the pipeline made are those of the standard, whatever colours were in before.
            Carried::Nothing | Carried::Standard(_) if format.space == ColourSpace::Cmyk && !self.keeps_inks => {
                Some(Standard::Cmyk.profile().bytes())
            }
            Carried::Nothing => None,
            Carried::Standard(standard) => Some(standard.profile().bytes()),
            Carried::Embedded(bytes) => Some(bytes),
        };
        let attached = |bytes: &[u8]| self.attach.then(|| bytes.to_vec());
        let Some(output) = &self.output else {
            return Export { conversion: None, attached: kept.and_then(attached) };
        };
        let target = match output {
            Output::Standard(standard) => Target::Standard(*standard),
            Output::Profile(profile) => Target::Profile(profile),
        };
        match self.to(target, format, working) {
            Some(conversion) => Export { conversion: Some(conversion), attached: attached(target.profile().bytes()) },
            None => Export { conversion: None, attached: kept.and_then(attached) },
        }
    }

    fn to(&self, target: Target<'_>, format: PixelFormat, working: Working<'_>) -> Option<Conversion> {
        let source = match working.carried {
            Carried::Embedded(bytes) => Profile::parse(bytes),
            Carried::Nothing | Carried::Standard(_) => None,
        };
        // Fractions, and colours that are no device's, become those of sRGB.
        let format = match (format.space.depth(), format.depth) {
            (Depth::F32, _) => format.in_space(ColourSpace::Srgb),
            (_, Depth::F32) => format.in_space(format.space),
            _ => format,
        };
        // Inks have 8 bits.
        let format = if target.profile().channels() == 4 { format.in_space(narrow(format.space)) } else { format };
        if let Some(source) = source.filter(|source| source.channels() == format.space.channels()) {
            return Conversion::new(&source, target, format);
        }
        let source = match working.carried {
            _ if format.space == ColourSpace::Cmyk => Standard::Cmyk,
            // Colours were 16 bits deep and are no more: they are still in that profile.
            Carried::Standard(standard) => standard,
            Carried::Nothing | Carried::Embedded(_) => working.fallback,
        };
        let colour = format.in_space(match format.space {
            ColourSpace::Grey => ColourSpace::Srgb,
            ColourSpace::Grey16 => ColourSpace::Rgb16,
            space => space,
        });
        Conversion::new(source.profile(), target, colour)
    }
}

/// How an image leaves.
#[derive(Debug, Clone)]
pub struct Export {
    pub conversion: Option<Conversion>,
    /// The profile to write into the file.
    pub attached: Option<Vec<u8>>,
}

/// The same colours in 8 bits.
const fn narrow(space: ColourSpace) -> ColourSpace {
    match space {
        ColourSpace::Rgb16 => ColourSpace::Srgb,
        ColourSpace::Grey16 => ColourSpace::Grey,
        space => space,
    }
}

/// The profile in a file.
fn read(path: &str) -> Option<Profile> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_PROFILE_LEN).read_to_end(&mut bytes).ok()?;
    Profile::parse(&bytes)
}
