//! XMP that is kept while the image changes: what it says about the image is brought into agreement, all else stays as it is.
//! Source: ISO 16684-1, which allows a simple property as an attribute or as an element, under any prefix.

use std::borrow::Cow;

/// Places of a name that are looked at, and bytes in which its tag or value has to end: a packet may be hostile.
const MOST_PLACES: usize = 256;
const MOST_DECLARATIONS: usize = 16;
const MOST_BYTES: usize = 4096;

const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

/// What an XMP packet has to say about the image that it goes with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// 1 to 8, where it is another than before.
    pub orientation: Option<u8>,
    /// Width and height, where pixels changed; thumbnails are dropped then.
    pub size: Option<(u32, u32)>,
}

/// A packet after these changes; the same bytes when it does not speak of what changed, or is not UTF-8.
pub fn rebuild<'a>(packet: &'a [u8], changes: &Changes) -> Cow<'a, [u8]> {
    let Ok(text) = str::from_utf8(packet) else { return Cow::Borrowed(packet) };
    let mut text = Cow::Borrowed(text);
    let number = |text: &mut Cow<'a, str>, namespace, name, number: u32| {
        for prefix in prefixes(text, namespace) {
            set(text, &format!("{prefix}:{name}"), &number.to_string());
        }
    };
    if let Some(orientation) = changes.orientation {
        number(&mut text, TIFF, "Orientation", orientation.into());
    }
    if let Some((width, height)) = changes.size {
        number(&mut text, TIFF, "ImageWidth", width);
        number(&mut text, TIFF, "ImageLength", height);
        number(&mut text, EXIF, "PixelXDimension", width);
        number(&mut text, EXIF, "PixelYDimension", height);
        for prefix in prefixes(&text, XMP) {
            remove_element(&mut text, &format!("{prefix}:Thumbnails"));
        }
    }
    match text {
        Cow::Borrowed(_) => Cow::Borrowed(packet),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// The prefixes that stand for a namespace anywhere in a packet.
fn prefixes(text: &str, namespace: &str) -> Vec<String> {
    let mut prefixes = Vec::new();
    for (at, _) in text.match_indices(namespace).take(MOST_DECLARATIONS) {
        let (before, after) = (&text[..at], &text[at + namespace.len()..]);
        let Some(before) = before.strip_suffix(['"', '\'']).filter(|_| after.starts_with(['"', '\''])) else {
            continue;
        };
        let Some(before) = before.trim_end().strip_suffix('=') else { continue };
        let declaration = before.trim_end();
        let start = declaration.rfind(|c: char| c.is_ascii_whitespace()).map_or(0, |at| at + 1);
        if let Some(prefix) = declaration[start..].strip_prefix("xmlns:")
            && !prefix.is_empty()
            && !prefixes.iter().any(|known| known == prefix)
        {
            prefixes.push(prefix.to_owned());
        }
    }
    prefixes
}

/// Gives a property another value wherever it stands, as attribute or element.
fn set(text: &mut Cow<'_, str>, name: &str, value: &str) {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(name).take(MOST_PLACES) {
        let Some((start, end)) = value_of(text, name, at).filter(|&(start, _)| start >= done) else { continue };
        if &text[start..end] != value {
            out.push_str(&text[done..start]);
            out.push_str(value);
            done = end;
        }
    }
    if done > 0 {
        out.push_str(&text[done..]);
        *text = Cow::Owned(out);
    }
}

/// Where the value of the property begins and ends whose name stands at `at`.
fn value_of(text: &str, name: &str, at: usize) -> Option<(usize, usize)> {
    let after = &text[at + name.len()..];
    let before = text[..at].chars().next_back()?;
    if before == '<' && after.starts_with(|c: char| c == '>' || c.is_ascii_whitespace()) {
        let open = find(after, b'>').filter(|&open| !after[..open].ends_with('/'))?;
        let start = at + name.len() + open + 1;
        let end = start + find(&text[start..], b'<')?;
        let closed = text[end..].strip_prefix("</").is_some_and(|rest| rest.starts_with(name));
        return closed.then_some((start, end));
    }
    let assigned = before.is_ascii_whitespace().then(|| after.trim_start().strip_prefix('=')).flatten()?.trim_start();
    let quote = assigned.bytes().next().filter(|&quote| quote == b'"' || quote == b'\'')?;
    let start = at + name.len() + (after.len() - assigned.len()) + 1;
    find(&text[start..], quote).map(|len| (start, start + len))
}

