//! The chunks of an animated PNG that say how it is played: acTL and fcTL. Source: PNG third edition, clause 11.3.5.

/// Bytes of an fcTL chunk.
pub(super) const CONTROL: usize = 26;

/// What becomes of a frame's rectangle before the next frame is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposal {
    Keep,
    /// It becomes transparent.
    Clear,
    /// What was there before comes back.
    Previous,
}

/// What an fcTL chunk says of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control {
    /// Size and position on the canvas in pixels; the frame is within it.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) left: u32,
    pub(super) top: u32,
    /// Milliseconds.
    pub(super) delay: u32,
    pub(super) disposal: Disposal,
    /// Whether the frame is laid over what is there, or replaces it.
    pub(super) over: bool,
}

impl Control {
    /// `None` when it is damaged, or does not fit on a canvas of `width` × `height` pixels.
    pub(super) fn parse(data: &[u8], width: u32, height: u32) -> Option<Self> {
        let data: &[u8; CONTROL] = data.try_into().ok()?;
        let u32_at = |at: usize| u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
        let u16_at = |at: usize| u32::from(u16::from_be_bytes([data[at], data[at + 1]]));
        // A denominator of 0 stands for hundredths.
        let (number, parts) = (u16_at(20), if u16_at(22) == 0 { 100 } else { u16_at(22) });
        let control = Self {
            width: u32_at(4),
            height: u32_at(8),
            left: u32_at(12),
            top: u32_at(16),
            delay: (number * 1000 + parts / 2) / parts,
            disposal: match data[24] {
                0 => Disposal::Keep,
                1 => Disposal::Clear,
                2 => Disposal::Previous,
                _ => return None,
            },
            over: match data[25] {
                0 => false,
                1 => true,
                _ => return None,
            },
        };
        let fits = |at: u32, size: u32, side: u32| size > 0 && at.checked_add(size).is_some_and(|end| end <= side);
        let valid = fits(control.left, control.width, width) && fits(control.top, control.height, height);
        valid.then_some(control)
    }

    /// The bytes of the chunk with this number. Delays are at most 65535 milliseconds.
    pub(super) fn to_bytes(self, sequence: u32) -> Vec<u8> {
        let numbers = [sequence, self.width, self.height, self.left, self.top];
        let mut data: Vec<u8> = numbers.into_iter().flat_map(u32::to_be_bytes).collect();
        data.extend((self.delay.min(u16::MAX.into()) as u16).to_be_bytes());
        data.extend(1000u16.to_be_bytes());
        let disposal = match self.disposal {
            Disposal::Keep => 0,
            Disposal::Clear => 1,
            Disposal::Previous => 2,
        };
        data.extend([disposal, u8::from(self.over)]);
        data
    }

    /// Whether the frame covers all of a canvas.
    pub(super) const fn covers(&self, width: u32, height: u32) -> bool {
        self.width == width && self.height == height
    }
}

/// What stands before the pixels of the default image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// Nothing: it is no part of the animation.
    Hidden,
    /// It is the first frame.
    Shown(Control),
    /// Something damaged.
    Unknown,
}

/// What acTL says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Frames there are said to be, at least 1.
    pub(super) frames: u32,
    /// Times the animation is shown, 0 is forever.
    pub(super) plays: u32,
}

impl Claim {
    pub(super) fn parse(data: &[u8]) -> Option<Self> {
        let &[f0, f1, f2, f3, p0, p1, p2, p3] = data else { return None };
        let (frames, plays) = (u32::from_be_bytes([f0, f1, f2, f3]), u32::from_be_bytes([p0, p1, p2, p3]));
        (frames > 0).then_some(Self { frames, plays })
    }

    /// The bytes of the chunk.
    pub(super) fn bytes(frames: u32, plays: u32) -> [u8; 8] {
        let mut data = [0; 8];
        data[..4].copy_from_slice(&frames.to_be_bytes());
        data[4..].copy_from_slice(&plays.to_be_bytes());
        data
    }
}
