//! The form in XMP. Source: Adobe, "Gain Map specification" 1.0.
//!
//! Properties are attributes (`hdrgm:GainMapMax="2"`) or elements, of one number or of a list of three. No XML is parsed: a
//! property is looked for by its name with the prefix that all writers use.

use super::{GainChannel, GainMapInfo};

const PREFIX: &str = "hdrgm:";
/// What offsets are when nothing is said.
const OFFSET: f64 = 1.0 / 64.0;

/// Reads a packet.
pub(super) fn read(packet: &[u8]) -> Option<GainMapInfo> {
    let text = String::from_utf8_lossy(packet);
    let text = text.as_ref();
    property(text, "Version")?;
    if property(text, "BaseRenditionIsHDR").is_some_and(|value| value.trim().eq_ignore_ascii_case("true")) {
        return None;
    }
    let required = |name: &str| property(text, name).and_then(numbers);
    let optional = |name: &str, default: f64| property(text, name).map_or(Some([default; 3]), numbers);
    let (min, max) = (optional("GainMapMin", 0.0)?, required("GainMapMax")?);
    let gamma = optional("Gamma", 1.0)?;
    let (base, alternate) = (optional("OffsetSDR", OFFSET)?, optional("OffsetHDR", OFFSET)?);
    let channel = |at: usize| GainChannel {
        min: min[at],
        max: max[at],
        gamma: gamma[at],
        base_offset: base[at],
        alternate_offset: alternate[at],
    };
    Some(GainMapInfo {
        channels: [0, 1, 2].map(channel),
        base_headroom: optional("HDRCapacityMin", 0.0)?[0],
        alternate_headroom: required("HDRCapacityMax")?[0],
        in_base_space: true,
    })
}

/// What stands in an attribute's quotes or between an element's tags.
fn property<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.match_indices(PREFIX).find_map(|(at, _)| {
        let after = text[at + PREFIX.len()..].strip_prefix(name)?;
        if let Some(content) = after.strip_prefix('>') {
            return text[..at].ends_with('<').then(|| content.find("</hdrgm:").map(|end| &content[..end])).flatten();
        }
        let value = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        value[1..].split_once(quote).map(|(value, _)| value)
    })
}

/// One number, or three as a list.
fn numbers(value: &str) -> Option<[f64; 3]> {
    if !value.contains('<') {
        return value.trim().parse().ok().map(|number| [number; 3]);
    }
    let items = value.split("<rdf:li>").skip(1).map(|item| item.split('<').next()?.trim().parse().ok());
    items.collect::<Option<Vec<f64>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(attributes: &str, elements: &str) -> Vec<u8> {
        format!("<rdf:Description xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" {attributes}>{elements}</rdf:Description>")
            .into_bytes()
    }

    #[test]
    fn attributes_with_defaults() {
        let info = read(&packet(
            "hdrgm:Version=\"1.0\" hdrgm:GainMapMax = '2.5' hdrgm:GainMapMin=\"-1\" hdrgm:HDRCapacityMax=\"2.5\"",
            "",
        ));
        let channel = GainChannel { min: -1.0, max: 2.5, gamma: 1.0, base_offset: OFFSET, alternate_offset: OFFSET };
        let expected =
            GainMapInfo { channels: [channel; 3], base_headroom: 0.0, alternate_headroom: 2.5, in_base_space: true };
        assert_eq!(info, Some(expected));
    }

    #[test]
    fn elements_and_lists() {
        let list = "<hdrgm:GainMapMax>\n<rdf:Seq><rdf:li>1</rdf:li> <rdf:li>2</rdf:li><rdf:li>3.5</rdf:li></rdf:Seq></hdrgm:GainMapMax>";
        let info = read(&packet(
            "hdrgm:Version=\"1.0\"",
            &format!("{list}<hdrgm:HDRCapacityMax>3.5</hdrgm:HDRCapacityMax><hdrgm:Gamma> 0.5 </hdrgm:Gamma>"),
        ))
        .unwrap();
        assert_eq!(info.channels.map(|channel| (channel.max, channel.gamma)), [(1.0, 0.5), (2.0, 0.5), (3.5, 0.5)]);
    }

    #[test]
    fn what_is_missing_or_no_number_is_no_gain_map() {
        let all = "hdrgm:Version=\"1.0\" hdrgm:GainMapMax=\"2\" hdrgm:HDRCapacityMax=\"2\"";
        assert!(read(&packet(all, "")).is_some());
        for (from, to) in [
            ("Version", "Vision"),
            ("GainMapMax", "Other"),
            ("HDRCapacityMax", "Other"),
            ("Max=\"2\"", "Max=\"x\""),
            ("Max=\"2\"", "Max=\"2"),
            ("Version=", "BaseRenditionIsHDR=\"True\" hdrgm:Version="),
        ] {
            assert!(read(&packet(&all.replace(from, to), "")).is_none(), "{from} as {to}");
        }
        assert!(
            read(&packet(all, "<hdrgm:GainMapMin><rdf:Seq><rdf:li>1</rdf:li></rdf:Seq></hdrgm:GainMapMin>")).is_none()
        );
        assert!(read(b"hdrgm:hdrgm:Version hdrgm:Version= hdrgm:Version=\xff\xfe <hdrgm:Version>").is_none());
    }
}
