// Following a run: every event once and in order, through lost lines, refusals and hidden tabs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, pointOf } from '../../static/js/live.js';
import { fire, serve, turn, until } from './page.js';

/** A server that tells events by number, from after the last that the page has; it may refuse, forget, or cut its answers short. */
class Log {
  /** @type {string[]} */
  kinds = [];
  /** @type {number[]} what the page said that it has, request by request */
  asked = [];
  /** @type {Set<import('node:http').ServerResponse>} */
  lines = new Set();
  refusing = 0;
  cutAfter = Number.POSITIVE_INFINITY;
  /** Whether it begins from the first event, whatever was asked. */
  forgetful = false;

  /** @type {import('./page.js').Answer} */
  answer = (request, response) => {
    const after = new URL(request.url ?? '', 'http://server').searchParams.get('after');
    const has = Number(request.headers['last-event-id'] ?? after);
    this.asked.push(has);
    if (this.refusing > 0) {
      this.refusing -= 1;
      return response.writeHead(503).end();
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 5\n\n');
    this.lines.add(response);
    response.on('close', () => this.lines.delete(response));
    this.#send(response, this.forgetful ? 0 : has);
  };

  /** @param {...string} kinds */
  tell(...kinds) {
    const before = this.kinds.length;
    this.kinds.push(...kinds);
    for (const line of this.lines) this.#send(line, before);
  }

  cut() {
    for (const line of this.lines) line.destroy();
  }

  /** @param {import('node:http').ServerResponse} response @param {number} has */
  #send(response, has) {
    this.kinds.slice(has).forEach((kind, place) => {
      const number = has + place + 1;
      if (place < this.cutAfter) response.write(`id: ${number}\nevent: ${kind}\ndata: {"number": ${number}}\n\n`);
    });
    if (this.kinds.length - has > this.cutAfter) response.end();
  }
}

/** @param {import('node:test').TestContext} context @param {Log} [log] */
async function begin(context, log = new Log()) {
  const server = await serve(context, log.answer);
  /** @type {number[]} */
  const got = [];
  /** @type {boolean[]} */
  const line = [];
  const leave = follow(
    'r',
    ({ data }) => got.push(data.number),
    (connected) => line.push(connected),
    10,
  );
  context.after(leave);
  return { log, server, got, line, leave };
}

/** @param {number} count */
const upTo = (count) => Array.from({ length: count }, (_, place) => place + 1);

test('events arrive as they are told', async (context) => {
  const { log, got, line } = await begin(context);
  await until(() => line.length > 0);
  log.tell('started', 'reading');
  log.tell('series', 'paused', 'resumed', 'changed', 'rewound');
  await until(() => got.length === 7);
  assert.deepEqual(got, upTo(7));
  assert.deepEqual(line, [true]);
});

test('a line that is cut after every few events loses none and repeats none', async (context) => {
  const log = new Log();
  log.kinds = ['started', ...Array(200).fill('reading'), 'finished'];
  log.cutAfter = 7;
  const { got } = await begin(context, log);
  await until(() => got.length >= 202);
  assert.deepEqual(got, upTo(202));
  assert.ok(log.asked.length >= 202 / 7);
});

test('what is told twice is taken once', async (context) => {
  const { log, got, line } = await begin(context);
  log.forgetful = true;
  await until(() => line.length > 0);
  log.tell('started', 'reading', 'reading');
  await until(() => got.length === 3);
  log.cut();
  await until(() => log.asked.length === 2);
  log.tell('reading');
  await until(() => got.length === 4);
  assert.deepEqual(got, upTo(4));
});

test('a line that is lost is said to be, and said to be back', async (context) => {
  const { log, server, got, line } = await begin(context);
  await until(() => line.length > 0);
  log.tell('started');
  await until(() => got.length === 1);
  await server.close();
  await until(() => line.at(-1) === false);
  await server.listen();
  await until(() => line.at(-1) === true);
  log.tell('reading');
  await until(() => got.length === 2);
  assert.equal(log.asked.at(-1), 1);
});

test('a server that refuses is asked again', async (context) => {
  const log = new Log();
  log.refusing = 2;
  const { got, line } = await begin(context, log);
  log.tell('started');
  await until(() => got.length === 1);
  assert.deepEqual(line, [false, false, true]);
});

for (const last of ['finished', 'diverged', 'failed', 'deleted']) {
  test(`after “${last}” nothing more is asked for`, async (context) => {
    const { log, got, line } = await begin(context);
    await until(() => line.length > 0);
    log.tell('started', last);
    await until(() => got.length === 2 && log.lines.size === 0);
    turn('hidden');
    turn('visible');
    log.cut();
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.deepEqual(log.asked, [0]);
  });
}

test('a run that was deleted says so, although that has no number', async (context) => {
  const { log, got, line } = await begin(context);
  await until(() => line.length > 0);
  log.tell('started');
  await until(() => got.length === 1);
  for (const response of log.lines) response.write('event: deleted\ndata: {"number": -1}\n\n');
  await until(() => got.length === 2);
  assert.deepEqual(got, [1, -1]);
});

test('a hidden tab holds no line, and goes on where it was when it is seen', async (context) => {
  const { log, got, line } = await begin(context);
  await until(() => line.length > 0);
  log.tell('started', 'reading');
  await until(() => got.length === 2);
  turn('hidden');
  await until(() => log.lines.size === 0);
  log.tell('reading', 'reading');
  turn('visible');
  await until(() => got.length === 4);
  assert.deepEqual(got, upTo(4));
  assert.deepEqual(log.asked, [0, 2]);
});

test('a page that goes away closes its line', async (context) => {
  const { log, line } = await begin(context);
  await until(() => line.length > 0);
  fire('pagehide');
  await until(() => log.lines.size === 0);
});

test('who leaves a run hears nothing more of it', async (context) => {
  const { log, got, line, leave } = await begin(context);
  await until(() => line.length > 0);
  log.tell('started');
  await until(() => got.length === 1);
  leave();
  await until(() => log.lines.size === 0);
  log.tell('reading');
  turn('hidden');
  turn('visible');
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.deepEqual(got, [1]);
  assert.deepEqual(log.asked, [0]);
});

test('the losses of a reading are a point of the curve', () => {
  const loss = { out: { train: 2, holdout: null }, other: { train: 1, holdout: 3 } };
  assert.deepEqual(pointOf(/** @type {any} */ ({ step: 8, epoch: 2, loss, nodes: {} })), [
    8,
    2,
    { out: [2, null], other: [1, 3] },
  ]);
});
