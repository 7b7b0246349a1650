/** Shortcuts of the workbench. Each is also a button or a menu somewhere; none works while a person is typing. */

/**
 * @param {{ undo: () => void, redo: () => void, copy: () => void, paste: () => void, duplicate: () => void,
 *   selectAll: () => void, train: () => void, pause: () => void, step: () => void, fit: () => void, tidy: () => void,
 *   search: () => void, help: () => void, fold: () => void, unfold: () => void, open: () => void, wires: () => void }} actions
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
    p: actions.pause,
    s: actions.step,
    '/': actions.search,
    '?': actions.help,
    'shift+f': actions.fit,
    'shift+t': actions.tidy,
  };
  document.addEventListener('keydown', (event) => {
    if (isTyping(event.target) || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.key.toLowerCase() === 'c' && String(getSelection())) return;
    const action = shortcuts[nameOf(event)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** Signs are named as they are, wherever they lie on a keyboard. @param {KeyboardEvent} event */
function nameOf(event) {
  const key = event.key.toLowerCase();
  const letter = key.length > 1 || /[a-z]/.test(key);
  return [event.ctrlKey || event.metaKey ? 'ctrl' : '', letter && event.shiftKey ? 'shift' : '', key]
    .filter(Boolean)
    .join('+');
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
