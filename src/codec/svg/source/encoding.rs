//! Character encodings: UTF-8, UTF-16 and those of Western Europe in one byte. Source: XML 1.0, appendix F.

use std::borrow::Cow;

/// Bytes of the XML declaration that are searched for an encoding.
const DECLARATION: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 {
        big: bool,
    },
    /// What the web reads as Latin-1, too.
    Windows1252,
}

/// Characters of the bytes 0x80 to 0x9f in Windows-1252; the five that have none stay control characters. Source: the
/// Encoding Standard, index windows-1252.
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const LITTLE_MARK: &[u8] = b"\xff\xfe";
const BIG_MARK: &[u8] = b"\xfe\xff";

impl Encoding {
    /// The encoding and the length of its byte order mark.
    fn of(bytes: &[u8]) -> (Self, usize) {
        if bytes.starts_with(UTF8_MARK) {
            (Self::Utf8, UTF8_MARK.len())
        } else if bytes.starts_with(LITTLE_MARK) {
            (Self::Utf16 { big: false }, LITTLE_MARK.len())
        } else if bytes.starts_with(BIG_MARK) {
            (Self::Utf16 { big: true }, BIG_MARK.len())
        } else if bytes.starts_with(b"<\0") {
            (Self::Utf16 { big: false }, 0)
        } else if bytes.starts_with(b"\0<") {
            (Self::Utf16 { big: true }, 0)
        } else {
            (declared(bytes), 0)
        }
    }
}

/// What the XML declaration says, of the encodings that extend ASCII.
fn declared(bytes: &[u8]) -> Encoding {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    let declaration = start.split(|&byte| byte == b'>').next().unwrap_or_default().to_ascii_lowercase();
    let names: [&[u8]; 4] = [b"iso-8859-1\"", b"iso-8859-1'", b"windows-1252", b"latin1"];
    if declaration.starts_with(b"<?xml")
        && names.iter().any(|name| declaration.windows(name.len()).any(|at| at == *name))
    {
        Encoding::Windows1252
    } else {
        Encoding::Utf8
    }
}

/// The start of a document, whose last character may be incomplete; what is no text becomes U+FFFD.
pub(super) fn start(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, mark) = Encoding::of(bytes);
    match encoding {
        Encoding::Utf8 => String::from_utf8_lossy(&bytes[mark..]),
        Encoding::Utf16 { big } => String::from_utf16_lossy(&units(&bytes[mark..], big)).into(),
        Encoding::Windows1252 => western(bytes).into(),
    }
}

/// A whole document, without its byte order mark.
pub(super) fn decode(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, &'static str> {
    const FAILED: &str = "document is not UTF-8";
    let (encoding, mark) = Encoding::of(&bytes);
    match encoding {
        Encoding::Utf16 { big } => {
            String::from_utf16(&units(&bytes[mark..], big)).map(Cow::Owned).map_err(|_| "document is not UTF-16")
        }
        Encoding::Windows1252 if !bytes.is_ascii() => Ok(western(&bytes).into()),
        Encoding::Utf8 | Encoding::Windows1252 => match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(&bytes[mark..]).map(Cow::Borrowed).map_err(|_| FAILED),
            Cow::Owned(mut bytes) => {
                bytes.drain(..mark);
                String::from_utf8(bytes).map(Cow::Owned).map_err(|_| FAILED)
            }
        },
    }
}

fn units(bytes: &[u8], big: bool) -> Vec<u16> {
    let unit = if big { u16::from_be_bytes } else { u16::from_le_bytes };
    bytes.as_chunks().0.iter().map(|&pair| unit(pair)).collect()
}

fn western(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9f => C1[usize::from(byte - 0x80)],
            _ => char::from(byte),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, &'static str> {
        decode(Cow::Borrowed(bytes)).map(Cow::into_owned)
    }

    #[test]
    fn encodings_are_told_by_their_marks_and_declarations() {
        assert_eq!(text("\u{feff}<a>é</a>".as_bytes()).unwrap(), "<a>é</a>");
        for mark in ["", "\u{feff}"] {
            let units: Vec<u16> = format!("{mark}<a>é\u{1f600}</a>").encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            assert_eq!((text(&little).unwrap(), text(&big).unwrap()), ("<a>é😀</a>".into(), "<a>é😀</a>".into()));
        }
        for name in ["ISO-8859-1", "windows-1252", "latin1"] {
            let declared = format!("<?xml version='1.0' encoding='{name}'?>");
            assert_eq!(text(&[declared.as_bytes(), b"<a>\xe9\x80</a>"].concat()).unwrap(), declared + "<a>é€</a>");
        }
        assert!(text(b"<a>\xe9</a>").is_err());
        assert!(text(b"<\0a\0>\0\0\xd8").is_err());
    }

    #[test]
    fn a_start_may_end_within_a_character() {
        assert_eq!(start(&"<a>é".as_bytes()[..4]), "<a>\u{fffd}");
        assert_eq!(start(b"<\0a"), "<");
    }
}
