//! What `tile()` takes and what the options bag holds of it.

use crate::{
    codec::{self, Codec, Encoder, jpeg},
    error::{Error, Result},
    options::{Bag, Call, Method, Parsed, bag, bag_enum, colour, invalid},
};

pub(super) const METHOD: Method = Method { name: "tile", length: 1, call: tile };

bag_enum! {
    /// What the tiles are put into.
    pub(super) enum Container {
        Folder = "fs",
        Zip = "zip",
    }
}

bag_enum! {
    /// How the files of a pyramid are named, and what describes them.
    pub(super) enum Layout {
        DeepZoom = "dz",
        Google = "google",
        Iiif = "iiif",
        Iiif3 = "iiif3",
        Zoomify = "zoomify",
    }
}

bag_enum! {
    /// Where the levels end.
    pub(super) enum TileDepth {
        /// At an image of one pixel.
        OnePixel = "onepixel",
        /// At the first level that is one tile.
        OneTile = "onetile",
        /// At the full size.
        One = "one",
        /// One pixel for Deep Zoom, one tile for the others.
        ByLayout = "last",
    }
}

bag_enum! {
    /// Format of one tile.
    pub(super) enum TileFormat {
        Jpeg = "jpeg",
        Png = "png",
        Webp = "webp",
        /// JPEG.
        Usual = "last",
    }
}

bag! {
    /// What `tile()` sets.
    pub(super) struct TileOptions {
        /// Side of one tile in pixels.
        "tileSize" => size: u32 = 256, 1..=8192;
        /// Pixels that a tile shows of each neighbour; Deep Zoom only.
        "tileOverlap" => overlap: u32 = 0, 0..=8192;
        "tileContainer" => container: Container = Container::Folder;
        "tileLayout" => layout: Layout = Layout::DeepZoom;
        "tileFormat" => format: TileFormat = TileFormat::Usual;
        "tileDepth" => depth: TileDepth = TileDepth::ByLayout;
        /// Clockwise rotation in degrees, a multiple of 90.
        "tileAngle" => angle: i32 = 0;
        /// Difference from the background up to which a tile is left out, -1 is that none is.
        "tileSkipBlanks" => skip_blanks: i32 = -1, -1..=65535;
        /// Red, green, blue and alpha of what is beyond the image.
        "tileBackground" => background: [f64; 4] = [255.0; 4];
        /// Put the image in the middle of Google's square.
        "tileCentre" => centre: bool = false;
        /// The address below which IIIF finds the pyramid.
        "tileId" => id: String = "https://example.com/iiif".to_owned();
        /// Name of the pyramid in place of that of the file.
        "tileBasename" => basename: String = String::new();
    }
}

impl TileOptions {
    /// Whether the format of the tiles has alpha.
    pub(super) fn keep_alpha(bag: &dyn Bag) -> Parsed<bool> {
        Self::read(bag).map(|options| options.format != TileFormat::Jpeg)
    }

    /// The format of a tile and its encoder.
    pub(super) fn encoder(&self) -> Result<(&'static Codec, &'static Encoder)> {
        let name = match self.format {
            TileFormat::Usual => jpeg::CODEC.id,
            format => format.text(),
        };
        codec::by_name(name)
            .and_then(|codec| Some((codec, codec.encoder.as_ref()?)))
            .ok_or_else(|| Error::Internal(format!("tiles of {name}")))
    }

    /// Names of tiles end with this, without a dot.
    pub(super) const fn suffix(&self) -> &'static str {
        match (self.format, self.layout) {
            (TileFormat::Png, _) => "png",
            (TileFormat::Webp, _) => "webp",
            (TileFormat::Jpeg | TileFormat::Usual, Layout::DeepZoom) => "jpeg",
            (TileFormat::Jpeg | TileFormat::Usual, _) => "jpg",
        }
    }
}

