//! The boxes of a file and the numbers in them. Source: ISO/IEC 14496-12 (ISO base media file format), clause 4; those of JPEG 2000
//! are the same (ISO/IEC 15444-1, I.4).

/// What is wrong with a file, as a sentence for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault(pub(super) &'static str);

pub(super) type Parsed<T> = Result<T, Fault>;

/// A box or a number that ends after its parent.
pub(super) const CUT: Fault = Fault("Invalid input: Unexpected end of file");

/// Four letters that name a box, an item type or a reference.
pub(super) type Name = [u8; 4];

/// Bytes read from the front, big-endian.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, len: usize) -> Parsed<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Parsed<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(CUT)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Parsed<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Parsed<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Parsed<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn name(&mut self) -> Parsed<Name> {
        self.array()
    }

    /// A number of 16 bits, or of 32 when `wide`.
    pub(super) fn u16_or_u32(&mut self, wide: bool) -> Parsed<u32> {
        if wide { self.u32() } else { self.u16().map(u32::from) }
    }

    /// A number of 0, 4 or 8 bytes; one of no bytes is 0.
    pub(super) fn sized(&mut self, bytes: u8) -> Parsed<u64> {
        match bytes {
            0 => Ok(0),
            4 => self.u32().map(u64::from),
            8 => self.array().map(u64::from_be_bytes),
            _ => Err(Fault("Invalid input: Unsupported size of a field in the iloc box")),
        }
    }

    /// Version and flags, with which many boxes begin.
    pub(super) fn version(&mut self) -> Parsed<(u8, u32)> {
        let word = self.u32()?;
        Ok(((word >> 24) as u8, word & 0xff_ffff))
    }

    /// Text up to a zero, or up to the end where there is none.
    pub(super) fn text(&mut self) -> &'a [u8] {
        let len = self.0.iter().position(|&byte| byte == 0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(len);
        self.0 = rest.get(1..).unwrap_or_default();
        text
    }

    /// The next box, `None` at the end. A box of size 0 goes on to the end.
    pub(super) fn next_box(&mut self) -> Parsed<Option<(Name, Cursor<'a>)>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let header = BoxHeader::read(self)?;
        let body = match header.body {
            Some(len) => self.take(usize::try_from(len).map_err(|_| CUT)?)?,
            None => std::mem::take(&mut self.0),
        };
        Ok(Some((header.name, Cursor(body))))
    }

    /// The first box of a name among those that follow.
    pub(super) fn find(mut self, name: &Name) -> Parsed<Option<Cursor<'a>>> {
        while let Some((found, body)) = self.next_box()? {
            if found == *name {
                return Ok(Some(body));
            }
        }
        Ok(None)
    }
}

/// Name of a box and the bytes after its header.
pub(super) struct BoxHeader {
    pub(super) name: Name,
    /// `None` when the box goes on to the end of what it is in.
    pub(super) body: Option<u64>,
}

impl BoxHeader {
    /// Longest header: size, name, 64-bit size.
    pub(super) const MAX_LEN: usize = 16;

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Parsed<Self> {
        let (size, name) = (cursor.u32()?, cursor.name()?);
        let (size, header) = match size {
            0 => return Ok(Self { name, body: None }),
            1 => (cursor.sized(8)?, 16),
            size => (size.into(), 8),
        };
        let body = size.checked_sub(header).ok_or(Fault("Invalid input: Invalid box size"))?;
        Ok(Self { name, body: Some(body) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_end_where_their_parent_does() {
        let mut cursor = Cursor(b"\0\0\0\x0aabcdXY\0\0\0\x01efgh\0\0\0\0\0\0\0\x11Z\0\0\0\0ijkllast");
        assert!(matches!(cursor.next_box(), Ok(Some((name, Cursor(b"XY")))) if &name == b"abcd"));
        assert!(matches!(cursor.next_box(), Ok(Some((name, Cursor(b"Z")))) if &name == b"efgh"));
        assert!(matches!(cursor.next_box(), Ok(Some((name, Cursor(b"last")))) if &name == b"ijkl"));
        assert!(matches!(cursor.next_box(), Ok(None)));
        assert!(Cursor(b"\0\0\0\x0babcdXY").next_box().is_err());
        assert!(Cursor(b"\0\0\0\x07abcd").next_box().is_err());
        assert!(Cursor(b"\0\0\0\x01abcd\xff\xff\xff\xff\xff\xff\xff\xff").next_box().is_err());
    }

    #[test]
    fn text_may_lack_its_end() {
        let mut cursor = Cursor(b"one\0two");
        assert_eq!((cursor.text(), cursor.text(), cursor.text()), (&b"one"[..], &b"two"[..], &b""[..]));
    }
}
