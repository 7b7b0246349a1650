/** What came of a training, in words. */

import { percent, short } from './format.js';

const STILL_SOFT = "Ended while still soft: the curve is the soft team's, this loss the hard one's.";
/** Why the curve ends elsewhere, by what is taken away. @type {Record<string, string>} */
const TAKEN = {
  teams: ' The curve is of the steps as they were; this loss is of each team at its best.',
  best: ' The curve is of the steps as they were; this loss is of the best one.',
  average: ' The curve is of the steps as they were; this loss is of their average.',
};
/** What a loss says about a single row, by its name. @type {Record<string, (loss: number) => string>} */
const TYPICAL = {
  squared: (loss) => ` It is typically off by ${short(Math.sqrt(loss))}.`,
  absolute: (loss) => ` It is off by ${short(loss)} on average.`,
  logistic: right,
  cross_entropy: right,
};

/** How it ended, by the reason. @type {Record<string, string>} */
const ENDS = {
  stopped: 'Stopped after',
  time: 'Its time was up after',
  patience: 'It got no better any more after',
  target: 'It reached the target loss after',
};

/** How a training ended that came to its end. @param {{ step: number, reason: string }} ended */
export function ending({ step, reason }) {
  if (reason === 'solved') return 'Solved exactly, without a step';
  return `${ENDS[reason] ?? 'Done after'} ${step.toLocaleString('en')} ${step === 1 ? 'step' : 'steps'}`;
}

/**
 * What came of it in a few sentences; all the figures stand beside the curve.
 * @param {{ ended: any, started: any }} run its last event and its first
 * @param {{ id: string, name: string }[]} estimates
 */
export function outcome({ ended, started }, estimates) {
  if (ended.kind === 'diverged') return 'The parameters of the last good step are kept.';
  const curve = ended.softness > 0 ? ` ${STILL_SOFT}` : (TAKEN[started?.takes] ?? '');
  const told = estimates.flatMap(({ id, name }) => {
    const loss = ended.loss[id]?.holdout ?? ended.loss[id]?.train;
    const plain = started?.baseline?.[id];
    const alone = ended.loss[id]?.holdout === null ? plain?.train : plain?.holdout;
    const exact = started?.best?.[id];
    const possible = ended.loss[id]?.holdout === null ? exact?.train : exact?.holdout;
    const typical = typeof loss === 'number' ? (TYPICAL[started?.losses?.[id]]?.(loss) ?? '') : '';
    return typeof loss === 'number' ? [{ name, loss, alone, possible, typical }] : [];
  });
  const [first, ...others] = told;
  if (!first) return '';
  const best = others.reduce((one, other) => (other.loss < one.loss ? other : one), first);
  const comparable = told.every(({ alone }) => alone === first.alone);
  if (!comparable) return 'Beside the curve: each loss, and what one number for all rows would lose.';
  const loss = told.length > 1 ? `Best: ${best.name}, loss ${short(best.loss)}` : `Loss ${short(best.loss)}`;
  const known = typeof best.possible === 'number' && ended.reason !== 'solved';
  const possible = known ? ` Best possible: ${short(best.possible)}; set Solve to take it.` : '';
  return `${loss}${yardstick(best.loss, best.alone)}.${best.typical}${possible}${curve}`;
}

/** How a loss compares with that of one number for all rows. @param {number} loss @param {number | null | undefined} alone */
function yardstick(loss, alone) {
  if (!alone) return '';
  if (loss >= alone) return `, no better than one number for all rows, which would lose ${short(alone)}`;
  if (loss < alone / 200) return `; one number for all rows would lose ${short(alone)}`;
  return `, ${percent(1 - loss / alone)} less than one number for all rows would lose`;
}

/** @param {number} loss */
function right(loss) {
  return ` What is right is typically given a chance of ${percent(Math.exp(-loss))}.`;
}
