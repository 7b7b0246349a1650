"""Group: one row out of many."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fields
from engine.joined import joined
from engine.kind import ONE_TASK, Inputs, Kind
from engine.primitives.reduce import HOW, MEAN, Reduce
from engine.program import Recorder


@dataclass(frozen=True)
class Settings:
    by: str = fields.text(
        "",
        type="group",
        title="Group by",
        help="Rows with the same value in this column are one group; without a column the whole table is one.",
    )
    how: str = fields.choice(MEAN, options=HOW, title="Makes one row by", help="What becomes of a group's rows.")
    answer: str = fields.choice(
        MEAN,
        options=HOW,
        title="A group's target is the",
        help="Of its rows' targets; of names, the commonest where it is not the first or last.",
        advanced=True,
    )


def lower(settings: Settings, inputs: Inputs, record: Recorder) -> int:
    return record.step(Reduce(settings.how), joined(inputs["task"], record))


kind = Kind(
    title="Group",
    family="table",
    help="Makes one row of each group of rows: what comes after it works on groups, one estimate each.",
    feedback="It is handed to each row of the group by its share, or to the one row that was taken.",
    formula="mean of x over the group",
    inputs=ONE_TASK,
    settings=Settings,
    lower=lower,
)
