//! Elementary functions on vectors, by polynomials of additions, multiplications and fused
//! multiply-adds alone, within a few units in the last place.

use super::vector::Vector;

/// eˣ; below -87.3 it stays at the smallest normal number, above 88.3 at about 2 · 10³⁸.
#[inline(always)]
pub unsafe fn exp<V: Vector>(x: V) -> V {
    // SAFETY: the caller runs below a function that has the instructions; so for all of these.
    unsafe {
        // In this order what is not a number stays none.
        let x = V::splat(88.3).min(V::splat(-87.336_54).max(x));
        // x = n ln 2 + r, with ln 2 in two parts so that r is exact.
        let n = x.mul(V::splat(std::f32::consts::LOG2_E)).round();
        let r = n.fma(V::splat(-0.693_359_4), x);
        let r = n.fma(V::splat(2.121_944_4e-4), r);
        let mut p = V::splat(1.987_569_1e-4);
        for c in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
            p = p.fma(r, V::splat(c));
        }
        let p = p.fma(r.mul(r), r).add(V::splat(1.0));
        p.mul(n.exp2_of_whole())
    }
}

/// eˣ - 1 for x up to 0, without cancellation near 0.
#[inline(always)]
pub unsafe fn exp_m1_of_negative<V: Vector>(x: V) -> V {
    unsafe {
        // The series of the exponential without its 1, where e^x would cancel.
        let mut p = V::splat(1.0 / 40_320.0);
        for c in [1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0] {
            p = p.fma(x, V::splat(c));
        }
        let near = p.mul(x);
        let far = exp(x).sub(V::splat(1.0));
        V::select(x.gt(V::splat(-0.5)), near, far)
    }
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub unsafe fn sigmoid<V: Vector>(x: V) -> V {
    unsafe {
        let one = V::splat(1.0);
        one.div(one.add(exp(V::splat(0.0).sub(x))))
    }
}

/// tanh x.
#[inline(always)]
pub unsafe fn tanh<V: Vector>(x: V) -> V {
    unsafe {
        let one = V::splat(1.0);
        let square = x.mul(x);
        // Cephes' polynomial, for where the quotient below would cancel.
        let mut p = V::splat(-5.704_988_7e-3);
        for c in [2.063_909_e-2, -5.373_971_5e-2, 1.333_144_2e-1, -3.333_328e-1] {
            p = p.fma(square, V::splat(c));
        }
        let near = p.mul(square).fma(x, x);
        let e = exp(x.abs().mul(V::splat(-2.0)));
        let far = one.sub(e).div(one.add(e));
        let far = V::select(x.gt(V::splat(0.0)), far, V::splat(0.0).sub(far));
        V::select(x.abs().gt(V::splat(0.625)), far, near)
    }
}

/// The error function, as a quotient of polynomials that holds within 4.
#[inline(always)]
pub unsafe fn erf<V: Vector>(x: V) -> V {
    unsafe {
        let x = V::splat(4.0).min(V::splat(-4.0).max(x));
        let square = x.mul(x);
        let mut p = V::splat(-2.726_142e-10);
        for c in [
            2.770_681_4e-8,
            -2.101_024e-6,
            -5.692_506_4e-5,
            -7.349_906_3e-4,
            -2.954_6e-3,
            -1.609_603_3e-2,
        ] {
            p = p.fma(square, V::splat(c));
        }
        let mut q = V::splat(-1.456_607_2e-5);
        for c in [-2.133_740_6e-4, -1.682_827e-3, -7.373_329e-3, -1.426_473_9e-2] {
            q = q.fma(square, V::splat(c));
        }
        x.mul(p).div(q)
    }
}

/// sin 2πx and cos 2πx, within 3 · 10⁻⁷ of what they are at this very x.
#[inline(always)]
pub unsafe fn sin_cos_of_turns<V: Vector>(x: V) -> (V, V) {
    unsafe {
        // What is left of whole turns is exact, in [-½, ½].
        let turn = x.sub(x.round());
        let (quarter, half) = (V::splat(0.25), V::splat(0.5));
        // The sine mirrors at a quarter, the cosine is the sine from there backwards.
        let edge = V::select(turn.gt(V::splat(0.0)), half, V::splat(-0.5));
        let within = V::select(turn.abs().gt(quarter), edge.sub(turn), turn);
        (sin_of_quarter(within), sin_of_quarter(quarter.sub(turn.abs())))
    }
}

/// sin 2πx within a quarter turn, by an interpolation at Chebyshev's nodes of sin 2πx ÷ x in x².
#[inline(always)]
unsafe fn sin_of_quarter<V: Vector>(x: V) -> V {
    unsafe {
        let square = x.mul(x);
        let mut p = V::splat(-14.393_967);
        for c in [42.009_78, -76.704_28, 81.605_225, -41.341_7, 6.283_185_5] {
            p = p.fma(square, V::splat(c));
        }
        p.mul(x)
    }
}