/// Where an ASCII character first stands near the beginning of a text.
fn find(text: &str, character: u8) -> Option<usize> {
    text.bytes().take(MOST_BYTES).position(|byte| byte == character)
}

/// Removes the elements of a name with all that is in them. XMP does not put one into another of its kind.
fn remove_element(text: &mut Cow<'_, str>, name: &str) {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut from = 0;
    for _ in 0..MOST_PLACES {
        let Some(found) = text[from..].find(&open) else { return };
        let start = from + found;
        let after = &text[start + open.len()..];
        from = start + open.len();
        if !after.starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace()) {
            continue;
        }
        let Some(tag) = after.find('>') else { return };
        let end = if after[..tag].ends_with('/') {
            from + tag + 1
        } else {
            match after.find(&close) {
                Some(at) => from + at + close.len(),
                None => return,
            }
        };
        text.to_mut().replace_range(start..end, "");
        from = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(attributes: &str, elements: &str) -> String {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description xmlns:tiff=\"{TIFF}\" xmlns:e = '{EXIF}' xmlns:xmp='{XMP}' \
             {attributes}>{elements}</rdf:Description></x:xmpmeta>"
        )
    }

    fn rebuilt(packet: &str, changes: Changes) -> String {
        String::from_utf8(rebuild(packet.as_bytes(), &changes).into_owned()).unwrap()
    }

    const TURNED: Changes = Changes { orientation: Some(1), size: None };
    const CUT: Changes = Changes { orientation: None, size: Some((60, 50)) };

    #[test]
    fn orientation_follows_as_attribute_and_as_element() {
        for (before, after) in
            [("tiff:Orientation=\"6\"", "tiff:Orientation=\"1\""), ("tiff:Orientation = '8'", "tiff:Orientation = '1'")]
        {
            assert_eq!(rebuilt(&packet(before, ""), TURNED), packet(after, ""));
        }
        let elements = ["<tiff:Orientation>6</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"];
        assert_eq!(rebuilt(&packet("", elements[0]), TURNED), packet("", elements[1]));
    }

    #[test]
    fn another_prefix_counts_and_another_namespace_does_not() {
        let other = format!("<a xmlns:t='{TIFF}' t:Orientation='6' tiff:Orientation='6'/>");
        assert_eq!(rebuilt(&other, TURNED), other.replace(" t:Orientation='6'", " t:Orientation='1'"));
        for same in ["<a tiff:Orientation='6'/>", "<a xmlns:tiff='other' tiff:Orientation='6'/>"] {
            assert_eq!(rebuilt(same, TURNED), same);
        }
    }

    #[test]
    fn sizes_follow_and_thumbnails_go() {
        let thumbnails = "<xmp:Thumbnails><rdf:Alt><rdf:li>secret</rdf:li></rdf:Alt></xmp:Thumbnails><xmp:Thumbnails/>";
        let before = packet(
            "tiff:ImageWidth='160' e:PixelXDimension='160'",
            &format!("<e:PixelYDimension>120</e:PixelYDimension>{thumbnails}<b/>"),
        );
        let after =
            packet("tiff:ImageWidth='60' e:PixelXDimension='60'", "<e:PixelYDimension>50</e:PixelYDimension><b/>");
        assert_eq!(rebuilt(&before, CUT), after);
    }

    #[test]
    fn what_is_not_spoken_of_or_not_well_formed_stays() {
        for same in [
            "",
            "<",
            "<a",
            "tiff:Orientation",
            "<tiff:Orientation",
            "<tiff:Orientation>",
            "<tiff:Orientation/>",
            "<xmp:Thumbnails>",
        ] {
            let same = packet("", same);
            assert_eq!(rebuilt(&same, Changes { orientation: Some(3), size: Some((1, 2)) }), same);
        }
        assert_eq!(rebuild(&[0xff, 0xfe, 0], &TURNED), Cow::Borrowed(&[0xff, 0xfe, 0][..]));
        assert!(matches!(rebuild(packet("tiff:Orientation='1'", "").as_bytes(), &TURNED), Cow::Borrowed(_)));
    }
}
