// What the sweep over ρ says of a shared bottom and the experts: their settings, their errors, and
// whether the paper's order is there.
'use strict';

const { aligned } = require('../harness/table');
const { deviation, halfWidth, mean } = require('./figures');

const inWords = ({ learningRate, epochs }) => `learning rate ${learningRate}, ${epochs} epochs`;

/** By net, the settings from the one with the least mean squared error on the validation rows. */
function choose({ grid, nets, choosing: { seeds } }, results) {
  const score = (net, setting) => {
    const tried = results.filter((it) => it.net === net && seeds.includes(it.seed));
    const own = tried.filter((it) => inWords(it.setting) === inWords(setting));
    return mean(own.map(({ validation }) => validation));
  };
  const ranked = (net) =>
    grid
      .map((setting) => ({ setting, score: score(net, setting) }))
      .sort((a, b) => a.score - b.score);
  return Object.fromEntries(nets.map((net) => [net, ranked(net)]));
}

/**
 * The test errors of each net, by ρ and seed, from all results; only seeds count of which every
 * training is there.
 */
function figures(of, results) {
  const chosen = choose(of, results);
  const rest = results.filter(
    ({ net, seed, setting }) =>
      !of.choosing.seeds.includes(seed) && inWords(setting) === inWords(chosen[net][0].setting),
  );
  const all = of.nets.length * of.rhos.length;
  const seeds = [...new Set(rest.map(({ seed }) => seed))]
    .filter((seed) => rest.filter((it) => it.seed === seed).length === all)
    .sort((a, b) => a - b);
  const test = (net, rho, seed) =>
    rest.find((it) => it.net === net && it.rho === rho && it.seed === seed).test;
  const byNet = (value) => Object.fromEntries(of.nets.map((net) => [net, value(net)]));
  return {
    chosen,
    seeds,
    errors: byNet((net) => of.rhos.map((rho) => seeds.map((seed) => test(net, rho, seed)))),
    parameters: byNet((net) => rest.find((it) => it.net === net).parameters),
  };
}

/** The middle number, the upper one of two. */
const median = (xs) => xs.toSorted((a, b) => a - b)[xs.length >> 1];
const signed = (x) => x.toFixed(4).replace('-', '−');
const interval = (xs) => `${signed(mean(xs))} ± ${halfWidth(xs).toFixed(4)}`;

/** How the settings were chosen, in words. */
function choiceInWords({ grid, choosing: { rho, seeds } }, chosen) {
  const list = (settings) =>
    settings.map(({ setting, score }) => `${inWords(setting)}: ${score.toFixed(4)}`).join('; ');
  const where = `at ρ = ${rho}, on data of ${seeds.length} other seeds`;
  const each = Object.entries(chosen).map(([net, settings]) => `${net}, ${list(settings)}`);
  return `The setting of each net is the best of ${grid.length} by its mean validation MSE ${where}. ${each.join('. ')}.`;
}

/**
 * Whether a shared bottom falls behind the experts from the first ρ to the last. Seeds have the same
 * data but for w2, so changes are taken in pairs. In the logarithm of SB ÷ MMoE no failed training
 * outweighs the others; and of the ways for it to grow, only that SB gets worse counts.
 */
function order(rhos, sb, mmoe) {
  const change = (byRho) => byRho.at(-1).map((value, at) => value - byRho[0][at]);
  const each = (value) => sb.map((errors, at) => errors.map((e, seed) => value(e, mmoe[at][seed])));
  const [ratio, gap, own] = [
    change(each((a, b) => Math.log(a / b))),
    change(each((a, b) => a - b)),
    change(sb),
  ];
  const behind = mean(ratio) > halfWidth(ratio) && mean(own) > 0;
  const wider = rhos.filter((_, at) => deviation(sb[at]) > deviation(mmoe[at])).length;
  return { ratio, gap, own, behind, wider };
}

/** The table of a shared bottom beside the experts, and in words whether the paper's order is there. */
function against(net, { rhos }, errors) {
  const [sb, mmoe] = [errors[net], errors.MMoE];
  const lines = rhos.map((rho, at) => {
    const gaps = sb[at].map((error, seed) => error - mmoe[at][seed]);
    const ratio = Math.exp(mean(sb[at].map((error, seed) => Math.log(error / mmoe[at][seed]))));
    return [
      `${rho}`,
      interval(sb[at]),
      interval(mmoe[at]),
      interval(gaps),
      ratio.toFixed(2),
      `${gaps.filter((gap) => gap > 0).length} of ${gaps.length}`,
      `${deviation(sb[at]).toFixed(4)} / ${deviation(mmoe[at]).toFixed(4)}`,
    ];
  });
  const found = order(rhos, sb, mmoe);
  const said = (is) => (is ? 'reproduced' : '**not reproduced**');
  const [from, to] = [rhos[0], rhos.at(-1)];
  return [
    aligned([
      ['ρ', net, 'MMoE', `${net} − MMoE`, 'ratio', 'MMoE is better', `sd ${net} / MMoE`],
      ...lines,
    ]).trim(),
    [
      `- That ${net} falls behind MMoE as ρ falls: from ${from} to ${to} ln(${net} ÷ MMoE) changes by ${interval(found.ratio)}, ${net} − MMoE by ${interval(found.gap)} and ${net} by ${interval(found.own)}; ${said(found.behind)}.`,
      `- That ${net}'s spread over the seeds is the larger one: so at ${found.wider} of ${rhos.length} ρ; ${said(found.wider === rhos.length)}${found.wider === rhos.length ? '' : ' throughout'}.`,
    ].join('\n'),
  ];
}

/** What was no part of the rule and helps to read it: it tells failed trainings from the others. */
function typical({ rhos }, errors) {
  const nets = Object.entries(errors).map(([net, byRho]) => {
    const seeds = byRho
      .map((xs) => `${median(xs).toFixed(4)} (${Math.max(...xs).toFixed(4)})`)
      .join(', ');
    const change = byRho.at(-1).map((error, seed) => Math.log(error / byRho[0][seed]));
    return `${net} ${seeds}, ln ${net} changing by ${interval(change)}`;
  });
  return `- No part of the rule: the median over the seeds and the worst of them, at ρ = ${rhos.join(', ')}. ${nets.join('; ')}.`;
}

function render(of, { chosen, seeds, errors, parameters }) {
  const sizes = of.nets.map((net) => `${net} ${parameters[net]}`).join(', ');
  const bottoms = of.nets.filter((net) => net !== 'MMoE');
  return [
    `Test MSE, mean over the two tasks, of ${seeds.length} seeds; ± is half a 95 % confidence interval (Student's t); the ratio is SB ÷ MMoE, its geometric mean. Parameters: ${sizes}.`,
    ...bottoms.flatMap((net) => against(net, of, errors)),
    [typical(of, errors), `- ${choiceInWords(of, chosen)}`].join('\n'),
  ];
}

module.exports = { choose, figures, inWords, render };
