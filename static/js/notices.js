/**
 * Whether all is saved, and what to do when it cannot be; and sentences that want to be read. A `notice` event brings
 * one, as text or with `until`: looked at whenever fields were checked, it says whether the sentence may go.
 *
 * @import { Autosave } from './autosave.js'
 */

import { CHECKED, titleOf, wrongFields, wrongNames } from './wrong_fields.js';

/** @type {Record<string, string>} */
const WORDS = {
  saved: 'Saved',
  changed: 'Not saved yet',
  saving: 'Saving …',
  offline: 'Not saved: no line',
  refused: 'Not saved',
  conflict: 'Not saved',
};

/** @param {HTMLElement} host @param {Autosave} autosave */
export function mountNotices(host, autosave) {
  const state = /** @type {HTMLElement} */ (document.getElementById('save-state'));
  const drawState = () => {
    const wrong = autosave.state === 'saved' ? wrongFields() : [];
    const what = wrong[1] ? `${wrong.length} settings` : wrong[0] && titleOf(wrong[0]);
    state.textContent = what ? `Not saved: ${what}` : (WORDS[autosave.state] ?? '');
    state.title = what ? `Not saved: ${wrongNames()}` : '';
    state.dataset.state = what ? 'refused' : autosave.state;
  };
  const draw = () => {
    drawState();
    host.querySelector('[data-notice="save"]')?.remove();
    if (autosave.state === 'conflict') {
      host.append(
        notice(
          'save',
          'This graph was changed in another window. Nothing is lost: choose which version to go on with.',
          [
            ['Take the other version', () => autosave.takeTheirs()],
            ['Keep mine', () => autosave.keepMine()],
          ],
        ),
      );
    } else if (autosave.state === 'refused' || autosave.state === 'offline')
      host.append(notice('save', autosave.message, []));
  };
  autosave.addEventListener('state', draw);
  draw();
  let until = () => false;
  document.addEventListener('notice', (event) => {
    host.querySelector('[data-notice="said"]')?.remove();
    const { detail } = /** @type {CustomEvent} */ (event);
    until = detail.until ?? (() => false);
    const element = notice('said', detail.text ?? String(detail), [['Close', () => element.remove()]]);
    host.append(element);
  });
  document.addEventListener(CHECKED, () => {
    drawState();
    if (until()) host.querySelector('[data-notice="said"]')?.remove();
  });
}

/** @param {string} name @param {string} text @param {[string, () => void][]} actions */
function notice(name, text, actions) {
  const element = document.createElement('div');
  element.className = 'notice';
  element.dataset.notice = name;
  element.setAttribute('role', 'alert');
  const words = document.createElement('p');
  words.textContent = text;
  const buttons = actions.map(([label, act]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', act);
    return button;
  });
  element.append(words, ...buttons);
  return element;
}
