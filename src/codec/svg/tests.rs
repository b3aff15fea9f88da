//! Documents in, pixels or refusals out.

use base64::prelude::*;

use super::CODEC;
use crate::{
    codec::{Input, LoadShrink, ReadOptions},
    error::Result,
    image::{Image, Samples},
};

fn svg(attributes: &str, content: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}>{content}</svg>")
}

fn size(text: &str) -> Result<(u32, u32)> {
    let decoder = CODEC.decoder.as_ref().unwrap();
    let spec = (decoder.header)(&Input::Bytes(text.as_bytes()), &ReadOptions::default())?.spec;
    Ok((spec.width, spec.height))
}

fn draw(text: &str, scale: f64) -> Result<Image> {
    let decoder = CODEC.decoder.as_ref().unwrap();
    let input = Input::Bytes(text.as_bytes());
    let mut rows = (decoder.decode)(&input, &ReadOptions::default(), LoadShrink::Scale(scale))?;
    let image = Image::collect(rows.as_mut());
    drop(rows);
    image
}

fn refusal(text: &str) -> String {
    draw(text, 1.0).unwrap_err().to_string()
}

#[test]
fn colours_are_straight() {
    let image = draw(&svg("width='2' height='1'", "<rect width='1' height='1' fill='#c80' fill-opacity='0.2'/>"), 1.0);
    let Samples::U8(samples) = image.unwrap().into_samples() else { panic!("depth") };
    assert_eq!(samples[3], 51);
    // Premultiplied, there are 51 steps only.
    assert!(samples[0].abs_diff(0xcc) <= 3 && samples[1].abs_diff(0x88) <= 3, "{samples:?}");
    assert_eq!(samples[4..], [0; 4]);
}

#[test]
fn shapes_are_drawn_at_the_size_wanted() {
    let text = svg("viewBox='0 0 10 5'", "<rect width='10' height='5'/>");
    assert_eq!(size(&text).unwrap(), (10, 5));
    let image = draw(&text, 7.3).unwrap();
    assert_eq!((image.spec().width, image.spec().height), (73, 37));
}

#[test]
fn bands_make_the_same_image() {
    // Wide enough for several bands.
    let text = svg("width='20000' height='1700'", "<circle cx='900' cy='850' r='840'/>");
    let image = draw(&text, 1.0).unwrap();
    let row = |y: u32| match image.row(y) {
        crate::image::Row::U8(row) => row.chunks_exact(4).filter(|pixel| pixel[3] == 255).count(),
        _ => 0,
    };
    for y in [10, 300, 838, 839, 840] {
        assert!(row(y).abs_diff(row(1699 - y)) <= 2, "{y}: {} {}", row(y), row(1699 - y));
    }
}

#[test]
fn entities_must_not_multiply() {
    let bomb = |levels: usize, width: usize| {
        let mut text = "<!DOCTYPE svg [<!ENTITY a0 'ha'>".to_owned();
        for level in 1..levels {
            text += &format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(width));
        }
        text + "]>" + &svg("width='9' height='9'", &format!("<text>&a{};</text>", levels - 1))
    };
    assert!(refusal(&bomb(12, 10)).contains("entities"));
    let flat = format!(
        "<!DOCTYPE svg [<!ENTITY a '{}'>]>{}",
        "x".repeat(100_000),
        svg("width='9' height='9'", &format!("<text>{}</text>", "&a;".repeat(1000)))
    );
    assert!(refusal(&flat).contains("entities"));
    assert!(draw(&bomb(3, 4), 1.0).is_ok());
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| svg("width='9' height='9'", &("<g>".repeat(depth) + &"</g>".repeat(depth)));
    assert!(draw(&nested(240), 1.0).is_ok());
    assert!(refusal(&nested(300)).contains("nested too deeply"));
    assert!(refusal(&nested(100_000)).contains("nested too deeply"));
}

