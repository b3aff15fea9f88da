//! The bytes of a file at any place, in its byte order.

use std::{borrow::Cow, io::SeekFrom};

use crate::codec::{Input, Reader};

/// A file and how its numbers are stored.
pub(super) struct Source<'a> {
    bytes: Bytes<'a>,
    len: u64,
    pub(super) order: Order,
}

enum Bytes<'a> {
    Memory(&'a [u8]),
    File(Box<dyn Reader + 'a>),
}

/// Byte order and width of offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) little: bool,
    /// Offsets and counts have 64 bits.
    pub(super) big: bool,
}

impl Order {
    /// From the first four bytes of a file; `None` when they are not TIFF's.
    pub(super) fn sniff(start: &[u8]) -> Option<Self> {
        let order = |little, big| Some(Self { little, big });
        match start.get(..4)? {
            b"II*\0" => order(true, false),
            b"MM\0*" => order(false, false),
            b"II+\0" => order(true, true),
            b"MM\0+" => order(false, true),
            _ => None,
        }
    }

    pub(super) fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    pub(super) fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    pub(super) fn u64(self, bytes: [u8; 8]) -> u64 {
        if self.little { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) }
    }

    /// Bytes of an offset.
    pub(super) const fn word(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// Whether numbers have to be turned around on this machine.
    pub(super) const fn is_foreign(self) -> bool {
        self.little != cfg!(target_endian = "little")
    }

    /// An offset or count at the start of `bytes`.
    pub(super) fn offset(self, bytes: &[u8]) -> Option<u64> {
        if self.big {
            bytes.first_chunk().map(|bytes| self.u64(*bytes))
        } else {
            bytes.first_chunk().map(|bytes| self.u32(*bytes).into())
        }
    }
}

impl<'a> Source<'a> {
    /// `None` when it cannot be read or does not begin like a TIFF.
    pub(super) fn open(input: &'a Input<'a>) -> Option<Self> {
        let (bytes, len) = match input {
            Input::Bytes(bytes) => (Bytes::Memory(bytes), bytes.len() as u64),
            Input::File(_) => {
                let mut reader = input.reader().ok()?;
                let len = reader.seek(SeekFrom::End(0)).ok()?;
                (Bytes::File(reader), len)
            }
        };
        let mut source = Self { bytes, len, order: Order { little: true, big: false } };
        source.order = Order::sniff(&source.read(0, 4)?)?;
        Some(source)
    }

    /// Size of the file in bytes.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// `len` bytes from `offset`; `None` when the file does not have them.
    pub(super) fn read(&mut self, offset: u64, len: u64) -> Option<Cow<'a, [u8]>> {
        if offset.checked_add(len)? > self.len {
            return None;
        }
        match &mut self.bytes {
            Bytes::Memory(bytes) => {
                let start = usize::try_from(offset).ok()?;
                bytes.get(start..start.checked_add(usize::try_from(len).ok()?)?).map(Cow::Borrowed)
            }
            Bytes::File(_) => {
                let len = usize::try_from(len).ok()?;
                let mut buffer = Vec::new();
                buffer.try_reserve_exact(len).ok()?;
                buffer.resize(len, 0);
                self.read_into(offset, &mut buffer)?;
                Some(Cow::Owned(buffer))
            }
        }
    }

    /// Fills `buffer` from `offset`; `None` when the file does not have as many bytes.
    pub(super) fn read_into(&mut self, offset: u64, buffer: &mut [u8]) -> Option<()> {
        match &mut self.bytes {
            Bytes::Memory(bytes) => {
                let start = usize::try_from(offset).ok()?;
                buffer.copy_from_slice(bytes.get(start..start.checked_add(buffer.len())?)?);
            }
            Bytes::File(reader) => {
                // A relative seek keeps what is in the reader's buffer.
                let position = reader.stream_position().ok()?;
                let distance = i64::try_from(i128::from(offset) - i128::from(position)).ok()?;
                if distance != 0 {
                    reader.seek_relative(distance).ok()?;
                }
                reader.read_exact(buffer).ok()?;
            }
        }
        Some(())
    }
}
