/**
 * The loss curve, drawn once a frame. The only file that knows uPlot.
 *
 * @import { SeriesPoint } from './types.js'
 */

import Chart from 'uplot';
import { Points } from './points.js';

const COLOURS = 8;
const MOST_LINES = 6;

export class LossCurve {
  #host;
  /** @type {{ id: string, name: string }[]} */
  #estimates;
  #points = new Points();
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

  /** @param {readonly SeriesPoint[]} points */
  add(points) {
    this.#points.add(points);
    this.#soon();
  }

  /** Forgets what came after a step: the run went back to it. @param {number} step */
  rewind(step) {
    this.#points.rewind(step);
    this.#soon();
  }

  /** Starts anew for these estimates. @param {{ id: string, name: string }[]} estimates */
  reset(estimates) {
    this.#points.clear();
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
    if (!this.#chart && this.length) this.#build();
    this.#chart?.setData(this.#data());
  }

  #data() {
    const ids = this.#estimates.map(({ id }) => id);
    return /** @type {Chart.AlignedData} */ (this.#points.columns(ids, this.#logarithmic));
  }

  #rebuild() {
    this.#chart?.destroy();
    this.#chart = null;
    this.#soon();
  }

  #resize() {
    if (this.#chart) this.#chart.setSize(this.#size());
    else if (this.length) this.#soon();
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
        padding: [8, 22, 0, 0],
        scales: { x: { time: false }, y: { distr: this.#logarithmic ? 3 : 1, range: this.#range() } },
        axes: [
          { ...axis, size: 28, space: 70 },
          {
            ...axis,
            size: 52,
            space: 26,
            ...(this.#logarithmic && { splits: (_, __, low, high) => decades(low, high), filter: (_, ticks) => ticks }),
            values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : power(tick))),
          },
        ],
        series: [{ label: 'step' }, ...series],
        hooks: { setCursor: [(chart) => this.#point(chart)] },
      },
      this.#data(),
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

  /** Tells which point the pointer is at. @param {Chart} chart */
  #point(chart) {
    const point = this.#points.at(chart.cursor.idx);
    this.#host.dispatchEvent(new CustomEvent('curve:point', { bubbles: true, detail: point }));
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
