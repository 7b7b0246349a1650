/**
 * Folds nodes into a team and unfolds a team again, so that the graph estimates the same as before. Where that cannot
 * be, a sentence says why.
 *
 * @import { Catalogue, Graph, Node, Wire } from './types.js'
 */

import { nameOf, nodeOf, numbered } from './graph.js';
import { heldBy } from './inside.js';

const STEP = 280;

/** @typedef {{ graph: Graph, chosen: string[] } | { why: string }} Outcome the new graph and who is selected in it, or why not */

/** @param {Catalogue} catalogue @param {Graph} graph @param {readonly string[]} ids @returns {Outcome} */
export function fold(catalogue, graph, ids) {
  const chosen = new Set(ids);
  const members = graph.nodes.filter((node) => chosen.has(node.id));
  const into = graph.wires.filter((wire) => !chosen.has(wire.source) && chosen.has(wire.target));
  const out = graph.wires.filter((wire) => chosen.has(wire.source) && !chosen.has(wire.target));
  const sources = [...new Set(into.map((wire) => wire.source))];
  const ends = handedOn(graph, members, out);
  const why =
    unfit(catalogue, members) ??
    wayAround(graph, chosen, sources, out) ??
    severalResults(catalogue, graph, out, ends) ??
    severalTasks(catalogue, graph, into, sources) ??
    crossing(catalogue, graph, chosen);
  if (why || !ends.length) return { why: why ?? 'Select the nodes that are to become a team.' };

  const { team, task, result } = parts(catalogue);
  const ids_ = new Set(graph.nodes.map((node) => node.id));
  const names = new Set(graph.nodes.map((node) => node.name));
  const id = numbered('team', ids_, '-');
  const inner = {
    format: graph.format,
    version: graph.version,
    name: numbered('Team', names, ' '),
    ...insides(graph, members, { into, first: sources[0], ends, task, result }),
  };
  const node = {
    id,
    kind: team.kind,
    name: inner.name,
    settings: { [team.setting]: inner },
    position: middle(members),
  };
  const wires = unique(
    graph.wires.flatMap((wire) => {
      if (into.includes(wire)) return [ended({ ...wire, target: id }, 'target_port')];
      if (out.includes(wire)) return wire.source === ends[0] ? [ended({ ...wire, source: id }, 'source_port')] : [];
      return chosen.has(wire.source) ? [] : [wire];
    }),
  );
  const nodes = graph.nodes.filter((one) => !chosen.has(one.id));
  return { graph: { ...graph, nodes: [...nodes, node], wires }, chosen: [id] };
}

/** @param {Catalogue} catalogue @param {Graph} graph @param {string} id @returns {Outcome} */
export function unfold(catalogue, graph, id) {
  const team = nodeOf(graph, id);
  const held = heldBy(catalogue, team);
  if (!team || !held) return { why: `${nameOf(graph, id)} is no team that could be unfolded.` };
  const whole = referring(catalogue, graph.nodes).find(({ to }) => to === id);
  if (whole) return { why: `${whole.node.name} is the same as ${team.name} again. Delete it first.` };

  const border = (/** @type {string} */ inner) => catalogue[nodeOf(held, inner)?.kind ?? '']?.for_teams === true;
  const members = held.nodes.filter((node) => !border(node.id));
  const renamed = fresh(graph, members);
  const given = graph.wires.filter((wire) => wire.target === id).map((wire) => wire.source);
  const handed = held.wires.filter((wire) => border(wire.target)).map((wire) => wire.source);
  /** Who stands outside for who stands inside. @param {string} source @returns {string[]} */
  const outside = (source) => (border(source) ? given : [renamed.get(source) ?? source]);
  const results = handed.flatMap(outside);

  const wires = [
    ...graph.wires.flatMap((wire) => {
      if (wire.target === id) return [];
      return wire.source === id ? results.map((source) => ended({ ...wire, source }, 'source_port')) : [wire];
    }),
    ...held.wires
      .filter((wire) => !border(wire.target))
      .flatMap((wire) => {
        const target = renamed.get(wire.target) ?? wire.target;
        return outside(wire.source).map((source) => ended({ ...wire, source, target }, 'source_port'));
      }),
  ];
  const begins = held.wires.filter((wire) => border(wire.source) && !border(wire.target));
  const split = apart(catalogue, held, begins, given);
  if (split)
    return { why: `${split} is given several numbers as one there. Put a Concatenate before it, in the team.` };
  const ends = graph.wires.filter((wire) => wire.source === id);
  const parted = apart(catalogue, graph, ends, results);
  if (parted)
    return { why: `${parted} is given several numbers as one by ${team.name}. Put a Concatenate before its Result.` };

  const shift = minus(team.position, middle(members));
  const nodes = members.map((node) => ({
    ...node,
    id: renamed.get(node.id) ?? node.id,
    position: { x: Math.round(node.position.x + shift.x), y: Math.round(node.position.y + shift.y) },
    settings: pointed(catalogue, node, renamed),
  }));
  const others = graph.nodes.filter((node) => node.id !== id);
  return {
    graph: { ...graph, nodes: [...others, ...nodes], wires: unique(wires) },
    chosen: nodes.map((node) => node.id),
  };
}

