/** The palette: a click or Enter adds a node in the middle, a drag adds it where it is dropped. */

/** @param {HTMLElement} palette @param {(kind: string) => void} add */
export function mountPalette(palette, add) {
  palette.addEventListener('click', (event) => {
    const kind = kindOf(event.target);
    if (kind) add(kind);
  });
  palette.addEventListener('dragstart', (event) => {
    const kind = kindOf(event.target);
    if (!kind || !event.dataTransfer) return;
    event.dataTransfer.setData('text/kind', kind);
    event.dataTransfer.effectAllowed = 'copy';
  });
}

/** @param {EventTarget | null} target */
const kindOf = (target) =>
  /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest('[data-kind]') : null)?.dataset.kind;
