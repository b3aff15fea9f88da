//! The input page: what the constructor, and every method that takes another image, is given becomes an input descriptor.

use std::sync::OnceLock;

use crate::options::{
    Align, BytesKind, Call, FailOn, LIMIT_INPUT_CHANNELS, LIMIT_INPUT_PIXELS, MAX_SAFE_INTEGER, Method, OptionValue,
    Parsed, RawDepth, TextWrap, Value, check, colour, invalid,
};

/// What `new` does with its arguments, on a bag that has [`standard_descriptor`] as `input`; not on the prototype.
pub const CONSTRUCTOR: Method = Method { name: "constructor", length: 2, call: construct };

/// Names of `align`.
pub const ALIGN: &[(&str, Align)] = &[
    ("left", Align::Low),
    ("top", Align::Low),
    ("low", Align::Low),
    ("center", Align::Centre),
    ("centre", Align::Centre),
    ("right", Align::High),
    ("bottom", Align::High),
    ("high", Align::High),
];

/// Options that say how a stream or an overlay is read.
const READ_OPTIONS: &[&str] = &[
    "failOn",
    "failOnError",
    "limitInputPixels",
    "limitInputChannels",
    "unlimited",
    "animated",
    "autoOrient",
    "density",
    "ignoreIcc",
    "page",
    "pages",
    "sequentialRead",
    "jp2",
    "openSlide",
    "pdf",
    "raw",
    "svg",
    "tiff",
    "openSlideLevel",
    "pdfBackground",
    "tiffSubifd",
];

const MAX_SIDE: f64 = crate::options::MAX_SIDE as f64;

fn construct(call: &mut Call<'_>) -> Parsed {
    let (input, options) = (call.arg(0), call.arg(1));
    if let Value::Map(entries) = descriptor(call, input, options, true)? {
        for entry in entries {
            if !standard_entries().contains(&entry) {
                call.set(format!("input.{}", entry.0), entry.1);
            }
        }
    }
    Ok(())
}

/// The descriptor of an image about which nothing is known, which a new instance's bag has as `input`.
pub fn standard_descriptor() -> Value {
    Value::Map(standard_entries().to_vec())
}

fn standard_entries() -> &'static [(String, Value)] {
    static ENTRIES: OnceLock<[(String, Value); 7]> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let entries = [
            ("autoOrient", false.into()),
            ("failOn", FailOn::Warning.to_value()),
            ("limitInputPixels", LIMIT_INPUT_PIXELS.to_value()),
            ("limitInputChannels", LIMIT_INPUT_CHANNELS.to_value()),
            ("ignoreIcc", false.into()),
            ("unlimited", false.into()),
            ("sequentialRead", true.into()),
        ];
        entries.map(|(key, value)| (key.to_owned(), value))
    })
}

/// The options among an overlay's own that are for reading it; `undefined` when there are none.
pub(super) fn options_of(object: &Value) -> Value {
    let defined = |name: &&&str| object.get(name).is_defined();
    let entries: Vec<_> =
        READ_OPTIONS.iter().filter(defined).map(|name| ((*name).to_owned(), object.get(name).clone())).collect();
    if entries.is_empty() { Value::Undefined } else { Value::Map(entries) }
}

/// A descriptor while it is being made.
struct Descriptor {
    entries: Vec<(String, Value)>,
}

impl Descriptor {
    fn set(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, existing)) => *existing = value,
            None => self.entries.push((key.to_owned(), value)),
        }
    }

    /// Sets what is there; absent values change nothing.
    fn set_some<T: Into<Value>>(&mut self, key: &str, value: Option<T>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    fn remove(&mut self, key: &str) {
        self.entries.retain(|(name, _)| name != key);
    }
}