/// Chooses a pyramid as output and sets its options; the checks are in the order in which errors are expected.
fn tile(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    call.set_integer("tileSize", options.get("size"), 1.0..=8192.0, "size", "integer between 1 and 8192")?;
    let overlap = options.get("overlap");
    call.set_integer("tileOverlap", overlap, 0.0..=8192.0, "overlap", "integer between 0 and 8192")?;
    let size = call.option("tileSize");
    if let (Some(overlap), Some(pixels)) = (overlap.as_integer(), size.as_number())
        && overlap > pixels
    {
        return Err(invalid("overlap", format!("<= size ({size})"), options.get("overlap")));
    }
    call.set_one_of("tileContainer", options.get("container"), &["fs", "zip"], "container", "one of: fs, zip")?;
    let layouts = ["dz", "google", "iiif", "iiif3", "zoomify"];
    let layout = options.get("layout");
    call.set_one_of("tileLayout", layout, &layouts, "layout", "one of: dz, google, iiif, iiif3, zoomify")?;
    let angle = options.get("angle");
    if angle.is_defined() {
        let quarter = angle.as_integer().filter(|angle| angle % 90.0 == 0.0);
        let quarter = quarter.ok_or_else(|| invalid("angle", "positive/negative multiple of 90", angle))?;
        call.set("tileAngle", quarter);
    }
    colour::set(call, "tileBackground", options.get("background"))?;
    let depths = ["onepixel", "onetile", "one"];
    call.set_one_of("tileDepth", options.get("depth"), &depths, "depth", "one of: onepixel, onetile, one")?;
    let (skip, expected) = (options.get("skipBlanks"), "integer between -1 and 255/65535");
    call.set_integer("tileSkipBlanks", skip, -1.0..=65535.0, "skipBlanks", expected)?;
    if !skip.is_defined() && layout.as_str() == Some("google") {
        call.set("tileSkipBlanks", f64::from(GOOGLE_BLANK));
    }
    let american = options.get("center");
    let centre = if american.as_bool().is_some() { american } else { options.get("centre") };
    call.set_bool("tileCentre", centre)?;
    for (key, name) in [("tileId", "id"), ("tileBasename", "basename")] {
        let text = options.get(name);
        if text.is_defined() {
            call.set(key, text.as_str().ok_or_else(|| invalid(name, "string", text))?);
        }
    }
    let format = call.option("formatOut");
    match format.as_str() {
        Some(name @ ("jpeg" | "png" | "webp")) => call.set("tileFormat", name),
        Some("input") => {}
        _ => return Err(invalid("format", "one of: jpeg, png, webp", &format)),
    }
    call.set("formatOut", "dz");
    Ok(())
}

/// The difference up to which Google's layout leaves tiles out unless told otherwise.
pub(super) const GOOGLE_BLANK: i32 = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Value;

    fn set(entries: &[(&str, Value)], format: &str) -> Result<Value, String> {
        let args = [Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())];
        let bag = Value::Map(vec![("formatOut".to_owned(), format.into()), ("tileSize".to_owned(), 256.0.into())]);
        let mut call = Call::new(&args, &bag);
        tile(&mut call).map_err(|error| error.to_string())?;
        Ok(Value::Map(call.finish().patch))
    }

    #[test]
    fn a_format_given_before_is_that_of_the_tiles() {
        let bag = set(&[], "png").unwrap();
        assert_eq!((bag.get("tileFormat"), bag.get("formatOut")), (&"png".into(), &"dz".into()));
        assert_eq!(set(&[], "input").unwrap().get("tileFormat"), &Value::Undefined);
        assert_eq!(
            set(&[], "gif").unwrap_err(),
            "Expected one of: jpeg, png, webp for format but received gif of type string"
        );
    }

    #[test]
    fn options_are_checked() {
        let bag = set(&[("layout", "google".into()), ("angle", (-90.0).into())], "input").unwrap();
        assert_eq!((bag.get("tileSkipBlanks"), bag.get("tileAngle")), (&5.0.into(), &(-90.0).into()));
        assert_eq!(
            set(&[("size", 8.0.into()), ("overlap", 9.0.into())], "input").unwrap_err(),
            "Expected <= size (8) for overlap but received 9 of type number"
        );
        assert_eq!(
            set(&[("angle", 45.0.into())], "input").unwrap_err(),
            "Expected positive/negative multiple of 90 for angle but received 45 of type number"
        );
    }
}
