"""Whether a page can be used by everybody, as far as axe-core can tell."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from tests.app.conftest import ROOT

FINDS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any, all }) => `${id}: ${help}: ${html.slice(0, 200)} ${[...any, ...all][0]?.message ?? ''}`));
}"""


@cache
def _source() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def barriers(page: Page) -> list[str]:
    """What stands in somebody's way on the page as it is now."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(FINDS)
    return found
