//! The `info` object of an output.

use serde::Serialize;

use super::{Number, Report};

/// What is reported about an output, in the order of the public `info` object. Sizes and offsets are in pixels.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    pub format: &'static str,
    pub width: u32,
    pub height: u32,
    pub channels: u32,
    /// Sample type of bare pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<&'static str>,
    pub premultiplied: bool,
    /// Where a cropped or padded image lies.
    #[serde(flatten)]
    pub crop_offset: Option<CropOffset>,
    #[serde(flatten)]
    pub attention: Option<Attention>,
    #[serde(flatten)]
    pub trim_offset: Option<TrimOffset>,
    /// Dots per inch at which text was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_autofit_dpi: Option<u32>,
    #[serde(flatten)]
    pub frames: Option<Frames>,
    pub has_alpha: bool,
    /// Bytes; unknown for a folder of tiles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CropOffset {
    pub crop_offset_left: i64,
    pub crop_offset_top: i64,
}

/// The most interesting pixel that a smart crop found, in pixels of the input.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    pub attention_x: Number,
    pub attention_y: Number,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrimOffset {
    pub trim_offset_left: i64,
    pub trim_offset_top: i64,
}

/// Frames of an animation: rows of one, and how many there are.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frames {
    pub page_height: u32,
    pub pages: u32,
}

impl Report for Info {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_entries_are_left_out_and_present_ones_keep_their_order() {
        let bare = Info { format: "png", width: 2, height: 1, channels: 3, size: Some(9), ..Info::default() };
        assert_eq!(
            bare.to_json().unwrap(),
            r#"{"format":"png","width":2,"height":1,"channels":3,"premultiplied":false,"hasAlpha":false,"size":9}"#
        );
        let full = Info {
            depth: Some("uchar"),
            crop_offset: Some(CropOffset { crop_offset_left: -1, crop_offset_top: 2 }),
            frames: Some(Frames { page_height: 1, pages: 1 }),
            ..bare
        };
        let json = full.to_json().unwrap();
        let keys =
            ["\"depth\":\"uchar\"", "\"cropOffsetLeft\":-1", "\"cropOffsetTop\":2", "\"pageHeight\":1", "\"pages\":1"];
        let places = keys.map(|key| json.find(key).unwrap());
        assert!(places.is_sorted(), "{json}");
    }
}
