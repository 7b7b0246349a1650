/**
 * How a node and a wire look on the canvas, and which React Flow is given; `h()` stands for JSX.
 *
 * @import { Edge, EdgeProps, Node as FlowNode, NodeProps } from '@xyflow/react'
 * @import { Kind, Node, Wire } from './types.js'
 * @import { Workbench } from './workbench.js'
 */

import { getBezierPath, Handle, Position } from '@xyflow/react';
import { createElement as h, memo, useCallback } from 'react';
import { liveWire, nameOf, wireId } from './graph.js';
import { watchNode, watchWire } from './picture.js';

export const NODE_WIDTH = 204;
export const NODE_HEIGHT = 104;
const STRAND_GAP = 4;
const ARROW_LENGTH = 8;
const ARROW_WIDTH = 9;

/** @typedef {{ node: Node, kind: Kind | undefined, problem: string, live: string }} NodeData `live` is the id that readings go by */
/** @typedef {FlowNode<NodeData & Record<string, unknown>>} CanvasNode */
/** @typedef {{ label: string, problem: string, live: string }} WireData */
/** @typedef {Edge<WireData & Record<string, unknown>>} CanvasWire */

/** One port, that the mouse drags from and that Enter wires from and to. @param {{ side: 'source' | 'target', id: string, top: string, label: string }} port */
const PortHandle = ({ side, id, top, label }) =>
  h(Handle, {
    type: side,
    id,
    position: side === 'source' ? Position.Right : Position.Left,
    style: { top },
    className: 'port',
    role: 'button',
    tabIndex: 0,
    'aria-label': label,
    onKeyDown: (event) => {
      if ((event.key !== 'Enter' && event.key !== ' ') || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      event.currentTarget.click();
    },
  });

/**
 * One way of the feedback: what comes back to the result stands at the output, what goes back at the input.
 *
 * @param {{ way: 'in' | 'out', hint: string, hidden?: boolean }} reading
 */
const FeedbackReading = ({ way, hint, hidden = false }) =>
  h(
    'span',
    { className: `node-feedback node-feedback-${way}`, title: hint, hidden },
    h('span', { className: 'node-arrow', 'aria-hidden': true }, '←'),
    h('span', { className: 'hidden' }, `feedback ${way} `),
    h('span', { 'data-reading': `feedback-${way}` }, '–'),
  );

export const NodeBox = memo((/** @type {NodeProps<CanvasNode>} */ { data }) => {
  const { node, kind, problem, live } = data;
  const watched = useCallback(
    (/** @type {HTMLDivElement | null} */ element) => (element ? watchNode(live, element) : undefined),
    [live],
  );
  const inputs = kind?.ports.inputs ?? [];
  return h(
    'div',
    {
      className: 'node',
      ref: watched,
      'data-family': kind?.family ?? 'unknown',
      'data-problem': problem ? 'true' : 'false',
      'data-quiet': 'true',
    },
    h(
      'div',
      { className: 'node-head' },
      h('span', { className: 'node-name', title: node.name }, node.name),
      h('span', { className: 'node-kind' }, kind?.title ?? node.kind),
    ),
    problem &&
      h('span', { className: 'node-problem', title: problem }, '!', h('span', { className: 'hidden' }, problem)),
    h(
      'div',
      { className: 'node-middle' },
      h('svg', { className: 'node-bars', viewBox: '0 0 84 22', 'aria-hidden': true }, h('path')),
      h('span', { className: 'node-formula', title: 'Its result as a formula' }, kind?.formula ?? ''),
      h('span', { className: 'node-result', 'data-reading': 'result', title: 'Mean result over the rows shown' }, '–'),
    ),
    h(
      'div',
      { className: 'node-back' },
      h(FeedbackReading, {
        way: 'out',
        hint: 'Typical size of the feedback that it gives on its input',
        hidden: !inputs.length,
      }),
      h('span', { className: 'node-wins', 'data-reading': 'wins', title: 'Share of the rows that it won' }),
      h(FeedbackReading, { way: 'in', hint: 'Typical size of the feedback that it gets on its result' }),
    ),
    h('div', { className: 'node-share', 'aria-hidden': true }),
    inputs.map((port, place) =>
      h(PortHandle, {
        key: port.name,
        side: 'target',
        id: port.name,
        top: `${((place + 1) * 100) / (inputs.length + 1)}%`,
        label: inputs.length > 1 ? `input ${port.name} of ${node.name}` : `input of ${node.name}`,
      }),
    ),
    kind?.ports.outputs.length
      ? h(PortHandle, { side: 'source', id: 'result', top: '50%', label: `output of ${node.name}` })
      : null,
  );
});

/** Two strands: the value runs right on the upper, the feedback back on the lower; each has its arrow where it ends. */
export const WireLine = memo((/** @type {EdgeProps<CanvasWire>} */ props) => {
  const { data, sourceX, sourceY, targetX, targetY } = props;
  const live = data?.live ?? props.id;
  const watched = useCallback(
    (/** @type {SVGGElement | null} */ element) => (element ? watchWire(live, element) : undefined),
    [live],
  );
  const [middle] = getBezierPath(props);
  const [value] = getBezierPath({
    ...props,
    sourceY: sourceY - STRAND_GAP,
    targetX: targetX - ARROW_LENGTH + 1,
    targetY: targetY - STRAND_GAP,
  });
  const [feedback] = getBezierPath({
    ...props,
    sourceX: sourceX + ARROW_LENGTH - 1,
    sourceY: sourceY + STRAND_GAP,
    targetY: targetY + STRAND_GAP,
  });
  return h(
    'g',
    { className: 'wire', ref: watched, 'data-problem': data?.problem ? 'true' : 'false' },
    h(
      'path',
      { d: middle, className: 'react-flow__edge-interaction wire-reach' },
      data?.problem && h('title', null, data.problem),
    ),
    h('path', { d: value, className: 'wire-value' }),
    h('path', { d: arrow(targetX, targetY - STRAND_GAP, -1), className: 'wire-arrow-value' }),
    h('path', { d: feedback, className: 'wire-feedback' }),
    h('path', { d: arrow(sourceX, sourceY + STRAND_GAP, 1), className: 'wire-arrow-feedback' }),
  );
});

/** A triangle with its tip here and the rest to one side. @param {number} x @param {number} y @param {1 | -1} side */
const arrow = (x, y, side) => `M${x} ${y}l${side * ARROW_LENGTH} ${-ARROW_WIDTH / 2}v${ARROW_WIDTH}z`;

/** @type {WeakMap<Node, Map<string, CanvasNode>>} */
const drawnNodes = new WeakMap();

/** The same value for the same node and problem, so that React leaves alone what has not changed. @param {Node} node @param {Kind | undefined} kind @param {string} problem @param {string} prefix @returns {CanvasNode} */
export function drawnNode(node, kind, problem, prefix) {
  const key = `${prefix} ${problem}`;
  const known = drawnNodes.get(node) ?? new Map();
  drawnNodes.set(node, known);
  const drawn = known.get(key) ?? {
    id: node.id,
    type: 'node',
    position: node.position,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    ariaLabel: node.name,
    domAttributes: { 'data-node': prefix + node.id },
    data: { node, kind, problem, live: prefix + node.id },
  };
  known.set(key, drawn);
  return drawn;
}

/** @param {Workbench} bench @param {Wire} wire @param {Map<string, string>} problems @returns {CanvasWire} */
export function drawnWire({ view, catalogue }, wire, problems) {
  const { graph, prefix } = view;
  const live = liveWire(prefix, wire);
  const kind = catalogue[graph.nodes.find((node) => node.id === wire.target)?.kind ?? ''];
  const label = `wire from ${nameOf(graph, wire.source)} to ${nameOf(graph, wire.target)}`;
  return {
    id: wireId(wire),
    type: 'wire',
    source: wire.source,
    target: wire.target,
    sourceHandle: wire.source_port ?? 'result',
    targetHandle: wire.target_port ?? kind?.ports.inputs[0]?.name ?? null,
    ariaLabel: label,
    ariaRole: 'group',
    focusable: false,
    domAttributes: /** @type {Edge['domAttributes']} */ ({ 'data-wire': live }),
    data: { label, live, problem: problems.get(live) ?? '' },
  };
}
