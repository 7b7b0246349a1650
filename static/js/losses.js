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
    this.#host.removeAttribute('data-holdout');
    const rows = estimates.map(({ id, name }, place) => {
      const row = document.createElement('li');
      row.dataset.loss = id;
      row.dataset.series = String((place % 8) + 1);
      row.append(
        part('loss-name', name),
        figure('train', 'learning'),
        figure('holdout', 'held out'),
        figure('alone', 'one number'),
      );
      return row;
    });
    this.#host.replaceChildren(heads(), ...rows);
  }

  /** What the best single number for all rows would lose: the yardstick. @param {Record<string, { train: number, holdout: number | null }>} losses */
  compare(losses) {
    for (const row of this.#host.children) {
      const { train, holdout } = losses[/** @type {HTMLElement} */ (row).dataset.loss ?? ''] ?? {};
      set(row, 'alone', holdout ?? train ?? null);
    }
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
      if (holdout !== null) this.#host.dataset.holdout = 'true';
    }
  }
}

/** @param {string} name @param {string} text */
function part(name, text) {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  if (name === 'loss-name') element.title = text;
  return element;
}

/** What the figures are, for those who see them in columns. */
function heads() {
  const row = document.createElement('li');
  row.className = 'losses-head';
  row.ariaHidden = 'true';
  const alone = part('loss-value', 'one number');
  alone.title = 'What the best single number for all rows would lose: a team that learnt something does better';
  alone.dataset.of = 'alone';
  const holdout = part('loss-value', 'held out');
  holdout.title = 'On rows that it does not learn from';
  holdout.dataset.of = 'holdout';
  row.append(part('loss-name', ''), part('loss-value', 'learning'), holdout, alone);
  return row;
}

/** @param {string} split @param {string} label for those who hear the figure */
function figure(split, label) {
  const element = part('loss-value', '');
  element.dataset.of = split;
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
