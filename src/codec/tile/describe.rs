//! The file that describes a pyramid to its viewer.

use super::{
    layout::Plan,
    options::{Layout, TileOptions},
};

/// Its name, beside or in the folder of tiles, and what is in it; Google's layout has none.
pub(super) fn description(plan: &Plan, options: &TileOptions, name: &str, tiles: u64) -> Option<(String, String)> {
    let (width, height) = plan.picture;
    let size = plan.size;
    Some(match plan.layout {
        Layout::Google => return None,
        Layout::DeepZoom => (
            format!("{name}.dzi"),
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <Image xmlns=\"http://schemas.microsoft.com/deepzoom/2008\"\n  Format=\"{}\"\n  Overlap=\"{}\"\n  \
                 TileSize=\"{size}\"\n  >\n  <Size \n    Height=\"{height}\"\n    Width=\"{width}\"\n  />\n</Image>\n",
                plan.suffix, plan.overlap
            ),
        ),
        Layout::Zoomify => (
            format!("{name}/ImageProperties.xml"),
            format!(
                "<IMAGE_PROPERTIES WIDTH=\"{width}\" HEIGHT=\"{height}\" NUMTILES=\"{tiles}\" NUMIMAGES=\"1\" \
                 VERSION=\"1.8\" TILESIZE=\"{size}\" />\n"
            ),
        ),
        Layout::Iiif | Layout::Iiif3 => (format!("{name}/info.json"), iiif(plan, &format!("{}/{name}", options.id))),
    })
}

/// The document of an image service that has nothing but these tiles. Source: IIIF Image API 2.1 and 3.0, 5.
fn iiif(plan: &Plan, id: &str) -> String {
    let id = json_text(id);
    let head = if plan.layout == Layout::Iiif3 {
        format!(
            "  \"@context\": \"http://iiif.io/api/image/3/context.json\",\n  \"id\": {id},\n  \
             \"type\": \"ImageService3\",\n  \"profile\": \"level0\",\n"
        )
    } else {
        format!(
            "  \"@context\": \"http://iiif.io/api/image/2/context.json\",\n  \"@id\": {id},\n  \"profile\": [\n    \
             \"http://iiif.io/api/image/2/level0.json\",\n    {{\n      \"formats\": [\n        \"{}\"\n      ],\n      \
             \"qualities\": [\n        \"default\"\n      ]\n    }}\n  ],\n",
            plan.suffix
        )
    };
    let factors: Vec<String> = (0..plan.levels.len()).map(|level| format!("        {}", 1u64 << level)).collect();
    let (width, height) = plan.picture;
    format!(
        "{{\n{head}  \"protocol\": \"http://iiif.io/api/image\",\n  \"tiles\": [\n    {{\n      \"scaleFactors\": [\n{}\n\
         \x20     ],\n      \"width\": {}\n    }}\n  ],\n  \"width\": {width},\n  \"height\": {height}\n}}\n",
        factors.join(",\n"),
        plan.size
    )
}

/// A JSON string. Source: RFC 8259, 7.
fn json_text(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_has_its_own() {
        let described = |layout| {
            let options = TileOptions { layout, id: "a\"b".to_owned(), ..TileOptions::default() };
            description(&Plan::new(&options, 700, 500), &options, "x", 9)
        };
        assert_eq!(described(Layout::Google), None);
        let (name, text) = described(Layout::Zoomify).unwrap();
        assert_eq!(name, "x/ImageProperties.xml");
        assert!(text.contains("NUMTILES=\"9\""));
        let (name, text) = described(Layout::Iiif).unwrap();
        assert_eq!(name, "x/info.json");
        assert!(
            text.contains("\"@id\": \"a\\\"b/x\"") && text.contains("        4\n      ],\n      \"width\": 256"),
            "{text}"
        );
        assert!(described(Layout::DeepZoom).unwrap().1.contains("    Height=\"500\"\n    Width=\"700\"\n"));
    }
}
