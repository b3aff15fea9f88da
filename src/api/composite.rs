//! The composite page.

use super::{input, resize::GRAVITY};
use crate::options::{Blend, Call, Method, OptionValue, Parsed, Value, check, invalid};

pub(super) const METHODS: &[Method] = &[Method { name: "composite", length: 1, call: composite }];

/// Names of `blend` beside those that the bag has.
pub const BLEND_ALIASES: &[(&str, Blend)] = &[("color-dodge", Blend::ColourDodge), ("color-burn", Blend::ColourBurn)];

fn composite(call: &mut Call<'_>) -> Parsed {
    let images = call.arg(0);
    let images = images.as_list().ok_or_else(|| invalid("images to composite", "array", images))?;
    let overlays = images.iter().map(|image| overlay(call, image)).collect::<Parsed<Vec<_>>>()?;
    call.set("composite", overlays);
    Ok(())
}

fn overlay(call: &mut Call<'_>, image: &Value) -> Parsed<Value> {
    if !image.is_object() {
        return Err(invalid("image to composite", "object", image));
    }
    let options = input::options_of(image);
    let descriptor = input::descriptor(call, image.get("input"), &options, false)?;
    let blend = check::accept(image.get("blend"), "blend", "valid blend name", |name| {
        check::named(name, BLEND_ALIASES).or_else(|| Blend::from_value(name))
    })?;
    let tile = check::boolean(image.get("tile"), "tile")?;
    let offset = |name| check::integer(image.get(name), -1e8..=1e8, name, "integer between -100000000 and 100000000");
    let (left, top) = (offset("left")?, offset("top")?);
    if left.is_some() != top.is_some() {
        return Err(check::other("Expected both left and top to be set"));
    }
    let gravity = check::accept(image.get("gravity"), "gravity", "valid gravity", |gravity| {
        let by_number = gravity.as_integer().filter(|number| (0.0..=8.0).contains(number));
        by_number.or_else(|| check::named(gravity, GRAVITY))
    })?;
    let premultiplied = check::boolean(image.get("premultiplied"), "premultiplied")?;
    let entries = [
        ("input", descriptor),
        ("blend", blend.unwrap_or(Blend::Over).to_value()),
        ("tile", tile.unwrap_or(false).into()),
        ("left", left.unwrap_or(0.0).into()),
        ("top", top.unwrap_or(0.0).into()),
        ("hasOffset", left.is_some().into()),
        ("gravity", gravity.unwrap_or(0.0).into()),
        ("premultiplied", premultiplied.unwrap_or(false).into()),
    ];
    Ok(Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{apply, error, map, value},
        *,
    };
    use crate::options::Overlay;

    #[test]
    fn an_overlay_is_read_back() {
        let image = map(&[("input", "a.png".into()), ("blend", "color-burn".into()), ("gravity", "southeast".into())]);
        let bag = apply("composite", &[vec![image].into()]);
        let overlay = Overlay::from_value(&bag.get("composite").as_list().unwrap()[0]).unwrap();
        assert_eq!((overlay.blend, overlay.gravity, overlay.has_offset), (Blend::ColourBurn, 6, false));
        assert_eq!(overlay.input.file.as_deref(), Some("a.png"));
    }

    #[test]
    fn composite_says_what_is_wrong() {
        let case = |entries: &[(&str, Value)]| error("composite", &[vec![map(entries)].into()]);
        assert_eq!(
            error("composite", &["no".into()]),
            "Expected array for images to composite but received no of type string"
        );
        assert_eq!(case(&[]), "Unsupported input 'undefined' of type undefined");
        assert_eq!(case(&[("input", "a".into()), ("left", value(1))]), "Expected both left and top to be set");
        assert_eq!(
            case(&[("input", "a".into()), ("blend", "invalid".into())]),
            "Expected valid blend name for blend but received invalid of type string"
        );
    }
}
