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
  assertApart(all);
}

/** @param {import('../../static/js/types.js').Position[]} all */
function assertApart(all) {
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

/** A team of many under several who average. @param {number} many @param {number} heads */
function large(many, heads) {
  const workers = Array.from({ length: many }, (_, place) => `w${place}`);
  const tops = Array.from({ length: heads }, (_, place) => `m${place}`);
  const kinds = {
    in: 'columns',
    out: 'average',
    ...Object.fromEntries([...workers, ...tops].map((id) => [id, 'linear'])),
  };
  const wires = workers.flatMap((id, place) => [`in -> ${id}`, `${id} -> m${Math.floor((place * heads) / many)}`]);
  return graph(kinds, ...wires, ...tops.map((id) => `${id} -> out`));
}

/** @param {import('../../static/js/types.js').Position[]} places */
function shapeOf(places) {
  const [across, down] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  return {
    wide: Math.max(...across) - Math.min(...across) + SIZE.width,
    high: Math.max(...down) - Math.min(...down) + SIZE.height,
  };
}

for (const [many, heads] of /** @type {const} */ ([
  [13, 1],
  [60, 1],
  [60, 5],
  [300, 8],
])) {
  test(`${many} under ${heads} have the shape of a canvas, and nobody lies on anybody`, async () => {
    const team = large(many, heads);
    const places = await tidyPlaces(team, SIZE);
    const all = Object.values(places);
    assert.equal(all.length, team.nodes.length);
    const { wide, high } = shapeOf(all);
    assert.ok(wide / high > 1 && wide / high < 2.5, `${wide} to ${high}`);
    assertApart(all);
    for (const { source, target } of team.wires) {
      assert.ok(Number(places[source]?.x) + SIZE.width <= Number(places[target]?.x), `${source} is left of ${target}`);
    }
  });
}

test('of a large team those who combine stand beside those whom they combine', async () => {
  const places = await tidyPlaces(large(60, 5), SIZE);
  for (let head = 0; head < 5; head += 1) {
    const down = Array.from({ length: 12 }, (_, place) => Number(places[`w${head * 12 + place}`]?.y));
    const top = Number(places[`m${head}`]?.y);
    assert.ok(top > Math.min(...down) && top < Math.max(...down), `m${head}`);
  }
});

test('up to twelve stay one column', async () => {
  const places = await tidyPlaces(large(12, 1), SIZE);
  assert.equal(new Set(Object.values(places).map(({ x }) => x)).size, 4);
});
