/**
 * Asks the server, a moment after each change, for all that stands in the way of training.
 *
 * @import { Problem } from './types.js'
 * @import { Store } from './store.js'
 */

import { ask } from './api.js';

const WAIT_MS = 150;

/**
 * @param {Store} store
 * @param {() => { table: string | null, target: string | null }} chosen
 * @param {(problems: Problem[]) => void} found called with the newest answer only
 * @returns {() => Promise<void>} what to call to check again at once
 */
export function keepChecking(store, chosen, found) {
  let timer = 0;
  let newest = 0;
  const check = async () => {
    const number = ++newest;
    const { table, target } = chosen();
    const body = { graph: store.graph, ...(table && { table }), target: target || null };
    const answer = await ask('POST', '/api/graphs/check', { body }).catch(() => null);
    if (answer && number === newest) found(answer.value.problems);
  };
  store.addEventListener('change', () => {
    clearTimeout(timer);
    timer = window.setTimeout(check, WAIT_MS);
  });
  check();
  return check;
}
