/**
 * Starts a run, steers it, and hands what it reports to the picture, the curve and the table.
 *
 * @import { Graph, Reading, Run, Setup } from './types.js'
 * @import { Autosave } from './autosave.js'
 */

import { ask, Refusal } from './api.js';
import { LossCurve } from './curve.js';
import { nameOf } from './graph.js';
import { follow, pointOf } from './live.js';
import { LossList } from './losses.js';
import { clear, onDrawn, show, shown } from './picture.js';
import { RowsTable } from './rows.js';
import { sameTeam } from './same_team.js';
import { answered, wrongFields } from './wrong_fields.js';

const AT_WORK = new Set(['queued', 'running', 'stopping', 'interrupted']);
const KEPT_ROWS = 200;
const NOT_SAVED = { detail: 'The graph is not saved, so it cannot be trained. Save it first, as is said beside.' };

/** @typedef {'idle' | 'starting' | 'running' | 'paused' | 'stopping'} Stage */

/**
 * @typedef {object} Surroundings
 * @property {string} graphId
 * @property {() => Graph} graph
 * @property {import('./types.js').Catalogue} catalogue
 * @property {() => Setup} setup
 * @property {Autosave} autosave
 * @property {() => Promise<boolean>} fit whether nothing stands in the way in the graph as it is now
 * @property {(text: string) => void} say
 * @property {(by: 'fields' | 'data' | 'problems') => void} blocked called when training cannot start: a field says what
 *   cannot be, no table or target, or problems
 * @property {(refusal: Refusal) => void} refused
 */

export class Training extends EventTarget {
  #around;
  #curve;
  #losses;
  #rows;
  /** @type {(() => void) | null} */
  #leave = null;
  /** @type {Run | null} */
  run = null;
  /** @type {Stage} */
  stage = 'idle';
  connected = true;
  /** The graph as the run was given it. @type {Graph | null} */
  trained = null;
  /** The first event of the run: what its settings came to. @type {any} */
  started = null;
  /** The last event of the run, once it is over. @type {any} */
  ended = null;

  /** @param {Surroundings} around @param {{ curve: HTMLElement, losses: HTMLElement, rows: HTMLTableElement }} elements */
  constructor(around, { curve, losses, rows }) {
    super();
    this.#around = around;
    this.#curve = new LossCurve(curve, []);
    this.#losses = new LossList(losses, curve);
    this.#rows = new RowsTable(rows, around.catalogue);
    onDrawn((reading) => {
      this.#rows.show(reading);
      this.#changed();
    });
  }

  get curve() {
    return this.#curve;
  }

  /** What is another now than what the run trains or has trained. @returns {'data' | 'graph' | null} */
  get outdated() {
    if (this.run === null || this.trained === null) return null;
    const { table, target } = this.#around.setup();
    if (table !== this.run.table || target !== this.run.target) return 'data';
    return sameTeam(this.trained, this.#around.graph()) ? null : 'graph';
  }

  /** Shows a run from its beginning, or from where it is. @param {Run} run @param {Graph} graph that it was given */
  watch(run, graph) {
    this.#leave?.();
    this.run = run;
    this.trained = graph;
    this.started = this.ended = null;
    this.stage = run.state === 'paused' ? 'paused' : AT_WORK.has(run.state) ? 'running' : 'idle';
    clear();
    this.#prepare();
    this.#leave = follow(
      run.id,
      (event) => this.#on(event),
      (connected) => {
        this.connected = connected;
        this.#changed();
      },
    );
    this.#changed();
  }

  /** Starts afresh. */
  train() {
    return this.#begin(null);
  }

  /** Goes on from what the run before has learnt, where the graph is still the same. */
  async trainOn() {
    if (this.run) await this.#begin(this.run.id);
  }

