/**
 * What can be done with the selected nodes as a team, and the way back out of the team that one stands in.
 *
 * @import { Workbench } from './workbench.js'
 */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Workbench} bench */
export function mountTeams(bench) {
  const [tools, foldIt, open, unfoldIt] = ['team-tools', 'fold', 'open-team', 'unfold'].map(element);
  foldIt?.addEventListener('click', () => bench.fold());
  unfoldIt?.addEventListener('click', () => bench.unfold());
  open?.addEventListener('click', () => bench.selected[0] && bench.open(bench.selected[0]));

  const offer = () => {
    const { selected, view } = bench;
    const team = selected.length === 1 && view.holds(selected[0] ?? '');
    if (foldIt) foldIt.hidden = selected.length < 2;
    for (const button of [open, unfoldIt]) if (button) button.hidden = !team;
    if (tools) tools.hidden = selected.length < 2 && !team;
  };
  bench.addEventListener('selection', offer);
  bench.view.addEventListener('change', offer);
  bench.view.addEventListener('path', () => showPath(bench));
  bench.view.addEventListener('change', () => bench.view.path.length && showPath(bench));
  offer();
}

/** The names on the way to where one stands; each but the last leads back. @param {Workbench} bench */
function showPath(bench) {
  const { view } = bench;
  const way = element('way');
  way.hidden = !view.path.length;
  const steps = view.names.map((name, depth) => {
    const entry = document.createElement('li');
    const here = depth === view.path.length;
    const step = document.createElement(here ? 'strong' : 'button');
    step.textContent = name;
    if (here) step.setAttribute('aria-current', 'location');
    else step.addEventListener('click', () => bench.go(view.path.slice(0, depth)));
    entry.append(step);
    return entry;
  });
  way.querySelector('ol')?.replaceChildren(...steps);
  const palette = element('palette');
  palette.toggleAttribute('data-inside', view.path.length > 0);
  palette.dispatchEvent(new Event('palette:inside'));
}
