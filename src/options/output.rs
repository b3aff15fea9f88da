//! Options of the output that all formats share.

use super::{Keep, OptionValue, Value, bag};

bag! {
    /// Where the image goes, what goes with it, how long it may take.
    pub struct OutputOptions {
        /// Path to write to, empty is memory.
        "fileOut" => file_out: String = String::new();
        /// Format name; `input` is the input's, or by the path's ending.
        "formatOut" => format_out: String = "input".to_owned();
        /// Output goes to the readable side of the stream.
        "streamOut" => stream_out: bool = false;
        /// Output is a plain Uint8Array.
        "typedArrayOut" => typed_array_out: bool = false;
        /// Bits of [`Keep`].
        "keepMetadata" => keep_metadata: u32 = 0, 0..=63;
        /// EXIF orientation to write, -1 is as it is.
        "withMetadataOrientation" => with_metadata_orientation: i32 = -1, -1..=8;
        /// Pixels per inch to write, 0 is as it is.
        "withMetadataDensity" => with_metadata_density: f64 = 0.0, 0.0..=1e9;
        /// Name or path of an ICC profile to convert to, empty is none.
        "withIccProfile" => with_icc_profile: String = String::new();
        /// EXIF tags to write, `exif-ifd0-Name` and text.
        "withExif" => with_exif: TextMap = TextMap(Vec::new());
        /// Add them to the input's, rather than in their place.
        "withExifMerge" => with_exif_merge: bool = true;
        /// XMP to write.
        "withXmp" => with_xmp: String = String::new();
        /// Keep an Ultra HDR gain map as it is.
        "keepGainMap" => keep_gain_map: bool = false;
        /// Make use of the gain map and write a new one.
        "withGainMap" => with_gain_map: bool = false;
        /// The promise gives `{ data, info }`.
        "resolveWithObject" => resolve_with_object: bool = false;
        /// Seconds after which the task fails, 0 is never.
        "timeoutSeconds" => timeout_seconds: u32 = 0, 0..=3600;
    }
}

impl OutputOptions {
    /// Whether the input's gain map is of use.
    pub const fn uses_gain_map(&self) -> bool {
        self.keep_gain_map || self.with_gain_map
    }

    /// The metadata to keep.
    pub const fn keep(&self) -> Keep {
        Keep(self.keep_metadata)
    }
}

/// An object whose values are strings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextMap(pub Vec<(String, String)>);

impl OptionValue for TextMap {
    const EXPECTED: &'static str = "object";
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Map(entries) = value else { return None };
        let text = |(key, value): &(String, Value)| Some((key.clone(), String::from_value(value)?));
        entries.iter().map(text).collect::<Option<_>>().map(TextMap)
    }
    fn to_value(&self) -> Value {
        Value::Map(self.0.iter().map(|(key, text)| (key.clone(), text.as_str().into())).collect())
    }
}
