// Asking the server: what is sent, what comes back, and a sentence for whatever goes wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, Refusal } from '../../static/js/api.js';
import { serve } from './page.js';

/** @import { Answer } from './page.js' */

/** @param {number} status @param {string} type @param {string} body @returns {Answer} */
const saying = (status, type, body) => (_, response) => {
  response.writeHead(status, { 'Content-Type': type, ETag: '"7"' });
  response.end(body);
};

/** The refusal that asking comes to. @param {Promise<unknown>} asked @returns {Promise<Refusal>} */
const refusal = (asked) =>
  asked.then(
    () => assert.fail('It was not refused.'),
    (error) => (error instanceof Refusal ? error : assert.fail(`It raised ${error}.`)),
  );

test('a value goes as JSON and comes back with its headers', async (context) => {
  /** @type {string[]} */
  const told = [];
  await serve(context, ({ method, url, headers }, response, body) => {
    told.push(`${method} ${url}`, headers.accept ?? '', headers['content-type'] ?? '', headers['if-match'] ?? '', body);
    saying(200, 'application/json', '{"id": "g"}')(/** @type {any} */ (null), response, '');
  });
  const { value, headers } = await ask('PUT', '/api/graphs/g', { body: { name: 'é' }, headers: { 'If-Match': '"6"' } });
  assert.deepEqual(told, ['PUT /api/graphs/g', 'application/json', 'application/json', '"6"', '{"name":"é"}']);
  assert.deepEqual(value, { id: 'g' });
  assert.equal(headers.get('ETag'), '"7"');
});

test('a text goes as it is', async (context) => {
  let sent = '';
  await serve(context, (request, response, body) => {
    sent = body;
    saying(200, 'application/json', '{}')(request, response, body);
  });
  await ask('POST', '/api/models', { text: '{"weights": 0.10}' });
  assert.equal(sent, '{"weights": 0.10}');
});

test('without a body no type is said', async (context) => {
  /** @type {string | undefined} */
  let type = 'none';
  await serve(context, (request, response) => {
    type = request.headers['content-type'];
    response.writeHead(204).end();
  });
  assert.equal((await ask('POST', '/api/runs/r/pause')).value, null);
  assert.equal(type, undefined);
});

test('a refusal speaks in the words of the server', async (context) => {
  const problem = { detail: 'Node ‘Max’ needs a wire.', code: 'graph-unfit', problems: [{ node: 'max' }] };
  await serve(context, saying(422, 'application/problem+json', JSON.stringify(problem)));
  const { message, status, code, problems } = await refusal(ask('POST', '/api/runs', { body: {} }));
  assert.deepEqual([message, status, code, problems], [problem.detail, 422, problem.code, problem.problems]);
});

test('a refusal without words is given some', async (context) => {
  await serve(context, saying(502, 'text/html', '<h1>Bad gateway</h1>'));
  const { message, status, code, problems } = await refusal(ask('GET', '/'));
  assert.match(message, /Try again/);
  assert.deepEqual([status, code, problems], [502, '', []]);
});

test('no server, a line that breaks and half an answer are all the same: out of reach', async (context) => {
  let broken = saying(200, 'application/json', '{"half": ');
  const server = await serve(context, (request, response, body) => broken(request, response, body));
  const half = await refusal(ask('GET', '/'));
  broken = (_, response) => response.destroy();
  const torn = await refusal(ask('GET', '/'));
  await server.close();
  const gone = await refusal(ask('GET', '/'));
  for (const { message, status, code } of [half, torn, gone]) {
    assert.match(message, /cannot be reached/);
    assert.deepEqual([status, code], [0, 'offline']);
  }
});