#[test]
fn references_must_not_multiply() {
    let chain = |link: &dyn Fn(usize) -> String| {
        let groups: String =
            (1..30).map(|level| format!("<g id='a{level}'>{}</g>", link(level - 1).repeat(10))).collect();
        svg("width='9' height='9'", &format!("<defs><g id='a0'><path d='M0 0h9v9'/></g>{groups}</defs>{}", link(29)))
    };
    assert!(refusal(&chain(&|level| format!("<use href='#a{level}'/>"))).contains("references"));
    let patterns: String = (1..30)
        .map(|level| {
            let rect = format!("<rect width='9' height='9' fill='url(#p{})'/>", level - 1).repeat(10);
            format!("<pattern id='p{level}' width='9' height='9' patternUnits='userSpaceOnUse'>{rect}</pattern>")
        })
        .collect();
    let text =
        svg("width='9' height='9'", &format!("<pattern id='p0'/>{patterns}<path d='M0 0h9v9' fill='url(#p29)'/>"));
    assert!(refusal(&text).contains("references"));
    let circle = svg("width='9' height='9'", "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>");
    // Refused or drawn without it, but not followed forever.
    assert!(draw(&circle, 1.0).map_or_else(|error| error.to_string().contains("corrupt header"), |_| true));
}

#[test]
fn layers_have_a_limit() {
    let groups = "<g opacity='0.5'><path d='M-9e6 -9e6H9e6V9e6'/>".repeat(200) + &"</g>".repeat(200);
    assert!(refusal(&svg("width='9000' height='9000'", &groups)).contains("too many pixels"));
    let pattern = "<pattern id='p' width='1e6' height='1e6' patternUnits='userSpaceOnUse'><path d='M0 0h9v9'/></pattern>\
                   <path d='M0 0h9v9' fill='url(#p)'/>";
    assert!(refusal(&svg("width='9' height='9'", pattern)).contains("too many pixels"));
}

#[test]
fn text_has_a_limit() {
    let text = |content: &str| svg("width='9' height='9'", &format!("<text>{content}</text>"));
    let spans = |count: usize| "<tspan fill='red'>a</tspan><tspan fill='blue'>b</tspan>".repeat(count);
    for long in ["a".repeat(100_000), spans(4_000), "\u{202b}\u{202a}\u{5d0}".repeat(40_000)] {
        assert!(refusal(&text(&long)).contains("text is too long"));
    }
    // Each is small, all of them are not; copies and documents inside count like the text itself.
    let many = svg("width='9' height='9'", &text(&"a".repeat(10_000)).repeat(20));
    assert!(refusal(&many).contains("text is too long"));
    let copies = format!("<text id='t'>{}</text>{}", spans(500), "<use href='#t'/>".repeat(30));
    assert!(refusal(&svg("width='9' height='9'", &copies)).contains("text is too long"));
    let in_vain = "<tspan x='1'/><tspan fill='red'>a</tspan><tspan x='' fill='blue'>b</tspan>".repeat(4_000);
    assert!(refusal(&text(&in_vain)).contains("text is too long"));
    assert!(draw(&text(&spans(50)), 1.0).is_ok());
    // Parts with positions of their own are shaped alone.
    assert!(draw(&text(&"<tspan x='1' y='2'>a</tspan>".repeat(3_000)), 1.0).is_ok());
}

#[test]
fn filters_have_a_limit() {
    let filtered = |step: &str, size: u32| {
        let shape = format!(
            "<filter id='f' x='0' y='0' width='1' height='1'>{step}</filter><rect width='{size}' height='{size}' filter='url(#f)'/>"
        );
        svg(&format!("width='{size}' height='{size}'"), &shape)
    };
    let matrix = format!("<feConvolveMatrix order='300' kernelMatrix='{}'/>", "1 ".repeat(90_000));
    for step in ["<feTurbulence numOctaves='10000' baseFrequency='0.1'/>", "<feMorphology radius='300'/>", &matrix] {
        assert!(refusal(&filtered(step, 1000)).contains("too many pixels"), "{step:.40}");
    }
    for step in ["<feTurbulence numOctaves='4' baseFrequency='0.1'/>", "<feMorphology radius='3'/>"] {
        assert!(draw(&filtered(step, 100), 1.0).is_ok(), "{step}");
    }
}

