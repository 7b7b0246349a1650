// Numbers as people read them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell, fading, full, percent, short, typical } from '../../static/js/format.js';

const CASES = /** @type {const} */ ([
  [0, '0'],
  [-0, '0'],
  [0.25, '0.250'],
  [-0.25, '-0.250'],
  [1, '1.00'],
  [9.999, '10.00'],
  [123.456, '123.5'],
  [1234.5, '1235'],
  [9999.4, '9999'],
  [10000, '10,000'],
  [-999999, '-999,999'],
  [1e6, '1.000M'],
  [1286700, '1.287M'],
  [-1.25e9, '-1.250B'],
  [2e14, '200.0T'],
  [1e15, '1.0e15'],
  [0.001, '0.001'],
  [0.00099, '9.9e-4'],
  [7.1e-30, '7.1e-30'],
  [5e-324, '4.9e-324'],
  [null, '–'],
  [undefined, '–'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
]);

for (const [value, text] of CASES) test(`${value} is ${text}`, () => assert.equal(short(value), text));

test('no number is wider than nine characters, whatever it is', () => {
  for (let exponent = -320; exponent <= 308; exponent += 1) {
    for (const digits of [1, 4.56789, 9.99999]) {
      for (const sign of [1, -1]) assert.ok(short(sign * digits * 10 ** exponent).length <= 9);
    }
  }
});

test('where numbers stand below one another, they are told in full', () => {
  assert.deepEqual([1286670, -619520.4, 8749.3, 0.25, 2e9, Number.NaN].map(full), [
    '1,286,670',
    '-619,520',
    '8,749',
    '0.250',
    '2.000B',
    '–',
  ]);
});

test('what a number says is never further from it than half its last digit', () => {
  for (const value of [0.0014999, 0.12349, 1.2349, 99.994, 123.44, 1.26e-4]) {
    assert.ok(Math.abs(Number(short(value)) - value) <= Math.abs(value) * 0.34);
  }
});

test('readings that are nothing but rounding are nothing', () => {
  assert.equal(fading(3e-16), '0');
  assert.equal(fading(-3e-16), '0');
  assert.equal(fading(3e-8), '3.0e-8');
  assert.equal(fading(null), '–');
});

test('a share is a percentage', () => {
  assert.equal(percent(0.754), '75%');
  assert.equal(percent(undefined), '');
});

test('the typical size is the root of the mean square', () => {
  assert.equal(typical({ mean: 3, std: 4 }), 5);
  assert.equal(typical({ mean: null, std: 4 }), null);
  assert.equal(typical(undefined), null);
});

test('cells of every type', () => {
  assert.deepEqual([null, 3, 2009, 729932, 2.5, true, false, 'solar', '2020-01-31'].map(cell), [
    '–',
    '3',
    '2009',
    '729,932',
    '2.50',
    'yes',
    'no',
    'solar',
    '2020-01-31',
  ]);
});
