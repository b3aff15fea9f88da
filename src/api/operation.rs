//! The operation page: rotate, affine, sharpen, blur and the other operations on pixel values.

use super::input;
use crate::options::{
    BooleanOperator, Call, Interpolator, Method, OptionValue, Parsed, Precision, Value, check, colour, invalid,
};

pub(super) const METHODS: &[Method] = &[
    Method { name: "autoOrient", length: 0, call: auto_orient },
    Method { name: "rotate", length: 2, call: rotate },
    Method { name: "flip", length: 1, call: |call| switch(call, "flip") },
    Method { name: "flop", length: 1, call: |call| switch(call, "flop") },
    Method { name: "affine", length: 2, call: affine },
    Method { name: "sharpen", length: 1, call: sharpen },
    Method { name: "erode", length: 1, call: |call| morph(call, "erodeWidth") },
    Method { name: "dilate", length: 1, call: |call| morph(call, "dilateWidth") },
    Method { name: "median", length: 1, call: median },
    Method { name: "blur", length: 1, call: blur },
    Method { name: "flatten", length: 1, call: flatten },
    Method { name: "unflatten", length: 0, call: unflatten },
    Method { name: "gamma", length: 2, call: gamma },
    Method { name: "negate", length: 1, call: negate },
    Method { name: "normalise", length: 1, call: normalise },
    Method { name: "normalize", length: 1, call: normalise },
    Method { name: "clahe", length: 1, call: clahe },
    Method { name: "convolve", length: 1, call: convolve },
    Method { name: "threshold", length: 2, call: threshold },
    Method { name: "boolean", length: 3, call: boolean },
    Method { name: "linear", length: 2, call: linear },
    Method { name: "recomb", length: 1, call: recomb },
    Method { name: "modulate", length: 1, call: modulate },
];

/// Names of `interpolators`.
pub const INTERPOLATORS: &[(&str, Interpolator)] = &[
    ("nearest", Interpolator::Nearest),
    ("bilinear", Interpolator::Bilinear),
    ("bicubic", Interpolator::Bicubic),
    ("locallyBoundedBicubic", Interpolator::LocallyBoundedBicubic),
    ("nohalo", Interpolator::Nohalo),
    ("vertexSplitQuadraticBasisSpline", Interpolator::VertexSplitQuadraticBasisSpline),
];

/// Most numbers that an array argument may have.
const MAX_NUMBERS: usize = 1_000_000;

fn auto_orient(call: &mut Call<'_>) -> Parsed {
    call.set("input.autoOrient", true);
    Ok(())
}

fn rotate(call: &mut Call<'_>) -> Parsed {
    let angle = call.arg(0);
    if !angle.is_defined() {
        return auto_orient(call);
    }
    if check::is_truthy(&call.option("angle")) || check::is_truthy(&call.option("rotationAngle")) {
        call.warn("ignoring previous rotate options");
        call.set("angle", 0.0);
        call.set("rotationAngle", 0.0);
    }
    let number = angle.as_number().ok_or_else(|| invalid("angle", "numeric", angle))?;
    if number % 90.0 == 0.0 {
        call.set("angle", number);
    } else {
        call.set("rotationAngle", number);
        let background = call.arg(1).get("background");
        if check::is_truthy(background) {
            colour::set(call, "rotationBackground", background)?;
        }
    }
    Ok(())
}

/// Turns an option on, or to the boolean that is passed.
pub(super) fn switch(call: &mut Call<'_>, key: &str) -> Parsed {
    let on = call.arg(0).as_bool().unwrap_or(true);
    call.set(key, on);
    Ok(())
}

/// All numbers of a list, when all are finite.
fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_list()?.iter().map(Value::as_number).collect()
}

/// The numbers of rows of `columns` each, one after the other.
fn matrix(value: &Value, columns: usize) -> Option<Vec<f64>> {
    let rows = value.as_list()?.iter().map(|row| numbers(row).filter(|row| row.len() == columns));
    Some(rows.collect::<Option<Vec<_>>>()?.concat())
}

