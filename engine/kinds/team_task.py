"""Task: what the team around is given."""

from __future__ import annotations

from engine.errors import SettingRefused
from engine.kind import Inputs, Kind, NoSettings
from engine.program import Recorder


def lower(settings: NoSettings, inputs: Inputs, record: Recorder) -> int:
    if record.post.given is None:
        raise SettingRefused("it stands for what a team is given, and there is no team around it. Use Columns.")
    return record.post.given


kind = Kind(
    title="Task",
    family="team",
    help="What the team is given: inside, everyone's work begins here.",
    feedback="It leaves the team, for whoever is wired to it outside.",
    formula="x",
    inputs=(),
    lower=lower,
    for_teams=True,
)
