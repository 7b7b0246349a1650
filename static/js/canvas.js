/**
 * The wiring canvas: React Flow drawn from the store. The only file that knows React; `h()` stands for JSX.
 *
 * @import { Edge, EdgeChange, EdgeProps, Node as FlowNode, NodeChange, NodeProps, ReactFlowInstance } from '@xyflow/react'
 * @import { Kind, Node, Problem, Wire } from './types.js'
 * @import { Workbench } from './workbench.js'
 */

import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  Controls,
  getBezierPath,
  Handle,
  MiniMap,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { createElement as h, memo, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { addWire, move, remove } from './commands.js';
import { liveWire, nameOf, wireId } from './graph.js';
import { watchNode, watchWire } from './picture.js';
import { inWords, problemWith } from './rules.js';
import { STILL } from './screen.js';

export const NODE_WIDTH = 204;
export const NODE_HEIGHT = 104;
const STRAND_GAP = 4;
const ARROW_LENGTH = 8;
const ARROW_WIDTH = 9;
const FAR_ZOOM = 0.5;
const FARTHEST_ZOOM = 0.22;
const CROWD = 30;

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
      if (event.key !== 'Enter' && event.key !== ' ') return;
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

const NodeBox = memo((/** @type {NodeProps<CanvasNode>} */ { data }) => {
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
const WireLine = memo((/** @type {EdgeProps<CanvasWire>} */ props) => {
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

const nodeTypes = { node: NodeBox };
const edgeTypes = { wire: WireLine };

/** @type {WeakMap<Node, Map<string, CanvasNode>>} */
const drawnNodes = new WeakMap();

/** The same value for the same node and problem, so that React leaves alone what has not changed. @param {Node} node @param {Kind | undefined} kind @param {string} problem @param {string} prefix @returns {CanvasNode} */
function drawnNode(node, kind, problem, prefix) {
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
function drawnWire({ view, catalogue }, wire, problems) {
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
    domAttributes: /** @type {Edge['domAttributes']} */ ({ 'data-wire': live }),
    data: { label, live, problem: problems.get(live) ?? '' },
  };
}

/** What is wrong, by node or wire; what is wrong inside of a team, by the team. @param {Problem[]} problems @param {'node' | 'wire'} end @param {string} prefix @returns {Map<string, string>} */
function sentences(problems, end, prefix) {
  const said = new Map();
  for (const problem of problems) {
    const full = problem[end];
    if (full?.startsWith(prefix) && (end === 'node' || !problem.node)) {
      const id = end === 'wire' ? full : full.slice(prefix.length).split('/')[0];
      said.set(id, [said.get(id), `${problem.message} ${problem.hint}`].filter(Boolean).join('\n'));
    }
  }
  return said;
}

/** The wire that a connection would be. @param {Workbench} bench @param {{ source: string, target: string, targetHandle?: string | null }} ends @returns {Wire} */
function wireOf(bench, { source, target, targetHandle }) {
  const kind = bench.catalogue[bench.view.graph.nodes.find((node) => node.id === target)?.kind ?? ''];
  const usual = kind?.ports.inputs[0]?.name;
  return { source, target, ...(targetHandle && targetHandle !== usual ? { target_port: targetHandle } : {}) };
}

/** @param {{ bench: Workbench }} properties */
function Canvas({ bench }) {
  const graph = useSyncExternalStore(bench.onGraph, () => bench.view.graph);
  const problems = useSyncExternalStore(bench.onProblems, () => bench.problems);
  const [nodes, setNodes] = useState(/** @type {CanvasNode[]} */ ([]));
  const [wires, setWires] = useState(/** @type {CanvasWire[]} */ ([]));
  const flow = useReactFlow();

  useEffect(() => {
    const { prefix } = bench.view;
    const atNodes = sentences(problems, 'node', prefix);
    const atWires = sentences(problems, 'wire', prefix);
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return graph.nodes.map((node) => {
        const drawn = drawnNode(node, bench.catalogue[node.kind], atNodes.get(node.id) ?? '', prefix);
        const { selected, measured } = known.get(node.id) ?? {};
        return { ...drawn, ...(selected !== undefined && { selected }), ...(measured && { measured }) };
      });
    });
    setWires((before) => {
      const selected = new Set(before.filter((wire) => wire.selected).map((wire) => wire.id));
      return graph.wires.map((wire) => {
        const drawn = drawnWire(bench, wire, atWires);
        return { ...drawn, selected: selected.has(drawn.id) };
      });
    });
  }, [graph, problems, bench]);

  useEffect(() => bench.canvasIsReady(handlesOf(flow, setNodes)), [bench, flow]);

  return h(
    ReactFlow,
    {
      nodes,
      edges: wires,
      nodeTypes,
      edgeTypes,
      minZoom: 0.08,
      maxZoom: 2,
      fitView: true,
      fitViewOptions: { padding: 0.12, maxZoom: 1.1 },
      onlyRenderVisibleElements: graph.nodes.length > CROWD * 2,
      deleteKeyCode: ['Delete', 'Backspace'],
      multiSelectionKeyCode: ['Shift', 'Meta', 'Control'],
      ariaLabelConfig: {
        'node.a11yDescription.default':
          'Press Enter to select, arrow keys to move, Delete to remove, Tab to reach its ports, Escape to leave.',
        'edge.a11yDescription.default': 'Press Enter to select, Delete to remove, Escape to leave.',
      },
      proOptions: { hideAttribution: false },
      onNodesChange: (changes) => {
        const kept = /** @type {NodeChange<CanvasNode>[]} */ (changes.filter((change) => change.type !== 'remove'));
        setNodes((before) => applyNodeChanges(kept, before));
        const places = Object.fromEntries(
          changes.flatMap((change) =>
            change.type === 'position' && change.position && change.dragging === false
              ? [[change.id, rounded(change.position)]]
              : [],
          ),
        );
        if (Object.keys(places).length) bench.view.apply(move(bench.view.graph, places));
      },
      onEdgesChange: (changes) => {
        const kept = /** @type {EdgeChange<CanvasWire>[]} */ (changes.filter((change) => change.type !== 'remove'));
        setWires((before) => applyEdgeChanges(kept, before));
      },
      onDelete: ({ nodes: gone, edges: cut }) =>
        bench.view.apply(
          remove(
            bench.view.graph,
            gone.map((node) => node.id),
            cut.map((wire) => wire.id),
          ),
        ),
      isValidConnection: (ends) => problemWith(bench.view.graph, bench.catalogue, wireOf(bench, ends)) === null,
      onConnect: (ends) => bench.view.apply(addWire(bench.view.graph, wireOf(bench, ends))),
      onConnectEnd: (_, state) => {
        if (!state.fromNode || !state.toNode || state.isValid) return;
        const [from, to] =
          state.fromHandle?.type === 'source' ? [state.fromNode, state.toNode] : [state.toNode, state.fromNode];
        const handle = state.fromHandle?.type === 'source' ? state.toHandle : state.fromHandle;
        const code = problemWith(
          bench.view.graph,
          bench.catalogue,
          wireOf(bench, { source: from.id, target: to.id, targetHandle: handle?.id ?? null }),
        );
        if (code) bench.say(inWords(code));
      },
      onNodeDoubleClick: (_, { id }) => bench.open(id),
      zoomOnDoubleClick: false,
      onSelectionChange: ({ nodes: chosen, edges: cut }) =>
        bench.select(
          chosen.map((node) => node.id),
          cut.map((wire) => wire.id),
        ),
      onNodeClick: (_, node) => bench.lookAt(node.id),
      onEdgeMouseEnter: (event, wire) => bench.pointAtWire(wire.id, event),
      onEdgeMouseMove: (event, wire) => bench.pointAtWire(wire.id, event),
      onEdgeMouseLeave: () => bench.pointAtWire(null, null),
      onMove: (_, { zoom }) => showFar(bench.region, zoom),
      onDragOver: (event) => event.preventDefault(),
      onDrop: (event) => {
        const kind = event.dataTransfer.getData('text/kind');
        if (!kind) return;
        event.preventDefault();
        const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        bench.add(kind, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 });
      },
    },
    h(Background, { gap: 20 }),
    h(Controls, { showInteractive: false }),
    graph.nodes.length > CROWD
      ? h(MiniMap, {
          pannable: true,
          zoomable: true,
          ariaLabel: 'Overview of the graph',
          nodeColor: ({ data }) => `var(--family-${/** @type {NodeData} */ (data).kind?.family ?? 'unknown'})`,
        })
      : null,
  );
}

/** From afar there is less to see: names and results, at last only wires. @param {HTMLElement} region @param {number} zoom */
function showFar(region, zoom) {
  const far = zoom < FARTHEST_ZOOM ? 'most' : zoom < FAR_ZOOM ? 'some' : undefined;
  if (region.dataset.far === far) return;
  if (far) region.dataset.far = far;
  else delete region.dataset.far;
}

/** @param {import('./types.js').Position} position */
const rounded = ({ x, y }) => ({ x: Math.round(x), y: Math.round(y) });

/**
 * What the rest of the page may ask of the canvas.
 *
 * @param {ReactFlowInstance} flow
 * @param {(change: (before: CanvasNode[]) => CanvasNode[]) => void} setNodes
 */
const handlesOf = (flow, setNodes) => ({
  /** The middle of what is seen, in the graph's own measure. */
  middle: () => {
    const box = /** @type {HTMLElement} */ (document.querySelector('.react-flow')).getBoundingClientRect();
    const centre = flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    return { x: centre.x - NODE_WIDTH / 2, y: centre.y - NODE_HEIGHT / 2 };
  },
  /** Shows the whole graph if a new node there would be hidden, or partly. @param {import('./types.js').Position} place */
  uncover: (place) => {
    const box = /** @type {HTMLElement} */ (document.querySelector('.react-flow')).getBoundingClientRect();
    const from = flow.flowToScreenPosition(place);
    const to = flow.flowToScreenPosition({ x: place.x + NODE_WIDTH, y: place.y + NODE_HEIGHT });
    const seen = from.x >= box.left && from.y >= box.top && to.x <= box.right && to.y <= box.bottom;
    if (!seen) flow.fitView({ padding: 0.12, maxZoom: 1.1 });
  },
  /** Shows the whole graph, or one node of it. @param {string} [id] */
  fit: (id) => {
    const duration = STILL.matches ? 0 : 200;
    flow.fitView({ padding: 0.12, maxZoom: 1.1, duration, ...(id && { nodes: [{ id }] }) });
  },
  /** Selects these nodes and nothing else. @param {readonly string[]} ids */
  choose: (ids) => {
    setNodes((before) => before.map((node) => ({ ...node, selected: ids.includes(node.id) })));
  },
});

/** @typedef {ReturnType<typeof handlesOf>} CanvasHandles */

/** Draws the canvas into the bench's region. @param {Workbench} bench */
export function mountCanvas(bench) {
  createRoot(bench.region).render(h(ReactFlowProvider, null, h(Canvas, { bench })));
}
