/** What came of a training is said in words that a person can use. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ending, outcome } from '../../static/js/outcome.js';

const ESTIMATES = [{ id: 'out', name: 'Estimate' }];

/** @param {number} loss @param {object} [started] @param {object} [ended] */
const said = (loss, started = {}, ended = {}) =>
  outcome(
    {
      ended: { kind: 'finished', softness: 0, loss: { out: { train: 1, holdout: loss } }, ...ended },
      started: { baseline: { out: { train: 10, holdout: 10 } }, ...started },
    },
    ESTIMATES,
  );

test('how it ended is said by the reason', () => {
  assert.equal(ending({ step: 6006, reason: 'epochs' }), 'Done after 6,006 steps');
  assert.equal(ending({ step: 1, reason: 'stopped' }), 'Stopped after 1 step');
  assert.equal(ending({ step: 30, reason: 'target' }), 'It reached the target loss after 30 steps');
  assert.equal(ending({ step: 0, reason: 'solved' }), 'Solved exactly, without a step');
});

test('a squared loss is told as a typical miss', () => {
  assert.equal(
    said(4, { losses: { out: 'squared' } }),
    'Loss 4.00, 60% less than one number for all rows would lose. It is typically off by 2.00.',
  );
});

test('a surprise is told as the chance that what is right was given', () => {
  for (const name of ['logistic', 'cross_entropy'])
    assert.match(said(Math.log(2), { losses: { out: name } }), /typically given a chance of 50%\./);
});

test('other losses, and runs that do not say theirs, are told as they are', () => {
  assert.match(said(4, { losses: { out: 'absolute' } }), /off by 4.00 on average\./);
  for (const losses of [{ out: 'poisson' }, {}, undefined])
    assert.equal(said(4, { losses }), 'Loss 4.00, 60% less than one number for all rows would lose.');
});

test('why the curve ends elsewhere is said where it does', () => {
  assert.match(said(4, { takes: 'teams' }), /this loss is of each team at its best\.$/);
  assert.match(said(4, { takes: 'best' }), /this loss is of the best one\.$/);
  assert.match(said(4, { takes: 'average' }), /this loss is of their average\.$/);
  assert.match(said(4, { takes: 'best' }, { softness: 0.3 }), /the hard one's\.$/);
  assert.doesNotMatch(said(4, { takes: 'last' }), /curve/);
});
