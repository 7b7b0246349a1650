// Tidy places: from left to right along the wires, nobody on top of another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenWires } from '../../static/js/hidden_wires.js';
import { tidyPlaces } from '../../static/js/layout.js';
import { graph, TEAM } from './graphs.js';

const SIZE = { width: 204, height: 104 };

/** @param {import('../../static/js/types.js').Graph} untidy */
async function assertTidy(untidy) {
  const places = await tidyPlaces(untidy, SIZE);
  const all = Object.values(places);
  assert.equal(all.length, untidy.nodes.length);
  for (const { source, target } of untidy.wires) {
    assert.ok(
      Number(places[source]?.x) + SIZE.width <= Number(places[target]?.x),
      `${source} stands left of ${target}`,
    );
  }
  assert.equal(hiddenWires(untidy, places, { ...SIZE, gap: 30 }), 0, 'a wire runs behind a node');
  all.forEach((one, place) => {
    for (const other of all.slice(place + 1)) {
      assert.ok(Math.abs(one.x - other.x) >= SIZE.width || Math.abs(one.y - other.y) >= SIZE.height);
    }
  });
}

test('a team', () => assertTidy(TEAM));

test('two ports of one node', () =>
  assertTidy(graph({ a: 'linear', b: 'linear', diff: 'difference' }, 'a -> diff', 'b -> diff:less', 'a -> diff:less')));

test('wires that go past others', () =>
  assertTidy(
    graph(
      {
        in: 'columns',
        bend: 'spline',
        casey: 'linear',
        dani: 'linear',
        alex: 'linear',
        max: 'maximum',
        all: 'average',
      },
      ...['in -> bend', 'bend -> casey', 'in -> dani', 'in -> alex', 'casey -> max', 'alex -> max'],
      ...['dani -> all', 'max -> all'],
    ),
  ));

test('wires that go past everybody in a row', () => {
  const row = ['a -> b', 'b -> c', 'c -> d', 'd -> e', 'a -> c', 'b -> e', 'a -> e'];
  return assertTidy(graph({ a: 'linear', b: 'linear', c: 'linear', d: 'linear', e: 'linear' }, ...row));
});

test('nodes without wires', () => assertTidy(graph({ a: 'linear', b: 'linear', c: 'linear' })));

test('no node at all', async () => assert.deepEqual(await tidyPlaces(graph({}), SIZE), {}));
