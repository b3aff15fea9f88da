//! What the engine of sharp calls each step: the names that `block()` takes.

use super::Step;

impl Step {
    /// Classes of the operations that it stands for, none for what sharp does by the way.
    pub fn classes(&self) -> &'static [&'static str] {
        match self {
            Step::Orient(orientation) => match (orientation.transpose, orientation.is_identity()) {
                (true, _) => &["VipsRot"],
                (false, false) => &["VipsFlip"],
                (false, true) => &[],
            },
            Step::Trim(_) => &["VipsFindTrim", "VipsExtractArea"],
            Step::Crop(_) => &["VipsExtractArea"],
            Step::Convert(_) | Step::FromInks => &["VipsColourspace"],
            Step::Resize(_) => &["VipsResize"],
            Step::SmartCrop { .. } => &["VipsSmartcrop"],
            Step::Embed(..) | Step::Extrude(..) => &["VipsEmbed"],
            Step::Affine(..) => &["VipsAffine"],
            Step::Composite(_) => &["VipsComposite"],
            Step::Median(_) => &["VipsRank"],
            Step::Morph(..) => &["VipsMorph"],
            Step::Blur(..) => &["VipsGaussblur"],
            Step::Convolve(..) => &["VipsConv"],
            Step::Sharpen(_) => &["VipsSharpen", "VipsConv"],
            Step::Clahe(_) => &["VipsHistLocal"],
            Step::Gamma(_) => &["VipsGamma"],
            Step::Combine(super::Operand::Boolean, ..) => &["VipsBoolean"],
            Step::Combine(super::Operand::JoinChannel(_), ..) => &["VipsBandjoin"],
            Step::Recomb(..) => &["VipsRecomb"],
            Step::Modulate(_) | Step::Linear(_) => &["VipsLinear"],
            Step::Normalise { .. } => &["VipsPercent"],
            Step::Bandbool(_) => &["VipsBandbool"],
            Step::ExtractChannel(_) => &["VipsExtractBand"],
            Step::Negate { .. } => &["VipsInvert"],
            Step::Icc(_)
            | Step::Flatten(_)
            | Step::Premultiply
            | Step::Unpremultiply
            | Step::RemoveAlpha
            | Step::NameAlpha
            | Step::EnsureAlpha(_)
            | Step::Threshold(_)
            | Step::Unflatten
            | Step::Tint(_) => &[],
        }
    }
}
