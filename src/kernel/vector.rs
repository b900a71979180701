//! The vectors that kernels are written in: one trait, and the widest registers of each CPU behind
//! it. Only operations that IEEE 754 rounds in one way are offered, so that a kernel gives the same
//! bits on every CPU.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

/// So many `f32` as one value. The methods are unsafe where the CPU must have the instructions:
/// they may be called only below a function of [`super::cpu::Level`]'s choosing.
pub trait Vector: Copy {
    /// How many.
    const LANES: usize;
    /// Rows of two vectors each that fit into the registers, beside what they are computed from.
    const ROWS: usize;
    /// What comparisons give.
    type Mask: Copy;
    /// As many `f64`.
    type Wide: Copy;

    /// The same number in each lane.
    unsafe fn splat(x: f32) -> Self;
    /// Reads `LANES` numbers, aligned or not.
    unsafe fn load(from: *const f32) -> Self;
    /// Writes `LANES` numbers.
    unsafe fn store(self, to: *mut f32);
    /// `self + x`.
    unsafe fn add(self, x: Self) -> Self;
    /// `self - x`.
    unsafe fn sub(self, x: Self) -> Self;
    /// `self · x`.
    unsafe fn mul(self, x: Self) -> Self;
    /// `self / x`.
    unsafe fn div(self, x: Self) -> Self;
    /// The square root.
    unsafe fn sqrt(self) -> Self;
    /// `self · x + y`, rounded once.
    unsafe fn fma(self, x: Self, y: Self) -> Self;
    /// The larger; `x` where either is NaN.
    unsafe fn max(self, x: Self) -> Self;
    /// The smaller; `x` where either is NaN.
    unsafe fn min(self, x: Self) -> Self;
    /// The nearest whole number, ties to even.
    unsafe fn round(self) -> Self;
    /// 2 to this whole number between -126 and 127.
    unsafe fn exp2_of_whole(self) -> Self;
    /// Where `self > x`.
    unsafe fn gt(self, x: Self) -> Self::Mask;
    /// `yes` where the mask is set, else `no`.
    unsafe fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The magnitude.
    unsafe fn abs(self) -> Self;
    /// Sums of nothing yet.
    unsafe fn no_sums() -> Self::Wide;
    /// Adds each lane to an `f64` of its own.
    unsafe fn add_to(self, sums: Self::Wide) -> Self::Wide;
    /// Those, lane by lane.
    unsafe fn spread(sums: Self::Wide, to: &mut [f64]);
}

/// 1.5 · 2²³: added, it leaves a small whole number in the low bits.
const WHOLE: f32 = 12_582_912.0;

/// Plain numbers, for every CPU. `mul_add` is slow where there is no instruction for it, and
/// rounds once all the same.
impl Vector for [f32; 8] {
    const LANES: usize = 8;
    const ROWS: usize = 2;
    type Mask = [bool; 8];
    type Wide = [f64; 8];

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        [x; 8]
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's promise: eight numbers lie there.
        unsafe { from.cast::<[f32; 8]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's promise: there is room for eight numbers.
        unsafe { to.cast::<[f32; 8]>().write_unaligned(self) }
    }
    #[inline(always)]
    unsafe fn add(self, x: Self) -> Self {
        std::array::from_fn(|i| self[i] + x[i])
    }
    #[inline(always)]
    unsafe fn sub(self, x: Self) -> Self {
        std::array::from_fn(|i| self[i] - x[i])
    }
    #[inline(always)]
    unsafe fn mul(self, x: Self) -> Self {
        std::array::from_fn(|i| self[i] * x[i])
    }
    #[inline(always)]
    unsafe fn div(self, x: Self) -> Self {
        std::array::from_fn(|i| self[i] / x[i])
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        std::array::from_fn(|i| self[i].sqrt())
    }
    #[inline(always)]
    unsafe fn fma(self, x: Self, y: Self) -> Self {
        std::array::from_fn(|i| self[i].mul_add(x[i], y[i]))
    }
    #[inline(always)]
    unsafe fn max(self, x: Self) -> Self {
        std::array::from_fn(|i| if self[i] > x[i] { self[i] } else { x[i] })
    }
    #[inline(always)]
    unsafe fn min(self, x: Self) -> Self {
        std::array::from_fn(|i| if self[i] < x[i] { self[i] } else { x[i] })
    }
    #[inline(always)]
    unsafe fn round(self) -> Self {
        std::array::from_fn(|i| self[i].round_ties_even())
    }
    #[inline(always)]
    unsafe fn exp2_of_whole(self) -> Self {
        std::array::from_fn(|i| {
            let bits = (self[i] + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits());
            f32::from_bits(bits.wrapping_add(127) << 23)
        })
    }
    #[inline(always)]
    unsafe fn gt(self, x: Self) -> Self::Mask {
        std::array::from_fn(|i| self[i] > x[i])
    }
    #[inline(always)]
    unsafe fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        std::array::from_fn(|i| if mask[i] { yes[i] } else { no[i] })
    }
    #[inline(always)]
    unsafe fn abs(self) -> Self {
        std::array::from_fn(|i| self[i].abs())
    }
    #[inline(always)]
    unsafe fn no_sums() -> [f64; 8] {
        [0.0; 8]
    }
    #[inline(always)]
    unsafe fn add_to(self, sums: [f64; 8]) -> [f64; 8] {
        std::array::from_fn(|i| sums[i] + f64::from(self[i]))
    }
    #[inline(always)]
    unsafe fn spread(sums: [f64; 8], to: &mut [f64]) {
        to[..8].copy_from_slice(&sums);
    }
}

