//! Which instructions this CPU has, asked once.

use std::sync::OnceLock;

/// A set of instructions that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What every CPU has.
    Plain,
    /// Eight lanes, with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Sixteen lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best of this CPU.
    pub fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        *BEST.get_or_init(|| Level::all().last().copied().unwrap_or(Level::Plain))
    }

    /// All that this CPU has, the best last.
    pub fn all() -> Vec<Self> {
        #[allow(unused_mut)]
        let mut levels = vec![Level::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            levels.extend(avx2.then_some(Level::Avx2));
            let avx512 = avx2 && is_x86_feature_detected!("avx512f");
            levels.extend(avx512.then_some(Level::Avx512));
        }
        levels
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Level::Plain => "plain",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => "avx512",
        }
    }
}

/// Runs plain code compiled for the best instructions of this CPU. It is the compiler that finds the
/// vectors in it, and they change no bit.
#[inline]
pub fn widely<R>(code: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2<R>(code: impl FnOnce() -> R) -> R {
        code()
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx2,fma")]
    unsafe fn avx512<R>(code: impl FnOnce() -> R) -> R {
        code()
    }
    match Level::best() {
        Level::Plain => code(),
        // SAFETY: the CPU has the level, and so below.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(code) },
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(code) },
    }
}

/// Defines a function that runs `body::<V>` with the vectors of a level, compiled for it.
macro_rules! by_level {
    ($(#[$doc:meta])* $visibility:vis unsafe fn $name:ident($($arg:ident: $kind:ty),* $(,)?)
     = $body:ident) => {
        $(#[$doc])*
        #[inline]
        $visibility unsafe fn $name(level: $crate::kernel::cpu::Level, $($arg: $kind),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2($($arg: $kind),*) {
                // SAFETY: the caller's promises, and this function has the instructions.
                unsafe { $body::<std::arch::x86_64::__m256>($($arg),*) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx2,fma")]
            unsafe fn avx512($($arg: $kind),*) {
                // SAFETY: as above.
                unsafe { $body::<std::arch::x86_64::__m512>($($arg),*) }
            }
            // SAFETY: the caller's promises; a level is only ever one that the CPU has.
            unsafe {
                match level {
                    $crate::kernel::cpu::Level::Plain => $body::<[f32; 8]>($($arg),*),
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::cpu::Level::Avx2 => avx2($($arg),*),
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::cpu::Level::Avx512 => avx512($($arg),*),
                }
            }
        }
    };
}
pub(super) use by_level;
