//! `block()` and `unblock()`: what this process may read, make, do and write, by the names of the engine that sharp is
//! made of. A name is that of one operation, or of a class that stands for all below it.

use std::sync::{LazyLock, PoisonError, RwLock};

use crate::{
    codec::{self, CODECS, Codec},
    error::{OperationError, Origin, Result},
    options::{Parsed, Value, invalid},
};

/// Operations beside loaders and savers: class, the name that errors have, and the class that it belongs to.
const OPERATIONS: &[(&str, &str, &str)] = &[
    ("VipsBlack", "black", "VipsCreate"),
    ("VipsGaussnoise", "gaussnoise", "VipsCreate"),
    ("VipsText", "text", "VipsCreate"),
    ("VipsRot", "rot", "VipsConversion"),
    ("VipsFlip", "flip", "VipsConversion"),
    ("VipsExtractArea", "extract_area", "VipsConversion"),
    ("VipsSmartcrop", "smartcrop", "VipsConversion"),
    ("VipsEmbed", "embed", "VipsConversion"),
    ("VipsComposite", "composite", "VipsConversion"),
    ("VipsGamma", "gamma", "VipsConversion"),
    ("VipsBandjoin", "bandjoin", "VipsConversion"),
    ("VipsBandbool", "bandbool", "VipsConversion"),
    ("VipsExtractBand", "extract_band", "VipsConversion"),
    ("VipsRecomb", "recomb", "VipsConversion"),
    ("VipsFindTrim", "find_trim", "VipsArithmetic"),
    ("VipsBoolean", "boolean", "VipsArithmetic"),
    ("VipsLinear", "linear", "VipsArithmetic"),
    ("VipsInvert", "invert", "VipsArithmetic"),
    ("VipsResize", "resize", "VipsResample"),
    ("VipsAffine", "affine", "VipsResample"),
    ("VipsColourspace", "colourspace", "VipsOperation"),
    ("VipsRank", "rank", "VipsMorphology"),
    ("VipsMorph", "morph", "VipsMorphology"),
    ("VipsGaussblur", "gaussblur", "VipsOperation"),
    ("VipsConv", "conv", "VipsConvolution"),
    ("VipsSharpen", "sharpen", "VipsConvolution"),
    ("VipsHistLocal", "hist_local", "VipsOperation"),
    ("VipsPercent", "percent", "VipsOperation"),
];

/// What the name of a loader or saver ends in, by where the bytes are.
const ENDINGS: [&str; 2] = ["File", "Buffer"];
/// Classes of all that reads and of all that writes.
const LOADER: &str = "VipsForeignLoad";
const SAVER: &str = "VipsForeignSave";
const FOREIGN: &str = "VipsForeign";
/// The class of everything.
const OPERATION: &str = "VipsOperation";

/// When this variable is set, images that are programs are not read until they are unblocked.
const BLOCK_UNTRUSTED: &str = "VIPS_BLOCK_UNTRUSTED";
const UNTRUSTED: [&str; 4] =
    ["VipsForeignLoadSvg", "VipsForeignLoadPdf", "VipsForeignLoadMagick", "VipsForeignLoadOpenslide"];

static BLOCKED: LazyLock<RwLock<Vec<String>>> = LazyLock::new(|| {
    RwLock::new(if std::env::var_os(BLOCK_UNTRUSTED).is_some() { meant_by(&UNTRUSTED) } else { Vec::new() })
});

/// All that can be blocked, by its own name.
fn everything() -> Vec<String> {
    let formats = CODECS.iter().flat_map(|codec| {
        let loaders = codec.loaders.iter().filter(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)));
        let saver = codec.encoder.as_ref().map_or("", |encoder| encoder.saver);
        let savers = ENDINGS.iter().filter(|_| !saver.is_empty()).map(move |ending| format!("{saver}{ending}"));
        loaders.map(|name| (*name).to_owned()).chain(savers)
    });
    formats.chain(OPERATIONS.iter().map(|(class, ..)| (*class).to_owned())).collect()
}

/// Those of them that one of the names means.
fn meant_by(names: &[&str]) -> Vec<String> {
    everything().into_iter().filter(|leaf| names.iter().any(|name| means(name, leaf))).collect()
}

