"""Watching a training: live numbers on nodes and wires, a whole curve, the rows with their winners, on every window."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.conftest import Server
from tests.browser.bench import Bench, bench, graph_on, newest_run
from tests.browser.conftest import Visit, Watch
from tests.browser.line import line_to

pytestmark = pytest.mark.browser

SLOW = {"seconds": 30}
CURVE = ".curve .u-over"
GOES_ALONG_THE_CURVE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const host = document.querySelector('.curve');
  host.style.width = '9000px';
  while (host.querySelector('.u-over').clientWidth < 8000) await frame();
  await frame();
  const steps = new Set();
  const collect = (event) => event.detail && steps.add(event.detail[0]);
  host.addEventListener('curve:point', collect);
  const over = host.querySelector('.u-over');
  const { left, top, width } = over.getBoundingClientRect();
  over.dispatchEvent(new MouseEvent('mouseenter'));
  for (let x = 0; x <= width; x += 1) {
    over.dispatchEvent(new MouseEvent('mousemove', { clientX: left + x, clientY: top + 20, bubbles: true }));
    await null;
  }
  host.removeEventListener('curve:point', collect);
  host.style.width = '';
  return [...steps].sort((one, other) => one - other);
}"""


@pytest.fixture
def small(visit: Visit, server: Server) -> Bench:
    return bench(visit(graph_on(server)))


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def reported(server: Server, opened: Bench) -> list[int]:
    """The steps of all readings of the newest run, which is over, but for those that it went back from."""
    run = newest_run(server, opened)["id"]
    steps: set[int] = set()
    for block in server.client.get(f"/api/runs/{run}/events").text.split("\n\n"):
        data = re.search(r'^data: .*?"step":(\d+)', block, re.MULTILINE)
        if "event: reading" in block or "event: finished" in block:
            assert data
            steps.add(int(data[1]))
        elif "event: rewound" in block:
            assert data
            steps = {step for step in steps if step <= int(data[1])}
        elif "event: series" in block:
            steps.update(int(step) for step in re.findall(r"\[(\d+),[\d.]+,\{", block))
    return sorted(steps)


def drawn(page: Page) -> list[int]:
    """The steps of all points of the curve, by going along it from end to end."""
    steps: list[int] = page.evaluate(GOES_ALONG_THE_CURVE)
    return steps


def test_every_node_shows_its_result_and_both_feedbacks_while_it_learns(small: Bench) -> None:
    small.train()
    for node, readings in {
        "in": ("result", "feedback-in"),
        "dani": ("result", "feedback-in", "feedback-out", "wins"),
        "ely": ("result", "feedback-in", "feedback-out", "wins"),
        "max": ("result", "feedback-in", "feedback-out"),
        "out": ("result", "feedback-in", "feedback-out"),
    }.items():
        for reading in readings:
            expect(small.reading(node, reading)).to_have_text(re.compile(r"\d"))
    before = small.reading("dani", "result").inner_text()
    expect(small.reading("dani", "result")).not_to_have_text(before)
    small.is_done()
    assert number(small.reading("out", "result").inner_text()) == 6.0
    shares = [int(found) for id in ("dani", "ely") for found in re.findall(r"\d+", won(small, id).inner_text())]
    assert sum(shares) == 100
    expect(small.reading("out", "feedback-in")).to_have_text("0")


def won(small: Bench, id: str) -> Locator:
    return small.reading(id, "wins")


def test_wires_show_value_and_feedback_as_width_and_colour_and_tell_them_on_hover(small: Bench) -> None:
    small.pace("To watch (12 s)")
    small.train()
    for wire in small.wires.all():
        strands = wire.locator("[data-value]")
        expect(strands).not_to_have_attribute("data-value", "0")
        expect(strands).to_have_attribute("data-sign", re.compile("high|low|mixed"))
    wire = small.wire("Dani", "Loudest")
    value = wire.locator(".wire-value").evaluate("path => parseFloat(getComputedStyle(path).strokeWidth)")
    assert value > 0
    hover(wire)
    tip = small.page.get_by_role("tooltip")
    expect(tip).to_contain_text("Dani → Loudest")
    expect(tip).to_contain_text(re.compile(r"result → -?\d"))
    expect(tip).to_contain_text(re.compile(r"feedback ← -?\d"))
    expect(tip).to_contain_text(re.compile(r"\d+% of the rows"))
    small.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    small.pace("Full speed")
    small.is_done()
    expect(small.wire("Loudest", "Cost").locator("[data-feedback]")).to_have_attribute(
        "data-feedback", re.compile("[01]")
    )


