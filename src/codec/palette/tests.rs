use super::*;

const FULL: Search = Search { most: 256, quality: 100, effort: 7 };

/// Mean absolute difference of opaque pixels from what they were reduced to.
fn error(samples: &[u8], indexed: &Indexed) -> f64 {
    let sum: u32 = samples
        .as_chunks::<3>()
        .0
        .iter()
        .zip(&indexed.indices)
        .flat_map(|(pixel, index)| {
            pixel.iter().zip(indexed.colours[usize::from(*index)]).map(|(a, b)| u32::from(a.abs_diff(b)))
        })
        .sum();
    f64::from(sum) / samples.len() as f64
}

fn reduce_rgb(samples: &[u8], width: usize, search: Search, dither: f32) -> Indexed {
    reduce(&Pixels { samples, channels: 3 }, width, search, dither).unwrap()
}

#[test]
fn images_of_hardly_too_many_colours_stay_nearly_exact() {
    // 200 colours of 100 pixels each, and 100 of one pixel each, one level beside one of those.
    let common: Vec<[u8; 3]> = (0..200u8).map(|i| [i, 255 - i, i.wrapping_mul(37)]).collect();
    let mut samples: Vec<u8> = common.iter().flat_map(|colour| colour.repeat(100)).collect();
    samples.extend(common[..100].iter().flat_map(|[r, g, b]| [*r, g - 1, *b]));
    for dither in [0.0, 1.0] {
        let indexed = reduce_rgb(&samples, 201, FULL, dither);
        assert!(indexed.colours.len() <= 256);
        let error = error(&samples, &indexed);
        assert!(error < 0.002, "{error}");
    }
}

#[test]
fn a_gradient_is_dithered_and_its_levels_are_kept_on_average() {
    let (width, height) = (256, 64);
    let samples: Vec<u8> = (0..height).flat_map(|_| (0..width).flat_map(|x| [x as u8; 3])).collect();
    let indexed = reduce_rgb(&samples, width, Search { most: 8, ..FULL }, 1.0);
    let plain = reduce_rgb(&samples, width, Search { most: 8, ..FULL }, 0.0);
    // Distance of the mean of each column from what it was.
    let bias = |indexed: &Indexed| -> f64 {
        let column = |x: usize| -> f64 {
            let value = |y: usize| f64::from(indexed.colours[usize::from(indexed.indices[y * width + x])][1]);
            ((0..height).map(value).sum::<f64>() / height as f64 - x as f64).abs()
        };
        (0..width).map(column).sum::<f64>() / width as f64
    };
    assert!(bias(&indexed) < 0.75 * bias(&plain), "{} {}", bias(&indexed), bias(&plain));
}

#[test]
fn no_entry_is_wasted_on_colours_that_are_not_there() {
    let mut state = 1u32;
    let samples: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(60_000)
    .collect();
    for most in [2, 16, 256] {
        assert_eq!(reduce_rgb(&samples, 200, Search { most, ..FULL }, 0.0).colours.len(), most);
    }
}
