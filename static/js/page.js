/** What every page needs: htmx for its forms, the theme button, and a sentence when the server cannot be reached. */

import htmx from 'htmx.org';
import { mountTheme } from './theme.js';

const theme = document.getElementById('theme');
if (theme) mountTheme(theme);

/** @param {string} text */
export function say(text) {
  const place = document.getElementById('announcer');
  if (!place) return;
  place.textContent = '';
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}

document.addEventListener('submit', (event) => {
  const form = event.target instanceof HTMLFormElement ? event.target : null;
  if (form?.dataset.confirm && !confirm(form.dataset.confirm)) event.preventDefault();
});

for (const time of document.querySelectorAll('time')) {
  const moment = new Date(time.dateTime);
  time.title = moment.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
  time.textContent = ago(moment);
}

/** A time of today as how long ago it was, any other as its date. @param {Date} moment */
function ago(moment) {
  const minutes = (Date.now() - moment.getTime()) / 60_000;
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (minutes < 1) return 'just now';
  if (minutes < 60) return words.format(-Math.floor(minutes), 'minute');
  if (minutes < 24 * 60) return words.format(-Math.floor(minutes / 60), 'hour');
  return moment.toLocaleDateString('en', { dateStyle: 'medium' });
}

document.addEventListener('htmx:error', () => say('The server cannot be reached. Try again in a moment.'));
Object.assign(window, { htmx });
