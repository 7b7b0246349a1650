/**
 * Every point of a run's losses, in the order of their steps: none is lost, none comes twice.
 *
 * @import { SeriesPoint } from './types.js'
 */

/** How far below the largest loss the logarithmic axis goes. */
const DECADES = 10;

export class Points {
  /** @type {SeriesPoint[]} */
  #points = [];

  get length() {
    return this.#points.length;
  }

  /** The point at a place of the columns. @param {number | null | undefined} place */
  at(place) {
    return place === null || place === undefined ? null : (this.#points[place] ?? null);
  }

  /** Takes those that are of a later step than all before. @param {readonly SeriesPoint[]} points */
  add(points) {
    let last = this.#points.at(-1)?.[0] ?? -1;
    for (const point of points) {
      if (point[0] <= last) continue;
      this.#points.push(point);
      last = point[0];
    }
  }

  /** Forgets what came after a step: the run went back to it. @param {number} step */
  rewind(step) {
    this.#points = this.#points.filter((point) => point[0] <= step);
  }

  clear() {
    this.#points = [];
  }

  /**
   * As a chart wants them: the steps, then for each estimate its losses on the rows learnt from and on those held out.
   * On a logarithmic axis what is next to nothing lies on the floor, so that the rest can be told apart.
   *
   * @param {readonly string[]} estimates ids
   * @param {boolean} logarithmic
   * @returns {(number | null)[][]}
   */
  columns(estimates, logarithmic) {
    const floor = logarithmic ? this.#largest() / 10 ** DECADES : -Infinity;
    const column = (/** @type {string} */ id, /** @type {0 | 1} */ split) =>
      this.#points.map(([, , losses]) => {
        const loss = losses[id]?.[split] ?? null;
        return loss === null ? null : Math.max(loss, floor);
      });
    return [this.#points.map(([step]) => step), ...estimates.flatMap((id) => [column(id, 0), column(id, 1)])];
  }

  #largest() {
    let largest = 0;
    for (const [, , losses] of this.#points) {
      for (const [train, holdout] of Object.values(losses)) largest = Math.max(largest, train ?? 0, holdout ?? 0);
    }
    return largest || 1;
  }
}
