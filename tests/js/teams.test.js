// Folding nodes into a team and unfolding it: the same wires, the same order, or a sentence that says why not.
//
/** @import { Catalogue, Graph, Kind, Node, Wire } from '../../static/js/types.js' */
/** @import { Outcome } from '../../static/js/teams.js' */

import assert from 'node:assert/strict';
import test from 'node:test';
import { graphAt } from '../../static/js/inside.js';
import { fold, unfold } from '../../static/js/teams.js';

/** @param {string} name @param {number | null} [most] */
const port = (name, most = null) => ({ name, least: 1, most, help: '', joins: name === 'task' });
/** @param {string} kind @param {Kind['ports']['inputs']} inputs @param {boolean} [results] @param {Partial<Kind>} [more] @returns {Kind} */
const kind = (kind, inputs, results = true, more = {}) => ({
  help: '',
  feedback: '',
  formula: '',
  kind,
  title: kind,
  family: 'worker',
  ports: { inputs, outputs: results ? [{ name: 'result' }] : [] },
  documents: [],
  references: [],
  holds: null,
  ...more,
});
/** @type {Catalogue} */
const CATALOGUE = Object.fromEntries(
  [
    kind('columns', []),
    kind('linear', [port('task')]),
    kind('maximum', [port('estimates')]),
    kind('concatenate', [{ ...port('estimates'), least: 2, joins: true }]),
    kind('same', [port('task')], true, { references: ['worker'] }),
    kind('team', [port('task')], true, {
      documents: ['graph'],
      holds: { setting: 'graph', empty: { format: '', version: 1, name: '', nodes: [], wires: [] } },
    }),
    kind('team_task', [], true, { for_teams: true }),
    kind('team_result', [port('task')], false, { for_teams: true }),
    kind('estimate', [{ ...port('task'), joins: false }], false),
  ].map((one) => [one.kind, one]),
);
/** @param {string} id @param {string} kind @param {number} [x] @param {number} [y] @param {Record<string, unknown>} [settings] @returns {Node} */
const node = (id, kind, x = 0, y = 0, settings = {}) => ({
  id,
  kind,
  name: id.toUpperCase(),
  settings,
  position: { x, y },
});
/** 'a b' @param {string[]} pairs @returns {Wire[]} */
const wires = (...pairs) =>
  pairs.map((pair) => {
    const [source = '', target = ''] = pair.split(' ');
    return { source, target };
  });
/** @type {Graph} */
const GRAPH = {
  format: 'backchannel.graph',
  version: 1,
  name: 'G',
  nodes: [
    node('in', 'columns'),
    node('a', 'linear', 280, 0),
    node('b', 'linear', 280, 100),
    node('c', 'linear', 280, 200),
    node('max', 'maximum', 560, 0),
    node('out', 'estimate', 840, 0),
  ],
  wires: wires('in a', 'in b', 'in c', 'a max', 'b max', 'c max', 'max out'),
};
/** @param {Graph | null} graph */
const said = (graph) => graph?.wires.map(({ source, target }) => `${source} ${target}`) ?? [];
/** @param {Graph} graph @param {string[]} ids */
const folded = (graph, ids) => made(fold(CATALOGUE, graph, ids));
/** @param {Graph} graph */
const unfolded = (graph) => made(unfold(CATALOGUE, graph, 'team')).graph;
/** @param {Outcome} outcome */
function made(outcome) {
  if ('why' in outcome) throw new Error(outcome.why);
  return outcome;
}
/** @param {Graph} graph @param {string[]} ids */
function refusal(graph, ids) {
  const outcome = fold(CATALOGUE, graph, ids);
  return 'why' in outcome ? outcome.why : '';
}

test('what is folded is wired outside as its nodes were, and inside as before', () => {
  const { graph, chosen } = folded(GRAPH, ['a', 'b', 'max', 'c']);
  assert.deepEqual(said(graph), ['in team', 'team out']);
  assert.deepEqual(chosen, ['team']);
  const inner = graphAt(CATALOGUE, graph, ['team']);
  assert.deepEqual(said(inner), ['task a', 'task b', 'task c', 'a max', 'b max', 'c max', 'max result']);
  assert.deepEqual(inner?.nodes.map(({ kind }) => kind).sort(), [
    'linear',
    'linear',
    'linear',
    'maximum',
    'team_result',
    'team_task',
  ]);
});

