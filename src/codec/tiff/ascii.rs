//! Text without its NUL: libtiff warns of it, and libvips refuses the pixels where warnings are failures.

use super::{directory::Directory, source::Source};
use crate::{
    error::{Error, Result},
    options::FailOn,
    warnings::Warnings,
};

/// The names that libtiff has for tags of text; others are numbers to it.
const NAMES: &[(u16, &str)] = &[
    (269, "DocumentName"),
    (270, "ImageDescription"),
    (271, "Make"),
    (272, "Model"),
    (285, "PageName"),
    (305, "Software"),
    (306, "DateTime"),
    (315, "Artist"),
    (316, "HostComputer"),
    (INK_NAMES, "InkNames"),
    (337, "TargetPrinter"),
    (33432, "Copyright"),
];
const INK_NAMES: u16 = 333;

/// Reports text that does not end in NUL.
pub(super) fn check(source: &mut Source<'_>, directory: &Directory, fail_on: FailOn) -> Result<()> {
    for tag in directory.unterminated_text(source) {
        let name = NAMES.iter().find(|(number, _)| *number == tag);
        let array = if name.is_none() || tag == INK_NAMES { "ASCII array " } else { "" };
        let name = name.map_or_else(|| format!("Tag {tag}"), |(_, name)| (*name).to_owned());
        let text = format!("ASCII value for {array}tag \"{name}\" does not end in null byte. Forcing it to be null");
        if fail_on >= FailOn::Warning {
            return Err(Error::corrupt_pixels(format!("Warning treated as error due to failOn setting\n{text}")));
        }
        Warnings::of_task().push(text);
    }
    Ok(())
}
