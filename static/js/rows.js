/**
 * The essay's table: for some rows what the team submits, the target, each worker's estimate and what the row says;
 * winners are marked.
 *
 * @import { Catalogue, Graph, Reading, Told } from './types.js'
 */

import { cell, full, percent } from './format.js';
import { nameOf } from './graph.js';

const MOST_COLUMNS = 5;
const MOST_WORKERS = 16;
/** Whose results are estimates of the target: the families of kinds. */
const ESTIMATORS = new Set(['worker', 'team']);

/** @typedef {{ estimate: string, workers: string[], follows: boolean }} Group */

export class RowsTable {
  #table;
  #catalogue;
  /** @type {Graph | null} */
  #graph = null;
  /** @type {string[]} */
  #features = [];
  /** @type {Map<number, Record<string, unknown>>} */
  #known = new Map();
  #shape = '';
  /** @type {Map<string, HTMLTableCellElement>} */
  #cells = new Map();

  /** @param {HTMLTableElement} table @param {Catalogue} catalogue */
  constructor(table, catalogue) {
    this.#table = table;
    this.#catalogue = catalogue;
  }

  /** Says whose rows these are. @param {Graph} graph @param {string[]} features the table's columns that are not targets */
  reset(graph, features) {
    this.#graph = graph;
    this.#features = features.slice(0, MOST_COLUMNS);
    this.#shape = '';
    this.#cells.clear();
    this.#table.tBodies[0]?.replaceChildren();
    this.#table.tHead?.replaceChildren();
  }

  /** The values of the table's own columns. @param {Map<number, Record<string, unknown>>} rows by row number */
  know(rows) {
    this.#known = rows;
    this.#shape = '';
  }

  /** @param {Reading} reading */
  show(reading) {
    const { rows, results, answers, targets, winners } = reading.rows;
    if (!this.#graph || !rows?.length) return;
    const groups = this.#groups(reading);
    const shape = JSON.stringify([rows, groups, this.#known.size]);
    if (shape !== this.#shape) this.#build(rows, groups);
    this.#shape = shape;
    const won = winnersByRow(winners, rows.length);
    rows.forEach((row, place) => {
      for (const { estimate, workers, follows } of groups) {
        for (const worker of workers) {
          const result = results[worker]?.[place] ?? Number.NaN;
          this.#write(`${row} ${estimate} ${worker}`, full(result), won[place]?.has(worker));
        }
        const { values, chances } = answers[estimate] ?? { values: [], chances: [] };
        this.#write(`${row} ${estimate} output`, told(values[place], chances[place]));
        if (follows) this.#write(`${row} ${estimate} target`, told(targets[estimate]?.[place]));
      }
    });
  }

  /**
   * By estimate, the workers behind it whose results are told, and whether its target follows: where the next
   * estimate has the same one, it follows that. @param {Reading} reading @returns {Group[]}
   */
  #groups(reading) {
    const graph = /** @type {Graph} */ (this.#graph);
    const { results, targets } = reading.rows;
    const estimates = Object.keys(targets);
    return estimates.map((estimate, place) => {
      const behind = upstream(graph, estimate);
      const workers = graph.nodes.filter(
        (node) => behind.has(node.id) && results[node.id] && ESTIMATORS.has(this.#catalogue[node.kind]?.family ?? ''),
      );
      const next = estimates[place + 1];
      const follows = !next || String(targets[next]) !== String(targets[estimate]);
      return { estimate, workers: workers.slice(0, MOST_WORKERS).map((node) => node.id), follows };
    });
  }

  /** @param {number[]} rows @param {Group[]} groups */
  #build(rows, groups) {
    const graph = /** @type {Graph} */ (this.#graph);
    this.#cells.clear();
    const heads = [heading('Row', 'row-number')];
    for (const { estimate, workers, follows } of groups) {
      heads.push(heading(nameOf(graph, estimate), 'row-output'));
      if (follows) heads.push(heading('Target', 'row-target'));
      for (const worker of workers) heads.push(heading(nameOf(graph, worker), 'row-worker'));
    }
    for (const feature of this.#features) heads.push(heading(feature, this.#look(feature)));
    const head = document.createElement('tr');
    head.append(...heads);
    this.#table.tHead?.replaceChildren(head);
    this.#table.tBodies[0]?.replaceChildren(...rows.map((row) => this.#line(row, groups)));
  }

  /** @param {number} row @param {Group[]} groups */
  #line(row, groups) {
    const line = document.createElement('tr');
    const number = document.createElement('th');
    number.scope = 'row';
    number.textContent = String(row + 1);
    line.append(number);
    for (const { estimate, workers, follows } of groups) {
      for (const worker of ['output', ...(follows ? ['target'] : []), ...workers]) {
        const value = document.createElement('td');
        value.className = worker === 'output' ? 'row-output' : worker === 'target' ? 'row-target' : 'row-worker';
        this.#cells.set(`${row} ${estimate} ${worker}`, value);
        line.append(value);
      }
    }
    for (const feature of this.#features) {
      const value = document.createElement('td');
      value.className = this.#look(feature);
      value.textContent = cell(this.#known.get(row)?.[feature]);
      line.append(value);
    }
    return line;
  }

  /** The class of a feature's cells: texts begin at the left. @param {string} feature */
  #look(feature) {
    const isText = [...this.#known.values()].some((row) => typeof row[feature] === 'string');
    return isText ? 'row-feature row-text' : 'row-feature';
  }

  /** @param {string} place @param {string} text @param {boolean} [won] */
  #write(place, text, won = false) {
    const element = this.#cells.get(place);
    if (!element) return;
    if (element.textContent !== text) element.textContent = text;
    if (won !== (element.dataset.won === 'true')) {
      element.dataset.won = String(won);
      element.title = won ? 'This worker won the row' : '';
    }
  }
}

/** A number, or a class or yes or no with its chance. @param {Told | undefined} value @param {number} [chance] */
function told(value, chance) {
  if (typeof value === 'number') return full(value);
  return chance === undefined ? cell(value) : `${cell(value)} ${percent(chance)}`;
}

/** @param {string} text @param {string} name */
function heading(text, name) {
  const element = document.createElement('th');
  element.scope = 'col';
  element.className = name;
  element.title = text;
  element.textContent = text;
  return element;
}

/** @param {Record<string, string[]>} winners @param {number} count @returns {Set<string>[]} */
function winnersByRow(winners, count) {
  const found = Array.from({ length: count }, () => new Set());
  for (const names of Object.values(winners)) {
    for (const [place, name] of names.entries()) found[place]?.add(name);
  }
  return /** @type {Set<string>[]} */ (found);
}

/** Every node whose work reaches this one. @param {Graph} graph @param {string} id */
function upstream(graph, id) {
  const found = new Set();
  const todo = [id];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const wire of graph.wires) {
      if (wire.target === node && !found.has(wire.source)) {
        found.add(wire.source);
        todo.push(wire.source);
      }
    }
  }
  return found;
}