#[test]
fn style_sheets_go_on_after_a_comment() {
    let sheet =
        "<style>.a{fill:#f00}<!-- one -->.b{fill:<!-- two -->#0f0}.c{fill:#fff}.c{<!-- three -->fill:#00f}</style>";
    let squares: String = (0..)
        .zip(["a", "b", "c"])
        .map(|(x, class)| format!("<rect x='{x}' width='1' height='1' class='{class}'/>"))
        .collect();
    let document = svg("width='3' height='1'", &(sheet.to_owned() + &squares));
    let inside = BASE64_STANDARD.encode(&document);
    let around = format!("<image width='3' height='1' href='data:image/svg+xml;base64,{inside}'/>");
    for text in [document, svg("width='3' height='1'", &around)] {
        let image = draw(&text, 1.0).unwrap();
        assert_eq!(image.samples(), &Samples::U8(vec![255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]));
    }
}

/// Red, green, blue and alpha at places of a drawing.
fn at<const COUNT: usize>(text: &str, places: [(u32, u32); COUNT]) -> [[u8; 4]; COUNT] {
    let image = draw(text, 1.0).unwrap();
    places.map(|(x, y)| std::array::from_fn(|channel| image.row(y).get(x as usize * 4 + channel) as u8))
}

const RED: [u8; 4] = [255, 0, 0, 255];
const LIME: [u8; 4] = [0, 255, 0, 255];
const NONE: [u8; 4] = [0; 4];

#[test]
fn styles_are_resolved() {
    let canvas = |content: &str| svg("width='40' height='20'", content);
    let two = "<rect width='20' height='20'/><rect x='20' class='b' width='20' height='20'/>";
    let places = [(5, 5), (30, 5)];
    for (css, expected) in [
        (":root{fill:red}", [RED, RED]),
        ("rect:not(.b){fill:red} .b{fill:lime}", [RED, LIME]),
        ("rect:nth-child(2){fill:red} rect:last-child{fill:lime}", [RED, LIME]),
        ("rect{fill:red!important} .b.b{fill:lime}", [RED, RED]),
        ("svg{--c:red} rect{fill:var(--c)} .b{fill:var(--d, lime)}", [RED, LIME]),
        ("@media print{rect{fill:none}} rect{fill:lime}", [LIME, LIME]),
        ("rect{fill:red;width:10px} .b{transform:translate(-10px,0)}", [RED, NONE]),
    ] {
        assert_eq!(at(&canvas(&format!("<style>{css}</style>{two}")), places), expected, "{css}");
    }
    // The same where there are no style sheets.
    assert_eq!(at(&canvas("<rect style='x:20px;width:20px;height:20px;fill:red'/>"), places), [NONE, RED]);
    let turned = "style='transform:rotate(180deg);transform-box:fill-box;transform-origin:100% 50%'";
    assert_eq!(at(&canvas(&format!("<rect width='20' height='20' fill='red' {turned}/>")), places), [NONE, RED]);
    assert_eq!(at(&canvas("<rect width='20' height='20' fill='hwb(0 0% 0%)'/>"), places), [RED, NONE]);
    // What is given beside the document yields to it.
    let options = ReadOptions { svg_stylesheet: Some("rect{fill:red} .b{fill:red}".into()), ..ReadOptions::default() };
    let text = canvas(&format!("<style>.b{{fill:lime}}</style>{two}"));
    let input = Input::Bytes(text.as_bytes());
    let mut rows = (CODEC.decoder.as_ref().unwrap().decode)(&input, &options, LoadShrink::None).unwrap();
    let image = Image::collect(rows.as_mut()).unwrap();
    let row = image.row(5);
    let pixels = row.bytes().as_chunks::<4>().0;
    assert_eq!([pixels[5], pixels[30]], [RED, LIME]);
}

#[test]
fn style_that_becomes_too_much_is_refused() {
    let inside = |content: &str| svg("width='9' height='9'", content);
    let long = format!("<style>path{{d:path('{}')}}</style>{}", "M0 0".repeat(50_000), "<path/>".repeat(1000));
    assert!(refusal(&inside(&long)).contains("too much text"));
    let slow =
        format!("<style>{}</style>{}", "g g g g g g g b{fill:red}", "<g>".repeat(200) + "<b/>" + &"</g>".repeat(200));
    assert!(draw(&inside(&slow), 1.0).is_ok());
    let slow = slow.replace("g g g g g g g b", "x g g g g g g g g b");
    assert!(refusal(&inside(&slow)).contains("too many rules"));
}

