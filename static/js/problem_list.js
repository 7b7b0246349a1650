/**
 * All that stands in the way of training, below the canvas; each entry leads to its node.
 *
 * @import { Workbench } from './workbench.js'
 */

/** @param {HTMLElement} host @param {Workbench} bench */
export function mountProblems(host, bench) {
  const summary = /** @type {HTMLElement} */ (host.querySelector('summary'));
  const list = /** @type {HTMLElement} */ (host.querySelector('ul'));
  const draw = () => {
    const { problems } = bench;
    host.hidden = problems.length === 0;
    summary.textContent = problems.length === 1 ? '1 thing to mend' : `${problems.length} things to mend`;
    list.replaceChildren(
      ...problems.map((problem) => {
        const entry = document.createElement('li');
        const text = document.createElement(problem.node ? 'button' : 'span');
        text.textContent = `${problem.message} ${problem.hint}`;
        if (problem.node) text.addEventListener('click', () => bench.reveal(problem.node ?? ''));
        entry.append(text);
        return entry;
      }),
    );
  };
  bench.onProblems(draw);
  draw();
}