test('unfolding brings back every wire', () => {
  const graph = unfolded(folded(GRAPH, ['a', 'b', 'max', 'c']).graph);
  assert.deepEqual(said(graph).sort(), said(GRAPH).sort());
  assert.deepEqual(graph.nodes.map(({ id }) => id).sort(), GRAPH.nodes.map(({ id }) => id).sort());
});

test('a team at any depth can be folded once more', () => {
  const once = folded(GRAPH, ['a']).graph;
  const twice = folded(once, ['team', 'b', 'c', 'max']).graph;
  const outer = twice.nodes.find(({ kind }) => kind === 'team')?.id ?? '';
  assert.deepEqual(said(graphAt(CATALOGUE, twice, [outer, 'team'])), ['task a', 'a result']);
});

test('the order of the wires into a combinator stays, for its first estimate wins a tie', () => {
  const { graph } = folded(GRAPH, ['b']);
  assert.deepEqual(
    said(graph).filter((wire) => wire.endsWith(' max')),
    ['a max', 'team max', 'c max'],
  );
});

for (const [why, ids, words] of /** @type {[string, string[], RegExp][]} */ ([
  ['two results', ['a', 'b'], /one result.*A, B\. Select MAX too/],
  ['an estimate', ['max', 'out'], /OUT cannot stand in a team/],
  ['several tasks', ['max'], /several: A, B, C/],
  ['nobody', [], /Select the nodes/],
])) {
  test(`a team of ${why} is refused in words`, () => {
    assert.match(refusal(GRAPH, ids), words);
  });
}

test('results that nobody is given together are to be combined first', () => {
  const graph = { ...GRAPH, wires: wires('in a', 'in b', 'a out', 'b out') };
  assert.match(refusal(graph, ['a', 'b']), /here are 2: A, B\. Combine them first, or leave some out\./);
  assert.match(refusal({ ...GRAPH, wires: wires('in a', 'in b') }, ['a', 'b']), /Combine them first/);
});

/** Who is given several results: the wires into `d`, what it is, and what becomes of A and B as a team. @type {[string, string, string[], string[] | null][]} */
const SEVERAL = [
  ['a task', 'linear', ['a d', 'b d'], ['team d']],
  ['a task, in another order', 'linear', ['b d', 'a d'], ['team d']],
  ['a task with another behind', 'linear', ['a d', 'b d', 'c d'], ['team d', 'c d']],
  ['a task with another before', 'linear', ['c d', 'a d', 'b d'], ['c d', 'team d']],
  ['a task with another between', 'linear', ['a d', 'c d', 'b d'], null],
  ['what puts them side by side', 'concatenate', ['a d', 'b d', 'c d'], ['team d', 'c d']],
  ['what needs two', 'concatenate', ['a d', 'b d'], null],
  ['what compares them', 'maximum', ['a d', 'b d', 'c d'], null],
  ['an estimate, which averages them', 'estimate', ['a d', 'b d'], null],
  ['two tasks', 'linear', ['a d', 'b d', 'a c', 'b c'], ['team d', 'team c']],
  ['two tasks, in two orders', 'linear', ['a d', 'b d', 'b c', 'a c'], null],
  ['two tasks, one of them A alone', 'linear', ['a d', 'b d', 'a c'], null],
];
for (const [who, kind, given, handed] of SEVERAL) {
  test(`several results for ${who} ${handed ? 'are one' : 'are no one result'}`, () => {
    const laid = wires('in a', 'in b', ...given);
    const graph = { ...GRAPH, nodes: [...GRAPH.nodes.filter(({ id }) => id !== 'max'), node('d', kind)], wires: laid };
    if (!handed) return assert.match(refusal(graph, ['a', 'b']), /one result/);
    const made = folded(graph, ['a', 'b']).graph;
    assert.deepEqual(said(made), ['in team', ...handed]);
    const first = given.find((pair) => /^[ab]/.test(pair))?.at(0) === 'b' ? ['b', 'a'] : ['a', 'b'];
    const inside = said(graphAt(CATALOGUE, made, ['team']));
    assert.deepEqual(inside, ['task a', 'task b', ...first.map((id) => `${id} result`)]);
    assert.deepEqual(said(unfolded(made)).sort(), said(graph).sort());
  });
}

test('several tasks with one of the team between them are no one task', () => {
  const nodes = [...GRAPH.nodes, node('d', 'linear')];
  const between = wires('in a', 'a b', 'c b', 'a d', 'b d', 'c d', 'd out');
  assert.match(refusal({ ...GRAPH, nodes, wires: between }, ['b', 'd']), /several: A, C/);
  const beside = wires('in a', 'a b', 'c b', 'a d', 'c d', 'b d', 'd out');
  assert.deepEqual(said(folded({ ...GRAPH, nodes, wires: beside }, ['b', 'd']).graph).slice(1, 3), [
    'a team',
    'c team',
  ]);
});