/// The descriptor of one image. A list of images is joined: their descriptors go to the bag.
pub(super) fn descriptor(call: &mut Call<'_>, input: &Value, options: &Value, allow_stream: bool) -> Parsed<Value> {
    let mut made = Descriptor { entries: standard_entries().to_vec() };
    let mut options = options;
    match input {
        Value::String(path) if !path.is_empty() => made.set("file", path.as_str()),
        Value::Bytes(bytes) if bytes.len == 0 => {
            return Err(check::other(match bytes.kind {
                BytesKind::Buffer => "Input Buffer is empty",
                BytesKind::ArrayBuffer => "Input bit Array is empty",
                _ => "Input Bit Array is empty",
            }));
        }
        Value::Bytes(_) => made.set("buffer", input.clone()),
        Value::Map(_) if !options.is_defined() => {
            options = input;
            if options_of(options).is_defined() {
                made.set("buffer", Vec::new());
            }
        }
        Value::Undefined | Value::Null if !options.is_defined() && allow_stream => made.set("buffer", Vec::new()),
        Value::List(images) => join(call, images)?,
        _ => {
            let with = if options.is_defined() {
                format!(" when also providing options of type {}", options.type_of())
            } else {
                String::new()
            };
            return Err(check::other(format!("Unsupported input '{input}' of type {}{with}", input.type_of())));
        }
    }
    if !options.is_defined() {
        return Ok(Value::Map(made.entries));
    }
    if !options.is_object() {
        return Err(check::other(format!("Invalid input options {options}")));
    }
    reading(&mut made, options)?;
    raw(&mut made, input, options.get("raw"))?;
    pages(&mut made, options)?;
    formats(&mut made, options)?;
    create(&mut made, options.get("create"))?;
    text(&mut made, options.get("text"))?;
    // Lists have a `join` of their own.
    let join = if matches!(options, Value::List(_)) { options } else { options.get("join") };
    join_options(call, &mut made, join)?;
    Ok(Value::Map(made.entries))
}

fn join(call: &mut Call<'_>, images: &[Value]) -> Parsed {
    if images.len() < 2 {
        return Err(check::other("Expected at least two images to join"));
    }
    if check::is_truthy(&call.option("joining")) {
        return Err(check::other("Recursive join is unsupported"));
    }
    call.set("joining", true);
    let joined = images.iter().map(|image| descriptor(call, image, &Value::Undefined, false));
    let joined = joined.collect::<Parsed<Vec<_>>>()?;
    call.set("join", joined);
    Ok(())
}

/// Limits and error handling, and what is common to several formats.
fn reading(made: &mut Descriptor, options: &Value) -> Parsed {
    // The form of 0.30, which newer spellings overrule.
    if let Some(fail) = check::boolean(options.get("failOnError"), "failOnError")? {
        made.set("failOn", if fail { FailOn::Warning } else { FailOn::None }.to_value());
    }
    let fail_on = check::accept(options.get("failOn"), "failOn", FailOn::EXPECTED, FailOn::from_value)?;
    made.set_some("failOn", fail_on.map(|level| level.to_value()));
    made.set_some("autoOrient", check::boolean(options.get("autoOrient"), "autoOrient")?);
    let density = check::number(options.get("density"), 1.0..=1e5, "density", "number between 1 and 100000")?;
    made.set_some("density", density);
    made.set_some("ignoreIcc", check::boolean(options.get("ignoreIcc"), "ignoreIcc")?);
    for (name, default) in
        [("limitInputPixels", LIMIT_INPUT_PIXELS as f64), ("limitInputChannels", LIMIT_INPUT_CHANNELS as f64)]
    {
        let limit = match options.get(name) {
            Value::Bool(on) => Some(if *on { default } else { 0.0 }),
            value => check::integer(value, 0.0..=MAX_SAFE_INTEGER, name, "positive integer")?,
        };
        made.set_some(name, limit);
    }
    for name in ["unlimited", "sequentialRead"] {
        made.set_some(name, check::boolean(options.get(name), name)?);
    }
    Ok(())
}

/// Width, height and channels of an image that is described, `None` when one is wrong.
fn size(options: &Value, channels: std::ops::RangeInclusive<f64>) -> Option<[f64; 3]> {
    let side = |name| options.get(name).as_integer().filter(|side| (1.0..=MAX_SIDE).contains(side));
    let channels = options.get("channels").as_integer().filter(|number| channels.contains(number))?;
    Some([side("width")?, side("height")?, channels])
}

/// Rows of one frame, which must divide the height; 0 when not given.
fn page_height(options: &Value, height: f64, what: &str) -> Parsed<f64> {
    let name = format!("{what}.pageHeight");
    let rows = check::integer(options.get("pageHeight"), 1.0..=height, &name, "positive integer")?.unwrap_or(0.0);
    if rows > 0.0 && height % rows != 0.0 {
        return Err(check::other(format!("Expected {what}.height {height} to be a multiple of {name} {rows}")));
    }
    Ok(rows)
}

