//! The resize page: resize, extend, extract, trim.

use crate::options::{Call, Canvas, Kernel, Method, OptionValue, Parsed, Value, check, colour, invalid};

pub(super) const METHODS: &[Method] = &[
    Method { name: "resize", length: 3, call: resize },
    Method { name: "extend", length: 1, call: extend },
    Method { name: "extract", length: 1, call: extract },
    Method { name: "trim", length: 1, call: trim },
];

/// `fit` and the bag's name for it.
pub const FIT: &[(&str, Canvas)] = &[
    ("contain", Canvas::Embed),
    ("cover", Canvas::Crop),
    ("fill", Canvas::IgnoreAspect),
    ("inside", Canvas::Max),
    ("outside", Canvas::Min),
];

/// Names of `gravity`.
pub const GRAVITY: &[(&str, f64)] = &[
    ("center", 0.0),
    ("centre", 0.0),
    ("north", 1.0),
    ("east", 2.0),
    ("south", 3.0),
    ("west", 4.0),
    ("northeast", 5.0),
    ("southeast", 6.0),
    ("southwest", 7.0),
    ("northwest", 8.0),
];

/// Names of `position`, beside those of gravity and strategy.
pub const POSITION: &[(&str, f64)] = &[
    ("top", 1.0),
    ("right", 2.0),
    ("bottom", 3.0),
    ("left", 4.0),
    ("right top", 5.0),
    ("right bottom", 6.0),
    ("left bottom", 7.0),
    ("left top", 8.0),
];

/// Names of `strategy`.
pub const STRATEGY: &[(&str, f64)] = &[("entropy", 16.0), ("attention", 17.0)];

const EXTEND_WITH: &[&str] = &["background", "copy", "repeat", "mirror"];

/// Longest side that can be asked for.
const MAX: f64 = crate::options::MAX_SIDE as f64;

fn number(call: &Call<'_>, key: &str) -> f64 {
    call.option(key).as_number().unwrap_or_default()
}

fn is_set(call: &Call<'_>, key: &str) -> bool {
    call.option(key).as_number().is_some_and(|value| value != -1.0)
}

fn is_rotation_expected(call: &Call<'_>) -> bool {
    number(call, "angle") % 360.0 != 0.0 || number(call, "rotationAngle") != 0.0
}

fn is_resize_expected(call: &Call<'_>) -> bool {
    is_set(call, "width") || is_set(call, "height")
}

fn side(call: &mut Call<'_>, key: &str, value: &Value) -> Parsed {
    call.set_integer(key, value, 1.0..=MAX, key, "positive integer between 1 and 100000000")
}

fn resize(call: &mut Call<'_>) -> Parsed {
    let (had_width, had_height) = (is_set(call, "width"), is_set(call, "height"));
    if had_width || had_height {
        call.warn("ignoring previous resize options");
    }
    if is_set(call, "widthPost") {
        call.warn("operation order will be: extract, resize, extract");
    }
    let (first, height, mut options) = (call.arg(0), call.arg(1), call.arg(2));
    let first_is_options = first.is_defined() && first.is_object() && !options.is_defined();
    if first_is_options {
        options = first;
    } else if first.is_defined() {
        side(call, "width", first)?;
    } else if had_width {
        call.set("width", -1.0);
    }
    if height.is_defined() {
        side(call, "height", height)?;
    } else if had_height {
        call.set("height", -1.0);
    }
    side(call, "width", options.get("width"))?;
    side(call, "height", options.get("height"))?;
    if let Some(canvas) = check::accept(options.get("fit"), "fit", "valid fit", |fit| check::named(fit, FIT))? {
        call.set("canvas", canvas.to_value());
    }
    if let Some(position) =
        check::accept(options.get("position"), "position", "valid position/gravity/strategy", position)?
    {
        call.set("position", position);
    }
    colour::set(call, "resizeBackground", options.get("background"))?;
    if let Some(kernel) = check::accept(options.get("kernel"), "kernel", "valid kernel name", Kernel::from_value)? {
        call.set("kernel", kernel.to_value());
    }
    for key in ["withoutEnlargement", "withoutReduction", "fastShrinkOnLoad"] {
        call.set_bool(key, options.get(key))?;
    }
    if is_rotation_expected(call) && is_resize_expected(call) {
        call.set("rotateBefore", true);
    }
    Ok(())
}

fn position(value: &Value) -> Option<f64> {
    let by_name = || [STRATEGY, POSITION, GRAVITY].iter().find_map(|names| check::named(value, names));
    value
        .as_integer()
        .or_else(by_name)
        .filter(|position| (0.0..=8.0).contains(position) || (16.0..=17.0).contains(position))
}

