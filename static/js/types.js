/**
 * The shapes that the browser and the server share. Types only; nothing runs here.
 *
 * @typedef {{ x: number, y: number }} Position
 * @typedef {{ id: string, kind: string, name: string, settings: Record<string, unknown>, position: Position }} Node
 * @typedef {{ source: string, target: string, source_port?: string, target_port?: string }} Wire
 * @typedef {{ format: string, version: number, name: string, nodes: readonly Node[], wires: readonly Wire[] }} Graph
 *
 * @typedef {{ name: string, least: number, most: number | null, help: string, joins: boolean }} Port
 * @typedef {{ kind: string, title: string, family: string, help: string, feedback: string, formula: string,
 *   ports: { inputs: Port[], outputs: { name: string }[] }, for_teams?: boolean, documents?: readonly string[],
 *   references?: readonly string[], holds?: { setting: string, empty: Graph } | null }} Kind
 * @typedef {Record<string, Kind>} Catalogue
 *
 * @typedef {{ code: string, message: string, hint: string, node: string | null, wire: string | null }} Problem
 * @typedef {{ name: string, apply: (graph: Graph) => Graph, merge?: string }} Command
 *
 * @typedef {{ low: number, high: number, counts: number[] }} Histogram
 * @typedef {{ mean: number | null, std: number | null, histogram: Histogram }} Summary
 * @typedef {{ result: Summary, re_result: Summary, re_task?: Summary, wins?: number,
 *   parameters?: { norm: number, change: number } }} NodeReading
 * @typedef {{ result: number | null, feedback: number | null, size: number | null, wins?: number }} WireReading
 * @typedef {{ train: number | null, holdout: number | null }} Losses
 * @typedef {number | string | boolean | null} Told a value of a column
 * @typedef {{ rows: number[], results: Record<string, (number | null)[]>, feedback: Record<string, (number | null)[]>,
 *   answers: Record<string, { values: Told[], chances: number[] }>, targets: Record<string, Told[]>,
 *   winners: Record<string, string[]> }} RowReadings
 * @typedef {{ run: string, step: number, epoch: number, learning_rate: number, softness: number,
 *   loss: Record<string, Losses>, nodes: Record<string, NodeReading>, wires: Record<string, WireReading>,
 *   rows: RowReadings }} Reading
 * @typedef {[step: number, epoch: number, losses: Record<string, [number | null, number | null]>]} SeriesPoint
 *
 * @typedef {{ table: string | null, target: string | null, settings: Record<string, unknown>,
 *   pace: { seconds: number } | { steps_per_second: number } | null }} Setup
 * @typedef {{ id: string, state: string, table: string, target: string | null, [more: string]: unknown }} Run
 */

export {};
