//! Which instruction set the inner loops run on.

use std::sync::OnceLock;

/// An instruction set. A value of `Avx2` is only ever made when the processor has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// What the compiler makes of plain loops for the target's baseline.
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
}

/// Proof that the processor has AVX2.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx2(());

impl Level {
    /// The best level of this processor, or less when the environment variable `LANCET_SIMD` is `scalar`.
    pub(crate) fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        *BEST.get_or_init(|| {
            if std::env::var_os("LANCET_SIMD").is_some_and(|level| level == "scalar") {
                return Level::Scalar;
            }
            Self::detect()
        })
    }

    /// The best level of this processor.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            return Level::Avx2(Avx2(()));
        }
        Level::Scalar
    }
}

/// Defines a function that takes a [`Level`] before its other arguments and runs its body compiled for that level. The
/// file that uses it must allow unsafe code.
macro_rules! at_level {
    ($(#[$doc:meta])* $vis:vis fn $name:ident $(<$type_arg:ident: $bound:ident>)? ($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        $vis fn $name $(<$type_arg: $bound>)? (level: $crate::simd::Level, $($arg: $type),*) {
            #[inline(always)]
            fn body $(<$type_arg: $bound>)? ($($arg: $type),*) $body
            match level {
                $crate::simd::Level::Scalar => body($($arg),*),
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx2(_) => {
                    #[target_feature(enable = "avx2")]
                    fn with_avx2 $(<$type_arg: $bound>)? ($($arg: $type),*) {
                        body($($arg),*);
                    }
                    // SAFETY: the level is only made on a processor that has AVX2.
                    unsafe { with_avx2($($arg),*) }
                }
            }
        }
    };
}
pub(crate) use at_level;
