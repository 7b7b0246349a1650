"""Steering a training: start, pause, step, resume, stop; another learning rate; what stands in its way."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.app.conftest import Server
from tests.app.uploads import uploaded
from tests.browser.bench import GRAPH, Bench, bench, graph_on, newest_run
from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

SLOW = {"seconds": 30}


def path_of(opened: Bench) -> str:
    return urlsplit(opened.page.url).path


def step_of(opened: Bench) -> int:
    """The step that the page says the run is at."""
    said = re.search(r"step ([\d,]+)", opened.state.inner_text())
    assert said, opened.state.inner_text()
    return int(said[1].replace(",", ""))


def is_past(opened: Bench, step: int) -> None:
    """Wait until the run is said to be beyond a step."""
    opened.page.wait_for_function(
        """step => Number(/step ([\\d,]+)/.exec(document.querySelector('#run-state').textContent)?.[1]
          .replaceAll(',', '')) > step""",
        arg=step,
    )


def test_train_waits_until_the_page_can_do_it(visit: Visit, server: Server) -> None:
    train = visit(graph_on(server), java_script_enabled=False).get_by_role("button", name="Train", exact=True)
    expect(train).to_be_disabled()


def test_a_run_is_paused_stepped_resumed_and_stopped(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, pace=SLOW)))
    small.train()
    is_past(small, 10)
    small.button("Pause").click()
    expect(small.state).to_contain_text("Paused")
    expect(small.button("Resume")).to_be_visible()
    expect(small.button("Train")).to_be_hidden()
    small.page.wait_for_function(RESTS, arg=None, polling=100)
    paused = step_of(small)
    small.button("Step").click()
    expect(small.state).to_contain_text(f"step {paused + 1:,} of")
    assert newest_run(server, small)["state"] == "paused"
    small.button("Resume").click()
    is_past(small, paused + 10)
    small.stop()
    run = newest_run(server, small)
    assert run["state"] == "stopped"
    told = re.search(r"Stopped after ([\d,]+) steps", small.state.inner_text())
    assert told and paused + 10 < int(told[1].replace(",", "")) < 2000
    expect(small.button("Train")).to_be_visible()
    expect(small.page.get_by_text("Ended while still soft")).to_be_visible()
    expect(small.page.get_by_role("link", name="Download JSON")).to_be_visible()


def test_the_keyboard_starts_pauses_steps_and_resumes(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, pace=SLOW)))
    small.page.keyboard.press("Control+Enter")
    is_past(small, 5)
    small.page.keyboard.press("p")
    expect(small.state).to_contain_text("Paused")
    small.page.wait_for_function(RESTS, arg=None, polling=100)
    paused = step_of(small)
    small.page.keyboard.press("s")
    expect(small.state).to_contain_text(f"step {paused + 1:,} of")
    small.page.keyboard.press("p")
    is_past(small, paused + 5)
    small.stop()


def test_the_keyboard_starts_where_it_has_just_wired(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, GRAPH | {"wires": GRAPH["wires"][:-1]})))
    small.port("output of Loudest").press("Enter")
    small.port("input of Cost").press("Enter")
    expect(small.wire("Loudest", "Cost")).to_be_attached()
    small.page.keyboard.press("Control+Enter")
    small.is_done()
    expect(small.wires).to_have_count(5)


def test_another_learning_rate_is_taken_up_while_it_trains(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, pace=SLOW)))
    rate = small.page.get_by_role("textbox", name="rate")
    small.train()
    is_past(small, 5)
    rate.fill("0,0125")
    rate.press("Enter")
    expect(small.state).to_contain_text("rate 0.013")
    is_past(small, step_of(small) + 5)
    rate.fill("fast")
    rate.press("Enter")
    expect(rate).to_have_attribute("aria-invalid", "true")
    expect(small.state).to_contain_text("rate 0.013")
    small.pace("Full speed")
    small.is_done()


def test_a_run_that_diverges_says_at_which_step_and_what_to_try(visit: Visit, server: Server) -> None:
    path = graph_on(server, settings={"holdout": 0, "optimizer": "sgd", "schedule": "constant", "learning_rate": 900})
    small = bench(visit(path))
    small.button("Train").click()
    expect(small.state).to_contain_text(re.compile(r"step [\d,]+"))
    expect(small.state).to_contain_text("learning rate")
    assert newest_run(server, small)["state"] == "diverged"
    expect(small.page.get_by_text("The parameters of the last good step are kept.")).to_be_visible()
    with small.page.expect_download() as downloaded:
        small.page.get_by_role("link", name="Download JSON").click()
    assert "NaN" not in downloaded.value.path().read_text()
    small.page.get_by_role("textbox", name="rate").fill("0.01")
    small.page.keyboard.press("Enter")
    small.pace("Full speed")
    small.button("Train").click()
    small.is_done()
    assert float(small.loss("out").inner_text()) < 12


def test_what_stands_in_the_way_of_training_is_said(visit: Visit, server: Server) -> None:
    broken = GRAPH | {"wires": GRAPH["wires"][:-1]}
    small = bench(visit(graph_on(server, broken)))
    expect(small.page.get_by_text("to mend")).to_be_visible()
    said = small.page.get_by_role("button", name="Node 'Cost'")
    expect(said).to_be_hidden()
    small.button("Train").click()
    expect(said).to_be_visible()
    expect(small.state).to_have_text("Not trained yet")
    small.page.keyboard.press("Escape")
    expect(said).to_be_hidden()
    expect(small.page.get_by_text("to mend")).to_be_focused()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_is_to_be_mended_leaves_the_canvas_to_be_seen(visit: Visit, server: Server, size: tuple[int, int]) -> None:
    small = bench(visit(graph_on(server, GRAPH | {"wires": []}), size=size))
    small.button("Train").click()
    list_of_problems = small.page.locator("#problems")
    expect(list_of_problems.get_by_role("listitem")).to_have_count(8)
    box, stage = list_of_problems.bounding_box(), small.graph.bounding_box()
    assert box and stage
    assert box["width"] * box["height"] < 0.4 * stage["width"] * stage["height"]
    list_of_problems.get_by_role("button", name="Close").click()
    expect(list_of_problems.get_by_role("listitem").first).to_be_hidden()
    expect(small.page.get_by_text("to mend")).to_be_visible()


def test_without_a_table_the_way_to_one_is_said(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, table=None, target=None)))
    small.button("Train").click()
    expect(small.page.get_by_role("alert")).to_contain_text("choose a table")
    small.page.get_by_role("combobox", name="Table").select_option("California projects")
    expect(small.page.get_by_role("combobox", name="Target")).to_have_value("Cost ($m)")
    small.train()
    small.is_done()


def test_what_can_be_chosen_is_called_and_told_as_people_know_it(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    small.tab("Training").click()
    optimiser = small.page.get_by_role("combobox", name="Optimiser")
    expect(optimiser.get_by_role("option", name="Gradient descent")).to_be_attached()
    optimiser.select_option("sgd")
    expect(small.page.locator("[id$=optimizer-help]")).to_contain_text("Takes a step against")


def test_settings_of_the_training_are_kept_and_used(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    small.tab("Training").click()
    epochs = small.page.get_by_role("textbox", name="Epochs")
    epochs.fill("-3")
    epochs.press("Tab")
    expect(small.page.get_by_role("tabpanel").get_by_role("alert")).to_be_visible()
    epochs.fill("37")
    epochs.press("Tab")
    expect(small.page.get_by_role("tabpanel").get_by_role("alert")).to_have_count(0)
    with small.page.expect_response("**/training"):
        small.page.get_by_role("combobox", name="Optimiser").select_option("sgd")
    small.page.reload()
    expect(small.page.get_by_role("textbox", name="Epochs", include_hidden=True)).to_have_value("37")
    small = bench(small.page)
    small.train()
    small.is_done()
    settings = newest_run(server, small)["settings"]
    assert (settings["epochs"], settings["optimizer"]) == (37, "sgd")


def test_a_setting_that_cannot_be_keeps_no_other_from_being_saved_and_is_not_trained_with(
    visit: Visit, server: Server
) -> None:
    small = bench(visit(graph_on(server)))
    small.tab("Training").click()
    panel = small.page.get_by_role("tabpanel")
    epochs = small.page.get_by_role("textbox", name="Epochs")
    epochs.fill("-5")
    rate = small.page.get_by_role("textbox", name="rate")
    rate.fill("-1")
    rate.press("Tab")
    expect(small.page.get_by_text("Learning rate cannot be -1: write a number from 0 to 1,000")).to_be_visible()
    said = panel.get_by_text("Epochs cannot be -5: write a whole number from 1 to 10,000,000")
    expect(said).to_be_visible()
    expect(epochs).to_have_accessible_description(re.compile("Epochs cannot be -5"))
    with small.page.expect_response("**/training"):
        small.page.get_by_role("combobox", name="Optimiser").select_option("sgd")
    expect(said).to_be_visible()
    expect(small.page.get_by_text("Not saved: 2 settings")).to_be_visible()
    graph = small.page.url.rsplit("/", 1)[1]
    setup = server.client.get(f"/api/graphs/{graph}/setup").json()
    assert setup["settings"] == {"holdout": 0, "optimizer": "sgd"}

    small.button("Train").click()
    expect(rate).to_be_focused()
    notice = small.page.get_by_role("alert").filter(has_text="Training has not begun")
    expect(notice).to_contain_text("mend Learning rate and Epochs first")
    rate.fill("")
    small.tab("Guide").click()
    small.button("Train").click()
    expect(epochs).to_be_focused()
    expect(notice).to_contain_text("mend Epochs first")
    assert server.client.get("/api/runs", params={"graph": graph}).json()["runs"] == []
    epochs.fill("7")
    small.button("Train").click()
    small.is_done()
    expect(notice).to_have_count(0)
    small.is_saved()
    trained_with = {"holdout": 0, "optimizer": "sgd", "epochs": 7, "learning_rate": "auto"}
    assert newest_run(server, small)["settings"] == trained_with


def test_a_wrong_setting_of_a_node_is_led_to_and_its_others_are_kept(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    small.select("Dani")
    width = small.page.get_by_role("textbox", name="Width")
    width.fill("0")
    small.page.get_by_role("textbox", name="Name", exact=True).fill("Fay")
    small.page.get_by_role("textbox", name="Name", exact=True).press("Tab")
    expect(small.node("Fay")).to_be_visible()
    small.tab("Guide").click()
    small.button("Train").click()
    expect(width).to_be_focused()
    expect(small.page.get_by_role("tabpanel")).to_contain_text("Width cannot be 0: write a whole number from 1")
    expect(small.state).to_have_text("Not trained yet")


def test_what_was_typed_just_before_train_is_trained_with(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    small.tab("Training").click()
    small.page.route("**/training", lambda route: None)
    small.page.get_by_role("textbox", name="Epochs").fill("9")
    small.button("Train").click()
    expect(small.state).to_have_text("Not trained yet")
    small.page.unroute("**/training")
    small.is_done()
    assert newest_run(server, small)["settings"]["epochs"] == 9


RESTS = """() => {
  const said = document.querySelector('#run-state').textContent;
  const rests = window.saidBefore === said;
  window.saidBefore = said;
  return rests;
}"""


def test_another_target_than_the_training_had_is_said_to_be_another(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server)))
    small.train()
    small.is_done()
    said = small.page.locator("#outdated")
    expect(said).to_be_hidden()
    small.tab("Data").click()
    target = small.page.get_by_role("combobox", name="Target")
    target.select_option("California")
    expect(said).to_contain_text("on another table or for another target")
    target.select_option("Cost ($m)")
    expect(said).to_be_hidden()


def test_a_graph_that_changed_since_its_training_is_said_to_have(visit: Visit, server: Server) -> None:
    small = bench(visit(graph_on(server, pace=SLOW)))
    said = small.page.locator("#outdated")
    small.train()
    is_past(small, 5)
    expect(said).to_be_hidden()
    small.select("Ely")
    small.node("Ely").press("Delete")
    expect(said).to_contain_text("The graph has changed since this training began. It goes on with the team as it was.")
    small.pace("Full speed")
    small.is_done()
    expect(said).to_contain_text("“Keep this model” are of the team as it was trained; “Train on” teaches the changed")
    expect(small.rows.get_by_role("columnheader", name="Ely")).to_be_visible()
    small.is_saved()
    small = bench(visit(path_of(small)))
    expect(small.node("Ely")).to_have_count(0)
    said = small.page.locator("#outdated")
    expect(said).to_be_visible()
    expect(small.rows.get_by_role("columnheader", name="Ely")).to_be_visible()
    small.button("Add Linear").click()
    small.draw("Project", "Alex")
    small.draw("Alex", "Loudest")
    small.button("Train on").click()
    expect(said).to_be_hidden()
    small.is_done()
    expect(said).to_be_hidden()
    small.button("Tidy").click()
    expect(small.button("Undo")).to_have_attribute("title", "Undo: Tidy up")
    expect(said).to_be_hidden()
    small.select("Dani")
    small.page.get_by_role("textbox", name="Width").fill("2")
    small.page.keyboard.press("Tab")
    expect(said).to_be_visible()
    small.button("Undo").click()
    expect(said).to_be_hidden()


def test_a_run_that_cannot_begin_says_what_to_do_and_draws_no_curve(visit: Visit, server: Server) -> None:
    """How many of the classes can be learnt is known from the rows alone."""
    towns = "".join(f"{row},{('Rome', 'Oslo', 'Bonn')[row % 3]}\n" for row in range(9))
    table = uploaded(server, f"size,town\n{towns}")["id"]
    nodes = [node | ({"settings": {"width": 2}} if node["kind"] == "linear" else {}) for node in GRAPH["nodes"]]
    small = bench(visit(graph_on(server, GRAPH | {"nodes": nodes}, table=table, target="town")))
    small.button("Train").click()
    expect(small.state).to_contain_text("needs 3 numbers, one for each class; it is given 2. Set the width")
    expect(small.page.locator(".curve canvas")).to_have_count(0)
