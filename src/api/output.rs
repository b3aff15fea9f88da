//! The output page, but for what belongs to one format: metadata to keep, choice of format, timeout.

use crate::options::{Call, Keep, Method, Parsed, Value, check, invalid};

pub(super) const METHODS: &[Method] = &[
    Method { name: "withDensity", length: 1, call: with_density },
    Method { name: "keepExif", length: 0, call: |call| keep(call, Keep::EXIF) },
    Method { name: "withExif", length: 1, call: |call| with_exif(call, call.arg(0), false) },
    Method { name: "withExifMerge", length: 1, call: |call| with_exif(call, call.arg(0), true) },
    Method { name: "keepIccProfile", length: 0, call: |call| keep(call, Keep::ICC) },
    Method { name: "withIccProfile", length: 2, call: with_icc_profile },
    Method { name: "keepGainMap", length: 0, call: keep_gain_map },
    Method { name: "withGainMap", length: 0, call: with_gain_map },
    Method { name: "keepXmp", length: 0, call: |call| keep(call, Keep::XMP) },
    Method { name: "withXmp", length: 1, call: with_xmp },
    Method { name: "keepMetadata", length: 0, call: |call| keep(call, Keep::ALL) },
    Method { name: "withMetadata", length: 1, call: with_metadata },
    Method { name: "toFormat", length: 2, call: to_format },
    Method { name: "timeout", length: 1, call: timeout },
];

/// Names that `toFormat` takes and the methods they mean, in the order that its error lists them.
const FORMAT_METHODS: &[(&str, &str)] = &[
    ("heic", "heif"),
    ("heif", "heif"),
    ("avif", "avif"),
    ("jpeg", "jpeg"),
    ("jpg", "jpeg"),
    ("jpe", "jpeg"),
    ("tile", "tile"),
    ("dz", "tile"),
    ("png", "png"),
    ("raw", "raw"),
    ("tiff", "tiff"),
    ("tif", "tiff"),
    ("webp", "webp"),
    ("gif", "gif"),
    ("jp2", "jp2"),
    ("jpx", "jp2"),
    ("j2k", "jp2"),
    ("j2c", "jp2"),
    ("jxl", "jxl"),
];

fn kept(call: &Call<'_>) -> u32 {
    call.option("keepMetadata").as_integer().map_or(0, |bits| bits as u32)
}

fn keep(call: &mut Call<'_>, bits: u32) -> Parsed {
    let bits = kept(call) | bits;
    call.set("keepMetadata", bits);
    Ok(())
}

fn density(call: &mut Call<'_>, value: &Value) -> Parsed {
    let positive = |value: &Value| value.as_number().filter(|density| *density > 0.0);
    let number = positive(value).ok_or_else(|| invalid("density", "positive number", value))?;
    call.set("withMetadataDensity", number);
    Ok(())
}

fn with_density(call: &mut Call<'_>) -> Parsed {
    density(call, call.arg(0))?;
    keep(call, Keep::EXIF)
}

fn with_exif(call: &mut Call<'_>, exif: &Value, merge: bool) -> Parsed {
    if !exif.is_object() {
        return Err(invalid("exif", "object", exif));
    }
    let mut tags = match call.option("withExif") {
        Value::Map(tags) => tags,
        _ => Vec::new(),
    };
    for (ifd, entries) in entries(exif) {
        if !entries.is_object() {
            return Err(invalid(ifd, "object", entries));
        }
        for (name, text) in self::entries(entries) {
            if text.as_str().is_none() {
                return Err(invalid(format!("{ifd}.{name}"), "string", text));
            }
            let key = format!("exif-{}-{name}", ifd.to_lowercase());
            match tags.iter_mut().find(|(existing, _)| *existing == key) {
                Some((_, existing)) => *existing = text.clone(),
                None => tags.push((key, text.clone())),
            }
        }
    }
    call.set("withExif", Value::Map(tags));
    call.set("withExifMerge", merge);
    keep(call, Keep::EXIF)
}

/// Names and values of an object, or positions and values of a list.
fn entries(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Map(entries) => entries.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::List(values) => values.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    }
}

fn icc_profile(call: &mut Call<'_>, icc: &Value) -> Parsed {
    let name = icc.as_str().ok_or_else(|| invalid("icc", "string", icc))?;
    call.set("withIccProfile", name);
    keep(call, Keep::ICC)
}

fn with_icc_profile(call: &mut Call<'_>) -> Parsed {
    let (icc, options) = (call.arg(0), call.arg(1));
    icc_profile(call, icc)?;
    if check::boolean(options.get("attach"), "attach")? == Some(false) {
        let bits = kept(call) & !Keep::ICC;
        call.set("keepMetadata", bits);
    }
    Ok(())
}

