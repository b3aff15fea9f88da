//! The trailer of a file: metadata by libvips's names, as XML.

use std::fmt::Write;

use resvg::usvg::roxmltree;

use super::base64;
use crate::meta::{Density, DensityUnit, Metadata};

/// Most bytes that are read, and most elements.
pub(super) const MAX_LEN: u64 = 64 << 20;
const MAX_NODES: u32 = 100_000;

const BLOB: &str = "VipsBlob";
const INTEGER: &str = "gint";
const TEXT: &str = "VipsRefString";
const INTEGERS: &str = "VipsArrayInt";

/// Names of the blocks of bytes.
const EXIF: &str = "exif-data";
const ICC: &str = "icc-profile-data";
const XMP: &str = "xmp-data";
const IPTC: &str = "iptc-data";
const PHOTOSHOP: &str = "photoshop-data";

/// Adds what is known to the metadata; what cannot be read is left out.
pub(super) fn read(bytes: &[u8], metadata: &mut Metadata) {
    let options = roxmltree::ParsingOptions { nodes_limit: MAX_NODES, ..Default::default() };
    let text = String::from_utf8_lossy(bytes);
    let Ok(document) = roxmltree::Document::parse_with_options(text.trim(), options) else { return };
    for field in document.descendants().filter(|node| node.tag_name().name() == "field") {
        let (kind, name) = (field.attribute("type").unwrap_or(""), field.attribute("name").unwrap_or(""));
        set(metadata, kind, name, field.text().unwrap_or(""));
    }
}

fn set(metadata: &mut Metadata, kind: &str, name: &str, text: &str) {
    let integer = || text.trim().parse::<u32>().ok();
    match (kind, name) {
        (BLOB, EXIF) => metadata.exif = base64::decode(text),
        (BLOB, ICC) => metadata.icc = base64::decode(text),
        (BLOB, XMP) => metadata.xmp = base64::decode(text),
        (BLOB, IPTC) => metadata.iptc = base64::decode(text),
        (BLOB, PHOTOSHOP) => metadata.photoshop = base64::decode(text),
        (INTEGER, "orientation") => {
            metadata.orientation = integer().and_then(|value| u8::try_from(value).ok()).filter(|v| (1..=8).contains(v));
        }
        (INTEGER, "bits-per-sample") => metadata.bits_per_sample = integer().and_then(|value| value.try_into().ok()),
        (INTEGER, "n-pages") => metadata.pages = integer(),
        (INTEGER, "page-height") => metadata.page_height = integer(),
        (INTEGER, "loop") => metadata.loop_count = integer(),
        (INTEGERS, "delay") => {
            metadata.delay = text.split_ascii_whitespace().filter_map(|value| value.parse().ok()).collect();
        }
        (TEXT, "resolution-unit") => {
            let unit = match text {
                "in" => DensityUnit::Inch,
                "cm" => DensityUnit::Centimetre,
                _ => DensityUnit::Unstated,
            };
            metadata.density = metadata.density.map(|density| Density { unit, ..density });
        }
        _ => {}
    }
}

/// The document that says all this of an image.
pub(super) fn document(metadata: &Metadata) -> String {
    let mut fields = String::new();
    let mut field = |kind: &str, name: &str, value: String| {
        // Nothing that is written needs escapes: numbers, digits of base64, names of units.
        let _ = writeln!(fields, "    <field type=\"{kind}\" name=\"{name}\">{value}</field>");
    };
    let numbers = [
        ("orientation", metadata.orientation.map(u32::from)),
        ("n-pages", metadata.pages),
        ("page-height", metadata.page_height),
        // As sharp counts: an image that is no animation is shown once.
        ("loop", metadata.loop_count.or(Some(1))),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            field(INTEGER, name, number.to_string());
        }
    }
    if !metadata.delay.is_empty() {
        field(INTEGERS, "delay", metadata.delay.iter().map(|delay| format!("{delay} ")).collect());
    }
    if let Some(density) = metadata.density {
        let unit = if density.unit == DensityUnit::Centimetre { "cm" } else { "in" };
        field(TEXT, "resolution-unit", unit.to_owned());
    }
    let blocks = [
        (EXIF, &metadata.exif),
        (ICC, &metadata.icc),
        (XMP, &metadata.xmp),
        (IPTC, &metadata.iptc),
        (PHOTOSHOP, &metadata.photoshop),
    ];
    for (name, bytes) in blocks {
        if let Some(bytes) = bytes {
            field(BLOB, name, base64::encode(bytes));
        }
    }
    format!(
        "<?xml version=\"1.0\"?>\n<root xmlns=\"http://www.vips.ecs.soton.ac.uk/vips/8.18.7\">\n  <header>\n    \
         <field type=\"{TEXT}\" name=\"Hist\"></field>\n  </header>\n  <meta>\n{fields}  </meta>\n</root>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let metadata = Metadata {
            orientation: Some(6),
            pages: Some(3),
            page_height: Some(20),
            loop_count: Some(0),
            delay: vec![10, 20, 30],
            density: Some(Density { x: 2.0, y: 2.0, unit: DensityUnit::Centimetre }),
            exif: Some(b"Exif\0\0II".to_vec()),
            icc: Some(vec![0, 255, 7]),
            xmp: Some(b"<x/>".to_vec()),
            ..Metadata::default()
        };
        let mut read_back =
            Metadata { density: Some(Density { x: 2.0, y: 2.0, unit: DensityUnit::Unstated }), ..Metadata::default() };
        read(document(&metadata).as_bytes(), &mut read_back);
        assert_eq!(read_back, metadata);
    }

    #[test]
    fn anything_else_is_passed_over() {
        for text in ["", "<root>", "\u{0}", "<!DOCTYPE r [<!ENTITY a \"b\">]><root/>", "<field type=\"gint\"/>"] {
            let mut metadata = Metadata::default();
            read(text.as_bytes(), &mut metadata);
            assert_eq!(metadata, Metadata::default());
        }
        let mut metadata = Metadata::default();
        let text =
            "<r><field type='gint' name='orientation'>99</field><field type='VipsBlob' name='exif-data'>!</field></r>";
        read(text.as_bytes(), &mut metadata);
        assert_eq!(metadata, Metadata::default());
    }
}