fn affine(call: &mut Call<'_>) -> Parsed {
    let (value, options) = (call.arg(0), call.arg(1));
    let flat = numbers(value)
        .or_else(|| matrix(value, 2))
        .filter(|numbers| numbers.len() == 4)
        .ok_or_else(|| invalid("matrix", "1x4 or 2x2 array", value))?;
    call.set("affineMatrix", flat.to_value());
    if !options.is_defined() {
        return Ok(());
    }
    if !options.is_object() {
        return Err(invalid("options", "object", options));
    }
    colour::set(call, "affineBackground", options.get("background"))?;
    for (name, key, title) in [
        ("idx", "affineIdx", "options.idx"),
        ("idy", "affineIdy", "options.idy"),
        ("odx", "affineOdx", "options.odx"),
        ("ody", "affineOdy", "options.ody"),
    ] {
        call.set_number(key, options.get(name), f64::MIN..=f64::MAX, title, "number")?;
    }
    let interpolator = check::accept(
        options.get("interpolator"),
        "options.interpolator",
        "valid interpolator name",
        Interpolator::from_value,
    )?;
    if let Some(interpolator) = interpolator {
        call.set("affineInterpolator", interpolator.to_value());
    }
    Ok(())
}

fn sharpen(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    match options {
        Value::Map(_) => {
            let sigma = options.get("sigma");
            let expected = "number between 0.000001 and 10";
            let number = check::number(sigma, 0.000_001..=10.0, "options.sigma", expected)?
                .ok_or_else(|| invalid("options.sigma", expected, sigma))?;
            call.set("sharpenSigma", number);
            for (name, key, title) in [
                ("m1", "sharpenM1", "options.m1"),
                ("m2", "sharpenM2", "options.m2"),
                ("x1", "sharpenX1", "options.x1"),
                ("y2", "sharpenY2", "options.y2"),
                ("y3", "sharpenY3", "options.y3"),
            ] {
                call.set_number(key, options.get(name), 0.0..=1e6, title, "number between 0 and 1000000")?;
            }
        }
        // The form of 0.32: sigma, flat, jagged.
        Value::Number(_) => {
            call.set_number("sharpenSigma", options, 0.01..=10000.0, "sigma", "number between 0.01 and 10000")?;
            let (flat, jagged) = (call.arg(1), call.arg(2));
            call.set_number("sharpenM1", flat, 0.0..=10000.0, "flat", "number between 0.0 and 10000.0")?;
            call.set_number("sharpenM2", jagged, 0.0..=10000.0, "jagged", "number between 0.0 and 10000.0")?;
        }
        Value::Bool(false) => call.set("sharpenSigma", 0.0),
        _ => call.set("sharpenSigma", -1.0),
    }
    Ok(())
}

fn morph(call: &mut Call<'_>, key: &str) -> Parsed {
    let width = check::integer(call.arg(0), 1.0..=65536.0, "width", "integer between 1 and 65536")?;
    call.set(key, width.unwrap_or(1.0));
    Ok(())
}

fn median(call: &mut Call<'_>) -> Parsed {
    let size = check::integer(call.arg(0), 1.0..=1000.0, "size", "integer between 1 and 1000")?;
    call.set("medianSize", size.unwrap_or(3.0));
    Ok(())
}

fn blur(call: &mut Call<'_>) -> Parsed {
    const EXPECTED: &str = "number between 0.3 and 1000";
    let options = call.arg(0);
    let sigma = match options {
        Value::Undefined | Value::Null | Value::Bool(true) => -1.0,
        Value::Bool(false) => 0.0,
        Value::Map(_) => {
            let sigma = options.get("sigma");
            if sigma.as_number().is_none() {
                return Err(invalid("options.sigma", EXPECTED, &Value::Undefined));
            }
            if options.has("precision") {
                let precision = options.get("precision");
                let precision = Precision::from_value(precision)
                    .ok_or_else(|| invalid("precision", "one of: integer, float, approximate", precision))?;
                call.set("precision", precision.to_value());
            }
            if options.has("minAmplitude") {
                let amplitude = options.get("minAmplitude");
                let number = amplitude
                    .as_number()
                    .filter(|number| (0.001..=1.0).contains(number))
                    .ok_or_else(|| invalid("minAmplitude", "number between 0.001 and 1", amplitude))?;
                call.set("minAmpl", number);
            }
            blur_sigma(sigma)?
        }
        Value::Number(_) => blur_sigma(options)?,
        _ => return Err(invalid("sigma", EXPECTED, &Value::Undefined)),
    };
    call.set("blurSigma", sigma);
    Ok(())
}