// Whether it can be

/** @param {Catalogue} catalogue @param {Node[]} members */
function unfit(catalogue, members) {
  const found = members.find(({ kind }) => catalogue[kind]?.for_teams || !catalogue[kind]?.ports.outputs.length);
  return found
    ? `${found.name} cannot stand in a team: ${catalogue[found.kind]?.title ?? found.kind} hands nothing on there. Leave it out.`
    : null;
}

/** Who hands on what the team makes: who is wired to the outside, or else who is wired to nobody. @param {Graph} graph @param {Node[]} members @param {Wire[]} out */
function handedOn(graph, members, out) {
  if (out.length) return [...new Set(out.map((wire) => wire.source))];
  return members.filter((node) => !graph.wires.some((wire) => wire.source === node.id)).map((node) => node.id);
}

/** Several results are one only where each who is given them takes them side by side. @param {Catalogue} catalogue @param {Graph} graph @param {Wire[]} out @param {string[]} ends */
function severalResults(catalogue, graph, out, ends) {
  if (ends.length < 2 || (out.length && sideBySide(catalogue, graph, out, ends))) return null;
  const combining = graph.nodes.find(
    ({ id, kind }) =>
      catalogue[kind]?.ports.outputs.length &&
      ends.every((end) => out.some((w) => w.source === end && w.target === id)),
  );
  const cure = combining ? `Select ${combining.name} too, which is given all of them` : 'Combine them first';
  return `A team hands on one result, and here are ${ends.length}: ${list(graph, ends)}. ${cure}, or leave some out.`;
}

/** A node outside, that the team would wait for and that waits for the team. @param {Graph} graph @param {Set<string>} chosen @param {string[]} sources @param {Wire[]} out */
function wayAround(graph, chosen, sources, out) {
  const seen = new Set(out.map((wire) => wire.target));
  for (const id of seen)
    for (const wire of graph.wires) if (wire.source === id && !chosen.has(wire.target)) seen.add(wire.target);
  const between = sources.find((source) => seen.has(source));
  return between === undefined
    ? null
    : `${nameOf(graph, between)} stands between them and would be left outside. Select it too.`;
}

/** Several sources are one task only where each who begins is given all of them side by side. @param {Catalogue} catalogue @param {Graph} graph @param {Wire[]} into @param {string[]} sources */
function severalTasks(catalogue, graph, into, sources) {
  return sources.length < 2 || sideBySide(catalogue, graph, into, sources)
    ? null
    : `A team is given one task, and this would come from several: ${list(graph, sources)}. Select them too, or fewer of the others.`;
}

/**
 * Whether all of these sources, in this order and nobody between them, are one task for everyone whom they are wired
 * to: for then one wire can bring it.
 *
 * @param {Catalogue} catalogue
 * @param {Graph} graph
 * @param {Wire[]} wires
 * @param {string[]} sources
 */
function sideBySide(catalogue, graph, wires, sources) {
  return wires.every((wire) => {
    const port = portOf(catalogue, graph, wire);
    const beside = graph.wires
      .filter((one) => one.target === wire.target && portOf(catalogue, graph, one) === port)
      .map(({ source }) => source);
    const at = beside.indexOf(sources[0] ?? '');
    const together = String(beside.slice(at, at + sources.length)) === String(sources);
    return port?.joins && together && beside.length - sources.length + 1 >= port.least;
  });
}

/** @param {Catalogue} catalogue @param {Graph} graph @param {Set<string>} chosen */
function crossing(catalogue, graph, chosen) {
  const found = referring(catalogue, graph.nodes).find(
    ({ node, to }) => chosen.has(node.id) !== chosen.has(to) && nodeOf(graph, to),
  );
  return found ? `${found.node.name} is the same as ${nameOf(graph, found.to)} again: select both, or neither.` : null;
}

/** Who, among the targets of these wires, would be given several results apart that it is given as one. @param {Catalogue} catalogue @param {Graph} graph @param {Wire[]} wires @param {string[]} sources */
function apart(catalogue, graph, wires, sources) {
  const found = sources.length > 1 && wires.find((wire) => !portOf(catalogue, graph, wire)?.joins);
  return found ? nameOf(graph, found.target) : null;
}

// How it becomes so

