"""CSV as other programs write it, and CSV that no program takes for formulas."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cnn_course.errors import BuildError
from cnn_course.spreadsheet import guarded, read_sheet, to_csv

TEXT = "id;name\r\n1;Özdemir\r\n2;Núñez, Ana\r\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (b"sep=;\r\n" + TEXT.encode("utf-8"), "utf-8"),
        (TEXT.replace(";", "\t").encode("utf-16"), "utf-16"),
    ],
)
def test_what_excel_writes_is_read(tmp_path: Path, content: bytes, encoding: str) -> None:
    """Marks, Windows-1252, UTF-16, semicolons, tabs and a first line sep= give the same table."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    sheet = read_sheet(path)
    assert sheet.encoding == encoding
    assert sheet.columns == ["id", "name"]
    assert [row.fields for row in sheet.rows] == [["1", "Özdemir"], ["2", "Núñez, Ana"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["list.csv:1", "a header and rows"]),
        (b"PK\x03\x04rest", ["Excel workbook", "CSV UTF-8"]),
        (b"id,name\n1,A\n2,B,C\n", ["list.csv:3", "a line has 2 fields", "3 fields"]),
        (b'id,name\n1,A\n2,"B\n', ["list.csv:3", "the file is CSV"]),
        (b"id,name\n1,\x00\n", ["text"]),
        (b"id,name\n1,\x81\n", ["UTF-8, UTF-16 or Windows-1252"]),
        (b"a;b,c\n1;2,3\n", ["list.csv:1", "semicolon", "sep="]),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(tmp_path: Path, content: bytes, words: list[str]) -> None:
    """File, line, rule and next step are in the message."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(BuildError) as caught:
        read_sheet(path)
    for word in [*words, "rule:", "next:"]:
        assert word in str(caught.value)


def test_line_numbers_count_lines_of_the_file(tmp_path: Path) -> None:
    """A field with a line break, and empty lines, do not shift the numbers."""
    path = tmp_path / "list.csv"
    path.write_bytes(b'id,name\n1,"A\nB"\n\n2,C\n')
    assert [row.line for row in read_sheet(path).rows] == [2, 5]


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two would count is not guessed."""
    path = tmp_path / "list.csv"
    path.write_text("id,ID\n1,2\n")
    with pytest.raises(BuildError, match="a column is there once"):
        read_sheet(path).position("id")


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1+1", "-x"])
def test_no_text_becomes_a_formula(text: str) -> None:
    """What a spreadsheet would compute begins with an apostrophe in the file."""
    fields = next(csv.reader(io.StringIO(to_csv([[text, "x"]]), newline="")))
    assert fields[0] == f"'{text}"


@pytest.mark.parametrize("text", ["-", "-0.5", "+3", "1,5", "Ada", "a=b", "", "o'neil"])
def test_numbers_and_ordinary_text_stay_as_they_are(text: str) -> None:
    """The guard touches nothing that is harmless."""
    assert guarded(text) == text
