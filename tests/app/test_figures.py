"""Numbers on pages: as people write them."""

import pytest

from app.figures import figure


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (34, "34"),
        (24500.4, "24,500"),
        (5261.987, "5,262"),
        (0.12345678, "0.12346"),
        (-0.000098336, "-0.000098336"),
        (99999.96, "100,000"),
        (2.5e-9, "2.5e-09"),
        (1.5e15, "1.5e+15"),
    ],
)
def test_a_number_is_written_as_people_write_it(value: float, told: str) -> None:
    assert figure(value) == told


def test_a_part_of_a_sum_shows_its_sign() -> None:
    assert figure(3.8460, signed=True) == "+3.846"
    assert figure(-3.8460, signed=True) == "-3.846"
