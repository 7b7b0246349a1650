/**
 * The newest losses in words and figures, beside the curve; at the pointer's point while it is on the curve.
 *
 * @import { SeriesPoint } from './types.js'
 */

import { short } from './format.js';

export class LossList {
  #host;
  /** @type {SeriesPoint | null} */
  #newest = null;
  /** @type {SeriesPoint | null} */
  #pointed = null;

  /** @param {HTMLElement} host @param {HTMLElement} curve */
  constructor(host, curve) {
    this.#host = host;
    curve.addEventListener('curve:point', (event) => {
      this.#pointed = /** @type {CustomEvent<SeriesPoint | null>} */ (event).detail;
      this.#draw();
    });
  }

  /** @param {{ id: string, name: string }[]} estimates */
  reset(estimates) {
    this.#newest = this.#pointed = null;
    const rows = estimates.map(({ id, name }, place) => {
      const row = document.createElement('li');
      row.dataset.loss = id;
      row.dataset.series = String((place % 8) + 1);
      row.append(part('loss-name', name), figure('train', 'learning'), figure('holdout', 'held out'));
      return row;
    });
    this.#host.replaceChildren(heads(), ...rows);
  }

  /** @param {SeriesPoint} point */
  show(point) {
    this.#newest = point;
    this.#draw();
  }

  #draw() {
    const point = this.#pointed ?? this.#newest;
    if (!point) return;
    for (const row of this.#host.children) {
      const [train, holdout] = point[2][/** @type {HTMLElement} */ (row).dataset.loss ?? ''] ?? [null, null];
      set(row, 'train', train);
      set(row, 'holdout', holdout);
    }
  }
}

/** @param {string} name @param {string} text */
function part(name, text) {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  return element;
}

/** What the figures are, for those who see them in columns. */
function heads() {
  const row = document.createElement('li');
  row.className = 'losses-head';
  row.ariaHidden = 'true';
  row.append(part('loss-name', ''), part('loss-value', 'learning'), part('loss-value', 'held out'));
  return row;
}

/** @param {string} split @param {string} label for those who hear the figure */
function figure(split, label) {
  const element = part('loss-value', '');
  const value = document.createElement('span');
  value.dataset.split = split;
  value.textContent = '–';
  element.append(part('hidden', label), value);
  return element;
}

/** @param {Element} row @param {string} split @param {number | null} loss */
function set(row, split, loss) {
  const element = row.querySelector(`[data-split="${split}"]`);
  const text = short(loss);
  if (element && element.textContent !== text) element.textContent = text;
}
