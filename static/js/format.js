/** Numbers as people read them: short, never wider than nine characters, with about as many digits whatever their size. */

/** @type {[number, string][]} */
const LARGE = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
];
const GROUPED = 1e4;
const groups = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** @param {number | null | undefined} value @returns {string} */
export function short(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-3) return value.toExponential(1).replace('e+', 'e');
  for (const [unit, letter] of LARGE) if (size >= unit) return `${(value / unit).toPrecision(4)}${letter}`;
  if (size >= GROUPED) return groups.format(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 100) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  return value.toFixed(3);
}

/** The same where numbers stand below one another and every one counts: up to a billion in full. @param {number} value */
export function full(value) {
  const size = Math.abs(value);
  return size >= 1000 && size < 1e9 ? groups.format(value) : short(value);
}

/** The same for readings that die away: what is nothing but rounding is nothing. @param {number | null | undefined} value */
export const fading = (value) => (value !== null && value !== undefined && Math.abs(value) < 1e-9 ? '0' : short(value));

/** @param {number | undefined} value */
export const percent = (value) => (value === undefined ? '' : `${Math.round(value * 100)}%`);

/** The typical size of what has this mean and spread. @param {{ mean: number | null, std: number | null } | undefined} summary */
export const typical = (summary) =>
  summary && summary.mean !== null && summary.std !== null ? Math.hypot(summary.mean, summary.std) : null;

/** A cell of a table: numbers in full, what is missing as a dash. @param {unknown} value */
export function cell(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < GROUPED ? String(value) : full(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
