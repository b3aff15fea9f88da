use super::*;
use crate::{api::*, image::*};
pub static CODEC: Codec = Codec {
    id: "raw",
    media_type: None,
    suffixes: &[],
    aliases: &[],
    loaders: &[],
    decoder: None,
    encoder: Some(Encoder {
        method: Method {
            name: "raw",
            length: 1,
            call: |c| {
                c.set("formatOut", "raw");
                Ok(())
            },
        },
        defaults: || vec![("rawDepth", "uchar".into())],
        accepts: |f, _| f,
        max_side: None,
        encode: |rows, _, out| {
            let spec = rows.spec();
            let mut r = Samples::row_of(&spec)?;
            for _ in 0..spec.height {
                rows.next_row(r.all_mut())?;
                out.write_all(r.bytes()).unwrap();
            }
            Ok(())
        },
    }),
};
pub fn depth_name(_: &OutputOptions) -> &'static str {
    "uchar"
}
pub struct RawInput {
    pub width: u32,
    pub height: u32,
    pub channels: u32,
    pub depth: RawDepth,
    pub premultiplied: bool,
}
fn fmt(c: u32) -> PixelFormat {
    PixelFormat::new(if c < 3 { ColourSpace::Grey } else { ColourSpace::Srgb }, Depth::U8, c % 2 == 0)
}
impl RawInput {
    pub fn spec(&self) -> Spec {
        Spec::new(self.width, self.height, fmt(self.channels))
    }
    pub fn rows<'a>(&self, b: &'a [u8]) -> Result<crate::ops::Rows<'a>> {
        Ok(Box::new(Image::from_samples(self.spec(), Samples::U8(b.to_vec()))?.into_rows()))
    }
}
pub struct CreateInput(Spec, [f64; 4]);
impl CreateInput {
    pub fn new(d: &InputDescriptor) -> Result<Self> {
        Ok(Self(Spec::new(d.create_width, d.create_height, fmt(d.create_channels)), d.create_background))
    }
    pub fn spec(&self) -> Spec {
        self.0
    }
    pub fn rows(&self) -> Result<crate::ops::Rows<'static>> {
        let mut i = Image::new(self.0)?;
        for y in 0..self.0.height {
            crate::ops::embed::paint(i.row_mut(y), &self.1[..self.0.format.channels()]);
        }
        Ok(Box::new(i.into_rows()))
    }
}
