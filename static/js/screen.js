/** What the screen is like, as workbench.css has it too. */

/** Too small for canvas, palette, details and results side by side. */
export const SMALL = matchMedia('(max-width: 820px), (max-height: 520px)');
/** The person asked for no motion. */
export const STILL = matchMedia('(prefers-reduced-motion: reduce)');

let pressed = false;
addEventListener('pointerdown', () => setPressed(true), true);
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(setPressed, 0, false), true);

/** @param {boolean} now */
function setPressed(now) {
  pressed = now;
  if (!now) dispatchEvent(new Event('released'));
}

/** Does now what moves the page, or when the button of the mouse is up: what is pressed does not slip away. @param {() => void} act */
export function whenReleased(act) {
  if (pressed) addEventListener('released', act, { once: true });
  else act();
}
