/**
 * One EventSource a page: follows a run and goes on where it was after a lost line, a hidden tab or a reload.
 *
 * @import { Reading, SeriesPoint } from './types.js'
 */

const KINDS = [
  'started',
  'reading',
  'series',
  'paused',
  'resumed',
  'changed',
  'rewound',
  'diverged',
  'failed',
  'finished',
  'deleted',
];
const LAST = new Set(['finished', 'diverged', 'failed', 'deleted']);
const AGAIN_MS = 1000;

/** @typedef {{ kind: string, data: any }} RunEvent */

/**
 * Follows a run. Gives back what to call to leave it.
 *
 * @param {string} run
 * @param {(event: RunEvent) => void} onEvent called for every event, in order, each once
 * @param {(connected: boolean) => void} onLine whether the line to the server stands
 * @param {number} [wait] milliseconds until a server that refused is asked again
 */
export function follow(run, onEvent, onLine, wait = AGAIN_MS) {
  let last = 0;
  let over = false;
  /** @type {EventSource | null} */
  let source = null;

  const open = () => {
    if (source || over) return;
    source = new EventSource(`/api/runs/${run}/events?after=${last}`);
    source.onopen = () => onLine(true);
    source.onerror = () => {
      onLine(false);
      if (source?.readyState === EventSource.CLOSED) reopen();
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        const number = Number(message.lastEventId);
        if (kind !== 'deleted' && number <= last) return;
        last = number;
        if (LAST.has(kind)) leave();
        onEvent({ kind, data: JSON.parse(message.data) });
      });
    }
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const reopen = () => {
    close();
    window.setTimeout(() => document.visibilityState === 'visible' && open(), wait);
  };
  const seen = () => (document.visibilityState === 'visible' ? open() : close());
  const leave = () => {
    over = true;
    close();
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('pagehide', close);
  };

  document.addEventListener('visibilitychange', seen);
  addEventListener('pagehide', close);
  if (document.visibilityState === 'visible') open();
  return leave;
}

/** The losses of a reading as a point of the curve. @param {Reading} reading @returns {SeriesPoint} */
export const pointOf = (reading) => [
  reading.step,
  reading.epoch,
  Object.fromEntries(Object.entries(reading.loss).map(([id, { train, holdout }]) => [id, [train, holdout]])),
];