/** What a team is made of, by what the kinds say of themselves. @param {Catalogue} catalogue */
function parts(catalogue) {
  const kinds = Object.values(catalogue);
  const team = kinds.find((kind) => kind.holds);
  const task = kinds.find((kind) => kind.for_teams && kind.ports.outputs.length);
  const result = kinds.find((kind) => kind.for_teams && !kind.ports.outputs.length);
  if (!team?.holds || !task || !result) throw new Error('There is no kind for teams.');
  return { team: { kind: team.kind, setting: team.holds.setting }, task, result };
}

/**
 * The nodes and wires of the team to be: its task to the left, its result to the right.
 *
 * @param {Graph} graph
 * @param {Node[]} members
 * @param {{ into: Wire[], first: string | undefined, ends: string[], task: import('./types.js').Kind, result: import('./types.js').Kind }} border
 */
function insides(graph, members, { into, first, ends, task, result }) {
  const taken = new Set(members.map((node) => node.id));
  const [start, finish] = [numbered('task', taken, '-'), numbered('result', taken, '-')];
  const [xs, ys] = [members.map((node) => node.position.x), members.map((node) => node.position.y)];
  const left = Math.min(...xs) - (into.length ? STEP : 0);
  const [top, y] = [Math.min(...ys), Math.round((Math.max(...ys) - Math.min(...ys)) / 2)];
  const moved = members.map((node) => ({ ...node, position: minus(node.position, { x: left, y: top }) }));
  const place = (/** @type {string} */ id, /** @type {import('./types.js').Kind} */ kind, /** @type {number} */ x) => ({
    id,
    kind: kind.kind,
    name: kind.title,
    settings: {},
    position: { x, y },
  });
  return {
    nodes: [
      ...(into.length ? [place(start, task, 0)] : []),
      ...moved,
      place(finish, result, Math.max(...xs) - left + STEP),
    ],
    wires: [
      ...graph.wires.flatMap((wire) => {
        if (taken.has(wire.source) && taken.has(wire.target)) return [wire];
        return into.includes(wire) && wire.source === first ? [ended({ ...wire, source: start }, 'source_port')] : [];
      }),
      ...ends.map((end) => ({ source: end, target: finish })),
    ],
  };
}

/** An id that is free in the graph for each member. @param {Graph} graph @param {readonly Node[]} members @returns {Map<string, string>} */
function fresh(graph, members) {
  const taken = new Set(graph.nodes.map((node) => node.id));
  return new Map(
    members.map(({ id }) => {
      const free = numbered(id, taken, '-');
      taken.add(free);
      return [id, free];
    }),
  );
}

/** Every node that names another one in its settings. @param {Catalogue} catalogue @param {readonly Node[]} nodes */
const referring = (catalogue, nodes) =>
  nodes.flatMap((node) =>
    (catalogue[node.kind]?.references ?? []).map((setting) => ({ node, to: String(node.settings[setting] ?? '') })),
  );

/** A node's settings with the nodes that they name under their new ids. @param {Catalogue} catalogue @param {Node} node @param {Map<string, string>} renamed */
function pointed(catalogue, node, renamed) {
  const named = catalogue[node.kind]?.references ?? [];
  return Object.fromEntries(
    Object.entries(node.settings).map(([name, value]) => [
      name,
      named.includes(name) ? (renamed.get(String(value)) ?? value) : value,
    ]),
  );
}

/** Where a wire arrives. @param {Catalogue} catalogue @param {Graph} graph @param {Wire} wire */
function portOf(catalogue, graph, { target, target_port }) {
  const ports = catalogue[nodeOf(graph, target)?.kind ?? '']?.ports.inputs ?? [];
  return target_port ? ports.find(({ name }) => name === target_port) : ports[0];
}

/** A wire whose end is another node now, at its usual port. @param {Wire} wire @param {'source_port' | 'target_port'} end @returns {Wire} */
function ended(wire, end) {
  const { [end]: _, ...rest } = wire;
  return rest;
}

/** @param {Wire[]} wires */
const unique = (wires) => [...new Map(wires.map((wire) => [JSON.stringify(wire), wire])).values()];

/** @param {readonly Node[]} nodes */
function middle(nodes) {
  const [xs, ys] = [nodes.map((node) => node.position.x), nodes.map((node) => node.position.y)];
  if (!nodes.length) return { x: 0, y: 0 };
  return {
    x: Math.round((Math.min(...xs) + Math.max(...xs)) / 2),
    y: Math.round((Math.min(...ys) + Math.max(...ys)) / 2),
  };
}

/** @param {import('./types.js').Position} one @param {import('./types.js').Position} other */
const minus = (one, other) => ({ x: one.x - other.x, y: one.y - other.y });

/** @param {Graph} graph @param {string[]} ids */
const list = (graph, ids) => ids.map((id) => nameOf(graph, id)).join(', ');
