// The synthetic regressions of the MMoE paper (Ma et al., KDD 2018, section 3.3): two tasks whose
// weights have a chosen cosine.
'use strict';

const { mulberry32 } = require('../random');

/** Draws from the standard normal distribution (Box and Muller 1958). */
function normal(random) {
  let spare = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const length = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = length * Math.sin(angle);
    return length * Math.cos(angle);
  };
}

const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
const unit = (a) => {
  const length = Math.sqrt(dot(a, a));
  return a.map((value) => value / length);
};

/** The α and β of a curve by its number: each drawn from N(0, 1). */
function constants(curve, sines) {
  const draw = normal(mulberry32(curve));
  return [0, 1].map(() => Array.from({ length: sines }, draw));
}

/**
 * Rows `{ x, y: [y1, y2] }`: y_k = z + Σ sin(α_i z + β_i) + noise with z = w_k·x, w1 = scale·u1,
 * w2 = scale·(ρ·u1 + √(1 − ρ²)·u2), u1 and u2 orthogonal and of length 1. With the same seed only
 * w2 depends on `rho`. Where that is an array, y has y1 and then a y2 of each ρ, with one noise.
 * `curve` gives α and β, whatever the seed; without it the seed does. `noise` is a standard deviation.
 */
function synthetic({ rho, seed, rows, curve, inputs = 100, sines = 5, scale = 1, noise = 0.1 }) {
  const draw = normal(mulberry32(seed));
  const draws = (count) => Array.from({ length: count }, draw);
  const u1 = unit(draws(inputs));
  const other = draws(inputs);
  const along = dot(u1, other);
  const u2 = unit(other.map((value, at) => value - along * u1[at]));
  const turned = [rho].flat().map((cosine) => {
    const across = Math.sqrt(1 - cosine * cosine);
    return u1.map((value, at) => cosine * value + across * u2[at]);
  });
  const weights = [u1, ...turned].map((w) => w.map((value) => scale * value));
  const drawn = [draws(sines), draws(sines)];
  const [alpha, beta] = curve === undefined ? drawn : constants(curve, sines);
  const label = (z) => alpha.reduce((sum, a, at) => sum + Math.sin(a * z + beta[at]), z);
  const made = Array.from({ length: rows }, () => {
    const x = draws(inputs);
    const noises = draws(2);
    const y = weights.map((w, at) => label(dot(w, x)) + noise * noises[Math.min(at, 1)]);
    return { x, y };
  });
  return { weights, rows: made };
}

module.exports = { normal, synthetic };