#[test]
fn strokes_that_are_not_scaled_have_their_width_in_pixels() {
    let line = "<path d='M0 5H15' stroke='red' stroke-width='2' vector-effect='non-scaling-stroke'";
    let near = [(20, 18), (20, 19), (20, 20), (20, 21)];
    let scaled = svg("width='60' height='40'", &format!("{line} transform='scale(4)'/>"));
    assert_eq!(at(&scaled, near), [NONE, RED, RED, NONE]);
    let boxed = svg("width='60' height='40' viewBox='0 0 15 10'", &format!("<g>{line}/></g>"));
    assert_eq!(at(&boxed, near), [NONE, RED, RED, NONE]);
    // The mark of such strokes is not taken for what it says otherwise.
    let fast = svg(
        "width='60' height='40'",
        "<path d='M0 20.5H60' stroke='red' stroke-width='4' shape-rendering='optimizeSpeed'/>",
    );
    assert_eq!(at(&fast, near), [RED; 4]);
}

#[test]
fn thin_strokes_cover_what_they_are_wide() {
    let text = svg("width='20' height='3'", "<path d='M0 1.5H20' stroke='#000' stroke-width='0.2'/>");
    let [[.., above], [.., covered]] = at(&text, [(9, 0), (9, 1)]);
    assert_eq!((above, covered), (0, 51));
}

/// A PNG file, written by the codec.
fn png(spec: crate::image::Spec, samples: Vec<u8>) -> Vec<u8> {
    let image = Image::from_samples(spec, Samples::U8(samples)).unwrap();
    let job = crate::codec::EncodeJob {
        options: &crate::options::Value::Map(Vec::new()),
        metadata: &crate::meta::Metadata::default(),
        gain_map: None,
    };
    let mut file = Vec::new();
    (crate::codec::png::CODEC.encoder.as_ref().unwrap().encode)(&mut image.into_rows(), &job, &mut file).unwrap();
    file
}

/// Stripes of red and lime, one pixel wide, as a data URL.
fn stripes(side: u32) -> String {
    let format = crate::image::PixelFormat::new(crate::image::ColourSpace::Srgb, crate::image::Depth::U8, true);
    let samples = (0..side * side).flat_map(|at| if at % 2 == 0 { RED } else { LIME }).collect();
    let file = png(crate::image::Spec::new(side, side, format), samples);
    format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(file))
}

#[test]
fn images_inside_are_known_by_content_and_made_smaller_evenly() {
    let href = stripes(64);
    let image =
        |more: &str| svg("width='8' height='8'", &format!("<image width='8' height='8' href='{href}' {more}/>"));
    let mask = "<mask id='m'><rect width='8' height='8' fill='#fff'/></mask>";
    let pattern = format!("<pattern id='p' width='1' height='1'><image width='8' height='8' href='{href}'/></pattern>");
    for text in [
        image(""),
        image("style='mix-blend-mode:multiply'"),
        svg(
            "width='8' height='8'",
            &format!("{mask}<g mask='url(#m)'><image width='8' height='8' href='{href}'/></g>"),
        ),
        svg("width='8' height='8'", &format!("{pattern}<rect width='8' height='8' fill='url(#p)'/>")),
        svg(
            "width='8' height='8'",
            &format!(
                "<filter id='f'><feOffset dx='0'/></filter><g filter='url(#f)'><image width='8' height='8' href='{href}'/></g>"
            ),
        ),
    ] {
        for [red, green, blue, alpha] in at(&text, [(1, 1), (4, 4), (6, 5)]) {
            assert!(
                red.abs_diff(128) < 3 && green.abs_diff(128) < 3 && blue == 0 && alpha > 250,
                "{red} {green} {alpha}"
            );
        }
    }
    // At its own size or larger it stays sharp.
    let same = svg("width='64' height='64'", &format!("<image width='64' height='64' href='{href}'/>"));
    assert_eq!(at(&same, [(10, 9), (11, 9)]), [RED, LIME]);
    let pixelated = svg(
        "width='8' height='8'",
        &format!(
            "<image width='64' height='8' preserveAspectRatio='none' href='{}' style='image-rendering:pixelated'/>",
            stripes(2)
        ),
    );
    assert_eq!(at(&pixelated, [(0, 0), (7, 7)]), [RED, RED]);
}

