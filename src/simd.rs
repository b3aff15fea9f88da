//! Which instruction set the inner loops run on.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
mod prefetch;

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

pub(crate) use prefetch::prefetch;

#[cfg(all(vectors, target_arch = "aarch64"))]
#[path = "simd/neon.rs"]
pub(crate) mod vector;
#[cfg(all(vectors, target_arch = "x86_64"))]
#[path = "simd/sse41.rs"]
pub(crate) mod vector;

/// An instruction set. A value of `Avx2` is only ever made when the processor has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// What the compiler makes of plain loops for the target's baseline.
    Scalar,
    /// Vectors of 128 bits where somebody wrote loops for them, else the same as `Scalar`.
    Vector,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
}

/// Proof that the processor has AVX2, and the bit counting of LZCNT, BMI1 and BMI2 that came to market with it.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx2(());

impl Level {
    /// The best level of this processor, or less: `LANCET_SIMD` in the environment may be `scalar`, `sse4.1` or `neon`, and
    /// vectors can be [switched off](switch).
    pub(crate) fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        if !is_on() {
            return Level::Scalar;
        }
        *BEST.get_or_init(|| match std::env::var("LANCET_SIMD").as_deref() {
            Ok("scalar") => Level::Scalar,
            Ok("sse4.1" | "neon") => Level::Vector,
            _ => Self::detect(),
        })
    }

    /// All levels that this processor has.
    #[cfg(test)]
    pub(crate) fn all() -> [Self; 3] {
        [Level::Scalar, Level::Vector, Self::detect()]
    }

    /// The best level of this processor.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("lzcnt")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
        {
            return Level::Avx2(Avx2(()));
        }
        if cfg!(vectors) { Level::Vector } else { Level::Scalar }
    }
}

static OFF: AtomicBool = AtomicBool::new(false);

/// Switches vectors on or off for what is begun from now on.
pub(crate) fn switch(on: bool) {
    OFF.store(!on, Ordering::Relaxed);
}

/// Whether vectors are not switched off.
pub(crate) fn is_on() -> bool {
    !OFF.load(Ordering::Relaxed)
}

/// Defines functions of a `vector` module.
#[cfg(vectors)]
macro_rules! vector_functions {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty $body:block)*) => {
        $(
            $(#[$doc])*
            #[inline(always)]
            pub(crate) fn $name($($arg: $type),*) -> $result {
                // SAFETY: the target has the instructions, or the module would not be there; references are to as many
                // bytes as a vector has, and vectors of integers have the layout of arrays.
                unsafe { $body }
            }
        )*
    };
}
#[cfg(vectors)]
use vector_functions;

/// Defines a function that takes a [`Level`] before its other arguments and runs its body compiled for that level. The
/// file that uses it must allow unsafe code.
macro_rules! at_level {
    ($(#[$doc:meta])* $vis:vis fn $name:ident $(<$type_arg:ident: $bound:ident>)? ($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        $vis fn $name $(<$type_arg: $bound>)? (level: $crate::simd::Level, $($arg: $type),*) {
            #[inline(always)]
            fn body $(<$type_arg: $bound>)? ($($arg: $type),*) $body
            match level {
                $crate::simd::Level::Scalar | $crate::simd::Level::Vector => body($($arg),*),
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx2(_) => {
                    #[target_feature(enable = "avx2,lzcnt,bmi1,bmi2")]
                    fn with_avx2 $(<$type_arg: $bound>)? ($($arg: $type),*) {
                        body($($arg),*);
                    }
                    // SAFETY: the level is only made on a processor that has these instructions.
                    unsafe { with_avx2($($arg),*) }
                }
            }
        }
    };
}
pub(crate) use at_level;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_can_be_switched_off_and_on() {
        switch(false);
        assert_eq!(Level::best(), Level::Scalar);
        switch(true);
        assert!(is_on());
    }
}