  /** @param {string | null} after the run to go on from */
  async #begin(after) {
    const { graphId, setup, autosave, fit, say, blocked } = this.#around;
    if (this.stage !== 'idle') return;
    await answered();
    if (wrongFields().length) return blocked('fields');
    const { table, target, settings, pace } = setup();
    if (!table || !target) return blocked('data');
    if (!(await fit())) return blocked('problems');
    if (this.stage !== 'idle') return;
    this.#stage('starting');
    try {
      await autosave.flush();
      if (autosave.state !== 'saved') throw new Refusal(0, NOT_SAVED);
      const graph = this.#around.graph();
      const body = { graph: graphId, table, target, settings, pace, after };
      const { value } = await ask('POST', '/api/runs', { body });
      say(after ? 'Training goes on from what was learnt.' : 'Training has started.');
      this.watch(value, graph);
    } catch (error) {
      this.#stage('idle');
      this.#refused(error);
    }
  }

  pause() {
    return this.#tell('pause', 'paused');
  }

  resume() {
    return this.#tell('resume', 'running');
  }

  step() {
    return this.#tell('step', 'paused');
  }

  stop() {
    return this.#tell('stop', 'stopping');
  }

  /** Changes the run that is under way. @param {{ learning_rate?: number, pace?: Setup['pace'] }} changes */
  async change(changes) {
    if (!this.run || this.stage === 'idle') return;
    await ask('PATCH', `/api/runs/${this.run.id}`, { body: changes }).catch((error) => this.#refused(error));
  }

  /** Keeps the model under a name; gives back its id. */
  async keep() {
    if (!this.run) return null;
    const name = `${this.#around.graph().name}`;
    const answer = await ask('POST', `/api/runs/${this.run.id}/keep`, { body: { name } }).catch((error) => {
      this.#refused(error);
    });
    return answer?.value.id ?? null;
  }

  /** @param {string} verb @param {Stage} stage */
  async #tell(verb, stage) {
    if (!this.run) return;
    const before = this.stage;
    this.#stage(stage);
    try {
      await ask('POST', `/api/runs/${this.run.id}/${verb}`);
    } catch (error) {
      this.#stage(before);
      this.#refused(error);
    }
  }

  /** @param {{ kind: string, data: any }} event */
  #on({ kind, data }) {
    const on = this.#handlers[kind];
    on?.(data);
    this.#changed();
  }

  /** @type {Record<string, (data: any) => void>} */
  #handlers = {
    started: (data) => {
      this.started = data;
      this.#losses.compare(data.baseline ?? {});
    },
    reading: (data) => this.#read(data),
    series: (data) => {
      this.#curve.add(data.points);
      const last = data.points.at(-1);
      if (last) this.#losses.show(last);
    },
    paused: () => {
      if (this.stage === 'running') this.stage = 'paused';
    },
    resumed: () => {
      if (this.stage === 'paused') this.stage = 'running';
    },
    rewound: (data) => this.#curve.rewind(data.step),
    diverged: (data) => this.#end('diverged', data, `${data.message} ${data.hint}`),
    failed: (data) => this.#end('failed', data, data.message),
    deleted: () => {
      this.run = this.trained = this.started = this.ended = null;
      this.stage = 'idle';
    },
    finished: (data) => {
      this.#read(data);
      this.#end(
        'finished',
        data,
        data.reason === 'stopped' ? 'Stopped; what was learnt is kept.' : 'Training has finished.',
      );
    },
  };

  /** @param {Reading} reading */
  #read(reading) {
    const point = pointOf(reading);
    this.#curve.add([point]);
    this.#losses.show(point);
    show(reading);
  }

  /** @param {string} kind @param {any} data @param {string} sentence */
  #end(kind, data, sentence) {
    const live = this.stage !== 'idle';
    this.ended = { kind, ...data };
    this.stage = 'idle';
    if (live) this.#around.say(sentence);
  }

  async #prepare() {
    const graph = this.trained ?? this.#around.graph();
    const estimates = graph.nodes.filter((node) => node.kind === 'estimate');
    const series = estimates.map((node) => ({ id: node.id, name: nameOf(graph, node.id) }));
    this.#curve.reset(series);
    this.#losses.reset(series);
    const table = String(this.run?.table ?? this.#around.setup().table ?? '');
    const targets = new Set([this.run?.target, ...estimates.map((node) => node.settings.target)]);
    const described = table ? await ask('GET', `/api/tables/${table}`).catch(() => null) : null;
    /** @type {{ name: string, type: string }[]} */
    const columns = described?.value.columns ?? [];
    const features = columns.filter(({ name, type }) => type !== 'text' && !targets.has(name));
    this.#rows.reset(
      graph,
      features.map(({ name }) => name),
    );
    const answer = described && (await ask('GET', `/api/tables/${table}/rows?limit=${KEPT_ROWS}`).catch(() => null));
    this.#rows.know(byRow(answer?.value));
    const reading = shown();
    if (reading) this.#rows.show(reading);
  }

  /** @param {Stage} stage */
  #stage(stage) {
    this.stage = stage;
    this.#changed();
  }

  /** @param {unknown} error */
  #refused(error) {
    this.#around.refused(error instanceof Refusal ? error : new Refusal(0, null));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * Rows by number, each by column name.
 *
 * @param {{ columns: string[], rows: unknown[][] } | undefined} told
 * @returns {Map<number, Record<string, unknown>>}
 */
function byRow(told) {
  const { columns = [], rows = [] } = told ?? {};
  return new Map(rows.map((row, place) => [place, Object.fromEntries(columns.map((name, at) => [name, row[at]]))]));
}
