"""Small pictures of graphs: all of it inside, nothing torn apart."""

import pytest

from app.examples import catalogue
from app.pages._thumbnail import HEIGHT, MARGIN, MOST, WIDTH, thumbnail_of


@pytest.mark.parametrize("id", catalogue())
def test_every_box_of_an_example_lies_inside_and_every_wire_joins_two(id: str) -> None:
    graph = catalogue()[id].graph
    picture = thumbnail_of(graph)
    for box in picture.boxes:
        assert MARGIN - 1e-9 <= box.x <= WIDTH - MARGIN - box.width + 1e-9
        assert MARGIN - 1e-9 <= box.y <= HEIGHT - MARGIN - box.height + 1e-9
    leave = {(box.x + box.width, box.y + box.height / 2) for box in picture.boxes}
    arrive = {(box.x, box.y + box.height / 2) for box in picture.boxes}
    assert all((x, y) in leave and end in arrive for x, y, *rest in picture.lines for end in [tuple(rest)])
    assert (len(picture.boxes), len(picture.lines)) == (len(graph["nodes"]), len(graph["wires"]))


def test_one_node_stands_in_the_middle() -> None:
    (box,) = thumbnail_of(graph_of(1)).boxes
    assert (box.x + box.width / 2, box.y + box.height / 2) == (WIDTH / 2, HEIGHT / 2)


def test_an_unknown_kind_and_a_wire_to_nobody_break_nothing() -> None:
    graph = graph_of(2) | {"wires": [{"source": "0", "target": "nobody"}]}
    picture = thumbnail_of(graph)
    assert [box.family for box in picture.boxes] == ["unknown", "unknown"]
    assert picture.lines == []


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_of_nothing_and_of_too_much_only_the_size_is_told(count: int) -> None:
    picture = thumbnail_of(graph_of(count))
    assert (picture.boxes, picture.lines, picture.nodes) == ((), (), count)


def graph_of(count: int) -> dict[str, object]:
    return {
        "nodes": [{"id": str(at), "kind": "odd", "position": {"x": 300 * at, "y": -70 * at}} for at in range(count)],
        "wires": [],
    }
