"""Which encoding a file has, where it is damaged, and on which physical line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.intake import Limits, Refused
from app.intake.encoding import Encoding, find_encoding
from app.intake.survey import BLOCK, survey


def found(tmp_path: Path, content: bytes, wish: str | None = None) -> Encoding:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return find_encoding(path, Limits(), wish)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("shift", range(4))
def test_a_damaged_line_is_named_by_its_physical_number_across_blocks(tmp_path: Path, end: bytes, shift: int) -> None:
    row = b"1,2" + end
    rows = BLOCK // len(row) + 1000
    content = b"x" * shift + row * rows + b"3,\0" + end
    with pytest.raises(Refused) as refused:
        found(tmp_path, content)
    assert refused.value.line == rows + 1
    assert f"line {rows + 1:,} " in str(found(tmp_path, content.replace(b"\0", b"\xe9")).warning).lower()


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_character_cut_by_a_block_is_whole(tmp_path: Path, cut: int) -> None:
    content = b"a" * (BLOCK - cut) + "€,1\n".encode()
    assert found(tmp_path, content) == Encoding("utf-8")


def test_mostly_good_utf_8_is_damaged_utf_8(tmp_path: Path) -> None:
    encoding = found(tmp_path, "é\né\n".encode() + b"\xff\n")
    assert (encoding.name, encoding.suspect) == ("utf-8", True)
    assert encoding.warning == "Line 3 holds bytes that are not UTF-8; lines with such bytes are rejected."


def test_a_file_that_ends_inside_a_character_is_damaged(tmp_path: Path) -> None:
    assert found(tmp_path, "é\né\né".encode()[:-1]).suspect
    with pytest.raises(Refused, match="damaged"):
        found(tmp_path, "a,b\n1,2\n".encode("utf-16")[:-1])


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_one_byte_more_or_less_in_a_wide_file_is_refused(tmp_path: Path, name: str) -> None:
    content = ("a,b\n" + "1,2\n" * 20).encode(name)
    for at in range(8, len(content), 7):
        for damaged in (content[:at] + content[at + 1 :], content[:at] + b"x" + content[at:]):
            with pytest.raises(Refused):
                found(tmp_path, damaged)


def test_a_few_control_characters_are_looked_for_line_by_line_and_many_are_refused(tmp_path: Path) -> None:
    assert found(tmp_path, b"a,b\n1,\x072\n").suspect
    with pytest.raises(Refused, match="Line 2 holds binary data"):
        found(tmp_path, b"a,b\n\x01\x02\x03\x04\x05\n")


def test_the_longest_line_is_measured_across_blocks(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\r\n" + b"x" * (2 * BLOCK) + b"\r\n1,2\r\n")
    seen = survey(path, "utf-8")
    assert (seen.longest, seen.line) == (2 * BLOCK, 4)
