use super::*;
use crate::{
    image::PixelFormat,
    meta::Metadata,
    options::{Canvas, InputDescriptor, Kernel, OutputOptions},
};

fn header(width: u32, height: u32, alpha: bool, orientation: Option<u8>) -> Header {
    let spec = Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, alpha));
    let metadata = Metadata { orientation, ..Metadata::default() };
    Header { spec, metadata, shrink: ShrinkOnLoad::Dct, planes: None }
}

fn options(geometry: GeometryOptions) -> Options {
    Options {
        input: InputDescriptor { auto_orient: true, ..InputDescriptor::default() },
        geometry,
        output: OutputOptions::default(),
        ..Options::default()
    }
}

fn plan(options: &Options, header: &Header) -> Result<After> {
    let icc = Management::new(options, header);
    let loaded = Loaded { spec: header.spec, premultiplied: false, shrink: LoadShrink::None };
    after_load(options, header, loaded, &icc, &Operands::default())
}

fn steps(geometry: GeometryOptions, header: &Header) -> Vec<Step> {
    plan(&options(geometry), header).unwrap().steps
}

#[test]
fn a_thumbnail_is_resized_and_cut() {
    let geometry = GeometryOptions { width: 100, height: 100, ..GeometryOptions::default() };
    let steps = steps(geometry, &header(400, 200, false, None));
    let resize = Resize::new(2.0, 2.0, Kernel::Lanczos3);
    assert_eq!(steps, [Step::Resize(resize), Step::Crop(Rect { left: 50, top: 0, width: 100, height: 100 })]);
}

#[test]
fn alpha_is_multiplied_in_and_out_around_all_that_mixes_pixels() {
    let geometry = GeometryOptions { width: 100, height: 100, canvas: Canvas::Embed, ..GeometryOptions::default() };
    let steps = steps(geometry, &header(400, 200, true, None));
    assert!(matches!(
        steps[..],
        [Step::Premultiply, Step::Resize(_), Step::Embed(Placement { left: 0, top: 25, .. }, _), Step::Unpremultiply]
    ));
}

#[test]
fn a_portrait_photo_is_turned_after_the_resize_and_its_target_before() {
    let header = header(400, 200, false, Some(6));
    let geometry = GeometryOptions { width: 100, ..GeometryOptions::default() };
    let before = before_resize(&options(geometry.clone()), &header).unwrap();
    assert_eq!(before, Before { shrink: LoadShrink::None, steps: vec![] });
    let steps = steps(geometry, &header);
    let resize = Resize::new(2.0, 2.0, Kernel::Lanczos3);
    assert_eq!(steps, [Step::Resize(resize), Step::Orient(Orientation::ROTATE_90)]);
}

#[test]
fn an_extract_after_auto_orient_sees_the_upright_image() {
    let geometry = GeometryOptions {
        orient_before: true,
        left_offset_pre: 1,
        top_offset_pre: 2,
        width_pre: 3,
        height_pre: 4,
        width: 2,
        ..GeometryOptions::default()
    };
    let before = before_resize(&options(geometry), &header(400, 200, false, Some(8))).unwrap();
    let cut = Step::Crop(Rect { left: 1, top: 2, width: 3, height: 4 });
    assert_eq!(before.steps, [Step::Orient(Orientation::ROTATE_270), cut]);
    assert_eq!(before.shrink, LoadShrink::None);
}

#[test]
fn the_decoder_shrinks_only_when_nothing_comes_before_the_resize() {
    let header = header(4000, 2000, false, None);
    let geometry = GeometryOptions { width: 500, ..GeometryOptions::default() };
    let shrink = |geometry| before_resize(&options(geometry), &header).unwrap().shrink;
    assert_eq!(shrink(geometry.clone()), LoadShrink::Dct(4));
    assert_eq!(shrink(GeometryOptions { trim_threshold: 10.0, ..geometry }), LoadShrink::None);
}

#[test]
fn what_a_decoder_rounded_up_is_resized_by_the_size_of_the_file() {
    let header = header(999, 667, false, None);
    let options = options(GeometryOptions { width: 111, ..GeometryOptions::default() });
    let shrink = before_resize(&options, &header).unwrap().shrink;
    assert_eq!(shrink, LoadShrink::Dct(8));
    let icc = Management::new(&options, &header);
    let loaded = Loaded { spec: header.spec.resized(125, 84), premultiplied: false, shrink };
    let after = after_load(&options, &header, loaded, &icc, &Operands::default()).unwrap();
    let vertical = 83.375 / 74.0;
    let resize = Resize { extent: Some((124.875, 83.375)), ..Resize::new(1.125, vertical, Kernel::Lanczos3) };
    assert_eq!(after.steps, [Step::Resize(resize)]);
    assert_eq!((after.spec.width, after.spec.height), (111, 74));
}

#[test]
fn frames_of_an_animation_stay_apart() {
    let mut animation = header(100, 111, false, None);
    animation.metadata.page_height = Some(37);
    let geometry = GeometryOptions { width: 40, height: 10, ..GeometryOptions::default() };
    let resize = Resize::new(2.5, 111.0 / 45.0, Kernel::Lanczos3);
    let cut = Step::Crop(Rect { left: 0, top: 3, width: 40, height: 10 });
    assert_eq!(steps(geometry, &animation), [Step::Resize(resize), cut]);
    let turn = options(GeometryOptions { angle: 90, ..GeometryOptions::default() });
    let turned = plan(&turn, &animation).unwrap();
    assert_eq!(turned.steps, [Step::Orient(Orientation::ROTATE_90)]);
    assert_eq!((turned.spec.width, turned.spec.height), (37, 300));
}

#[test]
fn a_turn_by_any_angle_is_before_or_after_the_resize() {
    let header = header(400, 200, false, None);
    let geometry = GeometryOptions { width: 100, rotation_angle: 30.0, ..GeometryOptions::default() };
    let after = steps(geometry.clone(), &header);
    assert!(matches!(after[..], [Step::Resize(_), Step::Affine(..)]), "{after:?}");
    let first = options(GeometryOptions { rotate_before: true, ..geometry });
    let before = before_resize(&first, &header).unwrap();
    assert!(matches!(before.steps[..], [Step::Affine(..)]), "{before:?}");
    assert_eq!(before.shrink, LoadShrink::None);
}

#[test]
fn a_composite_is_told_of_as_premultiplied_when_the_image_was_resized() {
    let mut options = options(GeometryOptions { width: 100, ..GeometryOptions::default() });
    options.operation.composite = vec![Overlay::default()];
    let header = header(400, 200, false, None);
    let After { steps, premultiplied, .. } = plan(&options, &header).unwrap();
    assert!(matches!(steps[..], [Step::Resize(_), Step::Composite(_)]), "{steps:?}");
    assert!(premultiplied);
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    let mut options = Options::default();
    options.operation.colourspace_pipeline = "labq".to_owned();
    let error = before_resize(&options, &header(4, 4, false, None)).unwrap_err();
    assert_eq!(error.to_string(), "The colour space labq is not supported yet");
    options.operation.colourspace_pipeline = "fourier".to_owned();
    let error = before_resize(&options, &header(4, 4, false, None)).unwrap_err();
    assert_eq!(error.to_string(), "vips_colourspace: no known route from 'srgb' to 'fourier'");
}
