use crate::{error::Result, image::RowSource};
pub fn premultiply<'a>(source: Box<dyn RowSource + 'a>) -> Result<Box<dyn RowSource + 'a>> {
    Ok(source)
}
pub fn unpremultiply<'a>(source: Box<dyn RowSource + 'a>) -> Result<Box<dyn RowSource + 'a>> {
    Ok(source)
}
