/**
 * The workbench: puts the graph, the canvas, the forms and the training together.
 *
 * @import { Catalogue, Graph, Position, Problem, Run, Setup } from './types.js'
 * @import { CanvasHandles } from './canvas.js'
 */

import { ask, Refusal } from './api.js';
import { Autosave } from './autosave.js';
import { mountCanvas } from './canvas.js';
import { tell } from './canvas_note.js';
import { keepChecking } from './checking.js';
import { copied, pasted } from './clipboard.js';
import { addNode, followTarget, move, paste } from './commands.js';
import { mountControls } from './controls.js';
import { NODE_HEIGHT, NODE_WIDTH } from './drawn.js';
import { mountEditing } from './editing.js';
import { freePlace, freshNode, nameOf, onGrid, usualPlace } from './graph.js';
import { mountKeyboard } from './keyboard.js';
import { tidyPlaces } from './layout.js';
import { mountNotices } from './notices.js';
import { say } from './page.js';
import { mountPalette } from './palette.js';
import { mountPanel, mountTabs, openTab } from './panel.js';
import { mountProblems } from './problem_list.js';
import { SMALL } from './screen.js';
import { mountSheets } from './sheets.js';
import { Store } from './store.js';
import { mountTeams } from './team_tools.js';
import { fold, unfold } from './teams.js';
import { Training } from './training.js';
import { View } from './view.js';
import { mountWays, toName } from './ways.js';
import { mountWireTip } from './wire_tip.js';
import { answered, leadTo, wrongFields, wrongNames } from './wrong_fields.js';

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const SIZE = { width: NODE_WIDTH, height: NODE_HEIGHT };

/**
 * @typedef {{ id: string, version: number, graph: Graph, catalogue: Catalogue, setup: Setup, run: Run | null,
 *   trained: Graph | null }} Given `trained` is the graph as the run was given it
 */

const WANTED = {
  table: 'There is nothing to learn from yet: choose a table under Data, or upload one.',
  target: 'It is not said yet what to estimate: choose the target under Data.',
};

export class Workbench extends EventTarget {
  region = element('graph');
  /** @type {Problem[]} */
  problems = [];
  #watchers = new Set();
  /** @type {CanvasHandles | null} */
  #canvas = null;
  /** @type {string[]} */
  #selected = [];
  /** Nodes and wires, to be compared. */
  #selection = '';
  /** @type {{ nodes: readonly import('./types.js').Node[], wires: readonly import('./types.js').Wire[] } | null} */
  #held = null;
  /** @type {string[]} */
  #toChoose = [];

  /** @param {Given} given */
  constructor(given) {
    super();
    this.id = given.id;
    this.catalogue = given.catalogue;
    this.setup = given.setup;
    this.store = new Store(given.graph);
    this.view = new View(this.store, given.catalogue);
    this.autosave = new Autosave(this.store, given.id, given.version);
    this.recheck = keepChecking(
      this.store,
      () => this.setup,
      (problems) => this.#found(problems),
    );
    this.panel = mountPanel(
      this.view,
      given.catalogue,
      () => this.setup,
      (setup) => this.#setUp(setup),
    );
    this.pointAtWire = mountWireTip(element('wire-tip'), this.view);
    this.training = new Training(
      {
        graphId: given.id,
        graph: () => this.store.graph,
        catalogue: given.catalogue,
        setup: () => this.setup,
        autosave: this.autosave,
        fit: () => this.#isFit(),
        say,
        blocked: (by) => this.#blocked(by),
        refused: (refusal) => this.#refused(refusal),
      },
      { curve: element('curve'), losses: element('losses'), rows: /** @type {HTMLTableElement} */ (element('rows')) },
    );
    if (given.run) this.training.watch(given.run, given.trained ?? given.graph);
    this.store.addEventListener('change', () => this.training.dispatchEvent(new Event('change')));
  }

  /** For React: call back when the graph changes. @param {() => void} listener */
  onGraph = (listener) => {
    this.view.addEventListener('change', listener);
    return () => this.view.removeEventListener('change', listener);
  };

  /** For React: call back when other problems are found. @param {() => void} listener */
  onProblems = (listener) => {
    this.#watchers.add(listener);
    return () => {
      this.#watchers.delete(listener);
    };
  };

