/** Shortcuts of the workbench. Each is also a button or a menu somewhere; none works while a person is typing. */

/**
 * @param {{ undo: () => void, redo: () => void, copy: () => void, paste: () => void, duplicate: () => void,
 *   selectAll: () => void, train: () => void, fit: () => void, tidy: () => void }} actions
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
    'shift+f': actions.fit,
    'shift+t': actions.tidy,
  };
  document.addEventListener('keydown', (event) => {
    if (isTyping(event.target) || (event.key.toLowerCase() === 'c' && String(getSelection()))) return;
    const parts = [
      event.ctrlKey || event.metaKey ? 'ctrl' : '',
      event.shiftKey ? 'shift' : '',
      event.key.toLowerCase(),
    ];
    const action = shortcuts[parts.filter(Boolean).join('+')];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
