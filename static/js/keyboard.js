/**
 * Shortcuts of the workbench. Each is also a button or a menu somewhere. Where a person is typing, none works but Train,
 * and undo and redo once what was typed is taken over.
 */

import { isBegun, takeOver, takesLetters } from './typing.js';

const WHILE_TYPING = new Set(['ctrl+enter']);
const ONCE_TYPED = new Set(['ctrl+z', 'ctrl+shift+z', 'ctrl+y']);

/**
 * @param {{ undo: () => void, redo: () => void, copy: () => void, paste: () => void, duplicate: () => void,
 *   selectAll: () => void, train: () => void, pause: () => void, step: () => void, fit: () => void, tidy: () => void,
 *   search: () => void, help: () => void, fold: () => void, unfold: () => void, open: () => void, wires: () => void,
 *   rename: () => void }} actions
 */
export function mountKeyboard(actions) {
  /** @type {Record<string, () => void>} */
  const shortcuts = {
    'ctrl+z': actions.undo,
    'ctrl+shift+z': actions.redo,
    'ctrl+y': actions.redo,
    'ctrl+c': actions.copy,
    'ctrl+v': actions.paste,
    'ctrl+d': actions.duplicate,
    'ctrl+a': actions.selectAll,
    'ctrl+enter': actions.train,
    'ctrl+g': actions.fold,
    'ctrl+shift+g': actions.unfold,
    o: actions.open,
    w: actions.wires,
    f2: actions.rename,
    p: actions.pause,
    s: actions.step,
    '/': actions.search,
    '?': actions.help,
    'shift+f': actions.fit,
    'shift+t': actions.tidy,
  };
  document.addEventListener('keydown', (event) => {
    const name = nameOf(event);
    if (event.altKey || document.querySelector('dialog[open]') || isForField(name, event.target)) return;
    if (event.key.toLowerCase() === 'c' && String(getSelection())) return;
    const action = shortcuts[name];
    if (!action) return;
    event.preventDefault();
    if (WHILE_TYPING.has(name)) takeOver(event.target);
    action();
  });
}

/** Whether a key edits the field that it was pressed in. @param {string} name @param {EventTarget | null} target */
function isForField(name, target) {
  if (!takesLetters(target) || WHILE_TYPING.has(name)) return false;
  return !ONCE_TYPED.has(name) || isBegun(target);
}

/** Signs are named as they are, wherever they lie on a keyboard. @param {KeyboardEvent} event */
function nameOf(event) {
  const key = event.key.toLowerCase();
  const letter = key.length > 1 || /[a-z]/.test(key);
  return [event.ctrlKey || event.metaKey ? 'ctrl' : '', letter && event.shiftKey ? 'shift' : '', key]
    .filter(Boolean)
    .join('+');
}
