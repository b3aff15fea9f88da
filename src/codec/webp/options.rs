//! What `webp()` takes and what the options bag holds of it.

use super::{
    ffi::{self, Config, Preset},
    vp8,
};
use crate::{
    codec::animation,
    options::{Call, Method, Parsed, Value, bag, bag_enum},
};

pub(super) const METHOD: Method = Method { name: "webp", length: 1, call: webp };

bag_enum! {
    /// Kinds of image that the lossy encoder has settings for.
    pub enum WebpPreset {
        Default = "default",
        Photo = "photo",
        Picture = "picture",
        Drawing = "drawing",
        Icon = "icon",
        Text = "text",
    }
}

/// The names of [`WebpPreset`], for `webp()`.
const PRESETS: [&str; 6] = ["default", "photo", "picture", "drawing", "icon", "text"];

bag! {
    /// What `webp()` sets.
    pub struct WebpOptions {
        /// Quality, 1 to 100; how near to the original when `near_lossless`.
        "webpQuality" => quality: u32 = 80, 1..=100;
        /// Quality of the alpha channel, 0 to 100; 100 is lossless.
        "webpAlphaQuality" => alpha_quality: u32 = 100, 0..=100;
        /// Exact pixels.
        "webpLossless" => lossless: bool = false;
        /// Pixels changed a little so that they compress better, then written as if lossless.
        "webpNearLossless" => near_lossless: bool = false;
        /// Slower, sharper conversion to 4:2:0.
        "webpSmartSubsample" => smart_subsample: bool = false;
        /// Chooses the strength of the deblocking filter by trying; slow.
        "webpSmartDeblock" => smart_deblock: bool = false;
        /// Settings for a kind of image; lossy only.
        "webpPreset" => preset: WebpPreset = WebpPreset::Default;
        /// CPU effort, 0 to 6.
        "webpEffort" => effort: u32 = 4, 0..=6;
        /// Animations: tries harder to make the file small; slow.
        "webpMinSize" => min_size: bool = false;
        /// Animations: lossy or lossless for each frame, whichever is smaller; slow.
        "webpMixed" => mixed: bool = false;
        /// Keeps the colour of transparent pixels.
        "webpExact" => exact: bool = false;
    }
}

impl WebpOptions {
    /// The encoder's settings; `None` when it does not know the preset.
    pub(super) fn config(&self) -> Option<Config> {
        let lossless = self.lossless || self.near_lossless;
        let quality = self.quality as f32;
        // Presets are tuned for lossy; without loss, the quality that counts is the effort spent on compression.
        let mut config = match lossless {
            true => ffi::config(Preset::WEBP_PRESET_DEFAULT, DEFAULT_QUALITY)?,
            false => ffi::config(self.preset.into(), quality)?,
        };
        config.lossless = lossless.into();
        config.method = self.effort as i32;
        config.alpha_quality = self.alpha_quality as i32;
        config.exact = self.exact.into();
        if self.lossless {
            config.quality = quality;
        }
        if self.near_lossless {
            config.near_lossless = self.quality as i32;
        }
        if self.smart_subsample {
            config.use_sharp_yuv = 1;
        }
        if self.smart_deblock {
            config.autofilter = 1;
        }
        Some(config)
    }
}

/// The encoder's own default, which near-lossless keeps since its quality says how near.
const DEFAULT_QUALITY: f32 = 75.0;

impl From<WebpPreset> for Preset {
    fn from(preset: WebpPreset) -> Self {
        match preset {
            WebpPreset::Default => Preset::WEBP_PRESET_DEFAULT,
            WebpPreset::Photo => Preset::WEBP_PRESET_PHOTO,
            WebpPreset::Picture => Preset::WEBP_PRESET_PICTURE,
            WebpPreset::Drawing => Preset::WEBP_PRESET_DRAWING,
            WebpPreset::Icon => Preset::WEBP_PRESET_ICON,
            WebpPreset::Text => Preset::WEBP_PRESET_TEXT,
        }
    }
}

impl From<WebpPreset> for vp8::Preset {
    fn from(preset: WebpPreset) -> Self {
        match preset {
            WebpPreset::Default => Self::Default,
            WebpPreset::Photo => Self::Photo,
            WebpPreset::Picture => Self::Picture,
            WebpPreset::Drawing => Self::Drawing,
            WebpPreset::Icon => Self::Icon,
            WebpPreset::Text => Self::Text,
        }
    }
}

/// Boolean options of `webp()` and their keys in the bag, by which errors name them.
const FLAGS_BEFORE_PRESET: [(&str, &str); 4] = [
    ("lossless", "webpLossless"),
    ("nearLossless", "webpNearLossless"),
    ("smartSubsample", "webpSmartSubsample"),
    ("smartDeblock", "webpSmartDeblock"),
];
const FLAGS_AFTER_EFFORT: [(&str, &str); 3] =
    [("minSize", "webpMinSize"), ("mixed", "webpMixed"), ("exact", "webpExact")];

/// Chooses WebP as output and sets its options; the checks are in the order in which errors are expected.
fn webp(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    let integer = |call: &mut Call<'_>, key: &str, name: &str, low: f64, high: f64| {
        let expected = format!("integer between {low} and {high}");
        call.set_integer(key, options.get(name), low..=high, name, &expected)
    };
    integer(call, "webpQuality", "quality", 1.0, 100.0)?;
    integer(call, "webpAlphaQuality", "alphaQuality", 0.0, 100.0)?;
    for (name, key) in FLAGS_BEFORE_PRESET {
        call.set_bool(key, options.get(name))?;
    }
    let expected = format!("one of: {}", PRESETS.join(", "));
    call.set_one_of("webpPreset", options.get("preset"), &PRESETS, "preset", &expected)?;
    integer(call, "webpEffort", "effort", 0.0, 6.0)?;
    for (name, key) in FLAGS_AFTER_EFFORT {
        call.set_bool(key, options.get(name))?;
    }
    animation::set_options(call, options)?;
    if options.get("force") != &Value::Bool(false) {
        call.set("formatOut", "webp");
    }
    Ok(())
}
