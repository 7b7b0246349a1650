"""How fast a run goes, told on a clock of the test's own."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.runs import pace
from app.runs.pace import steps_per_second
from app.runs.pacing import LONGEST, READING_SHARE, SLICE, YOUNG, Pacing, Thinning


def slices(pacing: Pacing, seconds: float, cost: float, reading: float = 0.0) -> list[tuple[float, int]]:
    """When each slice of a run began, and the step after it, where a step takes `cost` seconds."""
    found: list[tuple[float, int]] = []
    now, step = 0.0, 0
    while now < seconds:
        now += pacing.rest(now, step)
        began, step = now, step + pacing.steps(now, step)
        now = began + (step - (found[-1][1] if found else 0)) * cost
        pacing.stepped(now)
        now += reading
        pacing.took(now, step)
        found.append((began, step))
    return found


@pytest.mark.parametrize("cost", [1e-7, 1e-5, 1e-3, 0.02])
def test_slices_grow_to_50_ms_whatever_a_step_costs(cost: float) -> None:
    found = slices(Pacing(), 3, cost)
    assert found[0] == (0.0, 1)
    lengths = [after - before for (before, _), (after, _) in pairwise(found)]
    assert lengths[-1] == pytest.approx(SLICE, rel=0.5)
    assert max(lengths) < 2 * SLICE


def test_a_step_longer_than_a_slice_is_taken_by_itself() -> None:
    assert [step for _, step in slices(Pacing(), 2.9, 0.3)] == list(range(1, 11))


@pytest.mark.parametrize("reading", [0.0005, 0.002, 0.003])
def test_readings_take_a_small_share_of_the_time(reading: float) -> None:
    pacing = Pacing()
    pacing.reading = reading
    found = slices(pacing, 5, 1e-4, reading=reading)
    lengths = [after - before for (before, _), (after, _) in pairwise(found)]
    assert lengths[-1] == pytest.approx(max(SLICE, reading / READING_SHARE) + reading, rel=0.05)


@pytest.mark.parametrize("cost", [1e-6, 1e-4, 1.5e-3])
def test_the_first_reading_is_no_measure_of_the_others(cost: float) -> None:
    pacing = Pacing()
    pacing.reading = 4 * 0.002
    found = slices(pacing, 5, cost, reading=0.002)
    lengths = [after - before for (before, _), (after, _) in pairwise(found)]
    assert lengths[-1] == pytest.approx(0.002 / READING_SHARE + 0.002, rel=0.1)


def test_a_slow_slice_or_reading_now_and_then_is_soon_forgotten() -> None:
    pacing, now, step = Pacing(), 0.0, 0
    lengths = []
    for number in range(200):
        began, taken = now, pacing.steps(now, step)
        step += taken
        now += taken * 1e-4 + (0.05 if number % 40 == 39 else 0)
        pacing.stepped(now)
        now += 0.05 if number % 40 == 19 else 0.0005
        pacing.took(now, step)
        lengths.append(now - began)
    assert max(lengths) < 2 * LONGEST
    assert sorted(lengths)[len(lengths) // 2] == pytest.approx(SLICE, rel=0.05)
    assert sum(length > 1.5 * SLICE for length in lengths) < 40


def test_readings_that_take_long_come_four_times_a_second() -> None:
    pacing = Pacing()
    pacing.reading = 0.03
    found = slices(pacing, 5, 1e-4, reading=0.03)
    lengths = [after - before for (before, _), (after, _) in pairwise(found)]
    assert lengths[-1] == pytest.approx(LONGEST + 0.03, rel=0.05)


@pytest.mark.parametrize("cost", [1e-7, 1e-6, 1e-5])
def test_a_run_that_is_over_at_once_has_a_hundred_points(cost: float) -> None:
    found = slices(Pacing(total=20_000), 20_000 * cost + 100 * 5e-4, cost, reading=5e-4)
    points = [step for _, step in found if step <= 20_000]
    assert 90 <= len(points) <= 115
    assert max(after - before for before, after in pairwise(points)) <= 200


def test_a_long_run_is_soon_read_as_usual() -> None:
    found = slices(Pacing(total=100_000_000), 3, 1e-7)
    lengths = [after - before for (before, _), (after, _) in pairwise(found) if before > 2 * YOUNG]
    assert min(lengths) == pytest.approx(SLICE, rel=0.1)


def test_readings_that_take_for_ever_do_not_keep_a_run_from_getting_on() -> None:
    pacing = Pacing()
    pacing.reading = 1.0
    found = slices(pacing, 30, 1e-4, reading=1.0)
    assert found[-1][1] - found[-2][1] == pytest.approx(LONGEST / 1e-4, rel=0.1)


@pytest.mark.parametrize("rate", [0.5, 3.0, 20.0, 333.0, 40_000.0])
def test_a_pace_is_kept_on_average_and_at_most_20_times_a_second(rate: float) -> None:
    pacing = Pacing()
    pacing.keep(rate, 0.0, 0)
    found = slices(pacing, 20, 1e-6)
    time, step = found[-1]
    assert step == pytest.approx(time * rate, rel=0.01, abs=1)
    apart = [after - before for (before, _), (after, _) in pairwise(found)]
    assert sum(length < SLICE - 1e-9 for length in apart) < 10  # until it is known what a step costs
    if rate < 20:
        assert [step for _, step in found] == list(range(1, len(found) + 1))


def test_a_pace_that_cannot_be_kept_is_full_speed() -> None:
    pacing = Pacing()
    pacing.keep(1e6, 0.0, 0)
    found = slices(pacing, 2, 1e-4)
    assert found[-1][1] == pytest.approx(2 / 1e-4, rel=0.1)


def test_at_most_20_readings_a_second_are_sent() -> None:
    thinning = Thinning()
    sent = [n for n in range(1000) if thinning.lets(n / 1000, 5000, n / 1000)]
    assert sent[0] == 0
    assert 15 <= sum(n >= 1000 * YOUNG for n in sent) <= 17
    assert sum(n < 1000 * YOUNG for n in sent) > 50


@pytest.mark.parametrize(("size", "trained", "fewest", "most"), [
    (5_000, 1.0, 19, 21), (5_000, 1_200.0, 2, 3), (5_000, 80_000.0, 1, 2), (5_000, 0.0, 250, 400),
    (200_000, 0.0, 9, 11), (200_000, 1.0, 9, 11), (5_000_000, 0.0, 1, 1), (200_000, 600.0, 1, 2),
])  # fmt: skip
def test_long_runs_and_large_teams_send_fewer(size: int, trained: float, fewest: int, most: int) -> None:
    thinning = Thinning()
    assert fewest <= sum(thinning.lets(n / 1000, size, trained) for n in range(1000)) <= most


@pytest.mark.parametrize("value", [None, {"seconds": 5}, {"seconds": 0.5}, {"steps_per_second": 2}])
def test_what_is_a_pace(value: object) -> None:
    assert pace.refusal(value) is None


@pytest.mark.parametrize("value", [
    5, "fast", [], {}, {"seconds": 5, "steps_per_second": 2}, {"minutes": 1}, {"seconds": 0}, {"seconds": -1},
    {"seconds": True}, {"seconds": "5"}, {"seconds": 1e9}, {"seconds": float("nan")}, {"steps_per_second": None},
])  # fmt: skip
def test_what_is_no_pace_is_told_why(value: object) -> None:
    assert "pace" in str(pace.refusal(value))


def test_a_pace_is_told_in_steps_a_second() -> None:
    assert steps_per_second(None, 1000) is None
    assert steps_per_second({"seconds": 4}, 1000) == 250
    assert steps_per_second({"steps_per_second": 3}, 1000) == 3
