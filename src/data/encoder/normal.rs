//! The inverse of the normal distribution function.

/// The number below which a share `p` of a standard normal distribution lies, to about 15 digits
/// (algorithm AS 241, PPND16: Wichura 1988, Applied Statistics 37). `p` is above 0 and below 1.
pub fn inverse_normal(p: f64) -> f64 {
    let from_centre = p - 0.5;
    if from_centre.abs() <= 0.425 {
        return from_centre * fraction(0.180625 - from_centre * from_centre, &CENTRE);
    }
    let tail = if from_centre < 0.0 { p } else { 1.0 - p };
    // Of libm, as the same model must give the same bits on every system.
    let r = libm::sqrt(-libm::log(tail));
    let size = if r <= 5.0 { fraction(r - 1.6, &TAIL) } else { fraction(r - 5.0, &FAR_TAIL) };
    if from_centre < 0.0 { -size } else { size }
}

/// Coefficients of two polynomials, from the highest power down, the second's ending in 1.
pub type Fraction = ([f64; 8], [f64; 8]);

/// One polynomial over the other.
#[inline]
fn fraction(x: f64, (above, below): &Fraction) -> f64 {
    let polynomial = |of: &[f64; 8]| of.iter().fold(0.0, |sum, coefficient| sum * x + coefficient);
    polynomial(above) / polynomial(below)
}

/// Where p lies within 0.425 of 0.5.
#[rustfmt::skip]
pub const CENTRE: Fraction = (
    [2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665],
    [5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0],
);

/// Further out, to e⁻²⁵ from either end.
#[rustfmt::skip]
pub const TAIL: Fraction = (
    [0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835],
    [1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0],
);

/// Beyond.
#[rustfmt::skip]
const FAR_TAIL: Fraction = (
    [2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103],
    [2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133, 0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_come_back() {
        // The two values of the paper, and quantiles of any table.
        for (p, expected) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (1e-7, -5.199_337_582_192_817),
        ] {
            let found = inverse_normal(p);
            assert!((found - expected).abs() <= 1e-15 * f64::abs(expected), "{p}: {found}");
        }
    }

    #[test]
    fn it_rises_and_is_odd() {
        let shares = (1..4096).map(|i| f64::from(i) / 4096.0);
        let found: Vec<f64> = shares.map(inverse_normal).collect();
        assert!(found.is_sorted_by(|a, b| a < b));
        assert!(found.iter().zip(found.iter().rev()).all(|(a, b)| *a == -b));
    }
}