  /** @param {CanvasHandles} handles */
  canvasIsReady(handles) {
    this.#canvas = handles;
    if (this.#toChoose.length) this.choose(this.#toChoose);
    return () => {
      this.#canvas = null;
    };
  }

  /** The canvas says what is selected, also where that is what it was. @param {string[]} nodes @param {string[]} wires */
  select(nodes, wires) {
    const selection = JSON.stringify([nodes, wires]);
    if (selection === this.#selection) return;
    this.#selection = selection;
    this.#selected = nodes;
    this.panel.show(nodes.length === 1 && !wires.length ? (nodes[0] ?? null) : null);
    this.dispatchEvent(new Event('selection'));
  }

  /** A node was clicked, perhaps one that is selected already: its form is wanted. @param {string} id */
  lookAt(id) {
    if (this.#selected.length === 1 && this.#selected[0] === id) this.panel.show(id);
  }

  /** Selects nodes on the canvas. @param {string[]} ids */
  choose(ids) {
    this.#toChoose = [];
    requestAnimationFrame(() => this.#canvas?.choose(ids));
  }

  /** Adds a node of a kind: where it was dropped, or else where it is seen. @param {string} kind @param {Position} [place] */
  add(kind, place) {
    const { graph } = this.view;
    const seen = this.#canvas?.seen() ?? { left: 0, top: 0, right: 0, bottom: 0 };
    const wanted = place ? onGrid(place) : usualPlace(graph, this.catalogue, kind, seen);
    const position = freePlace(graph, wanted, SIZE);
    const node = freshNode(graph, this.catalogue, kind, position);
    this.view.apply(addNode(node));
    this.choose([node.id]);
    requestAnimationFrame(() => requestAnimationFrame(() => this.#canvas?.uncover(position)));
    say(`Added ${node.name}.`);
  }

  /** What is selected on the canvas. */
  get selected() {
    return this.#selected;
  }

  /** Brings a node into view beside a box over the canvas, and selects it, inside of teams too. @param {string} id the one that problems name it by @param {Element} cover */
  reveal(id, cover) {
    const path = id.split('/');
    const own = path.pop() ?? id;
    this.view.go(path);
    requestAnimationFrame(() => {
      this.#canvas?.fit(own, cover.getBoundingClientRect());
      this.choose([own]);
    });
  }

  /** Moves those that are to be mended out from behind a box over the canvas. @param {Element} cover */
  clear(cover) {
    const { prefix } = this.view;
    const named = this.problems.flatMap(({ node }) => (node?.startsWith(prefix) ? [node.slice(prefix.length)] : []));
    this.#canvas?.clear([...new Set(named.map((id) => id.replace(/\/.*/, '')))], cover.getBoundingClientRect());
  }

  /** Goes into a team. @param {string} id */
  open(id) {
    if (this.view.holds(id)) this.go([...this.view.path, id]);
  }

  /** Shows the graph at the end of a path of teams. @param {readonly string[]} path */
  go(path) {
    this.view.go(path);
    say(`Now in ${this.view.names.at(-1)}.`);
    requestAnimationFrame(() => requestAnimationFrame(() => this.fit()));
  }

  /** Makes the selected nodes a team. */
  fold() {
    this.#become(fold(this.catalogue, this.view.graph, this.#selected), 'Fold into a team');
  }

  /** Puts the workers of the selected team in its place. */
  unfold() {
    const [id] = this.#selected;
    if (id) this.#become(unfold(this.catalogue, this.view.graph, id), `Unfold ${nameOf(this.view.graph, id)}`);
  }

  /** @param {import('./teams.js').Outcome} outcome @param {string} name */
  #become(outcome, name) {
    if ('why' in outcome) {
      document.dispatchEvent(new CustomEvent('notice', { detail: outcome.why }));
      return;
    }
    this.view.apply({ name, apply: () => outcome.graph });
    this.choose(outcome.chosen);
    say(`Done: ${name}.`);
  }

  fit() {
    this.#canvas?.fit();
  }

  async tidy() {
    const places = await tidyPlaces(this.view.graph, SIZE);
    this.view.apply({ ...move(this.view.graph, places), name: 'Tidy up', merge: undefined });
    requestAnimationFrame(() => this.fit());
  }

  /** What was typed a moment ago counts as well. */
  async undo() {
    await answered();
    const name = this.store.undoName;
    this.store.undo();
    if (name) say(`Undone: ${name}.`);
  }

  async redo() {
    await answered();
    const name = this.store.redoName;
    this.store.redo();
    if (name) say(`Done again: ${name}.`);
  }

  copy() {
    this.#held = copied(this.view.graph, this.#selected);
    if (this.#held.nodes.length) say(`Copied ${this.#held.nodes.length} nodes.`);
  }

  paste() {
    if (!this.#held?.nodes.length) return;
    const { nodes, wires } = pasted(this.view.graph, this.#held);
    this.view.apply(paste(nodes, wires));
    this.choose(nodes.map((node) => node.id));
  }

  duplicate() {
    this.copy();
    this.paste();
  }

  /** Sets the focus on the selected node; says whether there is one. */
  toNode() {
    const [id] = this.#selected;
    if (id) this.#canvas?.focus(id);
    return id !== undefined;
  }

  toWires() {
    if (!this.#canvas?.toWires()) tell('Select a node that is wired up first: W leads to its wires.');
  }

  selectAll() {
    this.#canvas?.choose(this.view.graph.nodes.map((node) => node.id));
  }

  /** Those of the run, if there is one. */
  estimates() {
    const graph = this.training.trained ?? this.store.graph;
    return graph.nodes.filter((node) => node.kind === 'estimate').map(({ id }) => ({ id, name: nameOf(graph, id) }));
  }

  /** A control of the bar changed the setup. @param {Partial<Setup>} changes */
  changeSetup(changes) {
    this.#setUp({ ...this.setup, ...changes });
    ask('PUT', `/api/graphs/${this.id}/setup`, { body: this.setup }).catch((error) => this.#refused(error));
  }

  /** @param {Setup} setup */
  #setUp(setup) {
    const renaming = followTarget(this.store.graph, this.setup.target, setup.target);
    if (renaming) this.store.apply(renaming);
    this.setup = setup;
    this.training.dispatchEvent(new Event('change'));
    this.recheck();
  }

  /** @param {Problem[]} problems */
  #found(problems) {
    if (JSON.stringify(problems) === JSON.stringify(this.problems)) return;
    this.problems = problems;
    for (const listener of this.#watchers) listener();
  }

  /** What was wrong a moment ago may be mended by now. */
  async #isFit() {
    if (this.problems.length) await this.recheck();
    return this.problems.length === 0;
  }

  /** Leads to what stands in the way of training. @param {'fields' | 'data' | 'problems'} by */
  #blocked(by) {
    const [wrong] = wrongFields();
    if (by === 'fields' && wrong) {
      if (wrong.closest('#side')) this.dispatchEvent(new Event('look:side'));
      leadTo(wrong);
      const text = `Training has not begun: mend ${wrongNames()} first.`;
      document.dispatchEvent(new CustomEvent('notice', { detail: { text, until: () => !wrongFields().length } }));
    } else if (by === 'data') {
      const missing = this.setup.table ? 'target' : 'table';
      document.dispatchEvent(new CustomEvent('notice', { detail: WANTED[missing] }));
      openTab('data');
      this.dispatchEvent(new Event('look:side'));
      element(`data-${missing}`).focus();
    } else {
      /** @type {HTMLDetailsElement} */ (element('problems')).open = true;
      element('problems').querySelector('summary')?.focus();
      say(`${this.problems[0]?.message} ${this.problems[0]?.hint}`);
    }
  }

  /** @param {Refusal} refusal */
  #refused(refusal) {
    if (refusal.problems?.length) this.#found(refusal.problems);
    document.dispatchEvent(new CustomEvent('notice', { detail: refusal.message }));
  }
}

const given = /** @type {Given} */ (JSON.parse(element('given').textContent ?? '{}'));
const bench = new Workbench(given);
mountCanvas(bench);
mountTabs();
const add = (/** @type {string} */ kind) => {
  bench.add(kind);
  if (SMALL.matches) sheets.close();
};
mountPalette(element('palette'), add, () => bench.toNode());
mountProblems(/** @type {HTMLDetailsElement} */ (element('problems')), bench);
mountNotices(element('notices'), bench.autosave);
mountControls(bench.training, {
  setup: () => bench.setup,
  change: (changes) => bench.changeSetup(changes),
  estimates: () => bench.estimates(),
});
const sheets = mountSheets(element('bench'), () => bench.fit());
bench.training.addEventListener('change', () => {
  if (bench.training.stage === 'starting') sheets.open('dock');
});
bench.addEventListener('look:side', () => sheets.open('side'));
const shortcuts = /** @type {HTMLDialogElement} */ (element('shortcuts'));
element('help').addEventListener('click', () => shortcuts.showModal());
shortcuts.addEventListener('click', (event) => event.target === shortcuts && shortcuts.close());
mountKeyboard({
  undo: () => bench.undo(),
  redo: () => bench.redo(),
  copy: () => bench.copy(),
  paste: () => bench.paste(),
  duplicate: () => bench.duplicate(),
  selectAll: () => bench.selectAll(),
  train: () => bench.training.train(),
  pause: () => {
    if (bench.training.stage === 'paused') bench.training.resume();
    else if (bench.training.stage === 'running') bench.training.pause();
  },
  step: () => {
    if (bench.training.stage === 'paused') bench.training.step();
  },
  search: () => {
    sheets.open('palette');
    element('palette-search').focus();
  },
  help: () => shortcuts.showModal(),
  fold: () => bench.fold(),
  unfold: () => bench.unfold(),
  open: () => bench.selected[0] && bench.open(bench.selected[0]),
  wires: () => bench.toWires(),
  rename: () => toName(bench),
  fit: () => bench.fit(),
  tidy: () => bench.tidy(),
});
mountTeams(bench);
mountEditing(bench);
mountWays(bench);
