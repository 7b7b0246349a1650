/**
 * The palette: a click or Enter adds a node in the middle, a drag adds it where it is dropped; a search unfolds what
 * it finds.
 */

/** @param {HTMLElement} palette @param {(kind: string) => void} add @param {() => void} leave called at Escape when nothing is searched for */
export function mountPalette(palette, add, leave) {
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
  mountSearch(palette, add, leave);
}

/** @param {HTMLElement} palette @param {(kind: string) => void} add @param {() => void} leave */
function mountSearch(palette, add, leave) {
  const search = /** @type {HTMLInputElement} */ (palette.querySelector('#palette-search'));
  const none = /** @type {HTMLElement} */ (palette.querySelector('#palette-none'));
  const entries = /** @type {HTMLElement[]} */ ([...palette.querySelectorAll('[data-kind]')]);
  const folds = [...palette.querySelectorAll('details')];
  const families = /** @type {HTMLElement[]} */ ([...palette.querySelectorAll('section')]);
  /** @type {boolean[] | null} */
  let before = null;

  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = entries.filter((entry) => {
      const here = palette.hasAttribute('data-inside') || !entry.closest('.palette-inside');
      entry.hidden = !here || !words.every((word) => entry.dataset.words?.includes(word));
      return !entry.hidden;
    });
    if (words.length) before ??= folds.map((fold) => fold.open);
    folds.forEach((fold, place) => {
      if (words.length) fold.open = true;
      else if (before) fold.open = before[place] ?? false;
    });
    if (!words.length) before = null;
    palette.toggleAttribute('data-searching', words.length > 0);
    for (const family of families) family.hidden = !found.some((entry) => family.contains(entry));
    none.hidden = found.length > 0;
  };
  search.addEventListener('input', draw);
  palette.addEventListener('palette:inside', draw);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !search.value) leave();
    if (event.key === 'Escape') search.value = '';
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      const first = best(entries, search.value.trim().toLowerCase());
      if (!first) return;
      add(first);
      search.select();
      return;
    } else return;
    draw();
  });
}

/** The kind that a search means: the one that begins so, or else the first that is found. @param {HTMLElement[]} entries @param {string} text */
function best(entries, text) {
  const found = entries.filter((entry) => !entry.hidden && getComputedStyle(entry).display !== 'none');
  const named = found.find((entry) => entry.dataset.words?.startsWith(text));
  return text ? (named ?? found[0])?.dataset.kind : undefined;
}

/** @param {EventTarget | null} target */
const kindOf = (target) =>
  /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest('[data-kind]') : null)?.dataset.kind;
