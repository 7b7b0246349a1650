"""Stacks a program: linear workers that read the same task become one matrix product, their combinator folded in.

The stacked program means the same and works on the same flat vector of parameters; only its primitives are fewer and
larger. Training uses it; whatever is shown is worked out by the program as it was recorded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.layout import Layout, Place, padded, place
from engine.primitives.add import Add
from engine.primitives.affine import Affine
from engine.primitives.extreme import Extreme
from engine.primitives.pick import Pick
from engine.primitives.scale import Scale
from engine.program import TASK, Program, Step, readers
from engine.stacked import HIGHEST, LOWEST, NONE, SUM, Blend, Team


@dataclass(frozen=True)
class Stacked:
    """A program and its stacked form, over one flat vector.

    layout: where the parameters of the program as it was recorded stand; team_layout: those of the stacked one.
    slots: for each kept slot, where it stands in the stacked program.
    """

    program: Program
    layout: Layout
    team_layout: Layout
    slots: dict[int, int]


@dataclass(frozen=True)
class _Crew:
    """Affine steps that read one task and end in one result: a combinator's, or their own."""

    members: tuple[int, ...]
    result: int
    swallowed: tuple[int, ...]
    key: tuple[int, int, str, float, bool]
    outputs: int


@dataclass(frozen=True)
class _View:
    """Where an old slot stands in the new program: some columns of a new slot."""

    slot: int
    first: int
    width: int


def stack(program: Program, kept: Iterable[int]) -> Stacked:
    """The stacked form. `kept`: slots that must have a slot of their own, such as those of estimates."""
    return _Stacker(program, frozenset(kept)).stacked()


