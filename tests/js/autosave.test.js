// Autosave: every change arrives, in order, never over a version that was not seen, through lost lines and refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addNode, renameGraph } from '../../static/js/commands.js';
import { Store } from '../../static/js/store.js';
import { node, TEAM } from './graphs.js';
import { fire, serve, until } from './page.js';

const { Autosave } = await import('../../static/js/autosave.js');

/** A server with one graph and its version, which it guards; `hold` holds answers back. */
class Shelf {
  graph = TEAM;
  version = 1;
  /** @type {string[]} */
  names = [];
  /** @type {number[]} */
  refusing = [];
  /** @type {Promise<void> | null} */
  hold = null;

  /** @type {import('./page.js').Answer} */
  answer = async (request, response, body) => {
    await this.hold;
    const refused = this.refusing.shift();
    if (refused) return reply(response, refused, { detail: `Refused with ${refused}.` });
    if (request.method === 'PUT') {
      if (request.headers['if-match'] !== `"${this.version}"`) return reply(response, 412, { detail: 'Changed.' });
      this.put(JSON.parse(body));
    }
    reply(response, 200, this.graph, { ETag: `"${this.version}"` });
  };

  /** @param {import('../../static/js/types.js').Graph} graph */
  put(graph) {
    this.graph = graph;
    this.version += 1;
    this.names.push(graph.name);
  }
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {unknown} value @param {Record<string, string>} [headers] */
function reply(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** A wait that never ends within a test. */
const NEVER = 600_000;

/** @param {import('node:test').TestContext} context @param {number} [wait] milliseconds after a change */
async function begin(context, wait = 5) {
  const shelf = new Shelf();
  const server = await serve(context, shelf.answer);
  const store = new Store(TEAM);
  const autosave = new Autosave(store, 'g', 1, { wait, retry: 20 });
  const call = (/** @type {string} */ name) => store.apply(renameGraph(name));
  return { shelf, server, store, autosave, call };
}

test('a change is saved a moment later', async (context) => {
  const { shelf, store, autosave, call } = await begin(context);
  call('One');
  assert.equal(autosave.state, 'changed');
  await until(() => autosave.state === 'saved');
  assert.deepEqual(shelf.graph, store.graph);
  assert.equal(shelf.version, 2);
});

test('changes in quick succession are saved together', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  for (const name of ['One', 'Two', 'Three']) call(name);
  await until(() => autosave.state === 'saved');
  assert.deepEqual(shelf.names, ['Three']);
});

test('a change while another is on its way is saved after it', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  let release = () => {};
  shelf.hold = new Promise((resolve) => {
    release = resolve;
  });
  call('One');
  await until(() => autosave.state === 'saving');
  call('Two');
  assert.equal(autosave.state, 'changed');
  release();
  await until(() => autosave.state === 'saved' && shelf.names.length === 2);
  assert.deepEqual(shelf.names, ['One', 'Two']);
});

test('what was changed meanwhile is not called saved', async (context) => {
  const { shelf, autosave, call } = await begin(context, NEVER);
  call('One');
  const flushing = autosave.flush();
  call('Two');
  await flushing;
  assert.deepEqual(shelf.names, ['One']);
  assert.equal(autosave.state, 'changed');
});

test('a hundred changes at any moment arrive in order, the last one too', async (context) => {
  const { shelf, store, autosave } = await begin(context);
  for (let count = 0; count < 100; count += 1) {
    store.apply({ ...renameGraph(`Version ${count}`), merge: undefined });
    if (count % 7 === 0) store.undo();
    if (count % 3 === 0) await new Promise((resolve) => setTimeout(resolve, count % 11));
  }
  await until(() => autosave.state === 'saved');
  assert.deepEqual(shelf.graph, store.graph);
  const numbers = shelf.names.map((name) => Number(name.replace(/\D/g, '')));
  assert.equal(shelf.version, shelf.names.length + 1);
  assert.ok(numbers.length > 3);
});

test('flush saves at once, and waits for what is on its way', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  call('One');
  const flushing = autosave.flush();
  call('Two');
  await Promise.all([flushing, autosave.flush()]);
  assert.equal(autosave.state, 'saved');
  assert.deepEqual(shelf.names, ['One', 'Two']);
});

test('undoing what was changed and not yet saved saves nothing', async (context) => {
  const { shelf, store, autosave, call } = await begin(context);
  call('One');
  store.undo();
  assert.equal(autosave.state, 'saved');
  await autosave.flush();
  assert.equal(shelf.version, 1);
});

