"""Which spellings are numbers, and which number each is.

    [sign] [currency] digits [e exponent | k m b bn t] [% | currency]        or the same in brackets, negative

Digits are ASCII, with one decimal mark, and with one kind of mark between full groups of three digits or none.
`1_000`, digits of other scripts, hexadecimal, `inf` and `nan`, numbers too large for a float64, and whole numbers
that a float64 would round are not numbers here: they are named instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from app.intake.cells import misfits, trim, unread

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

BLOCK = 1 << 16  # cells, so that what is made on the way stays small

SPACES = " \u00a0\u2009\u202f"
CURRENCIES = "$€£¥₹"
MAGNITUDES = {"k": "e3", "m": "e6", "b": "e9", "bn": "e9", "t": "e12"}
NEVER = "(?:[0-9]a)"  # a pattern that no number fits
MINUS = "\u2212"  # the typographic minus sign
EXACT = 2**53  # from here on a float64 skips whole numbers


@dataclass(frozen=True)
class Style:
    """The decimal mark, and the marks that may stand between thousands."""

    decimal: str
    thousands: str

    def grouped(self) -> str:
        """Digits in groups, and but for them a sign and a fraction: the common dress, quickly taken off."""
        return rf"^[-+]?{self._groups()}(?:[{self.decimal}][0-9]*)?$"

    def dressed(self) -> str:
        """The whole spelling as a regular expression with named groups, in the syntax that Polars reads."""
        blanks, sign, currency = f"[{SPACES}]*", f"[-+{MINUS}]", f"[{CURRENCIES}]"
        return (
            rf"^(?P<open>\()?(?P<sign>{sign})?{blanks}(?P<before>{currency})?{blanks}(?P<inner>{sign})?"
            rf"(?P<whole>{self._groups()}|[0-9]+)?(?:[{self.decimal}](?P<fraction>[0-9]*))?"
            rf"(?P<exponent>[eE][-+]?[0-9]{{1,4}})?{blanks}(?P<magnitude>(?i:k|m|bn|b|t))?{blanks}"
            rf"(?P<after>%|{currency})?(?P<close>\))?$"
        )

    def _groups(self) -> str:
        marked = "|".join(f"(?:[{mark}][0-9]{{3}})+" for mark in self.thousands)
        return f"(?:[1-9][0-9]{{0,2}}(?:{marked}))" if marked else NEVER


POINT = Style(".", ",'’" + SPACES)
COMMA = Style(",", ".'’" + SPACES)


@dataclass(frozen=True)
class Marks:
    """What stood around the digits of a column: how often, and which."""

    percent: int = 0
    magnitudes: int = 0
    currencies: frozenset[str] = frozenset()
    thousands: str = ""

    def __or__(self, other: Marks) -> Marks:
        return Marks(
            self.percent + other.percent,
            self.magnitudes + other.magnitudes,
            self.currencies | other.currencies,
            self.thousands or other.thousands,
        )


@dataclass(frozen=True)
class Numbers:
    """A float64 for each cell, NaN where there is none; and the odd rows, which say something that is no number."""

    values: Floats
    odd: Rows
    marks: Marks


def read(texts: pl.Series, style: Style) -> Numbers:
    """Read each cell as a number in the given style, a block at a time."""
    values = np.empty(len(texts))
    odd: list[Rows] = []
    marks = Marks()
    for start in range(0, len(texts), BLOCK):
        block = texts.slice(start, BLOCK)
        found, around = _read_block(block, style)
        values[start : start + BLOCK] = found
        odd.append(start + misfits(block, found))
        marks |= around
    return Numbers(values, np.concatenate(odd) if odd else np.empty(0, np.intp), marks)


def _read_block(texts: pl.Series, style: Style) -> tuple[Floats, Marks]:
    values = _plain(texts, style.decimal)
    rest = unread(texts, values)
    if not len(rest):
        return values, Marks()
    left = trim(texts.gather(rest))
    grouped = left.str.contains(style.grouped()).to_numpy()
    dressed = left.str.contains(style.dressed()).to_numpy() & ~grouped
    values[rest[grouped]], some = _grouped(left.filter(grouped), style)
    values[rest[dressed]], others = _dressed(left.filter(dressed), style)
    return values, some | others


def _grouped(texts: pl.Series, style: Style) -> tuple[Floats, Marks]:
    if not len(texts):
        return np.empty(0), Marks()
    mark = texts.head(1).str.extract("([^-+0-9])", 1)[0]
    return _plain(texts.str.replace_all(f"[{style.thousands}]", ""), style.decimal), Marks(thousands=mark)


def _dressed(texts: pl.Series, style: Style) -> tuple[Floats, Marks]:
    if not len(texts):
        return np.empty(0), Marks()
    parts = texts.str.extract_groups(style.dressed()).struct.unnest()
    values = _undressed(parts)
    return values, _marks(parts.filter(~np.isnan(values)))


def _plain(texts: pl.Series, decimal: str) -> Floats:
    """Numbers without any dress, the fast way: what the engine's own cast takes, if finite."""
    if decimal != ".":
        pointless = pl.when(~pl.col("text").str.contains(".", literal=True)).then(pl.col("text"))
        swapped = pointless.str.replace(decimal, ".", literal=True)
        texts = texts.to_frame("text").select(swapped)["text"]
    return _cast(texts)


def _cast(texts: pl.Series) -> Floats:
    values = texts.cast(pl.Float64, strict=False).to_numpy(writable=True)
    values[~np.isfinite(values)] = np.nan
    large = np.flatnonzero(np.abs(values) >= EXACT)
    for row, text in zip(large, texts.gather(large), strict=True):
        whole = text.lstrip("+-").rstrip(".")
        if whole.isdigit() and int(whole) != abs(int(values[row])):
            values[row] = np.nan
    return values


def _undressed(parts: pl.DataFrame) -> Floats:
    """The numbers in the parts of their spelling; NaN where parts exclude each other."""
    part = {name: pl.col(name).fill_null("") for name in parts.columns}
    negative = (part["open"] != "") | (part["sign"] + part["inner"]).is_in(["-", MINUS])
    sign = pl.when(negative).then(pl.lit("-")).otherwise(pl.lit(""))
    whole = part["whole"].str.replace_all("[^0-9]", "")
    power = part["exponent"] + part["magnitude"].str.to_lowercase().replace(MAGNITUDES)
    plain = pl.concat_str(sign, whole, pl.lit("."), part["fraction"], power)
    return _cast(parts.select(pl.when(_agree(part)).then(plain).alias("text"))["text"])


def _agree(part: dict[str, pl.Expr]) -> pl.Expr:
    """Brackets come in pairs and are a sign themselves; there is one sign, one currency and one power of ten."""
    brackets = (part["open"] == "") == (part["close"] == "")
    signs = pl.concat_str(part["open"], part["sign"], part["inner"]).str.len_chars() <= 1
    currencies = (part["before"] == "") | (part["after"] == "")
    powers = (part["magnitude"] == "") | ((part["exponent"] == "") & (part["after"] != "%"))
    return brackets & signs & currencies & powers


def _marks(parts: pl.DataFrame) -> Marks:
    currencies = pl.concat([parts["before"], parts["after"].filter(parts["after"] != "%")]).drop_nulls().unique()
    between = parts["whole"].str.extract("([^0-9])", 1).drop_nulls()
    return Marks(
        percent=int((parts["after"] == "%").sum()),
        magnitudes=parts["magnitude"].count(),
        currencies=frozenset(currencies),
        thousands=between[0] if len(between) else "",
    )
