"""Tables that other programs and people write: CSV read strictly, CSV written so that no field becomes a formula."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_course.errors import BuildError, Problem

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")  # also the wide forms that Excel takes
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?|-")  # and the dash that stands for no grade


@dataclass(frozen=True)
class Row:
    """One line of a table: the line number in the file, and the fields by column."""

    line: int
    fields: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """A table as it lies in a file.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    columns : sequence of str
        The header, surrounding blanks removed.
    rows : sequence of Row
        All other lines that are not empty; every row has as many fields as there are columns.
    encoding, separator : str
        How the file was read.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]
    encoding: str
    separator: str

    def position(self, *names: str) -> int | None:
        """Return where the first of these columns is, upper and lower case alike; None where there is none.

        Raises
        ------
        BuildError
            When a column of that name is there twice.
        """
        lowered = [column.casefold() for column in self.columns]
        for name in names:
            count = lowered.count(name.casefold())
            if count > 1:
                step = "remove one of them"
                raise BuildError(
                    self.name, [Problem(f"{self.name}:1", name, "a column is there once", f"{count} times", step)]
                )
            if count:
                return lowered.index(name.casefold())
        return None


def read_sheet(path: Path) -> Sheet:
    """Return the table in a CSV file as Excel, LibreOffice, Canvas or Moodle write it.

    UTF-8 with and without mark, UTF-16 with mark, and Windows-1252 where the file is no UTF-8; comma, semicolon or tab,
    whichever splits the header into most columns, or what a first line ``sep=;`` says.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    BuildError
        When the file is missing, no text, empty, or has lines of other lengths than its header; nothing is guessed.
    """
    text, encoding = _text(path)
    lines = text.splitlines(keepends=True)
    first, said = 1, ""
    if lines and re.fullmatch(r"\"?sep=(.)\"?\s*", lines[0]):
        said, first = lines[0].strip().strip('"')[-1] if lines[0].strip() != "sep=" else "\t", 2
        text = "".join(lines[1:])
    if not text.strip():
        raise _problem(path, f":{first}", "the file holds a header and rows", "nothing", "export it again")
    separator = said or _separator(path, text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        read, begin = [], first
        for fields in reader:
            if any(field.strip() for field in fields):
                read.append(Row(begin, fields))
            begin = first + reader.line_num
    except csv.Error as error:
        step = "open the file in a text editor and correct the line"
        raise _problem(path, f":{begin}", "the file is CSV", str(error), step) from None
    header, rows = read[0], read[1:]
    wrong = [row for row in rows if len(row.fields) != len(header.fields)]
    if wrong:
        raise BuildError(path.name, [_length(path, row, len(header.fields)) for row in wrong[:10]])
    return Sheet(path.name, [field.strip() for field in header.fields], rows, encoding, separator)


def guarded(field: object) -> object:
    """Return a field that no spreadsheet takes for a formula; numbers and ordinary text come back unchanged.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-0.5"), guarded("Ada"), guarded(-0.5)
    ("'=1+1", '-0.5', 'Ada', -0.5)
    """
    if isinstance(field, str) and _FORMULA.match(field) and not _NUMBER.fullmatch(field):
        return f"'{field}"
    return field


def to_csv(rows: Iterable[Sequence[object]], separator: str = ",") -> str:
    """Return rows as RFC 4180 says, every text field guarded against being taken for a formula."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator, lineterminator="\r\n")
    writer.writerows([guarded(field) for field in row] for row in rows)
    return target.getvalue()


def number(value: float | None) -> str:
    """Write points without the noise of binary fractions; nothing where there are none."""
    return "" if value is None else f"{round(value, 6) + 0.0:.10g}"


def _text(path: Path) -> tuple[str, str]:
    """Return a file's text and the encoding that it is in."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _problem(
            path, "", "the file can be read", error.strerror or str(error), "check the name and the rights"
        ) from None
    if content.startswith(b"PK\x03\x04"):
        step = "in the spreadsheet: Save as, CSV UTF-8"
        raise _problem(path, "", "the file is CSV", "an Excel workbook or a zip", step)
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    for attempt in dict.fromkeys([encoding, *(["cp1252"] if encoding == "utf-8" else [])]):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff"), attempt  # some programs write the mark twice
    raise _problem(path, "", "the file is text: UTF-8, UTF-16 or Windows-1252", "other bytes", "save it as CSV UTF-8")


def _separator(path: Path, text: str) -> str:
    """Return what splits the header into most columns; a draw is refused."""
    counts = {}
    for separator in SEPARATORS:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        counts[separator] = len(header)
    most = max(counts.values())
    best = [separator for separator, count in counts.items() if count == most]
    if most > 1 and len(best) > 1:
        names = " and ".join(SEPARATORS[separator] for separator in best)
        raise _problem(path, ":1", "one separator splits the header", names, "write sep=; or sep=, as first line")
    return best[0]


def _length(path: Path, row: Row, columns: int) -> Problem:
    found, step = f"{len(row.fields)} fields", "put fields that hold the separator into quotes"
    return Problem(f"{path.name}:{row.line}", "", f"a line has {columns} fields, as the header", found, step)


def _problem(path: Path, line: str, rule: str, value: str, step: str) -> BuildError:
    return BuildError(path.name, [Problem(f"{path.name}{line}", "", rule, value, step)])
