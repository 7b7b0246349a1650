/**
 * The graph that the canvas shows: the whole one, or one that stands inside of a team. What is changed here changes
 * the whole, so that one undo and one save serve all of it.
 *
 * @import { Catalogue, Command } from './types.js'
 * @import { Store } from './store.js'
 */

import { nodeOf } from './graph.js';
import { changedAt, graphAt, heldBy, prefixOf } from './inside.js';

export class View extends EventTarget {
  #store;
  #catalogue;
  /** The ids of the teams that one stands in, from the outermost. @type {readonly string[]} */
  path = [];

  /** @param {Store} store @param {Catalogue} catalogue */
  constructor(store, catalogue) {
    super();
    this.#store = store;
    this.#catalogue = catalogue;
    store.addEventListener('change', () => this.#changed());
  }

  get graph() {
    return graphAt(this.#catalogue, this.#store.graph, this.path) ?? this.#store.graph;
  }

  /** What stands before the ids of the nodes here, as problems and readings name them. */
  get prefix() {
    return prefixOf(this.path);
  }

  /** The names on the way here: of the whole graph, then of each team. @returns {string[]} */
  get names() {
    const names = [this.#store.graph.name];
    this.path.forEach((id, depth) => {
      const around = graphAt(this.#catalogue, this.#store.graph, this.path.slice(0, depth));
      names.push((around && nodeOf(around, id)?.name) ?? id);
    });
    return names;
  }

  /** Whether a node here can be gone into. @param {string} id */
  holds(id) {
    return heldBy(this.#catalogue, nodeOf(this.graph, id)) !== null;
  }

  /** @param {Command} command */
  apply(command) {
    const path = this.path;
    this.#store.apply({
      name: command.name,
      apply: (graph) => changedAt(this.#catalogue, graph, path, command.apply),
      ...(command.merge && { merge: `${this.prefix} ${command.merge}` }),
    });
  }

  /** Goes to the graph at the end of a path, as far as there is one. @param {readonly string[]} path */
  go(path) {
    const before = this.prefix;
    this.path = this.#there(path);
    if (this.prefix === before) return;
    this.dispatchEvent(new Event('path'));
    this.dispatchEvent(new Event('change'));
  }

  /** A team that one stands in may be gone. */
  #changed() {
    const there = this.#there(this.path);
    const left = there.length < this.path.length;
    this.path = there;
    if (left) this.dispatchEvent(new Event('path'));
    this.dispatchEvent(new Event('change'));
  }

  /** @param {readonly string[]} path */
  #there(path) {
    const graph = this.#store.graph;
    const depth = path.findIndex((_, place) => !graphAt(this.#catalogue, graph, path.slice(0, place + 1)));
    return depth < 0 ? path : path.slice(0, depth);
  }
}