class _Stacker:
    def __init__(self, program: Program, kept: frozenset[int]) -> None:
        self.program, self.kept = program, kept
        self.readers = readers(program)
        self.uses = Counter(index for step in program.steps for index in step.parameters)
        self.steps: list[Step] = []
        self.widths = [program.widths[TASK]]
        self.views: dict[int, _View] = {TASK: _View(TASK, 0, program.widths[TASK])}
        self.places: dict[int, Place] = {}
        self.team_places: list[Place] = []
        self.size = 0

    def stacked(self) -> Stacked:
        crews = self._crews()
        swallowed = {index for crew in crews for index in (*crew.members, *crew.swallowed)}
        starts: dict[int, list[_Crew]] = {}
        for group in _by_key(crews):
            starts[min(member for crew in group for member in crew.members)] = group
        for index, step in enumerate(self.program.steps):
            if index in starts:
                self._team(starts[index])
            elif index not in swallowed and index + 1 not in self.views:
                self._copy(index, step)
        slots = {slot: self._whole(slot) for slot in self.kept}
        program = Program(tuple(self.steps), (), tuple(self.widths))
        layout = Layout(tuple(self.places[index] for index in range(len(self.program.parameters))), self.size)
        return Stacked(program, layout, Layout(tuple(self.team_places), self.size), slots)

    # Finding crews

    def _crews(self) -> list[_Crew]:
        found = [crew for index in range(len(self.program.steps)) if (crew := self._crew_under(index))]
        taken = {member for crew in found for member in crew.members}
        alone = [index for index in range(len(self.program.steps)) if index not in taken and self._stackable(index)]
        shared = Counter(self._source(index) for index in alone)
        lone = [
            _Crew((index,), index + 1, (), (self._source(index), 1, NONE, 1.0, False), self._outputs(index))
            for index in alone
            if shared[self._source(index)] > 1
        ]
        return found + lone

    def _crew_under(self, index: int) -> _Crew | None:
        """The crew that this step combines, when it combines nothing but equal affine steps of its own."""
        step = self.program.steps[index]
        if not isinstance(step.primitive, Add | Extreme) or len(set(step.inputs)) < max(2, len(step.inputs)):
            return None
        members = tuple(slot - 1 for slot in step.inputs)
        if not all(
            member >= 0 and self._stackable(member) and self._only_read_by(member + 1, index) for member in members
        ):
            return None
        if len({(self._source(member), self._outputs(member)) for member in members}) > 1:
            return None
        source, outputs = self._source(members[0]), self._outputs(members[0])
        if isinstance(step.primitive, Extreme):
            reduce = HIGHEST if step.primitive.highest else LOWEST
            key = (source, len(members), reduce, 1.0, step.primitive.softens)
            return _Crew(members, index + 1, (index,), key, outputs)
        factor, last = self._scaled(index)
        return _Crew(members, last + 1, tuple({index, last}), (source, len(members), SUM, factor, False), outputs)

    def _scaled(self, index: int) -> tuple[float, int]:
        """The factor of the scale that is all that reads this step, and its index; or 1 and the step itself."""
        following = self.readers[index + 1]
        if len(following) == 1 and index + 1 not in self.kept:
            step = self.program.steps[following[0]]
            if isinstance(step.primitive, Scale):
                return step.primitive.factor, following[0]
        return 1.0, index

    def _stackable(self, index: int) -> bool:
        step = self.program.steps[index]
        unshared = all(self.uses[parameter] == 1 for parameter in step.parameters)
        return isinstance(step.primitive, Affine) and step.primitive.bias and unshared

    def _only_read_by(self, slot: int, index: int) -> bool:
        return list(self.readers[slot]) == [index] and slot not in self.kept

    def _source(self, index: int) -> int:
        return self.program.steps[index].inputs[0]

    def _outputs(self, index: int) -> int:
        return self.program.widths[index + 1]

    # Writing the new program

    def _team(self, crews: Sequence[_Crew]) -> None:
        """One matrix product for all crews of one make; each crew's result is some columns of its result."""
        source, pieces, reduce, factor, softens = crews[0].key
        units = sum(crew.outputs for crew in crews)
        slot = self._whole(source)
        weights = self._take((pieces * units, self.widths[slot]))
        bias = self._take((pieces * units,))
        team = Team(pieces, units, reduce, factor, softens, deaf=slot == TASK)
        result = self._append(team, (slot,), (weights, bias), units, self.program.steps[crews[0].members[0]].node)
        first = 0
        for crew in crews:
            for piece, member in enumerate(crew.members):
                self._place_member(member, self.team_places[weights], self.team_places[bias], piece * units + first)
            self.views[crew.result] = _View(result, first, crew.outputs)
            first += crew.outputs

    def _place_member(self, member: int, weights: Place, bias: Place, row: int) -> None:
        outputs = self._outputs(member)
        own_weights, own_bias = self.program.steps[member].parameters
        shape = (outputs, weights.shape[1])
        self.places[own_weights] = Place(weights.offset + row * weights.stride, shape, weights.stride)
        self.places[own_bias] = Place(bias.offset + row, (outputs,), outputs)

    def _copy(self, index: int, step: Step) -> None:
        if isinstance(step.primitive, Add):
            return self._blend(index, step)
        parameters = tuple(self._keep(parameter) for parameter in step.parameters)
        inputs = tuple(self._whole(slot) for slot in step.inputs)
        result = self._append(step.primitive, inputs, parameters, self.program.widths[index + 1], step.node)
        self.views[index + 1] = _View(result, 0, self.widths[result])
        return None

    def _blend(self, index: int, step: Step) -> None:
        """A sum of columns, wherever they stand, with the scale above it folded in."""
        factor, last = self._scaled(index)
        inputs: list[int] = []
        parts = []
        for slot in step.inputs:
            view = self.views[slot]
            if view.slot not in inputs:
                inputs.append(view.slot)
            parts.append((inputs.index(view.slot), view.first, factor))
        width = self.program.widths[index + 1]
        result = self._append(Blend(width, tuple(parts)), tuple(inputs), (), width, step.node)
        self.views[last + 1] = self.views[index + 1] = _View(result, 0, width)

    def _whole(self, slot: int) -> int:
        """A new slot that holds this old one and nothing else."""
        view = self.views[slot]
        if view.width == self.widths[view.slot]:
            return view.slot
        picked = Pick(tuple(range(view.first, view.first + view.width)))
        result = self._append(picked, (view.slot,), (), view.width, "")
        self.views[slot] = _View(result, 0, view.width)
        return result

    def _append(
        self, primitive: object, inputs: tuple[int, ...], parameters: tuple[int, ...], width: int, node: str
    ) -> int:
        self.steps.append(Step(primitive, inputs, parameters, node))  # type: ignore[arg-type]
        self.widths.append(width)
        return len(self.steps)

    def _take(self, shape: tuple[int, ...]) -> int:
        """Room in the flat vector; the place's number among those of the stacked program."""
        self.team_places.append(place(self.size, shape))
        self.size += padded(self.team_places[-1].size)
        return len(self.team_places) - 1

    def _keep(self, parameter: int) -> int:
        """The place of a parameter that stays as it is; one place however many steps use it."""
        known = self.places.get(parameter)
        if known is not None:
            return self.team_places.index(known)
        number = self._take(self.program.parameters[parameter].shape)
        self.places[parameter] = self.team_places[number]
        return number


def _by_key(crews: Sequence[_Crew]) -> list[list[_Crew]]:
    groups: dict[tuple[int, int, str, float, bool], list[_Crew]] = defaultdict(list)
    for crew in crews:
        groups[crew.key].append(crew)
    return list(groups.values())
