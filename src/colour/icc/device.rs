//! A profile as functions from the values of a device to light and back, by its perceptual table or its curves and matrix.
//!
//! Source: ICC.1:2022, 8 and 10, annexes E and F.

use moxcms::{
    ColorProfile, DataColorSpace, LutDataType, LutMultidimensionalType, LutStore, LutType, LutWarehouse, ToneReprCurve,
};

use super::inks::WHITE;

/// Up to four values, 0 to 1.
pub(super) type Values = [f64; 4];

/// Light of X, Y and Z, 1 for white.
pub(super) type Light = [f64; 3];

/// Luminance of the black that version 4 perceptual tables are made for. Source: ICC.1:2022, 6.3.3.
const PERCEPTUAL_BLACK: f64 = 0.003_473_1;
/// Smallest linear light that an 8-bit sRGB code distinguishes from 0.
const LIGHT_BLACK: f64 = 0.5 / 255.0 / 12.92;
/// A black point is taken for no lighter than L* 50.
const LIGHTEST_BLACK: f64 = 0.184_186_518_512_444_16;

/// One way of a profile.
pub(super) struct Device {
    pub(super) channels: usize,
    form: Form,
}

enum Form {
    Grey { curve: Curve, is_lightness: bool },
    Matrix { curves: [Curve; 3], matrix: [Light; 3], inverse: [Light; 3] },
    Table(Table),
}

impl Device {
    /// From the device to light.
    pub(super) fn input(profile: &ColorProfile) -> Option<Self> {
        Self::new(profile, profile.lut_a_to_b_perceptual.as_ref(), true)
    }

    /// From light to the device.
    pub(super) fn output(profile: &ColorProfile) -> Option<Self> {
        Self::new(profile, profile.lut_b_to_a_perceptual.as_ref(), false)
    }

    fn new(profile: &ColorProfile, table: Option<&LutWarehouse>, to_light: bool) -> Option<Self> {
        let channels = match profile.color_space {
            DataColorSpace::Gray => 1,
            DataColorSpace::Rgb => 3,
            DataColorSpace::Cmyk => 4,
            _ => return None,
        };
        if let Some(table) = table {
            let sides = if to_light { (channels, 3) } else { (3, channels) };
            return Table::read(table, profile.pcs, sides, to_light)
                .map(|table| Self { channels, form: Form::Table(table) });
        }
        let form = match channels {
            1 => Form::Grey {
                curve: Curve::read(profile.gray_trc.as_ref()?),
                is_lightness: profile.pcs == DataColorSpace::Lab,
            },
            3 => {
                let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
                let [red, green, blue] = curves.map(|curve| curve.as_ref().map(Curve::read));
                let mut matrix = profile.colorant_matrix().v;
                for (row, white) in matrix.iter_mut().zip(WHITE) {
                    row.iter_mut().for_each(|value| *value /= white);
                }
                Form::Matrix { curves: [red?, green?, blue?], matrix, inverse: inverse(&matrix)? }
            }
            _ => return None,
        };
        Some(Self { channels, form })
    }

    /// Curves, the matrix to light and its inverse, when it has no table.
    pub(super) const fn matrix(&self) -> Option<(&[Curve; 3], &[Light; 3], &[Light; 3])> {
        match &self.form {
            Form::Matrix { curves, matrix, inverse } => Some((curves, matrix, inverse)),
            _ => None,
        }
    }

    pub(super) fn light(&self, values: Values) -> Light {
        match &self.form {
            Form::Grey { curve, is_lightness } => {
                let value = curve.at(values[0]);
                [if *is_lightness { from_lab([value * 100.0, 0.0, 0.0])[1] } else { value }; 3]
            }
            Form::Matrix { curves, matrix, .. } => times(matrix, [0, 1, 2].map(|at: usize| curves[at].at(values[at]))),
            Form::Table(table) => table.light(values),
        }
    }

    pub(super) fn values(&self, light: Light) -> Values {
        match &self.form {
            Form::Grey { curve, is_lightness } => {
                let value = if *is_lightness { to_lab(light)[0] / 100.0 } else { light[1] };
                [curve.inverse(value), 0.0, 0.0, 0.0]
            }
            Form::Matrix { curves, inverse, .. } => {
                let linear = times(inverse, light);
                let [red, green, blue] = [0, 1, 2].map(|at: usize| curves[at].inverse(linear[at]));
                [red, green, blue, 0.0]
            }
            Form::Table(table) => table.values(light),
        }
    }

    /// Whether its darkest value is light, so that blacks have to be brought together.
    pub(super) fn has_light_black(&self) -> bool {
        self.black(self, 0) > LIGHT_BLACK
    }

