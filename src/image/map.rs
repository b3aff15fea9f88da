//! The one adaptor for everything that turns each row into another by itself.

use crate::{
    error::Result,
    image::{Row, RowMut, RowSource, Rows, Samples, Spec},
};

/// Gives each row of `source` through `map`, which reads a row of the source's layout and writes one of `spec`'s.
pub fn map_rows<'a>(
    source: Rows<'a>,
    spec: Spec,
    map: impl FnMut(Row<'_>, RowMut<'_>) -> Result<()> + Send + 'a,
) -> Result<Rows<'a>> {
    let scratch = Samples::row_of(&source.spec())?;
    Ok(Box::new(MapRows { source, spec, scratch, map }))
}

struct MapRows<'a, F> {
    source: Rows<'a>,
    spec: Spec,
    scratch: Samples,
    map: F,
}

impl<F: FnMut(Row<'_>, RowMut<'_>) -> Result<()> + Send> RowSource for MapRows<'_, F> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        self.source.next_row(self.scratch.all_mut())?;
        (self.map)(self.scratch.all(), row)
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.source.skip_rows(count)
    }
}

/// Gives each row of `source` changed in place by `edit`; size and layout stay.
pub fn edit_rows<'a>(source: Rows<'a>, edit: impl FnMut(RowMut<'_>) -> Result<()> + Send + 'a) -> Result<Rows<'a>> {
    Ok(Box::new(EditRows { source, edit }))
}

struct EditRows<'a, F> {
    source: Rows<'a>,
    edit: F,
}

impl<F: FnMut(RowMut<'_>) -> Result<()> + Send> RowSource for EditRows<'_, F> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        self.source.next_row(row.reborrow())?;
        (self.edit)(row)
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.source.skip_rows(count)
    }
}
