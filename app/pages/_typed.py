"""Numbers and dates as people type them: 86,5 and 1.200,50 and 9.99 $ and 14.03.2025.

What can be read in two ways is left as it is, and refused with everything else that is no number.
"""

from __future__ import annotations

import re

BESIDE = re.compile(r"[\s'’%$€£¥]")
WHOLE = r"[+-]?[0-9]{1,3}"
GROUPED = {mark: re.compile(rf"{WHOLE}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in ".,"}
EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")  # a thousand and more, or a number with three decimals
DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def typed(text: str, type: str) -> str:
    """What was typed into a column of this type, as the engine reads it; as it is where that is not sure."""
    if type == "number":
        return _number(text)
    found = DATE.fullmatch(text) if type == "date" else None
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else text


def _number(text: str) -> str:
    bare = BESIDE.sub("", text)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma < 0 and bare.count(".") < 2:
        return bare
    if EITHER.fullmatch(bare):
        return text
    decimal, other = (",", ".") if comma > point else (".", ",")
    whole, _, rest = bare.rpartition(decimal)
    if GROUPED[decimal].fullmatch(bare) and bare.count(decimal) > 1:
        return bare.replace(decimal, "")
    if decimal in whole or (other in whole and not GROUPED[other].fullmatch(whole)):
        return text
    return f"{whole.replace(other, '')}.{rest}"
