/** What a person is typing into a field, from the first letter until it is taken over: by leaving the field or by Enter. */

const TYPED_INTO = 'input, textarea, select, [contenteditable]';
const NOT_TYPED_INTO = ['checkbox', 'radio', 'range', 'file', 'button', 'submit']
  .map((type) => `input[type="${type}"]`)
  .join();

/** The field whose typing is not taken over yet. @type {EventTarget | null} */
let begun = null;
document.addEventListener('input', ({ target }) => {
  begun = target;
});
for (const end of ['change', 'focusout']) {
  document.addEventListener(
    end,
    () => {
      begun = null;
    },
    true,
  );
}

/** Whether keys belong to what has the focus, for it takes letters. @param {EventTarget | null} target */
export const takesLetters = (target) =>
  target instanceof Element && target.matches(TYPED_INTO) && !target.matches(NOT_TYPED_INTO);

/** Whether a field holds typing that is not taken over yet. @param {EventTarget | null} target */
export const isBegun = (target) => target !== null && target === begun;

/** Takes over what was typed, as if the field had been left. @param {EventTarget | null} target */
export function takeOver(target) {
  if (!isBegun(target) || !(target instanceof HTMLElement)) return;
  target.blur();
  target.focus();
}

/** Puts back what stood in the field before. @param {EventTarget | null} target */
export function takeBack(target) {
  if (isBegun(target) && (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement))
    target.value = target.defaultValue;
}
