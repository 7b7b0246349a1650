"""One page a module; each offers a `router` and an `entry` that says where it stands in the menu."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Entry:
    """A line of the menu; smaller orders stand first."""

    order: int
    title: str
    path: str