/// The methods of a vector that is one register of x86-64.
#[cfg(target_arch = "x86_64")]
macro_rules! registers {
    ($register:ty, $lanes:literal, $rows:literal, $mask:ty, $set1:ident, $loadu:ident, $storeu:ident, $add:ident,
     $sub:ident, $mul:ident, $div:ident, $sqrt:ident, $fma:ident, $max:ident, $min:ident,
     round: |$r:ident| $round:expr, exp2: |$e:ident| $exp2:expr,
     gt: |$a:ident, $b:ident| $gt:expr, select: |$m:ident, $yes:ident, $no:ident| $select:expr,
     abs: |$x:ident| $abs:expr, wide: $wide:ty, $zero_wide:ident, $add_wide:ident, $store_wide:ident,
     halves: |$w:ident| $halves:expr) => {
        // SAFETY of all: the caller runs below a function that has the instructions, and promises
        // the memory that is read or written.
        impl Vector for $register {
            const LANES: usize = $lanes;
            const ROWS: usize = $rows;
            type Mask = $mask;
            type Wide = [$wide; 2];

            #[inline(always)]
            unsafe fn splat(x: f32) -> Self {
                unsafe { $set1(x) }
            }
            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                unsafe { $loadu(from) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                unsafe { $storeu(to, self) }
            }
            #[inline(always)]
            unsafe fn add(self, x: Self) -> Self {
                unsafe { $add(self, x) }
            }
            #[inline(always)]
            unsafe fn sub(self, x: Self) -> Self {
                unsafe { $sub(self, x) }
            }
            #[inline(always)]
            unsafe fn mul(self, x: Self) -> Self {
                unsafe { $mul(self, x) }
            }
            #[inline(always)]
            unsafe fn div(self, x: Self) -> Self {
                unsafe { $div(self, x) }
            }
            #[inline(always)]
            unsafe fn sqrt(self) -> Self {
                unsafe { $sqrt(self) }
            }
            #[inline(always)]
            unsafe fn fma(self, x: Self, y: Self) -> Self {
                unsafe { $fma(self, x, y) }
            }
            #[inline(always)]
            unsafe fn max(self, x: Self) -> Self {
                unsafe { $max(self, x) }
            }
            #[inline(always)]
            unsafe fn min(self, x: Self) -> Self {
                unsafe { $min(self, x) }
            }
            #[inline(always)]
            unsafe fn round(self) -> Self {
                let $r = self;
                unsafe { $round }
            }
            #[inline(always)]
            unsafe fn exp2_of_whole(self) -> Self {
                let $e = self;
                unsafe { $exp2 }
            }
            #[inline(always)]
            unsafe fn gt(self, x: Self) -> Self::Mask {
                let ($a, $b) = (self, x);
                unsafe { $gt }
            }
            #[inline(always)]
            unsafe fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
                let ($m, $yes, $no) = (mask, yes, no);
                unsafe { $select }
            }
            #[inline(always)]
            unsafe fn abs(self) -> Self {
                let $x = self;
                unsafe { $abs }
            }
            #[inline(always)]
            unsafe fn no_sums() -> [$wide; 2] {
                unsafe { [$zero_wide(); 2] }
            }
            #[inline(always)]
            unsafe fn add_to(self, sums: [$wide; 2]) -> [$wide; 2] {
                let $w = self;
                let halves: [$wide; 2] = unsafe { $halves };
                unsafe { [$add_wide(sums[0], halves[0]), $add_wide(sums[1], halves[1])] }
            }
            #[inline(always)]
            unsafe fn spread(sums: [$wide; 2], to: &mut [f64]) {
                let (low, high) = to[..$lanes].split_at_mut($lanes / 2);
                unsafe {
                    $store_wide(low.as_mut_ptr(), sums[0]);
                    $store_wide(high.as_mut_ptr(), sums[1]);
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
registers!(__m256, 8, 6, __m256, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps,
_mm256_sub_ps, _mm256_mul_ps, _mm256_div_ps, _mm256_sqrt_ps, _mm256_fmadd_ps, _mm256_max_ps,
_mm256_min_ps,
round: |x| _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(x),
exp2: |x| {
    let whole = _mm256_cvtps_epi32(x);
    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(whole, _mm256_set1_epi32(127))))
},
gt: |a, b| _mm256_cmp_ps::<_CMP_GT_OQ>(a, b),
select: |mask, yes, no| _mm256_blendv_ps(no, yes, mask),
abs: |x| _mm256_andnot_ps(_mm256_set1_ps(-0.0), x),
wide: __m256d, _mm256_setzero_pd, _mm256_add_pd, _mm256_storeu_pd,
halves: |x| [
    _mm256_cvtps_pd(_mm256_castps256_ps128(x)),
    _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(x)),
]);

#[cfg(target_arch = "x86_64")]
registers!(__m512, 16, 8, __mmask16, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps,
_mm512_sub_ps, _mm512_mul_ps, _mm512_div_ps, _mm512_sqrt_ps, _mm512_fmadd_ps, _mm512_max_ps,
_mm512_min_ps,
round: |x| _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(x),
exp2: |x| {
    let whole = _mm512_cvtps_epi32(x);
    _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_add_epi32(whole, _mm512_set1_epi32(127))))
},
gt: |a, b| _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b),
select: |mask, yes, no| _mm512_mask_blend_ps(mask, no, yes),
abs: |x| _mm512_abs_ps(x),
wide: __m512d, _mm512_setzero_pd, _mm512_add_pd, _mm512_storeu_pd,
halves: |x| [
    _mm512_cvtps_pd(_mm512_castps512_ps256(x)),
    _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(x)))),
]);
