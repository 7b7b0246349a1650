/**
 * The figures of a wire, beside the pointer: what it carries there, and what comes back.
 *
 * @import { View } from './view.js'
 */

import { fading, percent, short } from './format.js';
import { liveWire, nameOf, wireId } from './graph.js';
import { onDrawn, shown } from './picture.js';

const BESIDE = 14;

/** @param {HTMLElement} tip @param {View} view */
export function mountWireTip(tip, view) {
  /** @type {string | null} */
  let wire = null;
  const draw = () => {
    const { graph } = view;
    const found = wire && graph.wires.find((one) => wireId(one) === wire);
    tip.hidden = !found;
    if (!found) return;
    const reading = shown()?.wires[liveWire(view.prefix, found)];
    const lines = [
      `${nameOf(graph, found.source)} → ${nameOf(graph, found.target)}`,
      `result → ${short(reading?.result)}`,
      `feedback ← ${fading(reading?.feedback)} (size ${fading(reading?.size)})`,
    ];
    if (reading?.wins !== undefined) lines.push(`wins ${percent(reading.wins)} of the rows`);
    tip.replaceChildren(
      ...lines.map((line, place) => {
        const element = document.createElement(place ? 'div' : 'strong');
        element.textContent = line;
        return element;
      }),
    );
  };
  onDrawn(() => wire && draw());

  /** @param {string | null} id @param {{ clientX: number, clientY: number } | null} at */
  return (id, at) => {
    wire = id;
    draw();
    if (!at || tip.hidden) return;
    const left = Math.min(at.clientX + BESIDE, innerWidth - tip.offsetWidth - BESIDE);
    const top = Math.min(at.clientY + BESIDE, innerHeight - tip.offsetHeight - BESIDE);
    tip.style.translate = `${left}px ${top}px`;
  };
}
