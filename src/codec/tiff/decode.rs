//! The pixels of one page, or of several below each other, as rows.

use super::{
    ascii,
    header::{self, File},
    layout::Layout,
    reader::PageReader,
};
use crate::{
    codec::{Input, LoadShrink, ReadOptions},
    error::{LimitError, Result},
    image::{RowMut, RowSource, Spec, past_the_end, zeroed},
};

/// The rows of a file. Of a strip no more is held than its compressed bytes and a row, of tiles one row of them.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let mut file = File::open(input, options)?;
    let layout = header::layout(&mut file)?;
    let spec = header::spec(&file, &layout)?;
    let reader = open(&mut file, 0)?;
    let line = zeroed(
        reader
            .row_bytes()
            .ok_or(LimitError::Dimensions { width: file.page.width.into(), height: file.page.height.into() })?,
    )?;
    Ok(Box::new(TiffRows { spec, file, layout, reader, line, page: 0, next: 0 }))
}

/// The rows of the page of this number among those that are read.
fn open<'a>(file: &mut File<'a>, number: usize) -> Result<PageReader<'a>> {
    let (directory, page) = file.page_of(number)?;
    ascii::check(&mut file.source, &directory, file.options.fail_on)?;
    PageReader::new(&mut file.source, &directory, page, file.options.fail_on, file.options.unlimited)
}

struct TiffRows<'a> {
    spec: Spec,
    file: File<'a>,
    layout: Layout,
    reader: PageReader<'a>,
    line: Vec<u8>,
    /// Number of the current page among those that are read.
    page: usize,
    /// Next row of all.
    next: u32,
}

impl TiffRows<'_> {
    /// Goes to the page that the next row is on.
    fn turn(&mut self) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let page = (self.next / self.file.page.height) as usize;
        if page != self.page {
            self.reader = open(&mut self.file, page)?;
            self.page = page;
        }
        Ok(())
    }
}

impl RowSource for TiffRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        self.turn()?;
        self.next += 1;
        self.reader.row(&mut self.file.source, &mut self.line)?;
        self.layout.row(&self.line, row)
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        let to = self.next.saturating_add(count).min(self.spec.height);
        while self.next < to {
            self.turn()?;
            let height = self.file.page.height;
            let count = (height - self.next % height).min(to - self.next);
            self.reader.skip(&mut self.file.source, count)?;
            self.next += count;
        }
        Ok(())
    }
}