fn raw(made: &mut Descriptor, input: &Value, options: &Value) -> Parsed {
    if !options.is_defined() {
        return Ok(());
    }
    let [width, height, channels] = size(options, 1.0..=4.0)
        .ok_or_else(|| check::other("Expected width, height and channels for raw pixel input"))?;
    let kind = if let Value::Bytes(bytes) = input { bytes.kind } else { BytesKind::Buffer };
    let depth = match kind {
        BytesKind::Int8Array => RawDepth::Char,
        BytesKind::Uint16Array => RawDepth::Ushort,
        BytesKind::Int16Array => RawDepth::Short,
        BytesKind::Uint32Array => RawDepth::Uint,
        BytesKind::Int32Array => RawDepth::Int,
        BytesKind::Float32Array => RawDepth::Float,
        BytesKind::Float64Array => RawDepth::Double,
        BytesKind::Buffer | BytesKind::ArrayBuffer | BytesKind::Uint8Array | BytesKind::Uint8ClampedArray => {
            RawDepth::Uchar
        }
    };
    made.set("rawWidth", width);
    made.set("rawHeight", height);
    made.set("rawChannels", channels);
    made.set("rawDepth", depth.to_value());
    let premultiplied = check::boolean(options.get("premultiplied"), "raw.premultiplied")?;
    made.set("rawPremultiplied", premultiplied.unwrap_or(false));
    made.set("rawPageHeight", page_height(options, height, "raw")?);
    Ok(())
}

fn pages(made: &mut Descriptor, options: &Value) -> Parsed {
    let animated = check::boolean(options.get("animated"), "animated")?;
    made.set_some("pages", animated.map(|animated| if animated { -1.0 } else { 1.0 }));
    let pages = check::integer(options.get("pages"), -1.0..=1e5, "pages", "integer between -1 and 100000")?;
    made.set_some("pages", pages);
    let page = check::integer(options.get("page"), 0.0..=1e5, "page", "integer between 0 and 100000")?;
    made.set_some("page", page);
    Ok(())
}

/// Options of one input format each; the older, flat names come second.
fn formats(made: &mut Descriptor, options: &Value) -> Parsed {
    let (level, name) = nested(options, "openSlide", "level", "openSlide.level");
    made.set_some("openSlideLevel", check::integer(level, 0.0..=256.0, name, "integer between 0 and 256")?);
    let (subifd, name) = nested(options, "tiff", "subifd", "tiff.subifd");
    made.set_some("tiffSubifd", check::integer(subifd, -1.0..=1e5, name, "integer between -1 and 100000")?);
    let svg = options.get("svg");
    made.set_some("svgStylesheet", check::string(svg.get("stylesheet"), "svg.stylesheet")?);
    made.set_some("svgHighBitdepth", check::boolean(svg.get("highBitdepth"), "svg.highBitdepth")?);
    let paper = options.get("pdf").get("background");
    let paper = if paper.is_defined() { paper } else { options.get("pdfBackground") };
    if paper.is_defined() {
        made.set("pdfBackground", colour::parse(paper)?.to_value());
    }
    made.set_some("jp2Oneshot", check::boolean(options.get("jp2").get("oneshot"), "jp2.oneshot")?);
    Ok(())
}

/// `options[group][name]` and its full name, or the old `options[name]`.
fn nested<'a, 'n>(options: &'a Value, group: &str, name: &'n str, full: &'n str) -> (&'a Value, &'n str) {
    let value = options.get(group).get(name);
    if value.is_defined() { (value, full) } else { (options.get(name), name) }
}

