/**
 * The wiring canvas: React Flow drawn from the store, and what gestures come to. Beside `drawn.js` the only file that
 * knows React; `h()` stands for JSX.
 *
 * @import { EdgeChange, NodeChange, ReactFlowInstance } from '@xyflow/react'
 * @import { Box } from './clearing.js'
 * @import { CanvasNode, CanvasWire, NodeData } from './drawn.js'
 * @import { Problem, Wire } from './types.js'
 * @import { Workbench } from './workbench.js'
 */

import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { tell } from './canvas_note.js';
import { meet, roomBeside, wayClear } from './clearing.js';
import { addWire, move, remove } from './commands.js';
import { drawnNode, drawnWire, NODE_HEIGHT, NODE_WIDTH, NodeBox, WireLine } from './drawn.js';
import { inWords, problemWith } from './rules.js';
import { STILL } from './screen.js';

const FAR_ZOOM = 0.5;
const FARTHEST_ZOOM = 0.22;
const CROWD = 30;

const nodeTypes = { node: NodeBox };
const edgeTypes = { wire: WireLine };

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
  /** Why the wire that was tried last may not be laid. */
  const refused = useRef(/** @type {string | null} */ (null));
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
      const known = new Map(before.map((wire) => [wire.id, wire]));
      return graph.wires.map((wire) => {
        const drawn = drawnWire(bench, wire, atWires);
        const { selected = false, focusable = false } = known.get(drawn.id) ?? {};
        return { ...drawn, selected, focusable };
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
      minZoom: 0.03,
      maxZoom: 2,
      fitView: true,
      fitViewOptions: { padding: 0.12, maxZoom: 1.1 },
      onlyRenderVisibleElements: graph.nodes.length > CROWD * 2,
      deleteKeyCode: ['Delete', 'Backspace'],
      multiSelectionKeyCode: ['Shift', 'Meta', 'Control'],
      ariaLabelConfig: {
        'node.a11yDescription.default':
          'Press Enter to select, arrow keys to move, Delete to remove, Tab to reach its ports, W to reach its wires, Escape to leave.',
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
      isValidConnection: (ends) => {
        refused.current = problemWith(bench.view.graph, bench.catalogue, wireOf(bench, ends));
        return refused.current === null;
      },
      onConnect: (ends) => bench.view.apply(addWire(bench.view.graph, wireOf(bench, ends))),
      onClickConnectStart: () => {
        refused.current = null;
      },
      onClickConnectEnd: () => {
        if (refused.current) tell(inWords(refused.current));
      },
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
        if (code) tell(inWords(code));
      },
      onNodeDoubleClick: (_, { id }) => bench.open(id),
      zoomOnDoubleClick: false,
      onSelectionChange: ({ nodes: chosen, edges: cut }) => {
        if (chosen.length || !cut.length) setWires((before) => reachable(before, new Set(chosen.map(({ id }) => id))));
        bench.select(
          chosen.map((node) => node.id),
          cut.map((wire) => wire.id),
        );
      },
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

/**
 * Tab leads to the wires of selected nodes alone: React Flow has all wires before all nodes, and they are many.
 *
 * @param {CanvasWire[]} wires
 * @param {Set<string>} nodes
 */
function reachable(wires, nodes) {
  const reached = (/** @type {CanvasWire} */ { source, target }) => nodes.has(source) || nodes.has(target);
  if (wires.every((wire) => wire.focusable === reached(wire))) return wires;
  return wires.map((wire) => ({ ...wire, focusable: reached(wire) }));
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

const canvasBox = () => /** @type {HTMLElement} */ (document.querySelector('.react-flow')).getBoundingClientRect();

/** A node on the screen. @param {ReactFlowInstance} flow @param {{ position: import('./types.js').Position }} node @returns {Box} */
function boxOf(flow, { position: { x, y } }) {
  const from = flow.flowToScreenPosition({ x, y });
  const to = flow.flowToScreenPosition({ x: x + NODE_WIDTH, y: y + NODE_HEIGHT });
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
}

/** How long the canvas takes to move. */
const duration = () => (STILL.matches ? 0 : 200);

/**
 * What the rest of the page may ask of the canvas.
 *
 * @param {ReactFlowInstance} flow
 * @param {(change: (before: CanvasNode[]) => CanvasNode[]) => void} setNodes
 */
const handlesOf = (flow, setNodes) => ({
  /** What is seen, in the graph's own measure. @returns {import('./graph.js').Seen} */
  seen: () => {
    const box = canvasBox();
    const from = flow.screenToFlowPosition({ x: box.left, y: box.top });
    const to = flow.screenToFlowPosition({ x: box.right, y: box.bottom });
    return { left: from.x, top: from.y, right: to.x - NODE_WIDTH, bottom: to.y - NODE_HEIGHT };
  },
  /** Shows the whole graph if a new node there would be hidden, or partly. @param {import('./types.js').Position} place */
  uncover: (place) => {
    const box = canvasBox();
    const node = boxOf(flow, { position: place });
    const seen = node.left >= box.left && node.top >= box.top && node.right <= box.right && node.bottom <= box.bottom;
    if (!seen) flow.fitView({ padding: 0.12, maxZoom: 1.1 });
  },
  /** Shows the whole graph, or one node of it beside what lies over the canvas. @param {string} [id] @param {Box | null} [cover] */
  fit: (id, cover) => {
    const padding = cover ? roomBeside({ width: NODE_WIDTH, height: NODE_HEIGHT }, cover, canvasBox()) : 0.12;
    flow.fitView({ padding, maxZoom: 1.1, duration: duration(), ...(id && { nodes: [{ id }] }) });
  },
  /** Moves nodes that are seen to where a box over the canvas covers none of them. @param {string[]} ids @param {Box} cover */
  clear: (ids, cover) => {
    const canvas = canvasBox();
    const nodes = ids.flatMap((id) => flow.getNode(id) ?? []).filter((node) => meet(boxOf(flow, node), canvas));
    const way = wayClear(
      nodes.map((node) => boxOf(flow, node)),
      cover,
      canvas,
    );
    const { x, y, zoom } = flow.getViewport();
    const padding = roomBeside(flow.getNodesBounds(nodes), cover, canvas);
    if (!way) flow.fitView({ nodes, padding, maxZoom: zoom, duration: duration() });
    else if (way.x || way.y) flow.setViewport({ x: x + way.x, y: y + way.y, zoom }, { duration: duration() });
  },
  /** Sets the focus on a node, which is not drawn where it is far from what is seen. @param {string} id */
  focus: (id) => {
    const node = () => /** @type {HTMLElement | null} */ (document.querySelector(`[data-id="${CSS.escape(id)}"]`));
    if (!node()) flow.fitView({ nodes: [{ id }], maxZoom: 1.1 });
    requestAnimationFrame(() => requestAnimationFrame(() => node()?.focus()));
  },
  /** Sets the focus on a wire of the selected nodes, on the next one each time; says whether there is any. */
  toWires: () => {
    const wires = [...document.querySelectorAll('.react-flow__edge[tabindex]')];
    const next = wires[wires.indexOf(/** @type {Element} */ (document.activeElement)) + 1] ?? wires[0];
    /** @type {SVGElement | undefined} */ (next)?.focus();
    return next !== undefined;
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