fn extend(call: &mut Call<'_>) -> Parsed {
    const SIDES: [(&str, &str); 4] =
        [("top", "extendTop"), ("bottom", "extendBottom"), ("left", "extendLeft"), ("right", "extendRight")];
    let extend = call.arg(0);
    if extend.as_integer().is_some() {
        for (_, key) in SIDES {
            call.set_integer(key, extend, 1.0..=MAX, "extend", "integer between 1 and 100000000")?;
        }
    } else if extend.is_defined() && extend.is_object() {
        for (name, key) in SIDES {
            call.set_integer(key, extend.get(name), 0.0..=MAX, name, "integer between 0 and 100000000")?;
        }
        colour::set(call, "extendBackground", extend.get("background"))?;
        call.set_one_of(
            "extendWith",
            extend.get("extendWith"),
            EXTEND_WITH,
            "extendWith",
            "one of: background, copy, repeat, mirror",
        )?;
    } else {
        return Err(invalid("extend", "integer or object", extend));
    }
    Ok(())
}

fn extract(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    let keys = if is_resize_expected(call) || is_set(call, "widthPre") {
        ["leftOffsetPost", "topOffsetPost", "widthPost", "heightPost"]
    } else {
        ["leftOffsetPre", "topOffsetPre", "widthPre", "heightPre"]
    };
    if is_set(call, keys[2]) {
        call.warn("ignoring previous extract options");
    }
    for (name, key) in ["left", "top", "width", "height"].into_iter().zip(keys) {
        let value = options.get(name);
        let expected = "integer between 0 and 100000000";
        let number = check::integer(value, 0.0..=MAX, name, expected)?.ok_or_else(|| invalid(name, expected, value))?;
        call.set(key, number);
    }
    // A rotation asked for before comes before an extract that precedes any resize.
    let one_extract = !is_set(call, "widthPre") || !is_set(call, "widthPost");
    if is_rotation_expected(call) && !is_resize_expected(call) && one_extract {
        call.set("rotateBefore", true);
    }
    if check::is_truthy(&call.option("input.autoOrient")) {
        call.set("orientBefore", true);
    }
    Ok(())
}

fn trim(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    call.set("trimThreshold", 10.0);
    match options {
        Value::Undefined | Value::Null => {}
        // Forms of 0.32: a threshold, or the background.
        Value::Number(_) => threshold(call, options)?,
        Value::String(_) => colour::set(call, "trimBackground", options)?,
        _ if options.is_object() => {
            colour::set(call, "trimBackground", options.get("background"))?;
            threshold(call, options.get("threshold"))?;
            call.set_bool("trimLineArt", options.get("lineArt"))?;
            call.set_integer(
                "trimMargin",
                options.get("margin"),
                0.0..=10_000_000.0,
                "margin",
                "integer between 0 and 10000000",
            )?;
        }
        _ => return Err(invalid("trim", "object", options)),
    }
    if is_rotation_expected(call) {
        call.set("rotateBefore", true);
    }
    Ok(())
}

fn threshold(call: &mut Call<'_>, value: &Value) -> Parsed {
    call.set_number("trimThreshold", value, 0.0..=f64::MAX, "threshold", "positive number")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{apply, error, map, value};
    use super::*;

    #[test]
    fn resize_takes_sides_or_options() {
        let bag = apply("resize", &[value(320), Value::Null]);
        assert_eq!((bag.get("width"), bag.get("height")), (&value(320), &value(-1)));
        let options = map(&[("width", Value::Null), ("height", value(9)), ("fit", "inside".into())]);
        let bag = apply("resize", &[options]);
        assert_eq!((bag.get("height"), bag.get("canvas")), (&value(9), &"max".into()));
        let bag = apply("resize", &[value(1), value(2), map(&[("position", "right top".into())])]);
        assert_eq!(bag.get("position"), &value(5));
    }

    #[test]
    fn resize_says_what_is_wrong() {
        assert_eq!(
            error("resize", &[value(0)]),
            "Expected positive integer between 1 and 100000000 for width but received 0 of type number"
        );
        assert_eq!(
            error("resize", &[map(&[("fit", "zoom".into())])]),
            "Expected valid fit for fit but received zoom of type string"
        );
        assert_eq!(
            error("resize", &[map(&[("position", value(9))])]),
            "Expected valid position/gravity/strategy for position but received 9 of type number"
        );
        assert_eq!(
            error("resize", &[map(&[("withoutEnlargement", value(1))])]),
            "Expected boolean for withoutEnlargement but received 1 of type number"
        );
    }

    #[test]
    fn extract_goes_before_or_after_resize() {
        let area = map(&[("left", value(1)), ("top", value(2)), ("width", value(3)), ("height", value(4))]);
        let bag = apply("extract", std::slice::from_ref(&area));
        assert_eq!((bag.get("leftOffsetPre"), bag.get("topOffsetPre")), (&value(1), &value(2)));
        assert_eq!(
            error("extract", &[map(&[("left", value(1))])]),
            "Expected integer between 0 and 100000000 for top but received undefined of type undefined"
        );
    }

    #[test]
    fn trim_takes_old_forms() {
        assert_eq!(apply("trim", &[]).get("trimThreshold"), &value(10));
        assert_eq!(apply("trim", &[value(3)]).get("trimThreshold"), &value(3));
        assert_eq!(error("trim", &[true.into()]), "Expected object for trim but received true of type boolean");
    }
}
