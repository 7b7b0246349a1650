"""Result: what the team around hands on."""

from __future__ import annotations

from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind, NoSettings
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    return joined(inputs["task"], record)


kind = Kind(
    title="Result",
    family="team",
    help="What the team hands on: inside, everyone's work ends here.",
    feedback="It comes into the team here, from whoever the team is wired to outside.",
    formula="x",
    inputs=ONE_TASK,
    lower=lower,
    target_units={"task": "same"},
    results=False,
    for_teams=True,
)
