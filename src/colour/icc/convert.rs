//! From one profile's colours to another's, row by row.

use std::{fmt, sync::Arc};

use moxcms::{
    ColorProfile, Layout, RenderingIntent, Transform8BitExecutor, Transform16BitExecutor, TransformExecutor,
    TransformOptions,
};

use super::{
    Profile, Standard,
    device::Device,
    inks,
    link::Link,
    shaper::{Shaper, codes_of},
};
use crate::{
    colour::{
        cmyk::{self, separate},
        simplex::{self, Simplex},
    },
    error::{Error, Result},
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, Sample, Spec, depth_mismatch, map::map_rows},
};

/// A conversion between two profiles, ready to be applied.
#[derive(Clone)]
pub struct Conversion {
    /// What goes into it.
    pub from: ColourSpace,
    /// What comes out of it.
    pub to: ColourSpace,
    way: Way,
}

#[derive(Clone)]
enum Way {
    /// Colours stay as they are.
    Identity,
    /// Grey to the sRGB codes of equal red, green and blue.
    Grey(Box<[u8; 256]>),
    Shaper(Arc<Shaper>),
    Inks(Arc<Simplex>),
    /// To sRGB, and from there to the inks of the profile that has a name.
    Separation(Box<Conversion>),
    /// Inks without a profile of their own.
    PlainInks,
    Link(Arc<Link>),
    Eight(Arc<Transform8BitExecutor>),
    Sixteen(Arc<Transform16BitExecutor>),
}

impl fmt::Debug for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Conversion from {} to {}", self.from.name(), self.to.name())
    }
}

impl PartialEq for Conversion {
    /// The same conversion, or a copy of it.
    fn eq(&self, other: &Self) -> bool {
        (self.from, self.to) == (other.from, other.to)
            && match (&self.way, &other.way) {
                (Way::Identity, Way::Identity) | (Way::PlainInks, Way::PlainInks) => true,
                (Way::Grey(a), Way::Grey(b)) => a == b,
                (Way::Shaper(a), Way::Shaper(b)) => Arc::ptr_eq(a, b),
                (Way::Inks(a), Way::Inks(b)) => Arc::ptr_eq(a, b),
                (Way::Separation(a), Way::Separation(b)) => a == b,
                (Way::Link(a), Way::Link(b)) => Arc::ptr_eq(a, b),
                (Way::Eight(a), Way::Eight(b)) => Arc::ptr_eq(a, b),
                (Way::Sixteen(a), Way::Sixteen(b)) => Arc::ptr_eq(a, b),
                _ => false,
            }
    }
}

/// Where a conversion leads.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    Standard(Standard),
    Profile(&'a Profile),
}

impl Target<'_> {
    pub fn profile(&self) -> &Profile {
        match self {
            Target::Standard(standard) => standard.profile(),
            Target::Profile(profile) => profile,
        }
    }
}

impl Conversion {
    /// The conversion of images of `format` from `source`; `None` when the profiles do not fit the image or each other.
    pub fn new(source: &Profile, target: Target<'_>, format: PixelFormat) -> Option<Self> {
        if source.channels() != format.space.channels() {
            return None;
        }
        let deep = match format.depth {
            Depth::U8 => false,
            Depth::U16 => true,
            Depth::F32 => return None,
        };
        let to = match (target.profile().channels(), deep) {
            (1, false) => ColourSpace::Grey,
            (1, true) => ColourSpace::Grey16,
            (3, false) => ColourSpace::Srgb,
            (3, true) => ColourSpace::Rgb16,
            (4, false) => ColourSpace::Cmyk,
            _ => return None,
        };
        let (from, into) = (&source.colour, &target.profile().colour);
        let short = match target {
            _ if source.bytes() == target.profile().bytes() => Some(Way::Identity),
            Target::Standard(Standard::Srgb) if std::ptr::eq(source, Standard::Cmyk.profile()) => Some(Way::PlainInks),
            Target::Standard(Standard::Srgb) if source.channels() == 4 => Some(Way::Inks(inks::table(source)?)),
            Target::Standard(Standard::Cmyk) => {
                let colours = Self::new(source, Target::Standard(Standard::Srgb), format)?;
                Some(Way::Separation(Box::new(colours)))
            }
            Target::Standard(standard) => short_way(from, into).filter(|way| match way {
                Way::Identity => true,
                // The longer way is as near as 8 bits are.
                _ => standard == Standard::Srgb && !has_special_curves(from),
            }),
            Target::Profile(_) => None,
        };
        let way = match short {
            Some(Way::Identity) => Way::Identity,
            Some(way) if !deep => way,
            // From colours to the inks of a file, the library is nearer to littlecms.
            _ if !deep
                && (target.profile().channels() < 4 || source.channels() == 4)
                && let Some(link) = Link::new((from, source.version()), (into, target.profile().version())) =>
            {
                Way::Link(Arc::new(link))
            }
            _ => general_way(from, into, to, deep)?,
        };
        Some(Self { from: format.space, to, way })
    }

