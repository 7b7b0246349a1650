// Nodes come out from behind a box over the canvas, the shortest way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomBeside, wayClear } from '../../static/js/clearing.js';

const CANVAS = { left: 0, top: 0, right: 1000, bottom: 500 };
const COVER = { left: 56, top: 400, right: 556, bottom: 490 };

/** @param {number} left @param {number} top */
const node = (left, top) => ({ left, top, right: left + 200, bottom: top + 100 });

test('where nothing is covered, nothing moves', () => {
  assert.deepEqual(wayClear([node(600, 380), node(100, 290)], COVER, CANVAS), { x: 0, y: 0 });
  assert.deepEqual(wayClear([], COVER, CANVAS), { x: 0, y: 0 });
});

test('who is covered goes up or to the right, whichever is nearer', () => {
  assert.deepEqual(wayClear([node(100, 320)], COVER, CANVAS), { x: 0, y: -36 });
  assert.deepEqual(wayClear([node(540, 390)], COVER, CANVAS), { x: 32, y: 0 });
});

test('nobody leaves the canvas on the way', () => {
  assert.deepEqual(wayClear([node(540, 390), node(790, 200)], COVER, CANVAS), { x: 0, y: -106 });
  assert.equal(wayClear([node(540, 390), node(790, 20)], COVER, CANVAS), null);
});

test('room is above the box, or beside it where that is more', () => {
  const size = { width: 200, height: 100 };
  assert.deepEqual(roomBeside(size, COVER, CANVAS), { top: '16px', right: '16px', bottom: '116px', left: '16px' });
  const high = { ...COVER, top: 100, right: 256 };
  assert.deepEqual(roomBeside(size, high, CANVAS), { top: '16px', right: '16px', bottom: '16px', left: '272px' });
});