/// Whether a name is that of an operation or of a class above it.
fn means(name: &str, leaf: &str) -> bool {
    let above = match OPERATIONS.iter().find(|(class, ..)| *class == leaf) {
        Some((_, _, class)) => [class, OPERATION, OPERATION],
        None => {
            let format = ENDINGS.iter().find_map(|ending| leaf.strip_suffix(ending)).unwrap_or(leaf);
            let class = if leaf.starts_with(LOADER) { LOADER } else { SAVER };
            [format, class, FOREIGN]
        }
    };
    name == leaf || name == OPERATION || above.contains(&name)
}

/// Whether one of the blocked operations is it.
fn is_blocked(is_it: impl Fn(&str) -> bool) -> bool {
    BLOCKED.read().unwrap_or_else(PoisonError::into_inner).iter().any(|leaf| is_it(leaf))
}

const fn ending(origin: Origin) -> &'static str {
    match origin {
        Origin::File => ENDINGS[0],
        Origin::Buffer => ENDINGS[1],
    }
}

/// Whether it is forbidden to read this format from there.
pub fn is_loader_blocked(codec: &Codec, origin: Origin) -> bool {
    is_blocked(|leaf| leaf.ends_with(ending(origin)) && codec.loaders.contains(&leaf))
}

/// Fails when it is forbidden to write this format to there.
pub fn check_saver(codec: &Codec, origin: Origin) -> Result<()> {
    let Some(encoder) = &codec.encoder else { return Ok(()) };
    if is_blocked(|leaf| leaf.strip_suffix(ending(origin)) == Some(encoder.saver)) {
        let buffer = if origin == Origin::Buffer { "_buffer" } else { "" };
        return Err(OperationError::Blocked(format!("{}save{buffer}", codec.id)).into());
    }
    Ok(())
}

/// Fails when it is forbidden to do one of these, each named by its class.
pub fn check_operations(classes: &[&str]) -> Result<()> {
    match classes.iter().find(|class| is_blocked(|leaf| leaf == **class)) {
        None => Ok(()),
        Some(blocked) => {
            let name = OPERATIONS.iter().find(|(class, ..)| class == blocked).map_or(*blocked, |(_, name, _)| *name);
            Err(OperationError::Blocked(name.to_owned()).into())
        }
    }
}

/// `block({ operation })`, or `unblock` when `block` is false.
pub fn set(options: &Value, block: bool) -> Parsed {
    if !options.is_defined() || !options.is_object() {
        return Err(invalid("options", "object", options));
    }
    let names = options.get("operation");
    let names = names
        .as_list()
        .and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>())
        .ok_or_else(|| invalid("operation", "Array<string>", names))?;
    names.iter().for_each(|name| codec::block_beside(name, block));
    let meant = meant_by(&names);
    let mut blocked = BLOCKED.write().unwrap_or_else(PoisonError::into_inner);
    blocked.retain(|leaf| !meant.contains(leaf));
    if block {
        blocked.extend(meant);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_operations_or_classes() {
        let leaf = "VipsForeignLoadJpegFile";
        for name in [leaf, "VipsForeignLoadJpeg", LOADER, FOREIGN, OPERATION] {
            assert!(means(name, leaf), "{name}");
        }
        for name in ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPng", SAVER, "", "vipsforeign"] {
            assert!(!means(name, leaf), "{name}");
        }
        assert!(means(SAVER, "VipsForeignSaveCgifBuffer") && means("VipsResample", "VipsAffine"));
        assert!(!means("VipsConversion", "VipsAffine") && !means(FOREIGN, "VipsText"));
    }

    #[test]
    fn all_that_is_meant_can_be_found() {
        assert!(meant_by(&["VipsForeignSavePng"]).len() == 2 && meant_by(&["nothing"]).is_empty());
        assert_eq!(meant_by(&[OPERATION]), everything());
        assert_eq!(meant_by(&["VipsCreate"]), ["VipsBlack", "VipsGaussnoise", "VipsText"]);
    }

    #[test]
    fn a_list_of_names_is_needed() {
        assert_eq!(
            set(&Value::Map(vec![]), true).unwrap_err().to_string(),
            "Expected Array<string> for operation but received undefined of type undefined"
        );
    }
}
