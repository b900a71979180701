// Keys of rows that are no column of the model, where a row lacks a feature that may be missing: what
// they look like, native code says; here it is remembered.
'use strict';

// Verdicts on so many keys are kept.
const KEPT = 1024;

/** The features, by their places, that a key which is no column looks like. */
function verdicts(native) {
  const known = new Map();
  return (key) => {
    let places = known.get(key);
    if (places === undefined) {
      places = native.like(key);
      if (known.size >= KEPT) known.clear();
      known.set(key, places);
    }
    return places;
  };
}

/** Whether a key of the row looks like one of the features that it lacks. */
function mistaken(row, lacking, like) {
  for (const key of Object.keys(row)) {
    const places = like(key);
    if (places.length > 0 && places.some((place) => lacking.includes(place))) return true;
  }
  return false;
}

module.exports = { mistaken, verdicts };