fn blur_sigma(value: &Value) -> Parsed<f64> {
    let sigma = value.as_number().filter(|sigma| (0.3..=1000.0).contains(sigma));
    // A number that is not finite counts as absent in the sentence.
    let received = if value.as_number().is_some() { value } else { &Value::Undefined };
    sigma.ok_or_else(|| invalid("sigma", "number between 0.3 and 1000", received))
}

fn flatten(call: &mut Call<'_>) -> Parsed {
    switch(call, "flatten")?;
    colour::set(call, "flattenBackground", call.arg(0).get("background"))
}

fn unflatten(call: &mut Call<'_>) -> Parsed {
    call.set("unflatten", true);
    Ok(())
}

fn gamma(call: &mut Call<'_>) -> Parsed {
    let expected = "number between 1.0 and 3.0";
    let gamma = check::number(call.arg(0), 1.0..=3.0, "gamma", expected)?.unwrap_or(2.2);
    let gamma_out = check::number(call.arg(1), 1.0..=3.0, "gammaOut", expected)?.unwrap_or(gamma);
    call.set("gamma", gamma);
    call.set("gammaOut", gamma_out);
    Ok(())
}

fn negate(call: &mut Call<'_>) -> Parsed {
    switch(call, "negate")?;
    let options = call.arg(0);
    if options.has("alpha") {
        let alpha = options.get("alpha");
        let flag = alpha.as_bool().ok_or_else(|| invalid("alpha", "should be boolean value", alpha))?;
        call.set("negateAlpha", flag);
    }
    Ok(())
}

fn normalise(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    call.set_number("normaliseLower", options.get("lower"), 0.0..=99.0, "lower", "number between 0 and 99")?;
    call.set_number("normaliseUpper", options.get("upper"), 1.0..=100.0, "upper", "number between 1 and 100")?;
    let (lower, upper) = (call.option("normaliseLower"), call.option("normaliseUpper"));
    if lower.as_number() >= upper.as_number() {
        let range = Value::String(format!("{lower} >= {upper}"));
        return Err(invalid("range", "lower to be less than upper", &range));
    }
    call.set("normalise", true);
    Ok(())
}

fn clahe(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    if !matches!(options, Value::Map(_)) {
        return Err(invalid("options", "plain object", options));
    }
    for (name, key) in [("width", "claheWidth"), ("height", "claheHeight")] {
        let (value, expected) = (options.get(name), "integer between 1 and 65536");
        let side =
            check::integer(value, 1.0..=65536.0, name, expected)?.ok_or_else(|| invalid(name, expected, value))?;
        call.set(key, side);
    }
    let slope = options.get("maxSlope");
    call.set_integer("claheMaxSlope", slope, 0.0..=100.0, "maxSlope", "integer between 0 and 100")
}

fn convolve(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    let side = |name| options.get(name).as_integer().filter(|side| (3.0..=1001.0).contains(side));
    let parts = side("width").zip(side("height")).zip(numbers(options.get("kernel")));
    let Some(((width, height), kernel)) = parts.filter(|((w, h), kernel)| w * h == kernel.len() as f64) else {
        return Err(check::other("Invalid convolution kernel"));
    };
    let scale = options.get("scale").as_integer().unwrap_or_else(|| kernel.iter().sum());
    let entries = [
        ("width", width.into()),
        ("height", height.into()),
        ("kernel", kernel.to_value()),
        ("scale", scale.max(1.0).into()),
        ("offset", options.get("offset").as_integer().unwrap_or(0.0).into()),
    ];
    call.set("convKernel", Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()));
    Ok(())
}