def test_the_rows_show_estimates_target_and_the_winner(small: Bench) -> None:
    small.train()
    small.is_done()
    heads = small.rows.get_by_role("columnheader").all_inner_texts()
    assert heads == ["Row", "Cost", "Target", "Dani", "Ely", "California", "Renewables"]
    lines = small.rows.locator("tbody tr").all()
    assert len(lines) == 4
    winners = set()
    for line, (features, target) in zip(lines, PROJECTS, strict=True):
        cells = line.get_by_role("cell").all_inner_texts()
        assert cells[4:] == features
        assert number(cells[0]) == number(cells[1]) == target
        dani, ely = number(cells[2]), number(cells[3])
        expect(line.get_by_title("This worker won the row")).to_have_count(1)
        expect(line.get_by_title("This worker won the row")).to_have_text(cells[2] if dani > ely else cells[3])
        winners.add(dani > ely)
    assert winners == {True, False}


PROJECTS = [(["0", "0"], 1.0), (["1", "0"], 5.0), (["0", "1"], 8.0), (["1", "1"], 10.0)]


def test_the_curve_has_every_point_that_was_reported(small: Bench, server: Server) -> None:
    small.train()
    small.is_done()
    steps = reported(server, small)
    assert len(steps) > 20
    assert drawn(small.page) == steps
    small.page.reload()
    bench(small.page).is_done()
    assert drawn(small.page) == steps


def test_the_losses_follow_the_pointer_and_come_back(small: Bench) -> None:
    small.train()
    small.is_done()
    newest = small.loss("out").inner_text()
    box = small.page.locator(CURVE).bounding_box()
    assert box
    small.page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    expect(small.loss("out")).not_to_have_text(newest)
    small.page.mouse.move(5, 5)
    expect(small.loss("out")).to_have_text(newest)


def test_a_reload_goes_on_where_it_was(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, pace=SLOW)))
    small.train()
    expect(small.loss("out")).to_have_text(re.compile(r"\d"))
    small.page.reload()
    again = bench(small.page)
    expect(again.button("Pause")).to_be_visible()
    expect(again.reading("dani", "result")).to_have_text(re.compile(r"\d"))
    small.pace("Full speed")
    again.is_done()
    assert drawn(again.page) == reported(server, again)
    assert number(again.loss("out").inner_text()) < 1e-6


def test_a_second_window_shows_the_same_and_steers_the_same_run(visit: Visit, server: Server) -> None:
    path = graph_on(server, pace=SLOW)
    one = bench(visit(path))
    one.train()
    two = bench(visit(path))
    expect(two.reading("dani", "result")).to_have_text(re.compile(r"\d"))
    two.button("Pause").click()
    expect(one.state).to_contain_text("Paused")
    expect(one.button("Resume")).to_be_visible()
    for id in ("dani", "ely", "out"):
        expect(two.reading(id, "result")).to_have_text(one.reading(id, "result").inner_text())
    one.pace("Full speed")
    one.button("Resume").click()
    one.is_done()
    two.is_done()
    assert drawn(one.page) == drawn(two.page) == reported(server, one)


def test_a_lost_line_is_said_and_what_was_missed_comes_after(visit: Visit, server: Server, watch: Watch) -> None:
    watch.expect("ERR_(EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONNECTION|PROXY|SOCKET_NOT_CONNECTED)")
    with line_to(server.port) as line:
        small = bench(visit(graph_on(server, pace=SLOW), proxy=line.options))
        small.train()
        expect(small.loss("out")).to_have_text(re.compile(r"\d"))
        line.cut()
        expect(small.state).to_contain_text("The line to the server is lost")
        goes_on_without(server, small)
        line.mend()
        expect(small.state).to_contain_text("Training · step")
        small.pace("Full speed")
        small.is_done()
        assert drawn(small.page) == reported(server, small)
        small.page.context.close()


def goes_on_without(server: Server, small: Bench) -> None:
    """Wait until the run has taken steps of which the page knows nothing."""
    before = newest_run(server, small)["progress"]["step"]
    while newest_run(server, small)["progress"]["step"] < before + 50:
        pass


def test_an_edit_while_it_trains_leaves_the_run_alone(small: Bench) -> None:
    small.pace("To watch (12 s)")
    small.train()
    expect(small.loss("out")).to_have_text(re.compile(r"\d"))
    small.button("Add Linear").click()
    small.select("Dani")
    small.page.keyboard.press("Delete")
    expect(small.nodes).to_have_count(5)
    small.pace("Full speed")
    small.is_done()
    assert number(small.loss("out").inner_text()) < 1e-6
    small.button("Undo").click()
    expect(small.reading("dani", "result")).to_have_text(re.compile(r"\d"))


def hover(wire: Locator) -> None:
    middle: Any = wire.locator(".wire-reach").evaluate(
        """path => {
          const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
          return [at.x, at.y];
        }"""
    )
    wire.page.mouse.move(*middle)