#[test]
fn documents_inside_are_drawn_within_their_bounds() {
    let inner = BASE64_STANDARD
        .encode(svg("width='10' height='10'", "<rect width='99' height='5' style='fill:var(--a, red)'/>"));
    let text = svg(
        "width='40' height='20'",
        &format!("<image width='20' height='20' href='data:image/svg+xml;base64,{inner}'/>"),
    );
    assert_eq!(at(&text, [(5, 5), (5, 15), (30, 5)]), [RED, NONE, NONE]);
}

#[test]
fn images_under_filters_keep_their_pixels() {
    let href = stripes(2);
    let text = svg(
        "width='20' height='20'",
        &format!(
            "<filter id='f' filterUnits='userSpaceOnUse' width='20' height='20'><feOffset dx='10'/></filter><g filter='url(#f)'><image width='2' height='2' href='{href}'/></g>"
        ),
    );
    let shown = at(&text, [(0, 0), (10, 0), (11, 1)]);
    let apart = shown.iter().flatten().zip([NONE, RED, LIME].iter().flatten()).map(|(a, b)| a.abs_diff(*b));
    assert!(apart.max().unwrap() < 3, "{shown:?}");
}

#[test]
fn strokes_markers_and_style_sheets_have_a_limit() {
    let inside = |content: &str| svg("width='9' height='9'", content);
    let dashed = "<path d='M0 0L100 100' stroke='red' stroke-dasharray='0.001'/>";
    assert!(refusal(&inside(&dashed.repeat(1000))).contains("dashes"));
    let outline = |points: usize| format!("<path d='M0 0{}' marker-mid='url(#m)'/>", "L5 5".repeat(points));
    let marker = |points: usize| format!("<marker id='m'>{}</marker>", outline(points));
    assert!(refusal(&inside(&(marker(5_000) + &outline(50_000)))).contains("too many elements"));
    assert!(draw(&inside(&(marker(4) + &outline(100))), 1.0).is_ok());
    let copies =
        format!("<defs><path id='p' d='M0 0{}'/></defs>{}", "L5 5".repeat(50_000), "<use href='#p'/>".repeat(2_000));
    assert!(refusal(&inside(&copies)).contains("too many elements"));
    let style =
        format!("<style>{}</style>{}", "g > rect[width='5'] {fill:red}".repeat(20_000), "<rect/>".repeat(5_000));
    assert!(refusal(&inside(&style)).contains("too many rules"));
}

#[test]
fn sizes_have_a_limit() {
    let text = svg("width='10' height='10'", "");
    assert_eq!(
        draw(&text, 4000.0).unwrap_err().to_string(),
        "Input SVG image will exceed 32767x32767 pixel limit when scaled"
    );
    let large = svg("width='40000' height='2'", "");
    assert_eq!(refusal(&large), "Input SVG image exceeds 32767x32767 pixel limit");
    assert!(size(&svg("width='1e30' height='1'", "")).is_err());
}

#[test]
fn nothing_outside_is_read() {
    let link = |href: &str| svg("width='1' height='1'", &format!("<image width='1' height='1' href='{href}'/>"));
    for href in ["file:///etc/hostname", "/etc/hostname", "http://localhost/x.png", "data:image/png;base64,AAAA"] {
        let Samples::U8(samples) = draw(&link(href), 1.0).unwrap().into_samples() else { panic!("depth") };
        assert_eq!(samples, [0; 4], "{href}");
    }
}

#[test]
fn text_is_recognised_and_other_bytes_are_not() {
    let sniff = CODEC.decoder.as_ref().unwrap().sniff;
    assert!(sniff(b"<?xml version='1.0'?>\n<!-- a --><SVG width='1'>"));
    assert!(sniff("\u{feff}<svg/>".as_bytes()));
    let units: Vec<u8> = "\u{feff}<svg/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(sniff(&units));
    assert!(sniff(format!("<!-- {} --><s:svg>", "é".repeat(5000)).as_bytes()));
    assert!(!sniff(b""));
    assert!(!sniff(b"<html></html>"));
    assert!(!sniff(b"\0\0\0\0<svg>"));
    assert!(!sniff(b"\x1f\x8b<svg>"));
}