fn threshold(call: &mut Call<'_>) -> Parsed {
    let (threshold, options) = (call.arg(0), call.arg(1));
    let level = match threshold {
        Value::Bool(on) => Some(if *on { 128.0 } else { 0.0 }),
        _ => check::integer(threshold, 0.0..=255.0, "threshold", "integer between 0 and 255")?,
    };
    let is_true = |name| options.get(name).as_bool() == Some(true);
    call.set("threshold", level.unwrap_or(128.0));
    call.set(
        "thresholdGrayscale",
        !options.is_defined() || !options.is_object() || is_true("greyscale") || is_true("grayscale"),
    );
    Ok(())
}

/// One of the bitwise operations, in the bag's spelling.
pub(super) fn boolean_operator(value: &Value, name: &str) -> Parsed<Value> {
    BooleanOperator::from_value(value)
        .map(|operator| operator.to_value())
        .ok_or_else(|| invalid(name, "one of: and, or, eor", value))
}

fn boolean(call: &mut Call<'_>) -> Parsed {
    let (operand, operator, options) = (call.arg(0), call.arg(1), call.arg(2));
    let operand = input::descriptor(call, operand, options, false)?;
    let operator = boolean_operator(operator, "operator")?;
    call.set("boolean", operand);
    call.set("booleanOp", operator);
    Ok(())
}

fn linear(call: &mut Call<'_>) -> Parsed {
    let (a, b) = (call.arg(0), call.arg(1));
    let (one, zero) = (Value::Number(1.0), Value::Number(0.0));
    let (a, b) = match (a.is_defined(), b.is_defined()) {
        (false, true) if b.as_number().is_some() => (&one, b),
        (true, false) if a.as_number().is_some() => (a, &zero),
        _ => (a, b),
    };
    let (a, b) = (linear_numbers(a, "a")?, linear_numbers(b, "b")?);
    if a.len() != b.len() {
        return Err(check::other("Expected a and b to be arrays of the same length"));
    }
    call.set("linearA", a.to_value());
    call.set("linearB", b.to_value());
    Ok(())
}

fn linear_numbers(value: &Value, name: &str) -> Parsed<Vec<f64>> {
    let list = |value: &Value| match value.as_number() {
        Some(number) => Some(vec![number]),
        None => numbers(value).filter(|numbers| (1..=MAX_NUMBERS).contains(&numbers.len())),
    };
    Ok(check::accept(value, name, "number or array of numbers", list)?.unwrap_or_default())
}

fn recomb(call: &mut Call<'_>) -> Parsed {
    let input = call.arg(0);
    let error = |expected: &str, received: &Value| Err(invalid("inputMatrix", expected, received));
    let Some(rows) = input.as_list() else { return error("array", input) };
    let side = rows.len();
    if side != 3 && side != 4 {
        return error("3x3 or 4x4 array", &Value::Number(side as f64));
    }
    if !rows.iter().all(|row| row.as_list().is_some_and(|row| row.len() == side)) {
        return error(&format!("array of {side} arrays of length {side}"), input);
    }
    let Some(flat) = matrix(input, side) else {
        return error("array of numbers", input);
    };
    call.set("recombMatrix", flat.to_value());
    Ok(())
}

