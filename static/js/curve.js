/**
 * The loss curve: every point that was ever reported, drawn once a frame. The only file that knows uPlot.
 *
 * @import { SeriesPoint } from './types.js'
 */

import Chart from 'uplot';

const COLOURS = 8;
/** How far below the largest loss the logarithmic axis goes. */
const DECADES = 10;
const MOST_LINES = 6;

export class LossCurve {
  #host;
  /** @type {{ id: string, name: string }[]} */
  #estimates;
  /** @type {SeriesPoint[]} */
  #points = [];
  /** @type {Chart | null} */
  #chart = null;
  #asked = 0;
  #logarithmic = true;

  /** @param {HTMLElement} host @param {{ id: string, name: string }[]} estimates */
  constructor(host, estimates) {
    this.#host = host;
    this.#estimates = estimates;
    new ResizeObserver(() => this.#resize()).observe(host);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#rebuild());
    document.addEventListener('theme', () => this.#rebuild());
  }

  /** How many points the curve has. */
  get length() {
    return this.#points.length;
  }

  /** @param {readonly SeriesPoint[]} points each of a later step than the ones before */
  add(points) {
    const last = this.#points.at(-1)?.[0] ?? -1;
    for (const point of points) if (point[0] > last) this.#points.push(point);
    this.#soon();
  }

  /** Forgets what came after a step: the run went back to it. @param {number} step */
  rewind(step) {
    this.#points = this.#points.filter((point) => point[0] <= step);
    this.#soon();
  }

  /** Starts anew for these estimates. @param {{ id: string, name: string }[]} estimates */
  reset(estimates) {
    this.#points = [];
    this.#estimates = estimates;
    this.#rebuild();
  }

  /** @param {boolean} logarithmic */
  scale(logarithmic) {
    this.#logarithmic = logarithmic;
    this.#rebuild();
  }

  #soon() {
    if (!this.#asked) this.#asked = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#asked = 0;
    if (!this.#chart) this.#build();
    this.#chart?.setData(/** @type {Chart.AlignedData} */ (this.#data()));
  }

  #data() {
    const steps = this.#points.map((point) => point[0]);
    const least = this.#logarithmic ? this.#largest() / 10 ** DECADES : -Infinity;
    const columns = this.#estimates.flatMap(({ id }) =>
      [0, 1].map((split) =>
        this.#points.map((point) => {
          const loss = point[2][id]?.[split] ?? null;
          return loss === null ? null : Math.max(loss, least);
        }),
      ),
    );
    return [steps, ...columns];
  }

  #rebuild() {
    this.#chart?.destroy();
    this.#chart = null;
    this.#soon();
  }

  #resize() {
    this.#chart?.setSize(this.#size());
  }

  #size() {
    return { width: Math.max(120, this.#host.clientWidth), height: Math.max(90, this.#host.clientHeight) };
  }

  #build() {
    if (!this.#host.clientWidth) return;
    const token = (/** @type {string} */ name) => colour(this.#host, name);
    const axis = {
      stroke: token('--muted'),
      grid: { stroke: token('--line'), width: 1 },
      ticks: { stroke: token('--line'), width: 1, size: 4 },
      font: `11px ${getComputedStyle(this.#host).fontFamily}`,
    };
    const series = this.#estimates.flatMap(({ name }, place) => {
      const stroke = token(`--series-${(place % COLOURS) + 1}`);
      return [
        { label: `${name}, learning`, stroke, width: 2, points: { show: false } },
        { label: `${name}, held out`, stroke, width: 1.5, dash: [5, 4], points: { show: false }, spanGaps: true },
      ];
    });
    this.#chart = new Chart(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false } },
        padding: [8, 12, 0, 0],
        scales: { x: { time: false }, y: { distr: this.#logarithmic ? 3 : 1, range: this.#range() } },
        axes: [
          { ...axis, size: 28, space: 70 },
          {
            ...axis,
            size: 52,
            space: 26,
            ...(this.#logarithmic && { splits: (_, __, low, high) => decades(low, high) }),
            values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : power(tick))),
          },
        ],
        series: [{ label: 'step' }, ...series],
        hooks: { setCursor: [(chart) => this.#point(chart)] },
      },
      /** @type {Chart.AlignedData} */ (this.#data()),
      this.#host,
    );
  }

  /** @returns {Chart.Scale.Range} */
  #range() {
    if (!this.#logarithmic) return (_, low, high) => [Math.min(0, low ?? 0), (high ?? 1) * 1.05 || 1];
    return (_, low, high) => [
      10 ** Math.floor(Math.log10(low || 1e-12)),
      10 ** Math.ceil(Math.log10(high || 1) + 0.01),
    ];
  }

  #largest() {
    let largest = 0;
    for (const [, , losses] of this.#points) {
      for (const pair of Object.values(losses)) largest = Math.max(largest, pair[0] ?? 0, pair[1] ?? 0);
    }
    return largest || 1;
  }

  /** Tells which point the pointer is at. @param {Chart} chart */
  #point(chart) {
    const place = chart.cursor.idx;
    const point = place === null || place === undefined ? null : this.#points[place];
    this.#host.dispatchEvent(new CustomEvent('curve:point', { bubbles: true, detail: point ?? null }));
  }
}

/** Powers of ten between two numbers, not too many of them. @param {number} low @param {number} high */
function decades(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first) / MOST_LINES));
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, place) => 10 ** (first + place * every));
}

/** A colour of the style sheet as a canvas can take it. @param {HTMLElement} host @param {string} name */
function colour(host, name) {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/** @param {number} value */
function power(value) {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5))
    return value.toExponential(0).replace('e+', 'e');
  return String(Number(value.toPrecision(3)));
}
