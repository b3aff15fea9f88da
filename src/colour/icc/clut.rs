//! The table in a CMYK profile of the older kinds, taken as it is: its nodes become those of our own, which costs a tenth of
//! resampling it.
//!
//! Source: ICC.1:2022, 10.10 `lut16Type`, 10.11 `lut8Type`, 6.3.4 the encodings.

use moxcms::{DataColorSpace, LutDataType, LutStore, LutType, LutWarehouse};

use super::{Profile, inks::WHITE};

/// Nodes per ink. Between fewer, a straight line of sRGB is too far from one of the table's colours; profiles have 17 at most.
const NODES: std::ops::RangeInclusive<usize> = 9..=17;

/// Nodes of inks and the colours at them.
pub(super) struct Clut {
    pub(super) nodes: usize,
    /// For each code of each ink, its place among the nodes, 0 to `nodes` - 1.
    pub(super) places: [[f64; 256]; 4],
    /// X, Y and Z, 1 for white, at each node, black innermost.
    pub(super) light: Vec<[f32; 3]>,
}

/// The perceptual table; `None` when it is of another kind, or damaged.
pub(super) fn read(profile: &Profile) -> Option<Clut> {
    let colour = &profile.colour;
    let Some(LutWarehouse::Lut(lut)) = &colour.lut_a_to_b_perceptual else { return None };
    let nodes = usize::from(lut.num_clut_grid_points);
    let entries = usize::from(lut.num_input_table_entries);
    let values = usize::from(lut.num_output_table_entries);
    let is_inks_to_colour = (lut.num_input_channels, lut.num_output_channels) == (4, 3);
    let fits = is_inks_to_colour
        && NODES.contains(&nodes)
        && entries >= 2
        && values >= 2
        && len(&lut.input_table) == 4 * entries
        && len(&lut.output_table) == 3 * values
        && len(&lut.clut_table) == 3 * nodes.pow(4);
    if !fits {
        return None;
    }
    let light = to_light(lut, colour.pcs)?;
    let curves: [Vec<f64>; 4] = std::array::from_fn(|ink| part(&lut.input_table, ink * entries, entries));
    let last = (nodes - 1) as f64;
    let places = curves.map(|curve| std::array::from_fn(|code| along(&curve, code as f64 / 255.0) * last));
    let outputs: [Vec<f64>; 3] = std::array::from_fn(|at| part(&lut.output_table, at * values, values));
    let table = part(&lut.clut_table, 0, 3 * nodes.pow(4));
    let light = table.as_chunks::<3>().0.iter().map(|node| light([0, 1, 2].map(|at| along(&outputs[at], node[at]))));
    Some(Clut { nodes, places, light: light.collect() })
}

/// From what a table has, 0 to 1, to light relative to white.
fn to_light(lut: &LutDataType, connection: DataColorSpace) -> Option<fn([f64; 3]) -> [f32; 3]> {
    match (connection, lut.lut_type) {
        (DataColorSpace::Lab, LutType::Lut8) => {
            Some(|[l, a, b]| from_lab([l * 100.0, a * 255.0 - 128.0, b * 255.0 - 128.0]))
        }
        (DataColorSpace::Lab, LutType::Lut16) => Some(|value| {
            let [l, a, b] = value.map(|value| value * 65535.0 / 256.0);
            from_lab([l * 100.0 / 255.0, a - 128.0, b - 128.0])
        }),
        (DataColorSpace::Xyz, LutType::Lut16) => Some(|value| {
            let at = |axis: usize| (value[axis] * 65535.0 / 32768.0 / WHITE[axis]) as f32;
            [at(0), at(1), at(2)]
        }),
        _ => None,
    }
}

/// Source: CIE 15:2004.
fn from_lab([lightness, a, b]: [f64; 3]) -> [f32; 3] {
    let y = (lightness + 16.0) / 116.0;
    [y + a / 500.0, y, y - b / 200.0]
        .map(|f| if f > 6.0 / 29.0 { f.powi(3) } else { (116.0 * f - 16.0) * 27.0 / 24389.0 } as f32)
}

fn len(store: &LutStore) -> usize {
    match store {
        LutStore::Store8(values) => values.len(),
        LutStore::Store16(values) => values.len(),
    }
}

/// Values, 0 to 1.
fn part(store: &LutStore, start: usize, len: usize) -> Vec<f64> {
    match store {
        LutStore::Store8(values) => values[start..start + len].iter().map(|&value| f64::from(value) / 255.0).collect(),
        LutStore::Store16(values) => {
            values[start..start + len].iter().map(|&value| f64::from(value) / 65535.0).collect()
        }
    }
}

/// The value of a curve at a place from 0 to 1.
fn along(curve: &[f64], at: f64) -> f64 {
    let place = at * (curve.len() - 1) as f64;
    let below = (place as usize).min(curve.len() - 2);
    curve[below] + (curve[below + 1] - curve[below]) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::icc::Standard;

    #[test]
    fn curves_are_straight_between_their_values() {
        for (at, value) in [(0.0, 0.0), (0.25, 0.1), (0.75, 0.6), (1.0, 1.0)] {
            assert!((along(&[0.0, 0.2, 1.0], at) - value).abs() < 1e-12, "{at}");
        }
    }

    #[test]
    fn lab_is_light() {
        assert_eq!(from_lab([100.0, 0.0, 0.0]), [1.0; 3]);
        assert!((from_lab([50.0, 0.0, 0.0])[1] - 0.1842).abs() < 1e-4);
    }

    #[test]
    fn tables_that_do_not_fit_are_not_read() {
        let mut profile = Profile::parse(Standard::Cmyk.profile().bytes()).unwrap();
        let clut = read(&profile).unwrap();
        assert_eq!(clut.light.len(), clut.nodes.pow(4));
        assert!(clut.light[0].iter().all(|&value| (value - 1.0).abs() < 1e-3), "{:?}", clut.light[0]);
        if let Some(LutWarehouse::Lut(lut)) = &mut profile.colour.lut_a_to_b_perceptual {
            lut.num_clut_grid_points = 255;
        }
        assert!(read(&profile).is_none());
    }
}