test('a node between that would be left outside is named', () => {
  const graph = { ...GRAPH, wires: wires('in a', 'a b', 'b c', 'c out') };
  assert.match(refusal(graph, ['a', 'c']), /B stands between/);
});

test('several tasks side by side become one task', () => {
  const graph = {
    ...GRAPH,
    nodes: [...GRAPH.nodes, node('d', 'linear')],
    wires: wires('in a', 'in b', 'a d', 'b d', 'd out'),
  };
  const team = folded(graph, ['d']).graph;
  assert.deepEqual(said(team), ['in a', 'in b', 'a team', 'b team', 'team out']);
  assert.deepEqual(said(graphAt(CATALOGUE, team, ['team'])), ['task d', 'd result']);
  assert.deepEqual(said(unfolded(team)), ['in a', 'in b', 'd out', 'a d', 'b d']);
});

test('a worker and its double go together', () => {
  const graph = { ...GRAPH, nodes: [...GRAPH.nodes, node('again', 'same', 0, 0, { worker: 'a' })] };
  assert.match(refusal(graph, ['a']), /AGAIN is the same as A again/);
});

test('a double inside goes on to mean its worker when ids are taken outside', () => {
  const inner = {
    ...GRAPH,
    nodes: [
      node('task', 'team_task'),
      node('a', 'linear'),
      node('again', 'same', 0, 0, { worker: 'a' }),
      node('result', 'team_result'),
    ],
    wires: wires('task a', 'a again', 'again result'),
  };
  const graph = {
    ...GRAPH,
    nodes: [
      node('in', 'columns'),
      node('a', 'linear'),
      node('team', 'team', 0, 0, { graph: inner }),
      node('out', 'estimate'),
    ],
    wires: wires('in a', 'a team', 'team out'),
  };
  const open = unfolded(graph);
  assert.equal(open.nodes.find(({ id }) => id === 'again')?.settings.worker, 'a-2');
  assert.deepEqual(said(open).sort(), ['a a-2', 'a-2 again', 'again out', 'in a']);
});

/** A team of its own nodes between two workers and a maximum. @param {Node[]} nodes @param {Wire[]} inside @param {Node[]} [more] @returns {Graph} */
const around = (nodes, inside, more = []) => ({
  ...GRAPH,
  nodes: [
    node('a', 'linear'),
    node('b', 'linear'),
    node('team', 'team', 0, 0, { graph: { ...GRAPH, nodes, wires: inside } }),
    node('max', 'maximum'),
    ...more,
  ],
  wires: wires('a team', 'b team', 'team max'),
});
const BORDERS = [node('task', 'team_task'), node('result', 'team_result')];

test('nobody inside takes the id of somebody outside, nor of each other', () => {
  const inside = [...BORDERS, node('a', 'linear'), node('a-2', 'linear')];
  const { nodes } = unfolded(around(inside, wires('task a', 'a a-2', 'a-2 result')));
  assert.equal(new Set(nodes.map(({ id }) => id)).size, 5);
});

test('what was one task of several numbers is not taken apart into estimates', () => {
  const inside = [...BORDERS, node('high', 'maximum')];
  const outcome = unfold(CATALOGUE, around(inside, wires('task high', 'high result')), 'team');
  assert.match('why' in outcome ? outcome.why : '', /HIGH is given several numbers as one/);
});

test('what an estimate is given as one is not taken apart, for it would average it', () => {
  const inside = [...BORDERS, node('c', 'linear'), node('d', 'linear')];
  const laid = wires('task c', 'task d', 'c result', 'd result');
  const graph = around(inside, laid, [node('out', 'estimate')]);
  const outcome = unfold(CATALOGUE, { ...graph, wires: wires('a team', 'team out') }, 'team');
  assert.match('why' in outcome ? outcome.why : '', /OUT is given several numbers as one by TEAM/);
});

test('a team that another node repeats stays', () => {
  const again = node('again', 'same', 0, 0, { worker: 'team' });
  const inside = [...BORDERS, node('c', 'linear')];
  const outcome = unfold(CATALOGUE, around(inside, wires('task c', 'c result'), [again]), 'team');
  assert.match('why' in outcome ? outcome.why : '', /AGAIN is the same as TEAM/);
});
