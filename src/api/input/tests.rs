use super::{
    super::testing::{map, value},
    *,
};
use crate::options::{Bytes, InputDescriptor};

/// The bag's `input` after `new`.
fn constructed(args: &[Value]) -> Parsed<Value> {
    let bag = Value::Map(vec![]);
    let mut call = Call::new(args, &bag);
    construct(&mut call)?;
    let mut entries: Vec<_> = call
        .finish()
        .patch
        .into_iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("input.")?.to_owned(), value)))
        .collect();
    entries.extend_from_slice(standard_entries());
    Ok(Value::Map(entries))
}

fn made(args: &[Value]) -> Parsed<InputDescriptor> {
    let input = constructed(args)?;
    Ok(InputDescriptor::from_value(&input).unwrap_or_else(|| panic!("{input:?}")))
}

fn error(args: &[Value]) -> String {
    made(args).unwrap_err().to_string()
}

fn bytes(kind: BytesKind, len: usize) -> Value {
    Value::Bytes(Bytes { kind, len, handle: 0 })
}

fn options(name: &str, value: Value) -> Value {
    map(&[(name, value)])
}

#[test]
fn inputs_of_every_kind() {
    assert_eq!(made(&["a.jpg".into()]).unwrap().file.as_deref(), Some("a.jpg"));
    assert!(made(&[bytes(BytesKind::Buffer, 9)]).unwrap().buffer.is_some());
    assert_eq!(error(&[bytes(BytesKind::Buffer, 0)]), "Input Buffer is empty");
    assert_eq!(error(&[bytes(BytesKind::ArrayBuffer, 0)]), "Input bit Array is empty");
    assert_eq!(error(&[bytes(BytesKind::Int8Array, 0)]), "Input Bit Array is empty");
    assert_eq!(error(&[value(1)]), "Unsupported input '1' of type number");
    assert_eq!(
        error(&[Value::Null, map(&[])]),
        "Unsupported input 'null' of type object when also providing options of type object"
    );
    assert_eq!(error(&["a".into(), value(1)]), "Invalid input options 1");
}

#[test]
fn streams_have_a_list_of_chunks() {
    let is_stream = |args: &[Value]| constructed(args).unwrap().get("buffer").as_list().is_some();
    assert!(is_stream(&[]));
    assert!(is_stream(&[options("failOnError", false.into())]));
    assert!(!is_stream(&[map(&[])]));
}

#[test]
fn limits_may_be_switched() {
    let limit = |value: Value| made(&["a".into(), options("limitInputPixels", value)]).map(|d| d.limit_input_pixels);
    assert_eq!(limit(false.into()).unwrap(), 0);
    assert_eq!(limit(true.into()).unwrap(), LIMIT_INPUT_PIXELS);
    assert_eq!(limit(value(7)).unwrap(), 7);
    assert_eq!(
        limit(value(-1)).unwrap_err().to_string(),
        "Expected positive integer for limitInputPixels but received -1 of type number"
    );
}

#[test]
fn the_old_fail_on_error_is_honoured() {
    let fail_on = |entries: &[(&str, Value)]| made(&["a".into(), map(entries)]).unwrap().fail_on;
    assert_eq!(fail_on(&[("failOnError", false.into())]), FailOn::None);
    assert_eq!(fail_on(&[("failOnError", false.into()), ("failOn", "error".into())]), FailOn::Error);
    assert_eq!(
        error(&["a".into(), options("failOn", "zoinks".into())]),
        "Expected one of: none, truncated, error, warning for failOn but received zoinks of type string"
    );
}

#[test]
fn raw_pixels_have_the_depth_of_their_array() {
    let info = map(&[("width", value(2)), ("height", value(4)), ("channels", value(3)), ("size", value(24))]);
    let descriptor = made(&[bytes(BytesKind::Uint16Array, 48), options("raw", info)]).unwrap();
    assert_eq!((descriptor.raw_depth, descriptor.raw_height), (RawDepth::Ushort, 4));
    assert_eq!(
        error(&[bytes(BytesKind::Buffer, 1), options("raw", map(&[("width", value(1))]))]),
        "Expected width, height and channels for raw pixel input"
    );
    let uneven = map(&[("width", value(2)), ("height", value(4)), ("channels", value(3)), ("pageHeight", value(3))]);
    assert_eq!(
        error(&[bytes(BytesKind::Buffer, 24), options("raw", uneven)]),
        "Expected raw.height 4 to be a multiple of raw.pageHeight 3"
    );
}

#[test]
fn created_images_need_a_colour_or_noise() {
    let create = |entries: &[(&str, Value)]| {
        let mut all = vec![("width", value(2)), ("height", value(2)), ("channels", value(3))];
        all.extend_from_slice(entries);
        made(&[options("create", map(&all))])
    };
    assert_eq!(create(&[("background", "red".into())]).unwrap().create_background, [255.0, 0.0, 0.0, 255.0]);
    assert_eq!(create(&[]).unwrap_err().to_string(), "Expected valid noise or background to create a new input image");
    let noise = create(&[("noise", options("type", "gaussian".into()))]).unwrap();
    assert_eq!((noise.create_noise_mean, noise.create_noise_sigma), (128.0, 30.0));
}

#[test]
fn text_is_checked() {
    let text = |entries: &[(&str, Value)]| made(&[options("text", map(entries))]);
    let descriptor = text(&[("text", "hi".into()), ("align", "right".into())]).unwrap();
    assert_eq!(descriptor.text_align, Align::High);
    assert_eq!(
        text(&[("text", "hi".into()), ("height", value(1)), ("dpi", value(1))]).unwrap_err().to_string(),
        "Expected only one of dpi or height"
    );
    assert_eq!(
        text(&[("text", "hi".into()), ("spacing", value(0.5))]).unwrap_err().to_string(),
        "Expected integer between -1000000 and 1000000 for text.spacing but received 0.5 of type number"
    );
}

#[test]
fn images_can_be_joined_once() {
    let two = Value::List(vec!["a".into(), "b".into()]);
    assert!(made(&[two.clone(), options("join", options("across", value(2)))]).is_ok());
    assert_eq!(error(&[vec!["a".into()].into()]), "Expected at least two images to join");
    assert_eq!(error(&[vec![two.clone(), two].into()]), "Recursive join is unsupported");
    assert_eq!(error(&["a".into(), options("join", map(&[]))]), "Expected input to be an array of images to join");
}
