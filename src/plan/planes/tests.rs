use super::*;
use crate::{
    image::{ColourSpace, Depth, PixelFormat, SampleRange},
    plan::background::Background,
};

const RGB: PixelFormat = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);

fn quarter(width: u32, height: u32) -> PlanesSpec {
    PlanesSpec::subsampled(width, height, SampleRange::Full, false, (2, 2))
}

/// The plan for steps that come out at a size.
fn plan_of(image: (u32, u32), load: LoadShrink, steps: Vec<Step>, (width, height): (u32, u32)) -> Option<PlanesPlan> {
    plan(&Choice {
        image: Spec::new(image.0, image.1, RGB),
        input: quarter(image.0, image.1),
        before: &Before { shrink: load, steps: Vec::new() },
        after: &After { steps, premultiplied: false, icc: None, spec: Spec::new(width, height, RGB) },
        output: quarter(width, height),
        fast_shrink: true,
    })
}

fn resize(hshrink: f64, vshrink: f64) -> Step {
    Step::Resize(Resize::new(hshrink, vshrink, Kernel::Cubic))
}

fn crop(left: u32, top: u32, width: u32, height: u32) -> Step {
    Step::Crop(Rect { left, top, width, height })
}

fn embed(left: i64, top: i64, width: u32, height: u32, grey: f64) -> Step {
    let background = Background { adds_alpha: false, channels: vec![grey; 3] };
    Step::Embed(Placement { width, height, left, top }, background)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn a_thumbnail_is_shrunk_by_the_decoder_and_then_by_the_kernel() {
    // Pixels of the file to one of the result.
    let step = 2725.0 / 720.0;
    let resize = Step::Resize(Resize::new(1.0, 1.0, Kernel::Cubic).onto((720, 588), (1362.5, 1112.5)));
    let plan = plan_of((2725, 2225), LoadShrink::Dct(2), vec![resize], (720, 588)).unwrap();
    assert_eq!((plan.shrink, plan.kernel), ([2; 3], Kernel::Cubic));
    assert!(plan.is_direct());
    let [luma, chroma, _] = &plan.positions[..] else { panic!() };
    assert_eq!((luma.x.centres.len(), luma.y.centres.len(), chroma.x.centres.len()), (720, 588, 360));
    assert!(near(luma.x.centres[0], step / 2.0) && near(luma.x.centres[719], 2725.0 - step / 2.0));
    // A sample of chroma lies between its two pixels.
    assert!(near(chroma.x.centres[1], (luma.x.centres[2] + luma.x.centres[3]) / 2.0));
    assert!(near(chroma.x.pitch, 2.0 * step) && chroma.x.width < luma.x.width);
    assert_eq!((luma.x.low, luma.x.high), (0.0, 2725.0));
}

#[test]
fn chroma_that_is_kept_whole_is_shrunk_less() {
    let to = Spec::new(100, 100, RGB);
    let plan = plan(&Choice {
        image: Spec::new(500, 500, RGB),
        input: quarter(500, 500),
        before: &Before { shrink: LoadShrink::Dct(4), steps: Vec::new() },
        after: &After { steps: vec![resize(1.25, 1.25)], premultiplied: false, icc: None, spec: to },
        output: PlanesSpec::subsampled(100, 100, SampleRange::Full, false, (1, 1)),
        fast_shrink: true,
    });
    assert_eq!(plan.unwrap().shrink, [4, 1, 1]);
}

#[test]
fn turns_go_into_positions_and_what_is_left_is_a_turn_of_samples() {
    let steps = vec![resize(2.0, 2.0), Step::Orient(Orientation::ROTATE_90)];
    let plan = plan_of((40, 20), LoadShrink::None, steps, (10, 20)).unwrap();
    assert_eq!((plan.turn, plan.is_direct()), (Orientation::ROTATE_90, false));
    let luma = &plan.positions[0];
    assert_eq!((luma.x.centres.len(), luma.y.centres.len()), (20, 10));
    assert!(near(luma.x.centres[0], 1.0) && near(luma.y.centres[0], 1.0));
    let resampled = plan.resampled();
    assert_eq!(
        resampled.planes().map(|plane| (plane.width(), plane.height())).collect::<Vec<_>>(),
        [(20, 10), (10, 5), (10, 5)]
    );

    // Pairs of chroma are counted from the other end of an odd length.
    let flop = plan_of((9, 2), LoadShrink::None, vec![Step::Orient(Orientation::FLOP)], (9, 2)).unwrap();
    assert_eq!(flop.positions[1].x.centres, [0.0, 2.0, 4.0, 6.0, 8.0].map(|centre: f64| centre));
}

#[test]
fn what_is_cut_off_before_the_resize_is_not_seen() {
    let cut = plan_of((100, 100), LoadShrink::None, vec![crop(11, 20, 60, 40), resize(2.0, 2.0)], (30, 20)).unwrap();
    let luma = &cut.positions[0].x;
    assert_eq!((luma.low, luma.high, luma.centres[0], luma.centres[29]), (11.0, 71.0, 12.0, 70.0));
    let later = plan_of((100, 100), LoadShrink::None, vec![resize(2.0, 2.0), crop(5, 5, 20, 20)], (20, 20)).unwrap();
    let luma = &later.positions[0].x;
    assert_eq!((luma.low, luma.high, luma.centres[0]), (0.0, 100.0, 11.0));
}

#[test]
fn a_canvas_shows_the_image_where_it_is_laid() {
    let steps = vec![resize(2.0, 2.0), embed(3, 0, 16, 10, 7.0)];
    let plan = plan_of((20, 20), LoadShrink::None, steps, (16, 10)).unwrap();
    assert_eq!(plan.background, Some([7.0; 3]));
    let [luma, chroma, _] = &plan.content[..] else { panic!() };
    assert_eq!(luma.x, Shown { first: 3, count: 10, cover: [1.0, 1.0] });
    // Half of the first and of the last sample is background.
    assert_eq!(chroma.x, Shown { first: 1, count: 6, cover: [0.5, 0.5] });
    assert_eq!(plan.positions[1].x.centres, [1.0, 4.0, 8.0, 12.0, 16.0, 19.0]);
    assert_eq!(chroma.y, Shown { first: 0, count: 5, cover: [1.0, 1.0] });

    // The image is off the canvas in part, and then all background is cut off.
    let steps = vec![embed(-4, 2, 16, 24, 7.0), crop(0, 2, 16, 20)];
    let plan = plan_of((20, 20), LoadShrink::None, steps, (16, 20)).unwrap();
    assert_eq!((plan.background, plan.positions[0].x.centres[0]), (None, 4.5));
    assert!(plan.is_direct());
}

#[test]
fn all_else_goes_by_rows() {
    let none = |steps, size| assert_eq!(plan_of((40, 40), LoadShrink::None, steps, size), None);
    none(vec![resize(0.5, 0.5)], (80, 80));
    none(vec![resize(2.0, 0.9)], (20, 44));
    none(vec![Step::Resize(Resize::new(2.0, 2.0, Kernel::Nearest))], (20, 20));
    none(vec![Step::Unflatten], (40, 40));
    none(vec![Step::EnsureAlpha(1.0)], (40, 40));
    none(vec![Step::Convert(ColourSpace::Grey)], (40, 40));
    // Cuts that the rows path refuses, or that show no image.
    none(vec![crop(30, 0, 11, 40)], (11, 40));
    none(vec![embed(10, 0, 60, 40, 0.0), crop(0, 0, 10, 40)], (10, 40));
    // Two colours around, and a resize of a canvas.
    none(vec![embed(1, 1, 42, 42, 0.0), embed(1, 1, 44, 44, 9.0)], (44, 44));
    none(vec![embed(1, 1, 42, 42, 0.0), resize(2.0, 2.0)], (21, 21));
    let glass = Background { adds_alpha: true, channels: vec![0.0; 4] };
    none(vec![Step::Embed(Placement { width: 42, height: 42, left: 1, top: 1 }, glass)], (42, 42));
    // Sizes that are not those of the rows path.
    none(vec![resize(2.0, 2.0)], (20, 21));
    assert_eq!(plan_of((40, 40), LoadShrink::Scale(0.5), vec![], (20, 20)), None);
    assert!(plan_of((40, 40), LoadShrink::None, vec![], (40, 40)).is_some());
}
