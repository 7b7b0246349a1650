/** What the screen is like, as workbench.css has it too. */

/** Too small for canvas, palette, details and results side by side. */
export const SMALL = matchMedia('(max-width: 820px), (max-height: 520px)');
/** The person asked for no motion. */
export const STILL = matchMedia('(prefers-reduced-motion: reduce)');
