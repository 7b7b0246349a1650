/**
 * All that stands in the way of training, over the canvas but over none of its nodes; each entry leads to its node.
 *
 * @import { Workbench } from './workbench.js'
 */

/** @param {HTMLDetailsElement} host @param {Workbench} bench */
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
        if (problem.node) text.addEventListener('click', () => bench.reveal(problem.node ?? '', host));
        entry.append(text);
        return entry;
      }),
    );
  };
  const close = () => {
    const focused = host.contains(document.activeElement);
    host.open = false;
    if (focused) summary.focus();
  };
  host.addEventListener('toggle', () => host.open && bench.clear(host));
  host.querySelector('button')?.addEventListener('click', close);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && !document.querySelector('dialog[open]')) close();
  });
  bench.onProblems(draw);
  draw();
}