    /// Whether rows come out as they went in.
    pub fn is_identity(&self) -> bool {
        matches!(self.way, Way::Identity)
    }

    /// `source` converted; alpha stays as it is.
    pub fn apply<'a>(self, source: Rows<'a>) -> Result<Rows<'a>> {
        let spec = source.spec();
        let alpha = spec.format.alpha;
        let to = spec.with_format(spec.format.in_space(self.to));
        match self.way {
            Way::Identity => Ok(source),
            Way::Grey(codes) => map_rows(source, to, move |from, to| {
                let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
                replicate(&codes, from, to, alpha);
                Ok(())
            }),
            Way::Shaper(shaper) => map_rows(source, to, move |from, to| {
                let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
                if alpha {
                    shaper.convert::<4>(from, to)
                } else {
                    shaper.convert::<3>(from, to)
                }
                Ok(())
            }),
            Way::Inks(table) => simplex::convert(source, table),
            Way::Separation(colours) => separate::convert(colours.apply(source)?, separate::PRESS),
            Way::PlainInks => cmyk::convert(source),
            Way::Link(link) => map_rows(source, to, move |from, to| {
                let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
                link.convert(from, to, alpha);
                Ok(())
            }),
            Way::Eight(transform) => {
                let mut colours = Colours::new(&spec, &to);
                map_rows(source, to, move |from, to| {
                    let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
                    colours.convert(&*transform, from, to)
                })
            }
            Way::Sixteen(transform) => {
                let mut colours = Colours::new(&spec, &to);
                map_rows(source, to, move |from, to| {
                    let (Row::U16(from), RowMut::U16(to)) = (from, to) else { return Err(depth_mismatch()) };
                    colours.convert(&*transform, from, to)
                })
            }
        }
    }
}

/// Curves and a matrix, or one curve, to a target with the sRGB curve.
fn short_way(source: &ColorProfile, target: &ColorProfile) -> Option<Way> {
    if has_table(source) {
        return None;
    }
    if source.gray_trc.is_some() {
        let light = source.build_gray_linearize_table::<u8, 256, 8>().ok()?;
        return Some(Way::Grey(Box::new(codes_of(&light))));
    }
    let light = Light::of(source, target)?;
    Some(match Shaper::new(&light.curves.each_ref().map(AsRef::as_ref), &light.matrix) {
        Some(shaper) => Way::Shaper(Arc::new(shaper)),
        None => Way::Identity,
    })
}

/// Whether the darkest code is light, or codes of grey are lightness.
fn has_special_curves(profile: &ColorProfile) -> bool {
    let is_lightness = profile.gray_trc.is_some() && profile.pcs == moxcms::DataColorSpace::Lab;
    is_lightness || Device::input(profile).is_some_and(|device| device.has_light_black())
}

/// What the codes of an image of red, green and blue mean in linear light.
pub struct Light {
    /// Linear light, 0 to 1, of each code of red, green and blue.
    pub curves: [Box<[f32; 256]>; 3],
    /// From the light of the profile's primaries to that of the target's.
    pub matrix: [[f64; 3]; 3],
}

