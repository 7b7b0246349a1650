// Checking: whoever asks anew has the newest answer when the asking is done, whatever else was under way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addNode } from '../../static/js/commands.js';
import { Store } from '../../static/js/store.js';
import { node, TEAM } from './graphs.js';
import { serve } from './page.js';

const { keepChecking } = await import('../../static/js/checking.js');

/**
 * A server that answers with one problem, which says how many nodes the graph has, `slow` milliseconds later.
 *
 * @param {import('node:test').TestContext} context
 * @param {number[]} slow
 */
async function checked(context, slow) {
  /** @type {number[]} */
  const found = [];
  await serve(context, async (_, response, body) => {
    const { graph } = JSON.parse(body);
    await new Promise((resolve) => setTimeout(resolve, slow.shift() ?? 0));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ problems: [{ message: String(graph.nodes.length) }] }));
  });
  const store = new Store(TEAM);
  const recheck = keepChecking(
    store,
    () => ({ table: null, target: null }),
    (problems) => found.push(Number(problems[0]?.message)),
  );
  return { store, recheck, found };
}

test('an answer is there when the asking is done, though a change was about to be checked', async (context) => {
  const { store, recheck, found } = await checked(context, [0, 0, 200, 300]);
  await recheck();
  store.apply(addNode(node('new', 'linear')));
  await recheck();
  assert.equal(found.at(-1), TEAM.nodes.length + 1);
});

test('of two that are under way the older is passed over, and both wait for the newer', async (context) => {
  const { store, recheck, found } = await checked(context, [0, 0, 200, 50]);
  await recheck();
  found.length = 0;
  store.apply(addNode(node('new', 'linear')));
  const older = recheck();
  store.apply(addNode(node('newer', 'linear')));
  const newer = recheck();
  await older;
  assert.deepEqual(found, [TEAM.nodes.length + 2]);
  await newer;
});