fn modulate(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    if !matches!(options, Value::Map(_)) {
        return Err(invalid("options", "plain object", options));
    }
    let mut set = |key: &str, expected: &str, parse: fn(&Value) -> Option<f64>| {
        if options.has(key) {
            let value = options.get(key);
            let number = parse(value).ok_or_else(|| invalid(key, expected, value))?;
            call.set(key, number);
        }
        Ok(())
    };
    let positive = |value: &Value| value.as_number().filter(|number| *number >= 0.0);
    set("brightness", "number above zero", positive)?;
    set("saturation", "number above zero", positive)?;
    set("hue", "number", |value| value.as_integer().map(|hue| hue % 360.0))?;
    set("lightness", "number", Value::as_number)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{apply, error, map, value};
    use super::*;

    fn list(numbers: &[f64]) -> Value {
        Value::List(numbers.iter().copied().map(Value::Number).collect())
    }

    #[test]
    fn rotate_without_angle_is_auto_orient() {
        assert_eq!(apply("rotate", &[Value::Null]).get("input.autoOrient"), &Value::Bool(true));
        assert_eq!(apply("rotate", &[value(-450)]).get("angle"), &value(-450));
        let bag = apply("rotate", &[value(30), map(&[("background", "#fff".into())])]);
        assert_eq!(bag.get("rotationAngle"), &value(30));
        assert_eq!(bag.get("rotationBackground"), &[255.0; 4].into());
        assert_eq!(error("rotate", &["a".into()]), "Expected numeric for angle but received a of type string");
    }

    #[test]
    fn sharpen_takes_old_and_new_forms() {
        assert_eq!(apply("sharpen", &[]).get("sharpenSigma"), &value(-1));
        let bag = apply("sharpen", &[value(2), value(1), value(3)]);
        assert_eq!((bag.get("sharpenSigma"), bag.get("sharpenM2")), (&value(2), &value(3)));
        assert_eq!(
            error("sharpen", &[map(&[("sigma", value(11))])]),
            "Expected number between 0.000001 and 10 for options.sigma but received 11 of type number"
        );
    }

    #[test]
    fn blur_takes_flags_numbers_and_options() {
        assert_eq!(apply("blur", &[true.into()]).get("blurSigma"), &value(-1));
        assert_eq!(apply("blur", &[false.into()]).get("blurSigma"), &value(0));
        assert_eq!(
            error("blur", &[value(0.1)]),
            "Expected number between 0.3 and 1000 for sigma but received 0.1 of type number"
        );
        assert_eq!(
            error("blur", &[map(&[("sigma", value(1)), ("precision", Value::Undefined)])]),
            "Expected one of: integer, float, approximate for precision but received undefined of type undefined"
        );
    }

    #[test]
    fn linear_fills_in_what_is_missing() {
        let bag = apply("linear", &[value(0.5)]);
        assert_eq!((bag.get("linearA"), bag.get("linearB")), (&list(&[0.5]), &list(&[0.0])));
        assert_eq!(error("linear", &[list(&[1.0, 2.0]), value(1)]), "Expected a and b to be arrays of the same length");
    }

    #[test]
    fn matrices_are_flattened() {
        let square = Value::List(vec![list(&[1.0, 2.0]), list(&[3.0, 4.0])]);
        assert_eq!(apply("affine", &[square]).get("affineMatrix"), &list(&[1.0, 2.0, 3.0, 4.0]));
        assert_eq!(
            error("recomb", &[list(&[1.0, 2.0])]),
            "Expected 3x3 or 4x4 array for inputMatrix but received 2 of type number"
        );
    }

    #[test]
    fn convolve_scales_by_the_sum() {
        let kernel = map(&[("width", value(3)), ("height", value(3)), ("kernel", list(&[1.0; 9]))]);
        let bag = apply("convolve", &[kernel]);
        assert_eq!(bag.get("convKernel").get("scale"), &value(9));
        assert_eq!(error("convolve", &[]), "Invalid convolution kernel");
    }

    #[test]
    fn ranges_are_checked_together() {
        assert_eq!(
            error("normalise", &[map(&[("lower", value(2)), ("upper", value(1))])]),
            "Expected lower to be less than upper for range but received 2 >= 1 of type string"
        );
        assert_eq!(apply("modulate", &[map(&[("hue", value(-400))])]).get("hue"), &value(-40));
        assert_eq!(apply("threshold", &[]).get("threshold"), &value(128));
        let grey = apply("threshold", &[value(1), map(&[])]);
        assert_eq!(grey.get("thresholdGrayscale"), &Value::Bool(false));
    }
}
