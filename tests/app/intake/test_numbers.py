"""Numbers are read as a second, slow reader reads them, which eats one character after the other."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.intake import numbers
from app.intake.cells import BLANKS
from app.intake.numbers import COMMA, POINT, Style
from tests.app.intake.support import unhurried

POWERS = {"": "", "k": "e3", "m": "e6", "b": "e9", "bn": "e9", "t": "e12"}
SIGNS, CURRENCIES, SPACES = "+-\u2212", "$€£¥₹", " \u00a0\u2009\u202f"
DIGITS = "0123456789"


class SlowReader:
    """Each method eats what it names from the left of the text, or nothing."""

    def __init__(self, text: str, style: Style) -> None:
        self.rest = text.strip(BLANKS)
        self.style = style

    def number(self) -> float | None:
        """The number, or None if the text is none."""
        opened, sign, _, before, _, inner = (self.one(each) for each in ("(", SIGNS, "", CURRENCIES, "", SIGNS))
        whole, fraction = self.whole(), self.fraction()
        exponent, _, magnitude, _, after, closed = (
            *(self.exponent(), self.blanks(), self.magnitude(), self.blanks()),
            *(self.one("%" + CURRENCIES), self.one(")")),
        )
        signs = len(opened + sign + inner)
        one_power = not magnitude or not (exponent or after == "%")
        if self.rest or not (whole + fraction) or len(opened) != len(closed) or signs > 1 or not one_power:
            return None
        if before and after:
            return None
        minus = "-" if opened or (sign + inner) in ("-", "\u2212") else ""
        return self.exact(minus, whole, fraction, exponent or POWERS[magnitude])

    def exact(self, minus: str, whole: str, fraction: str, power: str) -> float | None:
        value = float(f"{minus}{whole or 0}.{fraction or 0}{power}")
        rounded = not fraction and not power and abs(value) >= 2**53 and int(whole) != abs(int(value))
        return None if not math.isfinite(value) or rounded else value

    def one(self, characters: str) -> str:
        if not characters:
            return self.blanks()
        found = self.rest[:1] if self.rest[:1] in tuple(characters) else ""
        self.rest = self.rest[len(found) :]
        return found

    def blanks(self) -> str:
        self.rest = self.rest.lstrip(SPACES)
        return ""

    def digits(self) -> str:
        found = self.rest[: len(self.rest) - len(self.rest.lstrip(DIGITS))]
        self.rest = self.rest[len(found) :]
        return found

    def whole(self) -> str:
        found = self.digits()
        mark = self.rest[:1]
        if not (1 <= len(found) <= 3 and found[0] != "0" and mark and mark in self.style.thousands):
            return found
        while self.rest[:1] == mark and len(self.rest) > 3 and all(digit in DIGITS for digit in self.rest[1:4]):
            found, self.rest = found + self.rest[1:4], self.rest[4:]
        return found

    def fraction(self) -> str:
        return self.digits() if self.one(self.style.decimal) else ""

    def exponent(self) -> str:
        before = self.rest
        found = self.one("eE") and "e" + self.one("+-")
        digits = self.digits() if found else ""
        if 1 <= len(digits) <= 4:
            return found + digits
        self.rest = before
        return ""

    def magnitude(self) -> str:
        found = next((each for each in ("bn", "k", "m", "b", "t") if self.rest.lower().startswith(each)), "")
        self.rest = self.rest[len(found) :]
        return found


def read(texts: list[str], style: Style) -> list[float | None]:
    values = numbers.read(pl.Series(texts, dtype=pl.String), style).values.tolist()
    return [None if math.isnan(value) else value for value in values]


PARTS = ["", "1", "0", "12", "123", "1234", "007", ".", ",", "'", " ", "-", "+", "\u2212", "(", ")", "$", "€", "%"]
SPELLINGS = st.lists(st.sampled_from([*PARTS, "e", "E5", "k", "bn", "M", "\u202f", "_", "x", "١"]), max_size=8).map(
    "".join
)
NEARLY = st.from_regex(
    r"\(?[-+]?[$€]?[0-9]{1,3}([,.' ][0-9]{3}){0,2}([.,][0-9]{0,3})?(e[0-9])?[kmbt]?%?\)?", fullmatch=True
)


@unhurried
@given(
    st.lists(SPELLINGS | NEARLY, min_size=1, max_size=20),
    st.sampled_from([POINT, COMMA, Style(".", ""), Style(",", " ")]),
)
@example(["9007199254740993", "9,007,199,254,740,993", "1e999", "-0", "", "5.", ".5", "$.5", "(1,234.5)"], POINT)
def test_spellings_are_read_as_the_slow_reader_reads_them(texts: list[str], style: Style) -> None:
    assert read(texts, style) == [SlowReader(text, style).number() for text in texts]


@unhurried
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_float_comes_back_to_the_last_bit(value: float) -> None:
    spellings = [repr(value), f"{value:.17e}", repr(value).replace(".", ",")]
    if "e" not in repr(value) and abs(value) >= 2**53:
        return  # spelled as a whole number, only exact ones are numbers
    assert read(spellings[:2], POINT) == [value, value]
    assert read(spellings[2:], COMMA) == [value]


@unhurried
@given(st.text(max_size=10))
def test_what_is_read_is_finite_and_python_agrees_where_it_reads_at_all(text: str) -> None:
    (value,) = read([text], POINT)
    if value is not None:
        assert math.isfinite(value)
        assert value == SlowReader(text, POINT).number()


@pytest.mark.parametrize("text", ["inf", "-Infinity", "nan", "1_000", "0x10", "١٢", "1e999", "1d5", "½", "1 2", "#5"])
def test_what_other_readers_take_for_numbers_is_none(text: str) -> None:
    assert read([text], POINT) == [None]
