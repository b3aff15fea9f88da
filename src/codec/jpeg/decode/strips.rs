//! Planes: the samples of each component as the inverse DCT gives them, at their own subsampling.

use super::{
    decoder::{Decoder, Samples},
    plane::Plane,
    report::Stop,
};

/// Gives the samples of components a row of MCUs at a time.
pub(crate) struct Strips<'a> {
    decoder: Decoder<'a>,
    samples: Samples,
    /// One row of MCUs of each component.
    planes: Vec<Plane>,
}

impl<'a> Strips<'a> {
    /// Begins after the header was read. `shrink` is for each component by how much it is shrunk: 1, 2, 4 or 8. Gives the
    /// decoder back when that fails, for what it has to say.
    pub(crate) fn start(
        mut decoder: Decoder<'a>,
        shrink: &[u32],
        fail_on_warning: bool,
    ) -> Result<Self, Box<Decoder<'a>>> {
        let mut start = || {
            let layouts = decoder.shrunk_layouts(shrink)?;
            let samples = decoder.start(layouts, fail_on_warning)?;
            let planes = decoder.planes(&samples, 1)?;
            Ok::<_, Stop>((samples, planes))
        };
        match start() {
            Ok((samples, planes)) => Ok(Self { decoder, samples, planes }),
            Err(Stop) => Err(Box::new(decoder)),
        }
    }

    /// What is known of damage.
    pub(crate) fn decoder(&self) -> &Decoder<'a> {
        &self.decoder
    }

    /// Decodes the next row of MCUs.
    pub(crate) fn next(&mut self) -> Result<(), Stop> {
        self.decoder.next_mcu_row(&mut self.samples, Some(&mut self.planes), 0)
    }

    /// The samples of a component in the row of MCUs, those from one row to the next, and rows. What is not of the image is
    /// to the right and below.
    pub(crate) fn plane(&self, component: usize) -> (&[u8], usize, usize) {
        let plane = &self.planes[component];
        (&plane.samples, plane.stride, self.samples.layouts[component].mcu_rows() as usize)
    }
}
