/**
 * The one holder of the graph, with its undo. Views listen for `change`; everything else applies commands.
 *
 * @import { Command, Graph } from './types.js'
 */

const MERGE_WITHIN_MS = 1000;

export class Store extends EventTarget {
  /** @type {{ name: string, before: Graph, merge: string | undefined, at: number }[]} */
  #past = [];
  /** @type {{ name: string, after: Graph }[]} */
  #future = [];
  /** @type {Graph} */
  #graph;
  #now;

  /** @param {Graph} graph @param {() => number} now a clock in milliseconds */
  constructor(graph, now = Date.now) {
    super();
    this.#graph = graph;
    this.#now = now;
  }

  get graph() {
    return this.#graph;
  }

  /** What undo would undo; null when there is nothing. */
  get undoName() {
    return this.#past.at(-1)?.name ?? null;
  }

  /** What redo would do again; null when there is nothing. */
  get redoName() {
    return this.#future.at(-1)?.name ?? null;
  }

  /** @param {Command} command */
  apply(command) {
    const after = command.apply(this.#graph);
    if (after === this.#graph) return;
    const at = this.#now();
    const last = this.#past.at(-1);
    const merges = command.merge && last?.merge === command.merge && at - last.at < MERGE_WITHIN_MS;
    if (merges) last.at = at;
    else this.#past.push({ name: command.name, before: this.#graph, merge: command.merge, at });
    this.#future = [];
    this.#show(after);
  }

  undo() {
    const last = this.#past.pop();
    if (!last) return;
    this.#future.push({ name: last.name, after: this.#graph });
    const before = this.#past.at(-1);
    if (before) before.merge = undefined;
    this.#show(last.before);
  }

  redo() {
    const next = this.#future.pop();
    if (!next) return;
    this.#past.push({ name: next.name, before: this.#graph, merge: undefined, at: 0 });
    this.#show(next.after);
  }

  /** Takes another graph in place of this one, as a step that can be undone. @param {Graph} graph @param {string} name */
  replace(graph, name) {
    this.apply({ name, apply: () => graph });
  }

  /** @param {Graph} graph */
  #show(graph) {
    this.#graph = graph;
    this.dispatchEvent(new Event('change'));
  }
}
