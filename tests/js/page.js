// What our modules find in a browser's page and Node has not: a document that is seen or hidden, and an origin.
// Requests go over the wire, to a server of the test's own.

import { createServer } from 'node:http';
import { EventSource as PlainEventSource } from 'eventsource';

/** @typedef {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, body: string) => void} Answer */

/** What there is of a page: its window's events, its document, and what it will do later. */
class Page {
  window = new EventTarget();
  document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  open = true;

  /** What is left to be done when the page is closed is not done, and keeps nobody waiting. @param {() => void} act @param {number} wait */
  later = (act, wait) => setTimeout(() => this.open && act(), wait).unref();
}

let page = new Page();
Object.assign(globalThis, {
  window: { setTimeout: (/** @type {() => void} */ act, /** @type {number} */ wait) => page.later(act, wait) },
  addEventListener: (/** @type {string} */ type, /** @type {() => void} */ on) =>
    page.window.addEventListener(type, on),
  removeEventListener: (/** @type {string} */ type, /** @type {() => void} */ on) =>
    page.window.removeEventListener(type, on),
});
Object.defineProperty(globalThis, 'document', { get: () => page.document });

/** Opens a page of the test's own, and closes it with the test. @param {import('node:test').TestContext} context */
function openPage(context) {
  const opened = new Page();
  page = opened;
  context.after(() => {
    opened.open = false;
  });
}

/** The page is hidden, or seen again. @param {'visible' | 'hidden'} state */
export function turn(state) {
  page.document.visibilityState = state;
  page.document.dispatchEvent(new Event('visibilitychange'));
}

/** Fires an event at the window; whether the page would go away without asking. @param {string} type */
export const fire = (type) => page.window.dispatchEvent(new Event(type, { cancelable: true }));

/**
 * Opens a page, and starts the server that it came from.
 *
 * @param {import('node:test').TestContext} context the test that both end with
 * @param {Answer} answer
 */
export async function serve(context, answer) {
  openPage(context);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => answer(request, response, body));
  });
  const listen = (port = 0) => new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  await listen();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  setOrigin(`http://127.0.0.1:${port}`);
  context.after(close);
  return { close, listen: () => listen(port) };
}

const plainFetch = globalThis.fetch;

/** Makes paths lead to this origin, as a browser does. @param {string} origin */
function setOrigin(origin) {
  Object.assign(globalThis, {
    fetch: (/** @type {string} */ path, /** @type {RequestInit} */ init) => plainFetch(new URL(path, origin), init),
    EventSource: class extends PlainEventSource {
      /** @param {string} path */
      constructor(path) {
        super(new URL(path, origin));
      }
    },
  });
}

/** Waits until something is so. @param {() => boolean} isSo */
export async function until(isSo) {
  for (const start = Date.now(); !isSo(); ) {
    if (Date.now() - start > 20_000) throw new Error(`It never came to be so: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