fn create(made: &mut Descriptor, options: &Value) -> Parsed {
    if !options.is_defined() {
        return Ok(());
    }
    let [width, height, channels] = size(options, f64::MIN..=f64::MAX)
        .ok_or_else(|| check::other("Expected valid width, height and channels to create a new input image"))?;
    made.set("createWidth", width);
    made.set("createHeight", height);
    made.set("createChannels", channels);
    made.set("createPageHeight", page_height(options, height, "create")?);
    let check_channels = |min: f64, expected| {
        let is_valid = (min..=4.0).contains(&channels);
        is_valid.then_some(()).ok_or_else(|| invalid("create.channels", expected, options.get("channels")))
    };
    let (noise, background) = (options.get("noise"), options.get("background"));
    if noise.is_defined() {
        if !noise.is_object() {
            return Err(check::other("Expected noise to be an object"));
        }
        if noise.get("type").as_str() != Some("gaussian") {
            return Err(check::other("Only gaussian noise is supported at the moment"));
        }
        made.set("createNoiseType", "gaussian");
        check_channels(1.0, "number between 1 and 4")?;
        for (name, key, title, default) in [
            ("mean", "createNoiseMean", "create.noise.mean", 128.0),
            ("sigma", "createNoiseSigma", "create.noise.sigma", 30.0),
        ] {
            let number = check::number(noise.get(name), 0.0..=1e4, title, "number between 0 and 10000")?;
            made.set(key, number.unwrap_or(default));
        }
    } else if background.is_defined() {
        check_channels(3.0, "number between 3 and 4")?;
        made.set("createBackground", colour::parse(background)?.to_value());
    } else {
        return Err(check::other("Expected valid noise or background to create a new input image"));
    }
    made.remove("buffer");
    Ok(())
}

fn text(made: &mut Descriptor, options: &Value) -> Parsed {
    if !options.is_defined() {
        return Ok(());
    }
    let value = options
        .get("text")
        .as_str()
        .ok_or_else(|| check::other("Expected a valid string to create an image with text."))?;
    made.set("textValue", value);
    if options.get("height").is_defined() && options.get("dpi").is_defined() {
        return Err(check::other("Expected only one of dpi or height"));
    }
    made.set_some("textFont", check::string(options.get("font"), "text.font")?);
    made.set_some("textFontfile", check::string(options.get("fontfile"), "text.fontfile")?);
    let integer = |name: &str, min: f64| {
        let expected = format!("integer between {min} and 1000000");
        check::integer(options.get(name), min..=1e6, &format!("text.{name}"), &expected)
    };
    made.set_some("textWidth", integer("width", 1.0)?);
    made.set_some("textHeight", integer("height", 1.0)?);
    made.set_some("textAlign", align(options, "align", "text.align")?);
    made.set_some("textJustify", check::boolean(options.get("justify"), "text.justify")?);
    made.set_some("textDpi", integer("dpi", 1.0)?);
    made.set_some("textRgba", check::accept(options.get("rgba"), "text.rgba", "bool", Value::as_bool)?);
    made.set_some("textSpacing", integer("spacing", -1e6)?);
    let wrap =
        check::accept(options.get("wrap"), "text.wrap", "one of: word, char, word-char, none", TextWrap::from_value)?;
    made.set_some("textWrap", wrap.map(|wrap| wrap.to_value()));
    made.remove("buffer");
    Ok(())
}

fn align(options: &Value, name: &str, title: &str) -> Parsed<Option<Value>> {
    let align = check::accept(options.get(name), title, "valid alignment", |name| check::named(name, ALIGN))?;
    Ok(align.map(|align| align.to_value()))
}

fn join_options(call: &Call<'_>, made: &mut Descriptor, options: &Value) -> Parsed {
    if !options.is_defined() {
        return Ok(());
    }
    if !call.option("join").is_defined() {
        return Err(check::other("Expected input to be an array of images to join"));
    }
    made.set_some("joinAnimated", check::boolean(options.get("animated"), "join.animated")?);
    let (across, shim) = (options.get("across"), options.get("shim"));
    made.set_some("joinAcross", check::integer(across, 1.0..=1e6, "join.across", "integer between 1 and 100000")?);
    made.set_some("joinShim", check::integer(shim, 0.0..=1e6, "join.shim", "integer between 0 and 100000")?);
    if options.get("background").is_defined() {
        made.set("joinBackground", colour::parse(options.get("background"))?.to_value());
    }
    made.set_some("joinHalign", align(options, "halign", "join.halign")?);
    made.set_some("joinValign", align(options, "valign", "join.valign")?);
    Ok(())
}

#[cfg(test)]
mod tests;
