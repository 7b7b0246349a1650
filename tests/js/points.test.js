// The points of the curve: all of them, in order, each once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Points } from '../../static/js/points.js';

/** @param {number} step @param {number | null} [train] @param {number | null} [holdout] @returns {import('../../static/js/types.js').SeriesPoint} */
const point = (step, train = 1 / (step + 1), holdout = null) => [step, step / 4, { out: [train, holdout] }];

/** @param {number} from @param {number} to */
const points = (from, to) => Array.from({ length: to - from }, (_, place) => point(from + place));

/** @param {Points} held */
const steps = (held) => held.columns([], false)[0];

test('every point is kept, however many come at once or one by one', () => {
  const held = new Points();
  held.add(points(0, 1000));
  for (const one of points(1000, 1500)) held.add([one]);
  assert.equal(held.length, 1500);
  assert.deepEqual(
    steps(held),
    Array.from({ length: 1500 }, (_, step) => step),
  );
});

test('what is told twice is kept once', () => {
  const held = new Points();
  held.add(points(0, 10));
  held.add(points(5, 15));
  held.add([point(14), point(14), point(15), point(15)]);
  assert.deepEqual(
    steps(held),
    Array.from({ length: 16 }, (_, step) => step),
  );
});

test('after a step back the run is told anew from there', () => {
  const held = new Points();
  held.add(points(0, 10));
  held.rewind(6);
  assert.equal(held.length, 7);
  held.add([point(7, 0.5)]);
  assert.equal(held.columns(['out'], false)[1]?.[7], 0.5);
});

test('a column for each estimate and split, with gaps where nothing was told', () => {
  const held = new Points();
  held.add([point(0, 4, 5), [1, 0.25, { other: [1, 2] }], point(2, 2, null)]);
  assert.deepEqual(held.columns(['out', 'other'], false), [
    [0, 1, 2],
    [4, null, 2],
    [5, null, null],
    [null, 1, null],
    [null, 2, null],
  ]);
});

test('on a logarithmic axis nothing lies more than ten decades below the largest', () => {
  const held = new Points();
  held.add([point(0, 100), point(1, 0), point(2, 1e-30)]);
  assert.deepEqual(held.columns(['out'], true)[1], [100, 1e-8, 1e-8]);
  assert.deepEqual(held.columns(['out'], false)[1], [100, 0, 1e-30]);
});

test('nothing at all can be drawn too', () => {
  const held = new Points();
  assert.deepEqual(held.columns(['out'], true), [[], [], []]);
  assert.equal(held.at(0), null);
  assert.equal(held.at(null), null);
});

test('a fresh start forgets everything', () => {
  const held = new Points();
  held.add(points(5, 10));
  held.clear();
  held.add([point(0)]);
  assert.deepEqual(steps(held), [0]);
});
