/**
 * The buttons and figures of the training bar: what can be pressed now, how far the run is, how it ended.
 *
 * @import { Setup } from './types.js'
 * @import { Training } from './training.js'
 */

import { short } from './format.js';
import { ending, outcome } from './outcome.js';
import { shown } from './picture.js';
import { whenReleased } from './screen.js';
import { CHECKED } from './wrong_fields.js';

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const BUTTONS = /** @type {const} */ (['train', 'pause', 'resume', 'step', 'stop']);
const OUTDATED = {
  graph: {
    over: 'The graph has changed since this training. Rows and “Keep this model” are of the team as it was trained; “Train on” teaches the changed one.',
    on: 'The graph has changed since this training began. It goes on with the team as it was.',
  },
  data: {
    over: 'This training was on another table or for another target. Rows and “Keep this model” are of those; “Train” learns from what is chosen now.',
    on: 'This training began on another table or for another target. It goes on with those.',
  },
};
const RATES = 'write a number from 0 to 1,000, or leave it empty for “auto”.';
/** Which buttons are there at which stage. @type {Record<string, readonly string[]>} */
const SHOWN = {
  idle: ['train'],
  starting: ['train'],
  running: ['pause', 'stop'],
  paused: ['resume', 'step', 'stop'],
  stopping: ['stop'],
};

/**
 * @param {Training} training
 * @param {{ setup: () => Setup, change: (setup: Partial<Setup>) => void, estimates: () => { id: string, name: string }[] }} around
 */
export function mountControls(training, around) {
  for (const name of BUTTONS) element(name).addEventListener('click', () => training[name]());
  mountRate(training, around);
  mountPace(training, around);
  element('train-on').addEventListener('click', () => training.trainOn());
  element('logarithmic').addEventListener('change', (event) => {
    training.curve.scale(/** @type {HTMLInputElement} */ (event.target).checked);
  });
  element('keep').addEventListener('click', async () => {
    const id = await training.keep();
    if (id) location.href = `/models/${id}`;
  });
  training.addEventListener('change', () => draw(training, around));
  draw(training, around);
}

/** @param {Training} training @param {{ setup: () => Setup, change: (setup: Partial<Setup>) => void }} around */
function mountRate(training, { setup, change }) {
  const field = /** @type {HTMLInputElement} */ (element('rate'));
  const told = setup().settings.learning_rate;
  field.value = typeof told === 'number' ? String(told) : '';
  field.addEventListener('change', () => {
    const rate = field.value.trim() === '' ? 'auto' : Number(field.value.replace(',', '.'));
    const wrong = typeof rate === 'number' && !(rate >= 0 && rate <= 1000);
    const given = field.value.trim().slice(0, 40);
    field.setAttribute('aria-invalid', String(wrong));
    whenReleased(() => {
      hide(element('rate-error'), !wrong);
      write(element('rate-error'), wrong ? `Learning rate cannot be ${given}: ${RATES}` : '');
      document.dispatchEvent(new Event(CHECKED));
    });
    if (wrong) return;
    change({ settings: { ...setup().settings, learning_rate: rate } });
    if (typeof rate === 'number') training.change({ learning_rate: rate });
  });
}

/** @param {Training} training @param {{ setup: () => Setup, change: (setup: Partial<Setup>) => void }} around */
function mountPace(training, { setup, change }) {
  const field = /** @type {HTMLSelectElement} */ (element('pace'));
  const asked = JSON.stringify(setup().pace);
  const same = [...field.options].findIndex((option) => JSON.stringify(JSON.parse(option.value)) === asked);
  field.selectedIndex = same < 0 ? field.options.length - 1 : same;
  field.addEventListener('change', () => {
    const pace = JSON.parse(field.value);
    change({ pace });
    training.change({ pace });
  });
}

/** @param {Training} training @param {{ estimates: () => { id: string, name: string }[] }} around */
function draw(training, { estimates }) {
  for (const name of BUTTONS) hide(element(name), !SHOWN[training.stage]?.includes(name));
  /** @type {HTMLButtonElement} */ (element('train')).disabled = training.stage === 'starting';
  /** @type {HTMLButtonElement} */ (element('stop')).disabled = training.stage === 'stopping';
  write(element('run-state'), sentence(training));
  element('run-state').dataset.went = training.ended && training.ended.kind !== 'finished' ? 'wrong' : 'well';
  element('keep').classList.toggle('primary', training.ended?.kind === 'finished');
  const progress = /** @type {HTMLProgressElement} */ (element('progress'));
  const steps = training.started?.steps ?? 0;
  const share = steps ? Math.min(1, (training.ended?.step ?? shown()?.step ?? 0) / steps) : 0;
  if (progress.value !== share) progress.value = share;
  progress.dataset.still = String(training.stage === 'idle');
  const over = training.ended && training.ended.kind !== 'failed';
  hide(element('outcome'), !over);
  const learnt = over || training.stage === 'paused';
  /** @type {HTMLInputElement} */ (element('learnt-run')).value = learnt ? (training.run?.id ?? '') : '';
  const outdated = training.stage !== 'starting' && (over || training.stage !== 'idle') ? training.outdated : null;
  hide(element('outdated'), !outdated);
  write(element('outdated'), outdated ? OUTDATED[outdated][over ? 'over' : 'on'] : '');
  if (over) {
    write(element('outcome-text'), outcome(training, estimates()));
    /** @type {HTMLAnchorElement} */ (element('download')).href = `/api/runs/${training.run?.id}/model`;
  }
}

/** @param {Training} training */
function sentence({ stage, started, ended, connected, run }) {
  if (stage === 'idle' && ended)
    return (
      {
        finished: ending(ended),
        diverged: `${ended.message} ${ended.hint}`,
        failed: ended.message,
      }[/** @type {string} */ (ended.kind)] ?? ''
    );
  if (stage === 'idle') return 'Not trained yet';
  if (stage === 'starting') return 'Starting …';
  if (!connected) return 'The line to the server is lost; it goes on there, and here when the line is back.';
  if (run?.state === 'queued' && !started) return 'Waiting for its turn …';
  const step = shown()?.step ?? 0;
  const words = { running: 'Training', paused: 'Paused', stopping: 'Stopping' }[stage];
  return `${words} · step ${count(step)} of ${count(started?.steps ?? 0)} · rate ${short(shown()?.learning_rate)}`;
}

/** @param {number} number */
const count = (number) => number.toLocaleString('en');

/** @param {HTMLElement} target @param {string} text */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** @param {HTMLElement} target @param {boolean} hidden */
function hide(target, hidden) {
  if (target.hidden === hidden) return;
  const focused = target === document.activeElement;
  target.hidden = hidden;
  if (focused && hidden) {
    const next = BUTTONS.map(element).find((button) => !button.hidden);
    next?.focus();
  }
}
