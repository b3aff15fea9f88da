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
fn bands_make_the_same_picture() {
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
    // Refused or drawn without it, but not followed for ever.
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
    assert!(!sniff(b""));
    assert!(!sniff(b"<html></html>"));
    assert!(!sniff(b"\0\0\0\0<svg>"));
    assert!(!sniff(b"\x1f\x8b<svg>"));
}