test('a line that was lost is tried again with the newest graph', async (context) => {
  const { shelf, server, autosave, call } = await begin(context);
  await server.close();
  call('One');
  await until(() => autosave.state === 'offline');
  assert.match(autosave.message, /cannot be reached/);
  call('Two');
  await server.listen();
  await until(() => autosave.state === 'saved');
  assert.equal(shelf.graph.name, 'Two');
});

test('a server that fails is tried again', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  shelf.refusing = [500, 503];
  call('One');
  await until(() => autosave.state === 'saved' && shelf.graph.name === 'One');
  assert.deepEqual(shelf.names, ['One']);
});

test('what is refused is said, and sent again with the next change', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  shelf.refusing = [422];
  call('One');
  await until(() => autosave.state === 'refused');
  assert.equal(autosave.message, 'Refused with 422.');
  call('Two');
  await until(() => autosave.state === 'saved');
  assert.deepEqual(shelf.names, ['Two']);
});

test('another version is never written over in silence', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  shelf.put({ ...TEAM, name: 'Theirs' });
  call('Mine');
  await until(() => autosave.state === 'conflict');
  call('Mine still');
  assert.equal(autosave.state, 'conflict');
  await autosave.flush();
  assert.equal(autosave.state, 'conflict');
  assert.deepEqual(shelf.names, ['Theirs']);
});

test('their version is taken as a step that can be undone', async (context) => {
  const { shelf, store, autosave, call } = await begin(context);
  shelf.put({ ...TEAM, name: 'Theirs' });
  call('Mine');
  await until(() => autosave.state === 'conflict');
  await autosave.takeTheirs();
  assert.equal(autosave.state, 'saved');
  assert.equal(store.graph.name, 'Theirs');
  store.undo();
  await until(() => autosave.state === 'saved' && shelf.graph.name === 'Mine');
});

test('mine is kept where the person says so', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  shelf.put({ ...TEAM, name: 'Theirs' });
  call('Mine');
  await until(() => autosave.state === 'conflict');
  await autosave.keepMine();
  assert.equal(autosave.state, 'saved');
  assert.deepEqual(shelf.names, ['Theirs', 'Mine']);
});

test('a conflict stays one while the server cannot be reached', async (context) => {
  const { shelf, server, store, autosave, call } = await begin(context);
  shelf.put({ ...TEAM, name: 'Theirs' });
  call('Mine');
  await until(() => autosave.state === 'conflict');
  await server.close();
  await autosave.takeTheirs();
  assert.equal(autosave.state, 'conflict');
  await autosave.keepMine();
  assert.equal(autosave.state, 'conflict');
  assert.equal(store.graph.name, 'Mine');
  assert.match(autosave.message, /cannot be reached/);
  await server.listen();
  await autosave.keepMine();
  assert.equal(shelf.graph.name, 'Mine');
});

test('a third version while mine is being kept is a conflict again', async (context) => {
  const { shelf, autosave, call } = await begin(context);
  shelf.put({ ...TEAM, name: 'Theirs' });
  call('Mine');
  await until(() => autosave.state === 'conflict');
  shelf.refusing = [0, 412];
  await autosave.keepMine();
  assert.equal(autosave.state, 'conflict');
});

test('a page that goes away saves what it has, without asking', async (context) => {
  const { shelf, call } = await begin(context, NEVER);
  call('Last words');
  assert.ok(fire('beforeunload'));
  fire('pagehide');
  await until(() => shelf.graph.name === 'Last words');
});

test('a page that goes away asks first where something would be lost', async (context) => {
  const { shelf, server, store, autosave, call } = await begin(context);
  assert.ok(fire('beforeunload'));
  shelf.put({ ...TEAM, name: 'Theirs' });
  call('Mine');
  await until(() => autosave.state === 'conflict');
  assert.ok(!fire('beforeunload'));
  await autosave.keepMine();
  assert.ok(fire('beforeunload'));
  for (let count = 0; count < 900; count += 1) store.apply(addNode(node(`n${count}`, 'linear')));
  assert.ok(!fire('beforeunload'), 'too much to be sent by a page that is gone');
  await until(() => autosave.state === 'saved');
  await server.close();
  call('Offline');
  await until(() => autosave.state === 'offline');
  assert.ok(!fire('beforeunload'));
});
