// The models whose files are held to `predict`: every preset, architecture and kind of task, and
// whatever else puts another operation into a file.
'use strict';

const { CHAIN, TARGETS, TYPES } = require('./table');

const PRESETS = ['default', 'fast', 'realmlp', 'tabm', 'article'];
const SHARING = ['shared', 'omoe', 'mmoe', 'cgc', 'ple', 'cross-stitch', 'adatt', 'dselect-k'];
const CHAINED = ['esmm', 'aitm'];
const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'gelu', 'silu', 'mish', 'selu'];
const EMBEDDINGS = ['piecewise', 'periodic', 'plr'];

const chain = Object.fromEntries(CHAIN.map((name) => [name, 'classification']));

/** Names with the options of `train`. */
function models(epochs) {
  const of = (targets, options, features = {}) => {
    // No target is a feature of a model without it.
    const exclude = [...Object.keys(TARGETS), ...CHAIN].filter((name) => !(name in targets));
    const values = Object.values(targets).some((kind) =>
      /regression|count/.test(kind.type ?? kind),
    );
    return {
      targets,
      epochs,
      validation: 0.25,
      interval: values && 0.9,
      ...options,
      features: { types: TYPES, exclude, ...features },
    };
  };
  return Object.fromEntries([
    ...PRESETS.map((preset) => [`preset ${preset}`, of(TARGETS, { model: { preset } })]),
    ...SHARING.map((name) => [
      `architecture ${name}`,
      of(TARGETS, { model: { architecture: name, hidden: [12] } }),
    ]),
    ...CHAINED.map((architecture) => [
      `architecture ${architecture}`,
      of(chain, { model: { architecture } }),
    ]),
    ...Object.entries(TARGETS).map(([name, kind]) => [
      `task ${name} (${kind.type ?? kind})`,
      of({ [name]: kind }, { model: { hidden: [12] } }),
    ]),
    ...ACTIVATIONS.map((activation, i) => [
      `activation ${activation}`,
      of(TARGETS, { model: { activation, hidden: [12], parametric: i % 2 === 1 } }),
    ]),
    ...EMBEDDINGS.map((embeddings) => [
      `embeddings ${embeddings}`,
      of(TARGETS, { model: { embeddings, hidden: [12] } }),
    ]),
    ['scaling robust', of(TARGETS, { model: { hidden: [12] } }, { scaling: 'robust' })],
    ['scaling quantile', of(TARGETS, { model: { hidden: [12] } }, { scaling: 'quantile' })],
    ['all categories embedded', of(TARGETS, { model: { hidden: [12] } }, { oneHot: 0 })],
    ['all categories one-hot', of(TARGETS, { model: { hidden: [12] } }, { oneHot: 64 })],
    ['layer norm', of(TARGETS, { model: { hidden: [12], norm: 'layer' } })],
    ['ensemble of 3', of(TARGETS, { ensemble: 3, model: { hidden: [12] } })],
    ['3 members', of(TARGETS, { model: { members: 3, hidden: [12] } })],
    [
      'ensemble of mmoe',
      of(TARGETS, { ensemble: 2, model: { architecture: 'mmoe', hidden: [8] } }),
    ],
    ['5 experts selected', of(TARGETS, { model: { architecture: 'dselect-k', experts: 5 } })],
    ['without calibration', of(TARGETS, { calibration: false, interval: false })],
  ]);
}

/** Every preset with every architecture. */
function pairs(epochs) {
  const architectures = Object.entries(models(epochs)).flatMap(([name, options]) =>
    name.startsWith('architecture ') ? [options] : [],
  );
  const named = ({ model, ...options }, preset) => [
    `${preset} with ${model.architecture}`,
    { ...options, model: { ...model, preset } },
  ];
  return Object.fromEntries(
    PRESETS.flatMap((preset) => architectures.map((options) => named(options, preset))),
  );
}

module.exports = { models, pairs };
