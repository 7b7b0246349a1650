/**
 * Keeps the graph on the server: a moment after each change, never over a version that it has not seen.
 *
 * @import { Graph } from './types.js'
 * @import { Store } from './store.js'
 */

import { ask, Refusal } from './api.js';

const WAIT_MS = 500;
const RETRY_MS = 3000;

/** @typedef {'saved' | 'changed' | 'saving' | 'offline' | 'refused' | 'conflict'} SaveState */

export class Autosave extends EventTarget {
  #store;
  #path;
  #version;
  /** @type {Graph} */
  #saved;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #sending = null;
  /** @type {SaveState} */
  state = 'saved';
  message = '';

  /** @param {Store} store @param {string} id @param {number} version the version that the page was made from */
  constructor(store, id, version) {
    super();
    this.#store = store;
    this.#path = `/api/graphs/${id}`;
    this.#version = version;
    this.#saved = store.graph;
    store.addEventListener('change', () => this.#changed());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.flush());
    addEventListener('pagehide', () => this.#send(true));
    addEventListener(
      'beforeunload',
      (event) => this.state !== 'saved' && this.state !== 'conflict' && event.preventDefault(),
    );
  }

  /** Saves now what is not saved yet; resolves when it is, or when it cannot be. */
  async flush() {
    while (this.#sending) await this.#sending;
    if (this.#store.graph !== this.#saved && this.state !== 'conflict') await this.#start();
  }

  /** Somebody else changed the graph: take theirs, as a step that can be undone. */
  async takeTheirs() {
    const { value, headers } = await ask('GET', this.#path);
    this.#version = versionOf(headers);
    this.#saved = value;
    this.#store.replace(value, 'Take the other version');
    this.#say('saved');
  }

  /** Somebody else changed the graph: write over theirs, which is what the person chose. */
  async keepMine() {
    const { headers } = await ask('GET', this.#path);
    this.#version = versionOf(headers);
    await this.#start();
  }

  #changed() {
    if (this.state === 'conflict') return;
    clearTimeout(this.#timer);
    if (this.#store.graph === this.#saved) return this.#sending ? undefined : this.#say('saved');
    this.#say('changed');
    this.#timer = window.setTimeout(() => this.flush(), WAIT_MS);
  }

  #start() {
    clearTimeout(this.#timer);
    this.#sending = this.#send(false).finally(() => {
      this.#sending = null;
      if (this.#store.graph !== this.#saved && this.state === 'saved') this.#changed();
    });
    return this.#sending;
  }

  /** @param {boolean} leaving whether the page goes away meanwhile */
  async #send(leaving) {
    const graph = this.#store.graph;
    if (graph === this.#saved || (leaving && (this.#sending || this.state === 'conflict'))) return;
    this.#say('saving');
    try {
      const sent = { body: graph, headers: { 'If-Match': `"${this.#version}"` }, keepalive: leaving };
      const { headers } = await ask('PUT', this.#path, sent);
      this.#version = versionOf(headers);
      this.#saved = graph;
      this.#say('saved');
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    const refusal = error instanceof Refusal ? error : new Refusal(0, null);
    if (refusal.status === 412) return this.#say('conflict', refusal.message);
    const gone = refusal.status === 0 || refusal.status >= 500;
    this.#say(gone ? 'offline' : 'refused', refusal.message);
    if (gone) this.#timer = window.setTimeout(() => this.flush(), RETRY_MS);
  }

  /** @param {SaveState} state @param {string} [message] */
  #say(state, message = '') {
    this.state = state;
    this.message = message;
    this.dispatchEvent(new Event('state'));
  }
}

/** @param {Headers} headers */
const versionOf = (headers) => Number(headers.get('ETag')?.replaceAll('"', ''));
