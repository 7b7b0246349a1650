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
 * @returns {() => Promise<void>} what to call to check again at once; done when the newest answer was found
 */
export function keepChecking(store, chosen, found) {
  let timer = 0;
  let newest = Promise.resolve();
  const one = async () => {
    const { table, target } = chosen();
    const body = { graph: store.graph, ...(table && { table }), target: target || null };
    return ask('POST', '/api/graphs/check', { body }).catch(() => null);
  };
  const check = async () => {
    clearTimeout(timer);
    const asked = one();
    const mine = asked.then((answer) => {
      if (answer && mine === newest) found(answer.value.problems);
    });
    newest = mine;
    for (let waited; waited !== newest; ) {
      waited = newest;
      await waited;
    }
  };
  store.addEventListener('change', () => {
    clearTimeout(timer);
    timer = window.setTimeout(check, WAIT_MS);
  });
  check();
  return check;
}