    /// Luminance of the black of a profile, as littlecms finds it: that of the standard where a table of version 4 is
    /// perceptual, else that of the darkest value.
    pub(super) fn black(&self, input: &Self, version: u8) -> f64 {
        if version >= 4 && matches!(self.form, Form::Table(_)) {
            return PERCEPTUAL_BLACK;
        }
        let darkest = if self.channels == 4 { [1.0; 4] } else { [0.0; 4] };
        let [_, luminance, _] = input.light(darkest);
        if luminance.is_finite() { luminance.clamp(0.0, LIGHTEST_BLACK) } else { 0.0 }
    }
}

fn times(matrix: &[Light; 3], light: Light) -> Light {
    matrix.map(|row| row.iter().zip(light).map(|(weight, value)| weight * value).sum())
}

pub(super) fn inverse(m: &[Light; 3]) -> Option<[Light; 3]> {
    let minor = |r: usize, c: usize| {
        let (a, b, x, y) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[a][x] * m[b][y] - m[a][y] * m[b][x]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
    let inverted = [0, 1, 2].map(|r| [0, 1, 2].map(|c| minor(c, r) / determinant));
    inverted.as_flattened().iter().all(|value| value.is_finite()).then_some(inverted)
}

/// A curve over 0 to 1.
pub(super) enum Curve {
    Identity,
    Samples(Vec<f64>),
    /// Gamma, and a, b, c, d, e and f of the formula, as many as the tag has.
    Formula(Vec<f64>),
}

impl Curve {
    fn read(curve: &ToneReprCurve) -> Self {
        match curve {
            ToneReprCurve::Lut(values) => match values[..] {
                [] => Self::Identity,
                [gamma] => Self::Formula(vec![f64::from(gamma) / 256.0]),
                _ => Self::Samples(values.iter().map(|&value| f64::from(value) / 65535.0).collect()),
            },
            ToneReprCurve::Parametric(values) => Self::Formula(values.iter().map(|&value| value.into()).collect()),
        }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        match self {
            Self::Identity => value,
            Self::Samples(samples) => along(samples, value),
            Self::Formula(numbers) => {
                let number = |at: usize| numbers.get(at).copied().unwrap_or(0.0);
                let (gamma, a, b) = (number(0), if numbers.len() > 1 { number(1) } else { 1.0 }, number(2));
                let power = |x: f64| (a * x + b).max(0.0).powf(gamma);
                let result = match numbers.len() {
                    0 => value,
                    1 => value.max(0.0).powf(gamma),
                    2 | 3 => {
                        if value >= -b / a {
                            power(value)
                        } else {
                            0.0
                        }
                    }
                    4 => {
                        if value >= -b / a {
                            power(value) + number(3)
                        } else {
                            number(3)
                        }
                    }
                    _ if value >= number(4) => power(value) + number(5),
                    _ => number(3) * value + number(6),
                };
                if result.is_finite() { result } else { 0.0 }
            }
        }
    }

    /// The greatest value, 0 to 1, at which the curve, taken to rise, is no more than this.
    pub(super) fn inverse(&self, result: f64) -> f64 {
        const STEPS: u32 = 24;
        if matches!(self, Self::Identity) {
            return result;
        }
        let (mut low, mut high) = (0.0, 1.0);
        let result = result.max(0.0);
        if self.at(low) > result {
            return low;
        }
        if self.at(high) <= result {
            return high;
        }
        for _ in 0..STEPS {
            let middle = (low + high) / 2.0;
            *(if self.at(middle) <= result { &mut low } else { &mut high }) = middle;
        }
        low
    }
}

/// The value of samples at a place from 0 to 1.
fn along(samples: &[f64], at: f64) -> f64 {
    let last = samples.len() - 1;
    let place = at.clamp(0.0, 1.0) * last as f64;
    let below = (place as usize).min(last.saturating_sub(1));
    let next = samples[(below + 1).min(last)];
    samples[below] + (next - samples[below]) * (place - below as f64)
}

/// How light is written at the side of the connection space.
#[derive(Clone, Copy)]
enum Encoding {
    Xyz,
    /// Of version 2 in 16 bits, where 100 is 0xff00.
    LabOld,
    Lab,
}

impl Encoding {
    fn light(self, [a, b, c]: Light) -> Light {
        match self {
            Self::Xyz => [(a, 0), (b, 1), (c, 2)].map(|(value, at)| value * 65535.0 / 32768.0 / WHITE[at]),
            Self::LabOld => {
                let [l, a, b] = [a, b, c].map(|value| value * 65535.0 / 256.0);
                from_lab([l * 100.0 / 255.0, a - 128.0, b - 128.0])
            }
            Self::Lab => from_lab([a * 100.0, b * 255.0 - 128.0, c * 255.0 - 128.0]),
        }
    }

    fn code(self, light: Light) -> Light {
        match self {
            Self::Xyz => [0, 1, 2].map(|at: usize| light[at] * WHITE[at] * 32768.0 / 65535.0),
            Self::LabOld => {
                let [l, a, b] = to_lab(light);
                [l * 255.0 / 100.0, a + 128.0, b + 128.0].map(|value| value * 256.0 / 65535.0)
            }
            Self::Lab => {
                let [l, a, b] = to_lab(light);
                [l / 100.0, (a + 128.0) / 255.0, (b + 128.0) / 255.0]
            }
        }
    }
}

/// Source: CIE 15:2004.
fn from_lab([lightness, a, b]: Light) -> Light {
    let y = (lightness + 16.0) / 116.0;
    [y + a / 500.0, y, y - b / 200.0]
        .map(|f| if f > 6.0 / 29.0 { f.powi(3) } else { (116.0 * f - 16.0) * 27.0 / 24389.0 })
}

fn to_lab(light: Light) -> Light {
    let [x, y, z] = light.map(|t| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Stages in the order in which they are gone through; those that a table lacks do nothing.
struct Table {
    encoding: Encoding,
    first: Vec<Curve>,
    before: Option<Affine>,
    second: Vec<Curve>,
    grid: Option<Grid>,
    third: Vec<Curve>,
    behind: Option<Affine>,
    last: Vec<Curve>,
}

/// A matrix and what is added.
struct Affine([Light; 3], Light);

impl Affine {
    fn apply(&self, values: Values) -> Values {
        let [a, b, c] = times(&self.0, [values[0], values[1], values[2]]);
        [a + self.1[0], b + self.1[1], c + self.1[2], values[3]]
    }
}

impl Table {
    fn read(table: &LutWarehouse, space: DataColorSpace, sides: (usize, usize), to_light: bool) -> Option<Self> {
        match table {
            LutWarehouse::Lut(lut) => Self::of_old(lut, space, sides, to_light),
            LutWarehouse::Multidimensional(lut) => Self::of_new(lut, space, sides, to_light),
        }
    }

    /// `lut8Type` and `lut16Type`.
    fn of_old(
        lut: &LutDataType,
        space: DataColorSpace,
        (inputs, outputs): (usize, usize),
        to_light: bool,
    ) -> Option<Self> {
        let encoding = match (space, lut.lut_type) {
            (DataColorSpace::Lab, LutType::Lut16) => Encoding::LabOld,
            (DataColorSpace::Lab, _) => Encoding::Lab,
            (DataColorSpace::Xyz, _) => Encoding::Xyz,
            _ => return None,
        };
        if (usize::from(lut.num_input_channels), usize::from(lut.num_output_channels)) != (inputs, outputs) {
            return None;
        }
        let curves = |store: &LutStore, count: usize, entries: u16| {
            let (values, entries) = (part(store), usize::from(entries));
            let whole = entries >= 2 && values.len() == count * entries;
            whole.then(|| values.chunks_exact(entries).map(|curve| Curve::Samples(curve.to_vec())).collect::<Vec<_>>())
        };
        let points = vec![usize::from(lut.num_clut_grid_points); inputs];
        let matrix = (!to_light && matches!(encoding, Encoding::Xyz)).then_some(Affine(lut.matrix.v, [0.0; 3]));
        Some(Self {
            encoding,
            first: Vec::new(),
            before: matrix,
            second: curves(&lut.input_table, inputs, lut.num_input_table_entries)?,
            grid: Some(Grid::new(points, outputs, part(&lut.clut_table))?),
            third: curves(&lut.output_table, outputs, lut.num_output_table_entries)?,
            behind: None,
            last: Vec::new(),
        })
    }

    /// `lutAToBType` and `lutBToAType`.
    fn of_new(
        lut: &LutMultidimensionalType,
        space: DataColorSpace,
        (inputs, outputs): (usize, usize),
        to_light: bool,
    ) -> Option<Self> {
        let encoding = match space {
            DataColorSpace::Lab => Encoding::Lab,
            DataColorSpace::Xyz => Encoding::Xyz,
            _ => return None,
        };
        if (usize::from(lut.num_input_channels), usize::from(lut.num_output_channels)) != (inputs, outputs) {
            return None;
        }
        let grid = match &lut.clut {
            Some(store) => {
                let points = lut.grid_points[..inputs].iter().map(|&points| points.into()).collect();
                Some(Grid::new(points, outputs, part(store))?)
            }
            None if inputs == outputs => None,
            None => return None,
        };
        let curves = |curves: &[ToneReprCurve], count: usize| {
            matches!(curves.len(), 0)
                .then(Vec::new)
                .or_else(|| (curves.len() == count).then(|| curves.iter().map(Curve::read).collect::<Vec<_>>()))
        };
        let affine = (!lut.m_curves.is_empty()).then_some(Affine(lut.matrix.v, lut.bias.v));
        let device = if to_light { inputs } else { outputs };
        let (a, m, b) = (curves(&lut.a_curves, device)?, curves(&lut.m_curves, 3)?, curves(&lut.b_curves, 3)?);
        Some(if to_light {
            Self { encoding, first: Vec::new(), before: None, second: a, grid, third: m, behind: affine, last: b }
        } else {
            Self { encoding, first: b, before: affine, second: m, grid, third: a, behind: None, last: Vec::new() }
        })
    }

    fn light(&self, values: Values) -> Light {
        let [a, b, c, _] = self.run(values);
        self.encoding.light([a, b, c])
    }

    fn values(&self, light: Light) -> Values {
        let [a, b, c] = self.encoding.code(light);
        self.run([a, b, c, 0.0])
    }

    fn run(&self, values: Values) -> Values {
        let values = through(&self.first, values.map(|value| value.clamp(0.0, 1.0)));
        let values = self.before.as_ref().map_or(values, |affine| affine.apply(values));
        let values = through(&self.second, values);
        let values = self.grid.as_ref().map_or(values, |grid| grid.at(values));
        let values = through(&self.third, values);
        let values = self.behind.as_ref().map_or(values, |affine| affine.apply(values));
        through(&self.last, values).map(|value| if value.is_finite() { value } else { 0.0 })
    }
}

fn through(curves: &[Curve], mut values: Values) -> Values {
    values.iter_mut().zip(curves).for_each(|(value, curve)| *value = curve.at(*value));
    values
}

/// Values, 0 to 1.
fn part(store: &LutStore) -> Vec<f64> {
    match store {
        LutStore::Store8(values) => values.iter().map(|&value| f64::from(value) / 255.0).collect(),
        LutStore::Store16(values) => values.iter().map(|&value| f64::from(value) / 65535.0).collect(),
    }
}

/// A table over one to four axes, the last innermost.
pub(super) struct Grid {
    points: Vec<usize>,
    nodes: Vec<Values>,
}

impl Grid {
    fn new(points: Vec<usize>, outputs: usize, values: Vec<f64>) -> Option<Self> {
        let count = points.iter().try_fold(1usize, |product, &points| product.checked_mul(points))?;
        if points.iter().any(|&points| points < 2) || values.len() != count.checked_mul(outputs)? {
            return None;
        }
        let node = |values: &[f64]| std::array::from_fn(|at| values.get(at).copied().unwrap_or(0.0));
        Some(Self { points, nodes: values.chunks_exact(outputs).map(node).collect() })
    }

    /// A grid of `points` nodes on each of `inputs` axes, filled by a function.
    pub(super) fn fill(inputs: usize, points: usize, value: impl Fn(Values) -> Values) -> Self {
        let nodes = (0..points.pow(inputs as u32)).map(|at| {
            let mut values = [0.0; 4];
            let mut rest = at;
            for value in values[..inputs].iter_mut().rev() {
                *value = (rest % points) as f64 / (points - 1) as f64;
                rest /= points;
            }
            value(values)
        });
        Self { points: vec![points; inputs], nodes: nodes.collect() }
    }

    /// The value between the nodes around a place: of three axes in the tetrahedron, and of four between two of these.
    pub(super) fn at(&self, values: Values) -> Values {
        let mut node = 0;
        let mut steps = [(0.0, 0); 4];
        let mut stride = self.nodes.len();
        for ((step, &points), value) in steps.iter_mut().zip(&self.points).zip(values) {
            stride /= points;
            let place = value.clamp(0.0, 1.0) * (points - 1) as f64;
            let below = (place as usize).min(points - 2);
            node += below * stride;
            *step = (place - below as f64, stride);
        }
        match self.points.len() {
            4 => {
                let (way, stride) = steps[0];
                let rest = [steps[1], steps[2], steps[3]];
                let (near, far) = (self.within(node, rest), self.within(node + stride, rest));
                std::array::from_fn(|at| near[at] + (far[at] - near[at]) * way)
            }
            3 => self.within(node, [steps[0], steps[1], steps[2]]),
            _ => {
                let (way, stride) = steps[0];
                let (near, far) = (&self.nodes[node], &self.nodes[node + stride]);
                std::array::from_fn(|at| near[at] + (far[at] - near[at]) * way)
            }
        }
    }

    /// The value in a cell of three axes, from its lowest node on.
    fn within(&self, mut node: usize, mut steps: [(f64, usize); 3]) -> Values {
        steps.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut sum = [0.0; 4];
        let mut left = 1.0;
        let mut add = |node: usize, weight: f64| {
            sum.iter_mut().zip(self.nodes[node]).for_each(|(sum, value)| *sum += value * weight);
        };
        for (way, stride) in steps {
            add(node, left - way);
            left = way;
            node += stride;
        }
        add(node, left);
        sum
    }
}