fn keep_gain_map(call: &mut Call<'_>) -> Parsed {
    call.set("keepGainMap", true);
    call.set("withGainMap", false);
    keep(call, Keep::GAIN_MAP)
}

fn with_gain_map(call: &mut Call<'_>) -> Parsed {
    call.set("withGainMap", true);
    call.set("keepGainMap", false);
    call.set("colourspace", "scrgb");
    Ok(())
}

fn with_xmp(call: &mut Call<'_>) -> Parsed {
    let xmp = call.arg(0);
    let text = xmp.as_str().ok_or_else(|| invalid("xmp", "non-empty string", xmp))?;
    call.set("withXmp", text);
    keep(call, Keep::XMP)
}

fn with_metadata(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    keep(call, Keep::ALL)?;
    icc_profile(call, &"srgb".into())?;
    let orientation = options.get("orientation");
    call.set_integer("withMetadataOrientation", orientation, 1.0..=8.0, "orientation", "integer between 1 and 8")?;
    if options.get("density").is_defined() {
        density(call, options.get("density"))?;
    }
    if options.get("icc").is_defined() {
        icc_profile(call, options.get("icc"))?;
    }
    if options.get("exif").is_defined() {
        with_exif(call, options.get("exif"), true)?;
    }
    Ok(())
}

fn to_format(call: &mut Call<'_>) -> Parsed {
    let format = call.arg(0);
    let name = format.get("id").as_str().or_else(|| format.as_str()).unwrap_or_default().to_lowercase();
    let Some((_, method_name)) = FORMAT_METHODS.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = FORMAT_METHODS.iter().map(|(known, _)| *known).collect();
        return Err(invalid("format", format!("one of: {}", names.join(", ")), format));
    };
    call.go_on_as(method_name, 1);
    Ok(())
}

fn timeout(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    if !matches!(options, Value::Map(_)) {
        return Err(invalid("options", "object", options));
    }
    let (seconds, expected) = (options.get("seconds"), "integer between 0 and 3600");
    let number = check::integer(seconds, 0.0..=3600.0, "seconds", expected)?
        .ok_or_else(|| invalid("seconds", expected, seconds))?;
    call.set("timeoutSeconds", number);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{apply, error, map, value};
    use crate::options::{OptionValue, TextMap};

    #[test]
    fn metadata_bits_add_up() {
        assert_eq!(apply("keepXmp", &[]).get("keepMetadata"), &value(2));
        let bag = apply("withMetadata", &[map(&[("orientation", value(3))])]);
        assert_eq!((bag.get("keepMetadata"), bag.get("withIccProfile")), (&value(31), &"srgb".into()));
        assert_eq!(bag.get("withMetadataOrientation"), &value(3));
        let bag = apply("withIccProfile", &["p3".into(), map(&[("attach", false.into())])]);
        assert_eq!(bag.get("keepMetadata"), &value(0));
    }

    #[test]
    fn exif_tags_are_named_by_directory() {
        let bag = apply("withExif", &[map(&[("IFD0", map(&[("Copyright", "me".into())]))])]);
        let tags = TextMap::from_value(bag.get("withExif")).unwrap();
        assert_eq!(tags.0, [("exif-ifd0-Copyright".to_owned(), "me".to_owned())]);
        assert_eq!(
            error("withExif", &[map(&[("IFD0", map(&[("X", value(1))]))])]),
            "Expected string for IFD0.X but received 1 of type number"
        );
    }

    #[test]
    fn an_unknown_format_gets_the_list() {
        let sentence = error("toFormat", &["zoinks".into()]);
        assert!(
            sentence.starts_with("Expected one of: heic, heif, avif, jpeg, jpg, jpe, tile, dz, png, raw, tiff, tif")
        );
        assert!(sentence.ends_with("jp2, jpx, j2k, j2c, jxl for format but received zoinks of type string"));
    }

    #[test]
    fn every_format_has_its_method() {
        for (name, method) in super::FORMAT_METHODS {
            assert!(crate::api::method(method).is_some(), "{name}");
        }
        let bag = apply("toFormat", &["PNG".into(), map(&[("quality", value(9))])]);
        assert_eq!((bag.get("formatOut"), bag.get("pngQuality")), (&"png".into(), &value(9)));
    }

    #[test]
    fn timeout_is_in_seconds() {
        assert_eq!(apply("timeout", &[map(&[("seconds", value(0))])]).get("timeoutSeconds"), &value(0));
        assert_eq!(
            error("timeout", &[map(&[])]),
            "Expected integer between 0 and 3600 for seconds but received undefined of type undefined"
        );
    }
}
