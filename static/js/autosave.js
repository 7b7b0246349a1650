/**
 * Keeps the graph on the server: a moment after each change, never over a version that it has not seen.
 *
 * @import { Graph } from './types.js'
 * @import { Store } from './store.js'
 */

import { ask, Refusal } from './api.js';

const WAIT_MS = 500;
const RETRY_MS = 3000;
/** A browser finishes requests of up to 64 KB after its page is gone. */
const SURVIVES_BYTES = 60_000;

/** @typedef {'saved' | 'changed' | 'saving' | 'offline' | 'refused' | 'conflict'} SaveState */

export class Autosave extends EventTarget {
  #store;
  #path;
  #version;
  #waits;
  /** @type {Graph} */
  #saved;
  /** What is on its way to the server. @type {Graph | null} */
  #sent = null;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #sending = null;
  /** @type {SaveState} */
  state = 'saved';
  message = '';

  /**
   * @param {Store} store
   * @param {string} id
   * @param {number} version the version that the page was made from
   * @param {{ wait: number, retry: number }} [waits] milliseconds after a change, and after a line that was lost
   */
  constructor(store, id, version, waits = { wait: WAIT_MS, retry: RETRY_MS }) {
    super();
    this.#store = store;
    this.#path = `/api/graphs/${id}`;
    this.#version = version;
    this.#waits = waits;
    this.#saved = store.graph;
    store.addEventListener('change', () => this.#changed());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.flush());
    addEventListener('pagehide', () => this.#leave());
    addEventListener('beforeunload', (event) => !this.#mayLeave() && event.preventDefault());
  }

  /** Saves now what is not saved yet; resolves when it is, or when it cannot be. */
  async flush() {
    while (this.#sending) await this.#sending;
    if (this.#store.graph !== this.#saved && this.state !== 'conflict') await this.#send();
  }

  /** Somebody else changed the graph: take theirs, as a step that can be undone. */
  async takeTheirs() {
    const theirs = await this.#theirs();
    if (!theirs) return;
    this.#saved = theirs;
    this.#store.replace(theirs, 'Take the other version');
    this.#say('saved');
  }

  /** Somebody else changed the graph: write over theirs, which is what the person chose. */
  async keepMine() {
    if (await this.#theirs()) await this.#send();
  }

  /** The version of somebody else, which from here on is known; null where it cannot be had. @returns {Promise<Graph | null>} */
  async #theirs() {
    const answer = await ask('GET', this.#path).catch((error) => this.#say('conflict', refusalOf(error).message));
    if (!answer) return null;
    this.#version = versionOf(answer.headers);
    return answer.value;
  }

  #changed() {
    if (this.state === 'conflict') return;
    clearTimeout(this.#timer);
    if (this.#store.graph === this.#saved) return this.#sending ? undefined : this.#say('saved');
    this.#say('changed');
    this.#timer = window.setTimeout(() => this.flush(), this.#waits.wait);
  }

  /** Whether nothing is lost when the page goes away now. */
  #mayLeave() {
    if (this.state === 'saved') return true;
    if (this.state !== 'changed' && this.state !== 'saving') return false;
    return survives(this.#store.graph) && (!this.#sent || this.#sent === this.#store.graph);
  }

  /** The page goes away: what was not sent yet is sent after it. */
  #leave() {
    if (!this.#sending && this.state !== 'conflict') this.#send();
  }

  #send() {
    clearTimeout(this.#timer);
    this.#sending = this.#put(this.#store.graph).finally(() => {
      this.#sending = this.#sent = null;
      if (this.state === 'saved') this.#changed();
    });
    return this.#sending;
  }

  /** @param {Graph} graph */
  async #put(graph) {
    if (graph === this.#saved) return;
    this.#sent = graph;
    this.#say('saving');
    try {
      const headers = { 'If-Match': `"${this.#version}"` };
      const answer = await ask('PUT', this.#path, { body: graph, headers, keepalive: survives(graph) });
      this.#version = versionOf(answer.headers);
      this.#saved = graph;
      this.#say('saved');
    } catch (error) {
      this.#failed(refusalOf(error));
    }
  }

  /** @param {Refusal} refusal */
  #failed(refusal) {
    if (refusal.status === 412) return this.#say('conflict', refusal.message);
    const gone = refusal.status === 0 || refusal.status >= 500;
    this.#say(gone ? 'offline' : 'refused', refusal.message);
    if (gone) this.#timer = window.setTimeout(() => this.flush(), this.#waits.retry);
  }

  /** @param {SaveState} state @param {string} [message] */
  #say(state, message = '') {
    this.state = state;
    this.message = message;
    this.dispatchEvent(new Event('state'));
  }
}

/** @param {Graph} graph */
const survives = (graph) => new Blob([JSON.stringify(graph)]).size < SURVIVES_BYTES;

/** @param {unknown} error */
const refusalOf = (error) => (error instanceof Refusal ? error : new Refusal(0, null));

/** @param {Headers} headers */
const versionOf = (headers) => Number(headers.get('ETag')?.replaceAll('"', ''));
