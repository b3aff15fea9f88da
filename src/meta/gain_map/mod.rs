//! Gain maps: a small image that says, place by place, how much more light an image has on a display that can show it.
//!
//! Sources: ISO 21496-1:2025; Adobe, "Gain Map specification" 1.0, 2023; Android, "Ultra HDR Image Format" 1.1.

mod iso;
mod xmp;

pub use iso::{ISO_NAMESPACE, ISO_VERSION};

/// A gain map as it is in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct GainMap {
    /// The encoded image, metadata and all.
    pub image: Vec<u8>,
    pub info: GainMapInfo,
}

/// How the samples of a gain map, 0 to 1, are to be understood.
#[derive(Debug, Clone, PartialEq)]
pub struct GainMapInfo {
    /// For red, green and blue; three times the same for all channels.
    pub channels: [GainChannel; 3],
    /// Stops that a display shows beyond white, below which the image is shown as it is.
    pub base_headroom: f64,
    /// The same, from which on all of the gain is applied.
    pub alternate_headroom: f64,
    /// Gains are factors of the image's own primaries rather than of the gain map's.
    pub in_base_space: bool,
}

/// The same for one channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GainChannel {
    /// Gain in stops where the map is 0.
    pub min: f64,
    /// Gain in stops where the map is 1.
    pub max: f64,
    /// The map was raised to this power; above 0.
    pub gamma: f64,
    /// Added to the image's light before the gain.
    pub base_offset: f64,
    /// Taken from it after.
    pub alternate_offset: f64,
}

/// Gains beyond so many stops are cut: as far as any display goes, many times over.
const MAX_STOPS: f64 = 24.0;

impl GainMapInfo {
    /// Reads the metadata in an ISO block, after its namespace. `None` when it is damaged, or of a later version.
    pub fn from_iso(block: &[u8]) -> Option<Self> {
        iso::read(block)?.checked()
    }

    /// Reads it in an XMP packet. `None` when there is none, or when the image is the brighter of the two.
    pub fn from_xmp(packet: &[u8]) -> Option<Self> {
        xmp::read(packet)?.checked()
    }

    /// The ISO block, without its namespace.
    pub fn to_iso(&self) -> Vec<u8> {
        iso::write(self)
    }

    /// Numbers that can be worked with.
    fn checked(self) -> Option<Self> {
        let channel = |c: &GainChannel| {
            [c.min, c.max, c.base_offset, c.alternate_offset].iter().all(|value| value.is_finite())
                && c.gamma.is_finite()
                && c.gamma > 0.0
        };
        let headrooms = [self.base_headroom, self.alternate_headroom];
        (self.channels.iter().all(channel) && headrooms.iter().all(|value| value.is_finite())).then_some(self)
    }

    /// Whether the three channels are alike.
    pub fn is_uniform(&self) -> bool {
        self.channels.iter().all(|channel| *channel == self.channels[0])
    }
}

impl GainChannel {
    /// Gain in stops where the map is `value`, 0 to 1.
    pub fn stops(&self, value: f64) -> f64 {
        let share = value.clamp(0.0, 1.0).powf(self.gamma.recip());
        (self.min + (self.max - self.min) * share).clamp(-MAX_STOPS, MAX_STOPS)
    }

    /// The value of the map, 0 to 1, that leaves the image as it is, or comes nearest to that.
    pub fn neutral(&self) -> f64 {
        let share = -self.min / (self.max - self.min);
        // A range of nothing gives no number.
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0).powf(self.gamma) }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Two stops for all channels.
    pub(crate) fn two_stops() -> GainMapInfo {
        let channel = GainChannel { min: 0.0, max: 2.0, gamma: 1.0, base_offset: 0.015625, alternate_offset: 0.015625 };
        GainMapInfo { channels: [channel; 3], base_headroom: 0.0, alternate_headroom: 2.0, in_base_space: true }
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::two_stops, *};

    #[test]
    fn stops_run_from_min_to_max() {
        let channel = GainChannel { min: -1.0, gamma: 0.5, ..two_stops().channels[0] };
        assert_eq!([0.0, 0.5, 1.0].map(|value| channel.stops(value)), [-1.0, -0.25, 2.0]);
        let mad = GainChannel { max: 1e300, ..channel };
        assert_eq!(mad.stops(1.0), MAX_STOPS);
    }

    #[test]
    fn neutral_is_no_gain() {
        let channel = GainChannel { min: -1.0, max: 3.0, gamma: 2.0, ..two_stops().channels[0] };
        assert!(channel.stops(channel.neutral()).abs() < 1e-12);
        assert_eq!(GainChannel { min: 1.0, ..channel }.neutral(), 0.0);
        assert_eq!(GainChannel { min: 0.0, max: 0.0, ..channel }.neutral(), 0.0);
        assert_eq!(GainChannel { min: -3.0, max: -1.0, ..channel }.neutral(), 1.0);
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let with = |change: fn(&mut GainMapInfo)| {
            let mut info = two_stops();
            change(&mut info);
            info.checked()
        };
        assert!(with(|_| ()).is_some());
        assert!(with(|info| info.channels[1].gamma = 0.0).is_none());
        assert!(with(|info| info.channels[2].max = f64::NAN).is_none());
        assert!(with(|info| info.alternate_headroom = f64::INFINITY).is_none());
    }
}
