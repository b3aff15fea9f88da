//! Where the pixels of a row are looked up.

/// Pixels of a row that are made at a time, before those of the rows below.
pub(crate) const TILE: usize = 128;

/// A place on one axis of an image, in units of 2⁻³² pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place(pub(crate) u64);

impl Place {
    /// The pixel at or before it.
    pub(crate) const fn pixel(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// How far it is beyond that pixel, 0 to 1 in so many bits, cut off.
    pub(crate) const fn fraction(self, bits: u32) -> i32 {
        ((self.0 & 0xffff_ffff) >> (32 - bits)) as i32
    }

    /// The same as a number.
    pub(crate) fn part(self) -> f32 {
        /// As many as single precision holds.
        const BITS: u32 = 24;
        self.fraction(BITS) as f32 / (1 << BITS) as f32
    }

    pub(crate) const fn half_a_pixel_on(self) -> Self {
        Self(self.0 + (1 << 31))
    }
}

/// Places of the pixels of a part of a row, all of which are in the image.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) x: Place,
    pub(crate) y: Place,
    /// From one pixel to the next.
    pub(crate) step_x: i64,
    pub(crate) step_y: i64,
}

impl Run {
    /// The places of a pixel of the run.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub(crate) fn at(&self, index: usize) -> (Place, Place) {
        let along = |start: Place, step: i64| Place(start.0.wrapping_add_signed(step.wrapping_mul(index as i64)));
        (along(self.x, self.step_x), along(self.y, self.step_y))
    }

    /// From the samples of a pixel to those of the pixel that is a tile further, in rows of `stride` samples. Rows that are
    /// crossed aslant are not foreseen by processors, which without being [asked](crate::simd::prefetch) for them early wait
    /// for memory as long as they compute.
    pub(crate) fn ahead(&self, channels: usize, stride: usize) -> usize {
        let along = |step: i64| (step.wrapping_mul(TILE as i64) >> 32) as usize;
        along(self.step_x).wrapping_mul(channels).wrapping_add(along(self.step_y).wrapping_mul(stride))
    }

    /// Writes what `value` finds at each place.
    #[inline(always)]
    pub(crate) fn each<P>(&self, row: &mut [P], value: impl Fn(Place, Place) -> P) {
        let (mut x, mut y) = (self.x, self.y);
        for pixel in row {
            *pixel = value(x, y);
            x = Place(x.0.wrapping_add_signed(self.step_x));
            y = Place(y.0.wrapping_add_signed(self.step_y));
        }
    }
}