impl Light {
    /// In the primaries of sRGB, of a profile as it stands in files. `None` when it is not made of curves and a matrix.
    pub fn in_srgb(profile: &[u8]) -> Option<Self> {
        let source = Profile::parse(profile)?.colour;
        if has_table(&source) { None } else { Self::of(&source, &Standard::Srgb.profile().colour) }
    }

    fn of(source: &ColorProfile, target: &ColorProfile) -> Option<Self> {
        if !source.is_matrix_shaper() {
            return None;
        }
        let curves = [
            source.build_r_linearize_table::<u8, 256, 8>(false).ok()?,
            source.build_g_linearize_table::<u8, 256, 8>(false).ok()?,
            source.build_b_linearize_table::<u8, 256, 8>(false).ok()?,
        ];
        Some(Self { curves, matrix: source.transform_matrix(target).v })
    }
}

/// Whether a profile has a table for its colours, which is to be read in place of curves.
const fn has_table(profile: &ColorProfile) -> bool {
    profile.lut_a_to_b_perceptual.is_some()
        || profile.lut_a_to_b_colorimetric.is_some()
        || profile.lut_a_to_b_saturation.is_some()
}

/// By the colour management library.
fn general_way(source: &ColorProfile, target: &ColorProfile, space: ColourSpace, deep: bool) -> Option<Way> {
    let layout = |channels| match channels {
        1 => Layout::Gray,
        3 => Layout::Rgb,
        _ => Layout::Rgba,
    };
    let from = layout(match source.color_space {
        moxcms::DataColorSpace::Gray => 1,
        moxcms::DataColorSpace::Rgb => 3,
        _ => 4,
    });
    let to = layout(space.channels());
    let options = TransformOptions {
        rendering_intent: RenderingIntent::Perceptual,
        allow_use_cicp_transfer: false,
        // 13 bits of fraction are too few for 16-bit samples.
        prefer_fixed_point: !deep,
        ..TransformOptions::default()
    };
    Some(if deep {
        Way::Sixteen(source.create_transform_16bit(from, target, to, options).ok()?)
    } else {
        Way::Eight(source.create_transform_8bit(from, target, to, options).ok()?)
    })
}

fn replicate(codes: &[u8; 256], from: &[u8], to: &mut [u8], alpha: bool) {
    if alpha {
        let (from, _) = from.as_chunks::<2>();
        let (to, _) = to.as_chunks_mut::<4>();
        for (to, &[grey, alpha]) in to.iter_mut().zip(from) {
            let code = codes[grey as usize];
            *to = [code, code, code, alpha];
        }
    } else {
        let (to, _) = to.as_chunks_mut::<3>();
        to.iter_mut().zip(from).for_each(|(to, &grey)| *to = [codes[grey as usize]; 3]);
    }
}

/// Rows whose alpha has to step aside while the colours are converted.
struct Colours<S> {
    channels: (usize, usize),
    alpha: bool,
    from: Vec<S>,
    to: Vec<S>,
}

impl<S: Sample + Default> Colours<S> {
    fn new(from: &Spec, to: &Spec) -> Self {
        Self {
            channels: (from.format.space.channels(), to.format.space.channels()),
            alpha: from.format.alpha,
            from: Vec::new(),
            to: Vec::new(),
        }
    }

    fn convert(&mut self, transform: &dyn TransformExecutor<S>, from: &[S], to: &mut [S]) -> Result<()> {
        let failed = |error: moxcms::CmsError| Error::Internal(format!("colour conversion: {error}"));
        if !self.alpha {
            return transform.transform(from, to).map_err(failed);
        }
        let (inputs, outputs) = self.channels;
        self.from.clear();
        self.from.extend(from.chunks_exact(inputs + 1).flat_map(|pixel| &pixel[..inputs]));
        self.to.resize(self.from.len() / inputs * outputs, S::default());
        transform.transform(&self.from, &mut self.to).map_err(failed)?;
        let pixels = to.chunks_exact_mut(outputs + 1).zip(from.chunks_exact(inputs + 1));
        for ((to, from), colour) in pixels.zip(self.to.chunks_exact(outputs)) {
            to[..outputs].copy_from_slice(colour);
            to[outputs] = from[inputs];
        }
        Ok(())
    }
}
