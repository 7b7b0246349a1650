/**
 * Writes the newest readings straight into the nodes and wires on the canvas, once an animation frame, and only what
 * has changed. React draws these elements once and knows nothing of what stands in them.
 *
 * @import { Histogram, NodeReading, Reading, WireReading } from './types.js'
 */

import { fading, percent, short, typical } from './format.js';

const BARS_WIDTH = 84;
const BARS_HEIGHT = 22;
const CLASSES = 7;

/** @typedef {{ texts: Map<string, HTMLElement>, bars: SVGPathElement | null, share: HTMLElement | null, root: HTMLElement }} NodeView */

/** @type {Map<string, NodeView>} */
const nodes = new Map();
/** @type {Map<string, Element>} */
const wires = new Map();
/** @type {Reading | null} */
let newest = null;
let asked = 0;
const listeners = new Set();

/** The reading that the picture shows; null before the first. */
export const shown = () => newest;

/** Calls back after each picture that was drawn. @param {(reading: Reading) => void} listener */
export function onDrawn(listener) {
  listeners.add(listener);
}

/** Takes a reading to be shown with the next frame; the newest wins. @param {Reading | null} reading */
export function show(reading) {
  newest = reading;
  if (!asked) asked = requestAnimationFrame(draw);
}

/** A node's element has come; gives back what to call when it goes. @param {string} id @param {HTMLElement} root */
export function watchNode(id, root) {
  const texts = new Map();
  for (const element of root.querySelectorAll('[data-reading]')) {
    texts.set(/** @type {HTMLElement} */ (element).dataset.reading ?? '', element);
  }
  nodes.set(id, { texts, bars: root.querySelector('.node-bars path'), share: root.querySelector('.node-share'), root });
  if (newest) drawNode(id, newest.nodes[id]);
  return () => {
    nodes.delete(id);
  };
}

/** The same for a wire's group of strands. @param {string} id @param {Element} root */
export function watchWire(id, root) {
  wires.set(id, root);
  if (newest) drawWire(id, root, newest, scales(newest));
  return () => {
    wires.delete(id);
  };
}

function draw() {
  asked = 0;
  const reading = newest;
  const scale = reading ? scales(reading) : { result: 1, size: 1 };
  for (const id of nodes.keys()) drawNode(id, reading?.nodes[id]);
  for (const [id, root] of wires) drawWire(id, root, reading, scale);
  if (reading) for (const listener of listeners) listener(reading);
}

/** @param {string} id @param {NodeReading | undefined} reading */
function drawNode(id, reading) {
  const view = nodes.get(id);
  if (!view) return;
  write(view, 'result', short(reading?.result.mean));
  write(view, 'feedback-in', fading(typical(reading?.re_result)));
  write(view, 'feedback-out', fading(typical(reading?.re_task)));
  write(view, 'wins', reading?.wins === undefined ? '' : `won ${percent(reading.wins)}`);
  if (view.bars) attribute(view.bars, 'd', bars(reading?.result.histogram));
  if (view.share) {
    const transform = `scaleX(${reading?.wins ?? 0})`;
    if (view.share.style.transform !== transform) view.share.style.transform = transform;
  }
  attribute(view.root, 'data-quiet', reading ? 'false' : 'true');
  attribute(view.root, 'data-idle', reading?.wins === 0 ? 'true' : 'false');
}

/** @param {NodeView} view @param {string} name @param {string} text */
function write(view, name, text) {
  const element = view.texts.get(name);
  if (element && element.textContent !== text) element.textContent = text;
}

/** @param {Histogram | undefined} histogram */
function bars(histogram) {
  if (!histogram) return '';
  const { counts } = histogram;
  const most = Math.max(...counts, 1);
  const width = BARS_WIDTH / counts.length;
  let path = '';
  counts.forEach((count, place) => {
    const height = (count / most) * BARS_HEIGHT;
    if (height)
      path += `M${(place * width).toFixed(1)} ${BARS_HEIGHT}v-${height.toFixed(1)}h${(width - 1).toFixed(1)}V${BARS_HEIGHT}z`;
  });
  return path;
}

/** @param {string} id @param {Element} root @param {Reading | null} reading @param {{ result: number, size: number }} scale */
function drawWire(id, root, reading, scale) {
  const wire = reading?.wires[id];
  attribute(root, 'data-value', quantised(reading ? carried(reading, id) : 0, scale.result));
  attribute(root, 'data-feedback', quantised(Math.sqrt(wire?.size ?? 0), Math.sqrt(scale.size)));
  attribute(root, 'data-sign', wire ? sign(wire) : 'none');
}

/** The typical size of what a wire carries: the mean alone is nothing where a column is standardised. @param {Reading} reading @param {string} id */
const carried = (reading, id) =>
  typical(reading.nodes[id.split('->')[0] ?? '']?.result) ?? Math.abs(reading.wires[id]?.result ?? 0);

/** Feedback above zero says that the estimate was too high. @param {WireReading} reading */
function sign({ feedback, size }) {
  if (!size || feedback === null) return 'none';
  const lean = feedback / size;
  return lean > 0.2 ? 'high' : lean < -0.2 ? 'low' : 'mixed';
}

/** The largest value and feedback on any wire: what the widths are measured by. @param {Reading} reading */
function scales(reading) {
  let result = 0;
  let size = 0;
  for (const [id, wire] of Object.entries(reading.wires)) {
    result = Math.max(result, carried(reading, id));
    size = Math.max(size, wire.size ?? 0);
  }
  most = Math.max(size, most * 0.995);
  return { result, size: most };
}

/** The largest feedback lately: it fades, so that wires are seen to grow thin as the feedback dies away. */
let most = 0;

/** @param {number} value @param {number} scale */
function quantised(value, scale) {
  if (!(value > 0) || !(scale > 0)) return '0';
  return String(Math.min(CLASSES, 1 + Math.floor((value / scale) * CLASSES)));
}

/** @param {Element} element @param {string} name @param {string} value */
function attribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Forgets the run that was shown. */
export function clear() {
  most = 0;
  show(null);
}
