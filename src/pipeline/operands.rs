//! Operands: other images that operations take.

use super::open::{self, Opened};
use crate::{
    codec::LoadShrink,
    error::{Error, Result},
    image::Rows,
    options::OperationOptions,
    plan::{Operand, Operands},
};

/// Their headers, read.
pub(super) struct OpenedOperands<'a> {
    boolean: Option<Opened<'a>>,
    join_channel: Vec<Opened<'a>>,
}

impl<'a> OpenedOperands<'a> {
    /// Opens all that `options` name.
    pub(super) fn open(options: &OperationOptions, buffers: &[&'a [u8]]) -> Result<Self> {
        let join_channel = options.join_channel.iter().map(|operand| open::open(operand, buffers));
        let join_channel = join_channel.collect::<Result<_>>()?;
        let boolean = options.boolean.as_ref().map(|operand| open::open(operand, buffers)).transpose()?;
        Ok(Self { boolean, join_channel })
    }

    /// What is planned with.
    pub(super) fn specs(&self) -> Operands {
        Operands {
            boolean: self.boolean.as_ref().map(|operand| operand.header.spec),
            join_channel: self.join_channel.iter().map(|operand| operand.header.spec).collect(),
        }
    }

    /// The pixels of one of them.
    pub(super) fn rows(&self, operand: Operand) -> Result<Rows<'_>> {
        let opened = match operand {
            Operand::Boolean => self.boolean.as_ref(),
            Operand::JoinChannel(index) => self.join_channel.get(index),
        };
        opened.ok_or_else(|| Error::Internal("an operand that was not opened".into()))?.rows(LoadShrink::None)
    }
}
